from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.forms import InvitationForm, SheetForm
from clair_portal.accounts.invitation_sheet import Unreadable
from clair_portal.accounts.invitations import revoke_invitation
from clair_portal.accounts.rules import needs
from clair_portal.casework.list_pages import as_file, list_page
from clair_portal.casework.listing import asked_of
from clair_portal.network.models import Organisation
from clair_portal.pages import invitations as service
from clair_portal.pages.invitation_list import BADGES, INVITATIONS, kept_by
from clair_portal.staffing.inviting import RIGHT, invite
from clair_portal.ui.components.marks import badge
from clair_portal.walls.roles import HEADQUARTERS

KEPT = "invitation_sheet"  # session: the checked sheet that waits for its confirmation
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _anywhere(request: Any) -> bool:
    return bool(request.scope.role == HEADQUARTERS)


def _place(request: Any) -> dict[str, Any]:
    own = Organisation.objects.get(pk=request.scope.organisation)
    return {"organisation": own, "anywhere": _anywhere(request)}


@needs(RIGHT)
def invitations(request: Any) -> HttpResponse:
    """Newest first, with their states."""
    return list_page(request, INVITATIONS, "pages/invitations/list.html")


@needs(RIGHT, "POST")
def invitations_file(request: Any) -> HttpResponse:
    return as_file(request, asked_of(INVITATIONS, request.GET, request.reader))


@needs(RIGHT)
def invitation(request: Any, pk: UUID) -> HttpResponse:
    """One of them, and what can be done with it."""
    row = get_object_or_404(kept_by(request.reader), pk=pk)
    label, tone, fill = BADGES[row.state(timezone.now())]
    context = {"row": row, "state": row.state(timezone.now()), "badge": badge(label=label, tone=tone, fill=fill)}
    return render(request, "pages/invitations/invitation.html", context)


@needs(RIGHT, "GET", "POST")
def new(request: Any) -> HttpResponse:
    form = InvitationForm(request.POST or None, **_place(request))
    if request.method == "POST" and form.is_valid():
        sent = invite(form.save(commit=False), actor=request.reader, now=timezone.now())
        messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": sent.email})
        return redirect("invitations")
    return render(request, "pages/invitations/new.html", {"form": form}, status=422 if form.is_bound else 200)


@needs(RIGHT, "POST")
def revoke(request: Any, pk: UUID) -> HttpResponse:
    row = get_object_or_404(kept_by(request.reader), pk=pk)
    try:
        revoke_invitation(row, actor=request.reader, now=timezone.now())
    except ValueError:
        messages.warning(request, _("This invitation was used or revoked before. Nothing was changed."))
    else:
        messages.success(request, _("The invitation of %(email)s is revoked.") % {"email": row.email})
    return redirect("invitations")


@needs(RIGHT, "POST")
def again(request: Any, pk: UUID) -> HttpResponse:
    row = get_object_or_404(kept_by(request.reader), pk=pk)
    try:
        service.invite_again(row, actor=request.reader, now=timezone.now())
    except ValueError:
        messages.warning(request, _("This invitation was used. Nothing was sent."))
    else:
        messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": row.email})
    return redirect("invitations")


@needs(RIGHT, "GET", "POST")
def bulk(request: Any) -> HttpResponse:
    """First the dry run: what the sheet says and what is wrong with it. Nothing is written before it is confirmed."""
    form = SheetForm(request.POST or None, request.FILES or None, **_place(request))
    if request.method != "POST" or not form.is_valid():
        return render(request, "pages/invitations/bulk.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        sheet = service.check_sheet(
            form.cleaned_data["sheet"], organisation=form.organisation, actor=request.reader, now=timezone.now()
        )
    except Unreadable as error:
        form.add_error("sheet", str(error))
        return render(request, "pages/invitations/bulk.html", {"form": form}, status=422)
    _drop_kept(request)
    if not sheet.faults:
        name = service.keep_sheet(sheet)
        request.session[KEPT] = {"file": name, "organisation": form.organisation.pk, "count": len(sheet.rows)}
    context = {"sheet": sheet, "organisation": form.organisation, "first": sheet.rows[:10]}
    return render(request, "pages/invitations/bulk_check.html", context, status=422 if sheet.faults else 200)


def _drop_kept(request: Any) -> None:
    if kept := request.session.pop(KEPT, None):
        service.forget_sheet(kept["file"])


@needs(RIGHT, "POST")
def bulk_confirm(request: Any) -> HttpResponse:
    kept = request.session.pop(KEPT, None)
    if kept is None:
        messages.warning(request, _("The sheet was not kept. Send it once more."))
        return redirect("invitation_bulk")
    job = service.start_bulk(
        file=kept["file"], organisation=Organisation.objects.get(pk=kept["organisation"]), user=request.user.pk,
        actor=request.reader, now=timezone.now(),
    )  # fmt: skip
    return redirect("job", job.pk)


@needs(RIGHT)
def sheet(request: Any) -> HttpResponse:
    """The empty sheet with the headings."""
    name = {"Content-Disposition": 'attachment; filename="invitations.xlsx"'}
    return HttpResponse(service.empty_sheet(), content_type=XLSX, headers=name)
