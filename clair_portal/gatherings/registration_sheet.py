"""Who registered for an event, as a sheet for its host."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.gatherings.enums import Seat
from clair_portal.gatherings.models import Event, Registration
from clair_portal.sheets.writing import Head, Paper, Value, write_xlsx


def write_registrations(
    out: BinaryIO, event: Event, registrations: Iterable[Registration], *, made_at: dt.datetime
) -> int:
    """In the order they are given; returns how many rows there are."""
    heads = [
        Head(_("Name"), 24), Head(_("Organisation"), 30), Head(_("E-mail"), 30), Head(_("Language"), 10), Head(_("State"), 16),
        Head(_("Registered"), 18), Head(_("Attended"), 18),
    ]  # fmt: skip
    lines = [f"{timezone.localtime(event.begins_at):%Y-%m-%d %H:%M}"]
    return write_xlsx(out, Paper(str(event), heads, lines), map(_as_row, registrations), made_at=made_at, small=True)


def _as_row(registration: Registration) -> list[Value]:
    return [
        registration.name, registration.body, registration.email, registration.language,
        str(Seat(registration.state).label), registration.entered_at, registration.attended_at,
    ]  # fmt: skip
