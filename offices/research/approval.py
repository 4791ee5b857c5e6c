"""Accepting commissioned research as something that is approved (決裁): what is frozen, and when it may be drafted."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clair_portal.accounts.reader import Reader
from clair_portal.approvals import services
from clair_portal.approvals.kinds import Content, Fact, Kind, Paper, register
from clair_portal.calendars.eras import in_words
from clair_portal.casework.enums import Side
from clair_portal.casework.models import Case, CaseFile
from clair_portal.casework.rules import NotAllowed, may_move
from clair_portal.language.words import listed
from clair_portal.network.models import Country
from clair_portal.walls.scope import SYSTEM_SCOPE, current_scope
from offices.models import ResearchRequest
from offices.research.workflow import KIND, RESEARCH

ACCEPT = "offices.research.accept"
MOVE = "refer"  # the move that needs the approval: the formal letter is there, the office begins
SUBJECT = "casework.case"


def content(subject_id: str) -> Content | None:
    """What headquarters accepts: the request as it was filed, the answer of the office, and the requester's papers."""
    seen = Case.objects.visible_to(current_scope() or SYSTEM_SCOPE)
    case = seen.filter(pk=subject_id, kind=KIND).select_related("applicant").first()
    if case is None:
        return None
    found = ResearchRequest.objects.get(case=case)
    countries = Country.objects.in_bulk(case.countries)
    lines = (
        ("number", gettext_lazy("Case number"), case.number or ""),
        ("applicant", gettext_lazy("Requester"), str(case.applicant)),
        ("contact", gettext_lazy("Division, contact"), " ".join(filter(None, (found.division, found.contact)))),
        (
            "countries",
            gettext_lazy("Countries"),
            listed(countries[code] for code in case.countries if code in countries),
        ),
        ("wanted_by", gettext_lazy("Wanted by"), in_words(found.wanted_by) if found.wanted_by else ""),
        ("purpose", gettext_lazy("Purpose"), found.purpose),
        ("not_from_japan", gettext_lazy("Why it cannot be done from Japan"), found.not_from_japan),
        ("questions", gettext_lazy("Questions"), found.questions),
        ("situation", gettext_lazy("Situation in Japan"), found.situation),
        ("exception", gettext_lazy("Why headquarters made an exception"), found.exception),
        ("feasibility", gettext_lazy("Answer on whether it is possible"), found.feasibility),
    )
    facts = tuple(Fact(key, label, value) for key, label, value in lines if value)
    return Content(case.title, facts, tuple(_paper(paper) for paper in _papers(case)))


def _papers(case: Case) -> list[CaseFile]:
    """The requester's own: the letter and what was sent with it. Everybody on the case reads them."""
    return list(CaseFile.objects.filter(case=case, shared=True, side=Side.APPLICANT).order_by("created_at", "pk"))


def _paper(paper: CaseFile) -> Paper:
    return Paper(paper.name, paper.sha256, paper.size, reverse("file", args=[paper.pk]))


def may_draft(subject_id: str, reader: Reader) -> str:
    """Empty, or the sentence why not: it is drafted by whoever could make the move."""
    case = Case.objects.visible_to(reader.scope).filter(pk=subject_id, kind=KIND).first()
    if case is None:
        return _("There is no such research request for you.")
    answer = may_move(case, RESEARCH.transition(MOVE), reader)
    return "" if answer.allowed else answer.reason


def require(case: Case, *, actor: Reader, now: dt.datetime) -> None:
    """Called by the move. Raises NotAllowed with the reason; where no route holds nothing is asked for."""
    if refusal := services.refusal(ACCEPT, str(case.pk), actor=actor, now=now):
        raise NotAllowed(refusal)
    services.carried_out(ACCEPT, str(case.pk), actor=actor, now=now)


register(
    Kind(
        code=ACCEPT, label=gettext_lazy("Accepting commissioned research"), subject_type=SUBJECT, content=content,
        path=lambda subject_id: reverse("case", args=[subject_id]), may_draft=may_draft,
        offers=lambda case: case.kind == KIND and case.state in RESEARCH.transition(MOVE).sources,
    )
)  # fmt: skip
