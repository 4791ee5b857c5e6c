"""Handovers: one's own desk that ends, those one inherits, and those one administers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.models import Posting
from clair_portal.accounts.rules import signed_in
from clair_portal.reports import pdf
from clair_portal.staffing import desk, packs, paper
from clair_portal.staffing.forms import NotesForm
from clair_portal.staffing.models import HandoverPack
from clair_portal.staffing.queries import administers, desks

SHOWN = 100


@signed_in()
def handovers(request: Any) -> HttpResponse:
    """Mine, those I have taken over, and for administrators which desks have none yet."""
    reader, scope = request.reader, request.scope
    own = [post for post in reader.posts if post.holds]
    written = HandoverPack.objects.visible_to(scope).exclude(person=reader.person).select_related(
        "posting__person", "posting__organisation", "posting__role"
    ).order_by("-changed_at")[:SHOWN]  # fmt: skip
    context = {
        "own": own, "packs": written, "endings": desk.endings_here(reader), "administers": administers(scope),
    }  # fmt: skip
    return render(request, "staffing/handovers.html", context)


def _desk(request: Any, pk: int) -> tuple[Posting, HandoverPack | None]:
    """404 where the reader has no business."""
    rows = desks(request.scope).select_related("person", "organisation", "role")
    posting = get_object_or_404(rows, pk=pk)
    return posting, HandoverPack.objects.visible_to(request.scope).filter(posting=posting).first()


def _own_desk(request: Any, pk: int) -> tuple[Posting, HandoverPack | None]:
    """404 for everybody else: only the holder of a posting writes its handover."""
    posting, pack = _desk(request, pk)
    if posting.person_id != request.reader.person:
        raise Http404
    return posting, pack


@signed_in()
def handover(request: Any, pk: int) -> HttpResponse:
    posting, pack = _desk(request, pk)
    return _page(request, posting, pack, None)


def _page(request: Any, posting: Posting, pack: HandoverPack | None, form: NotesForm | None) -> HttpResponse:
    reader, language = request.reader, get_language() or "en"
    shown = packs.panels(posting, pack, reader, timezone.now(), language)
    packs.note_reading(posting, reader)
    mine = any(post.id == posting.pk and post.holds for post in reader.posts)
    initial = {"body": pack.body if pack else "", "version": pack.version if pack else 0}
    context = {
        "posting": posting, "pack": pack, "panels": [_shown(panel) for panel in shown], "mine": mine,
        "form": form or (NotesForm(initial=initial) if mine and not (pack and pack.signed_at) else None),
    }  # fmt: skip
    return render(request, "staffing/handover.html", context, status=422 if form else 200)


def _shown(panel: packs.Shown) -> dict[str, Any]:
    """Each cell with its head, which stands beside it on a phone."""
    return {
        "title": panel.title, "heads": panel.heads, "nothing": panel.nothing,
        "rows": [list(zip(panel.heads, row, strict=True)) for row in panel.rows],
    }  # fmt: skip


@signed_in("POST")
def notes(request: Any, pk: int) -> HttpResponse:
    """Saved by the button, and by itself two quiet seconds after a key."""
    posting, pack = _own_desk(request, pk)
    form = NotesForm(request.POST)
    if not form.is_valid():
        return _page(request, posting, pack, form)
    try:
        saved = packs.write_notes(posting, **form.cleaned_data, actor=request.reader, now=timezone.now())
    except PermissionError:
        form.add_error(None, _("The handover is signed off. Choose “Go on writing” first."))
        return _page(request, posting, pack, form)
    except packs.Conflict:
        form.add_error(
            None,
            _(
                "The notes were saved in another window meanwhile. Copy yours, open the page again and put both together."
            ),
        )
        return _page(request, posting, pack, form)
    if request.headers.get("X-Autosave"):
        return HttpResponse(status=204, headers={"X-Version": str(saved.version)})
    messages.success(request, _("The notes are saved. Your successor and your administrators can read them."))
    return redirect("handover", pk)


@signed_in("POST")
def sign(request: Any, pk: int) -> HttpResponse:
    """Signs off, or takes the signature back to go on writing."""
    _posting, pack = _own_desk(request, pk)
    try:
        if pack is None:
            raise ValueError
        if request.POST.get("again"):
            packs.write_on(pack, actor=request.reader)
            messages.success(request, _("You can go on writing."))
        else:
            packs.sign_off(pack, actor=request.reader, now=timezone.now())
            messages.success(request, _("The handover is signed off."))
    except ValueError:
        messages.warning(request, _("There are no notes yet. Write them first, then sign off."))
    return redirect("handover", pk)


@signed_in()
def pdf_file(request: Any, pk: int) -> HttpResponse:
    """Small enough to be made at once."""
    posting, pack = _desk(request, pk)
    language, now = get_language() or "en", timezone.now()
    shown = packs.panels(posting, pack, request.reader, now, language)
    packs.note_reading(posting, request.reader)
    made = paper.printed(posting, pack, shown, language=language, now=now)
    name = paper.title_of(posting).replace(":", " ").replace("：", " ")
    return pdf.download(made, f"{name}.pdf")
