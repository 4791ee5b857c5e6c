"""For managers: what is open, overdue and waiting, per office and per person in charge, and what pillars measure beside it.

Every number is counted with the conditions of the list that it opens.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.enums import Holder, Side
from clair_portal.casework.models import Assignment, Case, Referral
from clair_portal.casework.queries import CaseQuerySet, waits_for
from clair_portal.network.models import Organisation
from clair_portal.walls.roles import HEADQUARTERS, OFFICE

Text = Promise | str
OF_CLAIR = (Side.HEADQUARTERS, Side.OFFICE)
NOBODY_IN_CHARGE = "none"
AS_COUNTED = "1"
WHOLE = Coalesce("case__parent", "case")
# What an office has of the cases it works on, and how the overview calls it.
HAS: dict[str, Text] = {"turn": _("Waiting for the office"), "others": _("Waiting for others"), "late": _("Overdue")}


def works_with(has: str, now: dt.datetime) -> Q:
    """The condition on what an office works on."""
    return {"turn": Q(holder=Holder.OFFICE), "others": ~Q(holder=Holder.OFFICE)}.get(has, Q(due_at__lt=now))


@dataclass(frozen=True)
class Amounts:
    """What was measured in a fiscal year: per organisation, and per person there."""

    by_organisation: Mapping[int, Decimal]
    by_person: Mapping[tuple[int, int], Decimal]


@dataclass(frozen=True)
class Measure:
    """Something a pillar counts beside cases (hours of work). `url`: the list behind the amount of an organisation."""

    key: str
    title: Text
    amounts: Callable[[Reader, FiscalYear], Amounts]
    url: Callable[[FiscalYear, int], str]


MEASURES: dict[str, Measure] = {}


def declare(measure: Measure) -> None:
    """Called in ready(). The same key again replaces the earlier measure."""
    MEASURES[measure.key] = measure


@dataclass(frozen=True)
class Number:
    """`url`: the list it opens, "" for none. `late`: something to worry about, when it is not 0."""

    value: int | Decimal
    url: str = ""
    late: bool = False


@dataclass(frozen=True)
class Line:
    """An office or a person, with its numbers in the order of the heads."""

    name: str
    note: str
    numbers: list[Number]


def listed(**chosen: str) -> str:
    """The address of the list of cases with these filters."""
    return f"{reverse('cases')}?{urlencode({key: value for key, value in chosen.items() if value})}"


def counted_list(reader: Reader, **chosen: str) -> str:
    """The same with what the overview counts only; of headquarters that is all of its list."""
    return listed(**chosen, counted="" if reader.scope.role == HEADQUARTERS else AS_COUNTED)


def going_on(reader: Reader) -> CaseQuerySet:
    """Filed cases of the reader's lists that are not finished; an office's own, without those it only reads along."""
    cases = Case.objects.visible_to(reader.scope).listed_for(reader.scope)
    return cases.exclude(holder=Holder.NOBODY).counted_for(reader.scope)


def in_hand(reader: Reader) -> CaseQuerySet:
    """The same as offices have it: of a case in parts each part."""
    return Case.objects.visible_to(reader.scope).in_hand().exclude(filed_at=None)


def _with_parts(reader: Reader) -> CaseQuerySet:
    """The same and the parts of it, for who is in charge of either. An office lists its own parts alone."""
    if reader.scope.role == OFFICE:
        return going_on(reader)
    return Case.objects.visible_to(reader.scope).exclude(holder=Holder.NOBODY).exclude(filed_at=None)


def own_numbers(reader: Reader, now: dt.datetime) -> dict[str, Number]:
    """The reader's organisation as a whole."""
    scope = reader.scope
    in_charge = Assignment.objects.filter(case=OuterRef("pk"), organisation__in=scope.organisations)
    found = (
        going_on(reader).annotate(taken=Exists(in_charge)).aggregate(
            open=Count("pk"), mine=Count("pk", filter=waits_for(scope)), late=Count("pk", filter=Q(due_at__lt=now)),
            nobody=Count("pk", filter=Q(taken=False)),
        )
    )  # fmt: skip
    return {
        "open": Number(found["open"], counted_list(reader, show="open")),
        "mine": Number(found["mine"], counted_list(reader, show="mine")),
        "late": Number(found["late"], counted_list(reader, overdue="1"), late=True),
        "nobody": Number(found["nobody"], counted_list(reader, show="open", charge=NOBODY_IN_CHARGE)),
    }


