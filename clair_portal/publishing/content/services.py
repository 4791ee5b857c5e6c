"""Writing the source: a new item, a new version, another address. Each call is one action."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from clair_portal.audit.queries import subject_of
from clair_portal.audit.services import record
from clair_portal.publishing.content import notifications, rules
from clair_portal.publishing.content.cutting import Piece, cut
from clair_portal.publishing.content.identity import followed
from clair_portal.publishing.content.kinds import KINDS, label_of, places_of
from clair_portal.publishing.content.rules import Actor, Overtaken, Refused
from clair_portal.publishing.models import Item, OldSlug, Segment, SourceVersion

_ADDRESS = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MOST_SENTENCES = 2000


@transaction.atomic
def create(
    *,
    kind: str,
    slug: str,
    language: str,
    title: str,
    summary: str = "",
    body: str = "",
    what: str = "",
    place: int = 0,
    subject: Model | None = None,
    sample: bool = False,
    actor: Actor,
    now: dt.datetime,
) -> Item:
    """A new item with the first version of its source.

    `kind`: registered in `content.kinds` with a public page; `actor` None: reference data that is loaded. Raises Refused: no
    right, another kind, an unknown language, no title, an address that is taken or has other letters than a-z, 0-9 and hyphens.
    """
    rules.need_source(actor)
    if kind not in KINDS or not KINDS[kind].url:
        raise Refused(_("“%(kind)s” is not a kind of text here.") % {"kind": kind[:30]})
    _check(title, cut(title, summary, body))
    subject_type, subject_id = subject_of(subject) if subject is not None else ("", "")
    item = Item(
        kind=kind, slug=_free(kind, slug), language=rules.known_language(language), title=title.strip(), place=place,
        subject_type=subject_type, subject_id=subject_id, sample=sample, created_at=now, changed_at=now,
    )  # fmt: skip
    _insert(item)
    _write(item, 1, (title, summary, body), minor=False, what=what, actor=actor, now=now)
    record("publishing.item.created", item, actor=rules.signature(actor), title=item.title, slug=item.slug)
    return item


def _insert(item: Item) -> None:
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError as error:
        raise _taken(item.slug) from error


def _check(title: str, pieces: Sequence[Piece]) -> None:
    if not title.strip():
        raise Refused(_("Write a title."))
    if len(title.strip()) > 300:
        raise Refused(_("The title has %(count)s characters; at most 300 fit.") % {"count": len(title.strip())})
    if len(pieces) > MOST_SENTENCES:
        raise Refused(
            _("The text has %(count)s sentences; at most %(most)s fit. Make two texts of it.")
            % {"count": f"{len(pieces):,}", "most": f"{MOST_SENTENCES:,}"}
        )


def _free(kind: str, slug: str, item: Item | None = None) -> str:
    """The address, where nothing has it or had it."""
    slug = slug.strip().lower()
    if (places := places_of(kind)) is not None and slug not in places:
        raise Refused(
            _("There is no place “%(slug)s” for this kind of text. The places are: %(known)s.")
            % {"slug": slug[:80], "known": ", ".join(places)}
        )
    if not _ADDRESS.fullmatch(slug) or len(slug) > 80:
        raise Refused(_("An address has small letters, digits and hyphens, at most 80: for example “call-for-2027”."))
    others = Item.objects.filter(kind=kind, slug=slug)
    if found := (others.exclude(pk=item.pk) if item else others).first():
        raise _taken(slug, found.title)
    old = OldSlug.objects.filter(kind=kind, slug=slug).select_related("item")
    if former := (old.exclude(item=item) if item else old).first():
        raise Refused(
            _("The address “%(slug)s” was the one of “%(title)s” and still leads there. Choose another one.")
            % {"slug": slug, "title": former.item.title}
        )
    return slug


def _taken(slug: str, title: str = "") -> Refused:
    words = {"slug": slug, "title": title}
    if title:
        return Refused(_("The address “%(slug)s” is taken by “%(title)s”. Choose another one.") % words)
    return Refused(_("The address “%(slug)s” is taken. Choose another one.") % words)


@transaction.atomic
def edit(
    item: Item, *, title: str, summary: str = "", body: str = "", seen: int, minor: bool = False, what: str = "",
    actor: Actor, now: dt.datetime,
) -> SourceVersion | None:  # fmt: skip
    """A new version of the source. None: nothing was changed, so there is none.

    `seen`: number of the version the editor had open. `minor`: the editor says that no sentence changed its meaning, so that
    translations hold; it is noted who said so. Raises Refused; Overtaken where another version came in between.
    """
    rules.need_source(actor)
    locked = Item.objects.select_for_update().get(pk=item.pk)
    if locked.number != seen:
        raise Overtaken(
            _("Somebody else saved version %(number)s while you had version %(seen)s open. What you typed is kept.")
            % {"number": locked.number, "seen": seen}
        )
    _check(title, cut(title, summary, body))
    before = SourceVersion.objects.get(item=locked, number=seen)
    if (before.title, before.summary, before.body) == (title.strip(), summary.strip(), body.strip()):
        return None
    version = _write(locked, seen + 1, (title, summary, body), minor=minor, what=what, actor=actor, now=now)
    locked.number, locked.title, locked.changed_at = version.number, version.title, now
    locked.save(update_fields=["number", "title", "changed_at"])
    item.number, item.title, item.changed_at = locked.number, locked.title, now
    changed = changed_between(before, version)
    event = "publishing.source.retouched" if minor else "publishing.source.changed"
    entry = record(
        event, item, actor=rules.signature(actor), title=item.title, number=version.number, sentences=len(changed)
    )  # fmt: skip
    if not minor and changed:
        notifications.tell_source_changed(item, sentences=len(changed), occasion=str(entry.pk), actor=actor)
        _remind_again(item, now)
    return version


def _remind_again(item: Item, now: dt.datetime) -> None:
    """What was done is to be done again: its day counts again, where it has not passed."""
    from clair_portal.publishing.content import reminding, translating

    dated = item.translations.exclude(due_on=None, review_due_on=None)
    for each in dated.select_related("item", "translator__organisation", "reviewer__organisation"):
        reminding.set_reminders(each, translating.work_of(each).standing.work, now)


def _write(
    item: Item, number: int, texts: tuple[str, str, str], *, minor: bool, what: str, actor: Actor, now: dt.datetime
) -> SourceVersion:
    title, summary, body = (text.strip() for text in texts)
    version = SourceVersion(
        item=item, number=number, title=title, summary=summary, body=body, minor=minor, what=what.strip()[:300],
        made_by=rules.person(actor), signature=rules.signature(actor), made_at=now,
    )  # fmt: skip
    old = list(Segment.objects.filter(version__item=item, version__number=number - 1).order_by("place"))
    segments = _segments(version, old, cut(title, summary, body))
    version.save(force_insert=True)
    Segment.objects.bulk_create(segments)
    return version


def _segments(version: SourceVersion, old: list[Segment], pieces: list[Piece]) -> list[Segment]:
    before = [Piece(each.kind, each.block, each.text, each.fresh_line) for each in old]
    places = followed(before, pieces)
    if version.minor:
        _only_retouched(len(old), places)
    return [
        _segment(version, number, piece, old[place] if place is not None else None)
        for number, (piece, place) in enumerate(zip(pieces, places, strict=True))
    ]


def _only_retouched(before: int, places: list[int | None]) -> None:
    """A sentence more or less is never a minor change: readers of the other languages would miss it."""
    added, gone = places.count(None), before - sum(place is not None for place in places)
    if added or gone:
        raise Refused(
            _(
                "A minor change keeps every sentence. Here %(added)s were added and %(gone)s taken away: save it as an "
                "ordinary change."
            )
            % {"added": added, "gone": gone}
        )


def _segment(version: SourceVersion, place: int, piece: Piece, former: Segment | None) -> Segment:
    mark = piece.digest
    equals = [mark]
    if former is not None and former.digest == mark:
        equals = former.equals
    elif former is not None and version.minor:
        equals = [*(each for each in former.equals if each != mark), mark]
    return Segment(
        version=version, key=former.key if former else uuid4(), place=place, block=piece.block, kind=piece.kind,
        fresh_line=piece.fresh_line, text=piece.text, digest=mark, equals=equals,
    )  # fmt: skip


def changed_between(one: SourceVersion, other: SourceVersion) -> set[UUID]:
    """Keys of the sentences that read otherwise, or are in one of the two only."""
    before = dict(Segment.objects.filter(version=one).values_list("key", "digest"))
    after = dict(Segment.objects.filter(version=other).values_list("key", "digest"))
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


@transaction.atomic
def rename(item: Item, *, slug: str, actor: Actor, now: dt.datetime) -> None:
    """Another address. The old one leads to it and is given to nothing else. Raises Refused: it is taken.

    A place that waits for a text (a chapter) is left empty for another one; what is public has to be taken off first.
    """
    from clair_portal.publishing.models import PublishedText

    rules.need_source(actor)
    slug = _free(item.kind, slug, item)
    if slug == item.slug:
        return
    if places_of(item.kind) is None:
        _leads_on(item, slug, now)
    elif PublishedText.objects.filter(item=item, withdrawn_at=None).exists():
        raise Refused(_("It is public where it stands. Take it off the public pages before you move it."))
    former, item.slug, item.changed_at = item.slug, slug, now
    item.save(update_fields=["slug", "changed_at"])
    PublishedText.objects.filter(item=item).update(slug=slug)
    record(
        "publishing.item.renamed", item, actor=rules.signature(actor), title=item.title, former=former, slug=slug
    )  # fmt: skip


def _leads_on(item: Item, slug: str, now: dt.datetime) -> None:
    """The address it has leads to `slug` from now on."""
    OldSlug.objects.filter(item=item, kind=item.kind, slug=slug).delete()  # it comes back to an address it had
    OldSlug(item=item, kind=item.kind, slug=item.slug, since=now).save(force_insert=True)


def newest(item: Item) -> SourceVersion:
    return SourceVersion.objects.get(item=item, number=item.number)


def sentences_of(item: Item, number: int | None = None) -> list[Segment]:
    """The sentences of a version (the newest) in order."""
    wanted = Segment.objects.filter(version__item=item, version__number=number or item.number)
    return list(wanted.order_by("place"))


def kind_words(item: Item) -> str:
    return label_of(item.kind)
