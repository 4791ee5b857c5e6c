"""The annual activity report counts what happened: literal numbers on a small year, and every number opens its records."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import python_calamine
from django.db import connection
from django.db.models import QuerySet, Sum
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pypdf import PdfReader

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.models import Case, Referral
from clair_portal.network.models import Claim, Jurisdiction, Organisation
from clair_portal.outbox.models import Job
from clair_portal.reports import charts, table_files, workbook
from clair_portal.reports.collections import COLLECTIONS, grids_of
from clair_portal.reports.tables import TABLES, Grid, Table, fill, records
from clair_portal.walls.scope import acting
from offices.models import Feedback, WorkEntry
from offices.reference import public_cases
from tests.casework.travel import WAYS, case_in, draft, step
from tests.cast import NOW, reader
from tests.conftest import WebClient
from tests.offices import research_travel

YEAR = FiscalYear(2026)


@pytest.fixture
def year(cast: SimpleNamespace) -> SimpleNamespace:
    """One closed request at London, one for London and New York in progress, one of Sapporo waiting for London."""
    closed = draft(cast)
    for days, (who, key) in zip(
        (0, 0, 1, 4, 5, 9, 10), WAYS["closed"], strict=True
    ):  # referred on day 1, accepted on day 4
        closed = step(cast, closed, who, key, now=NOW + dt.timedelta(days=days))
    Case.objects.filter(pk=closed.pk).update(closed_at=closed.filed_at + dt.timedelta(days=10))
    Feedback.objects.create(case=closed, score=4)
    both = step(
        cast, case_in(cast, "triage"), "hq_officer", "refer",
        offices=[cast.places["london"], cast.places["newyork"]], owner=cast.places["london"],
    )  # fmt: skip
    both.support_request.kinds = ["appointment", "briefing"]
    both.support_request.save()
    Case.objects.filter(pk=both.pk).update(countries=["GB", "US"])
    sapporo = step(cast, draft(cast, "sapporo"), "sapporo", "file_directly")
    step(cast, sapporo, "hq_officer", "refer")
    draft(cast)  # not filed: counts nowhere
    for hours, kind, office in ((1.5, "enquiry", "london"), (3, "accompaniment", "london"), (2, "enquiry", "newyork")):
        WorkEntry.objects.create(
            case=closed, author=cast.places[office], side="office", shared=True, kind=kind, day=NOW.date(),
            hours=hours, summary="x",
        )  # fmt: skip
    return SimpleNamespace(closed=closed, both=both, sapporo=sapporo)


def grid(cast: SimpleNamespace, key: str, who: str = "hq_officer") -> Grid:
    actor = reader(cast, who)
    with translation.override("en"), acting(actor.scope):
        return fill(TABLES[key], actor, YEAR, now=NOW)


def numbers(found: Grid) -> dict[str, list[Any]]:
    return {head.label: [cell.value for cell in cells] for head, cells in zip(found.heads, found.body, strict=True)}


def totals(found: Grid) -> dict[str, Any]:
    """Total of each row, and "all"."""
    rows = {label: cells[-1] for label, cells in numbers(found).items()}
    return {label: value for label, value in rows.items() if value} | {"all": found.foot[-1].value}


def test_requests_by_kind_count_a_request_for_two_offices_once_in_the_total(cast: SimpleNamespace, year: Any) -> None:
    found = grid(cast, "offices.by_kind")
    assert totals(found) == {"London office": 3, "New York office": 1, "all": 3}
    london, newyork = cast.places["london"].pk, cast.places["newyork"].pk
    assert found.cell(london, "appointment").value == 3
    assert found.cell(london, "briefing").value == 1
    assert found.cell(newyork, "briefing").value == 1


def test_requests_by_branch_requester_country_and_month(cast: SimpleNamespace, year: Any) -> None:
    assert totals(grid(cast, "offices.by_branch")) == {"Hokkaido": 2, "Sapporo": 1, "all": 3}
    assert totals(grid(cast, "offices.by_country")) == {"United Kingdom": 3, "United States": 1, "all": 3}
    assert totals(grid(cast, "offices.by_month")) == {"November": 3, "all": 3}
    by_requester = grid(cast, "offices.by_requester")
    london = cast.places["london"].pk
    assert (by_requester.cell(london, "city").value, by_requester.cell(london, "designated_city").value) == (2, 1)


def test_hours_times_and_satisfaction(cast: SimpleNamespace, year: Any) -> None:
    assert totals(grid(cast, "offices.hours")) == {"London office": 4.5, "New York office": 2.0, "all": 6.5}
    times = numbers(grid(cast, "offices.times"))
    assert times["London office"] == [3, 3.0, 10.0]
    assert times["Paris office"] == [0, None, None]
    assert numbers(grid(cast, "offices.satisfaction"))["London office"] == [1, 4.0]


def test_a_request_for_two_offices_weighs_once_in_the_median_of_all(cast: SimpleNamespace, year: Any) -> None:
    """Closed after 10 days at one office and after 2 at two: the middle of 10 and 2, not of 10, 2 and 2."""
    Case.objects.filter(pk=year.both.pk).update(state="closed", closed_at=year.both.filed_at + dt.timedelta(days=2))
    found = grid(cast, "offices.times")
    assert (numbers(found)["London office"][2], numbers(found)["New York office"][2]) == (6.0, 2.0)
    assert [cell.value for cell in found.foot] == [3, 3.0, 6.0]


def test_an_answer_counts_where_the_office_returned_the_request(cast: SimpleNamespace, year: Any) -> None:
    """London accepts one on the third day and returns another after 7; New York returns its part after 5."""
    part = Case.objects.get(parent=year.both, referrals__office=cast.places["newyork"])
    step(cast, part, "newyork", "return", now=NOW + dt.timedelta(days=5))
    step(cast, year.sapporo, "london", "return", now=NOW + dt.timedelta(days=7))
    found = grid(cast, "offices.times")
    assert (numbers(found)["London office"], numbers(found)["New York office"]) == ([2, 5.0, 10.0], [0, 5.0, None])
    assert [cell.value for cell in found.foot] == [2, 5.0, 10.0]
    assert numbers(grid(cast, "offices.times", "london"))["London office"] == [2, 3.0, 10.0]  # no longer sees the other
    actor = reader(cast, "hq_officer")
    with acting(actor.scope):
        listed, measure = opened_by(TABLES["offices.times"], actor, found.foot[0].url)
        assert (measure, {each.case_id for each in listed}) == ("requests", {year.closed.pk, year.both.pk})


def test_only_requests_that_were_carried_through_count_until_closing(cast: SimpleNamespace, year: Any) -> None:
    """Closed after 10 days, and after 4 at the second office asked; withdrawn and, once reopened, declined after one."""
    sapporo = step(cast, year.sapporo, "london", "return")
    sapporo = step(cast, sapporo, "hq_officer", "refer", office=cast.places["newyork"])
    for who, key in (("newyork", "accept"), ("newyork", "begin"), ("newyork", "report"), ("hq_officer", "close")):
        sapporo = step(cast, sapporo, who, key)
    Case.objects.filter(pk=sapporo.pk).update(closed_at=sapporo.filed_at + dt.timedelta(days=4))
    declined = step(cast, step(cast, case_in(cast, "closed"), "hq_officer", "reopen"), "hq_officer", "decline")
    for case in (step(cast, case_in(cast, "referred"), "otaru", "withdraw"), declined):
        Case.objects.filter(pk=case.pk).update(closed_at=case.filed_at + dt.timedelta(days=1))
    found = grid(cast, "offices.times")
    assert (numbers(found)["London office"][2], numbers(found)["New York office"][2]) == (10.0, 4.0)
    assert found.foot[2].value == 7.0


def test_the_drawing_of_hours_writes_them_as_the_table_does(cast: SimpleNamespace, year: Any) -> None:
    found = grid(cast, "offices.hours")
    with translation.override("en"):
        drawing = charts.svg(found)
    assert "Most: London office (4.5). Least: Paris office (0.0)." in drawing
    beside = re.findall(r'<text class="v"[^>]*>([^<]*)<', drawing)
    assert [each for each in beside if each != "0.0"] == ["4.5", "2.0"]
    assert re.findall(r'text-anchor="middle"[^>]*>([^<]*)<', drawing) == ["0", "1", "2", "3", "4", "5"]


def by_country(cast: SimpleNamespace, who: str = "hq_officer") -> dict[tuple[str, str], int]:
    found = grid(cast, "offices.by_country", who)
    return {
        (head.key, leaf.head.label): cell.value
        for head, cells in zip(found.heads, found.body, strict=True)
        for leaf, cell in zip(found.leaves, cells, strict=True)
        if leaf.head and cell.value
    }  # fmt: skip


def test_a_trip_to_two_countries_counts_each_at_the_office_that_is_there_for_it(
    cast: SimpleNamespace, year: Any
) -> None:
    """Nobody serves Brazil; Korea is Seoul's, which was not asked: both count where the request was referred to."""
    Case.objects.filter(pk=year.both.pk).update(countries=["GB", "US", "BR", "KR"])
    both = {
        ("BR", "London office"): 1,
        ("BR", "New York office"): 1,
        ("KR", "London office"): 1,
        ("KR", "New York office"): 1,
    }
    expected = {("GB", "London office"): 3, ("US", "New York office"): 1, **both}
    assert by_country(cast) == expected
    assert totals(grid(cast, "offices.by_country"))["all"] == 3
    assert by_country(cast, "london") == {key: value for key, value in expected.items() if key[1] == "London office"}
    assert by_country(cast, "newyork") == {key: value for key, value in expected.items() if key[1] == "New York office"}
    part = Case.objects.get(parent=year.both, referrals__office=cast.places["newyork"])
    step(cast, part, "newyork", "return", reason="we cannot")
    assert by_country(cast)["US", "London office"] == 1  # the one that is left has the whole trip