def office_lines(reader: Reader, now: dt.datetime, years: list[FiscalYear], measured: Any) -> list[Line]:
    """One line an office: open, waiting for it, waiting for others, overdue, then the measures of each year.

    Of a matter of several offices each is counted with its own part.
    """
    offices = Organisation.objects.offices().order_by("code")
    if reader.scope.role == OFFICE:
        offices = offices.filter(pk__in=reader.scope.organisations)
    standing = Referral.objects.visible_to(reader.scope).filter(case__in=in_hand(reader).values("pk")).working()
    counted = standing.order_by().values("office").annotate(
        open=Count("pk"), turn=Count("pk", filter=Q(case__holder=Holder.OFFICE)), late=Count("pk", filter=Q(case__due_at__lt=now))
    )  # fmt: skip
    numbers: dict[int, Mapping[str, Any]] = {row["office"]: row for row in counted}
    return [
        Line(
            str(office),
            "",
            [*_of_office(reader, office, numbers.get(office.pk, {})), *_measured(office.pk, years, measured)],
        )
        for office in offices
    ]


def _of_office(reader: Reader, office: Organisation, row: Mapping[str, Any]) -> list[Number]:
    total, turn, late = (row.get(name, 0) for name in ("open", "turn", "late"))
    lists = _own_lists(reader) if reader.scope.role == OFFICE else _lists_of(office.code or "")
    return [
        Number(total, lists[0]), Number(turn, lists[1]), Number(total - turn, lists[2]), Number(late, lists[3], late=True),
    ]  # fmt: skip


def _own_lists(reader: Reader) -> list[str]:
    """An office lists its own parts."""
    others = [("holder", str(holder)) for holder in (Holder.BRANCH, Holder.HEADQUARTERS)]
    waiting = f"{counted_list(reader, holder=Holder.APPLICANT)}&{urlencode(others)}"
    return [
        counted_list(reader, show="open"), counted_list(reader, holder=Holder.OFFICE), waiting, counted_list(reader, overdue="1"),
    ]  # fmt: skip


def _lists_of(code: str) -> list[str]:
    """Everybody else lists the wholes, by what the office has of them. An office without a code is no filter of lists."""
    if not code:
        return [""] * (1 + len(HAS))
    return [listed(office=code, show="open"), *(listed(has=f"{code}-{what}") for what in HAS)]


def _measured(office: int, years: list[FiscalYear], measured: Mapping[tuple[str, FiscalYear], Amounts]) -> list[Number]:
    return [
        Number(measured[key, year].by_organisation.get(office, Decimal(0)), MEASURES[key].url(year, office))
        for key in MEASURES
        for year in years
    ]


def person_lines(reader: Reader, now: dt.datetime, years: list[FiscalYear], measured: Any) -> list[Line]:
    """People in charge of open cases, of the reader's organisation; for headquarters those of the offices too."""
    held = Assignment.objects.visible_to(reader.scope).filter(case__in=_with_parts(reader).values("pk"))
    own = Q(side__in=OF_CLAIR) if reader.scope.role == HEADQUARTERS else Q(organisation__in=reader.scope.organisations)
    counted = held.filter(own).order_by().values("posting").annotate(
        open=Count(WHOLE, distinct=True), turn=Count(WHOLE, distinct=True, filter=Q(case__holder=F("side"))),
        late=Count(WHOLE, distinct=True, filter=Q(case__due_at__lt=now)),
    )  # fmt: skip
    numbers: dict[int, Mapping[str, Any]] = {row["posting"]: row for row in counted}
    postings = Posting.objects.visible_to(reader.scope).filter(pk__in=numbers).select_related("person", "organisation")
    return [
        Line(str(posting.person), str(posting.organisation), [
            *_of_person(reader, posting, numbers[posting.pk]),
            *(Number(measured[key, year].by_person.get((posting.organisation_id, posting.person_id), Decimal(0)))
              for key in MEASURES for year in years),
        ])
        for posting in postings.order_by("organisation__kind", "organisation__code", "person__kana", "pk")
    ]  # fmt: skip


def _of_person(reader: Reader, posting: Posting, row: Mapping[str, Any]) -> list[Number]:
    charge, own = str(posting.pk), reader.scope.role == OFFICE  # an office lists its own parts
    late_list = counted_list(reader, overdue="1", charge=charge) if own else listed(late_of=charge)
    return [
        Number(row["open"], counted_list(reader, show="open", charge=charge)), Number(row["turn"]),
        Number(row["late"], late_list, late=True),
    ]  # fmt: skip


def measured_in(reader: Reader, years: list[FiscalYear]) -> dict[tuple[str, FiscalYear], Amounts]:
    return {(key, year): measure.amounts(reader, year) for key, measure in MEASURES.items() for year in years}
