"""Public pages of foreign residents: each number from its statistic, with its day and source, in tables, drawings and files."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clair_portal.network import reference
from clair_portal.network.models import Claim
from multicultural.loading import load
from multicultural.models import MunicipalityCount, ResidentCount


@pytest.fixture
def loaded(db: None) -> str:
    reference.load()
    return load()


def text(address: str, **asked: str) -> str:
    """The words of the page, without its drawings."""
    page = re.sub(r"(?s)<svg.*?</svg>", "", Client().get(address, asked).content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def rows(address: str, **asked: str) -> list[list[str]]:
    answer = Client().get(address, asked)
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def statements(address: str, **asked: str) -> list[str]:
    Client().get(address, asked)
    with CaptureQueriesContext(connection) as said:
        Client().get(address, asked)
    return [query["sql"] for query in said if query["sql"].startswith("SELECT") and " FROM " in query["sql"]]


def test_everything_is_loaded_and_a_second_time_changes_nothing(loaded: str) -> None:
    assert loaded == (
        "numbers of residents: 1581 added, 0 changed, 0 removed; municipalities: 1741 added, 0 changed, 0 removed; "
        "18 claims added, 0 removed"
    )
    assert load() == (
        "numbers of residents: 0 added, 0 changed, 0 removed; municipalities: 0 added, 0 changed, 0 removed; "
        "0 claims added, 0 removed"
    )


def test_what_differs_from_the_files_follows_them_and_what_left_them_goes(loaded: str) -> None:
    ResidentCount.objects.filter(prefecture="13", nationality="CN").update(number=1)
    ResidentCount.objects.filter(prefecture="13", nationality="VN").update(nationality="XX")
    MunicipalityCount.objects.filter(code="011002").update(total=30000)
    MunicipalityCount.objects.filter(code="012025").delete()
    Claim.objects.create(
        subject="Multiculturalism: languages of consultations", claim="German", value="1%", source="wrong"
    )
    assert load() == (
        "numbers of residents: 1 added, 1 changed, 1 removed; municipalities: 1 added, 1 changed, 0 removed; "
        "0 claims added, 1 removed"
    )
    assert MunicipalityCount.objects.get(code="011002").total == 20665
    assert Claim.objects.filter(subject="Multiculturalism", claim="managers trained").exists()


def test_sums_are_those_of_the_statistics(loaded: str) -> None:
    of = ResidentCount.objects.exclude(nationality="").exclude(prefecture="")
    assert of.aggregate(n=Sum("number"))["n"] == 3956619
    assert of.filter(prefecture="13").aggregate(n=Sum("number"))["n"] == 775340
    all_of_japan = ResidentCount.objects.filter(prefecture="", as_of="2025-06-30")
    assert all_of_japan.get(nationality="", status="").number == 3956619
    assert all_of_japan.exclude(nationality="").filter(status="").aggregate(n=Sum("number"))["n"] == 3956619
    parts = all_of_japan.filter(nationality="VN", status__in=("mid_long_term", "special_permanent_resident"))
    assert parts.aggregate(n=Sum("number"))["n"] == all_of_japan.get(nationality="VN", status="").number == 660483
    assert MunicipalityCount.objects.aggregate(n=Sum("total"))["n"] == 3677463
    assert MunicipalityCount.objects.filter(organisation=None).count() == 0


def test_the_same_number_twice_and_more_residents_than_people_are_refused(loaded: str) -> None:
    with pytest.raises(IntegrityError, match="residents_counted_once"), transaction.atomic():
        ResidentCount.objects.create(
            statistic_id="immigration", as_of="2025-06-30", prefecture="13", nationality="CN", number=1
        )
    with pytest.raises(IntegrityError, match="residents_are_part_of_the_population"), transaction.atomic():
        MunicipalityCount.objects.filter(code="011002").update(population=1)


def test_all_of_japan_by_nationality_status_and_prefecture_with_day_and_source(loaded: str) -> None:
    shown = text("/en/multicultural/residents/")
    assert "Statistics on foreign residents (Immigration Services Agency), as of 30 June 2025." in shown
    assert "China 900,738 900,113 625 350,722 114,124" in shown
    assert "Chosen (registered as such, not a country) 22,711 440 22,271" in shown
    assert "Total 3,956,619 3,686,327 270,292 932,090" in shown
    assert "Tokyo Metropolis 東京都 560,180 531,131 596,148 663,362 738,946 775,340" in shown
    assert "never mixed here" in shown
    ja = text("/ja/multicultural/residents/")
    assert "在留外国人統計(出入国在留管理庁)、2025年6月30日現在。" in ja
    assert "朝鮮 22,711" in ja
    assert Client().get("/en/multicultural/residents/").content.decode().count("<svg xmlns") == 3


def test_a_prefecture_has_its_nationalities_years_and_municipalities(loaded: str) -> None:
    shown = text("/en/multicultural/residents/13/")
    assert "China 294,826" in shown
    assert "30 June 2025 775,340" in shown
    assert "31 December 2020 560,180" in shown
    assert "Basic resident register (Ministry of Internal Affairs and Communications), as of 1 January 2025." in shown
    assert MunicipalityCount.objects.filter(code__startswith="13").count() == 62
    assert Client().get("/en/multicultural/residents/48/").status_code == 404
    chosen = Client().get("/ja/multicultural/residents/", {"prefecture": "13"})
    assert (chosen.status_code, chosen["Location"]) == (302, "/ja/multicultural/residents/13/")


def test_every_form_of_a_name_finds_the_same_municipality(loaded: str) -> None:
    found = [
        rows("/ja/multicultural/residents/municipalities.csv", q=word)
        for word in ("かごしま", "カゴシマ", "ｶｺﾞｼﾏ", "Kagoshima", "ＫＡＧＯＳＨＩＭＡ", "鹿児島")
    ]
    assert all(each == found[0] for each in found)
    assert [row[:3] for row in found[0][1:]] == [["462012", "鹿児島市", found[0][1][2]]]
    assert found[0][1][-3:-1] == ["2025-01-01", "住民基本台帳"]
    assert "Kagoshima 鹿児島市" in text("/en/multicultural/residents/", q="カゴシマ")


def test_a_search_within_a_prefecture_and_one_without_a_hit(loaded: str) -> None:
    both = rows("/en/multicultural/residents/municipalities.csv", q="府中市")
    assert [row[0] for row in both[1:]] == ["132063", "342084"]
    assert [
        row[0] for row in rows("/en/multicultural/residents/municipalities.csv", q="府中市", prefecture="34")[1:]
    ] == ["342084"]
    assert "No municipality has this name." in text("/en/multicultural/residents/", q="🎌")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"q": "あ" * 5000}, "Search for at most 100 characters."),
        ({"prefecture": "99"}, "There is no such prefecture. Choose one from the list."),
    ],
)
def test_what_cannot_be_asked_is_answered_with_a_sentence(db: None, asked: dict[str, str], sentence: str) -> None:
    answer = Client().get("/en/multicultural/residents/", asked)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Client().get("/en/multicultural/residents/municipalities.csv", asked).status_code == 422


def test_files_hold_what_the_tables_show_each_line_with_day_and_source(loaded: str) -> None:
    nations = rows("/en/multicultural/residents/nationalities.csv")
    assert len(nations) == 23
    assert nations[1][:5] == ["China", "900738", "900113", "625", "350722"]
    assert nations[-1][:2] == ["Total", "3956619"]
    assert nations[1][-3:-1] == ["2025-06-30", "Statistics on foreign residents"]
    places = rows("/ja/multicultural/residents/prefectures.csv")
    assert places[0][:3] == ["コード", "都道府県", "2020-12-31"]
    assert places[13][:2] + places[13][-4:-2] == ["13", "東京都", "775340", "2025-06-30"]
    assert len(places) == 49
    assert len(rows("/en/multicultural/residents/13/municipalities.csv")) == 63
    assert [
        row[-1] for row in rows("/en/multicultural/residents/13/nationalities.csv")[1:] if "001447922" not in row[-1]
    ] == []


@pytest.mark.parametrize(
    ("address", "asked", "most"),
    [
        ("/en/multicultural/", {}, 3), ("/en/multicultural/residents/", {}, 3), ("/en/multicultural/residents/13/", {}, 4),
        ("/en/multicultural/residents/", {"q": "Fuchu"}, 4), ("/en/multicultural/guide/", {}, 1),
        ("/en/multicultural/guide/17/", {}, 2), ("/en/multicultural/languages/", {}, 0),
    ],
)  # fmt: skip
def test_pages_ask_few_statements(loaded: str, address: str, asked: dict[str, str], most: int) -> None:
    assert len(statements(address, **asked)) == most


def test_without_data_there_are_still_pages(db: None) -> None:
    answers: list[Any] = [Client().get(f"/en/multicultural/{end}") for end in ("", "residents/", "guide/", "guide/17/")]
    assert [answer.status_code for answer in answers] == [200] * 4
