"""Similar sentences of other texts: offered with how much alike they are and what differs, never taken over."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clair_portal.publishing.content import memory, services, translating
from clair_portal.publishing.models import TranslatedSegment, Translation
from tests.conftest import WebClient
from tests.publishing.content import along

Browse = Callable[..., WebClient]


@pytest.fixture
def second(cast: SimpleNamespace) -> Translation:
    """A text not translated yet; the sentences of another one are in the memory."""
    along.linguists(cast, london="translate", newyork="review")
    along.translated(cast, along.item(cast))
    other = along.item(
        cast, slug="autumn-call", title="秋の募集を始めます", summary="", body="申込みは9月10日からです。\n\n支部の窓口に連絡してください。\n\n桜がきれいに咲きました。",
    )  # fmt: skip
    return along.begin(cast, other)


def offered(translation: Translation) -> dict[str, list[tuple[int, str]]]:
    source = services.sentences_of(translation.item)
    found = memory.similar(translation, source)
    return {each.text: [(one.percent, one.offer.text) for one in found.get(each.digest, [])] for each in source}


def test_a_similar_sentence_is_offered_with_how_much_of_it_is_the_same(second: Translation) -> None:
    assert offered(second) == {
        "秋の募集を始めます": [(87, "The spring call opens")],
        "申込みは9月10日からです。": [(80, "Applications open on 1 May (5/1).")],
        "支部の窓口に連絡してください。": [(78, "Please contact your branch.")],
        "桜がきれいに咲きました。": [],
    }


def test_the_page_shows_the_difference_and_takes_nothing_over(browse: Browse, second: Translation) -> None:
    page = browse("london").get(f"/desk/translations/{second.item_id}/en/").content.decode()
    assert "似ている文(87%):「春の募集を始めます」(" in page
    assert "<del>春</del><ins>秋</ins>の募集を始めます" in page
    assert '<q lang="en">The spring call opens</q>' in page
    assert TranslatedSegment.objects.filter(translation=second).count() == 0


def test_the_same_sentence_is_offered_as_the_same_and_its_own_former_text_not_at_all(
    cast: SimpleNamespace, second: Translation
) -> None:
    first = Translation.objects.exclude(pk=second.pk).get()
    along.edit(cast, first.item, along.BODY.replace("20名", "30名"))
    assert offered(first)["定員は30名です。"] == []
    third = along.begin(cast, along.item(cast, slug="same"))
    assert offered(third)[along.TITLE] == []
    assert memory.offers(third, [services.sentences_of(third.item)[0].digest])


def test_another_language_has_a_memory_of_its_own(cast: SimpleNamespace, second: Translation) -> None:
    assert set(map(len, offered(along.begin(cast, second.item, "fr")).values())) == {0}


def test_a_page_of_a_hundred_sentences_asks_the_memory_once(cast: SimpleNamespace, second: Translation) -> None:
    long = along.begin(
        cast, along.item(cast, slug="long", body="\n\n".join(f"申込みは{n}月からです。" for n in range(100)))
    )
    work = translating.work_of(long)
    with CaptureQueriesContext(connection, ) as asked:  # fmt: skip
        memory.similar(long, work.source)
    assert len(asked) == 1


def test_sentences_translated_before_there_was_a_memory_are_caught_up_with(second: Translation) -> None:
    TranslatedSegment.objects.update(pairs=None)
    assert set(map(len, offered(second).values())) == {0}
    assert memory.catch_up() == "9 sentences can be found by similar ones"
    assert offered(second)["秋の募集を始めます"] == [(87, "The spring call opens")]


def test_a_text_of_a_machine_stays_one_when_it_is_taken_from_the_memory(
    cast: SimpleNamespace, second: Translation
) -> None:
    """Word for word, for the same sentence or one like it; not in another language, and not what somebody else wrote."""
    first = Translation.objects.exclude(pk=second.pk).get()
    first.sentences.filter(text__in=("The spring call opens", "Please contact your branch.")).update(machine=True)
    third = along.begin(cast, along.item(cast, slug="same"))
    french = along.begin(cast, third.item, "fr")
    source = {each.text: each.key for each in services.sentences_of(third.item)}
    along.say(cast, third, source[along.TITLE], " The spring call  opens ")
    along.say(cast, third, source["支部に連絡してください。"], "Ask your branch.")
    along.say(cast, third, source["費用は無料です。"], "It costs nothing.")
    along.linguists(cast, "fr", london="translate")
    along.say(cast, french, source[along.TITLE], "The spring call opens")
    similar = services.sentences_of(second.item)[1:]
    along.say(cast, second, next(each.key for each in similar if "支部" in each.text), "Please contact your branch.")
    assert dict(third.sentences.values_list("text", "machine")) == {
        "The spring call opens": True, "Ask your branch.": False, "It costs nothing.": False,
    }  # fmt: skip
    assert dict(french.sentences.values_list("text", "machine")) == {"The spring call opens": False}
    assert dict(second.sentences.values_list("text", "machine")) == {"Please contact your branch.": True}
