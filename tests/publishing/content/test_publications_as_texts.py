"""A released story is a text: what stands in Japanese and English is frozen, and further languages go through the queue."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from clair_portal.publishing.content import from_publication, releasing, translating
from clair_portal.publishing.models import Item, Publication, PublishedText
from clair_portal.walls.scope import acting
from tests.cast import NOW, reader
from tests.publishing.content import along
from tests.publishing.test_publications import Browse, released, story, typed

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


def test_paragraphs_of_another_build_are_known_as_a_whole(browse: Browse, story: Publication) -> None:
    released(browse, story, **ENGLISH | {"body_en": "Only one sentence."})
    item = Item.objects.get()
    assert item.translations.get(language="en").sentences.count() == 0
    assert PublishedText.objects.get(language="en").blocks == [{"kind": "paragraph", "lines": ["Only one sentence."]}]


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
