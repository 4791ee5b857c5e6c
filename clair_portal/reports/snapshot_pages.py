"""Yearly counts for staff: count a year for good, compare it with today, publish it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs, signed_in
from clair_portal.approvals import presentation as approvals
from clair_portal.audit.sentences import in_language
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.documents.services import attached, made_now
from clair_portal.publishing.services import RELEASE
from clair_portal.reports import frozen, layout, numbers, snapshot_approval, snapshots, workbook
from clair_portal.reports.collections import COLLECTIONS
from clair_portal.reports.models import Snapshot
from clair_portal.reports.shown import shown
from clair_portal.reports.tables import TABLES, fill, years_since
from clair_portal.reports.views import collection_for


@signed_in()
def snapshots_page(request: Any, key: str) -> HttpResponse:
    """What was counted for good, newest first; headquarters counts another year here."""
    collection, now = collection_for(request, key), timezone.now()
    found = Snapshot.objects.visible_to(request.scope).of(key).defer("tables")
    over = [
        year for year in years_since(collection.first_year, now)
        if not snapshots.may_freeze(year, request.reader, now)
    ]  # fmt: skip
    context = {
        "collection": collection, "rows": [_row(each) for each in found],
        "years": [{"value": year.year, "label": layout.year_label(year)} for year in over],
    }  # fmt: skip
    return render(request, "reports/snapshots.html", context)


def _row(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "snapshot": snapshot, "year": layout.year_label(FiscalYear(snapshot.year)),
        "by": in_language(snapshot.counted_by),
    }  # fmt: skip


@needs(RELEASE, "POST")
def freeze(request: Any, key: str) -> HttpResponse:
    """Starts the job that counts the chosen year."""
    collection, given = collection_for(request, key), request.POST.get("year", "")
    years = {str(year.year): year for year in years_since(collection.first_year, timezone.now())}
    if given not in years:
        messages.error(request, _("Choose a fiscal year that is over."))
        return redirect("snapshots", key)
    try:
        job = snapshots.ask_for(
            collection, years[given], actor=request.reader, user=request.user.pk, now=timezone.now()
        )
    except snapshots.Refused as error:
        messages.error(request, str(error))
        return redirect("snapshots", key)
    return redirect("job", pk=job.pk)


def _snapshot(request: Any, pk: UUID) -> Snapshot:
    found = get_object_or_404(Snapshot.objects.visible_to(request.scope), pk=pk)
    if found.collection not in COLLECTIONS:
        raise Http404
    return found


@signed_in()
def snapshot_page(request: Any, pk: UUID) -> HttpResponse:
    """One table as it was counted then; with `?beside=today` next to the numbers of today."""
    snapshot = _snapshot(request, pk)
    collection = COLLECTIONS[snapshot.collection]
    keys = [table["key"] for table in snapshot.tables]
    opened = request.GET.get("table") if request.GET.get("table") in keys else keys[0]
    grid = snapshots.grid_of(snapshot, opened)
    assert grid is not None
    beside = request.GET.get("beside") == "today" and _counts_today(request, opened)
    context = {
        **_row(snapshot), "collection": collection, "opened": opened, "shown": shown(grid), "beside": beside,
        "links": [(table["key"], in_language(table["title"])) for table in snapshot.tables],
        "may_compare": _counts_today(request, opened), "span": layout.span_of(grid.year),
        "refusal": snapshots.refusal(snapshot, request.reader, timezone.now()),
        "may_publish": request.reader.can(RELEASE) and not snapshot.published_at,
        "published_by": in_language(snapshot.published_by) if snapshot.published_by else "",
        **approvals.beside(snapshot_approval.PUBLISH, str(snapshot.pk), request.reader),
    }  # fmt: skip
    if beside:
        context |= _compared(request, snapshot, opened)
    return render(request, "reports/snapshot.html", context)


def _counts_today(request: Any, key: str) -> bool:
    return key in TABLES and TABLES[key].may_be_seen_by(request.reader)


def _compared(request: Any, snapshot: Snapshot, key: str) -> dict[str, Any]:
    then = snapshots.grid_of(snapshot, key)
    assert then is not None
    now = fill(TABLES[key], request.reader, then.year, now=timezone.now())
    both = frozen.side_by_side(then, now)
    pairs = both.pairs
    return {
        "compared": [(label or _("Total"), [_cell(pair) for pair in cells]) for label, cells in both.rows],
        "columns": both.columns, "counted_now": layout.counted_line(now),
        "different": sum(pair.differs for pair in pairs), "counted": len(pairs),
    }  # fmt: skip


@signed_in()
def beside_file(request: Any, pk: UUID) -> HttpResponse:
    """One table as a workbook: a sheet as it was counted then, a sheet as it is counted today."""
    snapshot = _snapshot(request, pk)
    key = request.GET.get("table", snapshot.tables[0]["key"])
    then = snapshots.grid_of(snapshot, key)
    if then is None or not _counts_today(request, key):
        raise Http404
    made_at = timezone.now()
    now = fill(TABLES[key], request.reader, then.year, now=made_at)
    names = (_("As counted then"), _("As of today"))
    content = workbook.workbook(then, now, made_at=made_at, title=str(then.table.title), names=names)
    file_name = f"{key}_{snapshot.year}_{snapshot.edition}_{timezone.localdate(made_at).isoformat()}.xlsx"
    return made_now(content, file_name, workbook.MEDIA_TYPE)


def _cell(pair: frozen.Pair) -> dict[str, Any]:
    then, now = (numbers.written(cell) if cell else numbers.DASH for cell in (pair.then, pair.now))
    return {"then": then, "now": now, "url": pair.now.url if pair.now else "", "differs": pair.differs}


@needs(RELEASE, "GET", "POST")
def publish(request: Any, pk: UUID) -> HttpResponse:
    """Says what becomes public, then makes it so."""
    snapshot = _snapshot(request, pk)
    refusal = snapshots.refusal(snapshot, request.reader, timezone.now())
    if request.method == "POST":
        try:
            snapshots.publish(snapshot, actor=request.reader, now=timezone.now())
        except snapshots.Refused as error:
            refusal = str(error)
        else:
            messages.success(request, _("It is public now."))
            return redirect("snapshot", pk)
    context = {**_row(snapshot), "collection": COLLECTIONS[snapshot.collection], "refusal": refusal}
    return render(request, "reports/publish.html", context, status=422 if request.method == "POST" else 200)


@signed_in()
def snapshot_file(request: Any, pk: UUID, language: str, format_name: str) -> HttpResponseBase:
    """The report as it was counted then."""
    return file_of(_snapshot(request, pk), language, format_name)


def file_of(snapshot: Snapshot, language: str, format_name: str) -> HttpResponseBase:
    """Raises Http404 for a file that was never made or is gone."""
    if f"{language}.{format_name}" not in snapshot.files:
        raise Http404
    name = f"{snapshot.collection}_{snapshot.year}_{snapshot.edition}.{language}.{format_name}"
    response = attached(snapshot.file_at(language, format_name), name, snapshots.FORMATS[format_name])
    if snapshot.published_at:
        del response["Cache-Control"]
    return response
