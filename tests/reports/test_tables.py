"""A table counts what its records are: the same on screen, in the workbook and on paper, and behind every number."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
import python_calamine
from django.db import connection
from django.db.models import F, Q, Sum
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pypdf import PdfReader

from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.models import Case
from clair_portal.casework.workflow import WORKFLOWS
from clair_portal.network.models import Claim, Organisation
from clair_portal.outbox.handlers import do
from clair_portal.outbox.models import Job
from clair_portal.reports import charts, layout, numbers, table_files, tables, workbook
from clair_portal.reports.case_tables import branches, filed, record
from clair_portal.reports.dimensions import Median, of_months, of_organisations, of_words
from clair_portal.reports.models import Report
from clair_portal.reports.tables import Beside, Grid, Measure, Table, count, fill
from clair_portal.walls.scope import acting
from offices.workflow import KIND
from tests.cast import NOW, reader

pytestmark = pytest.mark.django_db
YEAR = FiscalYear(2026)
DAY = dt.timedelta(days=1)
# requester, branch, state, holder, filed (days before NOW), closed (days before NOW)
FILED = [
    ("otaru", "hokkaido", "branch_check", "branch", 1, None),
    ("otaru", "hokkaido", "in_progress", "office", 40, None),
    ("hakodate", "hokkaido", "in_progress", "office", 41, None),
    ("sapporo", "sapporo", "closed", "nobody", 70, 60),
    ("sapporo", "sapporo", "closed", "nobody", 70, 50),
    ("osaka", "osaka", "triage", "headquarters", 5, None),
    ("osaka", "osaka", "closed", "nobody", 100, 98),
    ("osaka", "osaka", "closed", "nobody", 400, 300),  # last fiscal year
]


@pytest.fixture
def cases(cast: SimpleNamespace) -> list[Case]:
    found = []
    for number, (applicant, branch, state, holder, days, closed) in enumerate(FILED, 1):
        filed_at = NOW - days * DAY
        found.append(
            Case.objects.create(
                kind=KIND, title=f"案件{number}", number=f"R8-支-{number:04d}", applicant=cast.places[applicant],
                branch=cast.places[branch], state=state, holder=holder, filed_at=filed_at,
                closed_at=NOW - closed * DAY if closed else None,
            )
        )  # fmt: skip
    Case.objects.create(kind=KIND, title="下書き", applicant=cast.places["otaru"], state="draft")
    return found


def states() -> list[tuple[str, Any]]:
    return [(state.key, state.label) for state in WORKFLOWS[KIND].states]


def by_state(**more: Any) -> Table:
    """Cases by branch and state: the two dimensions, a count of a part, a median and a share."""
    plain: dict[str, Any] = {
        "key": "test.by_state",
        "title": "支部・状態別",
        "rows": of_organisations("支部", "branch_id", branches),
        "columns": of_words("状態", "state", states),
        "measures": (count(),),
        "source": filed,
        "record": record,
        "record_heads": ("依頼元", "状態"),
        "related": ("applicant",),
        "chart": "stacked",
    }
    return Table(**plain | more)


@pytest.fixture
def declared(cases: list[Case]) -> Iterator[Table]:
    table = by_state(measures=(count(), count("closed", "終了", Q(closed_at__isnull=False))))
    tables.declare(table)
    yield table
    tables.TABLES.pop(table.key)


def filled(cast: SimpleNamespace, table: Table, person: str = "hq_officer", language: str = "ja") -> Grid:
    actor = reader(cast, person)
    with acting(actor.scope), translation.override(language):
        return fill(table, actor, YEAR, now=NOW)


# --- Counting -----------------------------------------------------------------------------------------------------------
def test_cases_are_counted_by_branch_and_state_with_totals(cast: SimpleNamespace, cases: list[Case]) -> None:
    grid = filled(cast, by_state())
    assert [head.label for head in grid.heads] == ["北海道", "札幌市", "大阪府", "大阪市", "堺市"]
    at = {head.label: head.key for head in grid.heads}
    assert grid.cell(at["北海道"], "in_progress").value == 2
    assert grid.cell(at["北海道"], "branch_check").value == 1
    assert grid.cell(at["札幌市"], "closed").value == 2
    assert grid.cell(at["大阪市"], "closed").value == 1
    assert [grid.cell(key).value for key in at.values()] == [3, 2, 0, 2, 0]
    totals = {
        leaf.head.key if leaf.head else "all": cell.value for leaf, cell in zip(grid.leaves, grid.foot, strict=True)
    }
    assert {key: value for key, value in totals.items() if value} == {
        "branch_check": 1, "in_progress": 2, "closed": 3, "triage": 1, "all": 7,
    }  # fmt: skip


def test_rows_and_columns_that_count_nothing_are_shown_as_zero(cast: SimpleNamespace, cases: list[Case]) -> None:
    grid = filled(cast, by_state())
    assert {leaf.head.key for leaf in grid.leaves if leaf.head} == {key for key, _label in states()}
    sakai = next(cells for head, cells in zip(grid.heads, grid.body, strict=True) if head.label == "堺市")
    assert {cell.value for cell in sakai} == {0}
    assert {cell.url for cell in sakai} == {""}


def test_words_are_those_of_the_readers_language(cast: SimpleNamespace, cases: list[Case]) -> None:
    grid = filled(cast, by_state(), language="en")
    assert [head.label for head in grid.heads][:2] == ["Hokkaido", "Sapporo"]
    assert "Closed" in {leaf.head.label for leaf in grid.leaves if leaf.head}


def test_branch_counts_only_what_it_sees(cast: SimpleNamespace, cases: list[Case]) -> None:
    grid = filled(cast, by_state(), "hokkaido")
    assert [(head.label, grid.cell(head.key).value) for head in grid.heads] == [("北海道", 3)]
    assert filled(cast, by_state(), "otaru").foot[-1].value == 2
    assert filled(cast, by_state(), "london").foot[-1].value == 0


def test_last_evening_of_march_in_tokyo_belongs_to_the_old_year(cast: SimpleNamespace, cases: list[Case]) -> None:
    Case.objects.filter(pk=cases[0].pk).update(filed_at=dt.datetime(2027, 3, 31, 14, 59, tzinfo=dt.UTC))
    assert filled(cast, by_state()).foot[-1].value == 7
    Case.objects.filter(pk=cases[0].pk).update(filed_at=dt.datetime(2027, 3, 31, 15, 0, tzinfo=dt.UTC))
    assert filled(cast, by_state()).foot[-1].value == 6


def test_key_without_a_head_and_no_key_get_rows_at_the_end(cast: SimpleNamespace, cases: list[Case]) -> None:
    Case.objects.filter(pk=cases[0].pk).update(state="unheard")
    Case.objects.filter(pk=cases[1].pk).update(branch=None)
    grid = filled(cast, by_state())
    assert [leaf.head.label for leaf in grid.leaves if leaf.head][-1] == "unheard"
    assert (grid.heads[-1].label, grid.cell(None).value) == ("記入なし", 1)
    assert sum(grid.cell(head.key).value for head in grid.heads) == grid.foot[-1].value == 7


def test_median_share_and_part_stand_beside_the_count(cast: SimpleNamespace, cases: list[Case]) -> None:
    grid = filled(
        cast,
        by_state(
            columns=None,
            measures=(
                count(),
                count("closed", "終了", Q(closed_at__isnull=False)),
                Measure("days", "日数", Median(F("closed_at") - F("filed_at")), number="days", missing="dash"),
                Measure("share", "割合", share_of="count"),
            ),
        ),
    )
    written = {
        head.label: [numbers.written(cell) for cell in cells] for head, cells in zip(grid.heads, grid.body, strict=True)
    }
    assert written["札幌市"] == ["2", "2", "15.0 days", "28.6%"]
    assert written["北海道"] == ["3", "0", "–", "42.9%"]
    assert written["堺市"] == ["0", "0", "–", "0.0%"]
    assert [numbers.written(cell) for cell in grid.foot] == ["7", "3", "10.0 days", "100.0%"]


def test_value_that_no_source_gives_is_not_published_and_not_zero(cast: SimpleNamespace, cases: list[Case]) -> None:
    """A row of a source without its value, beside one with the value 0 and one that the source does not have."""
    Organisation.objects.update(latitude=None)
    Organisation.objects.filter(code="010006").update(latitude=0)
    table = by_state(
        columns=None, measures=(Measure("given", "値", Sum("branch__latitude"), missing="unpublished", opens=False),)
    )
    grid = filled(cast, table, language="ja")
    with translation.override("ja"):
        shown = {head.label: numbers.written(cells[0]) for head, cells in zip(grid.heads, grid.body, strict=True)}
    assert (shown["北海道"], shown["札幌市"], shown["堺市"]) == ("0", "未公表", "–")


def test_months_run_from_april_to_march_and_are_those_of_tokyo(cast: SimpleNamespace, cases: list[Case]) -> None:
    Case.objects.filter(pk=cases[0].pk).update(filed_at=dt.datetime(2026, 9, 30, 15, 30, tzinfo=dt.UTC))
    table = Table("test.month", "月別", of_months("月", "filed_at"), (count(),), filed, record, chart="line")
    grid = filled(cast, table)
    assert [head.label for head in grid.heads] == [f"{m}月" for m in (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)]
    assert {head.key: grid.cell(head.key).value for head in grid.heads if grid.cell(head.key).value} == {
        8: 1, 9: 2, 10: 3, 11: 1,
    }  # fmt: skip


def test_claims_of_others_stand_beside_the_live_number(cast: SimpleNamespace, cases: list[Case]) -> None:
    Claim.objects.create(subject="cases", claim="a year", value="about 500", as_of="2019", source="interview")
    Claim.objects.create(subject="cases", claim="a year", value="523", as_of="FY2024", source="annual report")
    Claim.objects.create(subject="Sapporo", claim="a year", value="9", source="city")
    sapporo = cast.places["sapporo"].pk
    table = by_state(
        columns=None,
        claims=(Beside("cases", "a year", "count"), Beside("Sapporo", "a year", "count", row=sapporo)),
    )
    lines = filled(cast, table, language="en").claims
    assert [(line.what, line.ours.value, line.value, line.as_of, line.source) for line in lines] == [
        ("Sapporo · Number", 2, "9", "", "city"),
        ("Number", 7, "about 500", "2019", "interview"),
        ("Number", 7, "523", "FY2024", "annual report"),
    ]


@pytest.mark.parametrize("more", [0, 60])
def test_number_of_queries_does_not_depend_on_the_rows(cast: SimpleNamespace, cases: list[Case], more: int) -> None:
    for number in range(more):
        place = Organisation.objects.create(
            kind="prefecture", code=f"9{number:05d}", name_ja=f"県{number}", name_en=f"P{number}"
        )
        Case.objects.create(
            kind=KIND, title="x", number=f"n{number}", applicant=place, branch=place, state="triage", filed_at=NOW
        )
    Claim.objects.create(subject="cases", claim="a year", value="1", source="x")
    actor = reader(cast, "hq_officer")
    with acting(actor.scope), CaptureQueriesContext(connection) as queries:
        grid = fill(by_state(claims=(Beside("cases", "a year", "count"),)), actor, YEAR, now=NOW)
    assert len(grid.heads) == 5 + more
    assert len(queries) == 6


def test_share_of_nothing_is_refused_where_it_is_declared() -> None:
    with pytest.raises(ValueError, match="names no measure"):
        tables.declare(by_state(measures=(count(), Measure("share", "割合", share_of="cuont"))))


# --- The same numbers everywhere ----------------------------------------------------------------------------------------
class Cells(HTMLParser):
    """The rows of the first table of a page: text and address of each cell."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[list[str]]] = []
        self._in_cell = self._over = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "tr" and not self._over:
            self.rows.append([])
        elif tag in ("td", "th") and not self._over:
            self.rows[-1].append(["", ""])
            self._in_cell = True
        elif tag == "a" and self._in_cell:
            self.rows[-1][-1][1] = dict(attributes)["href"] or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._in_cell = False
        self._over = self._over or tag == "table"

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1][-1][0] += data


