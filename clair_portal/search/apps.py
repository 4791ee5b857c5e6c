from __future__ import annotations

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "clair_portal.search"
    label = "search"
    verbose_name = _("Public search")

    def ready(self) -> None:
        from clair_portal.outbox import schedule
        from clair_portal.search import access, indexing, organisations, records

        assert access
        records.register(organisations.SOURCE)
        schedule.register("search.terms", indexing.count_terms_at_night, local_time=dt.time(4, 20))
