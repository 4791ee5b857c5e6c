from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from clair_portal.network import api_examples
from clair_portal.network.enums import Kind
from clair_portal.network.models import Organisation, Succession
from tests.conftest import WebClient

pytestmark = pytest.mark.django_db
LISTS = ["offices", "organisations", "jurisdictions", "countries", "languages"]


def get(client: WebClient, address: str, **headers: str) -> Any:
    return client.get(f"/api/v1/{address}", headers=headers or None)


def every_row(client: WebClient, address: str) -> list[dict[str, Any]]:
    """All rows of a list, page after page."""
    rows: list[dict[str, Any]] = []
    following: str | None = f"/api/v1/{address}"
    while following:
        answer = client.get(following).json()
        rows += answer["results"]
        following = answer["next"]
    return rows


@pytest.mark.parametrize("address", [*(f"{name}/" for name in LISTS), "organisations/012033/", "schema/"])
def test_everybody_reads_it_without_signing_in(reference: str, stranger: WebClient, address: str) -> None:
    answer = get(stranger, address)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("address", [*(f"{name}/" for name in LISTS), "organisations/012033/"])
def test_what_did_not_change_is_not_sent_again(reference: str, stranger: WebClient, address: str) -> None:
    first = get(stranger, address)
    again = get(stranger, address, if_none_match=first.headers["ETag"])
    assert again.status_code == 304
    assert again.content == b""


def test_a_change_gives_a_new_etag(reference: str, stranger: WebClient) -> None:
    before = get(stranger, "organisations/012033/").headers["ETag"]
    Organisation.objects.filter(code="012033").update(website="https://new.example.org/")
    assert get(stranger, "organisations/012033/", if_none_match=before).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(reference: str, stranger: WebClient, method: str) -> None:
    answer = getattr(stranger, method)("/api/v1/organisations/012033/", "{}", content_type="application/json")
    assert answer.status_code in (401, 405)
    assert answer.json()["error"]["status"] == answer.status_code


def test_paging_walks_all_organisations_exactly_once(reference: str, stranger: WebClient) -> None:
    codes = [row["code"] for row in every_row(stranger, "organisations/?size=200")]
    assert len(codes) == 1813
    assert len(set(codes)) == 1813
    assert set(codes) == set(Organisation.objects.values_list("code", flat=True))


def test_a_row_added_between_two_pages_doubles_nothing(reference: str, stranger: WebClient) -> None:
    first = get(stranger, "organisations/?kind=prefecture&size=20").json()
    Organisation.objects.create(kind=Kind.PREFECTURE, code="000001", name_ja="先頭県", name_en="First")
    second = stranger.get(first["next"]).json()
    assert first["results"][-1]["code"] == "200000"
    assert second["results"][0]["code"] == "210005"


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("kind=office", ["BJS", "LON", "NYC", "PAR", "SEL", "SIN", "SYD"]),
        ("q=ｵﾀﾙ", ["012033"]),
        ("q=ＯＴＡＲＵ&kind=city", ["012033"]),
        ("code=LON", ["LON"]),
        ("code=999999", []),
        ("q=nowhere-at-all", []),
    ],
)
def test_organisations_are_filtered(reference: str, stranger: WebClient, question: str, codes: list[str]) -> None:
    answer = get(stranger, f"organisations/?{question}").json()
    assert sorted(row["code"] for row in answer["results"]) == codes


def test_the_branch_filter_gives_the_municipalities_that_file_through_it(reference: str, stranger: WebClient) -> None:
    rows = every_row(stranger, "organisations/?branch=010006&size=200")
    assert len(rows) == 178
    assert {row["branch"] for row in rows} == {"010006"}
    assert "011002" not in {row["code"] for row in rows}


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("organisations/?kind=planet", "kind"),
        ("organisations/?branch=012033", "branch"),
        ("organisations/?branch=999999", "branch"),
        ("organisations/?code=a_b", "code"),
        ("organisations/?size=0", "size"),
        ("organisations/?size=201", "size"),
        ("organisations/?size=many", "size"),
        ("organisations/?cursor=xxx", "cursor"),
        ("organisations/?colour=red", "colour"),
        ("jurisdictions/?on=2018-02-30", "on"),
        ("jurisdictions/?on=yesterday", "on"),
        ("jurisdictions/?on=平成99年1月1日", "on"),
        ("jurisdictions/?office=TYO", "office"),
        ("jurisdictions/?country=ZZ", "country"),
        ("countries/?kind=office", "kind"),
    ],
)
def test_a_wrong_value_is_named_in_the_one_shape_of_errors(
    reference: str, stranger: WebClient, address: str, field: str
) -> None:
    answer = get(stranger, address)
    error = answer.json()["error"]
    assert answer.status_code == 400
    assert set(error) == {"status", "code", "message", "fields", "request_id"}
    assert (error["status"], error["code"]) == (400, "bad_request")
    assert list(error["fields"]) == [field]
    assert error["fields"][field][0]


def test_a_code_that_does_not_exist_is_not_found(reference: str, stranger: WebClient) -> None:
    answer = get(stranger, "organisations/999999/")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("day", "countries", "sri_lanka"),
    [("2018-06-30", 34, []), ("2018-07-01", 35, ["SIN"]), ("2021-07-31", 35, ["SIN"]), ("2021-08-01", 37, ["SIN"])],
)
def test_jurisdictions_are_those_of_the_day(
    reference: str, stranger: WebClient, day: str, countries: int, sri_lanka: list[str]
) -> None:
    answer = get(stranger, f"jurisdictions/?on={day}").json()
    assert answer["reference_date"] == day
    assert len(answer["results"]) == countries
    assert [row["office"] for row in answer["results"] if row["country"] == "LK"] == sri_lanka


