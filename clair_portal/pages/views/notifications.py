from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs, signed_in
from clair_portal.casework.presentation import when
from clair_portal.documents.services import attached
from clair_portal.outbox import notices, services
from clair_portal.outbox.models import Email, Job, Notification

PAGE = 50


def shown(notice: Notification) -> dict[str, Any]:
    """A notice in the reader's language."""
    heading, text = notices.rendered(notice.event, notice.params)
    return {
        "notice": notice,
        "heading": heading,
        "text": text,
        "when": when(notice.created_at),
        "unread": notice.read_at is None,
    }


@signed_in("GET", "POST")
def notifications(request: Any) -> HttpResponse:
    """All notices, newest first; POST marks them read."""
    own = Notification.objects.visible_to(request.scope)
    if request.method == "POST":
        own.filter(read_at=None).update(read_at=timezone.now())
        return redirect("notifications")
    page = own.order_by("-created_at", "-id")
    if (before := request.GET.get("before", "")) and (
        edge := own.filter(pk=before).first() if _is_uuid(before) else None
    ):
        page = page.filter(created_at__lt=edge.created_at)
    rows = list(page[: PAGE + 1])
    following = f"?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    return render(request, "pages/notifications.html", {"rows": [shown(row) for row in rows[:PAGE]], "next": following})


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@signed_in("POST")
def open_notice(request: Any, pk: UUID) -> HttpResponse:
    """Marks one notice read and goes to what it is about."""
    notice = get_object_or_404(Notification.objects.visible_to(request.scope), pk=pk)
    if notice.read_at is None:
        Notification.objects.filter(pk=notice.pk).update(read_at=timezone.now())
    return redirect(notice.path or "notifications")


@needs("outbox.manage")
def mails(request: Any) -> HttpResponse:
    """The post room: every mail with its life, the troubled ones first when asked."""
    state = request.GET.get("state", "")
    rows = Email.objects.visible_to(request.scope).defer("body").order_by("-created_at", "-id")
    states = [("", _("All")), *[(value, label) for value, label in Email._meta.get_field("state").choices or []]]
    if state in dict(states) and state:
        rows = rows.filter(state=state)
    context = {
        "rows": rows[:PAGE],
        "shows": [
            {"label": label, "url": f"?state={value}" if value != state else "?", "on": value == state and bool(value)}
            for value, label in states
        ],
    }
    return render(request, "pages/mails.html", context)


@needs("outbox.manage", "POST")
def mail_again(request: Any, pk: UUID) -> HttpResponse:
    email = get_object_or_404(Email.objects.visible_to(request.scope).defer("body"), pk=pk)
    try:
        services.send_again(email, now=timezone.now())
    except ValueError:
        messages.warning(request, _("This mail is on its way or was sent; it is not sent a second time."))
    else:
        messages.success(request, _("The mail to %(to)s will be sent again.") % {"to": email.to})
    return redirect("mails")


@signed_in()
def job(request: Any, pk: UUID) -> HttpResponse:
    """How far a long job is; the page reloads itself until it is done."""
    found = get_object_or_404(Job.objects.visible_to(request.scope), pk=pk)
    context = {
        "job": found,
        "running": found.state in ("queued", "retry", "in_flight"),
        "facts": {name: value for name, value in found.result.items() if name not in REPORT},
        "download": _download(found),
        "wait": 1 if timezone.now() - found.created_at < SHORT else 3,
    }
    return render(request, "pages/job.html", context)


SHORT = dt.timedelta(seconds=8)  # most documents are made in less
REPORT = ("report", "report_name")  # the result of clair_portal.reports.documents.make


def _download(found: Job) -> dict[str, str] | None:
    """Name and address of what a finished job made."""
    if found.file:
        return {"name": found.file_name, "url": reverse("job_file", args=[found.pk])}
    if "report" in found.result:
        return {"name": found.result["report_name"], "url": reverse("report_file", args=[found.result["report"]])}
    return None


@signed_in("POST")
def job_cancel(request: Any, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Job.objects.visible_to(request.scope), pk=pk)
    Job.objects.filter(pk=found.pk).update(cancel_asked_at=timezone.now())
    messages.info(request, _("The job stops at its next step; nothing it did is kept."))
    return redirect("job", pk=pk)


@signed_in()
def job_file(request: Any, pk: UUID) -> HttpResponseBase:
    """The result of a finished job."""
    found = get_object_or_404(Job.objects.visible_to(request.scope), pk=pk)
    if not found.file:
        raise Http404
    return attached(found.file, found.file_name, "")
