"""What is not public never enters the index, and what is withdrawn leaves it as its page goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.utils import timezone

from clair_portal.casework.models import Case
from clair_portal.outbox.handlers import do
from clair_portal.publishing.models import Page, Publication
from clair_portal.publishing.tree import changes
from clair_portal.search import indexing
from clair_portal.search.models import Document
from clair_portal.walls.scope import PUBLIC_SCOPE, acting
from tests.casework.travel import case_in
from tests.cast import TODAY, reader
from tests.conftest import WebClient

SECRET = "ひみつの視察"


def hits(typed: str) -> int:
    return WebClient().get("/ja/search/", {"q": typed}).content.decode().count("<li><h3")


@pytest.fixture
def published(cast: SimpleNamespace, tmp_path: Path, settings: Any) -> Callable[[], None]:
    """One turn of relay and workers. Only the two pages of a story are kept as files."""
    settings.PUBLISHED_TREE, settings.LANGUAGES = str(tmp_path / "published"), [("ja", "日本語"), ("en", "English")]

    def run() -> None:
        changes.take(timezone.now())
        rows = Page.objects.undone(timezone.now()).filter(family="story")
        for pk in list(rows.values_list("pk", flat=True)):
            do("page", pk, timezone.now())

    return run


def test_a_draft_is_not_found_a_release_is_and_a_withdrawn_one_goes_with_its_page(
    cast: SimpleNamespace, published: Callable[[], None]
) -> None:
    story = Publication.objects.create(
        slug="harbour",
        title_ja="港の再生",
        summary_ja="要約",
        body_ja="運河のはなし。",
        consent="yes",
        consent_on=TODAY,
        published_on=TODAY,
    )
    published()
    assert hits("港の再生") == 0
    Publication.objects.filter(pk=story.pk).update(state="published")
    published()
    assert (hits("港の再生"), hits("運河のはなし")) == (1, 1)
    Publication.objects.filter(pk=story.pk).update(state="withdrawn")
    published()
    assert Page.objects.get(path="/ja/stories/harbour/").status == 410
    assert (hits("港の再生"), Document.objects.filter(path="/stories/harbour/").count()) == (0, 0)


def test_words_of_a_case_are_found_by_staff_and_by_nobody_here(cast: SimpleNamespace, db: None) -> None:
    case = case_in(cast, "referred")
    Case.objects.filter(pk=case.pk).update(
        title=SECRET, search_text=SECRET, bigrams=["ひみ", "みつ", "つの", "の視", "視察"]
    )
    indexing.put_records()
    assert hits(SECRET) == 0
    assert not Document.objects.filter(folded__contains="ひみつの").exists()


@pytest.mark.parametrize("who", [None, "otaru", "london", "hq_officer"])
def test_nobody_who_reads_may_write_into_the_index(cast: SimpleNamespace, who: str | None) -> None:
    scope = reader(cast, who).scope if who else PUBLIC_SCOPE
    for statement in (
        "delete from search_document",
        "update search_document set title = 'x'",
        "delete from search_term",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), acting(scope), connection.cursor() as cursor:
            cursor.execute(statement)
