"""The public API, under /api/v1/."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from clair_portal.network import api, api_schema  # noqa: F401 - declares how the token appears in the schema

urlpatterns = [
    path("offices/", api.Offices.as_view(), name="api_offices"),
    path("organisations/", api.Organisations.as_view(), name="api_organisations"),
    path("organisations/<slug:code>/", api.OneOrganisation.as_view(), name="api_organisation"),
    path("jurisdictions/", api.Jurisdictions.as_view(), name="api_jurisdictions"),
    path("countries/", api.Countries.as_view(), name="api_countries"),
    path("languages/", api.Languages.as_view(), name="api_languages"),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
]
