from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpenDataConfig(AppConfig):
    name = "clair_portal.open_data"
    label = "open_data"
    verbose_name = _("Open data")

    def ready(self) -> None:
        from clair_portal.open_data import access, editions, network_sets
        from clair_portal.outbox import schedule
        from clair_portal.ui.navigation import Item, register

        assert access
        network_sets.declare_all()
        schedule.register("open_data.editions", editions.note, every=300)
        register(Item(_("Open data"), "open_data", order=30, section="foot"))
