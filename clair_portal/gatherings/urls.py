from __future__ import annotations

from django.urls import path

from clair_portal.gatherings.views import desk, materials, programme, questionnaire, registering

urlpatterns = [
    path("events/", desk.events, name="events"),
    path("events/new/", desk.new_event, name="event_new"),
    path("events/series/new/", desk.new_series, name="event_series_new"),
    path("events/places/", desk.places, name="places"),
    path("events/places/new/", desk.new_place, name="place_new"),
    path("events/places/<int:pk>/", desk.edit_place, name="place_edit"),
    path("events/<uuid:pk>/", desk.event, name="event"),
    path("events/<uuid:pk>/edit/", desk.edit_event, name="event_edit"),
    path("events/<uuid:pk>/move/", desk.move, name="event_move"),
    path("events/<uuid:pk>/release/", desk.release, name="event_release"),
    path("events/<uuid:pk>/programme/<slug:kind>/", programme.add, name="event_part"),
    path("events/<uuid:pk>/programme/<slug:kind>/<int:part_pk>/remove/", programme.remove, name="event_part_remove"),
    path("events/<uuid:pk>/questionnaire/", questionnaire.questionnaire, name="questionnaire"),
    path("events/<uuid:pk>/questionnaire/send/", questionnaire.send, name="questionnaire_send"),
    path("events/<uuid:pk>/questionnaire/<int:question_pk>/remove/", questionnaire.remove, name="question_remove"),
    path("events/<uuid:pk>/materials/new/", materials.add, name="material_new"),
    path("events/<uuid:pk>/materials/<uuid:material_pk>/remove/", materials.remove, name="material_remove"),
    path("events/<uuid:pk>/register/", registering.register, name="event_register"),
    path("events/<uuid:pk>/leave/", registering.leave, name="event_leave"),
    path("events/<uuid:pk>/registrations/", registering.registrations, name="registrations"),
    path(
        "events/<uuid:pk>/registrations/<uuid:registration_pk>/attendance/", registering.attendance, name="attendance"
    ),
    path(
        "events/<uuid:pk>/registrations/<uuid:registration_pk>/cancel/", registering.cancel, name="registration_cancel"
    ),
]
