"""The public pages of this app, as files (publishing/tree)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clair_portal.publishing.tree.families import Family, declare
from multicultural import queries, reading

_COUNTS = ("multicultural_statistic", "multicultural_residentcount")
_TEXTS = "publishing_publishedtext"
_PLACES = ("multicultural_statistic", "multicultural_municipalitycount", "network_organisation")


def chapters() -> Iterator[dict[str, Any]]:
    return ({"order": order} for order in reading.chapters())


def declare_pages() -> None:
    declare(
        Family("multicultural", reads=(*_COUNTS, "network_claim")),
        Family("residents", reads=(*_COUNTS, "network_organisation")),
        Family("residents_nationalities", reads=_COUNTS),
        Family("residents_prefectures", reads=(*_COUNTS, "network_organisation")),
        Family("residents_municipalities", reads=_PLACES),
        Family("residents_prefecture", queries.addresses, (*_COUNTS, *_PLACES)),
        Family("residents_prefecture_nationalities", queries.addresses, (*_COUNTS, "network_organisation")),
        Family("residents_prefecture_municipalities", queries.addresses, _PLACES),
        Family("guide", reads=(_TEXTS,)),
        Family("guide_chapter", chapters, ("network_claim", f"{_TEXTS}:{reading.GUIDE}:{{order}}")),
        Family("service_languages"),
    )
