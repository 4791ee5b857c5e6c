"""A released story is a text: what stands in Japanese and English is frozen, and further languages go through the queue."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from clair_portal.publishing.content import from_publication, releasing, translating
from clair_portal.publishing.content.rules import Refused
from clair_portal.publishing.models import Item, Publication, PublishedText
from clair_portal.walls.scope import acting
from tests.cast import NOW, reader
from tests.publishing.content import along
from tests.publishing.test_publications import Browse, agreed, released, story, typed

__all__ = ["story"]
ENGLISH = {"title_en": "Learning from harbours", "body_en": "The first paragraph. The next sentence.\n\nThe second paragraph.", "summary_en": "A visit."}  # fmt: skip


def test_a_release_makes_a_text_whose_other_language_is_approved_already(browse: Browse, story: Publication) -> None:
    story = released(browse, story, **ENGLISH)
    item = Item.objects.get()
    assert (item.kind, item.slug, item.language, item.number) == ("story", story.slug, "ja", 1)
    assert str(from_publication.item_of(story)) == "港の再生に学ぶ"
    standing = translating.work_of(item.translations.get(language="en")).standing
    assert (standing.state, len(standing.sentences)) == ("published", 5)
    assert sorted(PublishedText.objects.values_list("language", "title")) == [
        ("en", "Learning from harbours"), ("ja", "港の再生に学ぶ"),
    ]  # fmt: skip


def test_paragraphs_of_another_build_are_known_as_a_whole_and_ask_nobody_to_translate(
    cast: SimpleNamespace, browse: Browse, story: Publication
) -> None:
    released(browse, story, **ENGLISH | {"body_en": "Only one sentence."})
    item = Item.objects.get()
    translation = item.translations.get(language="en")
    assert translation.sentences.count() == 0
    public = PublishedText.objects.get(language="en")
    assert (public.blocks, public.whole) == ([{"kind": "paragraph", "lines": ["Only one sentence."]}], True)
    standing = translating.work_of(translation).standing
    assert (standing.state, standing.to_translate) == ("published", 0)
    page = browse("hq_officer").get(f"/desk/translations/{item.pk}/en/").content.decode()
    assert "この言語で公開されている文章は、原文と一緒に、全体として書かれたものです。" in page
    assert "<p>Only one sentence.</p>" in page
    hq = reader(cast, "hq_officer")
    with acting(hq.scope), pytest.raises(Refused, match="as it was written with its source"):
        releasing.release(item, "en", actor=hq, now=NOW)


def test_another_build_takes_nothing_away_that_was_translated_before(
    cast: SimpleNamespace, browse: Browse, story: Publication
) -> None:
    story = released(browse, story, **ENGLISH)
    translation = Item.objects.get().translations.get(language="en")
    translation.sentences.update(note="checked with the port", machine=True)
    before = sorted(translation.sentences.values_list("key", "text", "note"))
    changed = typed(story, **ENGLISH | {"body_en": "Only one sentence."})
    assert browse("hq_officer").post(f"/desk/publications/{story.pk}/", changed).status_code == 302
    assert sorted(translation.sentences.values_list("key", "text", "note")) == before
    assert translating.work_of(translation).standing.state == "in_translation"  # nothing of it counts as what is public
    story.refresh_from_db()
    again = typed(story, **ENGLISH)
    assert browse("hq_officer").post(f"/desk/publications/{story.pk}/", again).status_code == 302
    assert translating.work_of(translation).standing.state == "published"
    assert sorted(translation.sentences.values_list("key", "text", "note")) == before
    assert not PublishedText.objects.get(language="en").whole


def test_sentences_of_a_whole_text_can_be_taken_up_one_by_one(
    cast: SimpleNamespace, browse: Browse, story: Publication
) -> None:
    released(browse, story, **ENGLISH | {"body_en": "Only one sentence."})
    item = Item.objects.get()
    along.linguists(cast, london="translate", newyork="review")
    found = along.translated(cast, item)
    assert translating.work_of(found).standing.state == "in_translation"
    assert PublishedText.objects.get(language="en").blocks[0]["lines"] == ["Only one sentence."]
    along.approved(cast, along.handed_in(cast, found))
    hq = reader(cast, "hq_officer")
    with acting(hq.scope):
        releasing.release(item, "en", actor=hq, now=NOW)
    public = PublishedText.objects.get(language="en")
    assert (public.whole, len(public.blocks)) == (False, 2)


def test_a_corrected_story_makes_translations_old_and_the_page_says_so(
    cast: SimpleNamespace, browse: Browse, story: Publication
) -> None:
    story = released(browse, story)
    item = Item.objects.get()
    along.linguists(cast, "vi", london="translate", newyork="review")
    found = along.begin(cast, item, "vi")
    for each, text in zip(releasing.sentences_of(item), ("Bến cảng", "Một chuyến thăm.", "Đoạn một.", "Câu sau.", "Đoạn hai."), strict=True):  # fmt: skip
        along.say(cast, found, each.key, text)
    stranger = browse(None)
    page = stranger.get(f"/vi/stories/{story.slug}/").content.decode()
    assert '<h1 lang="ja">港の再生に学ぶ</h1>' in page
    along.approved(cast, along.handed_in(cast, found))
    hq = reader(cast, "hq_officer")
    with acting(hq.scope):
        releasing.release(item, "vi", actor=hq, now=NOW)
    page = stranger.get(f"/vi/stories/{story.slug}/").content.decode()
    assert "<h1>Bến cảng</h1>" in page
    assert "<p>Đoạn một. Câu sau.</p>" in page
    assert "Bến cảng" in stranger.get("/vi/stories/").content.decode()
    assert "Bến cảng" in stranger.get("/vi/").content.decode()
    story.refresh_from_db()
    changed = typed(story, body_ja="一つ目の段落。直した文。\n\n二つ目の段落。")
    assert browse("hq_officer").post(f"/desk/publications/{story.pk}/", changed).status_code == 302
    page = stranger.get(f"/vi/stories/{story.slug}/").context["said"]
    assert [str(each).split(". ")[-1] for each in page] == ["Từ đó đến nay đã có 1 trên 5 câu thay đổi."]


def test_a_japanese_story_translated_into_english_is_english_wherever_readers_read_english(
    cast: SimpleNamespace, browse: Browse, story: Publication
) -> None:
    story = released(browse, story)
    item = Item.objects.get()
    along.linguists(cast, "en", london="translate", newyork="review")
    found = along.begin(cast, item, "en")
    for each, text in zip(releasing.sentences_of(item), ("Harbours", "A visit.", "One.", "Next.", "Two."), strict=True):
        along.say(cast, found, each.key, text)
    along.approved(cast, along.handed_in(cast, found))
    hq, stranger = reader(cast, "hq_officer"), browse(None)
    with acting(hq.scope):
        releasing.release(item, "en", actor=hq, now=NOW)
    page = stranger.get(f"/en/stories/{story.slug}/").content.decode()
    assert "<h1>Harbours</h1>" in page
    assert "<p>One. Next.</p>" in page
    assert "This page is a translation of the Japanese version" in page
    french = stranger.get(f"/fr/stories/{story.slug}/").content.decode()
    assert '<h1 lang="en">Harbours</h1>' in french
    assert "<h1>港の再生に学ぶ</h1>" in stranger.get(f"/ja/stories/{story.slug}/").content.decode()
    for path in ("en/", "en/stories/", "en/feed.atom", "fr/", "fr/stories/"):
        listed = stranger.get(f"/{path}").content.decode()
        assert ("Harbours" in listed, "港の再生に学ぶ" in listed) == (True, False), path


@pytest.mark.parametrize("gone", [{"body_en": ""}, {"title_en": ""}])
def test_without_its_english_text_a_story_is_japanese_on_every_page(
    browse: Browse, story: Publication, gone: dict[str, str]
) -> None:
    story = released(browse, story, **ENGLISH)
    changed = typed(story, **ENGLISH | gone)
    assert browse("hq_officer").post(f"/desk/publications/{story.pk}/", changed).status_code == 302
    assert list(PublishedText.objects.filter(withdrawn_at=None).values_list("language", flat=True)) == ["ja"]
    for language, sentence in (
        ("en", "This page exists in Japanese only."),
        ("vi", "Trang được hiển thị bằng tiếng Nhật."),
    ):
        page = browse(None).get(f"/{language}/stories/{story.slug}/").content.decode()
        assert '<h1 lang="ja">港の再生に学ぶ</h1>' in page
        assert "<p>一つ目の段落。次の文。</p>" in page
        assert sentence in page
        for path in ("", "stories/"):
            listed = browse(None).get(f"/{language}/{path}").content.decode()
            assert "港の再生に学ぶ" in listed
            assert "Learning from harbours" not in listed


def test_every_english_sentence_left_out_at_the_release_leaves_no_english_title(
    browse: Browse, story: Publication
) -> None:
    hq = browse("hq_officer")
    assert hq.post(f"/desk/publications/{story.pk}/", typed(story, **ENGLISH)).status_code == 302
    unticked = agreed(story, body_en=[])
    assert hq.post(f"/desk/publications/{story.pk}/release/", unticked).status_code == 302
    story.refresh_from_db()
    page = browse(None).get(f"/en/stories/{story.slug}/").content.decode()
    assert '<h1 lang="ja">港の再生に学ぶ</h1>' in page
    assert "This page exists in Japanese only." in page


def test_without_the_text_its_translations_are_made_from_a_story_is_read_in_the_other_language(
    browse: Browse, story: Publication
) -> None:
    story = released(browse, story, **ENGLISH)
    hq, japanese = browse("hq_officer"), {"body_ja": "", "title_ja": "", "summary_ja": ""}
    for body in ("Only English.", "Only English, mended."):
        changed = typed(story, **ENGLISH | japanese | {"body_en": body})
        assert hq.post(f"/desk/publications/{story.pk}/", changed).status_code == 302
        story.refresh_from_db()
        assert not PublishedText.objects.filter(withdrawn_at=None).exists()
    page = browse(None).get(f"/vi/stories/{story.slug}/").content.decode()
    assert '<h1 lang="en">Learning from harbours</h1>' in page
    assert "Only English, mended." in page
    assert "Trang được hiển thị bằng tiếng Anh." in page
    assert hq.post(f"/desk/publications/{story.pk}/", typed(story, **ENGLISH)).status_code == 302
    assert sorted(PublishedText.objects.filter(withdrawn_at=None).values_list("language", flat=True)) == ["en", "ja"]


def test_a_withdrawn_story_is_gone_in_every_language(browse: Browse, story: Publication) -> None:
    story = released(browse, story, **ENGLISH)
    browse("hq_officer").post(f"/desk/publications/{story.pk}/withdraw/", {"reason": "x"})
    assert PublishedText.objects.filter(withdrawn_at=None).count() == 0
    assert browse(None).get(f"/my/stories/{story.slug}/").status_code == 410


@pytest.mark.django_db
def test_stories_released_before_become_texts_once(browse: Browse, story: Publication) -> None:
    released(browse, story, **ENGLISH)
    Item.objects.all().delete()
    assert from_publication.catch_up() == "1 publications became texts"
    assert from_publication.catch_up() == "0 publications became texts"
    assert PublishedText.objects.count() == 2


def test_texts_released_before_the_mark_are_known_as_a_whole(browse: Browse, story: Publication) -> None:
    released(browse, story, **ENGLISH | {"body_en": "Only one sentence."})
    PublishedText.objects.update(whole=False)
    assert from_publication.mark_whole() == "1 texts are known as a whole only"
    assert list(PublishedText.objects.filter(whole=True).values_list("language", flat=True)) == ["en"]
