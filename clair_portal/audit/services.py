"""Writing to the log. One call per action, inside the transaction of the action."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Model

from clair_portal.audit.models import EmergencyReading, Entry, Reading
from clair_portal.audit.queries import subject_of
from clair_portal.ui.request_id import current_request_id

Names = dict[str, str]  # {"ja": ..., "en": ...}


def record(
    event: str, subject: Model, *, actor: Names | None = None, side: str = "", internal_to: int | None = None, **params: Any
) -> Entry:  # fmt: skip
    """Writes one entry.

    `event`: key such as "offices.request.filed". `actor`: name and organisation per language as they are now (the row
    keeps them as they were). `side`: empty for everybody who sees the subject, else only that side. `internal_to`: whose
    internal entry it is, where nobody's posting acts (mail that came in). `params`: values of the sentence; personal data
    only where the sentence needs it.
    """
    subject_type, subject_id = subject_of(subject)
    entry = Entry(
        event=event,
        subject_type=subject_type,
        subject_id=subject_id,
        actor=actor or {},
        side=side,
        organisation=internal_to,
        params=params,
        request_id=current_request_id(),
    )
    entry.save(force_insert=True)
    return entry


def record_reading(subject: Model, *, what: str, reader: Names) -> None:
    """Notes that the acting person was shown the record of `subject`: a person of the network, or one at a host abroad."""
    Reading(subject_type=subject._meta.label_lower, subject=subject.pk, what=what, reader=reader).save(
        force_insert=True
    )


def read_in_emergency(subject: Model, *, reason: str, now: dt.datetime, actor: Names) -> EmergencyReading:
    """Opens another side's internal papers of `subject` to the acting person for one hour. The reason is logged for all."""
    reason = " ".join(reason.split())
    if len(reason) < 10:
        raise ValueError("an emergency reading needs a reason of at least ten characters")
    subject_type, subject_id = subject_of(subject)
    reading = EmergencyReading(
        subject_type=subject_type, subject_id=subject_id, reason=reason, until=now + dt.timedelta(hours=1)
    )
    reading.save(force_insert=True)
    record("audit.emergency_reading.opened", subject, actor=actor, reason=reason)
    return reading
