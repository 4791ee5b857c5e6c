"""The page of the public search. It is live, never a file, and asks to be left out of other search engines."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import everybody, needs
from clair_portal.language.cldr import number
from clair_portal.publishing.services import RELEASE
from clair_portal.search import forms, kinds, misses, throttle
from clair_portal.search.finding import MOST_WORDS, Found, Hit
from clair_portal.search.services import search
from clair_portal.search.snippets import Marker


@everybody()
def search_page(request: Any) -> HttpResponse:
    asked = forms.read(request.GET)
    if asked.wrong or not asked.words:
        return _page(request, asked, None, status=422 if asked.wrong else 200)
    if not throttle.passes(request.META.get("REMOTE_ADDR", ""), time.time()):
        return _too_many(request, asked)
    language = get_language() or "en"
    found = search(asked, language, today=timezone.localdate())
    if not found.hits and 0 < found.pages < asked.page:  # an address kept since more was found
        return redirect(request.path + _address(asked, page=found.pages))
    return _page(request, asked, found)


def _too_many(request: Any, asked: forms.Asked) -> HttpResponse:
    sentence = _("Too many searches came from your network within a minute. Wait a minute and search again.")
    response = _page(request, replace(asked, wrong=sentence), None, status=429)
    response["Retry-After"] = "60"
    return response


@needs(RELEASE)
def misses_page(request: Any) -> HttpResponse:
    """For headquarters: what was searched in vain, by language and month."""
    months = misses.months(request.scope)
    month = next(
        (each for each in months if each.isoformat() == request.GET.get("month")), months[0] if months else None
    )
    known = dict(settings.LANGUAGES)
    language = request.GET.get("language", "") if request.GET.get("language", "") in known else ""
    rows = misses.of_month(request.scope, month, language) if month else []
    context = {"months": months, "month": month, "languages": list(known.items()), "language": language, "rows": rows,
               "needed": settings.SEARCH_MISSES_NEEDED, "names": known}  # fmt: skip
    return render(request, "search/misses.html", context)


def _page(request: Any, asked: forms.Asked, found: Found | None, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"asked": asked, "found": found, "kinds": _kinds(asked)}
    if found is not None:
        marker = Marker(asked.words)
        context["hits"] = [_shown(hit, marker) for hit in found.hits]
        context["count"] = _count(found)
        context["left_out"] = _not_searched(asked)
        context["previous"] = _address(asked, page=asked.page - 1) if asked.page > 1 else ""
        context["next"] = _address(asked, page=asked.page + 1) if found.following else ""
    response = render(request, "search/page.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, max-age=0"
    return response


def _not_searched(asked: forms.Asked) -> str:
    """Nothing that was typed is passed over in silence."""
    sentence = _("Not searched for: %(words)s. A search takes at most %(most)s words, each of two characters or more.")
    return sentence % {"words": " · ".join(asked.left_out), "most": MOST_WORDS} if asked.left_out else ""


def _count(found: Found) -> str:
    """1–20 of 143; of 1,000+ where counting stopped."""
    total = f"{number(found.total)}{'+' if found.more else ''}"
    return _("%(first)s–%(last)s of %(total)s") % {
        "first": number(found.first), "last": number(found.last), "total": total,
    }  # fmt: skip


def _shown(hit: Hit, marker: Marker) -> dict[str, Any]:
    row = hit.document
    return {
        "address": hit.address, "language": hit.language, "other": hit.other,
        "language_name": "" if row.record else get_language_info(hit.language)["name_local"],
        "kind": kinds.KINDS[row.kind].label if row.kind in kinds.KINDS else "", "title": marker.title(row.title, row.readings),
        "snippet": marker.snippet(row.description, row.text, row.readings),
    }  # fmt: skip


def _kinds(asked: forms.Asked) -> list[dict[str, Any]]:
    every = [("", _("All")), *((kind.key, kind.label) for kind in kinds.listed())]
    return [{"label": label, "url": _address(asked, kind=key), "current": key == asked.kind} for key, label in every]


def _address(asked: forms.Asked, *, kind: str | None = None, page: int = 1) -> str:
    chosen = asked.kind if kind is None else kind
    parts = {"q": asked.typed, "kind": chosen, "page": str(page) if page > 1 else ""}
    return "?" + urlencode({name: value for name, value in parts.items() if value})
