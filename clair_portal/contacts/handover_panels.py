"""What a handover pack says of people abroad. How to reach them is said on their page only, where each reading is recorded."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.handover_pack import Cell, Date, Table
from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record_reading
from clair_portal.calendars.eras import in_words
from clair_portal.casework.handover_panels import in_charge_of
from clair_portal.contacts.models import HostUse, Visit

MOST = 200
READ = "contacts.handover"


def contacts(posting: Posting, reader: Reader, now: dt.datetime) -> Table:
    """Hosts used for the cases of a posting, last used first; whoever is shown them by name is recorded."""
    uses = (
        HostUse.objects.visible_to(reader.scope)
        .filter(case__in=in_charge_of(posting, reader))
        .select_related("host", "person")
    )
    last: dict[tuple[int, int | None], HostUse] = {}
    for use in uses.order_by("-day", "-pk"):
        last.setdefault((use.host_id, use.person_id), use)
    shown = list(last.values())[:MOST]
    if reader.person != posting.person_id:
        for person in {use.person_id: use.person for use in shown if use.person}.values():
            record_reading(person, what=READ, reader=reader.signature)
    return Table([_("Host"), _("Person"), _("Used last"), _("How it went")], [_row(use) for use in shown], (5, 4, 3, 5))


def _row(use: HostUse) -> list[Cell]:
    person = (
        Cell(f"{use.person.name} {use.person.title}".strip(), reverse("host_person", args=[use.person.pk]))
        if use.person
        else Cell("–")
    )
    return [
        Cell(use.host.name, reverse("host", args=[use.host_id])), person, Cell(in_words(use.day)),
        Cell(use.remark or (f"{use.went}/5" if use.went else "–")),
    ]  # fmt: skip


def visits(posting: Posting, reader: Reader, now: dt.datetime) -> list[Date]:
    """Visits that are not over, of the cases of a posting."""
    rows = Visit.objects.visible_to(reader.scope).filter(
        case__in=in_charge_of(posting, reader), ends_on__gte=timezone.localdate(now)
    )
    return [
        Date(visit.starts_on, _("Visit: %(title)s") % {"title": visit.title}, reverse("visit", args=[visit.pk]))
        for visit in rows.order_by("starts_on", "pk")[:MOST]
    ]
