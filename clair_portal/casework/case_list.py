"""The list of cases, declared: its columns, by what it is narrowed, and in what order it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Value
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.directory import may_read_brief
from clair_portal.accounts.models import Person, Posting
from clair_portal.accounts.reader import Reader
from clair_portal.calendars.eras import format_era
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework import state_choices
from clair_portal.casework.enums import Holder, Origin, Topic
from clair_portal.casework.keyset import key_of
from clair_portal.casework.listing import Column, Filter, Listing, Narrow, Options, SheetColumn, declare
from clair_portal.casework.models import Assignment, Case, Referral
from clair_portal.casework.moments import known
from clair_portal.casework.overview import AS_COUNTED, HAS, NOBODY_IN_CHARGE, WHOLE, works_with
from clair_portal.casework.presentation import Row, rows_of, topic_names
from clair_portal.casework.queries import CaseQuerySet
from clair_portal.casework.search import Among, narrowed, words_of
from clair_portal.language.words import in_japanese, listed
from clair_portal.network.enums import BRANCH_KINDS, Kind
from clair_portal.network.models import Country, Organisation
from clair_portal.ui.components.marks import badge, ball, deadline
from clair_portal.ui.components.text import whole
from clair_portal.walls.roles import HEADQUARTERS, MEMBER, OFFICE

FIRST_YEAR = 2010  # the earliest year a public report about a request is from
MINE, OTHERS, OPEN, ENDED = "mine", "others", "open", "ended"


# --- What the filters need ----------------------------------------------------------------------------------------------
class Places:
    """Offices, branches and countries to choose from, in one query for all three."""

    def __init__(self) -> None:
        kinds = [Kind.OFFICE, *sorted(BRANCH_KINDS)]
        names = ("name_ja", "name_en", "kind", "code")
        bodies = Organisation.objects.filter(kind__in=kinds, code__isnull=False).values_list(*names)
        countries = Country.objects.annotate(kind=Value("", CharField())).values_list(*names)
        japanese = in_japanese()
        self.offices: Options = []
        self.branches: Options = []
        self.countries: Options = []
        for name_ja, name_en, kind, code in bodies.union(countries, all=True):
            group = self.offices if kind == Kind.OFFICE else self.branches if kind else self.countries
            group.append((code, (name_ja if japanese else name_en) or name_ja or name_en or code))
        for group in (self.offices, self.branches):
            group.sort()
        self.countries.sort(key=lambda choice: str(choice[1]))


def source(reader: Reader) -> CaseQuerySet:
    return Case.objects.visible_to(reader.scope).listed_for(reader.scope).for_list()


def _states(reader: Reader, known: Any) -> Options:
    return [(choice.value, choice.words) for choice in state_choices.choices_for(reader)]


def _kinds(reader: Reader, known: Any) -> Options:
    return [(each.kind, each.label) for each in state_choices.workflows_for(reader)]


def _years(reader: Reader, known: Any) -> Options:
    language, last = get_language() or "en", FiscalYear.of(timezone.now()).year + 1
    return [(str(year), FiscalYear(year).label(language)) for year in range(last, FIRST_YEAR - 1, -1)]


def _by(field: str) -> Narrow:
    return lambda rows, values, reader: rows.filter(**{f"{field}__in": values})


def _shown(rows: CaseQuerySet, values: list[str], reader: Reader) -> CaseQuerySet:
    if values == [MINE]:
        return rows.held_by(reader.scope)
    if values == [OPEN]:
        return rows.exclude(holder=Holder.NOBODY).exclude(filed_at=None)
    return rows.held_by_others(reader.scope) if values == [OTHERS] else rows.filter(holder=Holder.NOBODY)


def _in_charge_of(rows: CaseQuerySet, values: list[str], reader: Reader) -> CaseQuerySet:
    """Whoever is in charge of a part is in charge of the whole in the lists of those who list wholes."""
    on_row = Assignment.objects.filter(case=OuterRef("pk"))
    if values == [NOBODY_IN_CHARGE]:
        return rows.filter(~Exists(on_row.filter(organisation__in=reader.scope.organisations)))
    if reader.scope.role == OFFICE:
        return rows.filter(Exists(on_row.filter(posting=int(values[0]))))
    held = Assignment.objects.filter(posting=int(values[0]))
    return rows.filter(pk__in=held.annotate(whole=WHOLE).values("whole"))


def _late_of(rows: CaseQuerySet, values: list[str], reader: Reader) -> CaseQuerySet:
    held = Assignment.objects.filter(posting=int(values[0])).exclude(case__holder=Holder.NOBODY)
    return rows.filter(pk__in=held.filter(case__due_at__lt=timezone.now()).annotate(whole=WHOLE).values("whole"))


def _as_counted(value: str, reader: Reader) -> str:
    """What the overview leaves out of the lists of this reader's side."""
    left_out = _("without what was passed on") if reader.scope.role == OFFICE else _("without drafts not filed yet")
    return str(left_out) if value == AS_COUNTED else ""


