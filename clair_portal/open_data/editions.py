"""When each data set changed last, noted by the schedule: the reference day and Last-Modified of what the portal keeps."""

from __future__ import annotations

import datetime as dt

from clair_portal.calendars.fiscal import tokyo_date
from clair_portal.open_data import files, sets
from clair_portal.open_data.models import Edition


def note(now: dt.datetime) -> None:
    """A turn of the schedule: a set whose rows differ from its newest edition gets one more."""
    newest = latest()
    for each in sets.known():
        table = files.read(each)
        known = newest.get(each.key)
        if known is None or known.digest != table.digest:
            Edition.objects.create(key=each.key, digest=table.digest, rows=len(table.rows), noted_at=now)


def latest() -> dict[str, Edition]:
    """The newest edition of each set that has one. One statement."""
    return {row.key: row for row in Edition.objects.order_by("key", "-noted_at", "-id").distinct("key")}


def newest_of(key: str) -> Edition | None:
    return Edition.objects.filter(key=key).order_by("-noted_at", "-id").first()


def edition_of(table: files.Table) -> Edition | None:
    """The edition these rows are; None while a change has not been noted yet."""
    found = newest_of(table.data_set.key)
    return found if found and found.digest == table.digest else None


def reference_day(data_set: sets.DataSet, edition: Edition | None) -> dt.date | None:
    """The day the rows hold for: what the owner says, or the day they changed last; None until that has been noted."""
    return data_set.as_of or (tokyo_date(edition.noted_at) if edition else None)
