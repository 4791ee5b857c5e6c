"""The brief of an organisation: what was done for it, on one page and one PDF. Pillars add sections of their own.

A reader finds the cases a posting opens: headquarters all, an office its own part, the organisation and its branch theirs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Assignment, Case, Referral
from clair_portal.casework.overview import listed
from clair_portal.casework.presentation import rows_of
from clair_portal.casework.queries import CaseQuerySet
from clair_portal.language.words import page_language
from clair_portal.network.models import Organisation
from clair_portal.reports import blocks, layout, pdf
from clair_portal.walls.roles import MEMBER, OFFICE

Text = Promise | str
YEARS, OPEN, PEOPLE = 6, 12, 10


@dataclass(frozen=True)
class Cell:
    """`url`: what it opens on the page, "" for nothing. `number`: set right."""

    text: str
    url: str = ""
    number: bool = False


@dataclass(frozen=True)
class Section:
    """A table of the brief; `nothing` stands where it has no rows. `widths`: shares of the line on paper, where given."""

    title: Text
    heads: Sequence[Text]
    rows: list[list[Cell]]
    nothing: Text = ""
    widths: Sequence[int | None] = field(default=())


@dataclass(frozen=True)
class Asked:
    """Whose brief, for whom, and its cases: filed, seen by the reader, each matter once."""

    organisation: Organisation
    reader: Reader
    cases: CaseQuerySet
    now: dt.datetime

    def list_of(self, **chosen: str) -> str:
        """The address of the list with these cases of the organisation; "" where no filter of the list is as narrow."""
        if not self.organisation.is_branch:
            return listed(applicant=str(self.organisation.pk), **chosen)
        if self.reader.scope.role == MEMBER:  # a branch reads its own list: everything there is its own
            return listed(**chosen)
        return listed(branch=self.organisation.code, **chosen) if self.organisation.code else ""


Part = Callable[[Asked], Section]
PARTS: dict[str, tuple[int, Part]] = {}


def declare(key: str, part: Part, *, order: int) -> None:
    """Called in ready(). The same key again replaces the earlier part."""
    PARTS[key] = (order, part)


def asked(organisation: Organisation, reader: Reader, now: dt.datetime) -> Asked:
    """A branch's brief holds what its municipalities filed through it."""
    seen = Case.objects.visible_to(reader.scope).listed_for(reader.scope).exclude(filed_at=None)
    whose = Q(applicant=organisation) | Q(branch=organisation) if organisation.is_branch else Q(applicant=organisation)
    return Asked(organisation, reader, seen.filter(whose), now)


def sections(question: Asked) -> list[Section]:
    return [part(question) for _order, part in sorted(PARTS.values(), key=lambda pair: pair[0])]


def printed(question: Asked, *, language: str) -> bytes:
    """The same sections on paper."""
    found: list[blocks.Block] = []
    for section in sections(question):
        found.append(blocks.heading(str(section.title)))
        if not section.rows:
            found.append(blocks.text(str(section.nothing)))
            continue
        numbers = [cell.number for cell in section.rows[0]]
        widths = section.widths or [None] * len(section.heads)
        columns = [
            blocks.Column(str(head), width=width, number=number)
            for head, width, number in zip(section.heads, widths, numbers, strict=True)
        ]
        found.append(blocks.table(columns, [[cell.text for cell in row] for row in section.rows]))
    data = {
        "title": title_of(question), "subtitle": subtitle_of(question), "sample": settings.DEMO, "blocks": found,
    }  # fmt: skip
    return pdf.render("document", data, language=language, made_at=question.now)


def title_of(question: Asked) -> str:
    return _("Brief: %(organisation)s") % {"organisation": question.organisation}


def subtitle_of(question: Asked) -> str:
    """Whose view of it this is: an office reads its own part only."""
    reader = question.reader
    where = reader.chosen.organisation_name if reader.chosen else ""
    return _("Filed requests as %(who)s sees them") % {"who": where}


