"""Writing work into the outbox, inside the transaction of the change that causes it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Model

from clair_portal.audit.queries import subject_of
from clair_portal.outbox.enums import State
from clair_portal.outbox.models import Email, Job, Message, Reminder
from clair_portal.ui.request_id import current_request_id


@dataclass(frozen=True)
class Post:
    """Whom a message addresses: everybody posted at an organisation whose role gives the right."""

    organisation: int
    right: str


def tell(
    event: str,
    subject: Model,
    *,
    posts: Iterable[Post],
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
                key=f"{event}:{subject_type}:{subject_id}:{occasion}",
                event=event,
                subject_type=subject_type,
                subject_id=subject_id,
                addressed=[asdict(post) for post in posts],
                params=params,
                path=path,
                but_not=but_not,
                request_id=current_request_id(),
            )
        ],
        ignore_conflicts=True,
    )


def remind(
    event: str, subject: Model, *, at: dt.datetime, posts: Iterable[Post], params: dict[str, Any], path: str, occasion: str
) -> None:
    """A message that will be told at `at` unless its subject is done by then."""
    subject_type, subject_id = subject_of(subject)
    row = Reminder(
        key=f"{event}:{subject_type}:{subject_id}:{occasion}", at=at, event=event, subject_type=subject_type,
        subject_id=subject_id, addressed=[asdict(post) for post in posts], params=params, path=path,
    )  # fmt: skip
    Reminder.objects.bulk_create([row], ignore_conflicts=True)


def queue_email(*, to: str, subject: str, body: str, language: str, person: int | None = None, key: str = "", event: str = "") -> Email:
    """An e-mail row. `key`: the same key is sent once; empty: a new one is made."""
    email = Email(
        key=key or uuid.uuid4().hex, to=to, subject=" ".join(subject.split())[:250], body=body, language=language,
        person=person, event=event, request_id=current_request_id(),
    )  # fmt: skip
    email.save(force_insert=True)
    return email


def send_again(email: Email, *, now: dt.datetime) -> None:
    """A person decided to send a failed or unknown mail again. Raises ValueError for any other state."""
    if email.state not in (State.FAILED, State.UNKNOWN):
        raise ValueError("only a failed or unknown mail can be sent again")
    email.state, email.due_at, email.dispatched_at, email.attempts, email.error = State.QUEUED, now, None, 0, ""
    email.save(update_fields=["state", "due_at", "dispatched_at", "attempts", "error"])


def start_job(kind: str, *, title: str, person: int, user: int, params: dict[str, Any]) -> Job:
    """Queues long work for the acting person; its authority is read again when it runs."""
    job = Job(kind=kind, title=title, person=person, user=user, params=params, request_id=current_request_id())
    job.save(force_insert=True)
    return job
