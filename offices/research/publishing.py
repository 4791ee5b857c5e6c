"""What a research offers an editor for the public: its result, and what stands on the shared list of it already."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from clair_portal.casework.models import Case
from clair_portal.publishing.enums import Kind
from clair_portal.walls.scope import Scope
from offices.models import ResearchResult, SharedResearch
from offices.publishing import COUNTRIES, REQUESTER, TELLABLE, TOPICS, Tellable
from offices.research.workflow import KIND

FINISHED = frozenset({"answered", "shared"})  # headquarters has checked the result


def _offered(case: Case, scope: Scope, language: str) -> dict[str, dict[str, Any]]:
    """On the list stands what headquarters wrote without the requester; not on it: the subject, and no summary."""
    result = ResearchResult.objects.visible_to(scope).sent_on(case).filter(released_at__isnull=False).first()
    listed = SharedResearch.objects.visible_to(scope).filter(case=case, listed=True).first()
    return {
        "title": {f"title_{language}": listed.title if listed else case.title},
        "summary": {f"summary_{language}": listed.summary if listed else ""},
        "result": {f"body_{language}": result.body if result else ""},
    }


TITLE = ("title", _("title on the shared list, or the subject"))
SUMMARY = ("summary", _("summary of the shared list"))
RESULT = ("result", _("result, as the text"))
TELLABLE[KIND] = Tellable(
    FINISHED, Kind.RESEARCH_RESULT, (COUNTRIES, TOPICS, TITLE, REQUESTER, SUMMARY, RESULT), _offered
)
