"""The list of cases: what narrows it, how it is ordered and paged, its columns, and its file."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from clair_portal.casework import services
from clair_portal.casework.case_list import CASES
from clair_portal.casework.enums import Holder
from clair_portal.casework.keyset import Order, cursor_of, every_page, page_of
from clair_portal.casework.listing import asked_of, lines_of
from clair_portal.casework.models import Case
from clair_portal.outbox.handlers import do
from clair_portal.outbox.models import Job
from clair_portal.walls.scope import acting
from tests.casework.travel import case_in, step
from tests.cast import NOW, reader
from tests.questions import questions

DAY = dt.timedelta(days=1)
Browse = Callable[..., Any]


def some_cases(cast: SimpleNamespace, number: int, **more: Any) -> list[Case]:
    """Filed requests of Otaru with headquarters; every third has no deadline, deadlines and days repeat."""
    rows = [
        Case(
            kind="offices.support", title=f"{n:04d}", number=f"T-{n:04d}", state="triage", holder="headquarters",
            holding=cast.places["hq"], applicant=cast.places["otaru"], branch=cast.places["hokkaido"],
            filed_at=NOW - DAY * (n % 4), moved_at=NOW, due_at=None if n % 3 == 0 else NOW + DAY * (n % 5), fiscal_year=2026,
            **more,
        )
        for n in range(number)
    ]  # fmt: skip
    return Case.objects.bulk_create(rows)


def listed(cast: SimpleNamespace, who: str, query: str = "") -> list[str]:
    """Titles on the first page of the list."""
    actor = reader(cast, who)
    with translation.override("en"), acting(actor.scope):
        return [case.title for case in asked_of(CASES, QueryDict(query), actor).page().rows]


# --- Pages --------------------------------------------------------------------------------------------------------------
def brute_force(order: Order) -> list[str]:
    cases = sorted(Case.objects.all(), key=lambda case: case.pk, reverse=order.descending)
    if order.field == "pk":
        return [case.title for case in cases]
    valued = [case for case in cases if getattr(case, order.field) is not None]
    valued.sort(key=lambda case: (getattr(case, order.field), case.pk), reverse=order.descending)
    return [case.title for case in [*valued, *(case for case in cases if getattr(case, order.field) is None)]]


@pytest.mark.parametrize("field", ["pk", "due_at", "filed_at"])
@pytest.mark.parametrize("descending", [True, False])
def test_pages_forth_and_back_show_every_row_once_in_order(cast: SimpleNamespace, field: str, descending: bool) -> None:
    some_cases(cast, 23)
    order, rows = Order(field, descending), Case.objects.all()
    pages = [page_of(rows, order, None, 5)]
    while pages[-1].next:
        pages.append(page_of(rows, order, cursor_of(pages[-1].next, rows, order, backwards=False), 5))
    titles = [[case.title for case in page.rows] for page in pages]
    assert [title for page in titles for title in page] == brute_force(order)
    assert [len(page) for page in titles] == [5, 5, 5, 5, 3]
    back, page = [titles[-1]], pages[-1]
    while page.previous:
        page = page_of(rows, order, cursor_of(page.previous, rows, order, backwards=True), 5)
        back.insert(0, [case.title for case in page.rows])
    assert back == titles
    assert [case.title for part in every_page(rows, order, 4) for case in part] == brute_force(order)


def test_a_page_before_the_first_full_one_becomes_the_first_page(cast: SimpleNamespace) -> None:
    some_cases(cast, 8)
    order, rows = Order(), Case.objects.all()
    third = Case.objects.order_by("-pk")[2]
    page = page_of(rows, order, cursor_of(f"~{third.pk}", rows, order, backwards=True), 5)
    assert ([case.title for case in page.rows], page.previous) == (["0007", "0006", "0005", "0004", "0003"], "")


@pytest.mark.parametrize("text", ["", "~", "x~y", "~99999999999999999999", "yesterday~3", "2026-01-01~3", "~-1", "~１"])
def test_an_odd_place_in_the_address_shows_the_first_page(cast: SimpleNamespace, text: str) -> None:
    assert cursor_of(text, Case.objects.all(), Order("due_at"), backwards=False) is None


# --- Filters --------------------------------------------------------------------------------------------------------------
@pytest.fixture
def at_several_places(cast: SimpleNamespace) -> SimpleNamespace:
    """One in triage, one with London, one closed, one draft; titles say which."""
    for state, title, countries in (
        ("triage", "in triage", ["FR"]), ("referred", "with London", ["GB"]), ("closed", "is closed", ["GB"]),
        ("draft", "a draft", []),
    ):  # fmt: skip
        Case.objects.filter(pk=case_in(cast, state).pk).update(
            title=title, search_text=title.replace(" ", "").lower(), countries=countries
        )
    return cast


@pytest.mark.parametrize(
    ("who", "query", "expected"),
    [
        ("hq_officer", "", ["is closed", "with London", "in triage"]),
        ("hq_officer", "sort=case", ["in triage", "with London", "is closed"]),
        ("hq_officer", "state=triage", ["in triage"]),
        ("hq_officer", "state=triage&state=closed", ["is closed", "in triage"]),
        ("hq_officer", "state=no_such_state", ["is closed", "with London", "in triage"]),
        ("hq_officer", "holder=office", ["with London"]),
        ("hq_officer", "office=LON", ["is closed", "with London"]),
        ("hq_officer", "office=NYC", []),
        ("hq_officer", "country=FR", ["in triage"]),
        ("hq_officer", "topic=culture", ["is closed", "with London", "in triage"]),
        ("hq_officer", "topic=sports", []),
        ("hq_officer", "requester=小樽", ["is closed", "with London", "in triage"]),
        ("hq_officer", "requester=札幌", []),
        ("hq_officer", "branch=010006", ["is closed", "with London", "in triage"]),
        ("hq_officer", "branch=270008", []),
        ("hq_officer", "year=2026", ["is closed", "with London", "in triage"]),
        ("hq_officer", "year=2025", []),
        ("hq_officer", "origin=public_report", []),
        ("hq_officer", "kind=offices.support&show=ended", ["is closed"]),
        ("hq_officer", "show=mine", ["in triage"]),
        ("hq_officer", "show=others", ["with London"]),
        ("hq_officer", "q=london", ["with London"]),
        ("otaru", "", ["a draft", "is closed", "with London", "in triage"]),
        ("otaru", "show=mine", ["a draft"]),
        ("hokkaido", "", ["is closed", "with London", "in triage"]),
        ("london", "", ["is closed", "with London"]),
        ("london", "branch=270008", []),
        ("osaka", "", []),
        ("newyork", "", []),
    ],
)
def test_filters_narrow_the_list(at_several_places: SimpleNamespace, who: str, query: str, expected: list[str]) -> None:
    assert listed(at_several_places, who, query) == expected


def test_only_open_cases_past_their_deadline_are_overdue(at_several_places: SimpleNamespace) -> None:
    Case.objects.filter(title="in triage").update(due_at=timezone.now() - DAY)
    Case.objects.filter(title="is closed").update(due_at=timezone.now() - DAY)
    assert listed(at_several_places, "hq_officer", "overdue=1") == ["in triage"]


def test_filters_are_chips_that_take_themselves_off(at_several_places: SimpleNamespace, browse: Browse) -> None:
    page = browse("london_local").get("/desk/cases/?state=referred&state=closed&sort=due&country=GB").content.decode()
    assert '<span class="vh">Remove filter: </span>State: Referred ' in page
    assert 'href="?state=closed&amp;country=GB&amp;sort=due"' in page
    assert 'href="?state=referred&amp;state=closed&amp;sort=due"' in page  # without the country
    assert 'aria-sort="ascending"><a href="?state=referred&amp;state=closed&amp;country=GB&amp;sort=-due">' in page
    assert "2 in the list" in page


def test_columns_are_chosen_in_the_address(at_several_places: SimpleNamespace, browse: Browse) -> None:
    page = browse("london_local").get("/desk/cases/?columns=countries&columns=filed").content.decode()
    heads = page.split("<thead>")[1].split("</thead>")[0]
    assert [name for name in ("Case", "Requester", "State", "Countries", "Filed") if f">{name}<" in heads] == [
        "Countries", "Filed",
    ]  # fmt: skip
    assert "United Kingdom" in page
    assert "?columns=case%2Ccountries%2Cfiled" in page


def test_requesters_read_the_public_words_and_branches_those_of_the_staff(
    at_several_places: SimpleNamespace, browse: Browse
) -> None:
    client = browse("otaru", **{"Accept-Language": "en"})
    at_several_places.people["otaru"].language = "en"
    at_several_places.people["otaru"].save()
    assert "Tokyo headquarters is checking it" in client.get("/desk/cases/").content.decode()
    assert "HQ triage" not in client.get("/desk/cases/").content.decode()
    at_several_places.people["hokkaido"].language = "en"
    at_several_places.people["hokkaido"].save()
    assert "HQ triage" in browse("hokkaido").get("/desk/cases/").content.decode()


def test_more_than_a_thousand_are_not_counted(cast: SimpleNamespace, browse: Browse) -> None:
    cast.people["hq_officer"].language = "en"
    cast.people["hq_officer"].save()
    some_cases(cast, 1001)
    page = browse("hq_officer").get("/desk/cases/?sort=due").content.decode()
    assert "More than 1,000" in page or "More than 1000" in page
    assert page.count('<th scope="row">') == 50
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page


# --- Queries --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["hq_officer", "otaru", "london_local"])
def test_a_list_asks_the_same_number_of_questions_for_1_and_30_rows(
    cast: SimpleNamespace, browse: Browse, who: str
) -> None:
    first = case_in(cast, "referred")
    client = browse(who)
    every = "/desk/cases/?sort=due&columns=" + ",".join(column.key for column in CASES.columns)
    client.get(every)  # what the process keeps is read
    one = questions(client, "/desk/cases/"), questions(client, every)
    for case in some_cases(cast, 29):
        case.referrals.create(office=cast.places["london"])
    assert first.pk
    many = questions(client, "/desk/cases/"), questions(client, every)
    for asked, again in zip(one, many, strict=True):
        assert len(asked) == len(again), "\n".join(["One row:", *asked, "Thirty rows:", *again])
        assert len(asked) <= 8, asked  # with every column there is as well


def test_offices_and_people_in_charge_stand_in_their_columns(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "accepted")
    case.referrals.create(office=cast.places["paris"], state="accepted", owner=False)
    posting = cast.people["london_local"].postings.get()
    case_in(cast, "triage")
    local = reader(cast, "london_local")
    with acting(local.scope):
        services.put_in_charge(case, Holder.OFFICE, posting.pk, actor=local, now=NOW)
    for who, offices, person in (
        ("hq_officer", "London office, Paris office", ""),
        ("london_local", "London office", "Alice Brown"),
    ):
        actor = reader(cast, who)
        with translation.override("en"), acting(actor.scope):
            asked = asked_of(CASES, QueryDict("columns=offices,charge"), actor)
            lines = lines_of(asked, asked.page().rows, NOW)
            assert [[str(cell.html) for cell in line["cells"][1:]] for line in lines][-1] == [offices, person]


# --- The file ------------------------------------------------------------------------------------------------------------
def cells(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_workbook_holds_what_the_page_shows(at_several_places: SimpleNamespace, browse: Browse) -> None:
    Case.objects.filter(title="with London").update(title='=HYPERLINK("http://evil.example","open")')
    response = browse("london_local").post("/desk/cases/file/?state=referred&columns=countries")
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    rows = cells(response.content)
    assert rows[0][0] == "Cases"
    assert rows[1][0] == "State: Referred"
    assert rows[2][0].startswith("Rows expected: 1. Made 2")
    assert rows[4] == ["Number", "Subject", "Requester", "Countries"]
    assert rows[5] == ["R8-支-0002", '=HYPERLINK("http://evil.example","open")', "Otaru", "United Kingdom"]
    assert rows[7][0] == "Rows written: 1"
    assert b"HYPERLINK" not in b"".join(_formulas(response.content))


def _formulas(content: bytes) -> list[bytes]:
    import re
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return re.findall(rb"<f>.*?</f>", book.read("xl/worksheets/sheet1.xml"))


def test_deadlines_are_dates_in_the_workbook_on_the_clock_of_the_reader(
    at_several_places: SimpleNamespace, browse: Browse
) -> None:
    Case.objects.filter(title="with London").update(due_at=dt.datetime(2027, 3, 31, 16, 0, tzinfo=dt.UTC))
    rows = cells(browse("london_local").post("/desk/cases/file/?state=referred&columns=due").content)
    assert rows[4] == ["Number", "Subject", "Requester", "Deadline", "Left"]
    assert rows[5][3] == dt.datetime(2027, 4, 1, 1, 0)


@pytest.mark.parametrize("form", ["xlsx", "edit"])
def test_deadline_and_what_is_left_are_those_of_the_part_that_waits_for_the_reader(
    cast: SimpleNamespace, browse: Browse, form: str
) -> None:
    """New York asks Otaru until the 31st; London's part, which is due first, does not wait for Otaru."""
    offices = [cast.places["london"], cast.places["newyork"]]
    whole = step(cast, case_in(cast, "triage"), "hq_officer", "refer", offices=offices, owner=offices[0])
    asked = step(cast, Case.objects.get(parent=whole, holding=offices[1]), "newyork", "ask_details")
    first, then = dt.datetime(2027, 3, 1, 8, 0, tzinfo=dt.UTC), dt.datetime(2027, 3, 31, 8, 0, tzinfo=dt.UTC)
    Case.objects.filter(pk=whole.pk).update(due_at=first)
    Case.objects.filter(pk=asked.pk).update(due_at=then)
    cast.people["otaru"].language = "en"
    cast.people["otaru"].save()
    rows = cells(browse("otaru").post("/desk/cases/file/?columns=due", {"format": form}).content)
    head = next(at for at, row in enumerate(rows) if "Deadline" in row)
    assert rows[head + 1][rows[head].index("Deadline")] == dt.datetime(2027, 3, 31, 17, 0)


