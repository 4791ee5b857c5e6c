from __future__ import annotations

from django.urls import path

from clair_portal.imports import views

urlpatterns = [
    path("sheets/new/<slug:key>/", views.send, name="sheet_send"),
    path("sheets/<uuid:pk>/", views.sheet, name="sheet"),
    path("sheets/<uuid:pk>/confirm/", views.confirm, name="sheet_confirm"),
    path("sheets/<uuid:pk>/file/", views.original, name="sheet_original"),
]
