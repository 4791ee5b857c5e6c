"""A program that got no answer sends the same again under its key, and nothing is made twice."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from clair_portal.casework.models import Case, CaseFile, Note
from tests.cast import make_cast
from tests.offices.conftest import Program, secret_of
from tests.offices.test_api import SENT, Programs, error_of, text_file
from tests.outbox.conftest import in_threads


def test_the_same_sent_again_under_its_key_makes_nothing_new(cast: SimpleNamespace, program: Programs) -> None:
    otaru = program("otaru")
    first, again = (otaru.post("requests/", SENT, idempotency_key="k-1") for _turn in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    pk = first.json()["id"]
    said = [
        otaru.post(f"requests/{pk}/messages/", {"body": "x"}, idempotency_key="k-2").json()["id"] for _turn in range(2)
    ]
    headers = {"idempotency-key": "k-3"}
    url = f"/api/v1/requests/{pk}/documents/"
    papers = [otaru.client.post(url, {"file": text_file()}, headers=headers).json()["id"] for _turn in range(2)]
    assert said[0] == said[1]
    assert papers[0] == papers[1]
    assert (Case.objects.count(), Note.objects.count(), CaseFile.objects.count()) == (1, 1, 1)


def test_without_a_key_the_same_is_made_again(cast: SimpleNamespace, program: Programs) -> None:
    otaru = program("otaru")
    assert otaru.post("requests/", SENT).json()["id"] != otaru.post("requests/", SENT).json()["id"]


def test_a_key_is_for_one_thing_of_one_person(cast: SimpleNamespace, program: Programs) -> None:
    otaru = program("otaru")
    assert otaru.post("requests/", SENT, idempotency_key="k").status_code == 201
    assert error_of(otaru.post("requests/", SENT | {"party": 6}, idempotency_key="k"))[0] == 422
    assert program("sapporo").post("requests/", SENT, idempotency_key="k").status_code == 201
    assert Case.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_sent_twice_at_once_makes_one_thing() -> None:
    secret = secret_of(make_cast(), "otaru")
    for turn in range(3):
        sent = {**SENT, "title": f"Canals {turn}"}
        answers = in_threads(
            4, lambda sent=sent, key=f"k-{turn}": Program(secret).post("requests/", sent, idempotency_key=key)
        )
        assert [answer.status_code for answer in answers] == [201] * 4
        assert len({answer.json()["id"] for answer in answers}) == 1
    assert Case.objects.count() == 3


@pytest.mark.parametrize("key", ["", "two words", "k" * 101])
def test_what_cannot_be_a_key_is_refused(cast: SimpleNamespace, program: Programs, key: str) -> None:
    answer = program("otaru").post("requests/", SENT, idempotency_key=key)
    assert error_of(answer) == (400, "bad_request", ["Idempotency-Key"])


def test_a_key_of_a_refused_request_is_free_again(cast: SimpleNamespace, program: Programs) -> None:
    otaru = program("otaru")
    assert otaru.post("requests/", SENT | {"title": ""}, idempotency_key="k").status_code == 400
    assert otaru.post("requests/", SENT, idempotency_key="k").status_code == 201
