"""The public page of sister and friendship ties: searched, as of a day, on a map, as a file, beside what others count."""

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
from exchange.loading import last_day, load, read
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
    assert number(ask()) == 1188
    assert number(ask(prefecture="46")) == 12
    assert number(ask(country="US")) == 349
    assert number(ask(country="US", prefecture="46")) == 2
    assert number(ask(on="1975-12-31")) == 31


def test_ties_without_a_date_have_a_line_of_their_own(loaded: str) -> None:
    assert undated(ask()) == "Without a date, counted above: 1,102"
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
    assert len(file(q="Berlin – Mitte")) == len(file(q="berlin mitte")) > 1  # as the search over everything links it


def test_the_file_holds_what_the_list_shows_each_line_with_source_and_date(loaded: str) -> None:
    rows = file(country="CA", on="1990-12-31")
    page = ask("ja", country="CA", on="1990-12-31")
    listed = re.findall(
        r'<tr><th scope="row">([^<]*)</th>\s*<td[^>]*>(?:<b[^>]*>[^<]*</b>)?(?:<span>)?<span lang="en">([^<]*)',
        page.content.decode(),
    )
    assert [(row[0], row[2] + (f", {row[3]}" if row[3] else "")) for row in rows[1:]] == listed
    assert rows[1] == [
        "北海道", "010006", "Alberta", "", "カナダ", "1980-09-05", "Consulate-General of Japan in Calgary", "2026-11-22", "", "",
        "",
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
    for value in ('<b class="nowrap">1,188</b>', '<b class="nowrap">349</b>', ">1,818<", ">828<", ">881<", ">455<"):
        assert value in shown
    assert len(re.findall(r"sources differ\s*</span>", shown)) == 1
    assert 'hreflang="ja"' in shown
    assert "United States: 349</title>" in shown


JAPAN_TIMES = "https://www.japantimes.co.jp/news/2018/10/05/national/san-francisco-mayor-denounces-osaka-counterpart-unilaterally-ending-sister-city-ties/"


def row_of(page: Any, partner: str) -> str:
    """The line of the list with this partner, without spaces between its elements."""
    rows = re.findall(r"<tr>.*?</tr>", page.content.decode(), re.S)
    return re.sub(r"\s+", " ", next(row for row in rows if f'<span lang="en">{partner}' in row))


def test_a_tie_that_ended_is_listed_with_its_end_and_source_and_not_counted(loaded: str) -> None:
    page = ask(q="San Francisco", prefecture="27")
    assert number(page) == 1  # Kishiwada and South San Francisco
    assert "Ended, and not counted above: 1</p>" in page.content.decode()
    row = row_of(page, "San Francisco")
    assert f'Ended: <time datetime="2018-10">October 2018</time> (<a href="{JAPAN_TIMES}" rel="noreferrer">' in row
    assert "the mayor of San Francisco said that for her city the tie goes on" in row
    assert "<title>United States: 1</title>" in page.content.decode()
    assert '終了:<time datetime="2018-10">2018年10月</time>' in row_of(ask("ja", q="San Francisco"), "San Francisco")
    assert [row[8:10] for row in file(q="San Francisco")[1:] if row[8]] == [["2018-10", JAPAN_TIMES]]


def test_a_tie_stands_on_days_before_its_end(loaded: str) -> None:
    Tie.objects.filter(key="T0885").update(agreed="1957-10-07", agreed_by="1957-10-07")
    asked = {"q": "San Francisco", "prefecture": "27"}
    assert [number(ask(**asked, on=day)) for day in ("1957-10-06", "1957-10-07", "2018-09-30", "2018-10-01")] == [
        0,
        1,
        1,
        0,
    ]


def test_what_a_source_says_besides_is_told_in_japanese_and_english(loaded: str) -> None:
    assert '<span class="small muted" lang="ja">旧篠山町が提携</span>' in row_of(
        ask("ja-simple", q="Walla Walla"), "Walla Walla"
    )
    for language in ("en", "de", "my"):
        row = row_of(ask(language, q="Walla Walla"), "Walla Walla")
        assert '<span class="small muted" lang="en">signed by former Sasayama Town</span>' in row
    assert row_of(ask(q="Alberta"), "Alberta").count("muted") == 0
    assert file(q="Chiayi 尾道")[1][10] == "出典では友好都市"
    rows = list(read("ties.csv"))
    assert len([row for row in rows if row["note"]]) == len([row for row in rows if row["note_ja"]]) == 15


def test_an_end_needs_its_source(loaded: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Tie.objects.filter(key="T0001").update(ended="2020")


def test_places_of_one_name_are_told_apart_by_the_japanese_beside_it(loaded: str) -> None:
    page = ask(prefecture="01").content.decode()
    assert '<th scope="row">Sapporo <span class="beside" lang="ja">札幌市</span></th>' in page
    german = ask("de", prefecture="01").content.decode()
    assert '<th scope="row"><span lang="en">Sapporo</span> <span class="beside" lang="ja">札幌市</span></th>' in german
    assert '<th scope="row">札幌市</th>' in re.sub(
        r"<rp>.</rp>|<rt>[^<]*</rt>|</?ruby>", "", ask("ja", prefecture="01").content.decode()
    )


@pytest.mark.parametrize(
    ("language", "day", "month", "claimed"),
    [
        ("en", "5 September 1980", "August 1972", "December 2017"),
        ("ja", "1980年9月5日", "1972年8月", "2017年12月"),
        ("de", "5. September 1980", "August 1972", "Dezember 2017"),
        ("ru", "5 сентября 1980 года", "август 1972 года", "декабрь 2017 года"),
        ("zh-hans", "1980年9月5日", "1972年8月", "2017年12月"),
        ("ko", "1980년 9월 5일", "1972년 8월", "2017년 12월"),
    ],
)
def test_days_and_months_are_written_as_the_language_of_the_page_writes_them(
    loaded: str, language: str, day: str, month: str, claimed: str
) -> None:
    assert f'<time datetime="1980-09-05">{day}</time>' in ask(language, q="Alberta").content.decode()
    assert f'<time datetime="1972-08">{month}</time>' in ask(language, q="Walla Walla").content.decode()
    page = ask(language).content.decode()
    assert f'<time datetime="2017-12">{claimed}</time>' in page
    assert not re.search(r">\s*\d{4}-\d\d(?:-\d\d)?\s*<", page)


def test_the_number_of_statements_does_not_grow_with_the_ties(loaded: str) -> None:
    ask()
    with CaptureQueriesContext(connection) as asked:
        ask()
    assert len([query for query in asked if re.search(r'FROM "(?:exchange|network)_', query["sql"])]) == 4
    Tie.objects.all().delete()
    assert "No tie matches." in ask().content.decode()
