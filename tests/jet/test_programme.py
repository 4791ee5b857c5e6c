"""The public page of the JET Programme: totals since 1987 as their sources state them, drawn, listed, and as a file."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clair_portal.network.models import Claim
from jet.loading import load
from jet.models import YearlyTotal


@pytest.fixture
def loaded(db: None) -> str:
    return load()


def page(language: str = "en") -> str:
    return Client().get(f"/{language}/jet/").content.decode()


def test_every_year_from_1987_to_2025_is_loaded_and_a_second_time_changes_nothing(loaded: str) -> None:
    assert loaded == "39 years added, 0 changed, 13 claims added"
    assert load() == "0 years added, 0 changed, 0 claims added"
    YearlyTotal.objects.filter(year=2025).update(total=1)
    assert load() == "0 years added, 1 changed, 0 claims added"
    assert list(YearlyTotal.objects.filter(year__in=(1987, 2002, 2025)).values_list("year", "total", "alt", "countries")) == [
        (1987, 848, 813, 4), (2002, 6273, None, None), (2025, 5933, None, 54),
    ]  # fmt: skip


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
    for value in ("5861", "5851", "80862", "80679"):
        assert f'<span lang="en">{value}</span>' in shown
    assert len(re.findall(r"sources differ\s*</span>", shown)) == 4
    assert Claim.objects.filter(subject="JET Programme", claim="participants", as_of="2024").count() == 2


def test_the_file_holds_what_the_table_shows_each_line_with_its_source(loaded: str) -> None:
    answer = Client().get("/ja/jet/participants.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows[0][:3] == ["年", "参加者", "外国語指導助手(ALT)"]
    assert len(rows) == 40
    assert rows[1][:7] == ["1987", "848", "813", "35", "0", "4", ""]
    assert [row[-1] for row in rows if not row[-1].startswith("http")] == ["出典"]
    assert rows[34][:2] == ["2020", ""]


def test_few_statements_and_without_data_still_a_page(loaded: str) -> None:
    page()
    with CaptureQueriesContext(connection) as asked:
        page()
    said: list[Any] = [query["sql"] for query in asked if "jet_" in query["sql"] or "network_claim" in query["sql"]]
    assert len(said) == 2
    YearlyTotal.objects.all().delete()
    assert Client().get("/en/jet/").status_code == 200
