"""What is printed is what was given: read back from the PDF."""

from __future__ import annotations

import datetime as dt
import io
import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from clair_portal.reports import blocks, pdf
from tests.cast import NOW

pytestmark = pytest.mark.django_db
ZERO_WIDTH = "\u200b"


def printed(*content: blocks.Block, language: str = "ja", title: str = "見出し", **data: Any) -> PdfReader:
    made = pdf.render("document", {"title": title, "blocks": content, **data}, language=language, made_at=NOW)
    return PdfReader(io.BytesIO(made))


def words(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages).replace(ZERO_WIDTH, "")


def test_japanese_document_says_who_when_and_which_page() -> None:
    reader = printed(
        blocks.heading("経緯"),
        blocks.facts([("依頼元", "小樽市"), ("用務", "姉妹都市の訪問")]),
        blocks.timeline(
            [blocks.TimelineEntry("令和8年11月24日 10:00", "森下 拓", "本部へ回付しました。", "お願いします。")]
        ),
        letterhead={"to": "北海道 御中", "from": ["自治体国際化協会", "東京本部"]},
        subtitle="小樽市 → 北海道",
    )
    text = words(reader)
    for part in (
        "見出し", "小樽市 → 北海道", "北海道 御中", "東京本部", "経緯", "依頼元", "姉妹都市の訪問", "森下 拓",
        "本部へ回付しました。", "お願いします。", "令和8年11月24日作成", "1/1ページ",
    ):  # fmt: skip
        assert part in text, part


def test_english_document_has_english_words_in_its_frame() -> None:
    text = words(printed(blocks.text("Dear colleagues"), language="en", title="Case 2026-0042"))
    assert "Made on 24 November 2026" in text
    assert "Page 1 of 1" in text


def test_title_and_language_are_told_to_screen_readers() -> None:
    reader = printed(blocks.text("本文"), title="案件 2026-0042")
    root: Any = reader.trailer["/Root"]
    assert reader.metadata
    assert reader.metadata.title == "案件 2026-0042"
    assert root["/Lang"] == "ja-JP"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - an object of its own
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_headings_become_the_outline() -> None:
    outline = printed(blocks.heading("依頼"), blocks.heading("書類", 2), blocks.heading("経緯")).outline
    assert [item["/Title"] for item in outline if not isinstance(item, list)] == ["依頼", "経緯"]


def test_head_of_a_table_is_repeated_and_totals_stand_once_at_the_end() -> None:
    columns = [blocks.Column("国", 2), blocks.Column("件数", number=True)]
    rows = [(f"国{number}", number) for number in range(120)]
    reader = printed(blocks.table(columns, rows, foot=[("計", 7140)], caption="表1"))
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) >= 3
    assert all("件数" in page for page in pages)
    assert ["7140" in page for page in pages] == [False] * (len(pages) - 1) + [True]


def test_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 columns, but a row has 3 cells"):
        blocks.table([blocks.Column("a"), blocks.Column("b")], [("1", "2", "3")])


def test_sample_is_marked_on_every_page() -> None:
    reader = printed(*[blocks.text("本文"), blocks.new_page()] * 3, sample=True)
    assert all("見本" in page.extract_text() for page in reader.pages)
    assert "見本" not in words(printed(blocks.text("本文")))


def test_line_at_the_top_begins_on_the_second_page() -> None:
    reader = printed(blocks.text("一"), blocks.new_page(), blocks.text("二"), running="案件 2026-0042")
    assert ["案件 2026-0042" in page.extract_text() for page in reader.pages] == [False, True]


def test_equal_data_give_equal_bytes_and_another_day_gives_others() -> None:
    data = {"title": "見出し", "blocks": [blocks.text("本文")]}
    first = pdf.render("document", data, language="ja", made_at=NOW)
    pdf.render("document", {**data, "title": "別"}, language="en", made_at=NOW)
    assert pdf.render("document", data, language="ja", made_at=NOW) == first
    assert pdf.render("document", data, language="ja", made_at=NOW + dt.timedelta(days=1)) != first