def test_a_trip_that_was_withdrawn_counts_where_it_was(cast: SimpleNamespace, year: Any) -> None:
    before = by_country(cast)
    step(cast, year.both, "otaru", "withdraw")
    assert by_country(cast) == before == {("GB", "London office"): 3, ("US", "New York office"): 1}


def test_an_office_of_an_earlier_round_is_responsible_for_nothing_any_more(cast: SimpleNamespace, year: Any) -> None:
    """Closed at London and New York, opened again, and referred to London and Paris."""
    for office in ("london", "newyork"):
        part = Case.objects.get(parent=year.both, referrals__office=cast.places[office])
        for key in ("accept", "begin", "report"):
            part = step(cast, part, office, key)
    case = Case.objects.get(pk=year.both.pk)
    for key in ("close", "reopen"):
        case = step(cast, case, "hq_officer", key)
    offices = [cast.places["london"], cast.places["paris"]]
    step(cast, case, "hq_officer", "refer", offices=offices, owner=offices[0])
    expected = {("GB", "London office"): 3, ("US", "London office"): 1, ("US", "Paris office"): 1}
    assert by_country(cast) == expected
    assert by_country(cast, "london") == {key: value for key, value in expected.items() if key[1] == "London office"}


def test_an_office_counts_what_it_was_asked_for_where_it_is_responsible_for_nothing(
    cast: SimpleNamespace, year: Any
) -> None:
    """New York goes to London too; and London's responsibility ends before the trip of the other one."""
    Case.objects.filter(pk=year.both.pk).update(countries=["GB"])
    assert by_country(cast) == {("GB", "London office"): 3, ("GB", "New York office"): 1}
    Case.objects.filter(pk=year.both.pk).update(countries=["GB", "US"])
    Jurisdiction.objects.filter(country="GB").update(ends_on=dt.date(2027, 5, 31))
    assert by_country(cast) == {
        ("GB", "London office"): 3, ("US", "New York office"): 1, ("GB", "New York office"): 1,
    }  # fmt: skip


