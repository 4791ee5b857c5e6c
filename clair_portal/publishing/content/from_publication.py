"""A released publication as a text: further languages go through the queue, and what stands in Japanese and English is frozen.

The two languages of a publication are released together by one editor: the other one is a translation that is approved.
Where its paragraphs have as many sentences as those of the source, each sentence is known; else only the whole is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from clair_portal.audit.queries import subject_of
from clair_portal.publishing.content import releasing, rules, services, translating
from clair_portal.publishing.content.cutting import Piece, cut
from clair_portal.publishing.content.memory import pairs_of
from clair_portal.publishing.content.rules import Actor
from clair_portal.publishing.enums import State
from clair_portal.publishing.models import Item, Publication, PublishedText, Segment, TranslatedSegment, Translation

LANGUAGES = ("ja", "en")


def item_of(publication: Publication) -> Item | None:
    subject_type, subject_id = subject_of(publication)
    return Item.objects.filter(subject_type=subject_type, subject_id=subject_id).first()


@transaction.atomic
def follow(
    publication: Publication, *, removed: Collection[str] = (), actor: Actor, now: dt.datetime
) -> Item | None:  # fmt: skip
    """Brings the text of a publication to where it stands. None: it is not public and never was a text.

    `removed`: languages it was written in before. Without the one its translations are made from, none of them is public.
    """
    item = item_of(publication)
    if publication.state != State.PUBLISHED or (item is not None and item.language not in publication.languages()):
        if item is not None:
            _taken_off(item, item.language, actor, now)
        return item
    language = item.language if item else "ja" if "ja" in publication.languages() else "en"
    title, summary, body = _texts(publication, language)
    if item is None:
        item = services.create(
            kind=publication.kind, slug=publication.slug, language=language, title=title, summary=summary, body=body,
            subject=publication, sample=publication.sample, actor=actor, now=now,
        )  # fmt: skip
    else:
        services.edit(item, title=title, summary=summary, body=body, seen=item.number, actor=actor, now=now)
    releasing.release(item, language, actor=actor, now=now, on=publication.published_on)
    other = next(each for each in LANGUAGES if each != language)
    if other in publication.languages():
        _other(publication, item, other, actor, now)
    elif other in removed:
        _taken_off(item, other, actor, now)
    return item


def _taken_off(item: Item, language: str, actor: Actor, now: dt.datetime) -> None:
    if PublishedText.objects.filter(item=item, language=language, withdrawn_at=None).exists():
        releasing.withdraw(item, language, reason="–", actor=actor, now=now)


def _texts(publication: Publication, language: str) -> tuple[str, str, str]:
    title, summary, body = (str(getattr(publication, f"{name}_{language}")) for name in ("title", "summary", "body"))
    return title or publication.slug, summary, body


def _other(publication: Publication, item: Item, language: str, actor: Actor, now: dt.datetime) -> None:
    """The other language is public as it was written. Sentences that can be told apart are known one by one; of a text that is
    built otherwise none is, and what was translated here before stays, no longer approved.
    """
    source, pieces = services.sentences_of(item), cut(*_texts(publication, language))
    translation, pairs = translating.locked(translating.begin(item, language)), aligned(source, pieces)
    former = {each.key: each for each in TranslatedSegment.objects.filter(translation=translation)}
    if pairs:
        for each, piece in pairs:
            _approved(translation, former.get(each.key), each, piece, actor, now)
    else:
        TranslatedSegment.objects.filter(translation=translation).update(
            approved_by=None, approved_at=None, approved_as={}
        )
    releasing.freeze_as_written(
        item, language, source, pieces, whole=not pairs, actor=actor, now=now, on=publication.published_on
    )  # fmt: skip


def _approved(
    translation: Translation, former: TranslatedSegment | None, source: Segment, piece: Piece, actor: Actor, now: dt.datetime
) -> None:  # fmt: skip
    """One sentence as it was released; where it says what it said before, who translated it and the notes stay."""
    row = former or TranslatedSegment(translation=translation, key=source.key, version=0)
    if row.text != piece.text:
        row.text, row.made_by, row.made_as, row.made_at = piece.text, None, rules.signature(actor), now
    row.source_text, row.source_digest, row.source_version = source.text, source.digest, translation.item.number
    row.pairs, row.version = pairs_of(source.text), row.version + 1
    if row.made_by == rules.person(actor):
        row.made_by = None  # the release is one decision of one editor; `made_as` still says who wrote it
    row.approved_by, row.approved_as, row.approved_at = rules.person(actor), rules.signature(actor), now
    row.save(force_insert=row.pk is None)


def aligned(source: Sequence[Segment], pieces: Sequence[Piece]) -> list[tuple[Segment, Piece]]:
    """Sentences that stand for each other; none where the two texts are built otherwise."""
    same = [(each.kind, each.block) for each in source] == [(each.kind, each.block) for each in pieces]
    return list(zip(source, pieces, strict=True)) if same else []


def catch_up() -> str:
    """Publications that were released before there were texts in many languages."""
    from django.utils import timezone

    found = [each for each in Publication.objects.filter(state=State.PUBLISHED) if item_of(each) is None]
    for each in found:
        follow(each, actor=None, now=timezone.now())
    return f"{len(found)} publications became texts"


def mark_whole() -> str:
    """Other languages that were released before it was noted whether their sentences are known."""
    of_it = TranslatedSegment.objects.filter(
        translation__item=OuterRef("item"), translation__language=OuterRef("language")
    )
    public = PublishedText.objects.exclude(language=F("source_language")).filter(~Exists(of_it), whole=False)
    return f"{public.update(whole=True)} texts are known as a whole only"
