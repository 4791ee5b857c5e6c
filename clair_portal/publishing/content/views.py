"""Pages of translations: the queue, one translation side by side, review, sheets, and who does which language."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core import signing
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clair_portal.accounts.models import Posting
from clair_portal.accounts.rules import needs
from clair_portal.documents.services import inspect, made_now
from clair_portal.documents.sniffing import Refused as BadFile
from clair_portal.publishing.content import assigning, desk, presentation, rules, sheet, translating
from clair_portal.publishing.content.forms import AssignForm, LinguistForm, QueueForm, ReasonForm, SheetForm, number_of
from clair_portal.publishing.content.names import language_name
from clair_portal.publishing.content.notifications import path_of
from clair_portal.publishing.content.queries import TranslationQuerySet
from clair_portal.publishing.content.rules import Refused
from clair_portal.publishing.enums import LanguageState
from clair_portal.publishing.models import Linguist, PublishedText, Translation
from clair_portal.sheets.pages import Unreadable
from clair_portal.sheets.writing import XLSX_TYPE

SHOWN = 200
SALT = "publishing.sheet"


@needs(rules.READ)
def queue(request: Any) -> HttpResponse:
    """What is to be translated and reviewed: what is late first, then what is due."""
    form = QueueForm(request.GET)
    chosen, today = form.chosen(), timezone.localdate()
    found = Translation.objects.visible_to(request.scope).select_related(
        "item", "translator__person", "reviewer__person"
    )
    if chosen["language"]:
        found = found.filter(language=chosen["language"])
    rows = [row for row in desk.rows_of(list(found.unfinished()), request.reader, today) if _wanted(row, chosen)]
    rows += _finished(request, found, chosen, SHOWN + 1 - len(rows))
    rows.sort(key=lambda row: _first(row, today))
    context = {
        "form": form, "rows": rows[:SHOWN], "more": len(rows) > SHOWN, "asked": any(chosen.values()),
        "sentences": sum(row.standing.to_translate for row in rows), "characters": sum(row.characters for row in rows),
        "may_manage": request.reader.can(rules.MANAGE), "may_write": request.reader.can(rules.WRITE),
    }  # fmt: skip
    return render(request, "publishing/translations/queue.html", context)


def _finished(request: Any, found: TranslationQuerySet, chosen: dict[str, str], room: int) -> list[desk.Row]:
    """What is finished, in the order of the titles, as far as there is room; it waits for nobody and is never late."""
    states, today = ("", LanguageState.APPROVED, LanguageState.PUBLISHED, LanguageState.STALE), timezone.localdate()
    if chosen["whose"] or chosen["state"] not in states:
        return []
    finished = found.finished().with_public().order_by("item__title", "language", "pk")
    if chosen["state"] == LanguageState.STALE:  # only what is public of an older version can be
        finished = finished.filter(public_version__lt=F("item__number"))
    rows: list[desk.Row] = []
    for start in range(0, finished.count() if room > 0 else 0, SHOWN):
        some = desk.finished_rows(list(finished[start : start + SHOWN]), request.reader, today)
        rows += [row for row in some if _wanted(row, chosen)]
        if len(rows) >= room:
            break
    return rows[: max(room, 0)]


def _first(row: desk.Row, today: Any) -> tuple[Any, ...]:
    """What waits for the reader, then what is due, then what has no day, at last what is done."""
    return (
        not row.mine,
        row.done,
        row.due is None,
        row.due or today,
        row.translation.item.title,
        row.translation.language,
    )


def _wanted(row: desk.Row, chosen: dict[str, str]) -> bool:
    if chosen["state"] and chosen["state"] not in (row.standing.state, row.standing.work):
        return False
    return {"": True, "mine": bool(row.mine), "late": row.late}[chosen["whose"]]


# --- One translation ------------------------------------------------------------------------------------------------------
def _translation(request: Any, pk: int, language: str) -> Translation:
    found = Translation.objects.visible_to(request.scope).filter(item=pk, language=language)
    return get_object_or_404(found.select_related("item", "translator__person", "reviewer__person"))


@needs(rules.READ)
def translation(request: Any, pk: int, language: str) -> HttpResponse:
    return _page(request, _translation(request, pk, language))


def _page(request: Any, found: Translation, status: int = 200, **more: Any) -> HttpResponse:
    reader, work = request.reader, translating.work_of(found)
    lines = more.pop("lines", None) or presentation.lines_of(work, reader.person)
    translates = not rules.may_translate(found.language, reader)
    reviews = not rules.may_review(found.language, reader)
    waiting = work.standing.work == LanguageState.WAITING
    public = PublishedText.objects.filter(item=found.item, language=found.language, withdrawn_at=None).first()
    reader_may_manage = reader.can(rules.MANAGE)
    context = {
        "translation": found, "item": found.item, "language": language_name(found.language), "lines": lines,
        "source_language": language_name(found.item.language), "standing": work.standing,
        "state": LanguageState(work.standing.state).label, "work": LanguageState(work.standing.work).label,
        "whole": public if public is not None and public.whole else None, "writes": translates or reviews,
        "reviews": reviews and found.handed_in_at is not None,
        "may_hand_in": (translates or reviews) and not work.standing.to_translate and not waiting
        and work.standing.work != LanguageState.APPROVED,
        "assign_form": AssignForm(translation=found) if reader_may_manage else None, "back_form": ReasonForm(),
        "sheet_form": SheetForm(), "waiting": [each.seen for each in lines if each.approvable], **more,
    }  # fmt: skip
    return render(request, "publishing/translations/translation.html", context, status=status)


@needs(rules.READ, "POST")
def sentence(request: Any, pk: int, language: str) -> HttpResponse:
    """Saves one sentence; where it is refused, what was typed stays in its box with the reason beside it."""
    found, sent = _translation(request, pk, language), request.POST
    key, text = _key(sent.get("key", "")), sent.get("text", "")[:20_000]
    digest = sent.get("digest", "") if sent.get("follows") or not sent.get("former") else sent["former"]
    try:
        translating.translate(
            found, key=key, text=text, digest=digest, seen=number_of(sent.get("seen", "")), machine=bool(sent.get("machine")),
            confirmed=sent.getlist("confirmed"), note=sent.get("note", ""), actor=request.reader, now=timezone.now(),
        )  # fmt: skip
    except Refused as error:
        return _refused_sentence(request, found, key, text, error)
    messages.success(request, _("Saved."))
    return redirect(f"{path_of(found)}#s-{key}")


def _refused_sentence(request: Any, found: Translation, key: uuid.UUID, text: str, error: Refused) -> HttpResponse:
    lines = presentation.lines_of(translating.work_of(found), request.reader.person)
    note = request.POST.get("note", "")[:500]
    line = presentation.line_with(lines, key)
    if line is not None:
        line.typed, line.follows = text, bool(request.POST.get("follows"))
        line.machine_typed, line.typed_note = bool(request.POST.get("machine")), note
        line.confirmed = request.POST.getlist("confirmed")
        if isinstance(error, translating.NotConfirmed):
            line.remarks = error.remarks
        else:
            line.refusal = str(error)
            known = translating.all_remarks(found, line.source.text, text) if line.confirmed else []
            line.remarks = [each for each in known if each.code in line.confirmed]
    more = {"typed": text, "typed_note": note, "jump": key}
    return _page(request, found, 422, lines=lines, refusal="" if line else str(error), **more)


def _key(text: str) -> uuid.UUID:
    """The key of the sentence; one that no text has where something else was sent, so that the answer is a sentence."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)


