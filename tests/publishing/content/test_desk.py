"""The pages of translators and reviewers, in Japanese as they read them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from clair_portal.audit.models import Entry
from clair_portal.outbox.models import Message
from clair_portal.publishing.content import presentation, services
from clair_portal.publishing.content.rules import Refused
from clair_portal.publishing.models import Item, Translation
from tests.conftest import WebClient
from tests.publishing.content import along

Browse = Callable[..., WebClient]


@pytest.fixture
def spring(cast: SimpleNamespace) -> Translation:
    along.linguists(cast, london="translate", newyork="review")
    return along.begin(cast, along.item(cast))


def at(translation: Translation, rest: str = "") -> str:
    return f"/desk/translations/{translation.item_id}/{translation.language}/{rest}"


def typed(translation: Translation, place: int, text: str, **more: Any) -> dict[str, Any]:
    source = services.sentences_of(translation.item)[place]
    former = translation.sentences.filter(key=source.key).first()
    return {
        "key": str(source.key), "digest": source.digest, "seen": former.version if former else 0, "text": text,
        "confirmed": ["length", "number", "script"],
    } | more  # fmt: skip


def test_a_text_goes_from_headquarters_through_translator_and_reviewer_to_the_public(
    cast: SimpleNamespace, browse: Browse
) -> None:
    along.linguists(cast, london="translate", newyork="review")
    hq, london, newyork = browse("hq_officer"), browse("london"), browse("newyork")
    new = {
        "kind": "release",
        "slug": "opening",
        "language": "ja",
        "title": "開所のお知らせ",
        "body": "事務所が開きます。",
    }
    assert hq.post("/desk/texts/new/", new).status_code == 302
    item = Item.objects.get()
    assert hq.post(f"/desk/texts/{item.pk}/ask/", {"languages": ["en"], "due_on": "2026-11-30"}).status_code == 302
    assert "開所のお知らせ" in london.get("/desk/translations/?language=en&whose=mine").content.decode()
    assert "開所のお知らせ" in london.get("/desk/").content.decode()
    found = Translation.objects.get()
    for place, text in enumerate(("An office opens", "The office opens.")):
        assert london.post(at(found, "sentence/"), typed(found, place, text)).status_code == 302
    assert london.post(at(found, "hand-in/")).status_code == 302
    assert Message.objects.filter(event="publishing.translation.to_review").count() == 1
    ticked = [f"{row.key}:{row.version}" for row in found.sentences.all()]
    assert newyork.post(at(found, "approve/"), {"seen": ticked}).status_code == 302
    assert browse(None).get("/en/releases/opening/").status_code == 404
    for language in ("ja", "en"):
        assert hq.post(f"/desk/texts/{item.pk}/{language}/release/", {"seen": 1}).status_code == 302
    assert "The office opens." in browse(None).get("/en/releases/opening/").content.decode()
    events = [entry.event for entry in Entry.objects.about(item)]
    assert events == [
        "publishing.item.created", "publishing.translation.handed_in", "publishing.translation.approved",
        "publishing.text.released", "publishing.text.released",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "more", "sentence"),
    [
        ("", {}, "訳文が空です。訳文を書くか、この文を後に回してください。"),
        ("There are 30 places.", {"confirmed": []}, "数字が違います。原文だけにあるもの:20、訳文だけにあるもの:30。"),
        ("There are 20 places.", {"seen": 7}, "開いている間に?がこの文を「」と保存しました。上書きはしていません。"),
        ("There are 20 places.", {"digest": "0" * 32}, "翻訳している間に、この文の原文が変わりました。もう一度見てください。"),
    ],
)  # fmt: skip
def test_what_is_refused_stays_in_its_box_with_the_reason(
    browse: Browse, spring: Translation, text: str, more: dict[str, Any], sentence: str
) -> None:
    answer = browse("london").post(at(spring, "sentence/"), typed(spring, 3, text) | more)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert f">{text}</textarea>" in answer.content.decode()
    assert spring.sentences.count() == 0


def test_of_two_who_save_the_same_sentence_the_second_is_told(
    cast: SimpleNamespace, browse: Browse, spring: Translation
) -> None:
    first = typed(spring, 3, "There are 20 places.")
    assert browse("london").post(at(spring, "sentence/"), first).status_code == 302
    late = browse("newyork").post(at(spring, "sentence/"), first | {"text": "20 people can come."})
    assert "佐伯 悠(ロンドン事務所)" in late.content.decode() or "Yu Saeki" in late.content.decode()
    assert spring.sentences.get().text == "There are 20 places."
    assert browse("newyork").post(at(spring, "sentence/"), typed(spring, 4, "How to apply")).status_code == 302


def test_machine_translation_says_so_for_ever_and_who_confirmed_it(
    cast: SimpleNamespace, browse: Browse, spring: Translation
) -> None:
    london = browse("london")
    london.post(at(spring, "sentence/"), typed(spring, 4, "How to apply", machine="1"))
    london.post(at(spring, "sentence/"), typed(spring, 4, "How you apply"))
    row = spring.sentences.get()
    assert (row.text, row.machine, row.version) == ("How you apply", True, 2)
    assert "機械翻訳です。この印は残ります。" in london.get(at(spring)).content.decode()


def test_nobody_approves_their_own_sentence_and_translating_is_not_reviewing(
    cast: SimpleNamespace, browse: Browse
) -> None:
    along.linguists(cast, london="translate review", newyork="translate")
    found = along.handed_in(cast, along.translated(cast, along.item(cast)))
    title_first = sorted(found.sentences.all(), key=lambda row: row.text != "The spring call opens")
    ticked = {"seen": [f"{row.key}:{row.version}" for row in title_first]}
    own = browse("london").post(at(found, "approve/"), ticked)
    assert "「The spring call opens」はあなた自身の訳文です。ほかの人が承認します。" in own.content.decode()
    other = browse("newyork").post(at(found, "approve/"), ticked)
    assert other.status_code == 422
    assert "You are not a reviewer for this language." in other.content.decode()
    assert found.sentences.exclude(approved_by=None).count() == 0


def test_what_comes_back_says_why(cast: SimpleNamespace, browse: Browse) -> None:
    along.linguists(cast, london="translate", newyork="review")
    found = along.handed_in(cast, along.translated(cast, along.item(cast)))
    assert browse("newyork").post(at(found, "send-back/"), {"reason": " "}).status_code == 422
    assert browse("newyork").post(at(found, "send-back/"), {"reason": "Say “places”."}).status_code == 302
    assert "Say “places”." in browse("london").get(at(found)).content.decode()
    told = Message.objects.get(event="publishing.translation.returned")
    assert (told.params["reason"], told.params["title"]) == ("Say “places”.", "春の募集を始めます")


def test_the_page_shows_what_has_changed_in_the_source(
    cast: SimpleNamespace, browse: Browse, spring: Translation
) -> None:
    found = along.translated(cast, spring.item)
    along.edit(cast, found.item, along.BODY.replace("20名", "30名"))
    london = browse("london")
    assert "定員は<del>20</del><ins>30</ins>名です。" in london.get(at(found)).content.decode()
    row = found.sentences.get(text="There are 20 places.")
    mended = typed(found, 3, "There are twenty places (20).", former=row.source_digest)
    assert london.post(at(found, "sentence/"), mended).status_code == 302
    row.refresh_from_db()
    assert (row.text, row.source_text) == ("There are twenty places (20).", "定員は20名です。")
    followed = typed(found, 3, "There are 30 places.", former=row.source_digest, follows="1")
    assert london.post(at(found, "sentence/"), followed).status_code == 302
    row.refresh_from_db()
    assert (row.text, row.source_text, row.source_version) == ("There are 30 places.", "定員は30名です。", 2)


def test_identical_sentences_of_other_texts_are_offered_with_where_they_are_from(
    cast: SimpleNamespace, browse: Browse, spring: Translation
) -> None:
    along.translated(cast, spring.item)
    other = along.begin(cast, along.item(cast, slug="autumn-call", title="秋の募集", body="費用は無料です。"))
    page = browse("london").get(at(other)).content.decode()
    assert "「春の募集を始めます」(佐伯 悠(ロンドン事務所))の同じ文:" in page
    assert "It costs nothing." in page


def test_headquarters_decides_who_translates_and_who_reviews(
    cast: SimpleNamespace, browse: Browse, spring: Translation
) -> None:
    hq = browse("hq_officer")
    page = hq.get(at(spring)).content.decode()
    london, newyork = (page.split(f">{name}")[0].rsplit('value="', 1)[1].split('"')[0] for name in ("佐伯", "David"))
    same = hq.post(at(spring, "assign/"), {"translator": london, "reviewer": london})
    assert same.status_code == 422
    both = {"translator": london, "reviewer": newyork, "due_on": "2026-12-01", "review_due_on": "2026-11-30"}
    late = hq.post(at(spring, "assign/"), both)
    assert "確認の期限が翻訳の期限より前です。どちらかの日付を変えてください。" in late.content.decode()
    assert hq.post(at(spring, "assign/"), both | {"review_due_on": "2026-12-05"}).status_code == 302
    assert Message.objects.filter(event="publishing.translation.asked").count() == 1
    assert hq.get("/desk/translations/people/").status_code == 200
    assert browse("london").get("/desk/translations/people/").status_code == 403


def test_whoever_has_no_language_reads_along(cast: SimpleNamespace, browse: Browse, spring: Translation) -> None:
    hq = browse("hq_approver")
    assert "見るだけのページです。" in hq.get(at(spring)).content.decode()
    assert hq.post(at(spring, "sentence/"), typed(spring, 4, "How to apply")).status_code == 422
    assert browse("otaru").get(at(spring)).status_code == 403
    assert (
        browse("london").post(at(spring, "sentence/").replace("/en/", "/tlh/"), typed(spring, 4, "x")).status_code
        == 404
    )


def test_what_waits_for_the_reader_stands_first_and_what_is_done_last(
    cast: SimpleNamespace, browse: Browse, spring: Translation
) -> None:
    done = along.begin(cast, along.item(cast, slug="done", title="あ", summary="", body=""))
    along.say(cast, done, services.sentences_of(done.item)[0].key, "A")
    along.approved(cast, along.handed_in(cast, done))
    waiting = along.begin(cast, along.item(cast, slug="french", title="い"), "fr")
    assert [row.translation.pk for row in browse("london").get("/desk/translations/").context["rows"]] == [
        spring.pk, waiting.pk, done.pk,
    ]  # fmt: skip


def test_a_new_text_asks_only_for_what_it_needs_and_the_list_says_where_it_is_public(
    cast: SimpleNamespace, browse: Browse, spring: Translation
) -> None:
    hq = browse("hq_officer")
    form = hq.get("/desk/texts/new/").context["form"]
    assert list(form.fields) == ["kind", "slug", "language", "title", "summary", "body"]
    assert "ページのアドレス" in hq.get("/desk/texts/new/").content.decode()
    assert ">非公開</p>" in hq.get("/desk/texts/").content.decode()
    assert hq.post(f"/desk/texts/{spring.item_id}/ja/release/", {"seen": 1}).status_code == 302
    assert "公開中の言語: 日本語" in hq.get("/desk/texts/").content.decode()


def test_a_changed_number_is_shown_as_a_whole_number() -> None:
    assert presentation.differences("定員は100名です。", "定員は1,150名です。", "ja") == [
        ("same", "定員は"), ("gone", "100"), ("new", "1,150"), ("same", "名です。"),
    ]  # fmt: skip


def test_readings_are_shown_only_to_those_who_write_for_readers_of_japanese(
    cast: SimpleNamespace, browse: Browse
) -> None:
    along.linguists(cast, london="translate")
    item = along.item(cast, body="{避難所|ひなんじょ}へ行く。")
    for language, shown in (("en", "避難所へ行く。"), ("ja-simple", "{避難所|ひなんじょ}へ行く。")):
        found = along.begin(cast, item, language)
        assert shown in browse("london").get(at(found)).content.decode()


def test_only_kinds_with_a_public_page_are_offered_and_taken(cast: SimpleNamespace, browse: Browse) -> None:
    """What was written before as a page of the portal stays readable for staff."""
    hq = browse("hq_officer")
    offered = [kind for kind, _label in hq.get("/desk/texts/new/").context["form"].fields["kind"].choices]
    assert offered == ["release", "guide"]
    new = {"kind": "page", "slug": "about-x", "language": "ja", "title": "題", "body": "文。"}
    assert hq.post("/desk/texts/new/", new).status_code == 422
    with pytest.raises(Refused, match="page"):
        along.item(cast, kind="page", slug="about-x")
    former = along.item(cast, slug="about-x")
    Item.objects.filter(pk=former.pk).update(kind="page")
    assert "ポータルのページ" in hq.get(f"/desk/texts/{former.pk}/").content.decode()


def test_a_note_of_the_reviewer_leaves_author_review_and_approval(cast: SimpleNamespace, browse: Browse) -> None:
    along.linguists(cast, london="translate", newyork="review")
    found = along.handed_in(cast, along.translated(cast, along.item(cast)))
    newyork, row = browse("newyork"), found.sentences.get(text="How to apply")
    noted = typed(found, 4, "How to apply", note="Is this a heading?")
    assert newyork.post(at(found, "sentence/"), noted).status_code == 302
    assert "Is this a heading?" in browse("london").get(at(found)).content.decode()
    row.refresh_from_db()
    assert (row.note, row.made_by) == ("Is this a heading?", cast.people["london"].pk)
    assert newyork.post(at(found, "approve/"), {"seen": [f"{row.key}:{row.version}"]}).status_code == 302
    for who, note in (("newyork", "Yes."), ("london", "Yes, it is."), ("london", "Yes, it is.")):
        again = typed(found, 4, " How to apply", note=note)
        assert browse(who).post(at(found, "sentence/"), again).status_code == 302
    row.refresh_from_db()
    assert (row.note, row.approved_by, row.version) == ("Yes, it is.", cast.people["newyork"].pk, 4)
    found.refresh_from_db()
    assert found.handed_in_at is not None


def test_of_two_notes_the_second_writer_is_told(cast: SimpleNamespace, browse: Browse, spring: Translation) -> None:
    along.say(cast, spring, services.sentences_of(spring.item)[4].key, "How to apply")
    first = typed(spring, 4, "How to apply", note="One")
    assert browse("newyork").post(at(spring, "sentence/"), first).status_code == 302
    assert browse("london").post(at(spring, "sentence/"), first | {"note": "Two"}).status_code == 422
    assert spring.sentences.get().note == "One"


def test_a_minor_change_of_the_source_takes_no_approval_when_the_sentence_is_saved_again(
    cast: SimpleNamespace, browse: Browse
) -> None:
    along.linguists(cast, london="translate", newyork="review")
    found = along.approved(cast, along.handed_in(cast, along.translated(cast, along.item(cast))))
    along.edit(cast, found.item, along.BODY.replace("無料です。", "ただです。"), minor=True)
    same = typed(found, 6, "It costs nothing.")
    assert browse("london").post(at(found, "sentence/"), same).status_code == 302
    assert found.sentences.filter(approved_by=None).count() == 0


def test_every_text_is_on_some_page_of_the_list_and_found_by_words(cast: SimpleNamespace, browse: Browse) -> None:
    hq = browse("hq_officer")
    Item.objects.bulk_create(
        Item(kind="release", slug=f"call-{number:03}", language="ja", title=f"お知らせ{number:03}")
        for number in range(120)
    )
    titles: set[str] = set()
    for page in ("1", "2", "3"):
        shown = hq.get("/desk/texts/", {"page": page})
        titles |= {row[0].title for row in shown.context["rows"]}
    assert len(titles) == 120
    assert "120件" in shown.content.decode()
    assert 'href="?page=2"' in shown.content.decode()
    for asked, found in (("知らせ07", 10), ("call-119", 1), ("０１１", 1), ("お知らせ 05 call", 12), ("無い", 0)):
        assert len(hq.get("/desk/texts/", {"q": asked}).context["rows"]) == found
    assert "合う文章はありません" in hq.get("/desk/texts/", {"q": "無い"}).content.decode()
    assert 'href="?q=call&amp;page=2"' in hq.get("/desk/texts/", {"q": "call"}).content.decode()


def test_whoever_writes_plain_japanese_is_told_what_is_hard_to_read_and_may_keep_it(
    cast: SimpleNamespace, browse: Browse
) -> None:
    along.linguists(cast, "ja-simple", london="translate")
    found = along.begin(cast, along.item(cast), "ja-simple")
    hard = typed(found, 8, "計画を書いた紙に記入してください。", confirmed=["length"])
    page = browse("london").post(at(found, "sentence/"), hard)
    assert page.status_code == 422
    assert "「記入」:難しい言葉です。やさしい言い方:書く" in page.content.decode()
    codes = [each.code for line in page.context["lines"] for each in line.warnings]
    assert browse("london").post(at(found, "sentence/"), hard | {"confirmed": codes}).status_code == 302
    assert found.sentences.get().text == "計画を書いた紙に記入してください。"
