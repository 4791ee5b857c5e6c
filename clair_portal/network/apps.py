from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    name = "clair_portal.network"
    label = "network"
    verbose_name = _("Network")

    def ready(self) -> None:
        from clair_portal.audit import sentences
        from clair_portal.language import readings
        from clair_portal.network import access  # noqa: F401
        from clair_portal.network.place_names import places
        from clair_portal.network.sentences import SENTENCES

        sentences.declare(SENTENCES)
        readings.declare(places)
