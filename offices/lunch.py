"""Entries of an itinerary in the lunch hours of its office: hours are data; where none are known nobody is warned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from clair_portal.contacts.itinerary import register_warning
from clair_portal.contacts.models import Stop, Visit
from clair_portal.network.queries import in_force
from offices.enums import PreconditionCheck
from offices.models import Precondition, SupportRequest


def in_lunch_hours(visit: Visit, stops: Sequence[Stop]) -> Iterator[str]:
    """A sentence for each entry on the clock of the office that touches its lunch hours."""
    rows = _rows(visit) if stops else []
    for stop in stops:
        for row in rows:
            if stop.zone == visit.office.time_zone and _touches(stop, row):
                hours = f"{row.hours_from:%H:%M}–{row.hours_until:%H:%M}"
                yield _("%(what)s (%(hours)s): %(text)s") % {"what": stop.what, "hours": hours, "text": row.text}


def _rows(visit: Visit) -> list[Precondition]:
    """What the office itself says; where it says nothing, what holds for every office."""
    holding = Q(office=visit.office_id) | Q(office=None)
    rows = list(
        Precondition.objects.filter(holding, in_force(visit.starts_on), check_code=PreconditionCheck.LUNCH, active=True)
        .exclude(hours_from=None)
        .order_by("key")
    )
    if any(row.kind for row in rows):
        of_case = SupportRequest.objects.filter(case__in=[visit.case_id, visit.case.parent_id or visit.case_id])
        asked = {kind for kinds in of_case.values_list("kinds", flat=True) for kind in kinds}
        rows = [row for row in rows if not row.kind or row.kind in asked]
    return [row for row in rows if row.office_id] or rows


def _touches(stop: Stop, row: Precondition) -> bool:
    assert row.hours_from is not None
    assert row.hours_until is not None
    return stop.begins < row.hours_until and (
        stop.begins >= row.hours_from or (stop.ends or stop.begins) > row.hours_from
    )


register_warning(in_lunch_hours)