def _body(value: str, reader: Reader) -> str:
    """Known are bodies whose brief the reader may read."""
    known = Organisation.objects.all()
    found = known.filter(pk=key_of(known, value)).first()
    return str(found) if found and may_read_brief(found, reader) else ""


def _person(value: str, reader: Reader) -> str:
    if value == NOBODY_IN_CHARGE:
        return str(_("nobody here"))
    known = Posting.objects.visible_to(reader.scope).select_related("person", "organisation")
    found = known.filter(pk=key_of(known, value)).first()
    return f"{found.person} ({found.organisation})" if found else ""


def _posting(value: str, reader: Reader) -> str:
    return "" if value == NOBODY_IN_CHARGE else _person(value, reader)


def _of_office(rows: CaseQuerySet, values: list[str], reader: Reader) -> CaseQuerySet:
    """By what an office has of them: of a case in parts its own part counts."""
    code, _between, has = values[0].rpartition("-")
    referred = Referral.objects.filter(case=OuterRef("pk"), office__in=_offices([code])).working()
    return rows.having(Case.objects.in_hand().filter(Exists(referred), works_with(has, timezone.now())))


def _office_has(value: str, reader: Reader) -> str:
    code, _between, has = value.rpartition("-")
    office = Organisation.objects.offices().filter(code=code).first()
    return f"{office}, {HAS[has]}" if office and has in HAS else ""


def _offices(codes: list[str]) -> list[int]:
    return _keys(Organisation.objects.filter(kind=Kind.OFFICE, code__in=codes))


def _with_office(rows: CaseQuerySet, values: list[str], reader: Reader) -> CaseQuerySet:
    return rows.filter(Exists(Referral.objects.filter(case=OuterRef("pk"), office__in=_offices(values)).working()))


def _of_requester(rows: CaseQuerySet, values: list[str], reader: Reader) -> CaseQuerySet:
    return rows.filter(applicant__in=_keys(Organisation.objects.named(values[0])))


def _of_branch(rows: CaseQuerySet, values: list[str], reader: Reader) -> CaseQuerySet:
    return rows.filter(branch__in=_keys(Organisation.objects.filter(code__in=values)))


def _keys(organisations: Any) -> list[int]:
    """Read beforehand: with the keys before it the database knows how many cases they have, and reads no more of them."""
    return list(organisations.values_list("pk", flat=True))


def _among(column: str) -> Callable[[list[str]], list[Among]]:
    return lambda values: [Among(column, values)]


def _overdue(rows: CaseQuerySet, values: list[str], reader: Reader) -> CaseQuerySet:
    return rows.filter(due_at__lt=timezone.now()).exclude(holder=Holder.NOBODY)


FILTERS = (
    Filter("q", _("Words"), None, look="text", sought=lambda values: words_of(values[0])),
    Filter("show", _("Which cases"), _shown, look="seg",
           options=lambda reader, known: [(MINE, _("Waiting for me")), (OTHERS, _("Waiting for others")), (OPEN, _("Open")),
                                        (ENDED, _("Finished"))]),
    Filter("charge", _("In charge"), _in_charge_of, look="hidden", name=_person),
    Filter("late_of", _("Overdue"), _late_of, look="hidden", name=_posting, roles=(MEMBER, HEADQUARTERS)),
    Filter("counted", _("As in the overview"), lambda rows, values, reader: rows.counted_for(reader.scope), look="hidden",
           name=_as_counted, roles=(MEMBER, OFFICE)),
    Filter("applicant", _("Requester"), lambda rows, values, reader: rows.filter(applicant=int(values[0])), look="hidden",
           name=_body),
    Filter("has", _("Office"), _of_office, look="hidden", name=_office_has, roles=(MEMBER, HEADQUARTERS)),
    Filter("overdue", _("Overdue"), _overdue, lambda reader, known: [("1", _("Only overdue ones"))], look="box"),
    Filter("state", _("State"), state_choices.narrow, _states, headings=state_choices.headings_for,
           sought=state_choices.sought),
    Filter("holder", _("Who has the ball"), _by("holder"), lambda reader, known: Holder.choices),
    Filter("office", _("Office"), _with_office, lambda reader, known: known.offices, roles=(MEMBER, HEADQUARTERS)),
    Filter("kind", _("Kind"), _by("kind"), _kinds, look="select"),
    Filter("country", _("Country"), None, lambda reader, known: known.countries, look="select",
           sought=_among("countries")),
    Filter("topic", pgettext_lazy("of exchange", "Field"), None, lambda reader, known: Topic.choices, look="select",
           sought=_among("topics")),
    Filter("requester", _("Requester"), _of_requester, look="text"),
    Filter("branch", _("Branch"), _of_branch, lambda reader, known: known.branches, look="select",
           roles=(HEADQUARTERS, OFFICE)),
    Filter("year", _("Fiscal year"), _by("fiscal_year"), _years, look="select", sought=_among("fiscal_year")),
    Filter("origin", _("Origin"), _by("origin"), lambda reader, known: Origin.choices, look="select"),
)  # fmt: skip


