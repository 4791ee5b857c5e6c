"""What a move of a support request does besides changing the state. Each returns the extra values of its sentence."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.casework.models import Case, Referral
from clair_portal.casework.services import NotAllowed, give_number
from clair_portal.language import folding
from clair_portal.network.models import Organisation
from clair_portal.network.services import names
from offices.models import SupportRequest


def file(case: Case, *, now: dt.datetime, **_given: Any) -> dict[str, Any]:
    """The draft becomes a request: it gets its number, and its branch sees it from now on."""
    detail = SupportRequest.objects.get(case=case)
    if missing := [str(label) for label in unfinished(detail)]:
        raise NotAllowed(_("Before you can file it, fill in: %(fields)s") % {"fields": ", ".join(missing)})
    case.branch = case.applicant.checking_branch
    case.filed_at = case.filed_at or now
    case.number = case.number or give_number(case, now)
    case.search_text = folding.search_key(case.title, case.number)
    return {"from": names(case.applicant), "number": case.number}


def unfinished(detail: SupportRequest) -> list[Any]:
    """Labels of the fields that must be filled before filing."""
    needed = ("division", "contact", "purpose", "countries", "starts_on", "ends_on", "party", "wanted")
    fields = {field.name: field for field in SupportRequest._meta.fields}
    return [fields[name].verbose_name for name in needed if not getattr(detail, name)]


def refer(case: Case, *, now: dt.datetime, office: Organisation, why: str = "", **_given: Any) -> dict[str, Any]:
    """Headquarters refers the case to one office; the office sees it from now on."""
    if not office.is_office:
        raise NotAllowed(_("Choose an overseas office."))
    Referral.objects.filter(case=case, standing=True).update(standing=False)
    Referral.objects.create(case=case, office=office, why=why, created_at=now)
    return {"office": names(office)}


def answer(case: Case, *, actor: Reader, answer: str, **_given: Any) -> dict[str, Any]:
    """The answer is kept with the request; everybody on the case reads it."""
    if not answer.strip():
        raise NotAllowed(_("Write the answer."))
    changed = SupportRequest.objects.filter(case=case).update(answer=answer.strip())
    if changed != 1:
        raise NotAllowed(_("This case cannot be answered by you."))
    return {"office": actor.chosen.names if actor.chosen else {}}
