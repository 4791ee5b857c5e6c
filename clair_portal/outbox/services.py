"""Writing work into the outbox, inside the transaction of the change that causes it."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model

from clair_portal.audit.queries import subject_of
from clair_portal.language.words import shortened
from clair_portal.outbox.enums import State
from clair_portal.outbox.models import Email, Job, Message, Reminder
from clair_portal.ui.request_id import current_request_id
from clair_portal.walls.scope import current_scope


@dataclass(frozen=True)
class Post:
    """Whom a message addresses: everybody posted at an organisation whose role gives the right.

    Where one of the others is given it counts instead: whoever holds the post of that title or role there, or one posting.
    """

    organisation: int
    right: str
    title: str = ""
    role: str = ""
    posting: int | None = None

    def as_row(self) -> dict[str, Any]:
        """Organisation and right, and of the others what is given."""
        return {name: value for name, value in vars(self).items() if value or name in ("organisation", "right")}


@dataclass(frozen=True)
class Somebody:
    """Whom a message addresses: one person, whatever posts they hold by then."""

    person: int

    def as_row(self) -> dict[str, Any]:
        return {"person": self.person}


def one_line(text: str) -> str:
    """For headers of mails: no line break, of whatever kind, survives."""
    return " ".join(text.split())


def _key(event: str, subject_type: str, subject_id: str, occasion: str) -> str:
    """Readable, and at most 190 characters: what would be longer ends in a digest of the whole."""
    key = f"{event}:{subject_type}:{subject_id}:{occasion}"
    return key if len(key) <= 190 else f"{key[:149]}:{hashlib.sha256(key.encode()).hexdigest()[:40]}"


def tell(
    event: str,
    subject: Model,
    *,
    posts: Iterable[Post | Somebody],
    params: dict[str, Any],
    path: str,
    occasion: str,
    but_not: int | None = None,
) -> None:
    """Writes one message. `occasion` tells apart several turns of the same event about the same row (its log entry's id);
    the same occasion twice is told once."""
    subject_type, subject_id = subject_of(subject)
    Message.objects.bulk_create(
        [
            Message(
                key=_key(event, subject_type, subject_id, occasion),
                event=event,
                subject_type=subject_type,
                subject_id=subject_id,
                addressed=[post.as_row() for post in posts],
                params=params,
                path=path,
                but_not=but_not,
                request_id=current_request_id(),
            )
        ],
        ignore_conflicts=True,
    )


def remind(
    event: str,
    subject: Model,
    *,
    at: dt.datetime,
    posts: Iterable[Post | Somebody],
    params: dict[str, Any],
    path: str,
    occasion: str,
) -> None:
    """A message that will be told at `at` unless it is taken back before."""
    subject_type, subject_id = subject_of(subject)
    row = Reminder(
        key=_key(event, subject_type, subject_id, occasion), at=at, event=event, subject_type=subject_type,
        subject_id=subject_id, addressed=[post.as_row() for post in posts], params=params, path=path,
    )  # fmt: skip
    Reminder.objects.bulk_create([row], ignore_conflicts=True)


def take_back(subject: Model, *, now: dt.datetime, event: str = "") -> int:
    """Drops the reminders about a row that are not told yet (of one event, or all). Returns how many."""
    subject_type, subject_id = subject_of(subject)
    with connection.cursor() as cursor:
        cursor.execute("select outbox_take_back(%s, %s, %s, %s)", [subject_type, subject_id, event, now])
        return int(cursor.fetchone()[0])


def queue_email(
    *, to: str, subject: str, body: str, language: str, person: int | None = None, key: str = "", event: str = ""
) -> Email:
    """An e-mail row. `key`: the same key is sent once; empty: a new one is made."""
    email = Email(
        key=key or uuid.uuid4().hex, to=to, subject=shortened(one_line(subject), 250), body=body, language=language,
        person=person, event=event, request_id=current_request_id(),
    )  # fmt: skip
    Email.objects.bulk_create([email], ignore_conflicts=True)
    return email


def send_again(email: Email, *, now: dt.datetime) -> None:
    """A person decided to send a failed or unknown mail again. Raises ValueError for any other state.

    The state is compared in the database: of two people who press at once, one is refused.
    """
    stopped = Email.objects.filter(pk=email.pk, state__in=(State.FAILED, State.UNKNOWN))
    if not stopped.update(state=State.QUEUED, due_at=now, dispatched_at=None, attempts=0, error=""):
        raise ValueError("only a failed or unknown mail can be sent again")


def start_job(kind: str, *, title: str, person: int, user: int, params: dict[str, Any]) -> Job:
    """Queues long work for the acting person and posting; the authority of both is read again when it runs."""
    scope = current_scope()
    job = Job(
        kind=kind, title=title, person=person, user=user, posting=scope.posting if scope else None, params=params,
        request_id=current_request_id(),
    )  # fmt: skip
    job.save(force_insert=True)
    return job
