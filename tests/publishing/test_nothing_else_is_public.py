"""Every public page, followed link by link: what was released stands there, and no word of a case does."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin

import pytest
from django.db.models import CharField, TextField

from clair_portal.audit.models import Entry
from clair_portal.casework.models import Case, CaseFile, Note
from clair_portal.casework.services import add_note
from clair_portal.publishing.models import Publication
from clair_portal.walls.scope import acting
from offices.models import Feedback, OfficeReport, SupportRequest, WorkEntry
from offices.work.services import give_feedback, log_work
from tests.casework.travel import WAYS, case_in, draft, step
from tests.cast import NOW, TODAY, reader
from tests.conftest import WebClient

Browse = Callable[..., WebClient]
MARK = "ZZTOP"
LINK = re.compile(r'(?:href|action)="([^"#]+)')


@pytest.fixture
def released(cast: SimpleNamespace, browse: Browse) -> Publication:
    """A closed case full of marked words, a draft of another, and one story of which one sentence was left out."""
    case = _closed(cast)
    _mark_everything()
    hq = browse("hq_officer")
    taken = {"kind": "story", "language": "ja", "taken": ["countries", "topics", "title", "requester", "report"]}
    hq.post(f"/desk/cases/{case.pk}/story/", taken)
    hq.post(f"/desk/cases/{case.pk}/story/", taken)
    story = Publication.objects.order_by("pk")[0]
    assert MARK in story.title_ja + story.body_ja
    typed = {
        "title_ja": "港の再生", "summary_ja": "短い要約。", "body_ja": f"公開した文。{MARK}の文。", "countries": "GB", "topics": ["culture"],
        "organisations": "小樽市", "consent": f"{MARK} agreed", "consent_on": "2026-11-20", "version": 1,
    }  # fmt: skip
    assert hq.post(f"/desk/publications/{story.pk}/", typed).status_code == 302
    agreed = {
        "version": 2,
        "consent": f"{MARK} agreed",
        "consent_on": "2026-11-20",
        "agreed": "on",
        "summary_ja": ["0"],
        "body_ja": ["0"],
    }
    assert hq.post(f"/desk/publications/{story.pk}/release/", agreed).status_code == 302
    story.refresh_from_db()
    return story


def _closed(cast: SimpleNamespace) -> Case:
    case = case_in(cast, "in_progress")
    london, otaru = reader(cast, "london"), reader(cast, "otaru")
    with acting(london.scope):
        log_work(case, kind="briefing", day=TODAY, hours=1, summary="x", shared=True, actor=london, now=NOW)  # type: ignore[arg-type]
    case = step(cast, case, "london", "report")
    with acting(otaru.scope):
        give_feedback(case, score=5, comment="x", actor=otaru, now=NOW)
        add_note(case, body="x", shared=True, actor=otaru, now=NOW)
    assert WAYS["closed"][-1] == ("hq_officer", "close")
    draft(cast, "hakodate")
    return step(cast, case, "hq_officer", "close")


def _mark_everything() -> None:
    """Every free text of a case and of what hangs on it begins with the mark."""
    fixed = {"kind", "state", "holder", "origin", "due_zone", "side", "outcome", "interpreter", "number"}
    for model in (Case, SupportRequest, Note, CaseFile, OfficeReport, WorkEntry, Feedback):
        texts = [
            field.name for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField) and field.name not in fixed and not field.choices
        ]  # fmt: skip
        model.objects.update(**dict.fromkeys(texts, f"{MARK}."))
    Case.objects.filter(number__isnull=False).update(number=f"{MARK}-1")


def public_pages(client: WebClient) -> dict[str, str]:
    """All public pages that links lead to, with their text."""
    waiting, found = ["/ja/", "/en/", "/ja/feed.atom", "/en/feed.atom", "/api/v1/schema/"], {}
    for path in waiting:
        if path in found:
            continue
        answer = client.get(path)
        found[path] = answer.content.decode()
        if answer.status_code == 200:
            links = [urljoin(path, unescape(link)) for link in LINK.findall(found[path])]
            waiting += [link for link in links if re.match(r"/(ja|en|api)/", link) and link not in waiting]
    return found


@pytest.mark.parametrize("first_wall", [True, False])
def test_no_word_of_a_case_stands_on_a_public_page(
    browse: Browse, released: Publication, settings: Any, first_wall: bool
) -> None:
    settings.FIRST_WALL = first_wall
    pages = public_pages(browse(None))
    assert len(pages) >= 20
    assert [path for path, text in pages.items() if MARK in text] == []
    assert sum("公開した文。" in text for text in pages.values()) == 2
    assert sum("港の再生" in text for text in pages.values()) >= 8


def test_the_marks_would_be_found(browse: Browse, released: Publication) -> None:
    """The test above can fail: the same words stand on the pages of the desk."""
    case = Case.objects.exclude(filed_at=None).get()
    assert MARK in browse("otaru").get(f"/desk/cases/{case.pk}/").content.decode()
    assert any(MARK in str(entry.params) for entry in Entry.objects.all())
