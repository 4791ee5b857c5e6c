"""Sample texts of the demo in several languages and states: a news release and a paragraph of the guide, both saying 見本."""

from __future__ import annotations

import datetime as dt

from clair_portal.accounts.models import Posting
from clair_portal.pages.sample_cases import reader_named
from clair_portal.publishing.content import assigning, releasing, services, translating
from clair_portal.publishing.models import Item, Translation
from clair_portal.walls.scope import acting

RELEASE = {
    "title": "海外活動支援の説明会を開きます(見本)",
    "summary": "自治体の皆さまのための説明会です(見本)。",
    "body": "説明会は2月10日にオンラインで開きます。\n定員は100名です。\n\n## 申込み方法\n\n支部に連絡してください。参加は無料です。",
}
GUIDE = {
    "title": "地震のとき(見本)",
    "body": "{地震|じしん}のときは、まず机の下で体を守ってください。\n揺れが止まったら、火を消してください。\n"
    "{避難所|ひなんじょ}はだれでも使えます。",
}
ENGLISH = (
    "Briefing on overseas activity support (sample)",
    "This briefing is for local governments (sample).",
    "The briefing takes place online on 10 February (2/10).",
    "There is room for 100 people.",
    "How to register",
    "Please contact your branch.",
    "Taking part is free.",
)
VIETNAMESE = (
    "Buổi giới thiệu về hỗ trợ hoạt động ở nước ngoài (mẫu)",
    "Buổi giới thiệu này dành cho chính quyền địa phương (mẫu).",
)
GUIDE_ENGLISH = (
    "In an earthquake (sample)",
    "In an earthquake, first protect yourself under a desk.",
    "When the shaking stops, put out all fires.",
    "Anybody can use a shelter.",
)


def load(now: dt.datetime) -> None:
    _linguists(now)
    release = _item("release", "briefing-sample", RELEASE, now)
    english = _translated(release, "en", ENGLISH, "newyork", now)
    _approved(english, "london", now)
    _released(release, ("ja", "en"), now)
    _translated(release, "vi", VIETNAMESE, "london", now, hand_in=False)
    _changed(release, now)  # the public English version is one sentence behind from here on
    guide = _item("guide", "earthquake-sample", GUIDE, now)
    _translated(guide, "en", GUIDE_ENGLISH, "newyork", now, machine=True)


def _linguists(now: dt.datetime) -> None:
    actor = reader_named("hq", now)
    with acting(actor.scope):
        for key, language, translates, reviews in (
            ("newyork", "en", True, False), ("london", "en", True, True), ("london", "vi", True, False),
            ("paris", "fr", True, True),
        ):  # fmt: skip
            posting = Posting.objects.get(person__email=f"{key}@sample.example")
            assigning.permit(posting, language, translates=translates, reviews=reviews, actor=actor, now=now)


def _item(kind: str, slug: str, texts: dict[str, str], now: dt.datetime) -> Item:
    actor = reader_named("hq", now)
    with acting(actor.scope):
        return services.create(
            kind=kind, slug=slug, language="ja", title=texts["title"], summary=texts.get("summary", ""), body=texts["body"],
            what="見本", sample=True, actor=actor, now=now,
        )  # fmt: skip


def _translated(
    item: Item,
    language: str,
    texts: tuple[str, ...],
    who: str,
    now: dt.datetime,
    *,
    machine: bool = False,
    hand_in: bool = True,
) -> Translation:
    headquarters, actor = reader_named("hq", now), reader_named(who, now)
    with acting(headquarters.scope):
        found = translating.begin(item, language)
        posting = Posting.objects.get(person__email=f"{who}@sample.example")
        assigning.assign(
            found, translator=posting, reviewer=None, due_on=(now + dt.timedelta(days=10)).date(), review_due_on=None,
            actor=headquarters, now=now,
        )  # fmt: skip
    with acting(actor.scope):
        for source, text in zip(services.sentences_of(item), texts, strict=False):
            terms = [each.code for each in translating.all_remarks(found, source.text, text)]
            translating.translate(
                found, key=source.key, text=text, digest=source.digest, seen=0, machine=machine, confirmed=terms, actor=actor,
                now=now,
            )  # fmt: skip
        if hand_in:
            translating.hand_in(found, actor=actor, now=now)
    return found


def _approved(translation: Translation, who: str, now: dt.datetime) -> None:
    actor = reader_named(who, now)
    with acting(actor.scope):
        seen = dict(translation.sentences.values_list("key", "version"))
        translating.approve(translation, seen=seen, actor=actor, now=now)


def _released(item: Item, languages: tuple[str, ...], now: dt.datetime) -> None:
    actor = reader_named("hq", now)
    with acting(actor.scope):
        for language in languages:
            releasing.release(item, language, actor=actor, now=now)


def _changed(item: Item, now: dt.datetime) -> None:
    actor = reader_named("hq", now)
    body = RELEASE["body"].replace("100名", "150名")
    with acting(actor.scope):
        services.edit(item, title=RELEASE["title"], summary=RELEASE["summary"], body=body, seen=1, actor=actor, now=now)
        releasing.release(item, "ja", actor=actor, now=now)