@pytest.mark.parametrize("written", ["平成30年6月30日", "H30.6.30", "2018/6/30", "２０１８年６月３０日"])
def test_a_day_may_be_written_in_the_japanese_way(reference: str, stranger: WebClient, written: str) -> None:
    assert get(stranger, f"jurisdictions/?on={written}").json()["reference_date"] == "2018-06-30"


def test_an_office_names_its_countries_and_what_sources_say(reference: str, stranger: WebClient) -> None:
    offices = {row["code"]: row for row in get(stranger, "offices/").json()["results"]}
    assert offices["SYD"]["countries"] == ["AU", "NZ"]
    opened = {claim["value"] for claim in offices["NYC"]["claims"] if claim["claim"] == "opened"}
    assert opened == {"1988", "1989"}


def test_an_organisation_that_ended_is_found_with_its_successor(reference: str, stranger: WebClient) -> None:
    kawashima, joso = Organisation.objects.get(code="012025"), Organisation.objects.get(code="012033")
    Organisation.objects.filter(pk=kawashima.pk).update(ends_on=dt.date(2027, 3, 31))
    Succession.objects.create(
        predecessor=kawashima, successor=joso, kind="merger", on=dt.date(2027, 4, 1), source="test"
    )
    answer = get(stranger, "organisations/012025/").json()
    assert answer["ends_on"] == "2027-03-31"
    assert answer["successions"] == [{"successor": "012033", "kind": "merger", "on": "2027-04-01", "source": "test"}]


def test_an_organisation_without_a_code_is_not_published(reference: str, stranger: WebClient) -> None:
    Organisation.objects.create(kind=Kind.NGO, name_ja="市民の会", name_en="Citizens")
    assert get(stranger, "organisations/?q=市民の会").json()["results"] == []


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_the_database_as_often_for_one_row_as_for_thirty(
    reference: str, stranger: WebClient, queries_of: Callable[[WebClient, str], list[str]], name: str
) -> None:
    one = queries_of(stranger, f"/api/v1/{name}/?size=1")
    thirty = queries_of(stranger, f"/api/v1/{name}/?size=30")
    assert len(one) == len(thirty) <= 4


@pytest.mark.parametrize(
    ("address", "example"),
    [
        ("organisations/?code=012033", api_examples.OTARU),
        ("jurisdictions/?country=LK", api_examples.JURISDICTION),
        ("countries/", api_examples.COUNTRY),
        ("languages/", api_examples.LANGUAGE),
        ("offices/", api_examples.OFFICE),
    ],
)
def test_the_examples_of_the_reference_are_real_rows(
    reference: str, stranger: WebClient, address: str, example: dict[str, Any]
) -> None:
    key = "country" if "country_names" in example else "code"
    rows = every_row(stranger, address)
    row = next(row for row in rows if row[key] == example[key])
    row["claims"] = (
        example["claims"] if "claims" in example and example["claims"][0] in row["claims"] else row.get("claims")
    )
    assert {name: value for name, value in row.items() if name in example} == example
    assert row.keys() - example.keys() <= {"claims"}


def test_the_schema_is_made_without_a_warning() -> None:
    GENERATOR_STATS.reset()
    schema = SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS
    one = "/api/v1/requests/{id}/"
    assert set(schema["paths"]) == {
        "/api/v1/offices/", "/api/v1/organisations/", "/api/v1/organisations/{code}/", "/api/v1/jurisdictions/",
        "/api/v1/countries/", "/api/v1/languages/", "/api/v1/search/", "/api/v1/open-data/{key}/", "/api/v1/requests/", one, f"{one}transitions/", f"{one}messages/",
        f"{one}documents/", f"{one}documents/{{document}}/", f"{one}timeline/", "/api/v1/statistics/", "/api/v1/statistics/{key}/",
    }  # fmt: skip


@pytest.mark.parametrize(("language", "heading"), [("en", "Addresses for programs (API)"), ("ja", "のアドレス(API)")])
def test_the_reference_page_lists_every_address_with_an_example(
    stranger: WebClient, language: str, heading: str
) -> None:
    page = stranger.get(f"/{language}/api/")
    text = page.content.decode()
    assert page.status_code == 200
    for path in (
        "offices/",
        "organisations/",
        "organisations/{code}/",
        "jurisdictions/",
        "countries/",
        "languages/",
        "search/",
        "open-data/{key}/",
    ):
        assert f"GET /api/v1/{path}" in text
    assert "/api/v1/requests/" not in text
    assert "シンガポール事務所" in text
    assert "request_id" in text
    assert "CC0" in text
    assert heading in text


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_needs_a_token_has_a_page_of_its_own(stranger: WebClient, language: str) -> None:
    text = stranger.get(f"/{language}/api/token/").content.decode()
    for line in ("POST /api/v1/requests/", "PATCH /api/v1/requests/{id}/", "POST /api/v1/requests/{id}/transitions/"):
        assert line in text
    for said in ("If-Match", "Idempotency-Key", "offices.research", "not_from_japan"):
        assert said in text
    assert "/api/v1/countries/" not in text
    assert f'href="/{language}/api/"' in text


def test_the_throttle_answers_429_with_the_time_to_wait(reference: str, stranger: WebClient, monkeypatch: Any) -> None:
    from rest_framework.throttling import AnonRateThrottle

    monkeypatch.setitem(AnonRateThrottle.THROTTLE_RATES, "anon", "2/min")
    answers = [get(stranger, "languages/") for _turn in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert answers[2].json()["error"]["code"] == "too_many_requests"
