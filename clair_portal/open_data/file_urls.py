"""For programs, without a language. The endings are those of the files as they are published."""

from __future__ import annotations

from django.urls import URLPattern, path

from clair_portal.open_data import views

urlpatterns: list[URLPattern] = [
    path("index.json", views.catalogue, name="open_data_catalogue"),
    path("<slug:key>.csv", views.data_csv, name="open_data_csv"),
    path("<slug:key>.json", views.data_json, name="open_data_json"),
    path("<slug:key>.schema.json", views.data_schema, name="open_data_schema"),
]
