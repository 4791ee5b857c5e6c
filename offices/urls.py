from __future__ import annotations

from django.urls import path

from offices import views

urlpatterns = [
    path("support/new/", views.new_request, name="support_new"),
    path("support/<int:pk>/edit/", views.edit_request, name="support_edit"),
]
