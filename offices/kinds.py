"""What the case pages show of a support request."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.eras import in_words
from clair_portal.casework.enums import Holder
from clair_portal.casework.kinds import CaseKind, MoveForm, register
from clair_portal.casework.models import Case
from clair_portal.casework.presentation import REASONS, country_names, papers_of, topic_names
from clair_portal.casework.queries import CaseQuerySet
from clair_portal.contacts.models import Visit
from clair_portal.contacts.services import may_plan
from clair_portal.language.words import listed
from clair_portal.walls.roles import HEADQUARTERS, OFFICE
from clair_portal.walls.scope import Scope
from offices.enums import CostBearer, CostItem, SupportKind
from offices.filing.preconditions import warnings_for
from offices.filing.steps import sheet_name
from offices.forms import ReferForm, ReportForm
from offices.models import Feedback, OfficeReport, Precondition, SupportRequest, WorkEntry
from offices.publishing import may_tell
from offices.services import texts_of
from offices.work.services import hours_of, is_asked_for_feedback, is_news, may_log, work_on
from offices.workflow import KIND, PART_KIND


def detail(case: Case) -> SupportRequest:
    """What was asked for; a part shows what the whole says."""
    whole = case.parent if case.parent_id and Case.parent.is_cached(case) else case  # type: ignore[attr-defined]
    if whole is not None and whole.pk == (case.parent_id or case.pk) and SUPPORT_OF.is_cached(whole):
        found: SupportRequest = whole.support_request  # type: ignore[attr-defined]
        return found
    return SupportRequest.objects.get(case=case.parent_id or case.pk)


SUPPORT_OF: Any = Case.support_request.related  # type: ignore[attr-defined]


def read(cases: CaseQuerySet, scope: Scope) -> CaseQuerySet:
    """The request itself, and whether there is work or a report to read; visits and feedback, which are short, at once."""
    whole = Coalesce(OuterRef("parent"), OuterRef("pk"))
    of_whole = Q(case=OuterRef("pk")) | Q(case__parent=OuterRef("pk"))
    visits = Visit.objects.visible_to(scope).filter(of_whole).order_by("starts_on", "pk")
    said = Feedback.objects.visible_to(scope).filter(case=OuterRef("pk")).order_by("number")
    sent = OfficeReport.objects.visible_to(scope).filter(case=whole, sent_at__isnull=False).order_by("-sent_at")
    return (
        cases.select_related("support_request", "parent__support_request")
        .defer("search_text", "bigrams", "parent__search_text", "parent__bigrams")
        .annotate(
            has_work=Exists(WorkEntry.objects.visible_to(scope).filter(of_whole)),
            reported_at=Subquery(sent.values("sent_at")[:1]),
            visits=ArraySubquery(visits.values(json=JSONObject(**{name: name for name in VISIT}))),
            said=ArraySubquery(said.values(json=JSONObject(score="score", comment="comment", at="created_at"))),
        )
    )


VISIT = ("pk", "title", "shared", "starts_on", "ends_on")


def facts(case: Case, found: SupportRequest) -> list[tuple[str, str]]:
    """Label and value, in the order of the form; what is not filled in yet says so."""
    pairs = [
        (_("Requester"), str(case.applicant)),
        (_("Division, contact"), " ".join(part for part in (found.division, found.contact) if part)),
        (_("Telephone, e-mail"), "\n".join(part for part in (found.telephone, found.email) if part)),
        (_("Countries"), listed(country_names(case))),
        (_("Dates"), _dates(found)),
        (_("Number of people"), str(found.party or "")),
        (_("Kinds of support"), listed(SupportKind(kind).label for kind in found.kinds)),
        (_("Fields of exchange"), listed(topic_names(case))),
        (_("Purpose"), found.purpose),
        (_("Support wanted"), found.wanted),
        (_("Interpreter"), found.get_interpreter_display()),
    ]
    may_be_empty = {_("Telephone, e-mail"), _("Fields of exchange"), _("Interpreter")}
    return [(label, value or _("not filled in")) for label, value in pairs if value or label not in may_be_empty]


def answers(found: SupportRequest) -> list[tuple[str, str]]:
    """The longer answers, for whoever works on the request; what is empty is left out."""
    costs = [f"{CostItem(item).label}: {CostBearer(bearer).label}" for item, bearer in found.costs.items()]
    asked = {row.key: row.text for row in Precondition.objects.filter(key__in=found.answers)} if found.answers else {}
    pairs = [
        (_("Who leads the party"), found.leader),
        (_("Situation in Japan"), found.situation),
        (_("Hosts wanted"), found.hosts),
        (_("Question sheet"), "\n".join(part for part in (found.questions, sheet_name(found)) if part)),
        (_("Who bears which cost"), "\n".join(costs)),
        *((asked[key], text) for key, text in found.answers.items() if key in asked),
    ]
    return [(label, value) for label, value in pairs if value]


def _dates(found: SupportRequest) -> str:
    days = [in_words(day, weekday=True) for day in (found.starts_on, found.ends_on) if day]
    moved = f" ({_('can be moved')})" if days and found.flexible else ""
    return " – ".join(dict.fromkeys(days)) + moved


def reports_on(case: Case, scope: Scope) -> list[OfficeReport]:
    """The sections of the report, one an office, in the order in which they were sent.

    One that the office wrote before the case was opened again is `earlier`.
    """
    sections = OfficeReport.objects.visible_to(scope).filter(case=case.parent_id or case.pk, sent_at__isnull=False)
    found = list(sections.select_related("office").defer("terms").order_by("sent_at", "pk"))
    last = {section.office_id: section.pk for section in found}
    for section in found:
        section.earlier = section.pk != last[section.office_id]
    return found


def more(case: Case, found: SupportRequest, reader: Reader) -> dict[str, Any]:
    """For the body of the page: work, reports, itineraries, feedback."""
    scope = reader.scope
    along = vars(case)
    entries = work_on(case, scope) if along["has_work"] else []
    return {
        "answers": answers(found),
        "reports": reports_on(case, scope) if along["reported_at"] else [],
        "may_copy": _may_copy(case, scope),
        "may_tell": may_tell(case, reader),
        "visits": [_visit(values) for values in along["visits"]],
        "may_plan": may_plan(case, reader),
        "work": entries,
        "hours": hours_of(entries),
        "may_log": may_log(case, reader),
        "may_give_feedback": is_asked_for_feedback(case, reader)
        and is_news(along["reported_at"], _last(along["said"])),
        "feedback": along["said"],
    }


def _last(said: list[dict[str, Any]]) -> dt.datetime | None:
    return dt.datetime.fromisoformat(said[-1]["at"]) if said else None


def _visit(values: dict[str, Any]) -> dict[str, Any]:
    days = {name: dt.date.fromisoformat(values[name]) for name in ("starts_on", "ends_on")}
    return {**values, **days}


YEARS = {
    "stated": gettext_lazy("The report states the year."),
    "weekday": gettext_lazy("The year follows from the day of the week in the report."),
    "page context": gettext_lazy("The year follows from what else stands on the page of the report."),
    "not stated": gettext_lazy("The report does not say the year."),
}
REASONS["year"] = lambda case, basis: str(YEARS.get(basis, ""))  # of a request known from public reports

BEFORE_THE_WORK = {"triage", "referred", "details_asked", "accepted", "plan_asked"}


def remarks(case: Case, found: SupportRequest, reader: Reader) -> list[str]:
    """What the preconditions warn of, for those who decide about it, while there is something to decide."""
    scope = reader.scope
    if scope.role not in (HEADQUARTERS, OFFICE) or case.state not in BEFORE_THE_WORK:
        return []
    papers = papers_of(case.parent if case.parent_id and case.parent else case, scope)
    only = scope.organisations if scope.role == OFFICE else ()
    return warnings_for(case, found, papers, timezone.localdate(), only=only)


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
            copy_url="support_copy",
            forms=_FORMS,
            more=more,
            remarks=remarks,
            read=read,
            texts=texts_of,
            days=lambda case, detail: (detail.starts_on, detail.ends_on),
        )
    )
