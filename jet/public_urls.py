from __future__ import annotations

from django.urls import URLPattern, path

from jet import views

urlpatterns: list[URLPattern] = [
    path("jet/", views.programme, name="jet"),
    path("jet/participants.csv", views.participants_file, name="jet_participants"),
]
