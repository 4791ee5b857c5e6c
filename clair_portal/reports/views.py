from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import signed_in
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.lookup import visible_case
from clair_portal.contacts.models import Stop, Visit
from clair_portal.documents.services import attached
from clair_portal.outbox.models import Job
from clair_portal.publishing.services import RELEASE
from clair_portal.reports import (
    case_file,
    collections,
    documents,
    itinerary_paper,
    layout,
    pdf,
    table_files,
)
from clair_portal.reports.collections import COLLECTIONS, Collection
from clair_portal.reports.models import Report, Snapshot
from clair_portal.reports.shown import shown
from clair_portal.reports.tables import TABLES, Table, fill, records, years_since
from clair_portal.walls.roles import HEADQUARTERS

PAGE = 50


# --- Finished reports -----------------------------------------------------------------------------------------------
@signed_in()
def report_file(request: Any, pk: UUID) -> HttpResponseBase:
    """A finished report, while it is kept and what it is about is there for the reader."""
    report = get_object_or_404(Report.objects.visible_to(request.scope).kept(timezone.now()), pk=pk)
    if not documents.may_still_read(report, request.reader):
        raise Http404
    documents.KINDS[report.kind].handed_out(request.reader, report.params)
    return attached(report.file, report.file_name, report.media_type)


def address_of(asked: Report | Job) -> HttpResponse:
    """To the file where it is ready, else to the page that shows how far it is."""
    return redirect("job", pk=asked.pk) if isinstance(asked, Job) else redirect("report_file", pk=asked.pk)


@signed_in("POST")
def case_pdf(request: Any, pk: int) -> HttpResponse:
    """Asks for a case on paper: the finished file, or the page of the job that makes it."""
    case = visible_case(request, pk)
    return _file(request, case_file.KIND, case_file.params_of(case), reverse("case", args=[pk]))


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
        "table": table, "shown": shown(grid), "year": year, "years": _choices(table.first_year, year),
        "span": layout.span_of(year), "formats": table_files.FORMATS, "own": request.scope.role != HEADQUARTERS,
    }  # fmt: skip
    return render(request, "reports/table.html", context)


@signed_in()
def statistics_collection(request: Any, key: str) -> HttpResponse:
    """Several tables of one fiscal year, of which one is open and counted. All at once are a file, made by a worker."""
    collection = collection_for(request, key)
    year = _chosen_year(request, collection.first_year)
    seen = collection.seen_by(request.reader)
    table = next((table for table in seen if table.key == request.GET.get("table")), seen[0])
    counted = Snapshot.objects.visible_to(request.scope).of(collection.key, year.year).defer("tables")
    context = {
        "collection": collection, "shown": shown(fill(table, request.reader, year, now=timezone.now())), "year": year,
        "opened": table.key, "links": [(table.key, table.title) for table in seen],
        "years": _choices(collection.first_year, year), "span": layout.span_of(year), "formats": table_files.FORMATS,
        "own": request.scope.role != HEADQUARTERS, "snapshot": counted.first(),
        "may_count": request.reader.can(RELEASE),
    }  # fmt: skip
    return render(request, "reports/collection.html", context)


@signed_in("POST")
def statistics_collection_file(request: Any, key: str) -> HttpResponse:
    """Asks for the whole report as a file."""
    collection = collection_for(request, key)
    year, format_name = _chosen_year(request, collection.first_year), _format(request)
    return _file(request, collections.KIND, collections.params_of(collection, year, format_name))


def _format(request: Any) -> str:
    name = str(request.POST.get("format", ""))
    if name not in table_files.FORMATS:
        raise Http404
    return name


def _file(request: Any, kind: str, params: documents.Params, path: str = "") -> HttpResponse:
    """The finished file, or the page of the job that makes it."""
    asked = documents.ask_for(
        kind, params, actor=request.reader, user=request.user.pk, language=get_language() or "en", now=timezone.now(),
        path=path,
    )  # fmt: skip
    return address_of(asked)


def collection_for(request: Any, key: str) -> Collection:
    collection = COLLECTIONS.get(key)
    if collection is None:
        raise Http404
    if not collection.seen_by(request.reader):
        raise PermissionDenied(_("Your posting does not give you the right to do this."))
    return collection


@signed_in("POST")
def statistics_file(request: Any, key: str) -> HttpResponse:
    """Asks for the table as a file."""
    table = _table(request, key)
    params = table_files.params_of(table, _year(request, table), _format(request))
    return _file(request, table_files.KIND, params, reverse("statistics_table", args=[key]))


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
    rows = [table.record(row, request.reader) for row in found[first : first + PAGE]]
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


@signed_in()
def visit_pdf(request: Any, pk: int, hosts: bool) -> HttpResponse:
    """The itinerary on paper, in Japanese or for hosts; small enough to be made at once."""
    visits = Visit.objects.visible_to(request.scope).select_related("case__applicant", "office")
    visit = get_object_or_404(visits, pk=pk)
    stops = list(Stop.objects.visible_to(request.scope).filter(visit=visit))
    language = visit.language if hosts else "ja"
    made = itinerary_paper.printed(visit, stops, language=language, made_at=timezone.now())
    return pdf.download(made, f"itinerary-{pk}-{language}.pdf")
