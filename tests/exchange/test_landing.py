"""The public page of international exchange: counts of ties that agree with the list, and what sources say, each with its source."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clair_portal.network import reference
from clair_portal.network.models import Claim
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


def running(language: str = "en") -> str:
    """The text as it runs on, without readings."""
    page = re.sub(r"<rp>.</rp>|<rt>[^<]*</rt>", "", Client().get(f"/{language}/exchange/").content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_counts_are_those_of_the_file_by_country_and_prefecture(loaded: str) -> None:
    rows = list(read("ties.csv"))
    found = counted()
    standing = [row for row in rows if not row["ended"]]
    assert found.by_country == Counter(row["country"] for row in standing)
    assert found.by_prefecture == Counter(row["lg_code"][:2] for row in standing)
    assert (found.total, found.undated, found.ended) == (1188, 1102, 1)
    page = words()
    assert "1,188 ties in this list 1,102 of them without a date" in page
    assert "Ended, and not counted above: 1 " in page
    assert "United States 349" in page
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


def test_the_list_stands_beside_the_newest_published_total_and_says_no_share(loaded: str) -> None:
    assert "It holds 1,188 ties; the newest total we found published is 1,818 (2024). Source: clair.or.jp" in running()
    assert "載っているのは1,188件です。公表された総数で最も新しいものは1,818件(2024年)です。" in running("ja")
    Claim.objects.create(
        subject="Sister ties", claim="sister ties", value="1900", as_of="2027-03", source="https://example.org/"
    )
    assert "the newest total we found published is 1,900 (March 2027). Source: example.org" in running()
    Claim.objects.all().delete()
    assert "newest total" not in words()


def test_no_catalogue_holds_a_number_of_a_survey_or_a_share_of_the_list() -> None:
    for catalogue in Path("locale").glob("*/LC_MESSAGES/django.po"):
        text = catalogue.read_text(encoding="utf-8")
        assert not re.search(r"5[.,\s\u00a0\u202f]?016|about seven of ten|fiscal year 2024", text, re.I), catalogue


def test_a_tie_that_ended_is_on_no_bar_of_a_country_it_alone_stood_for(loaded: str) -> None:
    Tie.objects.filter(country="US").exclude(key="T0885").delete()
    assert "US" not in counted().by_country
    assert counted().ended == 1


def test_three_statements_and_without_data_still_a_page(loaded: str) -> None:
    words()
    with CaptureQueriesContext(connection) as said:
        words()
    assert len([query for query in said if query["sql"].startswith("SELECT") and " FROM " in query["sql"]]) == 3
    Tie.objects.all().delete()
    assert "Grants and other support" in words()