def on_screen(page: str) -> list[list[list[str]]]:
    parser = Cells()
    parser.feed(page)
    return parser.rows


def behind(client: Any, address: str) -> int:
    """How many records are listed, page by page."""
    listed, page = 0, 1
    while True:
        response = client.get(f"{address}&page={page}")
        assert response.status_code == 200
        rows = [row for row in on_screen(response.content.decode())[1:] if row]
        listed += len(rows)
        if len(rows) < 50:
            return listed
        page += 1


@pytest.mark.parametrize("person", ["hq_officer", "hokkaido"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_screen_workbook_paper_and_the_lists_behind_agree(
    cast: SimpleNamespace, browse: Any, declared: Table, person: str, language: str
) -> None:
    cast.people[person].language = language
    cast.people[person].save()
    client = browse(person)
    page = client.get(f"/desk/statistics/{declared.key}/?year=2026").content.decode()
    screen = [row for row in on_screen(page) if row][2:]
    grid = filled(cast, declared, person, language)
    opened = 0
    for row in screen:
        for text, address in row[1:]:
            opened += bool(address)
            assert (int(text.replace(",", "")) if not address else behind(client, address)) == int(
                text.replace(",", "")
            )
    assert opened == sum(bool(cell.value) for cells in (*grid.body, grid.foot) for cell in cells)
    assert opened > 5
    with translation.override(language):
        made = workbook.workbook(grid, made_at=NOW)
        paper = layout.printed(grid, language=language, made_at=NOW, sample=False)
    assert sheet_of(made)[5:] == [
        [row[0][0], *(float(text.replace(",", "")) for text, _address in row[1:])] for row in screen
    ]
    assert numbers_on(paper) == [[int(text) for text, _address in row[1:]] for row in screen]


def sheet_of(content: bytes, number: int = 0) -> list[list[Any]]:
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(number).to_python()


def numbers_on(paper: bytes) -> list[list[int]]:
    """The lines that end in as many numbers as the widest has: those of the table."""
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    found = [[int(n) for n in re.findall(r"(?<!\S)\d+(?!\S)", line)] for line in text.splitlines()]
    widest = max(map(len, found))
    return [line for line in found if len(line) == widest]


def test_page_carries_the_drawing_with_its_sentence(cast: SimpleNamespace, browse: Any, declared: Table) -> None:
    page = browse("hq_officer").get(f"/desk/statistics/{declared.key}/").content.decode()
    assert 'role="img" aria-labelledby="chart-test-by_state-t chart-test-by_state-d"' in page
    assert "最も多いのは北海道(3)です。件数が0の行は2行あります。 数字はすべて表にあります。" in page
    assert page.count('class="c1"') >= 2
    assert "令和8年度(2026年度)" in page
    assert "令和8年4月1日から令和9年3月31日まで(東京時間)" in page


def test_table_of_another_right_is_not_shown(cast: SimpleNamespace, browse: Any, declared: Table) -> None:
    tables.declare(replace(declared, right="cases.triage"))
    assert browse("hq_officer").get(f"/desk/statistics/{declared.key}/").status_code == 200
    for address in ("", "records/"):
        assert browse("otaru").get(f"/desk/statistics/{declared.key}/{address}").status_code == 403
    assert browse("otaru").post(f"/desk/statistics/{declared.key}/file/", {"format": "pdf"}).status_code == 403
    assert declared.key not in browse("otaru").get("/desk/statistics/").content.decode()


@pytest.mark.parametrize("query", ["row=999999", "column=nothing", "measure=nothing", "row=x&column=", "row=%00"])
def test_unknown_head_is_not_found(cast: SimpleNamespace, browse: Any, declared: Table, query: str) -> None:
    assert browse("hq_officer").get(f"/desk/statistics/{declared.key}/records/?{query}").status_code in (400, 404)


def test_odd_year_and_page_fall_back(cast: SimpleNamespace, browse: Any, declared: Table) -> None:
    client = browse("hq_officer")
    for query in ("year=x", "year=99999", "year=-1", "page=0", "page=-3", "page=99999999999"):
        assert client.get(f"/desk/statistics/{declared.key}/records/?{query}").status_code == 200
    assert client.get("/desk/statistics/none/").status_code == 404


# --- Files ----------------------------------------------------------------------------------------------------------------
def test_hostile_words_stay_text_in_the_workbook(cast: SimpleNamespace, cases: list[Case]) -> None:
    Organisation.objects.filter(pk=cast.places["sapporo"].pk).update(name_ja='=HYPERLINK("http://x","y")')
    Organisation.objects.filter(pk=cast.places["osaka"].pk).update(name_ja="+1 http://example.org")
    made = workbook.workbook(filled(cast, by_state()), made_at=NOW)
    labels = [row[0] for row in sheet_of(made)]
    assert '=HYPERLINK("http://x","y")' in labels
    assert "+1 http://example.org" in labels
    import zipfile

    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet.lower().replace("=hyperlink(", "")
    assert 'state="frozen"' in sheet


def test_workbook_says_which_year_and_what_others_say(cast: SimpleNamespace, cases: list[Case]) -> None:
    Claim.objects.create(subject="cases", claim="a year", value="about 500", as_of="2019", source="interview")
    grid = filled(cast, by_state(claims=(Beside("cases", "a year", "count"),)), language="en")
    with translation.override("en"):
        made = workbook.workbook(grid, made_at=NOW)
        assert workbook.workbook(grid, made_at=NOW) == made
    assert sheet_of(made)[1][0] == "FY2026 (Reiwa 8)"
    assert sheet_of(made, 1)[1] == ["Number", 7.0, "about 500", "2019", "interview"]


@pytest.mark.parametrize("title", ["a" * 40, "2025/26: [x]?*\\", "'quoted'", "??"])
def test_every_title_can_name_a_sheet(title: str) -> None:
    name = workbook.sheet_name(title)
    assert 1 <= len(name) <= 31
    assert not set(name) & set("[]:*?/\\")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("format_name", ["xlsx", "pdf"])
def test_file_of_a_table_is_asked_for_and_found_again(
    cast: SimpleNamespace, browse: Any, declared: Table, format_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_files, "SAME_FOR", 10**9)  # so that no span ends between two questions
    client = browse("hq_officer")
    address = f"/desk/statistics/{declared.key}/file/"
    asked = client.post(address, {"format": format_name, "year": "2026"})
    job = Job.objects.get()
    assert asked["Location"] == f"/desk/jobs/{job.pk}/"
    do("job", job.pk, job.created_at + DAY)
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    report = Report.objects.get()
    assert report.file_name == f"支部・状態別_2026.{format_name}"
    again = client.post(address, {"format": format_name, "year": "2026"})
    assert again["Location"] == f"/desk/reports/{report.pk}/file/"
    content = b"".join(client.get(again["Location"]).streaming_content)
    assert content[:4] == {"xlsx": b"PK\x03\x04", "pdf": b"%PDF"}[format_name]
    Case.objects.filter(number="R8-支-0001").update(state="triage")
    assert client.post(address, {"format": format_name, "year": "2026"})["Location"] == again["Location"]
    monkeypatch.setattr(table_files, "SAME_FOR", 10**10 - 1)  # as if the span had ended
    assert client.post(address, {"format": format_name, "year": "2026"})["Location"].startswith("/desk/jobs/")
    assert client.post(address, {"format": "exe"}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_asking_for_a_file_and_fetching_it_count_nothing_and_fetching_looks_at_the_right(
    cast: SimpleNamespace, browse: Any, declared: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_files, "SAME_FOR", 10**9)
    client, address = browse("hq_officer"), f"/desk/statistics/{declared.key}/file/"
    with CaptureQueriesContext(connection) as asking:
        client.post(address, {"format": "xlsx", "year": "2026"})
    job = Job.objects.get()
    do("job", job.pk, job.created_at + DAY)
    fetched = f"/desk/reports/{Report.objects.get().pk}/file/"
    with CaptureQueriesContext(connection) as fetching:
        assert b"".join(client.get(fetched).streaming_content)[:2] == b"PK"
    assert [query["sql"] for each in (asking, fetching) for query in each if " group by " in query["sql"].lower()] == []
    tables.declare(replace(declared, right="nobody.has_it"))
    assert client.get(fetched).status_code == 404


# --- Drawings -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("largest", "wanted"),
    [(0, (1, 1)), (1, (1, 1)), (5, (5, 1)), (6, (6, 2)), (97, (100, 20)), (101, (150, 50)), (463, (500, 100))],
)
def test_scale_has_at_most_five_round_steps(largest: int, wanted: tuple[int, int]) -> None:
    assert charts.scale(largest) == wanted


def test_many_rows_are_drawn_as_the_largest_and_said_so(cast: SimpleNamespace, cases: list[Case]) -> None:
    for number in range(30):
        Organisation.objects.create(kind="prefecture", code=f"9{number:05d}", name_ja=f"県{number}", name_en="P")
    grid = filled(cast, by_state(columns=None, chart="bar"))
    assert charts.svg(grid).count("<rect") == 3
    with translation.override("ja"):
        assert "図は35行のうち上位3行を示しています。" in charts.svg(grid)


def test_sentence_names_the_least_where_one_row_is_the_least(cast: SimpleNamespace, cases: list[Case]) -> None:
    with translation.override("ja"):
        assert charts.sentence(filled(cast, by_state(rows=of_words("状態", "state", [("triage", "回付待ち")])))) == (
            "最も多いのはclosed(3)、最も少ないのはbranch_check(1)です。 数字はすべて表にあります。"
        )


def test_empty_table_has_no_drawing(cast: SimpleNamespace) -> None:
    assert charts.svg(filled(cast, by_state())) == ""


def test_drawing_escapes_names(cast: SimpleNamespace, cases: list[Case]) -> None:
    Organisation.objects.filter(pk=cast.places["sapporo"].pk).update(name_ja="</svg><b>&")
    drawing = charts.svg(filled(cast, by_state()))
    assert "<b>" not in drawing
    assert "&lt;/svg&gt;&lt;b&gt;&amp;" in drawing
