"""What happens on the pages of texts when somebody else has saved something meanwhile: nothing typed or ticked is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from clair_portal.publishing.content import services
from clair_portal.publishing.models import Item, PublishedText, Translation
from tests.conftest import WebClient
from tests.publishing.content import along

Browse = Callable[..., WebClient]


@pytest.fixture
def spring(cast: SimpleNamespace) -> Translation:
    along.linguists(cast, london="translate", newyork="review")
    return along.begin(cast, along.item(cast))


def test_only_the_version_that_was_seen_is_released(cast: SimpleNamespace, browse: Browse, spring: Translation) -> None:
    hq, item = browse("hq_officer"), spring.item
    url = f"/desk/texts/{item.pk}/ja/release/"
    assert '<input type="hidden" name="seen" value="1">' in hq.get(f"/desk/texts/{item.pk}/").content.decode()
    along.edit(cast, item, along.BODY.replace("20名", "30名"))
    late = hq.post(url, {"seen": 1})
    assert late.status_code == 422
    assert "このページを開いた後に第2版が保存されました。何も公開していません。" in late.content.decode()
    assert '<input type="hidden" name="seen" value="2">' in late.content.decode()
    assert hq.post(url).status_code == 422
    assert not PublishedText.objects.exists()
    assert hq.post(url, {"seen": 2}).status_code == 302
    assert PublishedText.objects.get().source_version == 2


def at(translation: Translation, rest: str = "") -> str:
    return f"/desk/translations/{translation.item_id}/{translation.language}/{rest}"


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="seen" value="([0-9a-f-]+:\d+)" checked', page))


def test_ticks_stay_where_one_of_the_sentences_was_changed_meanwhile(cast: SimpleNamespace, browse: Browse) -> None:
    along.linguists(cast, london="translate", newyork="review")
    found = along.handed_in(cast, along.translated(cast, along.item(cast)))
    marks = {row.text: f"{row.key}:{row.version}" for row in found.sentences.all()}
    changed = found.sentences.get(text="Plan")
    found.sentences.filter(pk=changed.pk).update(text="A plan", version=2)
    late = browse("newyork").post(at(found, "approve/"), {"seen": list(marks.values())})
    assert late.status_code == 422
    assert "“A plan”" in late.content.decode()
    assert ticked(late.content.decode()) == set(marks.values()) - {marks["Plan"]}
    assert found.sentences.exclude(approved_by=None).count() == 0


def test_one_button_approves_all_that_wait_as_the_reviewer_saw_them(cast: SimpleNamespace, browse: Browse) -> None:
    along.linguists(cast, london="translate", newyork="translate review")
    found = along.translated(cast, along.item(cast))
    own = found.sentences.get(text="Plan")
    along.say(cast, found, own.key, "The plan", "newyork")
    along.handed_in(cast, found)
    newyork = browse("newyork")
    page = newyork.get(at(found)).content.decode()
    assert "Approve all 8 sentences that wait" in page
    waiting = page.split('name="waiting" value="')[1].split('"')[0]
    assert newyork.post(at(found, "approve/"), {"waiting": waiting, "all": "1"}).status_code == 302
    assert [row.text for row in found.sentences.filter(approved_by=None)] == ["The plan"]


def test_note_and_confirmed_warnings_stay_where_a_sentence_is_refused(
    cast: SimpleNamespace, browse: Browse, spring: Translation
) -> None:
    source = services.sentences_of(spring.item)[2]
    sent = {
        "key": str(source.key),
        "digest": source.digest,
        "seen": 0,
        "text": "30",
        "note": "Ask Tokyo",
        "confirmed": ["number"],
    }
    page = browse("london").post(at(spring, "sentence/"), sent)
    assert page.status_code == 422
    assert 'name="note" maxlength="500" value="Ask Tokyo"' in page.content.decode()
    assert 'name="confirmed" value="number" checked>' in page.content.decode()
    assert 'name="confirmed" value="length">' in page.content.decode()
    late = browse("london").post(at(spring, "sentence/"), sent | {"seen": 5}).content.decode()
    assert 'value="Ask Tokyo"' in late
    assert 'name="confirmed" value="number" checked>' in late


def test_whoever_comes_second_to_a_source_reads_what_changed_and_can_save(
    cast: SimpleNamespace, browse: Browse, spring: Translation
) -> None:
    hq, item = browse("hq_officer"), spring.item
    along.edit(cast, item, along.BODY.replace("20名", "30名"))
    mine = {"title": along.TITLE, "summary": "短い説明。", "body": along.BODY, "seen": 1, "what": "説明を短く"}
    late = hq.post(f"/desk/texts/{item.pk}/edit/", mine)
    page = late.content.decode()
    assert late.status_code == 422
    assert "第1版を開いている間に、ほかの人が第2版を保存しました。" in page
    assert '<p lang="ja">定員は<del>20</del><ins>30</ins>名です。</p>' in page
    assert "短い説明。</textarea>" in page
    assert 'name="seen" value="2"' in page
    assert hq.post(f"/desk/texts/{item.pk}/edit/", mine | {"seen": 2}).status_code == 302
    assert services.newest(Item.objects.get()).summary == "短い説明。"


def test_a_version_that_never_was_is_no_way_round_what_others_saved(browse: Browse, spring: Translation) -> None:
    mine = {"title": "題", "body": "文。", "seen": 99}
    assert browse("hq_officer").post(f"/desk/texts/{spring.item_id}/edit/", mine).status_code == 422
    assert services.newest(spring.item).title == along.TITLE
