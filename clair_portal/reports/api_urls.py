from __future__ import annotations

from django.urls import path

from clair_portal.reports import api

urlpatterns = [
    path("statistics/", api.Statistics.as_view(), name="api_statistics"),
    path("statistics/<str:key>/", api.OneTable.as_view(), name="api_statistics_of"),
]
