from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import signed_in
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.lookup import visible_case
from clair_portal.contacts.models import Stop, Visit
from clair_portal.outbox.models import Job
from clair_portal.reports import (
    case_file,
    charts,
    collections,
    documents,
    itinerary_paper,
    layout,
    numbers,
    pdf,
    table_files,
)
from clair_portal.reports.collections import COLLECTIONS, Collection, grids_of
from clair_portal.reports.models import Report
from clair_portal.reports.tables import TABLES, Grid, Table, fill, records, years_since
from clair_portal.walls.roles import HEADQUARTERS

PAGE = 50
ALL = "all"  # every table of a report on one page


# --- Finished reports -----------------------------------------------------------------------------------------------
@signed_in()
def report_file(request: Any, pk: UUID) -> HttpResponseBase:
    """A finished report, while it is kept and what it is about is there for the reader."""
    report = get_object_or_404(Report.objects.visible_to(request.scope).kept(timezone.now()), pk=pk)
    if not documents.may_still_read(report, request.reader) or not storages["documents"].exists(report.file):
        raise Http404
    documents.KINDS[report.kind].handed_out(request.reader, report.params)
    response = FileResponse(
        storages["documents"].open(report.file),
        as_attachment=True,
        filename=report.file_name,
        content_type=report.media_type,
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def address_of(asked: Report | Job) -> HttpResponse:
    """To the file where it is ready, else to the page that shows how far it is."""
    return redirect("job", pk=asked.pk) if isinstance(asked, Job) else redirect("report_file", pk=asked.pk)


@signed_in("POST")
def case_pdf(request: Any, pk: int) -> HttpResponse:
    """Asks for a case on paper: the finished file, or the page of the job that makes it."""
    case = visible_case(request, pk)
    asked = documents.ask_for(
        case_file.KIND, case_file.params_of(case), actor=request.reader, user=request.user.pk,
        language=get_language() or "en", now=timezone.now(), path=reverse("case", args=[pk]),
    )  # fmt: skip
    return address_of(asked)


# --- Statistics -----------------------------------------------------------------------------------------------------
@signed_in()
def statistics(request: Any) -> HttpResponse:
    """The tables there are for this reader."""
    seen = [table for table in TABLES.values() if table.may_be_seen_by(request.reader)]
    whole = [each for each in COLLECTIONS.values() if each.seen_by(request.reader)]
    context = {
        "tables": sorted(seen, key=lambda table: (table.order, table.key)),
        "collections": sorted(whole, key=lambda each: (each.order, each.key)),
    }
    return render(request, "reports/list.html", context)


@signed_in()
def statistics_table(request: Any, key: str) -> HttpResponse:
    table = _table(request, key)
    year = _year(request, table)
    grid = fill(table, request.reader, year, now=timezone.now())
    context = {
        "table": table, "shown": _shown(grid), "year": year, "years": _choices(table.first_year, year),
        "span": layout.span_of(year), "formats": table_files.FORMATS, "own": request.scope.role != HEADQUARTERS,
    }  # fmt: skip
    return render(request, "reports/table.html", context)


def _shown(grid: Grid) -> dict[str, Any]:
    """What reports/grid.html needs of one table."""
    return {
        "table": grid.table, "grid": grid, "chart": charts.svg(grid), "legend": charts.legend(grid),
        "groups": layout.groups_of(grid), "two_rows": _two_rows(grid.table), "lines": _lines(grid),
        "foot": _cells(grid.foot), "span": layout.span_of(grid.year), "counted": layout.counted_line(grid),
        "claims": [{"line": line, "ours": numbers.written(line.ours)} for line in grid.claims],
    }  # fmt: skip


@signed_in()
def statistics_collection(request: Any, key: str) -> HttpResponse:
    """Several tables of one fiscal year: the one that is opened is counted, or all of them with `?table=all`."""
    collection = _collection(request, key)
    year = _chosen_year(request, collection.first_year)
    wanted = request.GET.get("table") or collection.tables[0]
    only = "" if wanted == ALL else wanted
    grids = grids_of(collection, request.reader, year, only=only, now=timezone.now())
    titles = [(table.key, table.title) for table in collection.seen_by(request.reader)]
    context = {
        "collection": collection, "tables": [_shown(grid) for grid in grids], "year": year,
        "opened": grids[0].table.key if only else ALL, "links": [*titles, (ALL, _("All tables on one page"))],
        "years": _choices(collection.first_year, year), "span": layout.span_of(year), "formats": table_files.FORMATS,
        "own": request.scope.role != HEADQUARTERS,
    }  # fmt: skip
    return render(request, "reports/collection.html", context)


@signed_in("POST")
def statistics_collection_file(request: Any, key: str) -> HttpResponse:
    """Asks for the whole report as a file: the finished one, or the page of the job that makes it."""
    collection, format_name = _collection(request, key), request.POST.get("format", "")
    if format_name not in table_files.FORMATS:
        raise Http404
    params = collections.params_of(collection, _chosen_year(request, collection.first_year), format_name)
    asked = documents.ask_for(
        collections.KIND, params, actor=request.reader, user=request.user.pk, language=get_language() or "en",
        now=timezone.now(),
    )  # fmt: skip
    return address_of(asked)


def _collection(request: Any, key: str) -> Collection:
    collection = COLLECTIONS.get(key)
    if collection is None:
        raise Http404
    if not collection.seen_by(request.reader):
        raise PermissionDenied(_("Your posting does not give you the right to do this."))
    return collection


@signed_in("POST")
def statistics_file(request: Any, key: str) -> HttpResponse:
    """Asks for the table as a file: the finished one, or the page of the job that makes it."""
    table, format_name = _table(request, key), request.POST.get("format", "")
    if format_name not in table_files.FORMATS:
        raise Http404
    asked = documents.ask_for(
        table_files.KIND, table_files.params_of(table, _year(request, table), format_name), actor=request.reader,
        user=request.user.pk, language=get_language() or "en", now=timezone.now(),
        path=reverse("statistics_table", args=[key]),
    )  # fmt: skip
    return address_of(asked)


@signed_in()
def statistics_records(request: Any, key: str) -> HttpResponse:
    """The records one number counts."""
    table = _table(request, key)
    year, given = _year(request, table), request.GET
    try:
        found, words = records(
            table, request.reader, year, row=given.get("row"), column=given.get("column"), measure=given.get("measure")
        )
    except LookupError as error:
        raise Http404 from error
    page = int(given["page"]) if given.get("page", "").isdecimal() and len(given["page"]) < 6 else 1
    first, total = (max(page, 1) - 1) * PAGE, found.count()
    rows = [table.record(row) for row in found[first : first + PAGE]]
    context = {
        "table": table, "year": layout.year_label(year), "year_number": year.year, "words": words, "rows": rows,
        "total": total, "first": first + 1, "last": first + len(rows), "size": PAGE,
        "previous": _page(request, page - 1) if page > 1 else "",
        "next": _page(request, page + 1) if first + PAGE < total else "",
    }  # fmt: skip
    return render(request, "reports/records.html", context)


def _page(request: Any, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


def _table(request: Any, key: str) -> Table:
    table = TABLES.get(key)
    if table is None:
        raise Http404
    if not table.may_be_seen_by(request.reader):
        raise PermissionDenied(_("Your posting does not give you the right to do this."))
    return table


def _year(request: Any, table: Table) -> FiscalYear:
    return _chosen_year(request, table.first_year)


def _chosen_year(request: Any, first: int) -> FiscalYear:
    """The year chosen; the current one where none or an odd one is given."""
    years = years_since(first, timezone.now())
    chosen = (request.POST or request.GET).get("year", "")
    return next((year for year in years if str(year.year) == chosen), years[0])


def _choices(first: int, chosen: FiscalYear) -> list[dict[str, Any]]:
    years = years_since(first, timezone.now())
    return [{"value": y.year, "label": layout.year_label(y), "on": y == chosen} for y in years]


def _two_rows(table: Table) -> bool:
    return table.columns is not None and len(table.measures) > 1


def _lines(grid: Grid) -> list[dict[str, Any]]:
    return [{"label": head.label, "cells": _cells(cells)} for head, cells in zip(grid.heads, grid.body, strict=True)]


def _cells(cells: Any) -> list[dict[str, str]]:
    return [{"text": numbers.written(cell), "url": cell.url} for cell in cells]


@signed_in()
def visit_pdf(request: Any, pk: int, hosts: bool) -> HttpResponse:
    """The itinerary on paper, in Japanese or for hosts; small enough to be made at once."""
    visits = Visit.objects.visible_to(request.scope).select_related("case__applicant", "office")
    visit = get_object_or_404(visits, pk=pk)
    stops = list(Stop.objects.visible_to(request.scope).filter(visit=visit))
    language = visit.language if hosts else "ja"
    made = itinerary_paper.printed(visit, stops, language=language, made_at=timezone.now())
    return pdf.download(made, f"itinerary-{pk}-{language}.pdf")
