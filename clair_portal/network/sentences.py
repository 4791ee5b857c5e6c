"""What changes to the network read like in the log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "network.organisation.added": _("%(actor)s added %(name)s to the directory."),
    "network.organisation.changed": _("%(actor)s changed %(name)s: %(fields)s."),
    "network.succession.declared": _("%(actor)s recorded: on %(on)s %(successor)s succeeded %(predecessor)s."),
    "network.succession.work_moved": _(
        "%(actor)s moved the open work of %(predecessor)s to %(successor)s: %(count)s items."
    ),
    "network.jurisdiction.added": _(
        "%(actor)s recorded: %(office)s is responsible for %(country)s from %(starts_on)s."
    ),
    "network.jurisdiction.ended": _(
        "%(actor)s recorded: %(office)s was responsible for %(country)s until %(ends_on)s."
    ),
    "network.holiday.added": _("%(actor)s entered %(date)s (%(name)s) in the calendar %(calendar)s."),
    "network.holiday.cancelled": _("%(actor)s made %(date)s (%(name)s) a working day in the calendar %(calendar)s."),
    "network.holiday.restored": _("%(actor)s made %(date)s (%(name)s) a day off again in the calendar %(calendar)s."),
    "network.holiday.removed": _("%(actor)s took %(date)s (%(name)s) out of the calendar %(calendar)s."),
}
