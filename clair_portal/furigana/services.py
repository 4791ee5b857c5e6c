"""Correcting readings. The pages follow: their families read this table (apps.py)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.furigana.models import Reading

RIGHT = "publications.release"


@transaction.atomic
def set_reading(*, text: str, reading: str, source: str, actor: Reader, now: dt.datetime) -> Reading:
    """From now on `text` is read so. Raises ValidationError with sentences."""
    row = Reading.objects.select_for_update().filter(text=text).first() or Reading(text=text)
    row.reading, row.source, row.who, row.changed_at = reading, source, actor.signature, now
    row.full_clean()
    row.save()
    record("furigana.reading.set", row, actor=actor.signature, text=text, reading=reading, source=source)
    return row


@transaction.atomic
def remove_reading(row: Reading, *, actor: Reader) -> None:
    """The word list and the dictionary count again."""
    record("furigana.reading.removed", row, actor=actor.signature, text=row.text, reading=row.reading)
    row.delete()
