from __future__ import annotations

from django.urls import URLPattern, path

from exchange import views

urlpatterns: list[URLPattern] = [
    path("ties/", views.ties, name="ties"),
    path("ties/ties.csv", views.ties_file, name="ties_file"),
]
