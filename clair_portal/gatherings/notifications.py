"""Event → sentence in the log, and notice to people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "gatherings.event.planned": _("%(actor)s planned the event “%(title)s”."),
    "gatherings.event.changed": _("%(actor)s changed the event “%(title)s”."),
    "gatherings.event.moved": _("%(actor)s set the event “%(title)s” to “%(state)s”."),
    "gatherings.event.released": _("%(actor)s showed the event “%(title)s” to the public."),
    "gatherings.event.withdrawn": _("%(actor)s took the event “%(title)s” off the public pages."),
    "gatherings.event.in_charge": _("%(actor)s put %(name)s in charge of the event “%(title)s”."),
    "gatherings.place.kept": _("%(actor)s wrote down the place %(name)s."),
    "gatherings.series.begun": _("%(actor)s began the series “%(title)s”."),
}
