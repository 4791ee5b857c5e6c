from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "clair_portal.imports"
    label = "imports"
    verbose_name = _("Changed sheets")

    def ready(self) -> None:
        from clair_portal.audit import sentences
        from clair_portal.casework import list_file
        from clair_portal.imports import access, cases, export, services, tasks
        from clair_portal.outbox import schedule
        from clair_portal.sheets.writing import XLSX_TYPE

        assert access
        assert cases.EDITABLE_CASES
        assert tasks.EDITABLE_TASKS
        list_file.FORMATS["edit"] = list_file.Format(
            _("Excel for changing many at once"), "xlsx", XLSX_TYPE, write=export.write, offered=export.offered,
            back=export.back,
        )  # fmt: skip
        schedule.register("imports.sweep", services.sweep, every=3600)
        sentences.declare(
            {"imports.row.changed": _("%(actor)s changed %(columns)s by the file %(file)s, row %(row)s.")}
        )
