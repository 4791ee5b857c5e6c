"""The applications to a call as a sheet for its host."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import BinaryIO

from django.utils.translation import gettext as _

from clair_portal.gatherings.call_presentation import both_clocks, outcome
from clair_portal.gatherings.models import Application, Call
from clair_portal.sheets.writing import Head, Paper, Value, write_xlsx


def write_applications(out: BinaryIO, call: Call, applications: Iterable[Application], *, made_at: dt.datetime) -> int:
    """Returns how many rows there are."""
    heads = [
        Head(_("Lot"), 8), Head(_("Organisation"), 24), Head(_("State"), 16), Head(_("Rank"), 8), Head(_("People"), 8),
        Head(_("Names"), 30), Head(_("Reason"), 60), Head(_("Contact"), 20), Head(_("E-mail"), 30), Head(_("Arrived"), 18),
    ]  # fmt: skip
    lines = [_("Closes: %(title)s") % {"title": both_clocks(call.closes_at)}]
    return write_xlsx(out, Paper(str(call), heads, lines), map(_as_row, applications), made_at=made_at, small=True)


def _as_row(application: Application) -> list[Value]:
    return [
        application.lot, str(application.organisation), str(outcome(application)["label"]), application.rank,
        application.people, application.names, application.reason, application.contact, application.email,
        application.sent_at,
    ]  # fmt: skip
