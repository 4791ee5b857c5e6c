"""Filing a support request."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from offices import services
from offices.effects import unfinished
from offices.filing.checks import calendar_of, route_of
from offices.filing.filings import Copying, Filing
from offices.filing.preconditions import said_of, sheets_among
from offices.filing.steps import STEPS
from offices.models import SupportRequest
from offices.workflow import KIND

SUPPORT = Filing(
    name="support", kind=KIND, model=SupportRequest, steps=STEPS, new=_("New support request"),
    heading=_("Draft of a support request"), printed=_("Support request (draft)"),
    papers=_("For example a question sheet of your own, a programme, a list of the party"), first_look="referred",
    begin=services.begin_request, save=services.save_draft, unfinished=unfinished, route=route_of, calendar=calendar_of,
    said=said_of, sheets=sheets_among, keep_sheet=services.add_question_sheet,
    copying=Copying(services.copy_request, services.moved_ahead),
)  # fmt: skip
