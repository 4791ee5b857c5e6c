"""Seventeen versions: who asks for which, and how each writes days, numbers, lists and countries."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from clair_portal.calendars.zones import in_both_zones
from clair_portal.language import cldr
from clair_portal.language.catalogues import catalogue_path
from clair_portal.language.lists import joined
from clair_portal.language.versions import VERSIONS, asked_for, staff_language
from clair_portal.ui.components.text import named


@pytest.mark.parametrize(
    ("wanted", "version"),
    [
        (["ja"], "ja"), (["zh-TW"], "zh-hant"), (["zh-HK", "zh-CN"], "zh-hant"), (["zh"], "zh-hans"), (["zh-Hans-CN"], "zh-hans"),
        (["pt-BR"], "pt"), (["tl"], "fil"), (["in-ID"], "id"), (["xx", "ne-NP"], "ne"), (["ja-simple"], "ja-simple"),
        (["xx"], None), ([""], None), ([], None), (["*"], None), (["en-US", "ja"], "en"),
    ],
)  # fmt: skip
def test_browsers_find_the_version_of_their_language(wanted: list[str], version: str | None) -> None:
    assert asked_for(wanted) == version


@pytest.mark.parametrize(
    ("version", "day", "month"),
    [
        ("ja", "2026年11月26日", "2026年11月"), ("ja-simple", "2026年11月26日", "2026年11月"), ("en", "26 November 2026", "November 2026"),
        ("ko", "2026년 11월 26일", "2026년 11월"), ("fr", "26 novembre 2026", "novembre 2026"), ("vi", "26 tháng 11, 2026", "tháng 11 năm 2026"),
        ("de", "26. November 2026", "November 2026"), ("my", "2026 နိုဝင်ဘာ 26", ""), ("th", "26 พฤศจิกายน ค.ศ. 2026", ""),
    ],
)  # fmt: skip
def test_days_are_written_as_the_language_writes_them(version: str, day: str, month: str) -> None:
    with translation.override(version):
        assert cldr.day(dt.date(2026, 11, 26)) == day
        assert month in ("", cldr.month(dt.date(2026, 11, 26)))


@pytest.mark.parametrize(
    ("version", "country", "number"),
    [
        ("ja", "フランス", "80,862"), ("en", "France", "80,862"), ("de", "Frankreich", "80.862"), ("ru", "Франция", "80\xa0862"),
        ("ne", "फ्रान्स", "80,862"), ("zh-hant", "法國", "80,862"), ("fil", "France", "80,862"), ("my", "ပြင်သစ်", "80,862"),
    ],
)  # fmt: skip
def test_countries_and_numbers_follow_the_language(version: str, country: str, number: str) -> None:
    with translation.override(version):
        assert cldr.country_name("FR", japanese="フランス", english="France") == country
        assert cldr.number(80862) == number


def test_nothing_given_is_nothing_written() -> None:
    assert (cldr.day(None), cldr.month(None), cldr.number(None), cldr.percent(None)) == ("", "", "", "")
    with translation.override("fr"):
        assert cldr.percent(0.1234) == "12,3%"


def test_lists_end_as_the_language_ends_them() -> None:
    for version, line in (("ja", "A、B、C"), ("en", "A, B and C"), ("de", "A, B und C"), ("ja-simple", "A、B、C")):
        with translation.override(version):
            assert joined(["A", "B", "C"]) == line


def test_names_outside_japanese_are_english_with_the_japanese_beside_it() -> None:
    kobe, only = SimpleNamespace(name_ja="神戸市", name_en="Kobe"), SimpleNamespace(name_ja="兵庫<県>", name_en=None)
    with translation.override("ja"):
        assert (named(kobe), named(only)) == ("神戸市", "兵庫&lt;県&gt;")
    with translation.override("en"):
        assert named(kobe) == 'Kobe <span class="beside" lang="ja">神戸市</span>'
        assert named(only) == '<span lang="ja">兵庫&lt;県&gt;</span>'
    with translation.override("th"):
        assert named(kobe) == '<span lang="en">Kobe</span> <span class="beside" lang="ja">神戸市</span>'


def test_two_clocks_in_any_language() -> None:
    noon = dt.datetime(2026, 11, 26, 3, 0, tzinfo=dt.UTC)
    assert in_both_zones(noon, "Asia/Tokyo", "Europe/London", "de").main == "Do., 26. Nov. 2026 12:00 Tokio"
    assert in_both_zones(noon, "Asia/Tokyo", "Europe/London", "de").other == "03:00 London"
    assert in_both_zones(noon, "Asia/Tokyo", "Asia/Shanghai", "fr").other == "11:00 Beijing"


def test_staff_read_japanese_or_english() -> None:
    assert [staff_language(code) for code in ("ja", "ja-simple", "ko", "", None)] == ["ja", "ja", "en", "en", "en"]


def test_words_of_a_version_are_checked_only_when_its_catalogue_says_by_whom() -> None:
    assert [version.code for version in VERSIONS if version.checked_by] == ["ja", "en"]
    catalogue = catalogue_path("ja").read_text(encoding="utf-8")
    assert "\n# Checked by: the authors\n" in catalogue


UNCHECKED = "Nobody whose language this is has checked this version yet. The Japanese and the English versions were written by us."


@pytest.mark.parametrize("version", [version.code for version in VERSIONS])
def test_every_version_has_a_front_page(client: Client, version: str, db: None) -> None:
    page = client.get(f"/{version}/")
    assert page.status_code == 200
    assert f'<html lang="{version}">' in page.content.decode()
    with translation.override(version):
        said = gettext(UNCHECKED)
    assert (said in page.content.decode()) is (version not in ("ja", "en"))
    assert (said == UNCHECKED) is (version == "en")
