"""Pages of the glossary: all terms with their words in one language, and one term in all languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs
from clair_portal.audit.sentences import in_language
from clair_portal.publishing.content import glossary, rules, terms
from clair_portal.publishing.content.forms import ReasonForm
from clair_portal.publishing.content.names import language_name
from clair_portal.publishing.content.rules import Refused
from clair_portal.publishing.content.term_forms import GlossaryForm, NewTermForm, TermForm
from clair_portal.publishing.models import Term

PAGE = 50


@needs(rules.READ)
def terms_list(request: Any) -> HttpResponse:
    """Terms with a search that needs no word boundaries, and what each is called in the chosen language."""
    form = GlossaryForm(request.GET.dict())
    asked = form.chosen()
    found = Term.objects.visible_to(request.scope).saying(asked["q"])
    found = found.exclude(retired_at=None) if asked["show"] == "retired" else found.in_use()
    if asked["show"] == "missing":
        found = found.exclude(words__has_key=asked["language"])
    page = Paginator(found.order_by("ja"), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "rows": [(term, glossary.forms(term, asked["language"])) for term in page.object_list],
        "asked": bool(asked["q"] or asked["show"]), "language": language_name(asked["language"]), "code": asked["language"],
        "total": page.paginator.count, "may_change": terms.may_change(request.reader),
        "previous": _page(asked, page.previous_page_number()) if page.has_previous() else "",
        "next": _page(asked, page.next_page_number()) if page.has_next() else "",
    }  # fmt: skip
    return render(request, "publishing/translations/terms.html", context)


def _page(asked: dict[str, str], number: int) -> str:
    return "?" + urlencode({**{name: value for name, value in asked.items() if value}, "page": str(number)})


@needs(rules.MANAGE, "GET", "POST")
def term_new(request: Any) -> HttpResponse:
    form = NewTermForm(request.POST or None, initial={"ja": request.GET.get("ja", "")[:120]})
    if request.method == "POST" and form.is_valid():
        try:
            made = terms.add(**form.values(), actor=request.reader, now=timezone.now())
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. Translators see the term from now on."))
            return redirect("term", pk=made.pk)
    context = {"form": form}
    return render(request, "publishing/translations/term.html", context, status=422 if form.is_bound else 200)


def _term(request: Any, pk: int) -> Term:
    return get_object_or_404(Term.objects.visible_to(request.scope), pk=pk)


@needs(rules.READ)
def term(request: Any, pk: int) -> HttpResponse:
    return _one(request, _term(request, pk))


def _one(request: Any, found: Term, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "term": found, "may_change": terms.may_change(request.reader), "form": TermForm(initial=_initial(found)),
        "words": [(language_name(code), code, glossary.forms(found, code)) for code in glossary.LANGUAGES],
        "reason_form": ReasonForm(), "who": in_language(found.signature) if found.signature else "", **more,
    }  # fmt: skip
    return render(request, "publishing/translations/term.html", context, status=status)


def _initial(found: Term) -> dict[str, Any]:
    words = {f"word_{code}": text for code, text in found.words.items()}
    return {**words, "note": found.note, "source": found.source, "seen": found.version}


@needs(rules.MANAGE, "POST")
def term_change(request: Any, pk: int) -> HttpResponse:
    """Where it is refused, what was typed stays in the form, with the sentence above it."""
    found, form = _term(request, pk), TermForm(request.POST)
    if form.is_valid():
        try:
            changed = terms.change(
                found, **form.values(), seen=form.cleaned_data["seen"] or 0, actor=request.reader, now=timezone.now()
            )
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect("term", pk=pk)
    return _one(request, found, 422, form=form)


@needs(rules.MANAGE, "POST")
def term_retire(request: Any, pk: int) -> HttpResponse:
    found, form = _term(request, pk), ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    done = _("Retired. Translators no longer see it; it stays in the list of retired terms.")
    return _done(request, found, lambda **more: terms.retire(found, reason=reason, **more), done, form)


@needs(rules.MANAGE, "POST")
def term_bring_back(request: Any, pk: int) -> HttpResponse:
    found = _term(request, pk)
    done = _("It is in use again.")
    return _done(request, found, lambda **more: terms.bring_back(found, **more), done, ReasonForm())


def _done(request: Any, found: Term, act: Callable[..., None], done: str, form: ReasonForm) -> HttpResponse:
    seen = request.POST.get("seen", "")
    try:
        act(
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0,
            actor=request.reader,
            now=timezone.now(),
        )
    except Refused as error:
        return _one(request, found, 422, refusal=str(error), reason_form=form)
    messages.success(request, done)
    return redirect("term", pk=found.pk)
