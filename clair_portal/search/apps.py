from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "clair_portal.search"
    label = "search"
    verbose_name = _("Public search")

    def ready(self) -> None:
        from clair_portal.outbox import schedule
        from clair_portal.publishing.tree import families
        from clair_portal.search import access, indexing, organisations, records
        from clair_portal.ui.navigation import Item, register

        assert access
        records.register(organisations.SOURCE)
        families.after_publish(indexing.published)
        families.after_removal(indexing.removed)
        schedule.register("search.refresh", indexing.refresh, every=6 * 3600)
        register(
            Item(
                _("Searches without a hit"),
                "searches_without_a_hit",
                "search",
                62,
                "tools",
                right="publications.release",
            )
        )
