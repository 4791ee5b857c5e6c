"""A translation as a sheet: what comes back is compared, shown, and taken over only as far as it fits."""

from __future__ import annotations

import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clair_portal.publishing.content import services
from clair_portal.publishing.models import Translation
from tests.conftest import WebClient
from tests.publishing.content import along

Browse = Callable[..., WebClient]
HEAD = 5  # row of the headings


@pytest.fixture
def spring(cast: SimpleNamespace) -> Translation:
    along.linguists(cast, london="translate", newyork="review")
    along.linguists(cast, "my", london="translate")
    return along.translated(cast, along.item(cast))


def at(translation: Translation, rest: str = "") -> str:
    return f"/desk/translations/{translation.item_id}/{translation.language}/{rest}"


def book_of(browse: Browse, translation: Translation) -> Any:
    return openpyxl.load_workbook(io.BytesIO(browse("london").post(at(translation, "sheet/")).content))


def send(browse: Browse, translation: Translation, book: Any) -> Any:
    out = io.BytesIO()
    book.save(out)
    return browse("london").post(
        at(translation, "sheet/send/"), {"sheet": SimpleUploadedFile("back.xlsx", out.getvalue())}
    )


def kept(page: Any) -> str:
    return str(page.content.decode().split('name="kept" value="')[1].split('"')[0])


def put(book: Any, source: str, text: str) -> None:
    """The translation column of the row of a sentence."""
    sheet = book.worksheets[0]
    row = next(row for row in sheet.iter_rows(min_row=HEAD + 1) if row[2].value == source)
    row[5].value = text


def test_the_sheet_holds_source_translation_and_what_the_source_was(
    cast: SimpleNamespace, browse: Browse, spring: Translation
) -> None:
    along.edit(cast, spring.item, along.BODY.replace("20名", "30名"))
    rows = [[cell.value for cell in row] for row in book_of(browse, spring).worksheets[0].iter_rows(min_row=HEAD)]
    assert rows[0] == ["キー", "種別", "原文", "翻訳した時の原文", "状態", "翻訳", "メモ", "行の照合記号"]
    assert rows[4][1:6] == ["段落", "定員は30名です。", "定員は20名です。", "古い版の訳", "There are 20 places."]
    assert len(rows) == 10


def test_what_is_changed_is_shown_first_and_taken_over_after_confirmation(browse: Browse, spring: Translation) -> None:
    book = book_of(browse, spring)
    put(book, "費用は無料です。", "It is free of charge.")
    shown = send(browse, spring, book)
    assert shown.status_code == 200
    assert '<ins lang="en">It is free of charge.</ins>' in shown.content.decode()
    assert "まだ何も変わっていません。" in shown.content.decode()
    assert "It costs nothing." in [row.text for row in spring.sentences.all()]
    taken = browse("london").post(at(spring, "sheet/take/"), {"kept": kept(shown), "machine": "1"})
    assert taken.status_code == 302
    row = spring.sentences.get(text="It is free of charge.")
    assert (row.version, row.machine, row.source_text) == (2, True, "費用は無料です。")


def test_a_note_in_a_sheet_of_machine_translation_marks_no_sentence_and_terms_are_read_once(
    browse: Browse, spring: Translation
) -> None:
    book = book_of(browse, spring)
    for source in ("費用は無料です。", "申込書", "計画書"):
        put(book, source, f"New: {source}")
    sheet = book.worksheets[0]
    row = next(row for row in sheet.iter_rows(min_row=HEAD + 1) if row[2].value == "定員は20名です。")
    row[6].value = "Is it sure?"
    shown = send(browse, spring, book)
    with CaptureQueriesContext(connection) as caught:
        sent = {"kept": kept(shown), "machine": "1", "warnings": "1"}
        assert browse("london").post(at(spring, "sheet/take/"), sent).status_code == 302
    asked = [each["sql"] for each in caught if each["sql"].startswith("SELECT") and '"publishing_term"' in each["sql"]]
    assert len(asked) == 2  # once to compare again, once to save
    noted = spring.sentences.get(note="Is it sure?")
    assert (noted.text, noted.machine, noted.version) == ("There are 20 places.", False, 2)
    assert spring.sentences.filter(machine=True).count() == 3


