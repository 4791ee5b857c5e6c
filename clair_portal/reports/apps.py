from __future__ import annotations

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "clair_portal.reports"
    label = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from clair_portal.outbox import schedule
        from clair_portal.reports import access, documents

        assert access
        schedule.register("reports.old", documents.clear_old, local_time=dt.time(3, 50))
