"""What the public reads: a language version is frozen when it is released, and taken away when it is withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.audit.services import record
from clair_portal.publishing.content import notifications, rules
from clair_portal.publishing.content.cutting import Piece, bare, joiner
from clair_portal.publishing.content.rules import Actor, Overtaken, Refused
from clair_portal.publishing.content.services import sentences_of
from clair_portal.publishing.content.translating import work_of
from clair_portal.publishing.enums import LanguageState, SegmentKind
from clair_portal.publishing.models import Item, PublishedText, Segment, Translation


@transaction.atomic
def release(
    item: Item, language: str, *, seen: int | None = None, actor: Actor, now: dt.datetime, on: dt.date | None = None
) -> PublishedText:
    """Freezes a language version as it stands, for everybody to read.

    `seen`: number of the source that whoever releases had before them; None: the caller has just written it. `on`: first day of
    publication, where it is not today (texts that were public before). Raises Refused: no right, not every sentence approved,
    or the source is not public yet; Overtaken: the source has another number than `seen`. With the source go on the
    translations that still hold whole.
    """
    rules.need(rules.RELEASE, actor)
    rules.known_language(language)
    locked = Item.objects.select_for_update().get(pk=item.pk)
    if seen is not None and seen != locked.number:
        raise Overtaken(
            _(
                "Version %(number)s was saved after you opened this page. Nothing was released. Read it, then release it."
            )
            % {"number": locked.number}
        )
    source = sentences_of(locked)
    if language == locked.language:
        found = _freeze(locked, language, source, {each.key: each.text for each in source}, False, actor, now, on)
        _take_along(locked, actor, now)
        return found
    return _translation(locked, language, source, actor, now, on)


def _translation(
    item: Item, language: str, source: list[Segment], actor: Actor, now: dt.datetime, on: dt.date | None
) -> PublishedText:
    translation = Translation.objects.select_related("item").filter(item=item, language=language).first()
    work = work_of(translation) if translation else None
    if work is not None and work.standing.whole:
        raise Refused(
            _("It is public as it was written with its source. Translate its sentences here before you release them.")
        )
    if work is None or work.standing.work != LanguageState.APPROVED:
        raise Refused(_("Not every sentence is translated, up to date and approved. Nothing was released."))
    public = PublishedText.objects.filter(item=item, language=item.language, withdrawn_at=None).first()
    if public is None or public.source_version != item.number:
        raise Refused(_("The newest version of the source is not public. Release the source first."))
    texts = {key: each.text for key, each in work.texts.items()}
    machine = any(work.texts[each.key].machine for each in source)
    return _freeze(item, language, source, texts, machine, actor, now, on)


def _take_along(item: Item, actor: Actor, now: dt.datetime) -> None:
    """Public translations of which every sentence holds: a minor change, a moved or a removed sentence asks nobody again."""
    public = PublishedText.objects.filter(item=item, withdrawn_at=None).exclude(language=item.language)
    for language in list(public.values_list("language", flat=True)):
        translation = Translation.objects.select_related("item").filter(item=item, language=language).first()
        standing = work_of(translation).standing if translation else None
        if standing and standing.work == LanguageState.APPROVED and not standing.whole:
            _translation(item, language, sentences_of(item), actor, now, None)


def _freeze(
    item: Item, language: str, source: list[Segment], texts: Mapping[UUID, str], machine: bool, actor: Actor,
    now: dt.datetime, on: dt.date | None,
) -> PublishedText:  # fmt: skip
    former = PublishedText.objects.filter(item=item, language=language).first()
    today = timezone.localdate(now)
    own = language == item.language
    public_source = None if own else PublishedText.objects.get(item=item, language=item.language)
    text = former or PublishedText(item=item, language=language, published_on=on or today, version=0)
    values = {
        "kind": item.kind, "slug": item.slug, "source_language": item.language, "source_version": item.number,
        "source_on": public_source.released_on if public_source else on or today, "place": item.place, "machine": machine,
        "title": _joined(source, texts, SegmentKind.TITLE, language),
        "summary": _joined(source, texts, SegmentKind.SUMMARY, language), "blocks": blocks_of(source, texts, language),
        "proof": [[str(each.key), each.digest, *([each.equals] if own else [])] for each in source],
        "released_on": on or today, "released_at": now, "released_by": rules.signature(actor), "sample": item.sample,
        "whole": False, "withdrawn_at": None, "withdrawn_why": "", "version": text.version + 1,
    }  # fmt: skip
    for name, value in values.items():
        setattr(text, name, value)
    text.save(force_insert=text.pk is None)
    words = {**notifications.said(item, language), "number": item.number}
    record("publishing.text.released", item, actor=rules.signature(actor), **words)
    return text


def freeze_as_written(
    item: Item, language: str, source: list[Segment], pieces: Sequence[Piece], *, whole: bool, actor: Actor,
    now: dt.datetime, on: dt.date | None,
) -> PublishedText:  # fmt: skip
    """A translation that somebody released with its source: all of it is of that version. `whole`: see PublishedText."""
    written = [
        Segment(key=uuid4(), kind=each.kind, block=each.block, fresh_line=each.fresh_line, text=each.text)
        for each in pieces
    ]
    texts = {each.key: each.text for each in written}
    found = _freeze(item, language, written, texts, False, actor, now, on)
    found.proof, found.whole = [[str(each.key), each.digest] for each in source], whole
    found.save(update_fields=["proof", "whole"])
    return found


def _joined(source: Sequence[Segment], texts: Mapping[UUID, str], kind: str, language: str) -> str:
    """The sentences of one kind: paragraphs apart, lines apart, and between sentences what the language puts there."""
    return "\n\n".join("\n".join(lines) for lines in _lines(source, texts, {kind}, language))


def _lines(source: Sequence[Segment], texts: Mapping[UUID, str], kinds: set[str], language: str) -> list[list[str]]:
    found: list[list[str]] = []
    block = -1
    for each in source:
        if each.kind not in kinds:
            continue
        if each.block != block:
            found.append([texts[each.key]])
        elif each.fresh_line:
            found[-1].append(texts[each.key])
        else:
            found[-1][-1] += joiner(language) + texts[each.key]
        block = each.block
    return found


def blocks_of(source: Sequence[Segment], texts: Mapping[UUID, str], language: str) -> list[dict[str, Any]]:
    """Headings, paragraphs and lists as a page writes them: kind and lines; the items of one list together."""
    body = [each for each in source if each.kind not in (SegmentKind.TITLE, SegmentKind.SUMMARY)]
    found: list[dict[str, Any]] = []
    for number in dict.fromkeys(each.block for each in body):
        of_block = [each for each in body if each.block == number]
        kind = of_block[0].kind
        lines = _lines(of_block, texts, {kind}, language)[0]
        if kind == SegmentKind.ITEM and found and found[-1]["kind"] == SegmentKind.ITEM:
            found[-1]["lines"].append("\n".join(lines))
        else:
            found.append({"kind": str(kind), "lines": ["\n".join(lines)] if kind == SegmentKind.ITEM else lines})
    return found


def bare_blocks(source: Sequence[Segment], language: str) -> list[dict[str, Any]]:
    """The source as a page of the desk shows it, without readings."""
    return blocks_of(source, {each.key: bare(each.text) for each in source}, language)


@transaction.atomic
def withdraw(item: Item, language: str, *, reason: str, actor: Actor, now: dt.datetime) -> int:
    """With the source go all translations, and its address answers 410 from now on. Without one translation its readers get
    another language and are told which. Returns how many language versions.

    Raises Refused without a reason, or when it is not public.
    """
    rules.need(rules.RELEASE, actor)
    if not reason.strip():
        raise Refused(_("Write the reason; it stays in the log."))
    public = PublishedText.objects.filter(item=item, withdrawn_at=None)
    if language != item.language:
        public = public.filter(language=language)
    languages = sorted(public.values_list("language", flat=True))
    if language not in languages:
        raise Refused(_("It is not public."))
    public.update(withdrawn_at=now, withdrawn_why=reason.strip()[:500])
    for each in languages:
        words = {**notifications.said(item, each), "reason": reason.strip()}
        record("publishing.text.withdrawn", item, actor=rules.signature(actor), **words)
    return len(languages)


def plain(text: str) -> str:
    """For titles of windows, feeds and descriptions: without readings."""
    return bare(text)