def test_a_sheet_of_an_older_version_says_so_and_gives_what_still_fits(
    cast: SimpleNamespace, browse: Browse, spring: Translation
) -> None:
    book = book_of(browse, spring)
    put(book, "定員は20名です。", "20 people.")
    put(book, "費用は無料です。", "It is free.")
    along.edit(cast, spring.item, along.BODY.replace("20名", "30名"))
    shown = send(browse, spring, book)
    assert (
        "このシートは原文の第1版のものです。最新は第2版です。今も当てはまる文:1、当てはまらない文:1"
        in shown.content.decode()
    )
    refused = browse("london").post(at(spring, "sheet/take/"), {"kept": kept(shown)})
    assert refused.status_code == 422
    assert "今も当てはまるものだけを取り込むことを確かめて、印を付けてください。" in refused.content.decode()
    assert browse("london").post(at(spring, "sheet/take/"), {"kept": kept(shown), "partly": "1"}).status_code == 302
    assert {"It is free.", "There are 20 places."} <= set(spring.sentences.values_list("text", flat=True))


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    cast: SimpleNamespace, browse: Browse, spring: Translation
) -> None:
    book = book_of(browse, spring)
    put(book, "費用は無料です。", "It is free.")
    source = services.sentences_of(spring.item)[6]
    along.say(cast, spring, source.key, "No fee.", "newyork")
    shown = send(browse, spring, book).content.decode()
    assert "シートを作った後に、ほかの人がこの文を「No fee.」に変えました。" in shown
    assert spring.sentences.get(key=source.key).text == "No fee."


def about(book: Any, name: str, value: str) -> None:
    for row in book["_portal"].iter_rows():
        if row[0].value == name:
            row[1].value = value


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("language", "tlh", "「tlh」はこのポータルの言語ではありません。言語は次のとおりです:ja, ja-simple, en,"),
        ("language", "my", "このシートはミャンマー語のものです。このページは英語のページです。"),
        ("item", "0", "このシートは別の文章「0」のものです。"),
        ("list", "cases", "これは翻訳のシートではありません。このページでシートを取り、それを送り返してください。"),
    ],
)  # fmt: skip
def test_a_sheet_of_something_else_is_refused(
    browse: Browse, spring: Translation, name: str, value: str, sentence: str
) -> None:
    book = book_of(browse, spring)
    about(book, name, value)
    answer = send(browse, spring, book)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_lost_placeholder_is_an_error_of_its_row(cast: SimpleNamespace, browse: Browse) -> None:
    along.linguists(cast, london="translate")
    found = along.begin(cast, along.item(cast, body="電話は{phone}です。"))
    book = book_of(browse, found)
    put(book, "電話は{phone}です。", "Call us.")
    shown = send(browse, found, book)
    assert shown.status_code == 422
    assert "1行に誤りがあります。何も変えていません。シートを直して、もう一度送ってください。" in shown.content.decode()
    assert "プレースホルダー{phone}がありません。" in shown.content.decode()
    assert 'name="kept"' not in shown.content.decode()


def test_a_made_up_confirmation_is_refused(browse: Browse, spring: Translation) -> None:
    answer = browse("london").post(at(spring, "sheet/take/"), {"kept": "x:y:z"})
    assert answer.status_code == 422
    assert "もう一度送ってください。" in answer.content.decode()
    assert all(row.version == 1 for row in spring.sentences.all())


def test_a_sheet_for_another_language_is_without_readings_and_fits_all_the_same(
    cast: SimpleNamespace, browse: Browse
) -> None:
    along.linguists(cast, london="translate")
    found = along.begin(cast, along.item(cast, body="{避難所|ひなんじょ}へ行く。"))
    book = book_of(browse, found)
    put(book, "避難所へ行く。", "Go to a shelter.")
    shown = send(browse, found, book).content.decode()
    assert '<ins lang="en">Go to a shelter.</ins>' in shown
    assert "ひなんじょ" not in shown


def test_a_text_of_a_machine_that_comes_back_in_a_sheet_is_marked_without_a_tick(
    cast: SimpleNamespace, browse: Browse, spring: Translation
) -> None:
    spring.sentences.filter(text="It costs nothing.").update(machine=True)
    other = along.translated(cast, along.item(cast, slug="other"))
    other.sentences.filter(text="It costs nothing.").delete()
    book = book_of(browse, other)
    put(book, "費用は無料です。", "It costs nothing.")
    shown = send(browse, other, book)
    assert browse("london").post(at(other, "sheet/take/"), {"kept": kept(shown)}).status_code == 302
    assert other.sentences.get(text="It costs nothing.").machine is True
