"""The brief of an organisation on screen and on paper."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language

from clair_portal.accounts.directory import may_read_brief
from clair_portal.accounts.rules import signed_in
from clair_portal.network.models import Organisation
from clair_portal.reports import brief, pdf


def _asked(request: Any, pk: int) -> brief.Asked:
    """404 where the reader has no business: whether there is anything to tell is not told."""
    organisation = get_object_or_404(Organisation, pk=pk)
    if not may_read_brief(organisation, request.reader):
        raise Http404
    return brief.asked(organisation, request.reader, timezone.now())


@signed_in()
def brief_page(request: Any, pk: int) -> HttpResponse:
    asked = _asked(request, pk)
    context = {
        "organisation": asked.organisation, "title": brief.title_of(asked), "subtitle": brief.subtitle_of(asked),
        "sections": [_shown(section) for section in brief.sections(asked)],
    }  # fmt: skip
    return render(request, "reports/brief.html", context)


def _shown(section: brief.Section) -> dict[str, Any]:
    """Each cell with its head, which stands beside it on a phone."""
    first = section.rows[0] if section.rows else []
    return {
        "title": section.title, "rows": section.rows, "nothing": section.nothing,
        "columns": [(head, cell.number) for head, cell in zip(section.heads, first, strict=bool(first))],
        "cells": [list(zip(section.heads, row, strict=True)) for row in section.rows],
    }  # fmt: skip


@signed_in()
def brief_pdf(request: Any, pk: int) -> HttpResponse:
    """Small enough to be made at once."""
    asked = _asked(request, pk)
    made = brief.printed(asked, language=get_language() or "en")
    return pdf.download(made, f"{brief.title_of(asked)}.pdf".replace(":", " ").replace("：", " "))
