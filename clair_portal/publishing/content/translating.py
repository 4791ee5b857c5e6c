"""Writing sentences in another language, handing them in, approving them or sending them back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clair_portal.accounts.models import Posting
from clair_portal.audit.services import record
from clair_portal.publishing.content import glossary, notifications, rules, states
from clair_portal.publishing.content.checks import Remark, remarks
from clair_portal.publishing.content.memory import from_a_machine, pairs_of
from clair_portal.publishing.content.queries import write_note
from clair_portal.publishing.content.reminding import of_language, set_reminders
from clair_portal.publishing.content.rules import Actor, Overtaken, Refused
from clair_portal.publishing.content.services import sentences_of
from clair_portal.publishing.enums import LanguageState, SentenceState
from clair_portal.publishing.models import Item, PublishedText, Segment, Term, TranslatedSegment, Translation

WRITTEN = (
    "text", "source_text", "source_digest", "source_version", "machine", "made_by", "made_as", "made_at", "approved_by",
    "approved_as", "approved_at", "warned", "note", "version", "pairs",
)  # fmt: skip


@dataclass(frozen=True)
class Work:
    """A language version as it stands now, read with three statements."""

    item: Item
    translation: Translation
    source: list[Segment]
    texts: dict[UUID, TranslatedSegment]
    standing: states.Standing


class NotConfirmed(Refused):
    """There are remarks: errors must be mended, warnings be confirmed. Nothing was saved."""

    def __init__(self, found: Sequence[Remark]) -> None:
        super().__init__(" ".join(each.text for each in found))
        self.remarks = list(found)


@transaction.atomic
def begin(item: Item, language: str) -> Translation:
    """The language version of an item, made where there is none. Raises Refused: no such language, or the source's own."""
    if rules.known_language(language) == item.language:
        raise Refused(_("This is the language of the source. Change the source instead."))
    found, _made = Translation.objects.get_or_create(item=item, language=language)
    return found


def work_of(translation: Translation) -> Work:
    """Source, texts and state."""
    item, source = translation.item, sentences_of(translation.item)
    texts = {each.key: each for each in TranslatedSegment.objects.filter(translation=translation)}
    public = PublishedText.objects.filter(item=item, language=translation.language, withdrawn_at=None)
    proof, whole = public.values_list("proof", "whole").first() or (None, False)
    standing = states.standing(
        source, texts, handed_in=translation.handed_in_at is not None, proof=proof, whole=whole
    )  # fmt: skip
    return Work(item, translation, source, texts, standing)


# --- Writing ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def translate(
    translation: Translation, *, key: UUID, text: str, digest: str, seen: int, machine: bool = False,
    confirmed: Collection[str] = (), note: str | None = None, terms: Sequence[Term] | None = None, actor: Actor,
    now: dt.datetime,
) -> TranslatedSegment:  # fmt: skip
    """Saves one sentence. Where it says what it said, only its note is saved: who wrote it and the approval stay.

    `digest`: of the source sentence the text translates: of the one that stands now, or - where only the translation is
    mended and the new source was not taken over - of the one it was translated from before; then it stays older than the source.
    `seen`: version of the translated sentence they saw, 0 where there was none. `machine`: the text came from a machine;
    also known where it is word for word one of the memory's that did.
    `confirmed`: codes of the warnings the translator confirms. `terms`: of the glossary, read already. Raises Refused;
    Overtaken: the source or the sentence was changed meanwhile; NotConfirmed: see there.
    """
    rules.need_translator(translation.language, actor)
    handed_in = locked(translation).handed_in_at is not None
    former = TranslatedSegment.objects.select_for_update().filter(translation=translation, key=key).first()
    if (former.version if former else 0) != seen:
        raise _overtaken(former)
    basis = _basis(translation, key, digest, former)
    text = " ".join(text.split())
    if former is not None and _says_the_same(former, basis, text) and (former.machine or not machine):
        return _noted(former, note)
    found = all_remarks(translation, basis.text, text, terms)
    if [each for each in found if each.blocks or each.code not in confirmed]:
        raise NotConfirmed(found)
    made = _saved(translation, former, key, basis, text, actor, now)
    made.machine = made.machine or machine or from_a_machine(translation.language, basis.text, basis.digest, made.text)
    made.warned = [each.text for each in found]
    made.note = made.note if note is None else note.strip()[:500]
    _keep(made)
    _open_again(translation, handed_in, now)
    return made


