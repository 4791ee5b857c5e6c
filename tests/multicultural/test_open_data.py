"""Foreign residents as open data: the published numbers with their codes, and two statistics kept apart."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clair_portal.network.models import Organisation
from clair_portal.open_data import sets
from multicultural.loading import load
from tests.open_data.test_files import key_of

KEYS = ("residents-by-nationality", "residents-by-prefecture", "residents-by-municipality")


@pytest.fixture
def loaded(db: None) -> None:
    Organisation.objects.create(code="010006", kind="prefecture", name_ja="北海道", name_en="Hokkaido")
    load()


def rows(key: str) -> list[dict[str, str]]:
    answer = Client().get(f"/open-data/{key}.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(answer, newline="")))


def one(key: str, **wanted: str) -> dict[str, str]:
    (found,) = [row for row in rows(key) if wanted.items() <= row.items()]
    return found


def test_every_number_stands_with_its_codes_and_day(loaded: None) -> None:
    assert one(KEYS[0], nationality="VN", status="technical_intern") == {
        "statistic": "immigration", "as_of": "2025-06-30", "nationality": "VN", "status": "technical_intern", "number": "198417",
    }  # fmt: skip
    assert one(KEYS[0], nationality="all", status="all")["number"] == "3956619"
    assert len(rows(KEYS[0])) == 22 * 13
    assert one(KEYS[1], prefecture="01", nationality="CN") == {
        "statistic": "immigration", "as_of": "2025-06-30", "prefecture": "01", "organisation": "010006", "nationality": "CN",
        "number": "10495",
    }  # fmt: skip
    assert one(KEYS[1], prefecture="all", as_of="2020-12-31", nationality="all")["number"] == "2887116"
    assert one(KEYS[1], prefecture="99", nationality="CN")["organisation"] == ""
    assert not [row for row in rows(KEYS[1]) if row["prefecture"] == "all" and row["nationality"] != "all"]
    assert one(KEYS[2], code="012033") == {
        "statistic": "register", "as_of": "2025-01-01", "code": "012033", "name_ja": "小樽市", "men": "530", "women": "559",
        "total": "1089", "households": "754", "population": "104432",
    }  # fmt: skip
    assert len(rows(KEYS[2])) == 1741


def test_rows_keep_to_the_dictionary_and_take_at_most_three_statements(loaded: None) -> None:
    for key in KEYS:
        found = sets.find(key)
        assert found is not None
        with CaptureQueriesContext(connection) as asked:
            list(found.rows())
        assert len(asked) <= 3
        schema, lines = Client().get(f"/open-data/{key}.schema.json").json(), rows(key)
        assert list(lines[0]) == [field["name"] for field in schema["fields"]]
        assert len({tuple(row[name] for name in key_of(schema)) for row in lines}) == len(lines)
        for field in schema["fields"]:
            values = {row[field["name"]] for row in lines}
            assert values <= set(field["constraints"].get("enum", values)), field["name"]
            assert "" not in values or not field["constraints"]["required"], field["name"]


def test_day_source_and_tag_stand_with_the_numbers(loaded: None) -> None:
    for key, day, owner in ((KEYS[0], "2025-06-30", "出入国在留管理庁"), (KEYS[2], "2025-01-01", "総務省")):
        answer = Client().get(f"/open-data/{key}.json")
        said: dict[str, Any] = answer.json()
        assert said["reference_date"] == day
        assert owner in said["sources"][0]["title"]
        assert said["sources"][0]["licence"] == "Government of Japan terms, compatible with CC BY 4.0"
        again = Client().get(f"/open-data/{key}.json", headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert owner in Client().get(f"/ja/open-data/{key}/").content.decode()