@pytest.mark.parametrize(
    "hostile",
    [
        "#panic()",
        '#import "x"',
        "\\u{1F}",
        "]",
        "[",
        "*bold*",
        "_it_",
        "$x$",
        "`raw`",
        "<label>",
        "@ref",
        "// no",
        "= head",
        '"',
        "%",
        "~",
    ],
)
def test_signs_of_the_template_language_are_only_text(hostile: str) -> None:
    everywhere = [
        blocks.heading(hostile), blocks.text(hostile), blocks.facts([(hostile, hostile)]), blocks.notice(hostile, title=hostile),
        blocks.timeline([blocks.TimelineEntry(hostile, hostile, hostile, hostile)]),
        blocks.table([blocks.Column(hostile)], [(hostile,)], foot=[(hostile,)], caption=hostile),
    ]  # fmt: skip
    text = words(printed(*everywhere, title=hostile, running=hostile, subtitle=hostile, language="en"))
    assert text.count(hostile) >= 15


def test_control_and_direction_characters_are_left_out() -> None:
    text = words(printed(blocks.text("甲\0乙\x1b丙\u202e丁\u2066戊\ufeff己")))
    assert "甲乙丙丁戊己" in text


def test_line_breaks_stay_as_typed() -> None:
    assert "一行目\n二行目" in words(printed(blocks.text("一行目\r\n二行目")))


def test_what_no_font_has_becomes_geta_and_is_named_at_the_end() -> None:
    text = words(printed(blocks.text("祝😀 ລ \ud800")))
    assert "祝〓 〓 〓" in text
    assert "U+1F600" in text
    assert "U+0EA5" in text
    assert "U+D800" in text


def test_signs_that_no_font_has_are_printed_in_a_plainer_form() -> None:
    assert "Ⅳ xii 1⁄3 ≈" in words(printed(blocks.text("Ⅳ ⅻ ⅓ ≒")))


def test_letters_typed_in_two_parts_and_variants_are_composed() -> None:
    assert "がé葛" in words(printed(blocks.text("か\u3099e\u0301葛\U000e0100")))


def test_long_runs_stay_inside_the_page() -> None:
    reader = printed(
        blocks.text("x" * 3000),
        blocks.table([blocks.Column("a", 1), blocks.Column("b", 1)], [("0f" * 32, "y" * 500)]),
        language="en",
    )
    right = 0.0

    def note(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        nonlocal right
        if text.strip():
            right = max(right, tm[4] * cm[0] + cm[4])

    for page in reader.pages:
        page.extract_text(visitor_text=note)
    assert 100 < right < 595
    assert words(reader).replace("\n", "").count("x" * 3000) == 1


def test_hyphens_can_be_searched_for_and_copied_although_words_are_divided() -> None:
    long = "internationalisation of municipalities, " * 40
    text = words(printed(blocks.text(f"{long} R8-0001 SHA-256 {long}"), language="en"))
    assert "\u00ad\n" in text
    assert "R8-0001 SHA-256" in text


def test_row_of_a_few_lines_stays_on_one_page_and_a_long_one_goes_on_overleaf() -> None:
    rows = [(f"{number}begin\n\n\n\n{number}end",) for number in range(60)]
    for page in printed(blocks.table([blocks.Column("x", 1)], rows)).pages:
        text = page.extract_text()
        assert text.count("begin") == text.count("end")
    assert len(printed(blocks.table([blocks.Column("x", 1)], [("長い文。" * 3000,)])).pages) > 2


def test_five_hundred_pages_of_text_are_printed_whole() -> None:
    paragraphs = "\n\n".join(f"第{number}項 " + "日本語の文章を長く書きます。" * 60 for number in range(1500))
    reader = printed(blocks.text(paragraphs))
    assert len(reader.pages) > 400
    assert "第1499項" in "".join(page.extract_text() for page in reader.pages[-3:])
    assert f"{len(reader.pages)}/{len(reader.pages)}ページ" in reader.pages[-1].extract_text()


def test_picture_without_a_sentence_is_refused() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="9" height="9"/></svg>'
    assert len(printed(blocks.picture(svg, "棒が一本")).pages) == 1
    with pytest.raises(pdf.NotPrintable):
        printed({"kind": "picture", "svg": svg, "alt": None})


def test_unknown_template_and_broken_data_are_named() -> None:
    with pytest.raises(pdf.NotPrintable, match="nothing"):
        pdf.render("nothing", {"title": "x"}, language="ja", made_at=NOW)
    with pytest.raises(pdf.NotPrintable, match="document"):
        printed({"kind": "unheard"})


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.text(alphabet=string.printable, max_size=60))
def test_any_text_can_be_printed(anything: str, ascii_text: str) -> None:
    content = [blocks.heading(anything), blocks.facts([(ascii_text, anything)]), blocks.text(anything)]
    assert pdf.render("document", {"title": anything, "blocks": content}, language="en", made_at=NOW)[:5] == b"%PDF-"
