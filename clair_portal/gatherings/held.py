"""What events and calls have in common: an organisation holds them, they have a version and somebody in charge."""

from __future__ import annotations

import datetime as dt

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.gatherings.models import Call, Event
from clair_portal.gatherings.rules import Refused
from clair_portal.outbox.services import Post, tell


def save(held: Event | Call, now: dt.datetime, *fields: str) -> None:
    """The fields, with the next version."""
    held.version += 1
    held.changed_at = now
    held.save(update_fields=[*fields, "version", "changed_at"])


def put_in_charge(
    locked: Event | Call, *, kind: str, refusal: str, posting: Posting, actor: Reader, now: dt.datetime
) -> None:
    """`kind`: "event" or "call", as the log, the notice and the address name it. Whoever is put in charge by somebody else is told.

    Raises Refused with `refusal` for a posting of another organisation.
    """
    if posting.organisation_id != locked.organisation_id:
        raise Refused(refusal)
    locked.posting = posting
    save(locked, now, "posting")
    titles, signature = locked.titles, actor.signature
    entry = record(f"gatherings.{kind}.in_charge", locked, actor=signature, title=titles, name=posting.person.name)
    tell(
        f"gatherings.{kind}.yours", locked, posts=[Post(posting.organisation_id, "", posting=posting.pk)],
        params={"title": titles, "actor": signature}, path=f"/desk/{kind}s/{locked.pk}/", occasion=str(entry.pk),
        but_not=actor.person,
    )  # fmt: skip
