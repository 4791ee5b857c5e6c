"""Published yearly counts, for everybody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language

from clair_portal.accounts.for_everybody import public_page
from clair_portal.accounts.rules import everybody
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.reports import layout, snapshots
from clair_portal.reports.collections import COLLECTIONS
from clair_portal.reports.models import Snapshot
from clair_portal.reports.shown import shown
from clair_portal.reports.snapshot_pages import file_of

NAMES = {"pdf": "PDF", "xlsx": "Excel"}


def _published(request: Any) -> Any:
    return Snapshot.objects.visible_to(request.scope).exclude(published_at=None)


@public_page
def public_statistics(request: Any) -> HttpResponse:
    """The years of each report that have been published."""
    found = []
    for collection in sorted(COLLECTIONS.values(), key=lambda each: (each.order, each.key)):
        years = [
            {"snapshot": each, "year": layout.year_label(FiscalYear(each.year))}
            for each in snapshots.published_years(collection, request.scope)
        ]
        if years:
            found.append((collection, years))
    return render(request, "pages/statistics.html", {"collections": found})


@public_page
def public_statistics_year(request: Any, key: str, year: int) -> HttpResponse:
    """The newest published edition of a year, or the one that is asked for."""
    if key not in COLLECTIONS:
        raise Http404
    editions = list(_published(request).of(key, year).defer("tables"))
    chosen = next((each for each in editions if str(each.edition) == request.GET.get("edition")), None)
    if not editions:
        raise Http404
    snapshot = chosen or editions[0]
    grids = snapshots.grids_in(snapshot)
    context = {
        "collection": COLLECTIONS[key], "snapshot": snapshot, "year": layout.year_label(FiscalYear(year)),
        "span": layout.span_of(FiscalYear(year)), "tables": [shown(grid) for grid in grids], "files": _files(snapshot),
        "others": [each for each in editions if each.pk != snapshot.pk],
    }  # fmt: skip
    return render(request, "pages/statistics_year.html", context)


def _files(snapshot: Snapshot) -> list[tuple[str, str, int]]:
    language = "ja" if (get_language() or "").startswith("ja") else "en"
    found = [(name, snapshot.files.get(f"{language}.{name}")) for name in NAMES]
    return [
        (reverse("public_statistics_file", args=[snapshot.pk, language, name]), NAMES[name], kept["size"])
        for name, kept in found if kept
    ]  # fmt: skip


@everybody()
def public_statistics_file(request: Any, pk: UUID, language: str, format_name: str) -> HttpResponseBase:
    """A published report as a file."""
    return file_of(get_object_or_404(_published(request), pk=pk), language, format_name)
