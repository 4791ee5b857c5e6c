"""Publications as editors list them, declared."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.reader import Reader
from clair_portal.accounts.rules import needs
from clair_portal.calendars.eras import in_words
from clair_portal.casework.list_pages import as_file, list_page
from clair_portal.casework.listing import Column, Filter, Listing, asked_of, declare
from clair_portal.network.models import Organisation
from clair_portal.publishing.enums import Kind, State
from clair_portal.publishing.models import Publication
from clair_portal.publishing.queries import PublicationQuerySet
from clair_portal.publishing.services import PREPARE
from clair_portal.ui.components.marks import tag


def source(reader: Reader) -> PublicationQuerySet:
    """Nothing for those who do not prepare any."""
    found = Publication.objects.visible_to(reader.scope).select_related("office")
    return found if reader.can(PREPARE) else found.none()


def _words(rows: PublicationQuerySet, values: list[str], reader: Reader) -> PublicationQuerySet:
    return rows.filter(Q(title_ja__icontains=values[0]) | Q(title_en__icontains=values[0]))


def _offices(reader: Reader, known: Any) -> list[tuple[str, str]]:
    return [(office.code or "", str(office)) for office in Organisation.objects.offices().order_by("code")]


FILTERS = (
    Filter("q", _("Words"), _words, look="text"),
    Filter("state", _("State"), lambda rows, values, reader: rows.filter(state__in=values),
           lambda reader, known: State.choices),
    Filter("kind", _("Kind"), lambda rows, values, reader: rows.filter(kind=values[0]), lambda reader, known: Kind.choices,
           look="select"),
    Filter("office", _("Office"), lambda rows, values, reader: rows.filter(office__code=values[0]), _offices, look="select"),
)  # fmt: skip


def _title(publication: Publication) -> SafeString:
    mark = format_html(" {}", tag(_("sample"))) if publication.sample else ""
    return format_html('<a href="{}">{}</a>{}', reverse("publication", args=[publication.pk]), publication, mark)


COLUMNS = (
    Column("title", _("Title"), str, _title, sort="pk", falling=True, head=True, width=50),
    Column("state", _("State"), lambda row: str(State(row.state).label), lambda row: tag(State(row.state).label)),
    Column("kind", _("Kind"), lambda row: str(Kind(row.kind).label), shown=False),
    Column("office", _("Office"), lambda row: str(row.office or "")),
    Column("published", _("Published on"), lambda row: row.published_on,
           lambda row: in_words(row.published_on) if row.published_on else "", sort="published_on", falling=True),
    Column("consent", _("Who agreed to the release"), lambda row: row.consent, shown=False, width=36),
    Column("changed", _("Last changed"), lambda row: timezone.localdate(row.changed_at),
           lambda row: in_words(timezone.localdate(row.changed_at)), sort="changed_at", falling=True, shown=False),
)  # fmt: skip

PUBLICATIONS = declare(
    Listing(
        key="publications", path="/desk/publications/", title=_("Publications"), columns=COLUMNS, filters=FILTERS,
        source=source, rows=lambda found, reader, now: list(found), order="-title",
    )
)  # fmt: skip


@needs(PREPARE)
def publications(request: Any) -> HttpResponse:
    """All that the reader may see, newest first."""
    return list_page(request, PUBLICATIONS, "publishing/list.html")


@needs(PREPARE, "POST")
def publications_file(request: Any) -> HttpResponse:
    return as_file(request, asked_of(PUBLICATIONS, request.GET, request.reader))
