"""Who registered for an event, and who applied to a call, as files for the host: a workbook, or CSV for any program."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.documents.services import made_now
from clair_portal.gatherings.call_presentation import both_clocks, outcome
from clair_portal.gatherings.enums import Seat
from clair_portal.gatherings.models import Application, Call, Event, Registration
from clair_portal.sheets.writing import UTF8, XLSX_TYPE, Head, Paper, Value, write_csv, write_xlsx

MEDIA = {"xlsx": XLSX_TYPE, "csv": "text/csv; charset=utf-8"}


def registrations_as(
    kind: str, event: Event, registrations: Iterable[Registration], *, made_at: dt.datetime
) -> HttpResponse:
    """In the order they are given. Raises Http404 for a kind of file there is none of."""
    heads = [
        Head(_("Name"), 24), Head(_("Organisation"), 30), Head(_("E-mail"), 30), Head(_("Language"), 10), Head(_("State"), 16),
        Head(_("Registered"), 18), Head(_("Attended"), 18),
    ]  # fmt: skip
    paper = Paper(str(event), heads, [f"{timezone.localtime(event.begins_at):%Y-%m-%d %H:%M}"])
    return _file(kind, "registrations", paper, map(_registration, registrations), made_at)


def _registration(each: Registration) -> list[Value]:
    return [
        each.name, each.body, each.email, each.language, str(Seat(each.state).label), each.entered_at, each.attended_at,
    ]  # fmt: skip


def applications_as(
    kind: str, call: Call, applications: Iterable[Application], *, made_at: dt.datetime
) -> HttpResponse:  # fmt: skip
    """In the order they are given. Raises Http404 for a kind of file there is none of."""
    heads = [
        Head(_("Lot"), 8), Head(_("Organisation"), 24), Head(_("State"), 16), Head(_("Rank"), 8), Head(_("People"), 8),
        Head(_("Names"), 30), Head(_("Reason"), 60), Head(_("Contact"), 20), Head(_("E-mail"), 30), Head(_("Arrived"), 18),
    ]  # fmt: skip
    paper = Paper(str(call), heads, [_("Closes: %(title)s") % {"title": both_clocks(call.closes_at)}])
    return _file(kind, "applications", paper, map(_application, applications), made_at)


def _application(each: Application) -> list[Value]:
    return [
        each.lot, str(each.organisation), str(outcome(each)["label"]), each.rank, each.people, each.names, each.reason,
        each.contact, each.email, each.sent_at,
    ]  # fmt: skip


def _file(kind: str, name: str, paper: Paper, rows: Iterable[list[Value]], made_at: dt.datetime) -> HttpResponse:
    if kind not in MEDIA:
        raise Http404
    out = io.BytesIO()
    if kind == "csv":
        write_csv(out, paper, rows, encoding=UTF8)
    else:
        write_xlsx(out, paper, rows, made_at=made_at, small=True)
    return made_now(out.getvalue(), f"{name}.{kind}", MEDIA[kind])
