"""Requests from abroad by program: read and moved as any other request; they come through the public form only."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache

from clair_portal.casework.models import Case, Note, Referral
from offices import api_examples
from offices.api_kinds import BY_KIND, FILED
from tests.cast import make_person
from tests.conftest import WebClient
from tests.offices.conftest import Program
from tests.offices.foreign_travel import a_turn, confirmed, mails

pytestmark = pytest.mark.usefixtures("cast", "no_throttle")
Programs = Callable[..., Program]


@pytest.fixture
def no_throttle(db: None) -> None:
    cache.clear()


def test_it_is_listed_and_read_with_what_was_asked_for(program: Programs) -> None:
    case, _link = confirmed()
    london = program("london")
    [row] = london.get("requests/?kind=offices.foreign").json()["results"]
    assert (row["id"], row["origin"], row["state"], row["holding"]) == (case.pk, "foreign_form", "received", "LON")
    one = london.get(f"requests/{case.pk}/").json()
    assert one["detail"] == {
        "office": "LON", "government": "York City Council", "country": "GB", "contact": "Ann Smith",
        "email": "ann@york.example.org", "telephone": "+44 1904 000000", "kinds": ["introduction", "study_visit"],
        "subject": "Flood walls", "text": "We would like to see how a Japanese city keeps its flood walls.",
        "starts_on": "2027-05-10", "ends_on": "2027-05-14", "language": "en",
    }  # fmt: skip
    assert {move["move"] for move in one["moves"]} == {"take_up", "ask_abroad", "pass_on", "offer", "decline"}


@pytest.mark.parametrize(
    ("person", "status"),
    [("london", 200), ("hq_officer", 200), ("newyork", 404), ("otaru", 404), ("hokkaido", 404), ("nobody", 401)],
)
def test_who_is_not_on_it_does_not_find_it(program: Programs, person: str, status: int) -> None:
    case, _link = confirmed()
    client = program(person)
    for path in ("", "messages/", "documents/", "timeline/"):
        assert client.get(f"requests/{case.pk}/{path}").status_code == status, path
    if status != 401:
        found = [row["id"] for row in client.get("requests/").json()["results"]]
        assert found == ([case.pk] if status == 200 else [])


def test_it_is_worked_on_by_program_and_the_answer_goes_out_by_mail(program: Programs) -> None:
    case, _link = confirmed()
    london = program("london")
    assert london.move(case.pk, "take_up").json()["state"] == "in_progress"
    assert london.move(case.pk, "introduce", partner="012033").json()["state"] == "with_partner"
    assert london.move(case.pk, "answer", reason="Otaru would be glad.").json()["state"] == "answered"
    a_turn()
    assert "London office wrote:\n\nOtaru would be glad." in mails()[-1].body
    assert london.move(case.pk, "close").json()["state"] == "closed"


def test_it_is_passed_on_by_program(cast: SimpleNamespace, program: Programs) -> None:
    make_person(cast, "paris", "Marie Duval", "Marie Duval", "paris", "office_officer", "en", None)
    case, _link = confirmed()
    london, paris, hq = program("london"), program("paris"), program("hq_officer")
    assert paris.get(f"requests/{case.pk}/").status_code == 404
    offered = london.move(case.pk, "offer", office="PAR", reason="France asks.").json()
    assert (offered["state"], offered["holding"]) == ("offered", "PAR")
    assert [move["move"] for move in offered["moves"]] == ["take_back"]
    assert london.move(case.pk, "accept").status_code == 403
    assert paris.move(case.pk, "return_offer", reason="Not ours.").status_code == 204
    london.move(case.pk, "pass_on", reason="It concerns Japan as a whole.")
    assert hq.move(case.pk, "refer", office="PAR", reason="Paris knows them.").json()["state"] == "passed_to"
    assert paris.move(case.pk, "accept").json()["state"] == "in_progress"
    assert london.get(f"requests/{case.pk}/").json()["moves"] == []


def test_program_of_an_office_that_passed_it_on_writes_nothing(cast: SimpleNamespace, program: Programs) -> None:
    make_person(cast, "paris", "Marie Duval", "Marie Duval", "paris", "office_officer", "en", None)
    case, _link = confirmed()
    london = program("london")
    london.move(case.pk, "offer", office="PAR", reason="France asks.")
    program("paris").move(case.pk, "accept")
    answer = london.post(f"requests/{case.pk}/messages/", {"body": "They called us."})
    assert answer.status_code == 409
    assert "reads along" in answer.json()["error"]["message"] or "閲覧" in answer.json()["error"]["message"]
    assert Note.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "status", "field"),
    [
        ({"office": "PAR"}, 400, "reason"),
        ({"office": "LON", "reason": "x"}, 400, "office"),
        ({"office": "012033", "reason": "x"}, 400, "office"),
        ({"reason": "x"}, 400, "office"),
    ],
)
def test_bad_offer_is_named_by_its_field_and_nothing_changes(
    program: Programs, given: dict[str, Any], status: int, field: str
) -> None:
    case, _link = confirmed()
    answer = program("london").move(case.pk, "offer", **given)
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (status, [field])
    assert Case.objects.get(pk=case.pk).state == "received"
    assert Referral.objects.get(case=case).office.code == "LON"


def test_an_offer_over_another_version_is_refused(program: Programs) -> None:
    case, _link = confirmed()
    london = program("london")
    tag = london.get(f"requests/{case.pk}/")["ETag"]
    london.move(case.pk, "take_up")
    sent = {"move": "offer", "office": "PAR", "reason": "x"}
    assert london.send("post", f"requests/{case.pk}/transitions/", sent, if_match=tag).status_code == 412


def test_it_is_neither_filed_nor_changed_by_program(program: Programs) -> None:
    case, _link = confirmed()
    assert set(BY_KIND) - set(FILED) == {"offices.foreign", "offices.part"}
    made = program("otaru").post("requests/", {"kind": "offices.foreign", "title": "x"})
    assert (made.status_code, list(made.json()["error"]["fields"])) == (400, ["kind"])
    tag = program("london").get(f"requests/{case.pk}/")["ETag"]
    changed = program("london").send("patch", f"requests/{case.pk}/", {"title": "Other"}, if_match=tag)
    assert changed.status_code == 403
    assert Case.objects.get(pk=case.pk).title == "York City Council: Flood walls"


def test_example_of_each_kind_has_the_fields_of_a_real_answer(program: Programs) -> None:
    case, _link = confirmed()
    one = program("london").get(f"requests/{case.pk}/").json()
    assert one.keys() == api_examples.FOREIGN.keys()
    assert one["detail"].keys() == api_examples.FOREIGN_DETAIL.keys()


def test_schema_shows_an_answer_of_each_kind() -> None:
    schema = WebClient().get("/api/v1/schema/?format=json").json()
    content = schema["paths"]["/api/v1/requests/{id}/"]["get"]["responses"]["200"]["content"]["application/json"]
    kinds = [example["value"]["kind"] for example in content["examples"].values()]
    assert kinds == ["offices.support", "offices.research", "offices.foreign"]
    assert {each["$ref"].rpartition("/")[2] for each in schema["components"]["schemas"]["RequestDetail"]["oneOf"]} == {
        "SupportDetail", "ResearchDetail", "ForeignDetail",
    }  # fmt: skip
    page = WebClient().get("/en/api/token/").text
    assert page.count("Sample City Council: Flood walls (sample)") >= 2