@pytest.mark.django_db(transaction=True)
def test_a_long_list_is_written_by_a_job(cast: SimpleNamespace, browse: Browse) -> None:
    some_cases(cast, 2001)
    response = browse("hq_officer").post("/desk/cases/file/?sort=due&columns=case")
    job = Job.objects.get()
    assert response["Location"] == f"/desk/jobs/{job.pk}/"
    assert do("job", job.pk, timezone.now())
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    assert (job.done, job.total) == (2001, 2001)
    assert job.result == {"予定の行数": "2,001", "書き出した行数": "2,001"}
    with storages["documents"].open(job.file) as kept:
        rows = cells(kept.read())
    assert rows[4] == ["番号", "件名", "依頼元"]
    titles = [row[1] for row in rows[5:-2]]
    assert len(titles) == 2001
    assert titles == brute_force(Order("due_at", descending=False))
    assert rows[-1][0] == "書き出した行数:2,001"


def test_returned_cases_leave_the_list_of_the_office(cast: SimpleNamespace) -> None:
    case = case_in(cast, "referred")
    assert listed(cast, "london") == ["Canals and warehouses"]
    step(cast, case, "london", "return")
    assert listed(cast, "london") == []


def test_a_first_page_that_holds_everything_is_not_counted_again(cast: SimpleNamespace) -> None:
    some_cases(cast, 7)
    actor = reader(cast, "hq_officer")
    with acting(actor.scope):
        asked = asked_of(CASES, QueryDict(), actor)
        page = asked.page()
        with CaptureQueriesContext(connection) as sent:
            assert asked.counted(page).total == 7
        assert len(sent) == 0
        assert asked.counted().total == 7
        assert asked.counted(asked.page(3)).total == 7
