from __future__ import annotations

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "clair_portal.reports"
    label = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from clair_portal.audit import sentences
        from clair_portal.outbox import schedule
        from clair_portal.reports import access, approval_paper, case_file, case_tables, documents, table_files
        from clair_portal.ui.navigation import Item, register

        assert access
        sentences.declare({case_file.READ: _("%(actor)s downloaded the PDF of the case.")})
        assert approval_paper
        assert case_tables
        assert table_files
        register(Item(_("Statistics"), "statistics", "chart", 10, "tools"))
        schedule.register("reports.old", documents.clear_old, local_time=dt.time(3, 50))
