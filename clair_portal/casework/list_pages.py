"""A declared list as a page and as a file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from clair_portal.accounts.models import Posting, Role
from clair_portal.accounts.reader import Reader
from clair_portal.accounts.rules import signed_in
from clair_portal.casework import bulk, list_file, saved_views
from clair_portal.casework.case_list import CASES
from clair_portal.casework.listing import (
    SIZE,
    Asked,
    Listing,
    asked_of,
    chips_of,
    filters_of,
    heads_of,
    lines_of,
    segs_of,
)
from clair_portal.casework.models import SavedView
from clair_portal.casework.task_list import TASKS
from clair_portal.documents.services import made_now


@signed_in()
def case_list(request: Any) -> HttpResponse:
    return list_page(request, CASES, "casework/list.html")


@signed_in()
def task_list(request: Any) -> HttpResponse:
    return list_page(request, TASKS, "casework/tasks.html")


@signed_in("POST")
def task_list_file(request: Any) -> HttpResponse:
    return as_file(request, asked_of(TASKS, request.GET, request.reader))


def list_page(request: Any, listing: Listing, template: str, **more: Any) -> HttpResponse:
    """The list as it is asked for; asked for nothing, it opens with the reader's first view."""
    asked, views = asked_of(listing, request.GET, request.reader), saved_views.views_of(listing, request.scope)
    first = None if request.GET else saved_views.first_of(views, request.reader)
    if first is not None and (address := saved_views.address_of(first, asked)) != asked.address():
        return redirect(f"{listing.path}{address}")
    return render(request, template, shown(asked, views) | more)


def shown(asked: Asked, views: Sequence[SavedView] = ()) -> dict[str, Any]:
    """Everything templates/casework/list_table.html needs."""
    page = asked.page()
    counted = asked.counted(page)
    return {
        "listing": asked.listing, "asked": asked, "lines": lines_of(asked, page.rows, timezone.now()),
        "heads": heads_of(asked), "chips": chips_of(asked), "filters": filters_of(asked), "segs": segs_of(asked),
        "segs_label": next((each.label for each in asked.listing.filters if each.look == "seg"), ""),
        "total": counted.total, "more_than": counted.more_than,
        "next": asked.address(after=page.next) if page.next else "",
        "previous": asked.address(before=page.previous) if page.previous else "",
        "size": SIZE, "columns": _columns(asked), "file_at": f"{asked.listing.path}file/{asked.address()}",
        "kept_by_filters": asked.pairs_without(*(each["key"] for each in filters_of(asked))),
        "kept_by_columns": asked.pairs_without("columns"), "more_files": _more_files(asked),
        "views": saved_views.links_of(asked, views), "query": asked.address().removeprefix("?"),
        "actions": bulk.kinds_for(asked.listing, asked.reader).items(),
    }  # fmt: skip


def roles_of(reader: Reader) -> list[Role]:
    """For whom an administrator may choose the first view; nothing for others."""
    if not reader.can(saved_views.ADMINISTER):
        return []
    held = Posting.objects.filter(organisation=reader.scope.organisation).values("role")
    return list(Role.objects.filter(pk__in=held).order_by("code"))


def _more_files(asked: Asked) -> list[dict[str, Any]]:
    """What other apps offer beside the plain files: label, and where the file comes back to."""
    more = [(key, kind) for key, kind in list_file.formats_for(asked).items() if kind.back is not None]
    return [
        {"key": key, "label": kind.label, "back": dict(zip(("url", "label"), kind.back(asked), strict=True))}
        for key, kind in more
        if kind.back is not None
    ]


def _columns(asked: Asked) -> list[dict[str, Any]]:
    return [
        {"key": column.key, "label": column.label, "on": column in asked.columns, "fixed": column.head}
        for column in asked.listing.columns
    ]


@signed_in("POST")
def case_list_file(request: Any) -> HttpResponse:
    return as_file(request, asked_of(CASES, request.GET, request.reader))


def as_file(request: Any, asked: Asked) -> HttpResponse:
    """The file at once, the page of the job that writes it, or the page that names what Shift JIS does not have."""
    key = request.POST.get("format", "")
    key = key if key in list_file.formats_for(asked) else "xlsx"
    if not list_file.short_enough(asked):
        return redirect("job", pk=list_file.start(asked, kind=key, user=request.user.pk).pk)
    out, now, kind = io.BytesIO(), timezone.now(), list_file.FORMATS[key]
    lost = list_file.written(asked, out, kind=kind, now=now).lost
    if lost.cells and "anyway" not in request.POST:
        return render(
            request, "casework/list_lost.html", {"asked": asked, "lost": lost, "here": request.get_full_path()}
        )
    return made_now(out.getvalue(), list_file.file_name(asked, kind, now), kind.media_type)
