from __future__ import annotations

from django.urls import path

from offices import api

urlpatterns = [
    path("requests/", api.Requests.as_view(), name="api_requests"),
    path("requests/<int:pk>/", api.OneRequest.as_view(), name="api_request"),
    path("requests/<int:pk>/transitions/", api.Transitions.as_view(), name="api_request_transitions"),
    path("requests/<int:pk>/messages/", api.Messages.as_view(), name="api_request_messages"),
    path("requests/<int:pk>/documents/", api.Documents.as_view(), name="api_request_documents"),
    path("requests/<int:pk>/documents/<uuid:document>/", api.OneDocument.as_view(), name="api_request_document"),
    path("requests/<int:pk>/timeline/", api.Timeline.as_view(), name="api_request_timeline"),
]
