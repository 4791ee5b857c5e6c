"""Which office a request goes to, and why: by the jurisdiction of its countries on the first day of the trip."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from clair_portal.network.models import Country, Jurisdiction, Organisation


@dataclass(frozen=True)
class Proposal:
    """`office` None: no office serves these countries, headquarters answers itself."""

    office: Organisation | None
    countries: tuple[Country, ...]
    on: dt.date


def propose(countries: list[str], on: dt.date) -> list[Proposal]:
    """One proposal per office, in the order in which the countries are named."""
    found: dict[int | None, list[Country]] = {}
    offices: dict[int | None, Organisation | None] = {}
    named = Country.objects.in_bulk(countries)
    for code in countries:
        office = Jurisdiction.objects.office_for(code, on)
        key = office.pk if office else None
        offices[key] = office
        found.setdefault(key, []).append(named[code])
    return [Proposal(offices[key], tuple(group), on) for key, group in found.items()]
