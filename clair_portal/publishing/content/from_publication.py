"""A released publication as a text: further languages go through the queue, and what stands in Japanese and English is frozen.

The two languages of a publication are released together by one editor: the other one is a translation that is approved.
Where its paragraphs have as many sentences as those of the source, each sentence is known; else only the whole is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from clair_portal.audit.queries import subject_of
from clair_portal.publishing.content import releasing, rules, services, translating
from clair_portal.publishing.content.cutting import Piece, cut
from clair_portal.publishing.content.rules import Actor
from clair_portal.publishing.enums import State
from clair_portal.publishing.models import Item, Publication, PublishedText, Segment, TranslatedSegment

LANGUAGES = ("ja", "en")


def item_of(publication: Publication) -> Item | None:
    subject_type, subject_id = subject_of(publication)
    return Item.objects.filter(subject_type=subject_type, subject_id=subject_id).first()


@transaction.atomic
def follow(publication: Publication, *, actor: Actor, now: dt.datetime) -> Item | None:
    """Brings the text of a publication to where it stands. None: it is not public and never was a text."""
    item = item_of(publication)
    if publication.state != State.PUBLISHED:
        if item is not None and PublishedText.objects.filter(item=item, withdrawn_at=None).exists():
            releasing.withdraw(item, item.language, reason="–", actor=actor, now=now)
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
    return item


def _texts(publication: Publication, language: str) -> tuple[str, str, str]:
    title, summary, body = (str(getattr(publication, f"{name}_{language}")) for name in ("title", "summary", "body"))
    return title or publication.slug, summary, body


def _other(publication: Publication, item: Item, language: str, actor: Actor, now: dt.datetime) -> None:
    source, pieces = services.sentences_of(item), cut(*_texts(publication, language))
    translation = translating.begin(item, language)
    TranslatedSegment.objects.filter(translation=translation).delete()
    rows = [
        TranslatedSegment(
            translation=translation, key=each.key, text=piece.text, source_text=each.text, source_digest=each.digest,
            source_version=item.number, made_as=rules.signature(actor), made_at=now, approved_by=rules.person(actor),
            approved_as=rules.signature(actor), approved_at=now,
        )
        for each, piece in aligned(source, pieces)
    ]  # fmt: skip
    TranslatedSegment.objects.bulk_create(rows)
    releasing.freeze_as_written(item, language, source, pieces, actor=actor, now=now, on=publication.published_on)


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