def test_requests_from_abroad_have_one_column_however_the_requester_is_kept(cast: SimpleNamespace, year: Any) -> None:
    camden = Organisation.objects.create(kind="foreign_local_government", code="X", name_en="Camden", country_id="GB")
    Case.objects.filter(pk=year.closed.pk).update(applicant=camden)
    actor = reader(cast, "hq_officer")
    for language, abroad in (("ja", "海外の自治体"), ("en", "Local government abroad")):
        with translation.override(language), acting(actor.scope):
            found = fill(TABLES["offices.by_requester"], actor, YEAR, now=NOW)
        heads = [head.label for head in found.column_heads]
        assert (heads.count(abroad), len(heads), len(set(heads))) == (1, 14, 14)
    assert found.cell(cast.places["london"].pk, "office").value == 1


# What the number of a measure says of the records behind it.
BEHIND: dict[str, Callable[[Any], Any]] = {
    "requests": lambda listed: listed.count(),
    "research": lambda listed: listed.count(),
    "hours": lambda listed: listed.aggregate(sum=Sum("hours"))["sum"],
    "count": lambda listed: listed.count(),
}


def test_every_number_opens_exactly_the_records_it_counts(cast: SimpleNamespace, year: Any) -> None:
    for state in ("shared", "in_progress"):
        research_travel.case_in(cast, state)
    opened = Counter[str]()
    for key in COLLECTIONS["offices.annual"].tables:
        table, found = TABLES[key], grid(cast, key)
        actor = reader(cast, "hq_officer")
        with translation.override("en"), acting(actor.scope):
            for cells in (*found.body, found.foot):
                for cell in cells:
                    if cell.url:
                        listed, given = opened_by(table, actor, cell.url)
                        measure = given or table.measures[0].key
                        assert BEHIND[measure](listed) == cell.value, (key, cell.url)
                        opened[measure] += 1
    assert opened.keys() == BEHIND.keys()


