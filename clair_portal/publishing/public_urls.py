from __future__ import annotations

from django.urls import path

from clair_portal.publishing.content import public

urlpatterns = [
    path("releases/", public.releases, name="releases"),
    path("releases/<slug:slug>/", public.release, name="release"),
]
