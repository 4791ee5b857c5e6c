"""Takes a research request from state to state, each step as the person who does it."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from clair_portal.casework.models import Case
from clair_portal.casework.services import perform
from clair_portal.network.models import Organisation
from clair_portal.walls.scope import acting
from offices.research.services import begin_request, save_draft
from tests.cast import NOW, reader

FILLED_IN = {
    "title": "Fire safety for people who need care",
    "division": "Fire department",
    "contact": "Iwakura",
    "purpose": "To revise the city's plan",
    "not_from_japan": "Nothing is published in Japan",
    "questions": "Who inspects homes?\nWho pays?",
    "situation": "Inspections once a year",
    "countries": ["GB"],
    "topics": ["disaster"],
    "wanted_by": dt.date(2027, 3, 1),
}
_ENQUIRY = [("otaru", "file"), ("hokkaido", "pass_on"), ("hq_officer", "ask_office")]
_POSSIBLE = [*_ENQUIRY, ("london", "say_feasible"), ("hq_officer", "ask_letter")]
_COMMISSIONED = [*_POSSIBLE, ("otaru", "send_letter"), ("hokkaido", "pass_on_letter")]
_WORK = [*_COMMISSIONED, ("hq_officer", "refer"), ("london", "begin")]
# state: the moves that lead there from a draft of Otaru
WAYS: dict[str, list[tuple[str, str]]] = {
    "draft": [],
    "branch_check": _ENQUIRY[:1],
    "triage": _ENQUIRY[:2],
    "needs_information": [*_ENQUIRY[:2], ("hq_officer", "ask")],
    "feasibility": _ENQUIRY,
    "details_asked": [*_ENQUIRY, ("london", "ask_details")],
    "feasible": _POSSIBLE[:4],
    "not_feasible": [*_ENQUIRY, ("london", "say_not_feasible")],
    "letter_awaited": _POSSIBLE,
    "letter_check": _COMMISSIONED[:6],
    "letter_triage": _COMMISSIONED,
    "referred": _WORK[:8],
    "in_progress": _WORK,
    "more_asked": [*_WORK, ("london", "ask_more")],
    "answer_check": [*_WORK, ("london", "answer")],
    "answered": [*_WORK, ("london", "answer"), ("hq_officer", "send_answer")],
    "shared": [*_WORK, ("london", "answer"), ("hq_officer", "send_answer"), ("hq_officer", "share")],
    "declined": [*_ENQUIRY[:2], ("hq_officer", "decline")],
    "withdrawn": [("otaru", "file"), ("otaru", "withdraw")],
}


def draft(cast: SimpleNamespace, who: str = "otaru", **changed: Any) -> Case:
    """The offices of the cast stand in the United Kingdom, the United States and France."""
    for code, country in (("LON", "GB"), ("NYC", "US"), ("PAR", "FR")):
        Organisation.objects.filter(code=code).update(country=country)
    actor = reader(cast, who)
    with acting(actor.scope):
        case = begin_request(title=FILLED_IN["title"], actor=actor, now=NOW)
        return save_draft(case, values={**FILLED_IN, **changed})


def letter() -> SimpleUploadedFile:
    return SimpleUploadedFile("正式依頼文.txt", "調査を依頼します。\n".encode())


def given_for(cast: SimpleNamespace, key: str, office: str = "london") -> dict[str, Any]:
    """What the form of a move collects."""
    return {
        "ask_office": {"office": cast.places[office]},
        "refer": {"office": cast.places[office]},
        "say_feasible": {"feasibility": "By the end of February."},
        "send_letter": {"letter": letter()},
        "send_letter_directly": {"letter": letter()},
        "answer": {"body": "The fire brigade visits homes."},
        "share": {"title": "Fire safety at home", "summary": "How British fire brigades visit homes."},
    }.get(key, {})


def step(cast: SimpleNamespace, case: Case, who: str, key: str, now: dt.datetime = NOW, **given: Any) -> Case:
    """One move by one person. Raises what perform() raises."""
    actor = reader(cast, who)
    with acting(actor.scope):
        perform(case, key, actor=actor, now=now, **{"reason": "because", **given_for(cast, key), **given})
    return Case.objects.get(pk=case.pk)


def case_in(cast: SimpleNamespace, state: str) -> Case:
    case = draft(cast)
    for who, key in WAYS[state]:
        case = step(cast, case, who, key)
    assert case.state == state
    return case
