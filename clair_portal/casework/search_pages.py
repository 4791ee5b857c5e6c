"""The page of the search, and what the foundation looks for: cases, organisations, people."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts import directory
from clair_portal.accounts.reader import Reader
from clair_portal.accounts.rules import signed_in
from clair_portal.casework.models import Case
from clair_portal.casework.presentation import rows_of
from clair_portal.casework.search import Found, Item, Section, declare, ids_of, search, words_of

LONGEST = 200


@signed_in()
def search_page(request: Any) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = search(request.reader, text) if text else []
    return render(request, "casework/search.html", {"query": text, "found": found})


def cases(reader: Reader, text: str, shown: int) -> Found:
    ids = ids_of(words_of(text), shown + 1)
    rows = Case.objects.visible_to(reader.scope).for_list().filter(pk__in=ids).order_by("-pk")[:shown]
    items = [
        Item(
            row.case.title or _("No subject yet"),
            row.url,
            f"{row.case.number or _('draft')} {row.case.applicant}",
            row.badge,
        )
        for row in rows_of(rows, reader, timezone.now())
    ]
    return Found(items, f"{reverse('cases')}?{urlencode({'q': text})}" if len(ids) > shown else "")


def organisations(reader: Reader, text: str, shown: int) -> Found:
    rows = list(directory.organisations(directory.Asked(q=text), reader.today)[: shown + 1])
    items = [
        Item(
            str(row),
            reverse("organisation", args=[row.pk]),
            " ".join(filter(None, [row.get_kind_display(), str(row.parent or "")])),
        )
        for row in rows[:shown]
    ]
    return Found(items, _directory(text, directory.ORGANISATIONS) if len(rows) > shown else "")


def people(reader: Reader, text: str, shown: int) -> Found:
    rows = list(directory.people(directory.Asked(q=text), reader.scope, reader.today)[: shown + 1])
    items = [
        Item(str(row), reverse("person", args=[row.pk]), ", ".join(str(each.organisation) for each in row.current))  # type: ignore[attr-defined]
        for row in rows[:shown]
    ]
    return Found(items, _directory(text, directory.PEOPLE) if len(rows) > shown else "")


def _directory(text: str, show: str) -> str:
    return f"{reverse('directory')}?{urlencode({'q': text, 'show': show})}"


declare(Section("cases", _("Cases"), cases, 10))
declare(Section("organisations", _("Organisations"), organisations, 20))
declare(Section("people", _("People"), people, 30))