# --- Columns ------------------------------------------------------------------------------------------------------------
def _name(row: Row) -> SafeString:
    again = format_html(' · <a href="{}">{}</a>', row.again, _("The same again")) if row.again else ""
    return format_html(
        '<a href="{}">{}</a><br><span class="muted">{} {}{}</span>', row.address, row.case.title or _("No subject yet"),
        whole(row.case.number or _("draft")), row.case.applicant, again,
    )  # fmt: skip


def _day(moment: dt.datetime | None) -> str:
    """As the page's language writes a day, on the reader's clock."""
    if moment is None:
        return ""
    if known(moment) is None:
        return gettext("not known")
    day = timezone.localdate(moment)
    words = format_era(day) if in_japanese() else day.isoformat()
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), words)


def _day_column(key: str, label: Any, field: str) -> Column:
    return Column(
        key, label, lambda row: known(getattr(row.case, field)), lambda row: _day(getattr(row.case, field)), sort=field,
        falling=True, width=18, shown=False,
    )  # fmt: skip


@dataclass
class OnCase:
    """Who works on a case: the offices, the one that leads first, and who is in charge on the reader's side."""

    offices: list[str] = field(default_factory=list)
    in_charge: str = ""


def _on_cases(cases: Sequence[Case], reader: Reader, known: Any) -> dict[int, OnCase]:
    """In one question for both columns."""
    keys, found = [case.pk for case in cases], {case.pk: OnCase() for case in cases}
    standing = Referral.objects.visible_to(reader.scope).filter(case__in=keys).working()
    own = Assignment.objects.visible_to(reader.scope).filter(case__in=keys, organisation__in=reader.scope.organisations)
    offices = standing.values_list("case", Value("office"), "office__name_ja", "office__name_en", "owner", "pk")
    people = own.values_list(
        "case", Value("person"), "posting__person__name", "posting__person__name_latin", Value(True), "pk"
    )
    for case, what, name, other, _leads, _pk in sorted(
        offices.union(people, all=True), key=lambda row: (not row[4], row[5])
    ):
        if what == "office":
            found[case].offices.append(str(Organisation(name_ja=name, name_en=other)))
        else:
            found[case].in_charge = str(Person(name=name, name_latin=other))
    return found


def _countries_of(cases: Sequence[Case], reader: Reader, known: Places) -> dict[int, str]:
    names = dict(known.countries)
    return {case.pk: listed(str(names[code]) for code in case.countries if code in names) for case in cases}


def _topics(row: Row) -> str:
    return listed(topic_names(row.case))


def _year(row: Row) -> str:
    year = row.case.fiscal_year
    return FiscalYear(year).label(get_language() or "en") if year else ""


def _holder(row: Row) -> str:
    return row.holder or str(pgettext_lazy("holder", "Nobody"))


def _due_left(row: Row) -> str:
    return row.due.left if row.due else ""


COLUMNS = (
    Column("case", _("Case"), html=_name, sort="pk", falling=True, head=True, sheet=(
        SheetColumn(pgettext_lazy("of a case", "Number"), lambda row: row.case.number or str(_("draft")), 14),
        SheetColumn(_("Subject"), lambda row: row.case.title, 44),
        SheetColumn(_("Requester"), lambda row: str(row.case.applicant), 22),
    )),
    Column("branch", _("Branch"), lambda row: str(row.case.branch or ""), shown=False),
    Column("kind", _("Kind"), lambda row: str(row.kind), shown=False, width=20),
    Column("offices", _("Offices"), gather=_on_cases, taken=lambda on: listed(on.offices), shown=False, width=26),
    Column("countries", _("Countries"), gather=_countries_of, shown=False, width=22),
    Column("topics", pgettext_lazy("of exchange", "Field"), _topics, shown=False, width=22),
    Column("state", _("State"), lambda row: str(row.badge.label), lambda row: badge(row.badge), width=20),
    Column("holder", _("Who has the ball"), _holder, lambda row: ball(row.holder, mine=row.mine), width=22),
    Column("due", _("Deadline"), html=lambda row: deadline(row.due), sort="due_at", sheet=(
        SheetColumn(_("Deadline"), lambda row: row.acts_on.due_at, 18),
        SheetColumn(_("Left"), _due_left, 18),
    )),
    Column("next", _("What happens next"), lambda row: str(row.next_step), shown=False, width=40),
    Column("charge", _("In charge"), gather=_on_cases, taken=lambda on: on.in_charge, shown=False, width=18),
    Column("year", _("Fiscal year"), _year, shown=False),
    _day_column("filed", pgettext_lazy("case", "Filed"), "filed_at"),
    _day_column("moved", _("Last moved"), "moved_at"),
    _day_column("closed", pgettext_lazy("case", "Closed on"), "closed_at"),
    Column("origin", _("Origin"), lambda row: row.case.get_origin_display(), shown=False),
)  # fmt: skip

CASES = declare(
    Listing(
        key="cases",
        path="/desk/cases/",
        title=_("Cases"),
        columns=COLUMNS,
        filters=FILTERS,
        source=source,
        rows=rows_of,
        order="-case",
        know=lambda reader: Places(),
        seek=narrowed,
    )
)
