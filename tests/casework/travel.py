"""Takes a support request from state to state, each step as the person who does it."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from clair_portal.casework.models import Case
from clair_portal.casework.services import perform
from clair_portal.walls.scope import acting
from offices.services import begin_request, save_draft
from tests.cast import NOW, reader

FILLED_IN = {
    "title": "Canals and warehouses",
    "division": "Planning",
    "contact": "Iwakura",
    "purpose": "To learn",
    "countries": ["GB"],
    "starts_on": dt.date(2027, 6, 1),
    "ends_on": dt.date(2027, 6, 3),
    "party": 5,
    "kinds": ["appointment"],
    "topics": ["culture"],
    "wanted": "Appointments",
}
# state: the moves that lead there from a draft of Otaru
WAYS: dict[str, list[tuple[str, str]]] = {
    "draft": [],
    "branch_check": [("otaru", "file")],
    "triage": [("otaru", "file"), ("hokkaido", "pass_on")],
    "needs_information": [("otaru", "file"), ("hokkaido", "pass_on"), ("hq_officer", "ask")],
    "referred": [("otaru", "file"), ("hokkaido", "pass_on"), ("hq_officer", "refer")],
    "details_asked": [
        ("otaru", "file"),
        ("hokkaido", "pass_on"),
        ("hq_officer", "refer"),
        ("london", "ask_details"),
    ],
    "accepted": [("otaru", "file"), ("hokkaido", "pass_on"), ("hq_officer", "refer"), ("london", "accept")],
    "plan_asked": [
        ("otaru", "file"),
        ("hokkaido", "pass_on"),
        ("hq_officer", "refer"),
        ("london", "accept"),
        ("london", "ask_for_plan"),
    ],
    "in_progress": [
        ("otaru", "file"),
        ("hokkaido", "pass_on"),
        ("hq_officer", "refer"),
        ("london", "accept"),
        ("london", "begin"),
    ],
    "more_asked": [
        ("otaru", "file"),
        ("hokkaido", "pass_on"),
        ("hq_officer", "refer"),
        ("london", "accept"),
        ("london", "begin"),
        ("london", "ask_more"),
    ],
    "reported": [
        ("otaru", "file"),
        ("hokkaido", "pass_on"),
        ("hq_officer", "refer"),
        ("london", "accept"),
        ("london", "begin"),
        ("london", "report"),
    ],
    "closed": [
        ("otaru", "file"),
        ("hokkaido", "pass_on"),
        ("hq_officer", "refer"),
        ("london", "accept"),
        ("london", "begin"),
        ("london", "report"),
        ("hq_officer", "close"),
    ],
    "declined": [("otaru", "file"), ("hokkaido", "pass_on"), ("hq_officer", "decline")],
    "withdrawn": [("otaru", "file"), ("otaru", "withdraw")],
}


def draft(cast: SimpleNamespace, who: str = "otaru", now: dt.datetime = NOW) -> Case:
    actor = reader(cast, who)
    with acting(actor.scope):
        case = begin_request(title=FILLED_IN["title"], actor=actor, now=now)
        return save_draft(case, values=FILLED_IN)


def given_for(cast: SimpleNamespace, key: str, office: str = "london") -> dict[str, Any]:
    """What the form of a move collects."""
    given: dict[str, Any] = {"reason": "because"}
    if key == "refer":
        given |= {"offices": [cast.places[office]], "owner": cast.places[office]}
    if key in ("report", "report_directly"):
        given["body"] = "Two appointments."
    return given


def step(cast: SimpleNamespace, case: Case, who: str, key: str, now: dt.datetime = NOW, **given: Any) -> Case:
    """One move by one person. Raises what perform() raises. `office`: the one a case is referred to."""
    if office := given.pop("office", None):
        given |= {"offices": [office], "owner": office}
    actor = reader(cast, who)
    with acting(actor.scope):
        perform(case, key, actor=actor, now=now, **{**given_for(cast, key), **given})
    return Case.objects.get(pk=case.pk)


def case_in(cast: SimpleNamespace, state: str) -> Case:
    case = draft(cast)
    for who, key in WAYS[state]:
        case = step(cast, case, who, key)
    assert case.state == state
    return case
