"""The list of projects, declared: by state, country, party, strand and office, and what it shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.eras import in_words
from clair_portal.casework.case_list import Places
from clair_portal.casework.listing import Column, Filter, Listing, declare
from clair_portal.language.words import listed
from clair_portal.network.enums import Kind
from clair_portal.network.models import Organisation
from clair_portal.projects.enums import BADGES, State, Strand
from clair_portal.projects.models import Project, ProjectCase, ProjectNote, ProjectParty
from clair_portal.projects.queries import ProjectQuerySet
from clair_portal.ui.components.marks import badge, tag

OURS = "ours"


def source(reader: Reader) -> ProjectQuerySet:
    return Project.objects.visible_to(reader.scope).select_related("office")


def _with_party(rows: ProjectQuerySet, **of_party: Any) -> ProjectQuerySet:
    return rows.filter(Exists(ProjectParty.objects.filter(project=OuterRef("pk"), **of_party)))


def _of_party(rows: ProjectQuerySet, values: list[str], reader: Reader) -> ProjectQuerySet:
    return _with_party(rows, organisation__in=Organisation.objects.named(values[0]).values("pk"))


def _in_country(rows: ProjectQuerySet, values: list[str], reader: Reader) -> ProjectQuerySet:
    return _with_party(rows, organisation__kind=Kind.FOREIGN_LOCAL_GOVERNMENT, organisation__country__in=values)


def _of_office(rows: ProjectQuerySet, values: list[str], reader: Reader) -> ProjectQuerySet:
    return rows.filter(office__in=Organisation.objects.offices().filter(code__in=values).values("pk"))


FILTERS = (
    Filter("q", _("Words"), lambda rows, values, reader: rows.named(values[0]), look="text"),
    Filter("state", _("State"), lambda rows, values, reader: rows.filter(state__in=values),
           lambda reader, known: State.choices),
    Filter("strand", _("Strand"), lambda rows, values, reader: rows.filter(strands__overlap=values),
           lambda reader, known: Strand.choices),
    Filter("country", _("Country"), _in_country, lambda reader, known: known.countries, look="select"),
    Filter("party", _("Party"), _of_party, look="text"),
    Filter("office", _("Office"), _of_office, lambda reader, known: known.offices, look="select"),
)  # fmt: skip


# --- Columns ------------------------------------------------------------------------------------------------------------
def _name(project: Project) -> SafeString:
    mark = format_html(" {}", tag(_("sample"))) if project.sample else ""
    return format_html(
        '<a href="/desk/projects/{}/">{}</a>{}<br><span class="muted">{}</span>',
        project.pk,
        project,
        mark,
        project.office,
    )


def _state(project: Project) -> SafeString:
    as_of = _("as of %(day)s") % {"day": in_words(project.state_on)}
    return format_html('{}<br><span class="muted">{}</span>', badge(BADGES[project.state]), as_of)


def _parties(projects: Sequence[Project], reader: Reader, *, abroad: bool) -> dict[int, str]:
    kind = {"organisation__kind": Kind.FOREIGN_LOCAL_GOVERNMENT}
    parties = ProjectParty.objects.visible_to(reader.scope).filter(project__in=[each.pk for each in projects])
    parties = parties.filter(**kind) if abroad else parties.exclude(**kind)
    found: dict[int, list[str]] = {}
    for party in parties.select_related("organisation").order_by("organisation__code"):
        found.setdefault(party.project_id, []).append(str(party.organisation))
    return {pk: listed(names) for pk, names in found.items()}


def _cases(projects: Sequence[Project], reader: Reader, known: Any) -> dict[int, str]:
    """How many cases of each the reader sees."""
    links = ProjectCase.objects.visible_to(reader.scope).filter(project__in=[each.pk for each in projects])
    return {
        row["project"]: str(row["number"]) for row in links.order_by().values("project").annotate(number=Count("pk"))
    }


def _last(projects: Sequence[Project], reader: Reader, known: Any) -> dict[int, str]:
    """The latest sentence of each."""
    notes = ProjectNote.objects.visible_to(reader.scope).filter(project__in=[each.pk for each in projects])
    latest = notes.order_by("project", "-day", "-pk").distinct("project")
    return {note.project_id: f"{in_words(note.day)} {note.text()[0]}" for note in latest}


def strands_of(project: Project) -> str:
    return listed([str(Strand(strand).label) for strand in project.strands if strand in Strand.values])


COLUMNS = (
    Column("project", pgettext_lazy("of partners", "Project"), str, _name, sort="pk", falling=True, head=True, width=44),
    Column("state", _("State"), lambda row: str(State(row.state).label), _state, sort="state_on", falling=True),
    Column("japanese", _("Parties in Japan"), gather=lambda rows, reader, known: _parties(rows, reader, abroad=False), width=26),
    Column("foreign", _("Parties abroad"), gather=lambda rows, reader, known: _parties(rows, reader, abroad=True), width=26),
    Column("strands", _("Strands"), strands_of, shown=False, width=30),
    Column("last", _("Latest sentence"), gather=_last, shown=False, width=50),
    Column("cases", _("Cases"), gather=_cases, width=8),
    Column("begun", _("Begun in"), lambda row: row.begun, sort="begun", shown=False, width=8),
    Column("office", _("Office"), lambda row: str(row.office), shown=False),
    Column("state_on", _("State as of"), lambda row: row.state_on, lambda row: in_words(row.state_on), shown=False),
    Column("source", _("Source"), lambda row: row.source, shown=False, width=40),
)  # fmt: skip


def rows(projects: Sequence[Project], reader: Reader, now: dt.datetime) -> list[Project]:
    return list(projects)


PROJECTS = declare(
    Listing(
        key="projects",
        path="/desk/projects/",
        title=pgettext_lazy("of partners", "Projects"),
        columns=COLUMNS,
        filters=FILTERS,
        source=source,
        rows=rows,
        order="-state",
        know=lambda reader: Places(),
    )
)
