"""The public page of sister and friendship ties: searched, as of a day, on a map, as a file, beside what others count."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clair_portal.network import reference
from clair_portal.network.models import Claim
from exchange.loading import last_day, load
from exchange.models import Tie


@pytest.fixture
def loaded(db: None) -> str:
    reference.load()
    return load()


def ask(language: str = "en", **asked: str) -> Any:
    return Client().get(f"/{language}/ties/", asked)


def number(page: Any) -> int:
    found = re.search(r'id="t-list">([\d,]+)', page.content.decode())
    assert found is not None
    return int(found[1].replace(",", ""))


def file(**asked: str) -> list[list[str]]:
    answer = Client().get("/ja/ties/ties.csv", asked)
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def undated(page: Any) -> str:
    found = re.search(r"<p data-undated>([^<]*)</p>", page.content.decode())
    return found[1] if found else ""


def test_all_ties_are_loaded_and_a_second_time_changes_nothing(loaded: str) -> None:
    assert (
        loaded
        == "1189 ties added, 0 changed, 0 removed, 28 claims added, 0 removed; survey: 25 claims added, 0 removed"
    )
    assert load() == "0 ties added, 0 changed, 0 removed, 0 claims added, 0 removed; survey: 0 claims added, 0 removed"
    Tie.objects.filter(key="T0001").update(partner="X")
    assert load() == "0 ties added, 1 changed, 0 removed, 0 claims added, 0 removed; survey: 0 claims added, 0 removed"
    assert Tie.objects.filter(organisation=None).count() == 0
    assert (Tie.objects.get(key="T0001").partner, Tie.objects.get(key="T0001").agreed) == ("Alberta", "1980-09-05")


def test_ties_and_claims_that_left_the_files_go_at_the_next_load(loaded: str) -> None:
    Tie.objects.create(
        key="X1", name_ja="X", name_en="X", partner="X", country_id="US", source="X", as_of="2026", search_text=""
    )
    Claim.objects.create(subject="Sister ties: US", claim="sister ties", value="1", source="wrong")
    Claim.objects.filter(subject="Sister ties: KR").update(value="1")
    assert load() == "0 ties added, 0 changed, 1 removed, 1 claims added, 2 removed; survey: 0 claims added, 0 removed"
    assert Tie.objects.count() == 1189
    assert Claim.objects.get(subject="Sister ties: KR").value == "163"


def test_counts_are_those_of_the_source(loaded: str) -> None:
    assert number(ask()) == 1189
    assert number(ask(prefecture="46")) == 12
    assert number(ask(country="US")) == 350
    assert number(ask(country="US", prefecture="46")) == 2
    assert number(ask(on="1975-12-31")) == 31


def test_ties_without_a_date_have_a_line_of_their_own(loaded: str) -> None:
    assert undated(ask()) == "Without a date, counted above: 1,103"
    assert undated(ask(on="1975-12-31")) == "Without a date, and not counted above: 1,103"
    assert undated(ask("ja", prefecture="46", on="1975-12-31")) == "提携日が分からず、上の件数に含まないもの:12件"


def test_a_year_counts_once_it_is_over() -> None:
    assert [str(last_day(text)) for text in ("1975", "1976-02", "1975-06-01", "")] == [
        "1975-12-31", "1976-02-29", "1975-06-01", "None",
    ]  # fmt: skip


def test_every_form_of_a_name_finds_the_same_on_either_side(loaded: str) -> None:
    found = [file(q=text) for text in ("かごしま", "カゴシマ", "ｶｺﾞｼﾏ", "Kagoshima", "ＫＡＧＯＳＨＩＭＡ", "鹿児島")]
    assert [len(rows) for rows in found] == [5] * 6
    assert all(rows == found[0] for rows in found)
    assert [row[2] for row in found[0][1:]] == ["Perth", "Changsha", "Naples", "Miami"]
    assert [row[0] for row in file(q="miami kagoshima")[1:]] == ["鹿児島市"]


def test_the_file_holds_what_the_list_shows_each_line_with_source_and_date(loaded: str) -> None:
    rows = file(country="CA", on="1990-12-31")
    page = ask("ja", country="CA", on="1990-12-31")
    listed = re.findall(
        r'<tr><th scope="row">([^<]*)</th>\s*<td[^>]*>(?:<b[^>]*>[^<]*</b>)?(?:<span>)?<span lang="en">([^<]*)',
        page.content.decode(),
    )
    assert [(row[0], row[2] + (f", {row[3]}" if row[3] else "")) for row in rows[1:]] == listed
    assert rows[1] == [
        "北海道", "010006", "Alberta", "", "カナダ", "1980-09-05", "Consulate-General of Japan in Calgary", "2026-11-22",
    ]  # fmt: skip
    assert len(file()) == 1190
    assert all(row[6] and row[7] for row in file())


def test_pages_of_fifty_keep_what_was_asked(loaded: str) -> None:
    page = ask(country="US", page="7").content.decode()
    assert "7 / 7" in page
    assert 'href="?country=US&amp;page=6"' in page
    assert ask(page="99").status_code == ask(page="x").status_code == 200


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"on": "1975-02-30"}, "Write the day as 1975-12-31."),
        ({"q": "あ" * 5000}, "Search for at most 100 characters."),
        ({"country": "XX"}, "No tie with this country is listed. Choose one from the list."),
        ({"prefecture": "99"}, "There is no such prefecture. Choose one from the list."),
    ],
)
def test_what_cannot_be_asked_is_answered_with_a_sentence(db: None, asked: dict[str, str], sentence: str) -> None:
    answer = ask(**asked)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Client().get("/en/ties/ties.csv", asked).status_code == 422


def test_one_character_and_signs_break_nothing(loaded: str) -> None:
    assert number(ask(q="札")) == 5
    assert [ask(q=text).status_code for text in ("🎌", "'", "%", "a\0b")] == [200, 200, 200, 400]
    assert "No tie matches." in ask(q="🎌").content.decode()


def test_totals_of_others_stand_beside_ours_and_contradictions_show(loaded: str) -> None:
    shown = ask().content.decode()
    for value in ('<b class="nowrap">1,189</b>', '<b class="nowrap">350</b>', ">1,818<", ">828<", ">881<", ">455<"):
        assert value in shown
    assert len(re.findall(r"sources differ\s*</span>", shown)) == 1
    assert 'hreflang="ja"' in shown
    assert "United States: 350</title>" in shown


def test_the_number_of_statements_does_not_grow_with_the_ties(loaded: str) -> None:
    ask()
    with CaptureQueriesContext(connection) as asked:
        ask()
    assert len([query for query in asked if re.search(r'FROM "(?:exchange|network)_', query["sql"])]) == 4
    Tie.objects.all().delete()
    assert "No tie matches." in ask().content.decode()