def all_remarks(translation: Translation, source: str, text: str, terms: Sequence[Term] | None = None) -> list[Remark]:
    """Checks and terms of one sentence, errors first. `terms`: read already."""
    languages = {"source_language": translation.item.language, "language": translation.language}
    known = list(Term.objects.in_use()) if terms is None else terms
    return [*remarks(source, text, **languages), *glossary.missing(source, text, **languages, terms=known)]


@dataclass(frozen=True)
class Basis:
    """The source sentence a text is the translation of."""

    text: str
    digest: str
    number: int
    equals: Sequence[str]


def _basis(translation: Translation, key: UUID, digest: str, former: TranslatedSegment | None) -> Basis:
    wanted = Segment.objects.filter(version__item=translation.item, version__number=translation.item.number, key=key)
    source = wanted.first()
    if source is None:
        raise Overtaken(_("This sentence is no longer in the source. Load the page again; what you typed is kept."))
    if source.digest == digest:
        return Basis(source.text, digest, translation.item.number, source.equals)
    if former is not None and former.source_digest == digest:
        return Basis(former.source_text, digest, former.source_version, [digest])
    raise Overtaken(_("The source of this sentence was changed while you translated it. Look at it again."))


def _overtaken(former: TranslatedSegment | None) -> Overtaken:
    from clair_portal.audit.sentences import in_language

    return Overtaken(
        _("%(who)s saved this sentence while you had it open: “%(text)s” Nothing was overwritten.")
        % {"who": in_language(former.made_as) if former else "?", "text": former.text if former else ""}
    )


def _says_the_same(former: TranslatedSegment, basis: Basis, text: str) -> bool:
    return bool(text) and former.text == text and states.is_fresh(former.source_digest, basis.equals)


def _noted(former: TranslatedSegment, note: str | None) -> TranslatedSegment:
    """A note beside a sentence is no new translation of it, whoever writes it."""
    words = former.note if note is None else note.strip()[:500]
    if words != former.note:
        if not write_note(former.pk, words):
            raise Refused(_("Your posting does not give you the right to do this."))
        former.refresh_from_db(fields=["note", "version"])
    return former


def _saved(
    translation: Translation, former: TranslatedSegment | None, key: UUID, basis: Basis, text: str, actor: Actor,
    now: dt.datetime,
) -> TranslatedSegment:  # fmt: skip
    """The row as it will be; an approval was of the text before and does not go on."""
    made = former or TranslatedSegment(translation=translation, key=key, version=0)
    made.text, made.source_text, made.source_digest, made.source_version = text, basis.text, basis.digest, basis.number
    made.pairs = pairs_of(basis.text)
    made.made_by, made.made_as, made.made_at = rules.person(actor), rules.signature(actor), now
    made.approved_by, made.approved_as, made.approved_at = None, {}, None
    made.version += 1
    return made


def _keep(made: TranslatedSegment) -> None:
    try:
        with transaction.atomic():
            made.save(force_insert=made.pk is None, update_fields=None if made.pk is None else WRITTEN)
    except IntegrityError as error:  # of two first translations at the same moment one stays
        former = TranslatedSegment.objects.filter(translation=made.translation_id, key=made.key).first()
        raise _overtaken(former) from error


def _open_again(translation: Translation, was_handed_in: bool, now: dt.datetime) -> None:
    """What is changed after it was handed in has to be handed in again."""
    translation.handed_in_at, translation.changed_at = None, now
    translation.save(update_fields=["handed_in_at", "changed_at"])
    if was_handed_in:
        set_reminders(translation, LanguageState.IN_TRANSLATION, now)


# --- Handing in, review ---------------------------------------------------------------------------------------------------
@transaction.atomic
def hand_in(translation: Translation, *, actor: Actor, now: dt.datetime) -> None:
    """Raises Refused while a sentence is missing or older than the source."""
    rules.need_translator(translation.language, actor)
    work = work_of(locked(translation))
    if work.standing.to_translate:
        raise Refused(
            _("%(count)s of %(total)s sentences are still to be translated. Then hand it in.")
            % {"count": work.standing.to_translate, "total": len(work.source)}
        )
    if work.standing.work == LanguageState.APPROVED:
        raise Refused(_("Every sentence is approved already."))
    translation.handed_in_at, translation.handed_in_by = now, rules.person(actor)
    translation.handed_in_posting = actor.chosen.id if actor and actor.chosen else None
    translation.handed_in_as, translation.returned_why, translation.returned_as = rules.signature(actor), "", {}
    translation.changed_at = now
    translation.save(
        update_fields=[
            "handed_in_at", "handed_in_by", "handed_in_posting", "handed_in_as", "returned_why", "returned_as", "changed_at",
        ]
    )  # fmt: skip
    words = notifications.said(translation.item, translation.language)
    entry = record("publishing.translation.handed_in", translation.item, actor=rules.signature(actor), **words)
    to = notifications.to_posting(translation.reviewer) or of_language(translation.language, reviews=True)
    notifications.tell_one(notifications.TO_REVIEW, translation, to, occasion=str(entry.pk), actor=actor)
    set_reminders(translation, LanguageState.WAITING, now)


