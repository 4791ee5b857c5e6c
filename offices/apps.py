from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficesConfig(AppConfig):
    name = "offices"
    label = "offices"
    verbose_name = _("Overseas offices")

    def ready(self) -> None:
        from clair_portal.audit import sentences
        from clair_portal.outbox import notices
        from offices import access, notifications, workflow

        assert access
        assert workflow
        sentences.declare(notifications.SENTENCES)
        notices.declare(notifications.NOTICES)
