from __future__ import annotations

from django.urls import URLPattern, path

from clair_portal.search import views

urlpatterns: list[URLPattern] = [path("public-search/", views.misses_page, name="searches_without_a_hit")]
