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
        from clair_portal.open_data import sets
        from clair_portal.outbox import schedule
        from clair_portal.reports import (
            access,
            approval_paper,
            case_file,
            case_tables,
            documents,
            open_data,
            snapshot_approval,
            table_files,
        )
        from clair_portal.ui.navigation import Item, register

        assert access
        sentences.declare(
            {
                case_file.READ: _("%(actor)s downloaded the PDF of the case."),
                "reports.snapshot.frozen": _(
                    "%(actor)s counted fiscal year %(year)s for good: edition %(edition)s, SHA-256 %(sha256)s."
                ),
                "reports.snapshot.published": _(
                    "%(actor)s published the count of fiscal year %(year)s, edition %(edition)s."
                ),
            }
        )
        assert snapshot_approval
        assert approval_paper
        assert case_tables
        assert table_files
        sets.declare(open_data.COUNTS)
        register(Item(_("Statistics"), "statistics", "chart", 10, "tools"))
        schedule.register("reports.old", documents.clear_old, local_time=dt.time(3, 50))
