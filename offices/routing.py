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
    responsible = offices_for(countries, on)
    named = Country.objects.in_bulk(countries)
    for code in countries:
        office = responsible.get(code)
        found.setdefault(office.pk if office else None, []).append(named[code])
    offices = {office.pk: office for office in responsible.values()}
    return [Proposal(offices[key] if key else None, tuple(group), on) for key, group in found.items()]


def in_being(proposals: list[Proposal], today: dt.date) -> list[Organisation]:
    """The offices proposed that exist today: a trip may begin after the last day of one."""
    return [each.office for each in proposals if each.office and each.office.in_being(today)]


def why_this(office: Organisation, proposals: list[Proposal]) -> str:
    """The countries it is responsible for, as the referral keeps them; empty: somebody chose it for another reason."""
    codes = [country.code for each in proposals if each.office == office for country in each.countries]
    return f"countries: {' '.join(codes)}" if codes else ""


def offices_for(countries: list[str], on: dt.date) -> dict[str, Organisation]:
    """The office of each country on that day, in one query; countries without one are left out."""
    rows = Jurisdiction.objects.on(on).filter(country__in=countries).select_related("office")
    found = {row.country_id: row.office for row in rows}
    return {code: found[code] for code in countries if code in found}
