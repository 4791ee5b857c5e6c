from __future__ import annotations

from django.urls import URLPattern, path

from exchange import landing, views

urlpatterns: list[URLPattern] = [
    path("exchange/", landing.landing, name="exchange"),
    path("exchange/prefectures.csv", landing.prefectures_file, name="ties_by_prefecture"),
    path("ties/", views.ties, name="ties"),
    path("ties/ties.csv", views.ties_file, name="ties_file"),
]
