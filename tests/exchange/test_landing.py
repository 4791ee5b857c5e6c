"""The public page of international exchange: counts of ties that agree with the list, and what sources say, each with its source."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clair_portal.network import reference
from exchange.landing import counted, schemes
from exchange.loading import load, read
from exchange.models import Tie


@pytest.fixture
def loaded(db: None) -> str:
    reference.load()
    return load()


def words(language: str = "en") -> str:
    page = re.sub(r"(?s)<svg.*?</svg>", "", Client().get(f"/{language}/exchange/").content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_counts_are_those_of_the_file_by_country_and_prefecture(loaded: str) -> None:
    rows = list(read("ties.csv"))
    found = counted()
    assert found.by_country == Counter(row["country"] for row in rows)
    assert found.by_prefecture == Counter(row["lg_code"][:2] for row in rows)
    assert (found.total, found.undated) == (1189, 1103)
    page = words()
    assert "1,189 ties in this list 1,103 of them without a date" in page
    assert "United States 350" in page
    assert "Kagoshima Prefecture 鹿児島県 12" in page
    answer = Client().get("/ja/exchange/prefectures.csv").content.decode("utf-8-sig")
    assert ["46", "鹿児島県", "12", "2026-11-22", "公開情報から集めた、このサイトの一覧"] in list(
        csv.reader(io.StringIO(answer))
    )


def test_totals_survey_seekers_and_support_have_their_sources(loaded: str) -> None:
    page = words()
    assert "sister and friendship ties 1,818 2024 clair.or.jp" in page
    assert "exchange activities 3,202 fiscal year 2024 portal-worlds.com" in page
    assert "China 128 fiscal year 2024 portal-worlds.com" in page
    assert "Zamami Village 座間味村 Okinawa Prefecture 沖縄県 United States 2025 clair.or.jp" in page
    assert len(schemes()) == 12
    assert "ENDED with FY2025" in page
    assert "アメリカ合衆国" in words("ja")


def test_three_statements_and_without_data_still_a_page(loaded: str) -> None:
    words()
    with CaptureQueriesContext(connection) as said:
        words()
    assert len([query for query in said if query["sql"].startswith("SELECT") and " FROM " in query["sql"]]) == 3
    Tie.objects.all().delete()
    assert "Grants and other support" in words()
