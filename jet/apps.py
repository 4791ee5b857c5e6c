from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JetConfig(AppConfig):
    name = "jet"
    label = "jet"
    verbose_name = _("JET Programme")

    def ready(self) -> None:
        from clair_portal.accounts import reference
        from clair_portal.network import claims
        from clair_portal.open_data import sets
        from clair_portal.publishing.tree.families import Family, declare
        from clair_portal.ui.navigation import Item, register
        from jet import access, loading, open_data, words

        assert access
        declare(
            Family("jet", reads=("jet_yearlytotal", "network_claim", "network_organisation")),
            Family("jet_participants", reads=("jet_yearlytotal",)),
        )
        claims.declare(words.LABELS)
        sets.declare(open_data.PARTICIPANTS)
        reference.register("JET Programme", loading.load)
        register(Item(_("JET Programme"), "jet", order=25, section="public"))
