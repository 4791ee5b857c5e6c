"""Filing a research request."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from offices.filing.filings import Filing
from offices.models import ResearchRequest
from offices.research import effects, places, services
from offices.research.steps import STEPS
from offices.research.workflow import KIND

RESEARCH = Filing(
    name="research", kind=KIND, model=ResearchRequest, steps=STEPS, new=_("New research request"),
    heading=_("Draft of a research request"), printed=_("Overseas research request (draft)"),
    papers=_("For example a question sheet of your own, papers on the situation in Japan"), first_look="feasibility",
    begin=services.begin_request, save=services.save_draft, unfinished=effects.unfinished, route=places.route_of,
    known=services.known_about,
)  # fmt: skip
