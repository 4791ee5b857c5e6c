"""Pages of released events for everybody."""

from __future__ import annotations

from django.urls import path

from clair_portal.gatherings.views import public

urlpatterns = [
    path("events/", public.events, name="public_events"),
    path("events.ics", public.feed, name="events_feed"),
    path("events/<uuid:pk>/", public.event, name="public_event"),
    path("events/<uuid:pk>.ics", public.event_file, name="public_event_file"),
]
