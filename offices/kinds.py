"""What the case pages show of a support request."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.eras import format_era
from clair_portal.casework.enums import Holder
from clair_portal.casework.kinds import CaseKind, MoveForm, register
from clair_portal.casework.models import Case, CaseFile
from clair_portal.contacts.models import Visit
from clair_portal.contacts.services import may_plan
from clair_portal.network.models import Country
from clair_portal.publishing.services import may_prepare
from clair_portal.walls.roles import HEADQUARTERS, OFFICE
from clair_portal.walls.scope import Scope
from offices.enums import SupportKind
from offices.filing.preconditions import warnings_for
from offices.forms import ReferForm, ReportForm
from offices.models import Feedback, OfficeReport, SupportRequest
from offices.work.services import SAID_AFTER, may_give_feedback, may_log, work_on
from offices.workflow import KIND, PART_KIND


def detail(case: Case) -> SupportRequest:
    """What was asked for; a part shows what the whole says."""
    return SupportRequest.objects.get(case=case.parent_id or case.pk)


def facts(case: Case, found: SupportRequest) -> list[tuple[str, str]]:
    """Label and value, in the order of the form; what is not filled in yet says so."""
    countries = Country.objects.in_bulk(case.countries)
    names = ", ".join(str(countries[code]) for code in case.countries if code in countries)
    kinds = ", ".join(str(SupportKind(kind).label) for kind in found.kinds)
    pairs = [
        (_("Requester"), str(case.applicant)),
        (_("Division, contact"), " ".join(part for part in (found.division, found.contact) if part)),
        (_("Countries"), names),
        (_("Dates"), _dates(found)),
        (_("Number of people"), str(found.party or "")),
        (_("Kinds of support"), kinds),
        (_("Purpose"), found.purpose),
        (_("Support wanted"), found.wanted),
    ]
    return [(label, value or _("not filled in")) for label, value in pairs]


def _dates(found: SupportRequest) -> str:
    days = [_day(day) for day in (found.starts_on, found.ends_on) if day]
    return " – ".join(dict.fromkeys(days))


def _day(day: Any) -> str:
    return format_era(day) if (get_language() or "en").startswith("ja") else date_format(day, "D j M Y")


def reports_on(case: Case, scope: Scope) -> list[OfficeReport]:
    """The sections of the report, one an office, in the order in which they were sent."""
    sections = OfficeReport.objects.visible_to(scope).filter(case=case.parent_id or case.pk, sent_at__isnull=False)
    return list(sections.select_related("office").order_by("sent_at"))


def more(case: Case, found: SupportRequest, reader: Reader) -> dict[str, Any]:
    """For the body of the page: work, reports, itineraries, feedback."""
    scope = reader.scope
    entries = work_on(case, scope)
    return {
        "reports": reports_on(case, scope),
        "may_copy": _may_copy(case, scope),
        "may_tell": case.state in ("reported", "closed") and case.parent_id is None and may_prepare(reader),
        "visits": list(
            Visit.objects.visible_to(scope).filter(Q(case=case) | Q(case__parent=case)).order_by("starts_on")
        ),
        "may_plan": may_plan(case, reader),
        "work": entries,
        "hours": sum((entry.hours for entry in entries), Decimal(0)),
        "may_log": may_log(case, reader),
        "may_give_feedback": may_give_feedback(case, reader),
        "feedback": _feedback(case, scope),
    }


BEFORE_THE_WORK = {"triage", "referred", "details_asked", "accepted"}


def remarks(case: Case, found: SupportRequest, reader: Reader) -> list[str]:
    """What the preconditions warn of, for those who decide about it, while there is something to decide."""
    scope = reader.scope
    if scope.role not in (HEADQUARTERS, OFFICE) or case.state not in BEFORE_THE_WORK:
        return []
    papers = list(CaseFile.objects.visible_to(scope).filter(case=case.parent_id or case.pk))
    only = scope.organisations if scope.role == OFFICE else ()
    return warnings_for(case, found, papers, timezone.localdate(), only=only)


def _feedback(case: Case, scope: Scope) -> Feedback | None:
    if case.state not in SAID_AFTER:
        return None
    return Feedback.objects.visible_to(scope).filter(case=case).first()


def _may_copy(case: Case, scope: Scope) -> bool:
    return case.holder == Holder.NOBODY and case.applicant_id in scope.organisations and scope.can("cases.file")


_FORMS: dict[str, type[MoveForm]] = {"refer": ReferForm, "report": ReportForm}
for _kind in (KIND, PART_KIND):
    register(
        CaseKind(
            kind=_kind,
            body="offices/case_body.html",
            detail=detail,
            facts=facts,
            edit_url="support_edit",
            forms=_FORMS,
            more=more,
            remarks=remarks,
        )
    )
