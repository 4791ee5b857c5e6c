from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class CalendarsConfig(AppConfig):
    name = "clair_portal.calendars"
    label = "calendars"

    def ready(self) -> None:
        from clair_portal.calendars import eras, models

        for signal in (post_save, post_delete):
            signal.connect(eras.forget_eras, sender=models.Era, dispatch_uid="calendars.forget_eras")
