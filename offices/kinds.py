"""What the case pages show of a support request."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.calendars.eras import format_era
from clair_portal.casework.kinds import CaseKind, register
from clair_portal.casework.models import Case
from clair_portal.network.models import Country
from offices.forms import AnswerForm, ReferForm
from offices.models import SupportRequest
from offices.workflow import KIND


def detail(case: Case) -> SupportRequest:
    return SupportRequest.objects.get(case=case)


def facts(case: Case, found: SupportRequest) -> list[tuple[str, str]]:
    """Label and value, in the order of the form; what is not filled in yet says so."""
    countries = Country.objects.in_bulk(found.countries)
    names = ", ".join(str(countries[code]) for code in found.countries if code in countries)
    pairs = [
        (_("Requester"), str(case.applicant)),
        (_("Division, contact"), " ".join(part for part in (found.division, found.contact) if part)),
        (_("Countries"), names),
        (_("Dates"), _dates(found)),
        (_("Number of people"), str(found.party or "")),
        (_("Purpose"), found.purpose),
        (_("Support wanted"), found.wanted),
    ]
    return [(label, value or _("not filled in")) for label, value in pairs]


def _dates(found: SupportRequest) -> str:
    days = [_day(day) for day in (found.starts_on, found.ends_on) if day]
    return " – ".join(dict.fromkeys(days))


def _day(day: Any) -> str:
    return format_era(day) if (get_language() or "en").startswith("ja") else date_format(day, "D j M Y")


register(
    CaseKind(
        kind=KIND,
        body="offices/case_body.html",
        detail=detail,
        facts=facts,
        edit_url="support_edit",
        forms={"refer": ReferForm, "answer": AnswerForm},
    )
)
