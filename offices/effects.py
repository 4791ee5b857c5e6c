"""What a move of a support request does besides changing the state. Each returns the extra values of its sentence."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.casework.models import Case, CaseFile
from clair_portal.casework.parts import refer_to
from clair_portal.casework.rules import NotAllowed
from clair_portal.casework.services import enter
from clair_portal.casework.texts import terms_of
from clair_portal.language.words import listed
from clair_portal.network.models import Organisation
from clair_portal.network.services import names
from offices.filing.preconditions import obstacles_for
from offices.models import OfficeReport, SupportRequest


def file(case: Case, *, now: dt.datetime, **_given: Any) -> dict[str, Any]:
    """The draft becomes a request: it gets its number, and its branch sees it from now on."""
    detail = SupportRequest.objects.get(case=case)
    if missing := [str(label) for label in unfinished(case, detail)]:
        raise NotAllowed(_("Before you can file it, fill in: %(fields)s") % {"fields": listed(missing)})
    if detail.ends_on and detail.ends_on < timezone.localdate(now):
        raise NotAllowed(_("The last day of the trip has passed. Write other days before you file it."))
    papers = list(CaseFile.objects.filter(case=case))
    if obstacles := obstacles_for(case, detail, papers, timezone.localdate(now)):
        raise NotAllowed(_("Before you can file it, settle this: %(points)s") % {"points": " ".join(obstacles)})
    return {"number": enter(case, now=now), "from": names(case.applicant)}


def unfinished(case: Case, detail: SupportRequest) -> list[Any]:
    """Labels of the fields that must be filled before filing."""
    needed = ("division", "contact", "kinds", "purpose", "starts_on", "ends_on", "party", "wanted")
    fields = {field.name: field for field in SupportRequest._meta.fields}
    missing = [fields[name].verbose_name for name in needed if not getattr(detail, name)]
    return missing if case.countries else [Case._meta.get_field("countries").verbose_name, *missing]  # type: ignore[union-attr]


def refer(
    case: Case, *, now: dt.datetime, offices: list[Organisation], owner: Organisation, why: dict[int, str] | None = None,
    **_given: Any,
) -> dict[str, Any]:  # fmt: skip
    """Headquarters refers the case to one office, or to several with one that leads; they see it from now on."""
    refer_to(case, offices, owner=owner, why=why or {}, now=now)
    return {"office": [names(office) for office in offices]}


def report(
    case: Case, *, actor: Reader, now: dt.datetime, body: str, outcome: str = "", **_given: Any
) -> dict[str, Any]:
    """The section of one office (or of headquarters) in the report on the whole case; everybody on it reads it.

    The draft is sent, or a new section is written; one that was sent before the case was opened again stays beside it.
    """
    if not body.strip():
        raise NotAllowed(_("Write the report."))
    whole, office = case.parent_id or case.pk, actor.scope.organisation
    written = {
        "body": body.strip(),
        "terms": terms_of(body),
        "outcome": outcome,
        "signature": actor.signature,
        "changed_at": now,
        "sent_at": now,
    }
    if not OfficeReport.objects.filter(case=whole, office=office, sent_at=None).update(**written):
        OfficeReport.objects.create(case_id=whole, office_id=office, **written)
    return {"office": actor.chosen.names if actor.chosen else {}}
