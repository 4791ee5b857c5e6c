"""A commissioned research by program: the same addresses, what is asked and told depends on the kind."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from clair_portal.casework.models import Case
from offices import api_examples
from offices.filing.filings import Filing
from offices.models import ResearchRequest
from offices.research.filing import RESEARCH
from tests.offices.conftest import Program
from tests.offices.research_travel import case_in, draft, letter

Programs = Callable[..., Program]
SENT: dict[str, Any] = {
    "kind": "offices.research", "title": "Fire safety", "division": "Fire department", "contact": "Iwakura",
    "purpose": "To revise the plan", "not_from_japan": "Nothing is published", "questions": "Who inspects?", "situation": "",
    "countries": ["GB"], "topics": ["disaster"], "wanted_by": "R9.3.1",
}  # fmt: skip


def move(client: Program, pk: int, key: str, **given: Any) -> Any:
    answer = client.move(pk, key, **given)
    assert answer.status_code == 200, (key, answer.content)
    return answer.json()


def test_a_research_travels_by_program_and_its_result_is_read_when_it_was_checked(
    cast: SimpleNamespace, program: Programs
) -> None:
    Case.objects.filter(pk=draft(cast).pk).delete()  # the offices of the cast stand in their countries
    otaru, hokkaido, hq, london = (program(who) for who in ("otaru", "hokkaido", "hq_officer", "london"))
    made = otaru.post("requests/", SENT)
    assert (made.status_code, made.json()["kind"], made.json()["detail"]["wanted_by"]) == (
        201,
        "offices.research",
        "2027-03-01",
    )
    pk = made.json()["id"]
    move(otaru, pk, "file")
    move(hokkaido, pk, "pass_on")
    assert move(hq, pk, "ask_office")["holding"] == "LON"  # proposed by the jurisdiction, as on the screen
    move(london, pk, "say_feasible", feasibility="By February.")
    move(hq, pk, "ask_letter")
    tag = otaru.get(f"requests/{pk}/")["ETag"]
    url, headers = f"/api/v1/requests/{pk}/transitions/", {"if-match": tag}
    sent = otaru.client.post(url, {"move": "send_letter", "letter": letter()}, headers=headers)
    assert (sent.status_code, sent.json()["state"]) == (200, "letter_check")
    assert sent.json()["detail"]["letter"] == str(ResearchRequest.objects.get().letter_id)
    move(hokkaido, pk, "pass_on_letter")
    move(hq, pk, "refer", office="LON")
    move(london, pk, "begin")
    move(london, pk, "answer", body="The fire brigade visits homes.")
    assert otaru.get(f"requests/{pk}/").json()["detail"]["result"] is None
    move(hq, pk, "send_answer")
    assert otaru.get(f"requests/{pk}/").json()["detail"]["result"] == "The fire brigade visits homes."
    assert program("newyork").get(f"requests/{pk}/").status_code == 404


def test_a_letter_is_not_sent_without_its_paper(cast: SimpleNamespace, program: Programs) -> None:
    case = case_in(cast, "letter_awaited")
    assert program("otaru").move(case.pk, "send_letter").json()["error"]["fields"].keys() == {"letter"}
    assert Case.objects.get(pk=case.pk).state == "letter_awaited"


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"party": 5}, "party"), ({"wanted_by": "soon"}, "wanted_by"), ({"questions": "x" * 10_001}, "questions")],
)
def test_a_research_takes_its_own_fields_only(
    cast: SimpleNamespace, program: Programs, changed: dict[str, Any], field: str
) -> None:
    answer = program("otaru").post("requests/", SENT | changed)
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [field])
    assert Case.objects.count() == 0


def test_a_draft_stays_of_its_kind(cast: SimpleNamespace, program: Programs) -> None:
    case, otaru = draft(cast), program("otaru")
    tag = otaru.get(f"requests/{case.pk}/")["ETag"]
    other = otaru.send("patch", f"requests/{case.pk}/", {"kind": "offices.support"}, if_match=tag)
    assert (other.status_code, list(other.json()["error"]["fields"])) == (400, ["kind"])
    kept = otaru.send("patch", f"requests/{case.pk}/", {"purpose": "Other", "kind": "offices.research"}, if_match=tag)
    assert (kept.status_code, kept.json()["detail"]["purpose"]) == (200, "Other")


def test_example_of_a_research_has_the_fields_of_a_real_answer(cast: SimpleNamespace, program: Programs) -> None:
    one = program("hq_officer").get(f"requests/{case_in(cast, 'triage').pk}/").json()
    assert one.keys() == api_examples.RESEARCH.keys()
    assert one["detail"].keys() == api_examples.RESEARCH_DETAIL.keys()


def test_a_list_is_narrowed_to_a_kind(cast: SimpleNamespace, program: Programs) -> None:
    case = case_in(cast, "triage")
    for kind, found in (("offices.research", [case.pk]), ("offices.support", [])):
        rows = program("otaru").get(f"requests/?kind={kind}").json()["results"]
        assert [row["id"] for row in rows] == found, kind


def test_every_kind_that_is_filed_on_the_screen_is_filed_by_program() -> None:
    from offices.api_kinds import FILED
    from offices.filing.support import SUPPORT

    filings: list[Filing] = [SUPPORT, RESEARCH]
    assert set(FILED) == {filing.kind for filing in filings}
    for filing in filings:
        typed = {name for page in filing.steps for name in page.form.base_fields} - {"version", "elsewhere", "sheet"}
        sent = FILED[filing.kind].sent().fields
        assert {name for name in typed if not name.startswith("cost_")} - set(sent) == set(), filing.kind
