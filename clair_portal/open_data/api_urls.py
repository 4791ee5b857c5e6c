from __future__ import annotations

from django.urls import URLPattern, path

from clair_portal.open_data import api

urlpatterns: list[URLPattern] = [path("open-data/<slug:key>/", api.Rows.as_view(), name="api_open_data")]
