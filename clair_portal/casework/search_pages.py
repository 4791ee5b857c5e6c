"""The page of the search, and what the foundation looks for: cases, organisations, people, tasks, publications."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts import directory
from clair_portal.accounts.reader import Reader
from clair_portal.accounts.rules import signed_in
from clair_portal.casework.models import Case, Note
from clair_portal.casework.presentation import rows_of
from clair_portal.casework.search import Found, Item, Section, declare, ids_of, search, words_of
from clair_portal.casework.task_list import TASKS
from clair_portal.casework.text_search import section_of
from clair_portal.language.lookups import any_holds_every_word
from clair_portal.language.versions import version_of
from clair_portal.publishing.enums import State
from clair_portal.publishing.models import Publication
from clair_portal.publishing.queries import FOR_EDITORS
from clair_portal.publishing.services import PREPARE

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


def tasks(reader: Reader, text: str, shown: int) -> Found:
    """Tasks of one's own organisation on cases one sees, those to be done first."""
    wanted = TASKS.source(reader).filter(any_holds_every_word(text, "title"))
    rows = list(wanted.order_by(F("done_at").asc(nulls_first=True), "due_on", "-pk")[: shown + 1])
    items = [
        Item(
            row.title,
            reverse("case", args=[row.case_id]),
            " ".join(filter(None, [row.case.number, row.case.title, str(_("It is finished.")) if row.done_at else ""])),
        )
        for row in rows[:shown]
    ]
    return Found(items, f"{reverse('tasks')}?{urlencode({'q': text})}" if len(rows) > shown else "")


def publications(reader: Reader, text: str, shown: int) -> Found:
    """What is published, read where the public reads it; whoever prepares texts finds those that are not, too."""
    wanted = Publication.objects.visible_to(reader.scope).filter(any_holds_every_word(text, "title_ja", "title_en"))
    wanted = wanted if reader.can(PREPARE) else wanted.filter(state=State.PUBLISHED)
    rows = list(wanted.defer(*FOR_EDITORS).select_related("office").order_by("-changed_at", "-pk")[: shown + 1])
    language = get_language() or "en"
    items = [
        Item(
            str(getattr(row, f"title_{row.shown_in(language)}")),
            row.path(language) if row.state == State.PUBLISHED else reverse("publication", args=[row.pk]),
            " ".join(filter(None, [row.get_kind_display(), str(row.office or ""), str(State(row.state).label)])),
        )
        for row in rows[:shown]
    ]
    everywhere = "/desk/publications/" if reader.can(PREPARE) else f"/{version_of(language).code}/search/"
    return Found(items, f"{everywhere}?{urlencode({'q': text})}" if len(rows) > shown else "")


def _directory(text: str, show: str) -> str:
    return f"{reverse('directory')}?{urlencode({'q': text, 'show': show})}"


declare(Section("cases", _("Cases"), cases, 10))
declare(Section("organisations", _("Organisations"), organisations, 20))
declare(Section("people", _("People"), people, 30))
declare(Section("messages", _("Messages"), section_of(Note, "body"), 15))
declare(Section("tasks", _("Tasks"), tasks, 70))
declare(Section("publications", _("Publications"), publications, 80))
