"""Readings on whole pages: corrected by an editor, and asked for once a page."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clair_portal.audit.models import Entry
from clair_portal.furigana.models import Reading
from clair_portal.publishing.models import Change
from clair_portal.publishing.tree.families import FAMILIES, Address, Family, versions
from clair_portal.search import extraction
from tests.conftest import COUNTED
from tests.pages.test_public_pages import Browse, publish, stories

assert stories  # a fixture

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


def test_readings_come_with_the_scope_of_a_japanese_page_and_cost_no_question(
    browse: Browse, cast: SimpleNamespace
) -> None:
    for language, told in (("ja", 1), ("en", 0)):
        with CaptureQueriesContext(connection) as caught:
            assert browse(None).get(f"/{language}/branches/").status_code == 200
        asked = [query["sql"] for query in caught if "furigana" in query["sql"]]
        assert len(asked) == told
        assert all("set_config('role'" in sql and sql.endswith("furigana_corrections()") for sql in asked)


def test_errors_speak_with_readings_too(browse: Browse, cast: SimpleNamespace) -> None:
    page = browse(None).get("/ja/nowhere/")
    assert page.status_code == 404
    assert "<rt>" in page.content.decode()


class Uncovered(HTMLParser):
    """Runs of kanji a reader sees, with and without a reading."""

    SILENT = frozenset(("title", "script", "style", "textarea", "option", "svg", "rt", "rp"))
    VOID = frozenset(
        ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr", "path", "circle", "use")
    )

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.covered, self.left = 0, []  # type: ignore[var-annotated]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.VOID:
            return
        language = dict(attrs).get("lang") or "ja"
        silent = tag in self.SILENT or not language.startswith("ja") or (bool(self.open) and self.open[-1][1])
        self.open.append((tag, silent))
        self.covered += tag == "ruby" and not silent

    def handle_endtag(self, tag: str) -> None:
        while any(tag == each for each, _silent in self.open):
            if self.open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if self.open and not self.open[-1][1] and "ruby" not in [tag for tag, _silent in self.open]:
            self.left += re.findall(r"[㐀-鿿々]+", data)


def test_at_least_99_in_100_words_with_kanji_carry_a_reading_on_every_kind_of_page(
    browse: Browse, stories: SimpleNamespace, record_property: Any
) -> None:
    pages = [each for family in FAMILIES.values() if family.in_languages for each in a_few(family)]
    covered, left = 0, []
    for path in [each.path for each in pages if each.language == "ja"] + ["/ja/forms/display/"]:
        page = browse(None).get(path)
        if page.status_code == 200 and page["Content-Type"].startswith("text/html"):
            seen = Uncovered()
            seen.feed(page.content.decode())
            covered, left = covered + seen.covered, left + seen.left
    assert covered > 2_000
    assert covered / (covered + len(left)) >= 0.99, sorted(set(left))
    record_property(COUNTED, f"{covered} words with kanji carry a reading, {len(left)} do not")


def a_few(family: Family) -> list[Address]:
    return [each for kwargs in itertools.islice(family.addresses(), 3) for each in versions(family, kwargs)]


def test_a_page_with_readings_is_searched_by_kanji_and_by_kana(browse: Browse, cast: SimpleNamespace) -> None:
    found = extraction.read(browse(None).get("/ja/branches/").content.decode())
    assert "国内の支部" in f"{found.title} {found.text}"
    assert "しぶ" not in found.text
    assert ("支部", "しぶ") in found.readings


def test_marks_are_taken_out_of_files_and_of_pages_in_other_languages(browse: Browse, stories: SimpleNamespace) -> None:
    publish(
        "marked", office=stories.places["london"], title_ja="{東雲|しののめ}の港", summary_ja="{東雲|しののめ}です。"
    )
    assert "<ruby>東雲<rp>(</rp><rt>しののめ</rt><rp>)</rp></ruby>" in browse(None).get("/ja/stories/").content.decode()
    for place in ("/ja/feed.atom", "/en/stories/", "/ja/stories/marked/", "/vi/stories/marked/"):
        page = browse(None).get(place).content.decode()
        assert "東雲" in page, place
        assert "{東雲|" not in page, place
