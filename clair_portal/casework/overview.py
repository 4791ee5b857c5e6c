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
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.enums import Holder, Side
from clair_portal.casework.models import Assignment, Case, Referral
from clair_portal.casework.queries import CaseQuerySet
from clair_portal.network.models import Organisation
from clair_portal.walls.roles import HEADQUARTERS, OFFICE

Text = Promise | str
OF_CLAIR = (Side.HEADQUARTERS, Side.OFFICE)
NOBODY_IN_CHARGE = "none"


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


def going_on(reader: Reader) -> CaseQuerySet:
    """Filed cases of the reader's lists that are not finished."""
    cases = Case.objects.visible_to(reader.scope).listed_for(reader.scope)
    return cases.exclude(holder=Holder.NOBODY).exclude(filed_at=None)


def own_numbers(reader: Reader, now: dt.datetime) -> dict[str, Number]:
    """The reader's organisation as a whole."""
    scope = reader.scope
    mine = Q(holder=Holder.HEADQUARTERS) if scope.role == HEADQUARTERS else Q(holding__in=scope.organisations)
    in_charge = Assignment.objects.filter(case=OuterRef("pk"), organisation__in=scope.organisations)
    found = (
        going_on(reader).annotate(taken=Exists(in_charge)).aggregate(
            open=Count("pk"), mine=Count("pk", filter=mine), late=Count("pk", filter=Q(due_at__lt=now)),
            nobody=Count("pk", filter=Q(taken=False)),
        )
    )  # fmt: skip
    return {
        "open": Number(found["open"], listed(show="open")),
        "mine": Number(found["mine"], listed(show="mine")),
        "late": Number(found["late"], listed(overdue="1"), late=True),
        "nobody": Number(found["nobody"], listed(show="open", charge=NOBODY_IN_CHARGE)),
    }


def office_lines(reader: Reader, now: dt.datetime, years: list[FiscalYear], measured: Any) -> list[Line]:
    """One line an office: open, waiting for it, waiting for others, overdue, then the measures of each year."""
    offices = Organisation.objects.offices().order_by("code")
    if reader.scope.role == OFFICE:
        offices = offices.filter(pk__in=reader.scope.organisations)
    standing = Referral.objects.visible_to(reader.scope).filter(case__in=going_on(reader).values("pk")).working()
    at_office = Q(case__holder=Holder.OFFICE)
    counted = standing.order_by().values("office").annotate(
        open=Count("pk"), turn=Count("pk", filter=at_office), late=Count("pk", filter=Q(case__due_at__lt=now))
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
    code = "" if reader.scope.role == OFFICE else office.code or ""  # an office's list is its own
    total, turn, late = (row.get(name, 0) for name in ("open", "turn", "late"))
    others = [str(holder) for holder in (Holder.APPLICANT, Holder.BRANCH, Holder.HEADQUARTERS)]
    waiting = listed(office=code) + ("&" if code else "") + urlencode([("holder", holder) for holder in others])
    return [
        Number(total, listed(office=code, show="open")), Number(turn, listed(office=code, holder=Holder.OFFICE)),
        Number(total - turn, waiting), Number(late, listed(office=code, overdue="1"), late=True),
    ]  # fmt: skip


def _measured(office: int, years: list[FiscalYear], measured: Mapping[tuple[str, FiscalYear], Amounts]) -> list[Number]:
    return [
        Number(measured[key, year].by_organisation.get(office, Decimal(0)), MEASURES[key].url(year, office))
        for key in MEASURES
        for year in years
    ]


def person_lines(reader: Reader, now: dt.datetime, years: list[FiscalYear], measured: Any) -> list[Line]:
    """People in charge of open cases, of the reader's organisation; for headquarters those of the offices too."""
    held = Assignment.objects.visible_to(reader.scope).filter(case__in=going_on(reader).values("pk"))
    own = Q(side__in=OF_CLAIR) if reader.scope.role == HEADQUARTERS else Q(organisation__in=reader.scope.organisations)
    counted = held.filter(own).order_by().values("posting").annotate(
        open=Count("case", distinct=True), turn=Count("case", distinct=True, filter=Q(case__holder=F("side"))),
        late=Count("case", distinct=True, filter=Q(case__due_at__lt=now)),
    )  # fmt: skip
    numbers: dict[int, Mapping[str, Any]] = {row["posting"]: row for row in counted}
    postings = Posting.objects.visible_to(reader.scope).filter(pk__in=numbers).select_related("person", "organisation")
    return [
        Line(str(posting.person), str(posting.organisation), [
            *_of_person(posting, numbers[posting.pk]),
            *(Number(measured[key, year].by_person.get((posting.organisation_id, posting.person_id), Decimal(0)))
              for key in MEASURES for year in years),
        ])
        for posting in postings.order_by("organisation__kind", "organisation__code", "person__kana", "pk")
    ]  # fmt: skip


def _of_person(posting: Posting, row: Mapping[str, Any]) -> list[Number]:
    charge = str(posting.pk)
    return [
        Number(row["open"], listed(show="open", charge=charge)), Number(row["turn"]),
        Number(row["late"], listed(overdue="1", charge=charge), late=True),
    ]  # fmt: skip


def measured_in(reader: Reader, years: list[FiscalYear]) -> dict[tuple[str, FiscalYear], Amounts]:
    return {(key, year): measure.amounts(reader, year) for key, measure in MEASURES.items() for year in years}
