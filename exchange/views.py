"""Sister and friendship ties for everybody: searched, as of a day, on a map, as a file, beside what others count."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clair_portal.accounts.for_everybody import public_page
from clair_portal.language.cldr import number
from clair_portal.language.words import in_japanese
from clair_portal.network.claims import Fact, side_by_side
from clair_portal.network.models import Claim
from clair_portal.open_data.files import csv_file
from clair_portal.sheets.writing import Value
from exchange import search
from exchange.drawn import points
from exchange.loading import GATHERED, SUBJECT, subject_of
from exchange.models import Tie
from exchange.totals import newest_total

PAGE = 50
NONE = search.Numbers()


@public_page
def ties(request: Any) -> HttpResponse:
    """The list in pages of fifty; 422 and the form again for what cannot be asked."""
    known, form = _form(request)
    if not form.is_valid():
        return render(request, "exchange/ties.html", {"form": form, "wrong": True}, status=422)
    found = search.find(form.cleaned_data)
    counts = search.counted(found, form.cleaned_data)
    rows = [
        {"country": each, "count": counts[each.code].inside} for each in known if counts.get(each.code, NONE).inside
    ]
    rows.sort(key=lambda row: (-row["count"], row["country"].code))
    drawn = points((row["country"].code, str(row["country"]), row["count"]) for row in rows)
    number, ended = (sum(getattr(each, name) for each in counts.values()) for name in ("inside", "ended"))
    facts = _facts(known)
    context = {
        "form": form, "rows": rows, "map": drawn, "facts": facts, "number": number, "ended": ended,
        "undated": sum(each.undated for each in counts.values()), "on": form.cleaned_data["on"], "gathered": GATHERED,
        "own": sum(each.listed for each in known), "published": newest_total(facts),
    }  # fmt: skip
    page = _page(request, search.shown(found, form.cleaned_data), number + ended)
    return render(request, "exchange/ties.html", context | page)


def _form(request: Any) -> tuple[list[Any], search.TieSearch]:
    """Countries with ties, and what is asked."""
    known, prefectures = search.choices()
    names = sorted(((each.code, str(each)) for each in known), key=lambda pair: pair[1])
    asked = {name: request.GET.get(name, "").replace("\0", "") for name in ("q", "country", "prefecture", "on")}
    return known, search.TieSearch(asked, names, prefectures)


def _page(request: Any, found: Any, number: int) -> dict[str, Any]:
    asked = request.GET.copy()
    text = asked.get("page", "")
    last = max(math.ceil(number / PAGE), 1)
    page = min(max(int(text), 1), last) if text.isascii() and text.isdecimal() and len(text) < 5 else 1
    asked.pop("page", None)
    query = asked.urlencode()
    return {
        "ties": [_line(tie) for tie in found[(page - 1) * PAGE : page * PAGE]], "page": page, "last": last, "query": query,
        "previous": f"?{query}&page={page - 1}" if page > 1 else "", "next": f"?{query}&page={page + 1}" if page < last else "",
    }  # fmt: skip


def _line(tie: Tie) -> dict[str, Any]:
    """Names of today where the body is known; otherwise as the source writes them."""
    return {"tie": tie, "body": tie.organisation or tie}


def _facts(known: list[Any]) -> list[Fact]:
    """What others publish, with our number of today where it counts the same."""
    scopes = {subject_of(each.code): (str(each), each.listed) for each in known}
    scopes[SUBJECT] = (_("World"), sum(each.listed for each in known))
    claims = Claim.objects.filter(subject__startswith=SUBJECT).order_by("subject", "claim", "-as_of", "id")
    return [_scoped(fact, *scopes.get(fact.subject, ("", 0))) for fact in side_by_side(claims)]


def _scoped(fact: Fact, scope: str, listed: int) -> Fact:
    ours = number(listed) if listed and fact.claims[0].claim == "sister ties" else ""
    return replace(fact, scope=scope, ours=ours)


@public_page
def ties_file(request: Any) -> HttpResponse:
    """Everything the list shows, all its pages, as CSV (UTF-8 with BOM), each line with its source and date."""
    _known, form = _form(request)
    if not form.is_valid():
        return render(request, "exchange/ties.html", {"form": form, "wrong": True}, status=422)
    heads = [
        _("Local government in Japan"), _("Code"), _("Partner abroad"), _("State or region"), _("Country"), _("Agreed"),
        _("Source"), _("As of"), pgettext("tie", "Ended"), _("Source of the end"), _("Note"),
    ]  # fmt: skip
    found = search.shown(search.find(form.cleaned_data), form.cleaned_data)
    return csv_file("sister_ties", heads, map(_row, found))


def _row(tie: Tie) -> list[Value]:
    body, code = (str(tie.organisation), tie.organisation.code) if tie.organisation else (_own_name(tie), "")
    return [
        body, code, tie.partner, tie.region, str(tie.country), tie.agreed, tie.source, tie.as_of, tie.ended,
        tie.ended_source, tie.noted["text"],
    ]  # fmt: skip


def _own_name(tie: Tie) -> str:
    return tie.name_ja if in_japanese() else tie.name_en
