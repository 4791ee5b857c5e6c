"""A text, its translators and its ways, for tests about texts in many languages."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import UUID

from clair_portal.accounts.models import Posting
from clair_portal.publishing.content import services, translating
from clair_portal.publishing.models import Item, Linguist, Translation
from clair_portal.walls.scope import acting
from tests.cast import NOW, reader

TITLE, SUMMARY = "春の募集を始めます", "海外事務所の視察を募集します。"
BODY = "申込みは5月1日からです。\n定員は20名です。\n\n## 申込み方法\n\n支部に連絡してください。費用は無料です。\n\n- 申込書\n- 計画書"
ENGLISH = {
    TITLE: "The spring call opens",
    SUMMARY: "We invite study visits to our overseas offices.",
    "申込みは5月1日からです。": "Applications open on 1 May (5/1).",
    "定員は20名です。": "There are 20 places.",
    "申込み方法": "How to apply",
    "支部に連絡してください。": "Please contact your branch.",
    "費用は無料です。": "It costs nothing.",
    "申込書": "Application form",
    "計画書": "Plan",
}


def item(cast: SimpleNamespace, **changed: object) -> Item:
    hq = reader(cast, "hq_officer")
    values = {
        "kind": "release", "slug": "spring-call", "language": "ja", "title": TITLE, "summary": SUMMARY, "body": BODY,
    } | changed  # fmt: skip
    with acting(hq.scope):
        return services.create(**values, actor=hq, now=NOW)  # type: ignore[arg-type]


def linguists(cast: SimpleNamespace, language: str = "en", **who: str) -> None:
    """linguists(cast, london="translate", newyork="review")."""
    for key, what in who.items():
        posting = Posting.objects.get(person=cast.people[key])
        Linguist.objects.update_or_create(
            posting=posting, language=language,
            defaults={"translates": "translate" in what, "reviews": "review" in what},
        )  # fmt: skip


def edit(cast: SimpleNamespace, text: Item, body: str, **more: object) -> None:
    hq = reader(cast, "hq_officer")
    with acting(hq.scope):
        values = {"title": TITLE, "summary": SUMMARY, "seen": text.number} | more
        services.edit(text, body=body, actor=hq, now=NOW, **values)  # type: ignore[arg-type]


def begin(cast: SimpleNamespace, text: Item, language: str = "en") -> Translation:
    hq = reader(cast, "hq_officer")
    with acting(hq.scope):
        return translating.begin(text, language)


def say(
    cast: SimpleNamespace, translation: Translation, key: UUID, text: str, who: str = "london", **more: object
) -> None:
    """One sentence by somebody, against the source as it stands, confirming every warning."""
    person = reader(cast, who)
    with acting(person.scope):
        source = next(each for each in services.sentences_of(translation.item) if each.key == key)
        former = translation.sentences.filter(key=key).first()
        values = {"digest": source.digest, "seen": former.version if former else 0} | more
        confirmed = ("number", "length", "copy", "script", "kana")
        translating.translate(translation, key=key, text=text, confirmed=confirmed, actor=person, now=NOW, **values)  # type: ignore[arg-type]


def translated(cast: SimpleNamespace, text: Item, who: str = "london") -> Translation:
    """Every sentence in English, not handed in."""
    translation = begin(cast, text)
    for each in services.sentences_of(text):
        say(cast, translation, each.key, ENGLISH.get(each.text, f"Text {each.digest[:4]}"), who)
    return translation


def handed_in(cast: SimpleNamespace, translation: Translation, who: str = "london") -> Translation:
    person = reader(cast, who)
    with acting(person.scope):
        translating.hand_in(translation, actor=person, now=NOW)
    return translation


def approved(cast: SimpleNamespace, translation: Translation, who: str = "newyork") -> Translation:
    person = reader(cast, who)
    with acting(person.scope):
        seen = dict(translation.sentences.values_list("key", "version"))
        keys = {each.key for each in services.sentences_of(translation.item)}
        translating.approve(translation, seen={k: v for k, v in seen.items() if k in keys}, actor=person, now=NOW)
    return translation
