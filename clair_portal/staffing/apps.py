from __future__ import annotations

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffingConfig(AppConfig):
    name = "clair_portal.staffing"
    label = "staffing"
    verbose_name = _("Change of staff")

    def ready(self) -> None:
        from clair_portal.accounts.views import directory
        from clair_portal.audit import sentences
        from clair_portal.outbox import notices, schedule
        from clair_portal.staffing import access, inviting, moving, services, telling
        from clair_portal.ui.navigation import Item, register

        assert access
        assert inviting.FOLDER  # workers must know the job as well
        directory.READ_AS["staffing.pack"] = _("Handover")
        notices.declare(telling.NOTICES)
        schedule.register("staffing.changes", moving.run, every=60)
        schedule.register("staffing.drafts", services.sweep_drafts, local_time=dt.time(3, 55))
        register(
            Item(_("Change of staff"), "staff_changes", "swap", 55, "tools", right="organisation.administer"),
            Item(_("Handovers"), "handovers", "book", 56, "tools"),
        )
        sentences.declare(
            {
                "staffing.change.confirmed": _("%(actor)s confirmed a change of staff of %(count)s people"),
                "staffing.change.taken_back": _("%(actor)s took back a change of staff of %(count)s people"),
                "staffing.pack.signed": _("%(name)s signed off the handover"),
                "staffing.pack.reopened": _("%(name)s went on writing the handover"),
            }
        )
