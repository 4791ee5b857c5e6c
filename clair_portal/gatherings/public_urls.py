"""Pages of released events for everybody."""

from __future__ import annotations

from django.urls import path

from clair_portal.gatherings.views import calls, materials, public, questionnaire, strangers

urlpatterns = [
    path("events/", public.events, name="public_events"),
    path("calls/", calls.public_calls, name="public_calls"),
    path("calls/<uuid:pk>/", calls.public_call, name="public_call"),
    path("events.ics", public.feed, name="events_feed"),
    path("events/<uuid:pk>/", public.event, name="public_event"),
    path("events/materials/<uuid:pk>/", materials.download, name="material"),
    path("events/<uuid:pk>.ics", public.event_file, name="public_event_file"),
    path("forms/events/sent/", strangers.sent, name="registration_sent"),
    path("forms/events/confirm/<slug:token>/", strangers.confirm, name="registration_confirm"),
    path("forms/events/place/<slug:token>/", strangers.seat, name="registration_seat"),
    path("forms/events/answers/<slug:token>/", questionnaire.answer, name="questionnaire_answer"),
    path("forms/events/<uuid:pk>/", strangers.register, name="public_register"),
]
