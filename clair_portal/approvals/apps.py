from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ApprovalsConfig(AppConfig):
    name = "clair_portal.approvals"
    label = "approvals"
    verbose_name = pgettext_lazy("decision", "Approvals")

    def ready(self) -> None:
        from clair_portal.accounts import handover
        from clair_portal.approvals import access, notifications, succession, voiding
        from clair_portal.audit import sentences
        from clair_portal.outbox import notices, schedule
        from clair_portal.ui.navigation import Item, register

        assert access
        right = "approvals.take_part"
        register(Item(pgettext_lazy("decision", "Approvals"), "approvals", "ok", 55, section="tools", right=right))
        handover.register("approvals.steps", succession.hand_over, label=_("Stamps asked for"))
        schedule.register("approvals.touched", voiding.look_at_touched, every=60)
        sentences.declare(notifications.SENTENCES)
        notices.declare(notifications.NOTICES)
