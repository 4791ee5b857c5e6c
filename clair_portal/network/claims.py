"""Claims side by side: what several sources say about one fact, and whether they contradict each other.

A pillar declares the words of its own facts in `ready()`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.language import cldr
from clair_portal.network.models import Claim

# Facts that come with the application; one that somebody adds later is shown as it was written.
LABELS: dict[str, Promise] = {
    "access": _("way there"),
    "alumni association chapters": _("chapters of the alumni association"),
    "began": pgettext_lazy("fact", "began"),
    "budget": _("budget"),
    "chairman": _("chairman"),
    "Citizens' International Plaza": _("Citizens' International Plaza"),
    "contracting organisations": _("contracting organisations"),
    "designated city since": _("designated city since"),
    "domestic branches": _("domestic branches"),
    "established": pgettext_lazy("fact", "established"),
    "fax": _("fax"),
    "former participants": _("former participants"),
    "headquarters address": _("address of headquarters"),
    "languages": _("languages"),
    "languages of the living information": _("languages of the living information"),
    "legal form": _("legal form"),
    "local name": _("local name"),
    "local governments with ties": _("local governments with ties"),
    "local staff": _("local staff"),
    "managers assisted foreign victims of the earthquake in north-western Japan": _("first work of the managers"),
    "managers trained": _("managers trained"),
    "membership": _("membership"),
    "ministries": _("ministries"),
    "networks": _("networks"),
    "number of staff": _("number of staff"),
    "opened": pgettext_lazy("fact", "opened"),
    "overseas offices": _("overseas offices"),
    "participants": pgettext_lazy("JET", "participants"),
    "participants a year": _("participants a year"),
    "participants since it began": _("participants since it began"),
    "participating countries": _("participating countries"),
    "partner countries": _("partner countries"),
    "projects subsidised": _("projects subsidised"),
    "research projects in a year": _("research projects in a year"),
    "research subjects": _("research subjects"),
    "secondment": _("secondment"),
    "seconded staff": _("seconded staff"),
    "sister ties": _("sister and friendship ties"),
    "specialists dispatched": _("specialists dispatched"),
    "supported projects in a year": _("supported projects in a year"),
    "tag line": _("tag line"),
    "telephone": _("telephone"),
    "trainees hosted": _("trainees hosted"),
    "web site": _("website"),
    "what one survey led to": _("what one survey led to"),
}

# A rough number as files write it, and the sentence a page makes of it.
_ROUGH: dict[str, Promise] = {
    "about": _("about %(number)s"), "nearly": _("nearly %(number)s"), "more than": _("more than %(number)s"),
    "over": _("more than %(number)s"),
}  # fmt: skip
_ADDRESS = re.compile(r"(https?://[^\s;,)]+)")
_NUMBER = re.compile(rf"(?:({'|'.join(_ROUGH)}) )?(\d+(?:\.(\d+))?)(%?)")


def declare(labels: Mapping[str, Promise]) -> None:
    """Words for facts of an app further up."""
    LABELS.update(labels)


def label_of(fact: str) -> str:
    return str(LABELS.get(fact, fact))


def written(value: str) -> str | None:
    """5861 -> 5,861; about 1000 -> about 1,000; 10.9% -> 10.9%, as the language of the page writes it. None: words."""
    found = _NUMBER.fullmatch(value)
    if found is None:
        return None
    rough, digits, places, share = found.groups()
    number = cldr.percent(Decimal(digits) / 100, len(places or "")) if share else cldr.number(Decimal(digits))
    return str(_ROUGH[rough] % {"number": number}) if rough else number


# Facts whose values are times, and times that are words in the files.
_TIMED = {
    "began", "designated city since", "established", "opened",
    "managers assisted foreign victims of the earthquake in north-western Japan",
}  # fmt: skip
_TIMES: dict[str, Promise] = {"current page": _("page without a date"), "undated brochure": _("undated brochure")}


def time_written(as_of: str) -> str:
    """2024, December 2017, 1 June 2019, fiscal year 2022: in the language of the page, times as HTML."""
    if fiscal := re.fullmatch(r"FY(\d{4})", as_of):
        return _("fiscal year %(year)s") % {"year": fiscal[1]}
    return cldr.when(as_of) if cldr.is_time(as_of) else str(_TIMES.get(as_of, as_of))


def time_of(claim: Claim) -> str:
    """The value of a fact that is a time, as HTML; "" for every other."""
    return cldr.when(claim.value) if claim.claim in _TIMED and cldr.is_time(claim.value) else ""


def linked(source: str) -> SafeString:
    """The words of a source, its addresses as links that show the host only."""
    parts = _ADDRESS.split(source)
    links = [_link(part) if number % 2 else escape(part) for number, part in enumerate(parts)]
    return mark_safe("".join(links))  # noqa: S308 - each part is escaped


def _link(address: str) -> SafeString:
    host = (urlsplit(address).hostname or address).removeprefix("www.")
    return format_html('<a href="{}" rel="noreferrer">{}</a>', address, host)


@dataclass(frozen=True)
class Fact:
    """One fact and every claim about it. `disputed`: two sources contradict each other for the same time.

    `scope`: what part of the subject it is about, where a page shows several; `ours`: our own number beside it.
    """

    subject: str
    label: str
    claims: tuple[Claim, ...]
    scope: str = ""
    ours: str = ""

    @property
    def rows(self) -> list[tuple[Claim, str | None, str, SafeString]]:
        """Each claim with its number, its time and its source as the page writes them."""
        return [
            (each, time_of(each) or written(each.value), time_written(each.as_of), linked(each.source))
            for each in self.claims
        ]

    @property
    def disputed(self) -> bool:
        return any(contradict(one, other) for one, other in itertools.combinations(self.claims, 2))


def side_by_side(claims: Iterable[Claim]) -> list[Fact]:
    """Facts in the order of their claims, disputed ones first."""
    groups: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        groups.setdefault((claim.subject, claim.claim), []).append(claim)
    facts = [Fact(subject, label_of(name), tuple(found)) for (subject, name), found in groups.items()]
    return sorted(facts, key=lambda fact: not fact.disputed)


def contradict(one: Claim, other: Claim) -> bool:
    """1988 and 1989 do; 1990 and 1990-10 do not (one is more exact), nor do figures of different times."""
    if one.unknown or other.unknown or one.as_of != other.as_of:
        return False
    if one.value.isdecimal() and other.value.isdecimal():
        return one.value != other.value
    return not (one.value.startswith(other.value) or other.value.startswith(one.value))


@dataclass(frozen=True)
class Line:
    """What one source says of one time: a value for each column, empty where it says nothing.

    `disputed`: another source gives another value for the same time.
    """

    as_of: str
    source: str
    values: tuple[str, ...]
    disputed: bool

    @property
    def time(self) -> str:
        return time_written(self.as_of)

    @property
    def linked(self) -> SafeString:
        return linked(self.source)


def lines(claims: Iterable[Claim], columns: Sequence[str]) -> list[Line]:
    """Claims about one subject as a table: a line for each time and source, newest first, a column for each fact."""
    rows: dict[tuple[str, str], dict[str, Claim]] = {}
    for claim in claims:
        if claim.claim in columns:
            rows.setdefault((claim.as_of, claim.source), {})[claim.claim] = claim
    return [
        Line(as_of, source, tuple(row[name].value if name in row else "" for name in columns), _against(row, rows.values()))
        for (as_of, source), row in sorted(rows.items(), reverse=True)
    ]  # fmt: skip


def _against(row: dict[str, Claim], others: Iterable[dict[str, Claim]]) -> bool:
    return any(contradict(row[name], other[name]) for other in others for name in row.keys() & other.keys())
