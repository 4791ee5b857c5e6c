from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "exchange"
    label = "exchange"
    verbose_name = _("International exchange")

    def ready(self) -> None:
        from clair_portal.accounts import reference
        from clair_portal.network import claims
        from clair_portal.open_data import sets
        from clair_portal.publishing.tree.families import Family, declare
        from clair_portal.search import records
        from clair_portal.ui.navigation import Item, register
        from exchange import access, loading, open_data, search_records, words

        assert access
        claims.declare(words.LABELS)
        of_ties = ("exchange_tie", "network_organisation", "network_country", "network_claim")
        counted = ("exchange_tie", "network_organisation")
        declare(
            Family("exchange", reads=(*counted, "network_claim")),
            Family("ties_by_prefecture", reads=counted),
            Family("ties", reads=of_ties),
            Family("ties_file", reads=of_ties),
        )
        records.register(search_records.SOURCE)
        sets.declare(open_data.TIES)
        reference.register("sister and friendship ties", loading.load)
        register(Item(_("International exchange"), "exchange", order=26, section="public"))
