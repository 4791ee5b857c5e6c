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
    "gatherings.series.changed": _("%(actor)s changed the series “%(title)s”."),
    "gatherings.series.begun": _("%(actor)s began the series “%(title)s”."),
    "gatherings.registration.made": _("%(actor)s registered for the event “%(title)s”."),
    "gatherings.registration.cancelled": _("%(actor)s cancelled a registration for the event “%(title)s”."),
    "gatherings.registration.moved_up": _(
        "A place at the event “%(title)s” became free; whoever waited longest moved up."
    ),
    "gatherings.attendance.noted": _("%(actor)s noted an attendance at the event “%(title)s”."),
    "gatherings.attendance.taken_back": _("%(actor)s took a noted attendance at the event “%(title)s” back."),
    "gatherings.call.planned": _("%(actor)s planned the call for participants “%(title)s”."),
    "gatherings.call.changed": _("%(actor)s changed the call for participants “%(title)s”."),
    "gatherings.call.published": _("%(actor)s published the call for participants “%(title)s”."),
    "gatherings.call.cancelled": _("%(actor)s cancelled the call for participants “%(title)s”."),
    "gatherings.call.in_charge": _("%(actor)s put %(name)s in charge of the call “%(title)s”."),
    "gatherings.application.succeeded": _(
        "The application of %(predecessor)s for “%(title)s” goes on as that of %(successor)s."
    ),
    "gatherings.call.chosen": _("%(actor)s chose among the applications to “%(title)s”; nothing is decided yet."),
    "gatherings.call.decided": _("%(actor)s decided who is selected for “%(title)s”."),
    "gatherings.call.drawn": _("%(actor)s drew the lottery of “%(title)s” with the number %(number)s (%(source)s)."),
    "gatherings.application.sent": _("%(actor)s applied for “%(title)s”, or changed the application."),
    "gatherings.application.withdrawn": _("%(actor)s withdrew the application for “%(title)s”."),
    "gatherings.application.moved_up": _("A place of “%(title)s” became free; the first reserve moved up."),
}
NOTICES = {
    "gatherings.event.yours": Notice(
        _("You are in charge: %(title)s"), _("%(actor)s put you in charge of the event “%(title)s”.")
    ),
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
    "gatherings.registration.moved": Notice(
        _("Another time or place: %(title)s"),
        _("“%(title)s” takes place at another time or place. Before: %(before)s. Now: %(now)s."),
    ),
    "gatherings.application.selected": Notice(
        _("Selected: %(title)s"), _("Your organisation is selected for “%(title)s”.")
    ),
    "gatherings.application.reserve": Notice(
        _("Reserve no. %(number)s: %(title)s"),
        _(
            "Your organisation is reserve no. %(number)s for “%(title)s”. When a selected one withdraws, the first reserve moves "
            "up, and is told."
        ),
    ),
    "gatherings.application.not_selected": Notice(
        _("Not selected: %(title)s"), _("Your organisation is not selected for “%(title)s” this time.")
    ),
    "gatherings.application.moved_up": Notice(
        _("Moved up: %(title)s"),
        _("A place of “%(title)s” became free, and your organisation is selected now."),
    ),
    "gatherings.application.off": Notice(
        _("Call cancelled: %(title)s"), _("The host cancelled the call “%(title)s” that your organisation applied for.")
    ),
    "gatherings.call.applied": Notice(
        _("An application arrived: %(title)s"), _("%(organisation)s applied for “%(title)s”.")
    ),
    "gatherings.call.yours": Notice(
        _("You are in charge: %(title)s"), _("%(actor)s put you in charge of the call “%(title)s”.")
    ),
    "gatherings.call.moved_up": Notice(
        _("A reserve moved up: %(title)s"),
        _("An organisation selected for “%(title)s” withdrew; %(organisation)s moved up from the reserves."),
    ),
}
