"""Readings on whole pages: corrected by an editor, and asked for once a page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clair_portal.audit.models import Entry
from clair_portal.furigana.models import Reading
from clair_portal.publishing.models import Change
from clair_portal.publishing.tree.families import FAMILIES, versions
from tests.pages.test_public_pages import Browse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def readings_on(settings: Any) -> None:
    settings.READINGS = True


def correct(browse: Browse, who: str = "hq_approver", **fields: str) -> Any:
    return browse(who).post("/desk/readings/", {"source": "電話で確認", **fields})


def test_an_editor_corrects_a_reading_and_the_page_shows_it(browse: Browse, cast: SimpleNamespace) -> None:
    assert "<ruby>支部<rp>(</rp><rt>しぶ</rt><rp>)</rp></ruby>" in browse(None).get("/ja/branches/").content.decode()
    assert correct(browse, text="支部", reading="シブウ").status_code == 302
    page = browse(None).get("/ja/branches/").content.decode()
    assert "<ruby>支部<rp>(</rp><rt>しぶう</rt><rp>)</rp></ruby>" in page
    assert "<rt>しぶ</rt>" not in page
    [row] = Reading.objects.all()
    assert (row.text, row.reading, row.source) == ("支部", "しぶう", "電話で確認")
    assert row.who["ja"]
    assert Entry.objects.filter(event="furigana.reading.set", params__text="支部").count() == 1


def test_a_correction_is_taken_back(browse: Browse, cast: SimpleNamespace) -> None:
    correct(browse, text="支部", reading="しぶう")
    row = Reading.objects.get()
    assert browse("hq_approver").post(f"/desk/readings/{row.pk}/remove/").status_code == 302
    assert "<rt>しぶう</rt>" not in browse(None).get("/ja/branches/").content.decode()
    assert Entry.objects.filter(event="furigana.reading.removed").count() == 1


def test_a_second_correction_replaces_the_first(browse: Browse, cast: SimpleNamespace) -> None:
    correct(browse, text="支部", reading="しぶう")
    correct(browse, text="支部", reading="しぶ")
    assert list(Reading.objects.values_list("text", "reading")) == [("支部", "しぶ")]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": "しぶ", "reading": "しぶ"}, "漢字を含む言葉を1つ"),
        ({"text": "支部<b>", "reading": "しぶ"}, "漢字を含む言葉を1つ"),
        ({"text": "支部", "reading": "shibu"}, "読みは、ひらがなかカタカナで書いてください。"),
    ],
)
def test_what_cannot_be_a_reading_is_refused_and_kept_in_the_form(
    browse: Browse, cast: SimpleNamespace, fields: dict[str, str], said: str
) -> None:
    answer = correct(browse, **fields)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert f'value="{fields["reading"]}"' in answer.content.decode()
    assert not Reading.objects.exists()


def test_only_those_who_release_publications_correct_readings(browse: Browse, cast: SimpleNamespace) -> None:
    for who in ("otaru", "london"):
        assert correct(browse, who, text="支部", reading="しぶう").status_code == 403
    assert not Reading.objects.exists()


def test_an_editor_tries_a_text(browse: Browse, cast: SimpleNamespace) -> None:
    page = browse("hq_approver").get("/desk/readings/", {"q": "<b>避難所"}).content.decode()
    assert "&lt;b&gt;<ruby>避難所<rp>(</rp><rt>ひなんじょ</rt><rp>)</rp></ruby>" in page


def test_every_japanese_page_follows_a_correction_and_no_other(browse: Browse, cast: SimpleNamespace) -> None:
    family = next(iter(FAMILIES.values()))
    reads = {
        each.language: "furigana_reading" in each.reads for each in versions(family, next(iter(family.addresses())))
    }
    assert [language for language, follows in reads.items() if follows] == ["ja", "ja-simple"]
    Change.objects.all().delete()
    correct(browse, text="支部", reading="しぶう")
    assert "furigana_reading" in Change.objects.values_list("key", flat=True)


def test_readings_cost_one_question_a_page(browse: Browse, cast: SimpleNamespace) -> None:
    with CaptureQueriesContext(connection) as caught:
        page = browse(None).get("/ja/branches/")
    assert page.status_code == 200
    assert sum("furigana_reading" in query["sql"] for query in caught) == 1
    with CaptureQueriesContext(connection) as caught:
        browse(None).get("/en/branches/")
    assert sum("furigana_reading" in query["sql"] for query in caught) == 0


def test_errors_speak_with_readings_too(browse: Browse, cast: SimpleNamespace) -> None:
    page = browse(None).get("/ja/nowhere/")
    assert page.status_code == 404
    assert "<rt>" in page.content.decode()
