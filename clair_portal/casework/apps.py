from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    name = "clair_portal.casework"
    label = "casework"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from clair_portal.accounts import handover
        from clair_portal.audit import sentences
        from clair_portal.casework import access, services, succession
        from clair_portal.network import moving
        from clair_portal.outbox import notices

        moving.register("casework.cases", succession.move_cases, label=_("Open cases"))
        handover.register("casework.cases", services.hand_over_cases, label=_("Open cases"))
        assert access
        sentences.declare(
            {
                "casework.case.drafted": _("%(actor)s began a draft: %(title)s"),
                "casework.case.taken_on": _("%(actor)s took charge of the case."),
                "casework.case.handed_over": _("%(actor)s handed the case over to %(successor)s."),
                "casework.case.succeeded": _(
                    "%(actor)s moved the case from %(predecessor)s to its successor %(successor)s."
                ),
                "casework.note.written": _("%(actor)s wrote a message."),
                "casework.file.added": _("%(actor)s added the paper %(name)s."),
                "casework.file.read": _("%(actor)s downloaded the paper %(name)s."),
            }
        )
        notices.declare(
            {
                "casework.note.written": notices.Notice(
                    _("Message on %(number)s: %(title)s"), _("%(actor)s wrote:\n\n%(body)s")
                )
            }
        )
