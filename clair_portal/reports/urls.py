from __future__ import annotations

from django.urls import path

from clair_portal.reports import views

urlpatterns = [
    path("reports/<uuid:pk>/file/", views.report_file, name="report_file"),
]
