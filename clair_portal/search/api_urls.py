from __future__ import annotations

from django.urls import URLPattern, path

from clair_portal.search import api

urlpatterns: list[URLPattern] = [path("search/", api.Search.as_view(), name="api_search")]
