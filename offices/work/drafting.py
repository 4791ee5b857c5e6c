"""The draft of an office's report."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clair_portal.casework.models import Case
from clair_portal.walls.scope import Scope
from offices.drafts import Drafting
from offices.work.forms import ReportDraftForm
from offices.work.services import DRAFTED, report_draft, save_report


def _begun(case: Case, scope: Scope) -> dict[str, str]:
    draft = report_draft(case, scope)
    return {name: getattr(draft, name) for name in DRAFTED}


REPORT = Drafting(
    heading=_("Draft of the report"),
    saved=_("The draft of the report is saved. Only your office sees it."),
    form=ReportDraftForm, names=DRAFTED, held=report_draft, begun=_begun, save=save_report,
)  # fmt: skip
