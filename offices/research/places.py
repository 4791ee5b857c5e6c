"""Where a research can be done: in principle inside a country that hosts an office, and by one office a request.

Source: docs/data-sources.md (commissioned research).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clair_portal.casework.models import Case
from clair_portal.language.words import in_japanese, listed
from clair_portal.network.models import Country, Organisation
from offices.filing.checks import Route
from offices.models import ResearchRequest
from offices.routing import Proposal, propose


def hosts() -> list[str]:
    """Codes of the countries that host an office, in the order of the offices."""
    codes = Organisation.objects.offices().order_by("pk").values_list("country_id", flat=True)
    return list(dict.fromkeys(code for code in codes if code))


def outside(case: Case) -> list[str]:
    """Codes of the countries of a research that host no office."""
    known = hosts()
    return [code for code in case.countries if code not in known]


def outside_sentence(codes: list[str], advice: str) -> str:
    said = _(
        "Research is in principle done in countries that host an office (%(hosts)s). Not among them: %(countries)s."
    ) % {
        "hosts": _named(hosts()),
        "countries": _named(codes),
    }
    return f"{said} {advice}" if not in_japanese() else f"{said}{advice}"


def _named(codes: list[str]) -> str:
    found = Country.objects.in_bulk(codes)
    return listed(found[code].name or code for code in codes if code in found)


def several_sentence(proposals: list[Proposal]) -> str:
    """Empty unless several offices would be asked."""
    offices = [each for each in proposals if each.office]
    if len(offices) < 2:
        return ""
    listed = "; ".join(f"{each.office}: {_named([c.code for c in each.countries])}" for each in offices)
    return _("One research request goes to one office. File one request per office: %(offices)s") % {"offices": listed}


def refusal(case: Case, detail: ResearchRequest, today: dt.date) -> str:
    """Why it cannot be filed for these countries; empty when it can."""
    if said := several_sentence(propose(case.countries, today)):
        return said
    if (codes := outside(case)) and not detail.exception_wanted.strip():
        return outside_sentence(codes, _("Choose other countries, or write why headquarters should make an exception."))
    return ""


@dataclass(frozen=True)
class ResearchRoute(Route):
    """Where the enquiry will go, or why it cannot go there like this."""

    said: str = ""

    @property
    def sentence(self) -> str:
        return self.said or super().sentence


def route_of(case: Case, detail: ResearchRequest, today: dt.date) -> ResearchRoute | None:
    """By the jurisdiction of today; None without countries."""
    if not case.countries:
        return None
    return ResearchRoute(tuple(propose(case.countries, today)), today, refusal(case, detail, today))
