"""Former requests like the one on the page: for the office that has the ball, of what it may see, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from clair_portal.casework.models import Case
from clair_portal.casework.search import keys_of
from clair_portal.casework.similar import similar_to
from clair_portal.walls.scope import acting
from tests.casework.travel import WAYS, case_in, draft, step
from tests.cast import reader
from tests.questions import questions

Browse = Callable[..., Any]
HEADING = "Former requests like this one"


@pytest.fixture
def former(cast: SimpleNamespace) -> Case:
    """Closed at London."""
    for person in ("london", "newyork", "hq_officer", "otaru"):
        cast.people[person].language = "en"
        cast.people[person].save()
    return case_in(cast, "closed")


def page(browse: Browse, case: Case, who: str) -> str:
    text: str = browse(who).get(f"/desk/cases/{case.pk}/").content.decode()
    return text


def at_new_york(cast: SimpleNamespace) -> Case:
    case = draft(cast)
    for who, key in WAYS["triage"]:
        case = step(cast, case, who, key)
    return step(cast, case, "hq_officer", "refer", office=cast.places["newyork"])


def test_the_office_reads_which_former_requests_are_alike_and_why(
    cast: SimpleNamespace, browse: Browse, former: Case
) -> None:
    text = page(browse, case_in(cast, "referred"), "london")
    assert HEADING in text
    assert f'<a href="/desk/cases/{former.pk}/">Canals and warehouses</a>' in text
    assert "same country · same field · words in common: warehouses, Canals" in text


def test_the_office_finds_no_request_of_another_office(cast: SimpleNamespace, browse: Browse, former: Case) -> None:
    text = page(browse, at_new_york(cast), "newyork")
    assert HEADING in text
    assert "None that your office has worked on." in text
    assert str(former.number) not in text


@pytest.mark.parametrize(("who", "state"), [("hq_officer", "referred"), ("otaru", "referred"), ("london", "closed")])
def test_the_panel_is_for_the_office_that_has_the_ball(
    cast: SimpleNamespace, browse: Browse, former: Case, who: str, state: str
) -> None:
    assert HEADING not in page(browse, case_in(cast, state), who)


@pytest.mark.parametrize("state", ["referred", "accepted", "in_progress"])
def test_three_former_requests_fit_the_budget_of_the_page(
    cast: SimpleNamespace, browse: Browse, former: Case, state: str
) -> None:
    for _more in range(3):
        case_in(cast, "closed")
    case = case_in(cast, state)
    client = browse("london")
    assert client.get(f"/desk/cases/{case.pk}/").content.decode().count("words in common") == 3
    assert len(questions(client, f"/desk/cases/{case.pk}/")) <= 12


def test_common_words_are_written_as_the_request_in_question_writes_them(cast: SimpleNamespace, former: Case) -> None:
    Case.objects.filter(pk=former.pk).update(bigrams=keys_of("上下水道の視察、サッカー場", None)[1])
    scope = reader(cast, "london").scope
    with acting(scope):
        found = similar_to(["下水道とサッカーの調査視察"], ["FR"], [], scope)
    assert [(each.case.pk, each.same_country, each.words) for each in found] == [
        (former.pk, False, ("サッカー", "下水道", "視察"))
    ]
