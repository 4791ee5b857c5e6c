"""Open data as people read it: the list and the dictionary of each set, in the language of the page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from clair_portal.open_data import editions


def page(path: str) -> str:
    return Client().get(path).content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", ("オープンデータ", "団体", "所管国", "2026年11月22日", "ライセンスはまだ決まっていません")),
        ("en", ("Open data", "Organisations", "Jurisdictions", "22 November 2026", "has not been decided yet")),
    ],
)
def test_the_list_says_what_there_is_in_both_languages(db: None, language: str, words: tuple[str, ...]) -> None:
    shown = page(f"/{language}/open-data/")
    for each in words:
        assert each in shown
    for address in ("/open-data/offices.csv", "/open-data/offices.json", "/api/v1/offices/", "/open-data/index.json"):
        assert f'href="{address}"' in shown
    assert f'href="/{language}/open-data/organisations/"' in shown


def test_the_dictionary_shows_every_column_with_meaning_type_unit_and_codes(db: None) -> None:
    editions.note(dt.datetime(2026, 11, 25, 16, 0, tzinfo=dt.UTC))
    shown = page("/en/open-data/organisations/")
    assert '<th scope="row"><code>latitude</code></th>' in shown
    assert "Unit: degrees (WGS 84)" in shown
    assert "<dt><code>designated_city</code></dt><dd>designated city</dd>" in shown
    assert "26 November 2026" in shown  # the day in Tokyo
    assert "CC0" in shown
    assert 'href="/open-data/organisations.schema.json"' in shown
    assert Client().get("/en/open-data/nothing/").status_code == 404


def test_a_licence_that_was_decided_is_named_with_its_address(db: None, settings: Any) -> None:
    settings.OPEN_DATA_LICENCE, settings.OPEN_DATA_LICENCE_ADDRESS = "見本ライセンス", "https://example.org/licence"
    assert '<a href="https://example.org/licence" rel="license">見本ライセンス</a>' in page("/en/open-data/")