@needs(rules.READ, "POST")
def hand_in(request: Any, pk: int, language: str) -> HttpResponse:
    found = _translation(request, pk, language)
    try:
        translating.hand_in(found, actor=request.reader, now=timezone.now())
    except Refused as error:
        return _page(request, found, 422, refusal=str(error))
    messages.success(request, _("Handed in. A reviewer has been told."))
    return redirect(path_of(found))


@needs(rules.READ, "POST")
def approve(request: Any, pk: int, language: str) -> HttpResponse:
    """The ticked sentences, or all that wait, as the reviewer saw them. Where it is refused, the ticks stay."""
    found = _translation(request, pk, language)
    sent = request.POST.get("waiting", "").split() if request.POST.get("all") else request.POST.getlist("seen")
    pairs = [each.partition(":") for each in sent[:2100]]
    seen = {_key(key): number_of(version) for key, _colon, version in pairs}
    try:
        if not seen:
            raise Refused(_("Tick the sentences you approve."))
        count = translating.approve(found, seen=seen, actor=request.reader, now=timezone.now())
    except Refused as error:
        lines = presentation.lines_of(translating.work_of(found), request.reader.person)
        for line in lines:
            line.ticked = seen.get(line.source.key) == line.version
        return _page(request, found, 422, refusal=str(error), lines=lines)
    said = ngettext("%(count)s sentence is approved.", "%(count)s sentences are approved.", count)
    messages.success(request, said % {"count": count})
    return redirect(path_of(found))


