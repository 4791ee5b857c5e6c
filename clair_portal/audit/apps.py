from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "clair_portal.audit"
    label = "audit"
    verbose_name = _("Log")

    def ready(self) -> None:
        from clair_portal.audit import access, sentences  # noqa: F401

        sentences.declare(
            {
                "audit.emergency_reading.opened": _(
                    "%(actor)s opened internal papers in an emergency. Reason: %(reason)s"
                )
            }
        )
