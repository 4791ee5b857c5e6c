"""Event → sentence in the log, and notice to people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clair_portal.outbox.notices import Notice

SENTENCES = {
    "gatherings.event.planned": _("%(actor)s planned the event “%(title)s”."),
    "gatherings.event.changed": _("%(actor)s changed the event “%(title)s”."),
    "gatherings.event.moved": _("%(actor)s set the event “%(title)s” to “%(state)s”."),
    "gatherings.event.released": _("%(actor)s showed the event “%(title)s” to the public."),
    "gatherings.event.withdrawn": _("%(actor)s took the event “%(title)s” off the public pages."),
    "gatherings.event.in_charge": _("%(actor)s put %(name)s in charge of the event “%(title)s”."),
    "gatherings.programme.changed": _("%(actor)s changed programme, speakers or partners of the event “%(title)s”."),
    "gatherings.questionnaire.changed": _("%(actor)s changed the questionnaire of the event “%(title)s”."),
    "gatherings.questionnaire.sent": _(
        "%(actor)s sent the questionnaire of the event “%(title)s” to those who attended."
    ),
    "gatherings.material.added": _("%(actor)s added the material “%(name)s” to the event “%(title)s”."),
    "gatherings.material.removed": _("%(actor)s removed the material “%(name)s” from the event “%(title)s”."),
    "gatherings.place.kept": _("%(actor)s wrote down the place %(name)s."),
    "gatherings.series.begun": _("%(actor)s began the series “%(title)s”."),
    "gatherings.registration.made": _("%(actor)s registered for the event “%(title)s”."),
    "gatherings.registration.cancelled": _("%(actor)s cancelled a registration for the event “%(title)s”."),
    "gatherings.registration.moved_up": _(
        "A place at the event “%(title)s” became free; whoever waited longest moved up."
    ),
    "gatherings.attendance.noted": _("%(actor)s noted an attendance at the event “%(title)s”."),
    "gatherings.attendance.taken_back": _("%(actor)s took a noted attendance at the event “%(title)s” back."),
}
NOTICES = {
    "gatherings.registration.in": Notice(_("You have a place: %(title)s"), _("You have a place at “%(title)s”.")),
    "gatherings.registration.waiting": Notice(
        _("Waiting list: %(title)s"),
        _("All places at “%(title)s” are taken. You are on the waiting list and are told when you move up."),
    ),
    "gatherings.registration.moved_up": Notice(
        _("A place became free: %(title)s"), _("A place at “%(title)s” became free, and it is yours.")
    ),
    "gatherings.registration.cancelled": Notice(
        _("Registration cancelled: %(title)s"), _("Your registration for “%(title)s” is cancelled.")
    ),
    "gatherings.registration.off": Notice(
        _("Does not take place: %(title)s"), _("“%(title)s” was cancelled and does not take place.")
    ),
}