def opened_by(table: Table, actor: Reader, url: str) -> tuple[QuerySet[Any], str | None]:
    """The records behind a number, and which measure its address names."""
    asked = dict(re.findall(r"(row|column|measure)=([^&]*)", url))
    measure = asked.get("measure")
    return records(table, actor, YEAR, row=asked.get("row"), column=asked.get("column"), measure=measure)[0], measure


def test_a_request_to_two_offices_is_one_line_behind_the_number_with_both(
    cast: SimpleNamespace, year: Any, browse: type[WebClient]
) -> None:
    client, address = browse("hq_officer"), "/desk/statistics/offices.by_kind/records/?year=2026"
    for query, said, offices in (
        ("", "この数字のもとになった記録 3件", "ロンドン事務所、ニューヨーク事務所"),
        (f"&row={cast.places['newyork'].pk}", "この数字のもとになった記録 1件", "ニューヨーク事務所"),
    ):
        page = client.get(address + query).text
        assert said in page
        assert page.count(f'href="/desk/cases/{year.both.pk}/"') == 1
        assert f"<td>{offices}</td>" in page
    page = browse("london").get(address).text
    assert "<td>ロンドン事務所</td>" in page
    assert "ニューヨーク事務所" not in page.split("<tbody>")[1]


def test_the_records_behind_a_number_say_the_state_in_the_words_of_the_reader(
    cast: SimpleNamespace, year: Any, browse: type[WebClient]
) -> None:
    for table in ("offices.by_kind", "cases.by_branch"):
        for who, said in (("otaru", "海外事務所に依頼しました"), ("hokkaido", "事務所回答待ち")):
            page = browse(who).get(f"/desk/statistics/{table}/records/?year=2026").text
            assert f"<td>{said}</td>" in page, (table, who)


def test_a_branch_counts_its_own_and_an_office_what_it_was_asked_for(cast: SimpleNamespace, year: Any) -> None:
    assert totals(grid(cast, "offices.by_branch", "hokkaido")) == {"Hokkaido": 2, "all": 2}
    assert totals(grid(cast, "offices.by_kind", "newyork")) == {"New York office": 1, "all": 1}
    assert totals(grid(cast, "offices.by_kind", "osaka")) == {"all": 0}


def test_the_whole_report_is_a_page_a_workbook_and_a_pdf(
    cast: SimpleNamespace, year: Any, browse: type[WebClient]
) -> None:
    client = browse("hq_officer")
    page = client.get("/desk/statistics/reports/offices.annual/?table=offices.by_country").content.decode()
    assert "イギリス" in page
    assert client.get("/desk/statistics/reports/none/").status_code == 404
    for format_name in ("xlsx", "pdf"):
        answer = client.post("/desk/statistics/reports/offices.annual/file/", {"format": format_name, "year": "2026"})
        job = Job.objects.latest("created_at")
        assert answer["Location"].endswith(f"/desk/jobs/{job.pk}/")
    assert client.post("/desk/statistics/reports/offices.annual/file/", {"format": "exe"}).status_code == 404


