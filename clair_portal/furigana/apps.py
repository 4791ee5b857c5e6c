from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FuriganaConfig(AppConfig):
    name = "clair_portal.furigana"
    label = "furigana"
    verbose_name = _("Readings")

    def ready(self) -> None:
        from clair_portal.accounts import along
        from clair_portal.audit import sentences
        from clair_portal.furigana import access, checks, queries, services
        from clair_portal.publishing.tree import families
        from clair_portal.ui.navigation import Item, register

        assert access, checks
        along.ask(queries.TOLD, "text", queries.SELECT, queries.wanted)
        families.also(("ja", "ja-simple"), "furigana_reading")
        register(Item(_("Readings"), "readings", "speech", 62, section="tools", right=services.RIGHT))
        sentences.declare(
            {
                "furigana.reading.set": _("%(actor)s had “%(text)s” read as %(reading)s. Source: %(source)s"),
                "furigana.reading.removed": _("%(actor)s took back that “%(text)s” is read as %(reading)s."),
            }
        )
