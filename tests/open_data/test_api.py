"""Every data set has an address for programs, with the rows of its file."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings as django_settings

import exchange.loading
from clair_portal.network import reference
from clair_portal.network.models import Country
from clair_portal.open_data import api, sets
from tests.conftest import WebClient

pytestmark = pytest.mark.django_db


def ask(key: str, **given: Any) -> Any:
    return WebClient().get(f"/api/v1/open-data/{key}/", given)


@pytest.fixture
def ties() -> None:
    reference.load()
    exchange.loading.load()


def test_the_example_of_the_reference_is_a_real_answer(settings: Any) -> None:
    settings.OPEN_DATA_LICENCE, settings.OPEN_DATA_LICENCE_ADDRESS = "CC BY 4.0", ""
    Country.objects.create(code="GB", alpha3="GBR", name_ja="イギリス", name_en="United Kingdom")
    Country.objects.create(code="FR", alpha3="FRA", name_ja="フランス", name_en="France")
    said = json.dumps(ask("countries", code="GB").json()).replace(django_settings.PORTAL_URL, "https://portal.example")
    assert json.loads(said) == api.EXAMPLE


def test_pages_give_every_row_of_the_file_once_and_in_its_order(ties: None) -> None:
    rows: list[Any] = []
    address: str | None = "/api/v1/open-data/sister-ties/?size=200"
    while address:
        said = WebClient().get(address).json()
        assert said["count"] == 1189
        rows += said["results"]
        address = said["next"]
    assert rows == WebClient().get("/open-data/sister-ties.json").json()["rows"]


def test_a_column_leaves_the_rows_with_exactly_this_value(ties: None) -> None:
    every = WebClient().get("/open-data/sister-ties.json").json()["rows"]
    korean = [row for row in every if row["country"] == "KR"]
    said = ask("sister-ties", country="KR", size=1).json()
    assert said["count"] == len(korean) > 1
    assert said["results"] == korean[:1]


def test_what_no_column_can_be_is_said_and_nothing_is_ignored(ties: None) -> None:
    said = ask("sister-ties", countri="KR")
    assert (said.status_code, list(said.json()["error"]["fields"])) == (400, ["countri"])
    assert ask("sister-ties", page="0").status_code == 400
    assert ask("sister-ties", page="99").json()["results"] == []
    assert ask("organisations", kind="castle").status_code == 400
    assert ask("nothing").status_code == 404


def test_every_set_is_read_under_one_address_and_no_column_hides_a_parameter() -> None:
    for each in sets.known():
        said = ask(each.key, size=1)
        assert (each.key, said.status_code) == (each.key, 200)
        assert not {column.name for column in each.columns} & set(api.RowsParameters().fields)
        assert WebClient().get(each.api_address).status_code == 200


def test_pages_of_other_sites_may_read_the_rows() -> None:
    """Also why there are none, and that nothing changed."""
    same = {"if-none-match": ask("countries")["ETag"]}
    answers = [
        ask("countries"), ask("nothing"), ask("sister-ties", page="0"),
        WebClient().get("/api/v1/open-data/countries/", headers=same), WebClient().head("/api/v1/open-data/countries/"),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [200, 404, 400, 304, 200]
    for answer in answers:
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Access-Control-Allow-Credentials" not in answer
    assert "Access-Control-Allow-Origin" not in WebClient().post("/api/v1/open-data/countries/")


def test_an_answer_to_a_token_is_for_whoever_sent_it() -> None:
    answer = WebClient().get("/api/v1/open-data/countries/", headers={"authorization": "Bearer nobody"})
    assert (answer.status_code, answer["Cross-Origin-Resource-Policy"]) == (401, "same-origin")
    assert "Access-Control-Allow-Origin" not in answer


def test_an_answer_that_did_not_change_is_not_sent_again() -> None:
    tag = ask("countries")["ETag"]
    assert WebClient().get("/api/v1/open-data/countries/", headers={"if-none-match": tag}).status_code == 304
