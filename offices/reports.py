"""The annual activity report: what the offices were asked for, by whom, from where, with how much work, and how it went.

Counted are requests of the fiscal year that decides their number. A request for two offices counts once in totals and
once at each office. Source of the list of tables: the offices' own yearly reports (docs/data-sources.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models import Case as Choose
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.fiscal import TOKYO, FiscalYear
from clair_portal.casework.enums import Origin
from clair_portal.casework.models import Referral
from clair_portal.casework.overview import Amounts
from clair_portal.casework.overview import Measure as Measured
from clair_portal.casework.overview import declare as declare_measure
from clair_portal.casework.presentation import is_requester, shown_state, state_words
from clair_portal.language.words import listed
from clair_portal.network.enums import MEMBER_KINDS, Kind
from clair_portal.network.models import Country, Organisation
from clair_portal.reports.collections import Collection
from clair_portal.reports.collections import declare as declare_collection
from clair_portal.reports.dimensions import Median, of_array, of_months, of_organisations, of_words
from clair_portal.reports.tables import (
    COUNTED,
    Dimension,
    Head,
    Measure,
    Published,
    Question,
    Record,
    Table,
    count,
    declare,
)
from clair_portal.walls.roles import OFFICE
from offices.enums import SupportKind, WorkKind
from offices.foreign.workflow import FOREIGN
from offices.foreign.workflow import KIND as FOREIGN_KIND
from offices.models import Feedback, WorkEntry
from offices.queries import CountriesOfOffice
from offices.research.workflow import KIND as RESEARCH_KIND
from offices.research.workflow import RESEARCH
from offices.workflow import KIND, SUPPORT

ABROAD = _("Local government abroad")
FIRST_YEAR = 2010  # the earliest year a public report about a request is from


def offices(reader: Reader) -> QuerySet[Organisation]:
    """Every office has its row, also one that was asked for nothing."""
    return Organisation.objects.offices()


def asked(reader: Reader, year: FiscalYear) -> QuerySet[Referral]:
    """Requests of the year at the offices they stand with; the parts of one request count as the request."""
    return ever_asked(reader, year).filter(_STANDING)


def ever_asked(reader: Reader, year: FiscalYear) -> QuerySet[Referral]:
    """As `asked`, and what an office has given back or lost since. An office itself does not see those any more.

    `answered_at` is the office's first move on it: it accepted, returned or asked for details.
    """
    found = Referral.objects.visible_to(reader.scope).filter(
        case__parent=None, case__kind=KIND, case__fiscal_year=year.year
    )
    return found.filter(_STANDING) if reader.scope.role == OFFICE else found


def filed_here(reader: Reader, year: FiscalYear) -> QuerySet[Referral]:
    """As `asked`, without public reports: none says in which month a request was filed."""
    return asked(reader, year).filter(_HERE)


def asked_by_anybody(reader: Reader, year: FiscalYear) -> QuerySet[Referral]:
    """As `asked`, and with what local governments abroad asked through the public form; it counts at the office at work."""
    return (
        Referral.objects.visible_to(reader.scope)
        .filter(case__parent=None, case__kind__in=(KIND, FOREIGN_KIND), case__fiscal_year=year.year)
        .working()
    )


def asked_abroad(reader: Reader, year: FiscalYear) -> QuerySet[Referral]:
    return asked_by_anybody(reader, year).filter(case__kind=FOREIGN_KIND)


def asked_record(referral: Referral, reader: Reader) -> Record:
    """A request is one line, with every office at which the number counts it."""
    case = referral.case
    offices = listed(each.office for each in vars(case)[COUNTED])
    label = f"{case.number} {case.title}"
    requester = str(ABROAD) if case.origin == Origin.FOREIGN_FORM else str(case.applicant)
    return Record(label, f"/desk/cases/{case.pk}/", (requester, offices, state_words(case, reader)))


def researched(reader: Reader, year: FiscalYear) -> QuerySet[Referral]:
    """Commissioned research of the year at the office it stands with."""
    return Referral.objects.visible_to(reader.scope).filter(
        standing=True, case__kind=RESEARCH_KIND, case__fiscal_year=year.year
    )


def research_states(question: Question) -> Sequence[Head]:
    """Only states something is in, in the order of the workflow."""
    public = is_requester(question.reader)
    shown = (state for state in RESEARCH.states if state.key in question.keys)
    return [Head(state.key, str(shown_state(state, public=public).label)) for state in shown]


def worked(reader: Reader, year: FiscalYear) -> QuerySet[WorkEntry]:
    """Work entries of the days of the year."""
    return WorkEntry.objects.visible_to(reader.scope).filter(day__gte=year.first_day, day__lte=year.last_day)


def worked_record(entry: WorkEntry, reader: Reader) -> Record:
    label = f"{entry.case.number} {entry.case.title}"
    return Record(
        label, f"/desk/cases/{entry.case_id}/", (str(entry.author), entry.get_kind_display(), f"{entry.hours}")
    )


def judged(reader: Reader, year: FiscalYear) -> QuerySet[Feedback]:
    return Feedback.objects.visible_to(reader.scope).filter(case__fiscal_year=year.year)


def judged_record(feedback: Feedback, reader: Reader) -> Record:
    case = feedback.case
    return Record(f"{case.number} {case.title}", f"/desk/cases/{case.pk}/", (str(case.applicant), str(feedback.score)))


def requester_kinds() -> Iterable[tuple[Any, Any]]:
    """What local governments abroad asked has one column, whether the office stands in for them or they have a record."""
    home = [kind for kind in Kind if kind in MEMBER_KINDS and kind != Kind.FOREIGN_LOCAL_GOVERNMENT]
    return [*((kind.value, kind.label) for kind in home), (Kind.OFFICE.value, ABROAD)]


def countries(question: Question) -> Iterable[tuple[Any, Any]]:
    """Only countries that were asked for, by their code."""
    found = Country.objects.in_bulk([key for key in question.keys if key])
    return [(code, found[code].name) for code in sorted(found)]


_LEADING = Subquery(
    Referral.objects.filter(case=OuterRef("case"), standing=True).order_by("-owner", "pk").values("office")[:1]
)
_STANDING = Q(standing=True)
_HERE = ~Q(case__origin=Origin.PUBLIC_REPORT)  # a public report does not tell when a request was filed and closed
_CLOSED = _STANDING & _HERE & Q(case__state__in=SUPPORT.finished)
_REQUESTER_KIND = Choose(
    When(case__applicant__kind=Kind.FOREIGN_LOCAL_GOVERNMENT, then=Value(Kind.OFFICE.value)),
    default=F("case__applicant__kind"),
)
_COUNTRIES = Choose(  # an office that has the request alone has all its countries
    When(
        case__split=True,
        then=CountriesOfOffice(
            "case__countries", "office", Coalesce("case__support_request__starts_on", TruncDate("created_at", tzinfo=TOKYO)),
            "case",
        ),
    ),
    default=F("case__countries"),
)  # fmt: skip
_BY_OFFICE = of_organisations(_("Office"), "office_id", offices)
_REQUESTS = Measure("requests", _("Requests"), Count("case", distinct=True))
_ASKED: dict[str, Any] = {
    "source": asked,
    "record": asked_record,
    "record_heads": (_("Requester"), _("Office"), _("State")),
    "related": ("case__applicant", "office"),
    "together": "case",
    "first_year": FIRST_YEAR,
}
_TABLES = (
    Table(
        key="offices.by_kind", title=_("Requests by office and kind of support"), rows=_BY_OFFICE,
        columns=of_array(
            _("Kind of support"), "case__support_request__kinds", lambda question: SupportKind.choices
        ),
        measures=(_REQUESTS,), chart="bar", order=110, published=Published("activity support", "requests"),
        note=_("A request for several kinds of support stands in several columns and once in the total."), **_ASKED,
    ),
    Table(
        key="offices.by_requester", title=_("Requests by office and kind of requester"), rows=_BY_OFFICE,
        columns=of_words(_("Requester"), _REQUESTER_KIND, requester_kinds), measures=(_REQUESTS,),
        chart="stacked", order=120,
        note=_("With the requests of local governments abroad, which the other tables of support do not count."),
        **{**_ASKED, "source": asked_by_anybody},
    ),
    Table(
        key="offices.foreign", title=_("Requests of local governments abroad by office and state"), rows=_BY_OFFICE,
        columns=of_words(
            _("State"), "case__state", lambda: [(state.key, state.label) for state in FOREIGN.states]
        ),
        measures=(_REQUESTS,), chart="stacked", order=195, **{**_ASKED, "source": asked_abroad},
    ),
    Table(
        key="offices.by_branch", title=_("Requests by branch and office"),
        rows=of_organisations(_("Branch"), "case__branch_id"),
        columns=of_organisations(_("Office"), "office_id", offices), measures=(_REQUESTS,), chart="bar", order=130,
        **_ASKED,
    ),
    Table(
        key="offices.by_country", title=_("Requests by country and office"),
        rows=of_array(_("Country"), _COUNTRIES, countries),
        columns=of_organisations(_("Office"), "office_id", offices), measures=(_REQUESTS,), chart="bar", order=140,
        note=_("A trip to several offices counts at each with the countries it is responsible for on the first day. "
               "A country that none of them is responsible for counts at all of them."),
        **_ASKED,
    ),
    Table(
        key="offices.by_month", title=_("Requests by month and office"), rows=of_months(_("Month"), "case__filed_at"),
        columns=of_organisations(_("Office"), "office_id", offices), measures=(_REQUESTS,), chart="line", order=150,
        note=_("By the month they were filed in, as dated in Tokyo. Requests known from public reports only are not counted: "
               "no report says when they were filed."),
        **{**_ASKED, "source": filed_here},
    ),
    Table(
        key="offices.times", title=_("Times until the first answer and until closing"), rows=_BY_OFFICE,
        measures=(
            Measure("requests", _("Requests"), Count("case", filter=_STANDING, distinct=True), only=_STANDING),
            Measure("first", _("Until the first answer of the office (median)"),
                    Median(F("answered_at") - F("created_at"), filter=_HERE & Q(answered_at__isnull=False)),
                    number="days", missing="dash", opens=False),
            Measure("closing", _("From filing until closed (median)"),
                    Median(F("case__closed_at") - F("case__filed_at"), filter=_CLOSED),
                    only=_CLOSED, number="days", missing="dash", opens=False, once="case"),
        ),
        chart="", order=170,
        note=_("The first answer of an office is the first thing it does: it accepts or returns the request, or asks for "
               "details. It counts from the referral, also where the office no longer has the request; an office itself "
               "no longer sees those. Until closing counts for requests that were carried through, not for declined or "
               "withdrawn ones."),
        **{**_ASKED, "source": ever_asked},
    ),
    Table(
        key="offices.research", title=_("Commissioned research by office and state"), rows=_BY_OFFICE,
        columns=Dimension(_("State"), "case__state", research_states),
        measures=(Measure("research", _("Commissioned research"), Count("case", distinct=True)),), chart="stacked",
        published=Published("commissioned research", "research"),
        note=_("Research that an office was asked about; the number opens the list with its subjects."),
        **{**_ASKED, "source": researched}, order=190,
    ),
    Table(
        key="offices.hours", title=_("Hours of work by office and kind of work"),
        rows=of_organisations(_("Office"), "author_id", offices),
        columns=of_words(_("Kind of work"), "kind", WorkKind.choices),
        measures=(Measure("hours", _("Hours"), Sum("hours"), number="hours"),), chart="stacked",
        source=worked, record=worked_record, record_heads=(_("Office"), _("Kind of work"), _("Hours")),
        related=("case", "author"), first_year=FIRST_YEAR, order=160,
    ),
    Table(
        key="offices.satisfaction", title=_("What requesters say of the help"),
        rows=of_organisations(_("Office"), _LEADING, offices),
        measures=(
            count(title=_("Answers")),
            Measure("score", _("Average (1 to 5)"), Avg("score"), number="score", missing="dash", opens=False),
        ),
        chart="", source=judged, record=judged_record, record_heads=(_("Requester"), _("Score")),
        related=("case__applicant",), first_year=FIRST_YEAR, order=180,
    ),
)  # fmt: skip
declare(*_TABLES)
declare_collection(
    Collection(
        "offices.annual",
        _("Annual activity report of the overseas offices"),
        tuple(table.key for table in sorted(_TABLES, key=lambda table: table.order)),
        note=_("Requests of a fiscal year at the seven offices. Every number opens the records it counts."),
    )
)


def hours(reader: Reader, year: FiscalYear) -> Amounts:
    """Hours of work on the days of the year, per office and per person."""
    rows = worked(reader, year).order_by().values_list("author", "person").annotate(sum=Sum("hours"))
    by_person = {(author, person): amount for author, person, amount in rows}
    by_office: dict[int, Decimal] = {}
    for (author, _person), amount in by_person.items():
        by_office[author] = by_office.get(author, Decimal(0)) + amount
    return Amounts(by_office, by_person)


def hours_behind(year: FiscalYear, office: int) -> str:
    return f"{reverse('statistics_records', args=['offices.hours'])}?{urlencode({'year': year.year, 'row': office})}"


declare_measure(Measured("offices.hours", _("Hours"), hours, hours_behind))
