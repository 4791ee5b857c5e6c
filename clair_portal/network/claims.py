"""Claims side by side: what several sources say about one fact, and whether they contradict each other."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


@dataclass(frozen=True)
class Fact:
    """One fact and every claim about it. `disputed`: two sources contradict each other for the same time."""

    subject: str
    label: str
    claims: tuple[Claim, ...]

    @property
    def disputed(self) -> bool:
        return any(contradict(one, other) for one, other in itertools.combinations(self.claims, 2))


def side_by_side(claims: Iterable[Claim]) -> list[Fact]:
    """Facts in the order of their claims, disputed ones first."""
    groups: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        groups.setdefault((claim.subject, claim.claim), []).append(claim)
    facts = [Fact(subject, str(LABELS.get(name, name)), tuple(found)) for (subject, name), found in groups.items()]
    return sorted(facts, key=lambda fact: not fact.disputed)


def contradict(one: Claim, other: Claim) -> bool:
    """1988 and 1989 do; 1990 and 1990-10 do not (one is more exact), nor do figures of different times."""
    if one.unknown or other.unknown or one.as_of != other.as_of:
        return False
    return not (one.value.startswith(other.value) or other.value.startswith(one.value))