@needs(rules.READ, "POST")
def send_back(request: Any, pk: int, language: str) -> HttpResponse:
    found, form = _translation(request, pk, language), ReasonForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        translating.send_back(found, reason=reason, actor=request.reader, now=timezone.now())
    except Refused as error:
        return _page(request, found, 422, refusal=str(error), back_form=form)
    messages.success(request, _("Sent back. Whoever handed it in has been told."))
    return redirect(path_of(found))


@needs(rules.MANAGE, "POST")
def assign(request: Any, pk: int, language: str) -> HttpResponse:
    found = _translation(request, pk, language)
    form = AssignForm(request.POST, translation=found)
    if form.is_valid():
        try:
            assigning.assign(found, **form.cleaned_data, actor=request.reader, now=timezone.now())
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(path_of(found))
    return _page(request, found, 422, assign_form=form)


# --- Sheets ---------------------------------------------------------------------------------------------------------------
@needs(rules.READ, "POST")
def sheet_file(request: Any, pk: int, language: str) -> HttpResponse:
    found = _translation(request, pk, language)
    content = sheet.write(translating.work_of(found), now=timezone.now())
    return made_now(content, f"{found.item.slug}-{language}-v{found.item.number}.xlsx", XLSX_TYPE)


@needs(rules.READ, "POST")
def sheet_send(request: Any, pk: int, language: str) -> HttpResponse:
    """What a sheet would change; nothing is changed before it is confirmed."""
    found, form = _translation(request, pk, language), SheetForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            name, content, _media, _check = inspect(form.cleaned_data["sheet"])
            plan = sheet.read(found, name, content, actor=request.reader)
        except (BadFile, Unreadable, Refused) as error:
            form.add_error("sheet", str(error))
        else:
            return _plan(request, found, plan, name)
    return _page(request, found, 422, sheet_form=form)


def _plan(request: Any, found: Translation, plan: sheet.Plan, name: str, refusal: str = "") -> HttpResponse:
    context = {
        "translation": found, "item": found.item, "language": language_name(found.language), "plan": plan, "name": name,
        "path": path_of(found), "refusal": refusal, "sent": request.POST,
        "kept": signing.dumps(sheet.kept(plan, name, found), salt=SALT, compress=True),
    }  # fmt: skip
    status = 422 if refusal or plan.errors else 200
    return render(request, "publishing/translations/sheet.html", context, status=status)


@needs(rules.READ, "POST")
def sheet_take(request: Any, pk: int, language: str) -> HttpResponse:
    """Takes over what was shown; it is looked at again, as it stands now."""
    found = _translation(request, pk, language)
    try:
        plan, name = sheet.unkept(signing.loads(request.POST.get("kept", ""), salt=SALT, max_age=86400), found)
    except signing.BadSignature:
        return _page(
            request, found, 422, refusal=_("What the sheet would change was shown too long ago. Send it again.")
        )
    try:
        count = sheet.take(
            found, plan, name=name, machine=bool(request.POST.get("machine")), partly=bool(request.POST.get("partly")),
            warnings=bool(request.POST.get("warnings")), actor=request.reader, now=timezone.now(),
        )  # fmt: skip
    except Refused as error:
        return _plan(request, found, plan, name, str(error))
    said = ngettext("%(count)s sentence was taken over.", "%(count)s sentences were taken over.", count)
    messages.success(request, said % {"count": count})
    return redirect(path_of(found))


# --- People ---------------------------------------------------------------------------------------------------------------
@needs(rules.MANAGE, "GET", "POST")
def people(request: Any) -> HttpResponse:
    """Who translates into which language, and who reviews it."""
    form = LinguistForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            posting: Posting = form.cleaned_data.pop("posting")
            assigning.permit(posting, actor=request.reader, now=timezone.now(), **form.cleaned_data)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("translation_people")
    known = Linguist.objects.visible_to(request.scope).select_related("posting__person", "posting__organisation")
    rows = [(language_name(each.language), each) for each in known.order_by("language", "posting")]
    context = {"form": form, "rows": rows}
    return render(request, "publishing/translations/people.html", context, status=422 if form.is_bound else 200)
