from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from clair_portal.accounts.rules import signed_in
from clair_portal.reports import documents
from clair_portal.reports.models import Report


@signed_in()
def report_file(request: Any, pk: UUID) -> HttpResponseBase:
    """A finished report, while it is kept and what it is about is there for the reader."""
    report = get_object_or_404(Report.objects.visible_to(request.scope).kept(timezone.now()), pk=pk)
    if not documents.may_still_read(report, request.reader) or not storages["documents"].exists(report.file):
        raise Http404
    response = FileResponse(
        storages["documents"].open(report.file),
        as_attachment=True,
        filename=report.file_name,
        content_type=report.media_type,
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
