"""Pages of texts: all of them, a new one, its source, into which languages it goes, and what of it is public."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs
from clair_portal.publishing.content import assigning, desk, presentation, releasing, rules, services
from clair_portal.publishing.content.forms import (
    AskForm,
    NewTextForm,
    ReasonForm,
    SourceForm,
    TextsForm,
    number_of,
    source_form,
)
from clair_portal.publishing.content.kinds import empty_places, label_of, path_of, places_of
from clair_portal.publishing.content.names import language_name
from clair_portal.publishing.content.rules import Overtaken, Refused
from clair_portal.publishing.enums import LanguageState
from clair_portal.publishing.models import Item, PublishedText, SourceVersion

PAGE = 50


@needs(rules.READ)
def texts(request: Any) -> HttpResponse:
    """All texts, what was changed last first, fifty on a page; by words of title or address."""
    form = TextsForm(request.GET)
    asked = form.asked()
    found = Item.objects.visible_to(request.scope).named(asked).order_by("-changed_at", "-pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    items = list(page.object_list)
    public = desk.public_languages(items)
    rows = [
        (each, label_of(each.kind), language_name(each.language), [language_name(code) for code in public[each.pk]])
        for each in items
    ]
    may_write = _may_write(request)
    context = {
        "form": form, "rows": rows, "asked": asked, "total": page.paginator.count, "may_write": may_write,
        "places": empty_places() if may_write and not asked else [],
        "previous": _address(asked, page.previous_page_number()) if page.has_previous() else "",
        "next": _address(asked, page.next_page_number()) if page.has_next() else "",
    }  # fmt: skip
    return render(request, "publishing/translations/texts.html", context)


def _address(asked: str, number: int) -> str:
    return "?" + urlencode(({"q": asked} if asked else {}) | {"page": str(number)})


def _may_write(request: Any) -> bool:
    try:
        rules.need_source(request.reader)
    except Refused:
        return False
    return True


def _item(request: Any, pk: int) -> Item:
    return get_object_or_404(Item.objects.visible_to(request.scope), pk=pk)


@needs(rules.WRITE, "GET", "POST")
def new_text(request: Any) -> HttpResponse:
    form = NewTextForm(request.POST or None, initial=_asked_for(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            item = services.create(
                kind=data["kind"], slug=data["slug"], language=data["language"], **form.texts(), actor=request.reader,
                now=timezone.now(),
            )  # fmt: skip
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. Nothing of it is public yet."))
            return redirect("text", pk=item.pk)
    context = {"form": form, "may_write": _may_write(request)}
    return render(request, "publishing/translations/edit.html", context, status=422 if form.is_bound else 200)


def _asked_for(request: Any) -> dict[str, str]:
    """What a link to the page has chosen: a place that waits for a text."""
    kind, slug = request.GET.get("kind", ""), request.GET.get("slug", "")
    return {"kind": kind, "slug": slug} if slug in (places_of(kind) or {}) else {}


@needs(rules.WRITE, "GET", "POST")
def edit_text(request: Any, pk: int) -> HttpResponse:
    """The source. What is saved is a new version; what is public stays until it is released."""
    item, changed = _item(request, pk), []
    form = source_form(item, services.newest(item), request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            version = services.edit(
                item,
                **form.texts(),
                seen=data["seen"] or 0,
                minor=data["minor"],
                actor=request.reader,
                now=timezone.now(),
            )
        except Overtaken as error:
            item = _item(request, pk)
            changed = presentation.changed_source(item, data["seen"] or 0)
            form = _with_newest(item, request, str(error))
        except Refused as error:
            form.add_error(None, str(error))
        else:
            said = (
                _("Version %(number)s is saved.") % {"number": version.number} if version else _("Nothing was changed.")
            )
            messages.success(request, said)
            return redirect("text", pk=pk)
    context = {"form": form, "item": item, "changed": changed, "may_write": _may_write(request)}
    return render(request, "publishing/translations/edit.html", context, status=422 if form.is_bound else 200)


def _with_newest(item: Item, request: Any, refusal: str) -> SourceForm:
    """What was typed, against the newest version: whoever has read what changed can save it."""
    sent = request.POST.copy()
    sent["seen"] = str(item.number)
    form = source_form(item, services.newest(item), sent)
    form.add_error(None, refusal)
    return form


@needs(rules.READ)
def text(request: Any, pk: int) -> HttpResponse:
    return _page(request, _item(request, pk))


def _page(request: Any, item: Item, status: int = 200, **more: Any) -> HttpResponse:
    translations = list(item.translations.select_related("item", "translator__person", "reviewer__person"))
    rows = desk.rows_of(translations, request.reader, timezone.localdate())
    rows.sort(key=lambda row: rules.place_of(row.translation.language))
    left = [
        code
        for code in rules.languages()
        if code != item.language and code not in {each.language for each in translations}
    ]
    public = {each.language: each for each in PublishedText.objects.filter(item=item, withdrawn_at=None)}
    source = public.get(item.language)
    context = {
        "item": item, "kind": label_of(item.kind), "language": language_name(item.language), "version": services.newest(item),
        "source_now": {"blocks": releasing.bare_blocks(services.sentences_of(item), item.language)},
        "rows": [(row, public.get(row.translation.language), _may_release(row, source, item)) for row in rows],
        "source": source, "source_waits": source is None or source.source_version != item.number,
        "versions": SourceVersion.objects.filter(item=item).order_by("-number")[:20],
        "ask_form": AskForm(left=left), "left": left, "reason_form": ReasonForm(), "may_write": _may_write(request),
        "may_manage": request.reader.can(rules.MANAGE), "may_release": request.reader.can(rules.RELEASE),
        "public_url": path_of(item.kind, item.slug, get_language() or "en"), **more,
    }  # fmt: skip
    return render(request, "publishing/translations/text.html", context, status=status)


def _may_release(row: desk.Row, source: PublishedText | None, item: Item) -> bool:
    """Whether releasing this language would change what the public reads."""
    if row.standing.work != LanguageState.APPROVED or source is None or source.source_version != item.number:
        return False
    return row.standing.state != LanguageState.PUBLISHED


@needs(rules.MANAGE, "POST")
def ask(request: Any, pk: int) -> HttpResponse:
    """Begins translations into the chosen languages."""
    item = _item(request, pk)
    form = AskForm(request.POST, left=[code for code in rules.languages() if code != item.language])
    if not form.is_valid():
        return _page(request, item, 422, ask_form=form)
    assigning.ask(item, **form.cleaned_data, actor=request.reader, now=timezone.now())
    messages.success(request, _("It stands in the queue now."))
    return redirect("text", pk=pk)


@needs(rules.RELEASE, "POST")
def release_text(request: Any, pk: int, language: str) -> HttpResponse:
    """The version that was before them when they pressed the button, and no newer one."""
    item, seen = _item(request, pk), number_of(request.POST.get("seen", ""))
    try:
        releasing.release(item, language, seen=seen, actor=request.reader, now=timezone.now())
    except Refused as error:
        return _page(request, _item(request, pk), 422, refusal=str(error))
    messages.success(request, _("It is public now."))
    return redirect("text", pk=pk)


@needs(rules.RELEASE, "POST")
def withdraw_text(request: Any, pk: int, language: str) -> HttpResponse:
    item, form = _item(request, pk), ReasonForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        releasing.withdraw(item, language, reason=reason, actor=request.reader, now=timezone.now())
    except Refused as error:
        return _page(request, item, 422, refusal=str(error), reason_form=form)
    messages.success(request, _taken_off(item, language))
    return redirect("text", pk=pk)


def _taken_off(item: Item, language: str) -> str:
    if language == item.language:
        return _("It is no longer public; its address says so.")
    return _("It is no longer public in %(language)s. Its readers now get another language and are told which.") % {
        "language": language_name(language)
    }


@needs(rules.WRITE, "POST")
def rename_text(request: Any, pk: int) -> HttpResponse:
    item = _item(request, pk)
    try:
        services.rename(item, slug=request.POST.get("slug", "")[:200], actor=request.reader, now=timezone.now())
    except Refused as error:
        return _page(request, item, 422, refusal=str(error), typed_slug=request.POST.get("slug", "")[:200])
    messages.success(request, _("Saved. The old address leads to the new one."))
    return redirect("text", pk=pk)
