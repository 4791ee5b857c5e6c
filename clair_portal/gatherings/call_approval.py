"""The host's choice among applications as something that is approved (決裁): needed where a route of approval holds for it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clair_portal.accounts.reader import Reader
from clair_portal.approvals.kinds import Content, Fact, Kind, register
from clair_portal.gatherings.call_presentation import both_clocks
from clair_portal.gatherings.deciding import CHOSEN, SELECT
from clair_portal.gatherings.enums import CallState, Selection
from clair_portal.gatherings.models import Application, Call
from clair_portal.gatherings.rules import may_host
from clair_portal.language.words import listed

SUBJECT = "gatherings.call"


def content(subject_id: str) -> Content | None:
    """Who is to be selected, who is a reserve, and among how many."""
    call = Call.objects.filter(pk=subject_id).first()
    if call is None:
        return None
    standing = list(Application.objects.filter(call=call).standing().select_related("organisation"))
    reserves = sorted((each for each in standing if each.proposed), key=lambda each: each.proposed or 0)
    facts = (
        Fact("closes", gettext_lazy("Closes"), both_clocks(call.closes_at)),
        Fact("places", pgettext_lazy("call", "Places"), str(call.places)),
        Fact("applications", gettext_lazy("Applications"), str(len(standing))),
        Fact(
            "selected",
            pgettext_lazy("applications", "Selected"),
            listed(each for each in standing if each.proposed == CHOSEN),
        ),
        Fact("reserves", gettext_lazy("Reserves, in this order"), listed(reserves)),
    )
    return Content(str(call), facts)


def may_draft(subject_id: str, reader: Reader) -> str:
    """Empty, or the sentence why not."""
    call = Call.objects.visible_to(reader.scope).filter(pk=subject_id).first()
    if call is None or not may_host(call, reader):
        return _("There is no such call for you.")
    if call.state == CallState.DECIDED or call.selection != Selection.APPROVAL:
        return _("There is nothing to approve about this call.")
    chosen = Application.objects.filter(call=call, proposed=CHOSEN).exists()
    return "" if chosen else _("Choose first who is selected.")


register(
    Kind(
        code=SELECT, label=gettext_lazy("Selection for a call for participants"), subject_type=SUBJECT, content=content,
        path=lambda subject_id: reverse("call_choose", args=[subject_id]), may_draft=may_draft,
    )
)  # fmt: skip