def locked(translation: Translation) -> Translation:
    """Whoever writes sentences of it takes it first, then the sentences: in another order two people can block each other."""
    return Translation.objects.select_for_update(of=("self",)).select_related("item").get(pk=translation.pk)


@transaction.atomic
def approve(translation: Translation, *, seen: Mapping[UUID, int], actor: Actor, now: dt.datetime) -> int:
    """Approves sentences as the reviewer saw them (key -> version). Machine translation is confirmed by it.

    Returns how many. Raises Refused: not handed in, not a reviewer of the language, one's own sentence, one that is older than
    the source; Overtaken: another version than the one seen.
    """
    rules.need_reviewer(translation.language, actor)
    work = work_of(locked(translation))
    if work.translation.handed_in_at is None:
        raise Refused(_("It has not been handed in for review."))
    chosen = [_to_approve(work, key, version, actor) for key, version in seen.items()]
    for each in chosen:
        each.approved_by, each.approved_as, each.approved_at = rules.person(actor), rules.signature(actor), now
        each.save(update_fields=["approved_by", "approved_as", "approved_at"])
    words = notifications.said(translation.item, translation.language)
    entry = record(
        "publishing.translation.approved", translation.item, actor=rules.signature(actor), sentences=len(chosen),
        machine=sum(each.machine for each in chosen), **words,
    )  # fmt: skip
    stands = work_of(work.translation).standing.work
    set_reminders(work.translation, stands, now)
    if stands == LanguageState.APPROVED:
        _tell_ready(work.translation, str(entry.pk), actor)
    return len(chosen)


def _to_approve(work: Work, key: UUID, version: int, actor: Actor) -> TranslatedSegment:
    found = work.texts.get(key)
    if found is None or found.version != version:
        raise _overtaken(found)
    if actor is not None and found.made_by == actor.person:
        raise Refused(
            _("“%(text)s” is your own translation. Somebody else has to approve it.") % {"text": found.text[:60]}
        )
    if work.standing.sentences.get(key) not in (SentenceState.WRITTEN, SentenceState.APPROVED):
        raise Refused(
            _("“%(text)s” is a translation of an older source. It has to be looked at by a translator first.")
            % {"text": found.text[:60]}
        )
    return found


def _tell_ready(translation: Translation, occasion: str, actor: Actor) -> None:
    to = notifications.at_headquarters(rules.RELEASE)
    notifications.tell_one(notifications.READY, translation, to, occasion=occasion, actor=actor)


@transaction.atomic
def send_back(translation: Translation, *, reason: str, actor: Actor, now: dt.datetime) -> None:
    """To whoever handed it in. Sentences that were approved stay so."""
    rules.need_reviewer(translation.language, actor)
    if not reason.strip():
        raise Refused(_("Write the reason, so that the other side knows what to do."))
    stored = locked(translation)
    if stored.handed_in_at is None:
        raise Refused(_("It has not been handed in for review."))
    back = Posting.objects.filter(pk=stored.handed_in_posting or 0).first() or stored.translator
    translation.handed_in_at, translation.changed_at = None, now
    translation.returned_why, translation.returned_as = reason.strip(), rules.signature(actor)
    translation.save(update_fields=["handed_in_at", "changed_at", "returned_why", "returned_as"])
    words = {**notifications.said(translation.item, translation.language), "reason": reason.strip()}
    entry = record("publishing.translation.sent_back", translation.item, actor=rules.signature(actor), **words)
    notifications.tell_one(
        notifications.CAME_BACK, translation, notifications.to_posting(back), occasion=str(entry.pk), actor=actor,
        reason=reason.strip(),
    )  # fmt: skip
    set_reminders(translation, LanguageState.IN_TRANSLATION, now)
