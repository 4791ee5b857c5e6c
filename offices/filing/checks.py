"""What is worth knowing before a request is sent: where it will go, what an office would ask, and what is like it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clair_portal.casework.models import Case
from offices.models import SupportRequest
from offices.routing import Proposal, propose


@dataclass(frozen=True)
class Route:
    """Where the request will be referred to, in a sentence, and why."""

    proposals: tuple[Proposal, ...]
    on: dt.date

    @property
    def sentence(self) -> str:
        offices = [str(each.office) for each in self.proposals if each.office]
        if not offices:
            return _("No overseas office is responsible for these countries: headquarters answers itself.")
        if len(offices) == 1:
            return _("This request goes to: %(office)s") % {"office": offices[0]}
        return _("Several offices will share this request: %(offices)s. Headquarters says which one leads.") % {
            "offices": ", ".join(offices)
        }


def route_of(case: Case, detail: SupportRequest, today: dt.date) -> Route | None:
    """By the jurisdiction on the first day of the trip (today, while there is none); None without countries."""
    if not case.countries:
        return None
    on = detail.starts_on or today
    return Route(tuple(propose(case.countries, on)), on)
