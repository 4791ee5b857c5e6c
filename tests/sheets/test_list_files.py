"""Every declared list as files: what the page shows is what the file holds, in all formats, and nothing in it is a formula."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re
import zipfile
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.storage import storages
from django.http import QueryDict
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from clair_portal.accounts.models import Invitation, Person
from clair_portal.calendars.eras import in_words
from clair_portal.casework.list_file import FORMATS
from clair_portal.casework.listing import LISTINGS, asked_of, lines_of
from clair_portal.casework.models import Case, Task
from clair_portal.contacts.models import Host
from clair_portal.network.models import Organisation
from clair_portal.outbox.handlers import do
from clair_portal.outbox.models import Job
from clair_portal.projects.models import Project
from clair_portal.publishing.models import Publication
from clair_portal.sheets.writing import Head, Paper, harmless, write_csv, write_xlsx
from clair_portal.walls.scope import acting
from offices.models import SharedResearch
from tests.casework.test_lists import some_cases
from tests.cast import NOW, reader
from tests.walls.scene import make_scene

Browse = Callable[..., Any]
EVIL = '=HYPERLINK("http://evil.example","open")'
READER = "hq_officer"
OTHERS = {"tasks": "otaru", "invitations": "otaru_administrator"}  # whom the lists hold something for
LISTS = (
    "cases", "hosts", "invitations", "organisations", "people", "projects", "publications", "research", "tasks",
)  # fmt: skip
FORMULAS = re.compile(rb"<f[ >]")


def who_reads(key: str) -> str:
    return OTHERS.get(key, READER)


def in_english(cast: SimpleNamespace, key: str = "") -> None:
    person = cast.people[who_reads(key)]
    person.language = "en"
    person.save()


def posted(browse: Browse, address: str, who: str = READER, **data: str) -> Any:
    response = browse(who).post(address, data)
    assert response.status_code == 200, response.content
    return response


def read_csv(content: bytes, encoding: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))


def read_xlsx(content: bytes) -> list[list[Any]]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return rows[4:-2]


def on_screen(cast: SimpleNamespace, listing: Any, query: str) -> tuple[list[str], list[list[str]]]:
    """Labels and texts of the page, in the order of the page."""
    actor = reader(cast, who_reads(listing.key))
    with translation.override("en"), timezone.override(actor.time_zone), acting(actor.scope):
        asked = asked_of(listing, QueryDict(query), actor)
        lines = lines_of(asked, asked.page().rows, timezone.now())
        labels = [str(column.label) for column in asked.columns]
        return labels, [[squeezed(re.sub(r"<[^>]+>", " ", str(cell.html))) for cell in line["cells"]] for line in lines]


def squeezed(text: str) -> str:
    return "".join(html.unescape(text).split())


def spellings(cell: Any) -> set[str]:
    """How a page may write what a workbook holds."""
    if isinstance(cell, dt.date):
        day = cell.date() if isinstance(cell, dt.datetime) else cell
        with translation.override("en"):
            return {day.isoformat(), squeezed(in_words(day)), squeezed(f"{day:%a} {day.day} {day:%b %Y}")}
    return {squeezed(str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell))}


def test_the_lists_of_the_portal_are_known() -> None:
    assert set(LISTINGS) == set(LISTS)


@pytest.mark.parametrize("key", LISTS)
@pytest.mark.parametrize("every_column", [False, True])
def test_files_of_a_list_hold_what_its_page_shows(
    cast: SimpleNamespace, browse: Browse, key: str, every_column: bool
) -> None:
    listing, who = LISTINGS[key], who_reads(key)
    make_scene(cast)
    in_english(cast, key)
    query = "columns=" + ",".join(column.key for column in listing.columns) if every_column else ""
    labels, lines = on_screen(cast, listing, query)
    assert lines
    page = browse(who).get(f"{listing.path}?{query}").content.decode()
    action = html.unescape(re.findall(r'action="([^"]*file/[^"]*)"', page)[0])
    rows = read_xlsx(posted(browse, action, who).content)
    columns = [
        column
        for column in listing.columns
        if str(column.label) in labels and (every_column or column.shown or column.head)
    ]
    assert [str(column.label) for column in columns] == labels
    owners = [place for place, column in enumerate(columns) for _each in column.sheet_columns()]
    with translation.override("en"):
        assert rows[0] == [str(each.label) for column in columns for each in column.sheet_columns()]
    assert len(rows) - 1 == len(lines)
    for row, line in zip(rows[1:], lines, strict=True):
        for place, cell in zip(owners, row, strict=True):
            assert any(words in line[place] for words in spellings(cell)), (labels[place], cell, line[place])
            assert cell != "" or owners.count(place) > 1 or line[place] == "", (labels[place], line[place])
    texts = read_csv(posted(browse, action, who, format="csv").content, "utf-8-sig")
    assert texts[0] == rows[0]
    for text, row in zip(texts[1:], rows[1:], strict=True):
        assert [plain(cell) for cell in text] == [plain(cell) for cell in row]


def plain(cell: Any) -> str:
    if isinstance(cell, dt.datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, float):
        return str(int(cell) if cell.is_integer() else cell)
    return str(cell).replace("\r\n", "\n")


@pytest.mark.parametrize("key", LISTS)
@pytest.mark.parametrize("kind", list(FORMATS))
def test_nothing_in_a_file_is_a_formula(cast: SimpleNamespace, browse: Browse, key: str, kind: str) -> None:
    make_scene(cast)
    in_english(cast, key)
    Case.objects.update(title=EVIL)
    Project.objects.update(title=EVIL)
    SharedResearch.objects.update(title=EVIL, summary="\t" + EVIL)
    Task.objects.update(title=EVIL)
    Host.objects.update(name=EVIL)
    Invitation.objects.update(name=EVIL)
    Organisation.objects.update(name_ja=EVIL, name_en=EVIL)
    Person.objects.update(name=EVIL, name_latin=EVIL)
    Publication.objects.update(title_ja=EVIL, title_en=EVIL)
    content = posted(browse, f"{LISTINGS[key].path}file/", who_reads(key), format=kind, anyway="1").content
    if FORMATS[kind].suffix == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            sheet, styles = book.read("xl/worksheets/sheet1.xml"), book.read("xl/styles.xml")
        assert EVIL in {cell for row in read_xlsx(content) for cell in row}  # letter by letter
        assert not FORMULAS.search(sheet)
        assert b'quotePrefix="1"' in styles
    else:
        rows = read_csv(content, FORMATS[kind].encoding)
        cells = [cell for row in rows[1:] for cell in row]
        assert "'" + EVIL in cells
        assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"), ("  =1+1", "'  =1+1"), ("＝1+1", "'＝1+1"), ("+81-3-5213-1730", "'+81-3-5213-1730"),
        ("-5", "'-5"), ("@SUM(1)", "'@SUM(1)"), ("\n=1", "'\n=1"), ("a=1", "a=1"), ("", ""), ("小樽市", "小樽市"),
    ],
)  # fmt: skip
def test_text_that_begins_like_a_formula_gets_an_apostrophe(text: str, expected: str) -> None:
    assert harmless(text) == expected


def test_numbers_below_zero_stay_numbers() -> None:
    out = io.BytesIO()
    write_csv(out, Paper("t", [Head("n"), Head("day")]), [[-5, dt.date(2026, 11, 25)]])
    assert out.getvalue() == b"\xef\xbb\xbfn,day\r\n-5,2026-11-25\r\n"


# --- Shift JIS ----------------------------------------------------------------------------------------------------------
def test_shift_jis_is_made_where_it_holds_everything(cast: SimpleNamespace, browse: Browse) -> None:
    in_english(cast)
    some_cases(cast, 1)
    Case.objects.update(title="①髙島屋〜﨑")
    response = posted(browse, "/desk/cases/file/?columns=case", format="cp932")
    assert response["Content-Type"] == "text/csv; charset=Shift_JIS"
    assert read_csv(response.content, "cp932")[1] == ["T-0000", "①髙島屋～﨑", "Otaru"]


def test_characters_shift_jis_lacks_are_named_before_the_file_is_made(cast: SimpleNamespace, browse: Browse) -> None:
    in_english(cast)
    some_cases(cast, 2)
    Case.objects.filter(title="0000").update(title="Besuch in Köln, 한국, é")
    page = posted(browse, "/desk/cases/file/?sort=case&columns=case", format="cp932").content.decode()
    assert "Characters it lacks: 4, in cells: 1." in page
    assert re.findall(r"<tr><td>(\d+)</td><td>([^<]*)</td><td>(.)</td></tr>", page) == [
        ("2", "Subject", "ö"), ("2", "Subject", "한"), ("2", "Subject", "국"), ("2", "Subject", "é"),
    ]  # fmt: skip
    assert 'action="/desk/cases/file/?sort=case&amp;columns=case"' in page
    made = posted(browse, "/desk/cases/file/?sort=case&columns=case", format="cp932", anyway="1")
    assert read_csv(made.content, "cp932")[1][1] == "Besuch in K〓ln, 〓〓, 〓"


@pytest.mark.django_db(transaction=True)
def test_a_long_list_as_shift_jis_says_in_its_result_what_was_lost(cast: SimpleNamespace, browse: Browse) -> None:
    in_english(cast)
    some_cases(cast, 2001)
    Case.objects.filter(title="0007").update(title="Zürich")
    assert browse(READER).post("/desk/cases/file/?sort=case&columns=case", {"format": "cp932"}).status_code == 302
    job = Job.objects.get()
    assert (job.title, do("job", job.pk, timezone.now())) == ("Cases as CSV for older programs (Shift JIS)", True)
    job.refresh_from_db()
    assert job.result == {
        "Rows expected": "2,001",
        "Rows written": "2,001",
        "Shown as 〓, because Shift JIS does not have them": "Characters: 1, cells: 1. Examples: ü (row 9, Subject)",
    }
    assert job.file_name.endswith(".csv")
    with storages["documents"].open(job.file) as kept:
        assert read_csv(kept.read(), "cp932")[8][:2] == ["T-0007", "Z〓rich"]


def test_rows_are_written_one_after_the_other(tmp_path: Any) -> None:
    """Rows are never all there at once: the writers take them from a generator, here with 2,000 of them."""
    import tracemalloc

    paper = Paper("t", [Head(f"c{n}") for n in range(25)])
    for write in (write_csv, lambda out, paper, rows: write_xlsx(out, paper, rows, made_at=NOW, small=False)):
        with (tmp_path / "out").open("w+b") as out:
            tracemalloc.start()
            write(out, paper, ([f"見本{n}"] * 25 for n in range(2000)))
            _now, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        assert most < 3_000_000
