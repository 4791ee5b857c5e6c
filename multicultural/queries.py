"""Reads of the pages of foreign residents: few statements, plain rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from clair_portal.language.lookups import holds_every_word
from clair_portal.network.claims import linked
from clair_portal.network.enums import Kind
from clair_portal.network.models import Organisation
from multicultural.models import MunicipalityCount, ResidentCount, Statistic
from multicultural.words import PUBLISHERS, nationality_name

UNKNOWN = "99"  # the prefecture is not known
LAST = ("other",)  # below the others, whatever its size


@dataclass(frozen=True)
class Count:
    as_of: dt.date
    prefecture: str
    nationality: str
    status: str
    number: int


@dataclass(frozen=True)
class Named:
    """A nationality with its number, and its number in each status where those are asked for."""

    code: str
    name: str
    number: int
    by_status: dict[str, int]


def counts(of: Q) -> list[Count]:
    rows = ResidentCount.objects.filter(of).order_by("prefecture", "as_of", "id")
    return [Count(*row) for row in rows.values_list("as_of", "prefecture", "nationality", "status", "number")]


def in_all_of_japan() -> list[Count]:
    """By nationality and status, and the total of each prefecture by year."""
    return counts(Q(prefecture="") | Q(nationality="", status=""))


def newest(found: Iterable[Count]) -> dt.date | None:
    return max((each.as_of for each in found if each.nationality), default=None)


def by_nationality(found: Iterable[Count], prefecture: str = "") -> list[Named]:
    """The largest first, "other" last, all together not among them."""
    numbers: dict[str, dict[str, int]] = {}
    for each in found:
        if each.prefecture == prefecture and each.nationality:
            numbers.setdefault(each.nationality, {})[each.status] = each.number
    rows = [Named(code, nationality_name(code), of.get("", 0), of) for code, of in numbers.items()]
    return sorted(rows, key=lambda row: (row.code in LAST, -row.number, row.code))


def totals(found: Iterable[Count]) -> dict[str, dict[dt.date, int]]:
    """By prefecture ("" for all) and day."""
    by_place: dict[str, dict[dt.date, int]] = {}
    for each in found:
        if not each.nationality and not each.status:
            by_place.setdefault(each.prefecture, {})[each.as_of] = each.number
    return by_place


def statistics() -> dict[str, dict[str, Any]]:
    """What a page says of each statistic: its name, who publishes it, its day and where it was found."""
    return {each.key: _said(each) for each in Statistic.objects.all()}


def _said(each: Statistic) -> dict[str, Any]:
    publisher = PUBLISHERS.get(each.key, each.key)
    return {
        "name": str(each),
        "publisher": publisher,
        "as_of": each.as_of,
        "source": each.source,
        "linked": linked(each.source),
    }


def prefectures() -> dict[str, Organisation]:
    """By the two digits of their codes."""
    found = (
        Organisation.objects.filter(kind=Kind.PREFECTURE)
        .exclude(code=None)
        .order_by("code")
        .only("code", "kind", "name_ja", "name_en")
    )
    return {(each.code or "")[:2]: each for each in found}


def municipalities(prefecture: str) -> QuerySet[MunicipalityCount]:
    found = MunicipalityCount.objects.filter(code__startswith=prefecture)
    return found.select_related("organisation").order_by("code")


def search(text: str) -> QuerySet[MunicipalityCount]:
    """Municipalities by a name in any form; several words must all be in it."""
    return municipalities("").filter(holds_every_word(text, "organisation__search_text"))


def addresses() -> Iterator[dict[str, Any]]:
    """The page of each prefecture."""
    return ({"code": code} for code in prefectures())
