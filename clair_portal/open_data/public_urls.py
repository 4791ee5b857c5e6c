"""For people, under /<language>/."""

from __future__ import annotations

from django.urls import URLPattern, path

from clair_portal.open_data import views

urlpatterns: list[URLPattern] = [
    path("open-data/", views.open_data, name="open_data"),
    path("open-data/<slug:key>/", views.data_set, name="open_data_set"),
]
