from __future__ import annotations

from django.urls import path

from clair_portal.gatherings.views import (
    applying,
    call_desk,
    calls,
    desk,
    keeping,
    materials,
    programme,
    questionnaire,
    registering,
)

urlpatterns = [
    path("calls/", calls.calls, name="calls"),
    path("calls/new/", call_desk.new_call, name="call_new"),
    path("calls/<uuid:pk>/", calls.call, name="call"),
    path("calls/<uuid:pk>/edit/", call_desk.edit_call, name="call_edit"),
    path("calls/<uuid:pk>/charge/", call_desk.charge, name="call_charge"),
    path("calls/<uuid:pk>/publish/", call_desk.publish, name="call_publish"),
    path("calls/<uuid:pk>/cancel/", call_desk.cancel, name="call_cancel"),
    path("calls/<uuid:pk>/applications/", call_desk.applications, name="call_applications"),
    path("calls/<uuid:pk>/applications.<slug:kind>", call_desk.applications_file, name="call_applications_file"),
    path("calls/<uuid:pk>/draw/", call_desk.draw, name="call_draw"),
    path("calls/<uuid:pk>/choose/", call_desk.choose, name="call_choose"),
    path("calls/<uuid:pk>/decide/", call_desk.decide, name="call_decide"),
    path("calls/<uuid:pk>/apply/", applying.apply, name="call_apply"),
    path("calls/<uuid:pk>/withdraw/", applying.withdraw, name="call_withdraw"),
    path("events/", desk.events, name="events"),
    path("events/new/", desk.new_event, name="event_new"),
    path("events/series/", keeping.series, name="event_series"),
    path("events/series/new/", keeping.new_series, name="event_series_new"),
    path("events/series/<int:pk>/", keeping.edit_series, name="event_series_edit"),
    path("events/places/", desk.places, name="places"),
    path("events/places/new/", desk.new_place, name="place_new"),
    path("events/places/<int:pk>/", desk.edit_place, name="place_edit"),
    path("events/<uuid:pk>/", desk.event, name="event"),
    path("events/<uuid:pk>/edit/", desk.edit_event, name="event_edit"),
    path("events/<uuid:pk>/charge/", keeping.charge, name="event_charge"),
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
    path("events/<uuid:pk>/registrations.<slug:kind>", registering.registrations_file, name="registrations_file"),
    path(
        "events/<uuid:pk>/registrations/<uuid:registration_pk>/attendance/", registering.attendance, name="attendance"
    ),
    path(
        "events/<uuid:pk>/registrations/<uuid:registration_pk>/cancel/", registering.cancel, name="registration_cancel"
    ),
]
