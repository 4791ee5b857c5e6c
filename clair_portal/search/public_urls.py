from __future__ import annotations

from django.urls import URLPattern, path

from clair_portal.search import views

urlpatterns: list[URLPattern] = [path("search/", views.search_page, name="public_search")]