# --- What holds for every kind of case -----------------------------------------------------------------------------------
def by_year(question: Asked) -> Section:
    """The newest years that have any."""
    counted = question.cases.order_by().values("fiscal_year").annotate(
        all=Count("pk"), open=Count("pk", filter=~Q(holder=Holder.NOBODY))
    ).order_by("-fiscal_year")  # fmt: skip
    rows = []
    for row in list(counted)[:YEARS]:
        year = row["fiscal_year"]
        label = layout.year_label(FiscalYear(year)) if year else _("year not known")
        chosen = {"year": str(year)} if year else {}
        rows.append([
            Cell(label), Cell(f"{row['all']:,}", question.list_of(**chosen) if year else "", number=True),
            Cell(f"{row['open']:,}", question.list_of(show="open", **chosen) if year else "", number=True),
        ])  # fmt: skip
    return Section(_("Requests by year"), [_("Fiscal year"), _("Requests"), _("Open")], rows, _("No requests yet."))


def still_open(question: Asked) -> Section:
    """Earliest deadline first."""
    cases = question.cases.exclude(holder=Holder.NOBODY).for_list().order_by("due_at", "-pk")[:OPEN]
    rows = [
        [Cell(row.case.number or ""), Cell(row.case.title, row.url), Cell(str(row.badge.label)), Cell(row.holder),
         Cell(row.due.main if row.due else "–")]
        for row in rows_of(cases, question.reader, question.now)
    ]  # fmt: skip
    heads = [pgettext("of a case", "Number"), _("Subject"), _("State"), _("Who has the ball"), _("Deadline")]
    return Section(_("Open requests"), heads, rows, _("Nothing is open."), (2, 5, 3, 3, 3))


def by_office(question: Asked) -> Section:
    standing = Referral.objects.visible_to(question.reader.scope).filter(case__in=question.cases.values("pk")).working()
    counted = list(
        standing.order_by().values("office").annotate(all=Count("case", distinct=True)).order_by("-all", "office")
    )
    offices = Organisation.objects.in_bulk([row["office"] for row in counted])
    rows = [
        [Cell(str(offices[row["office"]]), reverse("organisation", args=[row["office"]])),
         Cell(f"{row['all']:,}", _of_office(question, offices[row["office"]]), number=True)]
        for row in counted
    ]  # fmt: skip
    return Section(_("Offices"), [_("Office"), _("Requests")], rows, _("No office has worked on one."))


def _of_office(question: Asked, office: Organisation) -> str:
    if question.reader.scope.role == OFFICE:
        return question.list_of()
    return question.list_of(office=office.code) if office.code else ""


def people(question: Asked) -> Section:
    """In charge of what is open, on every side."""
    held = Assignment.objects.visible_to(question.reader.scope).filter(
        case__in=question.cases.exclude(holder=Holder.NOBODY).values("pk")
    )
    counted = held.order_by().values("posting__person__name", "posting__person__name_latin", "organisation").annotate(
        all=Count("case", distinct=True)
    ).order_by("-all", "organisation")[:PEOPLE]  # fmt: skip
    found = list(counted)
    places = Organisation.objects.in_bulk([row["organisation"] for row in found])
    rows = [
        [Cell(_name(row)), Cell(str(places[row["organisation"]])), Cell(f"{row['all']:,}", number=True)]
        for row in found
    ]
    heads = [_("Person in charge"), _("Organisation"), _("Open requests")]
    return Section(_("People in charge"), heads, rows, _("Nobody has taken charge of an open request."))


def _name(row: Mapping[str, Any]) -> str:
    names = {
        "ja": row["posting__person__name"],
        "en": row["posting__person__name_latin"] or row["posting__person__name"],
    }
    return names[page_language()]


declare("cases.by_year", by_year, order=10)
declare("cases.open", still_open, order=30)
declare("cases.offices", by_office, order=40)
declare("cases.people", people, order=90)
