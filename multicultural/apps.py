from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MulticulturalConfig(AppConfig):
    name = "multicultural"
    label = "multicultural"
    verbose_name = _("Multiculturalism")

    def ready(self) -> None:
        from clair_portal.accounts import reference
        from clair_portal.network import claims
        from clair_portal.open_data import sets
        from clair_portal.publishing.content import kinds
        from clair_portal.ui.navigation import Item, register
        from multicultural import access, loading, open_data, published, reading, words

        assert access
        claims.declare(words.LABELS)
        published.declare_pages()
        sets.declare(open_data.NATIONALITIES, open_data.PREFECTURES, open_data.MUNICIPALITIES)
        chapter = kinds.ContentKind(reading.GUIDE, _("Living guide"), "guide_chapter", "order", reading.places)
        kinds.register(chapter)
        reference.register("foreign residents", loading.load)
        register(Item(_("Multiculturalism"), "multicultural", order=27, section="public"))
