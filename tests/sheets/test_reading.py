"""Sheets as people really send them: what is found, which row it is, and in which sentence the rest is refused."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.utils import translation

from clair_portal.sheets import cells
from clair_portal.sheets.reading import Fault, Field, Table, Unreadable, read

pytestmark = pytest.mark.django_db  # days of eras are data
MESSY = Path(__file__).parent / "messy"
PEOPLE = [
    Field("key", "Key", cells.code, names=("番号", "職員番号"), filled=True, once=True),
    Field("name", "Name", cells.at_most(20), names=("氏名",), filled=True),
    Field("since", "Since", cells.day, names=("着任日",), computed=True),
    Field("note", "Remarks for the office", cells.text, names=("備考",), needed=False),
]


def of_file(name: str, fields: list[Field]) -> Table:
    return read(name, (MESSY / name).read_bytes(), fields)


def workbook(write: Callable[[Any, Any], None], **options: Any) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        write(book, book.add_worksheet("職員"))
    return out.getvalue()


def grid(rows: list[list[Any]], at: tuple[int, int] = (0, 0), **options: Any) -> bytes:
    def write(book: Any, page: Any) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows, at[0]):
            for place, cell in enumerate(row, at[1]):
                if isinstance(cell, dt.date):
                    page.write_datetime(number, place, cell, day)
                else:
                    page.write(number, place, cell)

    return workbook(write, **options)


def values(table: Table) -> list[dict[str, Any]]:
    return [row.values for row in table.rows()]


def faults(table: Table) -> list[Fault]:
    return [fault for row in table.rows() for fault in row.faults]


def refusal(content: bytes, name: str = "people.xlsx", fields: list[Field] = PEOPLE, **options: Any) -> str:
    with pytest.raises(Unreadable) as refused, translation.override("en"):
        list(read(name, content, fields, **options).rows())
    return str(refused.value)


# --- Files of municipalities and ministries -----------------------------------------------------------------------------
def test_table_that_starts_at_b2_with_sections_and_merged_headings() -> None:
    table = of_file(
        "kobe_UDseibisisetu.xlsx",
        [
            Field("number", "番号", cells.whole, filled=True, once=True),
            Field("mark", "施設名"),
            Field("name", "施設名 2", filled=True),
            Field("place", "所在地"),
            Field("north", "緯度", cells.number),
        ],
    )
    rows = list(table.rows())
    assert (table.sheet, table.head.first, table.head.last, table.head.places["number"]) == ("Sheet1", 3, 3, 1)
    assert (len(rows), [row.faults for row in rows if row.faults]) == (92, [])
    assert table.asides == [(4, "都心地域"), (28, "都心地域外"), (68, "公共交通機関")]
    assert (rows[3].number, rows[3].section) == (8, "都心地域")
    assert rows[3].values == {
        "number": 4, "mark": "◎", "name": "神戸市役所本庁舎 危機管理センター", "place": "神戸市中央区江戸町97-1",
        "north": Decimal("34.689779"),
    }  # fmt: skip
    assert (rows[-1].number, rows[-1].section, rows[-1].values["name"]) == (
        98,
        "公共交通機関",
        "地下鉄海岸線 御崎公園駅",
    )
    assert table.ignored == ["公共・民間", "新設・改修", "経度"]


def test_old_xls_with_a_heading_in_two_rows_and_two_languages() -> None:
    table = of_file(
        "kobe_jinkou2712.xls",
        [
            Field("year", "年月", names=("年月 Year and Month",)),
            Field("area", "面積", cells.number, filled=True),
            Field("households", "Households", cells.whole, filled=True),
            Field("total", "人口 総数", cells.whole, names=("総数 Total",)),
            Field("men", "人口Population 男 Males", cells.whole),
        ],
    )
    rows = list(table.rows())
    assert (table.head.first, table.head.last) == (8, 9)
    assert (rows[0].number, rows[0].values) == (
        10,
        {"year": "平成23年 a)b)", "area": Decimal("552.83"), "households": 689604, "total": 1544496, "men": 730314},
    )
    assert table.asides[0] == (33, "《 人 口 動 態 Population Change 》")  # the second table on the sheet
    assert rows[len([row for row in rows if row.number < 33])].faults[0].cell == "D34"


def test_table_below_a_table_of_codes() -> None:
    table = of_file(
        "kobe_garbage_pt.xlsx",
        [
            Field("item", "品目", filled=True),
            Field("portuguese", "Itens", filled=True),
            Field("class", "Classificação de lixo", cells.whole),
        ],
    )
    rows = list(table.rows())
    assert (table.head.last, len(rows)) == (10, 498)
    assert rows[2].values == {"item": "脱酸素剤", "portuguese": "Absorvedores de oxigênio", "class": 6}
    with translation.override("en"):
        assert [(fault.cell, fault.text) for fault in faults(table)] == [
            ("G79", "“－” is not a number."), ("B508", "This must not stay empty."),
        ]  # fmt: skip


def test_shift_jis_with_apostrophes_before_codes() -> None:
    fields = [
        Field("name", "名称", filled=True), Field("post", "郵便番号", cells.code), Field("kind", "カテゴリ", cells.code),
        Field("telephone", "電話番号", cells.code), Field("about", "説明文", cells.text),
    ]  # fmt: skip
    rows = list(of_file("kobe_tourism_od2810.csv", fields).rows())
    assert len(rows) == 103
    assert [rows[0].values[key] for key in ("name", "post", "kind", "telephone")] == [
        "香りの家オランダ館(旧ヴォルヒン邸、伝統的建造物)", "6500002", "2401", "078-261-3330",
    ]  # fmt: skip
    assert "8〜11世紀" in rows[1].values["about"]  # Windows has it as ～


def test_utf8_with_a_line_break_in_a_heading() -> None:
    fields = [
        Field("number", "ロケ地ID", cells.whole, once=True), Field("name", "ロケ地名"), Field("post", "郵便番号", cells.code)
    ]  # fmt: skip
    table = of_file("kobe_filming_location.csv", fields)
    rows = list(table.rows())
    assert (len(rows), rows[0].values) == (88, {"number": 22, "name": "萌黄の館（北野町）", "post": "650-0002"})
    assert "ロケ地名（よみ）" in table.ignored


def test_quoted_codes_keep_their_zeros() -> None:
    fields = [Field("code", "cat03_code", cells.code), Field("nation", "国籍"), Field("people", "value", cells.whole)]
    rows = list(of_file("estat_FEH_00250012_head400.csv", fields).rows())
    assert (len(rows), rows[0].values) == (399, {"code": "000", "nation": "総数", "people": 2078508})


def test_heading_merged_over_two_rows_on_one_of_several_sheets() -> None:
    """As in the tables of foreign residents of the Immigration Services Agency: charts first, sheet names with a space."""

    def write(book: Any, page: Any) -> None:
        page.write("A1", "【第３表】 在留資格別")
        table = book.add_worksheet("第４表 ")
        table.write("A1", "【第４表】\u3000都道府県別\u3000在留外国人数の推移")
        table.merge_range("B2:B3", "都道府県")
        table.merge_range("C2:C3", "令和６年末\n（2024年末）")
        table.merge_range("D2:F2", "令和７年６月末")
        for place, words in enumerate(["人数", "構成比\n（％）", "増減率"], 3):
            table.write(2, place, words)
        for number, row in enumerate(
            [["北海道", 67484, 69620, 1.7, 3.2], ["青森県", 8603, "８，９４９", 0.2, "△4.0"]], 3
        ):
            table.write_row(number, 1, row)

    fields = [
        Field("prefecture", "都道府県", filled=True), Field("before", "令和6年末(2024年末)", cells.whole),
        Field("now", "令和7年6月末 人数", cells.whole), Field("share", "構成比（％）", cells.number),
        Field("growth", "増減率", cells.number),
    ]  # fmt: skip
    table = read("moj.xlsx", workbook(write), fields)
    assert (table.sheet, table.head.first, table.head.last) == ("第４表 ", 2, 3)
    assert values(table) == [
        {"prefecture": "北海道", "before": 67484, "now": 69620, "share": Decimal("1.7"), "growth": Decimal("3.2")},
        {"prefecture": "青森県", "before": 8603, "now": 8949, "share": Decimal("0.2"), "growth": Decimal("-4.0")},
    ]


# --- Habits -------------------------------------------------------------------------------------------------------------
def test_full_width_digits_half_width_kana_and_days_of_eras() -> None:
    rows = [
        ["職員番号", "氏名", "着任日", "備考"],
        ["'０１２", "ﾔﾏﾀﾞ ﾊﾅｺ", "令和９年４月１日", "ｶﾞｲｺｸ①\n㈱"],
        [13.0, " 高橋\u3000一 ", "R9.4.1", ""],
        ["１４", "Ō", dt.date(2027, 4, 1), None],
        *[["", "", "", ""]] * 3000,
    ]
    assert values(read("people.xlsx", grid(rows), PEOPLE)) == [
        {"key": "012", "name": "ヤマダ ハナコ", "since": dt.date(2027, 4, 1), "note": "ガイコク①\n㈱"},
        {"key": "13", "name": "高橋 一", "since": dt.date(2027, 4, 1), "note": None},
        {"key": "14", "name": "Ō", "since": dt.date(2027, 4, 1), "note": None},
    ]


def test_row_numbers_are_those_of_the_spreadsheet_wherever_the_table_stands() -> None:
    table = read("people.xlsx", grid([["Key", "Name", "Since"], ["1", "A"], [], ["2", ""]], at=(7, 3)), PEOPLE)
    assert [(row.number, row.values["key"]) for row in table.rows()] == [(9, "1"), (11, "2")]
    assert [(fault.row, fault.cell) for fault in faults(table)] == [(11, "E11")]


def test_cell_merged_over_rows_holds_for_each_of_them() -> None:
    def write(book: Any, page: Any) -> None:
        for number, row in enumerate(
            [["Key", "Name", "Since"], ["1", "A", ""], ["2", "B", ""], ["3", "C", "2027-05-01"]]
        ):
            page.write_row(number, 0, row)
        page.merge_range("C2:C3", "2027-04-01")

    assert [row["since"] for row in values(read("people.xlsx", workbook(write), PEOPLE))] == [
        dt.date(2027, 4, 1), dt.date(2027, 4, 1), dt.date(2027, 5, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(("mark", "encoding"), [(",", "utf-8-sig"), (";", "utf-8"), ("\t", "cp932")])
def test_csv_of_any_country_is_read(mark: str, encoding: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows([["番号", "氏名", "着任日"], ["001", "見本, 一", "R9.4.1"]])
    assert values(read("people.csv", out.getvalue().encode(encoding), PEOPLE)) == [
        {"key": "001", "name": "見本, 一", "since": dt.date(2027, 4, 1), "note": None}
    ]


# --- What is wrong is named -----------------------------------------------------------------------------------------------
def test_formula_key_twice_and_wrong_day_are_named_with_their_cell() -> None:
    def write(book: Any, page: Any) -> None:
        page.write_row(0, 0, ["Key", "Name", "Since"])
        page.write("A2", "1")
        page.write_formula("B2", '=HYPERLINK("http://evil.example")', value="見本")
        page.write_formula("C2", "=TODAY()", value="2027-04-01")
        page.write_row(2, 0, ["1", "A", "4/1/27"])
        page.write_row(3, 0, ["2", "A" * 21, "令和9年2月30日"])

    table = read("people.xlsx", workbook(write), PEOPLE)
    with translation.override("en"):
        found = [(fault.cell, fault.column, fault.text) for fault in faults(table)]
    assert found == [
        ("B2", "Name", "A formula stands here. Replace it by its value (copy, then paste as values)."),
        ("A3", "Key", "The same stands in row 2 already. Leave one of the two rows."),
        (
            "C3",
            "Since",
            "The year “4” is not clear. Write four digits (2026-11-22) or the era (令和8年11月22日, R8.11.22).",
        ),
        ("B4", "Name", "21 characters stand here; at most 20 fit."),
        ("C4", "Since", "There is no day 30 in month 2 of 2027. Check the day and the month."),
    ]


def test_formula_in_csv_is_named_and_an_apostrophe_of_ours_taken_off() -> None:
    table = read("people.csv", b"Key,Name,Since\r\n1,=1+1,\r\n2,'=1+1,\r\n3,''=x,\r\n", PEOPLE)
    assert [(row.values["name"], [fault.cell for fault in row.faults]) for row in table.rows()] == [
        (None, ["B2"]), ("=1+1", []), ("'=x", []),
    ]  # fmt: skip


def test_refusals_of_a_whole_file_say_what_to_do() -> None:
    heads, row = ["Key", "Name", "Since"], ["1", "A", "2027-04-01"]
    assert refusal(b"hello") == "The file could not be read. Save it as .xlsx or .csv and send it again."
    assert refusal(b"Key,Name\r\n1,\x81\xff\r\n", "people.csv") == (
        "The text is neither UTF-8 nor Shift JIS. Save the sheet again as UTF-8."
    )
    assert refusal(grid([["a", "b"], ["1", "2"]])) == (
        "No row of headings was found. It must name at least: Key, Name, Since."
    )
    assert refusal(grid([heads])) == "There are no rows below the headings."
    assert refusal(grid([heads, row, [], heads, row])) == (
        "Row 1 and row 4 of the sheet “職員” both look like the headings. Leave one table in the sheet."
    )
    assert refusal(grid([heads, *[[str(n), "A", ""] for n in range(150)], heads])) == (
        "Row 1 and row 152 of the sheet “職員” both look like the headings. Leave one table in the sheet."
    )
    assert refusal(grid([["Key", "Name", "Sinse"], row])) == (
        "The headings in row 1 lack: Since. Column C is called “Sinse”. If it is “Since”, give it that name again."
    )
    assert refusal(grid([[*heads, "Remarks for office"], [*row, "x"]])) == (
        "Column D is called “Remarks for office”. If it is “Remarks for the office”, give it that name again."
    )
    assert refusal(grid([["Key", "Name", "Name", "Since"], row])) == (
        "The columns B and C both have the heading “Name”. Leave one of them."
    )
    assert refusal(grid([heads, row, ["2", "B"], ["3", "C"]]), most=2) == (
        "The sheet has 3 rows; at most 2 can be read at once. Split it into several files."
    )


def test_two_sheets_with_the_same_table_are_refused_and_hidden_ones_not_looked_at() -> None:
    def write(book: Any, page: Any) -> None:
        for each in (page, book.add_worksheet("前年度")):
            each.write_row(0, 0, ["Key", "Name", "Since"])
            each.write_row(1, 0, ["1", "A"])
        if hide:
            each.hide()

    hide = False
    assert refusal(workbook(write)) == (
        "The sheets “職員” and “前年度” both hold a table with these headings. Leave one of them in the file."
    )
    hide = True
    assert read("people.xlsx", workbook(write), PEOPLE).sheet == "職員"


def test_file_with_a_password_is_named_as_such() -> None:
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    assert refusal(encrypted) == "The file is protected by a password. Remove the password and send it again."


def test_seventy_thousand_rows_are_refused_with_their_number() -> None:
    content = "Key,Name,Since\r\n" + "".join(f"{n},A,\r\n" for n in range(70_000))
    assert refusal(content.encode(), "people.csv") == (
        "The sheet has 70,000 rows; at most 65,000 can be read at once. Split it into several files."
    )


# --- Cells --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("parser", "cell", "value"),
    [
        (cells.whole, "１，２３４", 1234), (cells.whole, "", None), (cells.number, "▲5.5", Decimal("-5.5")),
        (cells.code, 6500002.0, "6500002"), (cells.code, "’１".replace("’", "'"), "1"), (cells.line, "a\n b", "a b"),
        (cells.some_of({"文化": "culture", "Sport": "sport"}), "ｓｐｏｒｔ、文化", ["sport", "culture"]),
        (cells.one_of({"Yes": True, "はい": True}), " YES ", True),
    ],
)  # fmt: skip
def test_cells_are_read_as_they_are_meant(parser: cells.Parser, cell: Any, value: Any) -> None:
    assert parser(cell) == value


@pytest.mark.parametrize(
    ("parser", "cell", "sentence"),
    [
        (cells.whole, "1.5", "“1.5” is not a whole number."),
        (cells.whole, "1E999999999", "“1E999999999” is not a whole number."),
        (
            cells.day,
            dt.date(9999, 12, 31),
            "The year 9999 lies too far ahead. Check it; the last possible year is 2199.",
        ),
        (cells.number, "…", "“…” is not a number."),
        (cells.line, "#REF!", "The cell shows the error #REF!. Write what is meant."),
        (
            cells.one_of({"Culture": 1, "Sports": 2}),
            "Sprots",
            "“Sprots” is not one of the choices here. Known are, for example: Sports.",
        ),
    ],
)
def test_cells_that_cannot_be_read_say_why(parser: cells.Parser, cell: Any, sentence: str) -> None:
    with pytest.raises(ValueError) as refused, translation.override("en"):
        parser(cell)
    assert str(refused.value) == sentence


def test_what_a_program_writes_otherwise_is_no_change() -> None:
    assert cells.same("10〜12 −1", "10～12 －1")
    assert cells.same("ｶﾞ", "ガ ")
    assert cells.same(None, "")
    assert not cells.same("a", "b")
