"""Preparing, releasing and withdrawing. Only what an editor wrote into a publication becomes public."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.text import slugify
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.audit.queries import subject_of
from clair_portal.audit.services import record
from clair_portal.publishing.enums import State
from clair_portal.publishing.models import Publication
from clair_portal.walls.roles import HEADQUARTERS, OFFICE

RELEASE, PREPARE = "cases.triage", "cases.work"


class NotReady(Exception):
    """What is still missing, as a sentence."""


def may_prepare(actor: Reader) -> bool:
    return actor.scope.role in (HEADQUARTERS, OFFICE) and (actor.can(RELEASE) or actor.can(PREPARE))


def may_release(actor: Reader) -> bool:
    return actor.scope.role == HEADQUARTERS and actor.can(RELEASE)


@transaction.atomic
def prepare(*, values: dict[str, Any], subject: Model | None = None, actor: Reader, now: dt.datetime) -> Publication:
    """A new draft. `values`: fields of Publication; an address is made from the English title where none is given."""
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
    return f"{slugify(title)[:60] or 'story'}-{secrets.token_hex(3)}"


@transaction.atomic
def change(publication: Publication, *, values: dict[str, Any], actor: Reader, now: dt.datetime) -> None:
    """New texts; a released publication changes for the public at once, and the log says who did it."""
    changed = Publication.objects.filter(pk=publication.pk, version=publication.version).update(
        **values, version=publication.version + 1, changed_at=now, signature=actor.signature
    )
    if not changed:
        raise NotReady(_("Somebody else changed this publication while you had it open. What you typed is kept."))
    record("publishing.publication.changed", publication, actor=actor.signature, title=str(publication))


@transaction.atomic
def release(publication: Publication, *, on: dt.date, actor: Reader) -> None:
    """Raises NotReady: no title or text, or nobody is named who agreed to it."""
    if not may_release(actor):
        raise NotReady(_("Only headquarters releases publications."))
    if not (publication.title_ja and publication.body_ja) and not (publication.title_en and publication.body_en):
        raise NotReady(_("Write title and text in Japanese or in English."))
    if not publication.consent.strip():
        raise NotReady(_("Write who agreed to the release, and when."))
    Publication.objects.filter(pk=publication.pk).update(
        state=State.PUBLISHED, published_on=publication.published_on or on, version=publication.version + 1
    )
    record(
        "publishing.publication.released", publication, actor=actor.signature, title=str(publication),
        consent=publication.consent,
    )  # fmt: skip


@transaction.atomic
def withdraw(publication: Publication, *, reason: str, actor: Reader) -> None:
    """Its address answers 410 from now on. Raises NotReady without a reason."""
    if not may_release(actor):
        raise NotReady(_("Only headquarters releases publications."))
    if not reason.strip():
        raise NotReady(_("Write the reason; it stays in the log."))
    Publication.objects.filter(pk=publication.pk, state=State.PUBLISHED).update(
        state=State.WITHDRAWN, version=publication.version + 1
    )
    record(
        "publishing.publication.withdrawn", publication, actor=actor.signature, title=str(publication), reason=reason
    )  # fmt: skip
