"""The public page of the JET Programme: totals since 1987 as their sources state them, drawn, listed, and as a file."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clair_portal.network import reference
from clair_portal.network.models import Claim
from jet.loading import load
from jet.models import YearlyTotal


@pytest.fixture
def loaded(db: None) -> str:
    return load()


def page(language: str = "en") -> str:
    return Client().get(f"/{language}/jet/").content.decode()


def test_every_year_from_1987_to_2025_is_loaded_and_a_second_time_changes_nothing(loaded: str) -> None:
    assert loaded == "39 years added, 0 changed, 0 removed, 56 claims added, 0 removed"
    assert load() == "0 years added, 0 changed, 0 removed, 0 claims added, 0 removed"
    YearlyTotal.objects.filter(year=2025).update(total=1)
    assert load() == "0 years added, 1 changed, 0 removed, 0 claims added, 0 removed"
    assert list(YearlyTotal.objects.filter(year__in=(1987, 2002, 2025)).values_list("year", "total", "alt", "countries")) == [
        (1987, 848, 813, 4), (2002, 6273, None, None), (2025, 5933, None, 54),
    ]  # fmt: skip


def test_rows_and_claims_that_left_the_files_go_at_the_next_load(loaded: str) -> None:
    YearlyTotal.objects.create(year=1986, total=1, source="wrong")
    Claim.objects.create(subject="JET Programme", claim="participants", value="1", source="wrong")
    Claim.objects.create(subject="JET Programme: US", claim="former participants", value="1", source="wrong")
    Claim.objects.filter(subject="JET Programme: AU").update(value="6")
    Claim.objects.create(subject="JET Programmes", claim="participants", value="1", source="of somebody else")
    assert load() == "0 years added, 0 changed, 1 removed, 1 claims added, 3 removed"
    assert not Claim.objects.filter(source="wrong").exists()
    assert Claim.objects.get(subject="JET Programme: AU").value == "5"
    assert Claim.objects.filter(subject="JET Programmes").exists()


def test_what_the_file_of_the_network_says_of_the_programme_stays(loaded: str) -> None:
    reference.load()
    assert Claim.objects.filter(subject="JET Programme", claim="ministries").count() == 3
    assert load().endswith("0 claims added, 0 removed")
    assert Claim.objects.filter(subject="JET Programme", claim="ministries").count() == 3


def test_each_number_has_its_own_source(loaded: str) -> None:
    year = YearlyTotal.objects.get(year=2025)
    assert (year.cumulative, year.cumulative_source) == (80862, "https://jetprogramme.org/en/about-jet/history")
    assert (year.total, year.source) == (5933, "https://portal-worlds.com/news/asean/37277")
    assert year.sources == [
        ("https://portal-worlds.com/news/asean/37277", "participants by year, countries"),
        ("https://jetprogramme.org/en/about-jet/history", "since it began"),
    ]
    of = {row.year: row for row in YearlyTotal.objects.all()}
    assert of[2007].job_types_source == of[2007].countries_source == "https://www.travelvision.jp/news/news-30675"
    assert (of[2009].as_of, of[2009].countries_source) == ("2009-11-03", "")
    assert of[2010].cumulative_source == "https://www.soumu.go.jp/menu_news/s-news/02gyosei05_02000015.html"
    assert of[2022].job_types_source == "https://portal-worlds.com/news/asean/29057"
    assert (of[2019].cumulative, of[2019].source) == (
        70661, "https://www.soumu.go.jp/menu_news/s-news/01gyosei05_02000128.html",
    )  # fmt: skip


def test_a_number_without_a_source_is_refused(loaded: str) -> None:
    with pytest.raises(IntegrityError, match="jet_number_has_its_source"), transaction.atomic():
        YearlyTotal.objects.filter(year=2025).update(cumulative_source="")


def test_what_nobody_published_is_empty_and_not_zero(loaded: str) -> None:
    assert list(YearlyTotal.objects.filter(total=None).values_list("year", flat=True)) == [2020, 2021]
    assert YearlyTotal.objects.get(year=1987).sea == 0
    svg = re.search(r"<svg xmlns.*?</svg>", page(), re.DOTALL)
    assert svg is not None
    drawing = svg[0]
    assert drawing.count("<rect") == 37
    assert len(re.findall(r">–</text>", drawing)) == 2
    assert "1987: 848 participants. Most: 2002 (6,273). 2025: 5,933." in drawing


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", ("JETプログラム参加者数の推移", "5,933", "外国語指導助手", "公表されていません(新型コロナウイルス感染症)", "総務省、外務省、文部科学省")),
        ("en", ("Participants of the JET Programme by year", "5,933", "assistant language teachers", "not published (COVID-19)")),
    ],
)  # fmt: skip
def test_the_page_tells_it_in_both_languages(loaded: str, language: str, words: tuple[str, ...]) -> None:
    shown = page(language)
    for each in words:
        assert each in shown
    assert 'hreflang="ja"' in shown


def test_sources_that_contradict_each_other_stand_side_by_side(loaded: str) -> None:
    shown = page()
    for value in ("5,861", "5,851", "80,862", "80,679", "more than 30,000"):
        assert f"<span>{value}</span>" in shown
    assert len(re.findall(r"sources differ\s*</span>", shown)) == 8
    assert Claim.objects.filter(subject="JET Programme", claim="participants", as_of="2024").count() == 2


def test_bodies_regions_and_chapters_have_their_time_and_source(loaded: str) -> None:
    shown = re.sub(r"<[^>]+>|\s+", " ", page())
    shown = re.sub(r" +", " ", shown)
    assert "2022 1,016 45 – 809 162 portal-worlds.com" in shown
    assert "2025 sources differ 984 46 – 781 157 portal-worlds.com" in shown
    assert "2022 11 2 20 4 8 5 portal-worlds.com" in shown
    assert "Countries of Asia in 2025: China, South Korea, Mongolia" in shown
    assert "Australia: chapters of the alumni association 5 2021 jetaainternational.org" in shown
    assert "3 November 2009 4,063 366 7 liquisearch.com" in shown
    assert 'href="https://portal-worlds.com/news/asean/37277"' in page()
    assert "2025年のアジアの国:中国、韓国、モンゴル" in page("ja")


def test_days_of_counting_are_written_as_the_language_of_the_page_writes_them(loaded: str) -> None:
    assert 'As of <time datetime="2009-11-03">3 November 2009</time>.' in page()
    assert '<time datetime="2009-11-03">2009年11月3日</time>現在。' in page("ja")
    assert 'Stand <time datetime="2009-11-03">3. November 2009</time>.' in page("de")
    assert not re.search(r">[^<]*\d{4}-\d\d-\d\d[^<]*<", page("de").split("<main")[1])


def test_the_file_holds_what_the_table_shows_each_number_with_its_source(loaded: str) -> None:
    answer = Client().get("/ja/jet/participants.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows[0][:3] == ["年", "参加者", "外国語指導助手(ALT)"]
    assert len(rows) == 40
    assert rows[1][:7] == ["1987", "848", "813", "35", "0", "4", ""]
    assert [row[7] for row in rows[1:] if not row[7].startswith("http")] == []
    assert rows[23][-2:] == ["2009-11-03", "2026-11-22"]
    assert rows[39][-2:] == ["2025", "2026-11-22"]
    assert rows[39][10] == "https://jetprogramme.org/en/about-jet/history"
    assert rows[34][:2] == ["2020", ""]


def test_two_statements_for_the_page_and_without_data_still_a_page(loaded: str) -> None:
    page()
    with CaptureQueriesContext(connection) as asked:
        page()
    said: list[Any] = [
        query["sql"] for query in asked if query["sql"].startswith("SELECT") and " FROM " in query["sql"]
    ]
    assert len(said) == 2, said
    YearlyTotal.objects.all().delete()
    assert Client().get("/en/jet/").status_code == 200
