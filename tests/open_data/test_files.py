"""Open data as programs get it: stable ids, the same bytes for the same rows, a dictionary that the rows keep to."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import exchange.loading
import jet.loading
from clair_portal.network import reference
from clair_portal.network.models import Country, Jurisdiction, Organisation, Succession
from clair_portal.open_data import editions, sets
from clair_portal.open_data.models import Edition
from clair_portal.open_data.sets import Column, DataSet
from clair_portal.reports.models import Snapshot
from jet.models import YearlyTotal

NOW = dt.datetime(2026, 11, 26, 3, 0, tzinfo=dt.UTC)
KEYS = [
    "organisations", "offices", "jurisdictions", "countries", "successions", "jet-participants", "sister-ties", "yearly-counts",
]  # fmt: skip


@pytest.fixture
def loaded(db: None) -> None:
    reference.load()
    jet.loading.load()
    exchange.loading.load()


@pytest.fixture
def small(db: None) -> Organisation:
    """One office in one country, which no file of reference data is needed for."""
    country = Country.objects.create(code="GB", alpha3="GBR", name_ja="イギリス", name_en="United Kingdom")
    office = Organisation.objects.create(
        code="LON", kind="office", name_ja="ロンドン事務所", name_en="=London office", country=country, time_zone="Europe/London",
    )  # fmt: skip
    Jurisdiction.objects.create(office=office, country=country, source="見本")
    return office


def ask(path: str, **headers: str) -> Any:
    return Client().get(f"/open-data/{path}", headers=headers)


def cells(key: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(ask(f"{key}.csv").content.decode("utf-8-sig"), newline="")))


def schema(key: str) -> dict[str, Any]:
    found: dict[str, Any] = ask(f"{key}.schema.json").json()
    return found


def test_these_data_sets_are_declared() -> None:
    assert [each.key for each in sets.known() if each.key in KEYS] == KEYS


def test_every_organisation_of_the_reference_data_is_a_row_with_its_code(loaded: None) -> None:
    rows = {row["code"]: row for row in cells("organisations")}
    assert len(rows) == 1801
    assert {name: rows["012033"][name] for name in ("kind", "name_ja", "kana", "name_en", "prefecture", "branch")} == {
        "kind": "city", "name_ja": "小樽市", "kana": "おたるし", "name_en": "Otaru", "prefecture": "010006", "branch": "010006",
    }  # fmt: skip
    assert (rows["011002"]["kind"], rows["011002"]["branch"]) == ("designated_city", "")
    assert (rows["010006"]["prefecture"], rows["LON"]["country"]) == ("010006", "GB")


def test_jurisdictions_ties_and_participants_are_rows_as_well(loaded: None) -> None:
    offices = {(row["country"], row["office"]): row for row in cells("jurisdictions")}
    assert len(offices) == 37
    assert offices["LK", "SIN"]["starts_on"] == "2018-07-01"
    assert (offices["GB", "LON"]["country_ja"], offices["GB", "LON"]["starts_on"]) == ("イギリス", "")
    assert len(cells("countries")) == 249
    assert len(cells("offices")) == 7
    ties = cells("sister-ties")
    assert len(ties) == 1189
    assert {name: ties[0][name] for name in ("key", "organisation", "partner", "country", "agreed")} == {
        "key": "T0001", "organisation": "010006", "partner": "Alberta", "country": "CA", "agreed": "1980-09-05",
    }  # fmt: skip
    years = cells("jet-participants")
    assert [years[0][name] for name in ("year", "total", "alt", "sea", "cumulative")] == ["1987", "848", "813", "0", ""]
    assert years[33]["total"] == ""  # 2020 was not published


def test_a_merger_is_a_row_that_names_both_bodies(small: Organisation) -> None:
    former = Organisation.objects.create(code="019999", kind="town", name_ja="旧町", name_en="Old town")
    Succession.objects.create(
        predecessor=former, successor=small, kind="merger", on=dt.date(2026, 4, 1), source="告示 見本"
    )
    assert cells("successions") == [
        {"predecessor": "019999", "predecessor_ja": "旧町", "predecessor_en": "Old town", "successor": "LON",
         "successor_ja": "ロンドン事務所", "successor_en": "'=London office", "kind": "merger", "on": "2026-04-01",
         "source": "告示 見本"},
    ]  # fmt: skip


# --- The dictionary holds ---------------------------------------------------------------------------------------------------
def wrong_cells(field: dict[str, Any], value: str) -> str:
    """What Table Schema says against a cell; "" when nothing."""
    if value == "":
        return "empty" if field["constraints"]["required"] else ""
    if "enum" in field["constraints"] and value not in field["constraints"]["enum"]:
        return "not a code"
    read = {"integer": int, "number": float, "year": int, "date": dt.date.fromisoformat, "string": str}[field["type"]]
    try:
        read(value)
    except ValueError:
        return f"no {field['type']}"
    return ""


@pytest.mark.parametrize("key", KEYS)
def test_every_row_keeps_to_the_dictionary(loaded: None, key: str) -> None:
    said, rows = schema(key), cells(key)
    fields = {field["name"]: field for field in said["fields"]}
    for row in rows:
        assert list(row) == list(fields)
        assert [(name, found) for name, cell in row.items() if (found := wrong_cells(fields[name], cell))] == []
    keys = [tuple(row[name] for name in key_of(said)) for row in rows]
    assert len(keys) == len(set(keys))
    if "primaryKey" in said:
        assert all(all(key) for key in keys)  # a primary key holds no null (Table Schema)


def key_of(said: dict[str, Any]) -> list[str]:
    found: list[str] = said.get("primaryKey") or said["uniqueKeys"][0]
    return found


def test_the_dictionary_says_types_units_and_codes_in_both_languages(db: None) -> None:
    fields = {field["name"]: field for field in schema("organisations")["fields"]}
    assert fields["latitude"] == {
        "name": "latitude", "type": "number", "title": "Latitude", "title_ja": "緯度", "unit": "degrees (WGS 84)",
        "constraints": {"required": False},
    }  # fmt: skip
    assert fields["code"]["constraints"] == {"required": True, "unique": True}
    assert {"value": "designated_city", "label": "designated city", "label_ja": "政令指定都市"} in fields["kind"][
        "categories"
    ]
    assert "designated_city" in fields["kind"]["constraints"]["enum"]


def test_json_holds_the_same_rows_with_empty_as_null_and_what_must_be_said(loaded: None) -> None:
    said = ask("jurisdictions.json").json()
    assert len(said["rows"]) == 37
    assert next(row for row in said["rows"] if row["country"] == "LK")["starts_on"] == "2018-07-01"
    assert next(row for row in said["rows"] if row["country"] == "GB")["starts_on"] is None
    assert (said["id"], said["title"], said["title_ja"]) == ("jurisdictions", "Jurisdictions", "所管国")
    assert said["schema"].endswith("/open-data/jurisdictions.schema.json")
    assert said["sources"][0]["title"] == "Pages of the overseas offices; each row names its source"


def test_a_licence_that_is_not_decided_is_said_to_be_so(db: None, settings: Any) -> None:
    said = ask("offices.json").json()
    assert said["licence"] is None
    assert said["licence_note"] == (
        "The licence of these data has not been decided yet. Ask us before you use them elsewhere. "
        "Sources and their licences are named."
    )
    assert said["licence_contact"] == f"{django_settings.PORTAL_URL}/en/contact/#site"
    assert "dct:license" not in json.dumps(ask("index.json").json())
    settings.OPEN_DATA_LICENCE, settings.OPEN_DATA_LICENCE_ADDRESS = "見本ライセンス", "https://example.org/licence"
    said = ask("offices.json").json()
    assert (said["licence"], said["licence_address"]) == ("見本ライセンス", "https://example.org/licence")
    assert "licence_note" not in said
    assert schema("offices")["licence"] == "見本ライセンス"
    assert ask("index.json").json()["dcat:dataset"][0]["dct:license"] == "https://example.org/licence"


def test_the_catalogue_lists_every_set_with_its_files_and_the_api(small: Organisation) -> None:
    editions.note(NOW)
    said = ask("index.json").json()
    found = {each["dct:identifier"]: each for each in said["dcat:dataset"]}
    assert set(KEYS) <= set(found)
    office = found["offices"]
    assert (office["rows"], office["reference_date"], office["dct:modified"]) == (
        1, "2026-11-26", "2026-11-26T03:00:00+00:00",
    )  # fmt: skip
    site = django_settings.PORTAL_URL
    assert [each.get("dcat:downloadURL") for each in office["dcat:distribution"]] == [
        f"{site}/open-data/offices.csv", f"{site}/open-data/offices.json", None,
    ]  # fmt: skip
    assert office["dcat:distribution"][2]["dcat:accessService"]["dcat:endpointURL"] == f"{site}/api/v1/offices/"
    ties = found["sister-ties"]
    assert ties["reference_date"] == "2026-11-22"
    service = ties["dcat:distribution"][2]["dcat:accessService"]
    assert service["dcat:endpointURL"] == f"{site}/api/v1/open-data/sister-ties/"


# --- How it travels -----------------------------------------------------------------------------------------------------------
def test_csv_is_utf8_with_a_mark_crlf_and_never_a_formula(small: Organisation) -> None:
    answer = ask("offices.csv")
    assert answer.content.startswith(b"\xef\xbb\xbfcode,name_ja,name_en,")
    assert answer.content.count(b"\r\n") == 2
    assert b"\r\nLON,\xe3\x83\xad" in answer.content
    assert ",'=London office," in answer.content.decode()
    assert ask("offices.json").json()["rows"][0]["name_en"] == "=London office"
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="offices.csv"'


def test_the_tag_stays_for_the_same_data_and_changes_with_an_edit(small: Organisation) -> None:
    for path in ("offices.csv", "offices.json"):
        first = ask(path)
        assert ask(path)["ETag"] == first["ETag"]
        same = ask(path, if_none_match=first["ETag"])
        assert (same.status_code, same.content, same["Access-Control-Allow-Origin"]) == (304, b"", "*")
        Organisation.objects.filter(pk=small.pk).update(website=f"https://example.org/{path}")
        changed = ask(path, if_none_match=first["ETag"])
        assert changed.status_code == 200
        assert changed["ETag"] != first["ETag"]


def test_language_and_cookies_of_the_reader_change_nothing(small: Organisation) -> None:
    first = ask("offices.json")
    assert ask("offices.json", accept_language="ja").content == first.content
    client = Client()
    client.cookies["portal_language"] = "ja"
    assert client.get("/open-data/offices.json").content == first.content
    assert first.cookies == {}


def test_last_modified_is_when_the_change_was_noted(small: Organisation) -> None:
    assert "Last-Modified" not in ask("offices.csv")
    editions.note(NOW)
    editions.note(NOW + dt.timedelta(minutes=5))
    assert Edition.objects.filter(key="offices").count() == 1
    answer = ask("offices.csv")
    assert answer["Last-Modified"] == "Thu, 26 Nov 2026 03:00:00 GMT"
    assert ask("offices.csv", if_modified_since="Thu, 26 Nov 2026 03:00:00 GMT").status_code == 304
    assert ask("offices.json").json()["reference_date"] == "2026-11-26"
    Organisation.objects.filter(pk=small.pk).update(website="https://example.org/new")
    assert "Last-Modified" not in ask("offices.csv")
    editions.note(NOW + dt.timedelta(days=1))
    assert ask("offices.json")["Last-Modified"] == "Fri, 27 Nov 2026 03:00:00 GMT"
    assert ask("offices.json").json()["reference_date"] == "2026-11-27"


def test_it_is_packed_where_the_reader_asks_for_it(loaded: None) -> None:
    plain, packed = ask("organisations.csv"), ask("organisations.csv", accept_encoding="gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 4
    assert ask("organisations.csv", accept_encoding="gzip", if_none_match=packed["ETag"]).status_code == 304


def test_a_head_asks_without_the_file_and_nothing_else_is_taken(small: Organisation) -> None:
    head = Client().head("/open-data/offices.csv")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", ask("offices.csv")["ETag"])
    assert Client().post("/open-data/offices.csv").status_code == 405


def test_only_these_files_are_open_to_pages_of_other_sites(small: Organisation) -> None:
    for path in ("offices.csv", "offices.json", "offices.schema.json", "index.json"):
        answer = ask(path)
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Credentials" not in answer
    for path in ("/en/open-data/", "/en/open-data/offices/", "/en/", "/api/v1/offices/", "/healthz"):
        answer = Client().get(path)
        assert answer.status_code == 200
        assert "Access-Control-Allow-Origin" not in answer
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("key", KEYS)
def test_at_most_four_statements_whatever_the_number_of_rows(loaded: None, key: str) -> None:
    for path in (f"/open-data/{key}.csv", f"/open-data/{key}.json", f"/en/open-data/{key}/"):
        Client().get(path)
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(path).status_code == 200
        read = [each["sql"] for each in asked if each["sql"].startswith("SELECT") and "set_config" not in each["sql"]]
        assert len(read) <= 4, read


def test_samples_and_counts_that_were_not_published_are_in_no_file(small: Organisation) -> None:
    Organisation.objects.create(code="X-1", kind="ngo", name_ja="見本", name_en="Sample", sample=True)
    assert [row["code"] for row in cells("organisations")] == ["LON"]
    table = {
        "key": "t", "measures": [{"key": "m", "title": {"ja": "件", "en": "requests"}}], "columns_title": None,
        "heads": [{"token": "LON", "label": {"ja": "ロンドン", "en": "London"}}], "column_heads": [], "body": [[3]], "foot": [3],
    }  # fmt: skip
    for edition, published, sample in ((1, None, False), (2, NOW, False), (3, NOW, True)):
        Snapshot.objects.create(
            collection="offices.annual", year=2025, edition=edition, counted_at=NOW, tables=[table], sha256=str(edition),
            published_at=published, sample=sample,
        )  # fmt: skip
    assert [(row["edition"], row["row"], row["row_en"], row["value"]) for row in cells("yearly-counts")] == [
        ("2", "LON", "London", "3"), ("2", "total", "Total", "3"),
    ]  # fmt: skip


def test_a_reader_abroad_is_told_the_day_of_counting_in_tokyo(cast: SimpleNamespace, browse: Any) -> None:
    """Counted half an hour after midnight in Tokyo, when it is the day before in New York."""
    table = {
        "key": "t", "measures": [{"key": "m", "title": {"ja": "件", "en": "requests"}}], "columns_title": None,
        "heads": [], "column_heads": [], "body": [], "foot": [3],
    }  # fmt: skip
    counted_at = dt.datetime(2026, 11, 25, 15, 30, tzinfo=dt.UTC)
    Snapshot.objects.create(
        collection="offices.annual", year=2025, edition=1, counted_at=counted_at, tables=[table], sha256="1",
        published_at=counted_at + dt.timedelta(days=1),
    )  # fmt: skip
    cast.people["newyork"].time_zone = "America/New_York"
    cast.people["newyork"].save()
    said = browse("newyork").get("/open-data/yearly-counts.csv").content.decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(said, newline="")))
    assert (row["counted_on"], row["published_on"]) == ("2026-11-26", "2026-11-27")


def test_a_key_is_declared_once_and_a_column_has_a_type_that_exists() -> None:
    column = Column("code", "Code")
    again = DataSet("offices", "x", "x", (column,), lambda: [], ("code",), (), ())
    with pytest.raises(ValueError, match="the data set offices is declared twice"):
        sets.declare(again)
    with pytest.raises(ValueError, match="money is not one of string, integer"):
        Column("cost", "Cost", "money")
    with pytest.raises(ValueError, match="other are no columns"):
        DataSet("x", "x", "x", (column,), lambda: [], ("other",), (), ())


def test_files_without_rows_are_still_files(db: None) -> None:
    YearlyTotal.objects.all().delete()
    assert ask("jet-participants.json").json()["rows"] == []
    assert ask("jet-participants.csv").content.count(b"\r\n") == 1
    assert ask("nothing.csv").status_code == 404
