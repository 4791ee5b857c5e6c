"""Desk and queue of texts with very many finished ones: what is done is not read again to find what is to be done."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from clair_portal.accounts.models import Posting
from clair_portal.publishing.content import desk, translating
from clair_portal.publishing.models import Item, PublishedText, Segment, SourceVersion, TranslatedSegment, Translation
from clair_portal.walls.scope import acting
from tests.cast import NOW, TODAY, reader
from tests.conftest import WebClient
from tests.publishing.content import along

Browse = Callable[..., WebClient]
SENTENCES = 5


def texts(
    cast: SimpleNamespace, name: str, count: int, *, approved: bool = True, public: int = 1, **of_public: Any
) -> None:
    """Texts of five sentences with an English version of which all are approved, or nothing is written."""
    who, mark = cast.people["newyork"].pk, "d" * 32
    items = Item.objects.bulk_create(
        Item(kind="release", slug=f"{name}-{n}", language="ja", title=f"{name} {n:03}", number=public)
        for n in range(count)
    )
    versions = SourceVersion.objects.bulk_create(
        SourceVersion(item=item, number=public, title=item.title) for item in items
    )
    found = Translation.objects.bulk_create(Translation(item=item, language="en") for item in items)
    for version, translation in zip(versions, found, strict=True):
        keys = [uuid.uuid4() for _place in range(SENTENCES)]
        Segment.objects.bulk_create(
            Segment(version=version, key=key, place=place, block=place, kind="title" if place == 0 else "paragraph",
                    text="文。", digest=mark, equals=["o" * 32, mark])
            for place, key in enumerate(keys)
        )  # fmt: skip
        if approved:
            TranslatedSegment.objects.bulk_create(
                TranslatedSegment(translation=translation, key=key, text="Text.", source_text="文。", source_digest=mark,
                                  source_version=1, approved_by=who, approved_at=NOW, pairs=[])
                for key in keys
            )  # fmt: skip
            PublishedText.objects.create(
                item=translation.item, kind="release", slug=translation.item.slug, language="en", source_language="ja",
                source_version=1, source_on=TODAY, title="Text", published_on=TODAY, released_on=TODAY,
                proof=[[str(key), mark] for key in keys], **of_public,
            )  # fmt: skip


@contextmanager
def counted() -> Iterator[list[int]]:
    """Rows that each statement brought about texts."""
    found: list[int] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if "publishing_" in sql:
            found.append(context["cursor"].rowcount)
        return answer

    with connection.execute_wrapper(count):
        yield found


@pytest.fixture
def linguist(cast: SimpleNamespace) -> SimpleNamespace:
    along.linguists(cast, london="translate", newyork="review")
    return cast


def test_two_hundred_finished_texts_are_not_read_to_find_one_that_waits(linguist: SimpleNamespace) -> None:
    texts(linguist, "done", 200)
    texts(linguist, "open", 1, approved=False)
    london = reader(linguist, "london")
    with acting(london.scope), counted() as rows:
        waiting = desk.waiting_for(london, TODAY)
    assert [row.translation.item.title for row in waiting] == ["open 000"]
    assert (len(rows), sum(rows)) == (5, 1 + 1 + SENTENCES)  # its languages, the text, its sentences


def test_the_queue_reads_no_sentence_of_what_is_finished(linguist: SimpleNamespace, browse: Browse) -> None:
    texts(linguist, "done", 200)
    texts(linguist, "open", 2, approved=False)
    with counted() as rows:
        page = browse("london").get("/desk/translations/")
    assert [row.translation.item.title for row in page.context["rows"]][:3] == ["open 000", "open 001", "done 000"]
    assert (len(page.context["rows"]), page.context["more"], page.context["sentences"]) == (200, True, 2 * SENTENCES)
    assert sum(rows) < 250
    assert "公開中" in page.content.decode()


def test_the_number_of_statements_does_not_grow_with_the_texts(linguist: SimpleNamespace, browse: Browse) -> None:
    london, asked = browse("london"), []
    for name, more in (("a", 1), ("b", 29)):
        texts(linguist, f"done-{name}", more)
        texts(linguist, f"open-{name}", more, approved=False)
        with counted() as rows:
            assert london.get("/desk/translations/").status_code == 200
        with counted() as of_desk:
            assert london.get("/desk/").status_code == 200
        asked.append((len(rows), len(of_desk)))
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("published", {"done", "whole"}), ("approved", {"done", "hidden", "behind", "whole"}), ("stale", {"behind"}),
        ("missing", {"open"}), ("", {"done", "hidden", "behind", "whole", "open"}),
    ],
)  # fmt: skip
def test_the_queue_finds_each_state_as_before(
    linguist: SimpleNamespace, browse: Browse, state: str, found: set[str]
) -> None:
    texts(linguist, "done", 1)
    texts(linguist, "hidden", 1, withdrawn_at=NOW)
    texts(linguist, "behind", 1, public=2)
    PublishedText.objects.filter(item__slug="behind-0").update(proof=[])
    texts(linguist, "whole", 1, whole=True)
    TranslatedSegment.objects.filter(translation__item__slug="whole-0").delete()
    texts(linguist, "open", 1, approved=False)
    rows = browse("london").get("/desk/translations/", {"state": state}).context["rows"]
    assert {row.translation.item.title.split()[0] for row in rows} == found


def test_what_is_told_apart_in_the_database_is_what_the_states_say(
    cast: SimpleNamespace, linguist: SimpleNamespace
) -> None:
    """Missing, older than the source, written, handed in, approved, minor changes, and given to somebody else."""
    item = along.item(cast)
    found = along.begin(cast, item)
    states: list[tuple[str, bool]] = []

    def look() -> None:
        work = translating.work_of(Translation.objects.select_related("item").get(pk=found.pk)).standing.work
        states.append((str(work), Translation.objects.unfinished().filter(pk=found.pk).exists()))
        assert Translation.objects.finished().filter(pk=found.pk).exists() != states[-1][1]

    look()
    along.translated(cast, item)
    look()
    along.approved(cast, along.handed_in(cast, found))
    look()
    along.edit(cast, item, along.BODY.replace("無料です。", "ただです。"), minor=True)
    look()
    along.edit(cast, item, along.BODY.replace("20名", "30名"))
    look()
    assert states == [
        ("missing", True), ("in_translation", True), ("approved", False), ("approved", False), ("stale", True),
    ]  # fmt: skip


def test_what_was_given_to_two_others_waits_for_them(linguist: SimpleNamespace) -> None:
    texts(linguist, "open", 1, approved=False)
    other = Posting.objects.get(person=linguist.people["hq_officer"])
    london = reader(linguist, "london")
    for names, waits in (({"reviewer": other}, 1), ({"translator": other}, 0)):
        Translation.objects.update(**names)
        with acting(london.scope):
            assert len(desk.waiting_for(london, TODAY)) == waits