def test_the_page_counts_only_the_table_that_is_opened_and_asking_for_a_file_counts_none(
    cast: SimpleNamespace, year: Any, browse: type[WebClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_files, "SAME_FOR", 10**10)  # so that no span ends between two questions
    client, address = browse("hq_officer"), "/desk/statistics/reports/offices.annual/"
    with CaptureQueriesContext(connection) as other:
        client.get(f"{address}?table=all")  # no such table: the first
    with CaptureQueriesContext(connection) as one:
        page = client.get(f"{address}?table=offices.by_branch").content.decode()
    assert page.count("<table") == 1
    assert "北海道" in page
    assert 'table=offices.by_branch" aria-current="page"' in page
    assert 'table=offices.by_kind">' in page
    with CaptureQueriesContext(connection) as asked:
        client.post(f"{address}file/", {"format": "pdf", "year": "2026"})
    counting = [sum("count(" in query["sql"].lower() for query in each) for each in (other, one, asked)]
    assert counting[0] == counting[1] == 5  # cells and margins of one table, and the reader's notices
    assert counting[2] == 0
    again = client.post(f"{address}file/", {"format": "pdf", "year": "2026"})
    assert Job.objects.count() == 1
    assert again["Location"].endswith(f"/desk/jobs/{Job.objects.get().pk}/")


def test_the_workbook_has_a_sheet_for_each_table_and_the_same_numbers(cast: SimpleNamespace, year: Any) -> None:
    actor = reader(cast, "hq_officer")
    with translation.override("en"), acting(actor.scope):
        grids = grids_of(COLLECTIONS["offices.annual"], actor, YEAR, now=NOW)
        made = workbook.workbook(*grids, made_at=NOW, title="Annual")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(made))
    assert len(book.sheet_names) == 12
    assert len({name.casefold() for name in book.sheet_names}) == 12
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[-1][0] == "Total"
    assert rows[-1][-1] == 3


def test_the_pdf_names_every_table(cast: SimpleNamespace, year: Any) -> None:
    from clair_portal.reports.layout import printed_together

    actor = reader(cast, "hq_officer")
    with translation.override("en"), acting(actor.scope):
        grids = grids_of(COLLECTIONS["offices.annual"], actor, YEAR, now=NOW)
        made = printed_together("Annual report", grids, language="en", made_at=NOW, sample=True)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    for found in grids:
        assert str(found.table.title) in " ".join(text.split())


def test_the_reports_of_an_office_stay_with_its_own_cases(cast: SimpleNamespace, year: Any) -> None:
    Referral.objects.filter(case=year.sapporo).update(standing=False)
    assert totals(grid(cast, "offices.by_kind", "london")) == {"London office": 2, "all": 2}


def test_research_is_counted_by_office_and_state(cast: SimpleNamespace) -> None:
    for state in ("shared", "in_progress", "triage"):  # in the last one no office was asked yet
        research_travel.case_in(cast, state)
    found = grid(cast, "offices.research")
    assert totals(found) == {"London office": 2, "all": 2}
    london = cast.places["london"].pk
    assert (found.cell(london, "in_progress").value, found.cell(london, "shared").value) == (1, 1)
    assert totals(grid(cast, "offices.by_kind")) == {"all": 0}


def test_published_counts_stand_beside_ours_and_years_without_one_say_so(cast: SimpleNamespace, year: Any) -> None:
    """London published 13 research requests for 2018; for the year of the scene nobody published anything."""
    source = "https://use.metropolis.org/newsroom/from-the-community--3"
    for organisation, count in ((cast.places["london"], "13"), (cast.places["osaka"], "99")):
        Claim.objects.create(
            subject=f"{organisation} {public_cases.COUNTS}", organisation=organisation, claim="commissioned research",
            value=count, as_of="2018", source=source,
        )  # fmt: skip
    actor = reader(cast, "hq_officer")
    with translation.override("en"), acting(actor.scope):
        then = fill(TABLES["offices.research"], actor, FiscalYear(2018), now=NOW).claims
        now = fill(TABLES["offices.by_kind"], actor, YEAR, now=NOW).claims
    assert [(line.what, line.ours.value, line.value, line.as_of) for line in then] == [
        ("London office · Commissioned research", 0, "13", "2018"),
        ("New York office · Commissioned research", 0, "not published", "2018"),
        ("Paris office · Commissioned research", 0, "not published", "2018"),
    ]
    assert [line.source for line in then] == [source, "", ""]
    assert [(line.what, line.ours.value, line.value) for line in now] == [("Requests", 3, "not published")]
