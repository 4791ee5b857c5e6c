"""Preparing, releasing and withdrawing. Only what an editor wrote into a publication becomes public."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.audit.queries import subject_of
from clair_portal.audit.services import record
from clair_portal.publishing.content import from_publication
from clair_portal.publishing.enums import State
from clair_portal.publishing.models import Publication
from clair_portal.publishing.sentences import sentences, without

PREPARE, RELEASE = "publications.prepare", "publications.release"
TEXTS = ("summary_ja", "body_ja", "summary_en", "body_en")


class NotReady(Exception):
    """What is still missing, as a sentence."""


def may_prepare(actor: Reader) -> bool:
    return actor.can(PREPARE)


def may_change(publication: Publication, actor: Reader) -> bool:
    """What is public changes for the public at once, so only those who may release change it."""
    return actor.can(PREPARE if publication.state == State.DRAFT else RELEASE)


@transaction.atomic
def prepare(*, values: dict[str, Any], subject: Model | None = None, actor: Reader, now: dt.datetime) -> Publication:
    """A new draft. `values`: fields of Publication; `subject`: where it comes from, known to editors only."""
    subject_type, subject_id = subject_of(subject) if subject is not None else ("", "")
    publication = Publication(
        subject_type=subject_type, subject_id=subject_id, changed_at=now, signature=actor.signature,
        **{"slug": free_slug(values.get("title_en", "")), **values},
    )  # fmt: skip
    publication.save(force_insert=True)
    record("publishing.publication.prepared", publication, actor=actor.signature, title=str(publication))
    return publication


def free_slug(title: str) -> str:
    """Short, readable, and never taken: a few random letters end it."""
    return f"{slugify(title)[:60].strip('-') or 'story'}-{secrets.token_hex(3)}"


@transaction.atomic
def change(publication: Publication, *, values: dict[str, Any], version: int, actor: Reader, now: dt.datetime) -> None:
    """New texts. Raises NotReady: another version than the one seen, or it is public and would lose its text."""
    if not may_change(publication, actor):
        raise NotReady(_("Only headquarters changes what is public."))
    if publication.state == State.PUBLISHED:
        _complete(values, values.get("consent", ""), values.get("consent_on"), timezone.localdate(now))
    _write(publication, version, **values, changed_at=now, signature=actor.signature)
    public = publication.state == State.PUBLISHED
    event = "publishing.publication.corrected" if public else "publishing.publication.changed"
    record(event, publication, actor=actor.signature, title=str(publication), sentences=_changed(publication, values))
    _follow(publication, actor, now)


def _follow(publication: Publication, actor: Reader, now: dt.datetime) -> None:
    """Its text in many languages goes with what is public. `publication`: as it was before."""
    changed = Publication.objects.get(pk=publication.pk)
    removed = set(publication.languages()) - set(changed.languages())
    from_publication.follow(changed, removed=removed, actor=actor, now=now)


def _changed(before: Publication, values: Mapping[str, Any]) -> int:
    """How many sentences are new or were taken away."""
    return sum(
        len(set(sentences(getattr(before, name))) ^ set(sentences(values.get(name, getattr(before, name)))))
        for name in TEXTS
    )


def _write(publication: Publication, seen: int, **values: Any) -> None:
    """Only over the version the editor saw."""
    if not Publication.objects.filter(pk=publication.pk, version=seen).update(**values, version=seen + 1):
        raise NotReady(_("Somebody else changed this publication while you had it open. What you typed is kept."))


@transaction.atomic
def release(
    publication: Publication,
    *,
    version: int,
    left_out: Mapping[str, Collection[int]],
    consent: str,
    consent_on: dt.date | None,
    on: dt.date,
    actor: Reader,
    now: dt.datetime,
) -> None:
    """Makes it public, without the sentences in `left_out` (text -> places).

    Raises NotReady: no title with a text, nobody named who agreed and when, or somebody changed it meanwhile.
    """
    if not actor.can(RELEASE):
        raise NotReady(_("Only headquarters releases publications."))
    texts = {name: without(getattr(publication, name), left_out.get(name, ())) for name in TEXTS}
    titles = {"title_ja": publication.title_ja, "title_en": publication.title_en}
    _complete(titles | texts, consent, consent_on, on)
    first = publication.published_on is None
    _write(
        publication, version, **texts, state=State.PUBLISHED, published_on=publication.published_on or on, consent=consent,
        consent_on=consent_on, released_by=actor.signature, released_at=now, changed_at=now,
        slug=free_slug(publication.title_en) if first else publication.slug,
    )  # fmt: skip
    record(
        "publishing.publication.released", publication, actor=actor.signature, title=str(publication), consent=consent,
        on=consent_on.isoformat() if consent_on else "", sentences=sum(len(sentences(text)) for text in texts.values()),
        left_out=sum(len(places) for places in left_out.values()),
    )  # fmt: skip
    _follow(publication, actor, now)


def _complete(texts: Mapping[str, str], consent: str, consent_on: dt.date | None, on: dt.date) -> None:
    if not any(texts.get(f"title_{code}") and texts.get(f"body_{code}") for code in ("ja", "en")):
        raise NotReady(_("Write title and text in Japanese or in English."))
    if not consent.strip() or consent_on is None:
        raise NotReady(_("Write who agreed to the release, and when."))
    if consent_on > on:
        raise NotReady(_("The day of the agreement must not be in the future."))


@transaction.atomic
def withdraw(publication: Publication, *, reason: str, actor: Reader, now: dt.datetime) -> None:
    """Its address answers 410 from now on. Raises NotReady without a reason, or when it is not public."""
    if not actor.can(RELEASE):
        raise NotReady(_("Only headquarters releases publications."))
    if not reason.strip():
        raise NotReady(_("Write the reason; it stays in the log."))
    public = Publication.objects.filter(pk=publication.pk, state=State.PUBLISHED)
    if not public.update(state=State.WITHDRAWN, version=publication.version + 1, changed_at=now):
        raise NotReady(_("It is not public."))
    record(
        "publishing.publication.withdrawn", publication, actor=actor.signature, title=str(publication), reason=reason
    )  # fmt: skip
    _follow(publication, actor, now)
