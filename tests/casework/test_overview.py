"""The overview for managers: its numbers are those of the lists they open."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Case
from clair_portal.casework.overview import going_on, office_lines, own_numbers, person_lines
from clair_portal.casework.services import take_on
from clair_portal.walls.scope import acting
from offices.work.services import log_work
from tests.casework.travel import case_in, draft, step
from tests.cast import NOW, make_person, reader
from tests.offices.foreign_travel import arrived
from tests.offices.test_foreign import move
from tests.questions import questions

Browse = Callable[..., Any]
MANAGERS = ("hq_approver", "london_local", "otaru_administrator")


@pytest.fixture
def busy(cast: SimpleNamespace) -> SimpleNamespace:
    """Two with London (one overdue), one in triage, one back with Otaru, one closed; Saeki of London has one in charge."""
    late, _other = case_in(cast, "referred"), case_in(cast, "in_progress")
    for state in ("triage", "needs_information", "closed"):
        case_in(cast, state)
    Case.objects.filter(pk=late.pk).update(due_at=timezone.now() - dt.timedelta(days=1))
    actor = reader(cast, "london")
    with acting(actor.scope):
        take_on(late, Holder.OFFICE, actor=actor, now=NOW)
        log_work(_other, kind="enquiry", day=timezone.localdate(), hours=Decimal("2.5"), summary="Asked", shared=True,
                 actor=actor, now=NOW)  # fmt: skip
    return cast


def test_the_own_organisation_is_counted(busy: SimpleNamespace) -> None:
    for who, expected in (
        ("hq_approver", {"open": 4, "mine": 1, "late": 1, "nobody": 4}),
        ("london_local", {"open": 2, "mine": 2, "late": 1, "nobody": 1}),
        ("otaru_administrator", {"open": 4, "mine": 1, "late": 1, "nobody": 4}),
    ):
        actor = reader(busy, who)
        with acting(actor.scope):
            assert {key: number.value for key, number in own_numbers(actor, timezone.now()).items()} == expected, who


def test_offices_and_people_have_their_lines(busy: SimpleNamespace) -> None:
    actor = reader(busy, "hq_approver")
    with acting(actor.scope):
        lines = {line.name: [n.value for n in line.numbers] for line in office_lines(actor, timezone.now(), [], {})}
        people = {line.name: [n.value for n in line.numbers] for line in person_lines(actor, timezone.now(), [], {})}
    assert lines == {"London office": [2, 2, 0, 1], "New York office": [0, 0, 0, 0], "Paris office": [0, 0, 0, 0]}
    assert people == {"Yu Saeki": [1, 1, 1]}


def test_an_office_sees_its_own_line_only(busy: SimpleNamespace) -> None:
    actor = reader(busy, "london_local")
    with acting(actor.scope):
        assert [line.name for line in office_lines(actor, timezone.now(), [], {})] == ["London office"]


@pytest.fixture
def busier(busy: SimpleNamespace) -> SimpleNamespace:
    """Beside these a draft of Otaru, and three requests from abroad, all overdue: London passed one on to Paris and reads
    along, has offered one of which Saeki is in charge, and waits for whoever sent the third."""
    draft(busy)
    make_person(busy, "paris", "Marie Duval", "Marie Duval", "paris", "office_officer", "en", None)
    to_paris = {"office": busy.places["paris"]}
    passed, offered, asked = arrived(), arrived(), arrived()
    actor = reader(busy, "london")
    with acting(actor.scope):
        take_on(offered, Holder.OFFICE, actor=actor, now=NOW)
    for case in (passed, offered):
        move(busy, case, "offer", **to_paris)
    move(busy, passed, "accept", "paris")
    move(busy, asked, "ask_abroad")
    late = timezone.now() - dt.timedelta(days=1)
    Case.objects.filter(pk__in=[passed.pk, offered.pk, asked.pk]).update(due_at=late)
    return busy


def lists_of(client: Any) -> list[tuple[str, str]]:
    """Each list the overview opens, as the number of it says and as the list itself says."""
    page = client.get("/desk/overview/").content.decode()
    links = re.findall(r'<a href="(/desk/cases/\?[^"]*)"[^>]*>(?:<b>)?(\d+)', page)
    assert len(links) >= 4
    for address, number in links:
        opened = client.get(address.replace("&amp;", "&")).content.decode()
        assert f"<b>{number} in the list</b>" in opened, (address, number)
    return links


@pytest.mark.parametrize("who", MANAGERS)
def test_every_number_is_the_count_of_the_list_it_opens(busier: SimpleNamespace, browse: Browse, who: str) -> None:
    for person in MANAGERS:
        busier.people[person].language = "en"
        busier.people[person].save()
    lists_of(browse(who))


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("hq_approver", {"open": 7, "mine": 1, "late": 4, "nobody": 7}),
        ("london_local", {"open": 3, "mine": 2, "late": 2, "nobody": 2}),
        ("otaru_administrator", {"open": 4, "mine": 1, "late": 1, "nobody": 4}),
    ],
)
def test_what_was_passed_on_what_waits_abroad_and_drafts_are_not_counted(
    busier: SimpleNamespace, who: str, expected: dict[str, int]
) -> None:
    actor = reader(busier, who)
    with acting(actor.scope):
        numbers = own_numbers(actor, timezone.now())
        lines = {line.name: [n.value for n in line.numbers] for line in office_lines(actor, timezone.now(), [], {})}
        people = {line.name: [n.value for n in line.numbers] for line in person_lines(actor, timezone.now(), [], {})}
    assert {key: number.value for key, number in numbers.items()} == expected
    if who == "london_local":
        assert (lines, people) == ({"London office": [3, 2, 1, 2]}, {"Yu Saeki": [1, 1, 1]})


def test_an_office_that_takes_charge_of_all_its_work_has_nothing_without_anybody(busier: SimpleNamespace) -> None:
    actor = reader(busier, "london")
    with acting(actor.scope):
        for case in Case.objects.filter(pk__in=going_on(actor).values("pk")):
            take_on(case, Holder.OFFICE, actor=actor, now=NOW)
        assert own_numbers(actor, timezone.now())["nobody"].value == 0


def test_what_the_lists_of_the_overview_leave_out_stands_above_them(busier: SimpleNamespace, browse: Browse) -> None:
    for person in MANAGERS:
        busier.people[person].language = "en"
        busier.people[person].save()
    for who, query, said in (
        ("london_local", "show=open&counted=1", "As in the overview: without what was passed on"),
        ("otaru_administrator", "show=mine&counted=1", "As in the overview: without drafts not filed yet"),
    ):
        assert said in browse(who).get(f"/desk/cases/?{query}").content.decode()
        assert said not in browse(who).get(f"/desk/cases/?{query}2").content.decode()
    assert "As in the overview" not in browse("hq_approver").get("/desk/cases/?counted=1").content.decode()


def test_hours_of_work_open_their_records(busy: SimpleNamespace, browse: Browse) -> None:
    client = browse("london_local")
    page = client.get("/desk/overview/").content.decode()
    address = re.search(r'href="(/desk/statistics/offices.hours/records/[^"]*)"[^>]*>2.5</a>', page)
    assert address
    records = client.get(address[1].replace("&amp;", "&")).content.decode()
    assert "2.5" in records
    assert Case.objects.get(state="in_progress").number in records


def test_hours_stand_beside_those_of_the_year_before(busy: SimpleNamespace, browse: Browse) -> None:
    """31 March and 1 April are two fiscal years."""
    this = FiscalYear.of(timezone.now())
    actor, case = reader(busy, "london"), Case.objects.get(state="in_progress")
    days = {dt.date(this.year, 3, 31): "7.3", dt.date(this.year, 4, 1): "1.2", dt.date(this.year - 1, 3, 31): "40"}
    with acting(actor.scope):
        for day, hours in days.items():
            log_work(
                case, kind="enquiry", day=day, hours=Decimal(hours), summary="x", shared=False, actor=actor, now=NOW
            )
    for who in ("hq_approver", "london_local"):
        busy.people[who].language = "en"
        busy.people[who].save()
        context = browse(who).get("/desk/overview/").context
        (london,) = [line for line in context["offices"] if line["name"] == "London office"]
        (saeki,) = [line for line in context["people"] if line["name"] == "Yu Saeki"]
        for line in (london, saeki):
            hours = {head: number.value for head, number in line["with_heads"] if "FY" in str(head)}
            assert list(hours.values()) == [Decimal("3.7"), Decimal("7.3")], (who, hours)
            assert [str(this.year + less) in head for head, less in zip(hours, (0, -1), strict=True)] == [True, True]


@pytest.mark.parametrize("who", ["otaru", "hokkaido", "hq_officer", "london"])
def test_only_managers_have_an_overview(cast: SimpleNamespace, browse: Browse, who: str) -> None:
    assert browse(who).get("/desk/overview/").status_code == 403
    assert "/desk/overview/" not in browse(who).get("/desk/").content.decode()


def test_the_overview_asks_the_same_for_few_and_many_cases(busy: SimpleNamespace, browse: Browse) -> None:
    before = len(questions(browse("hq_approver"), "/desk/overview/"))
    for _ in range(10):
        case_in(busy, "referred")
    assert len(questions(browse("hq_approver"), "/desk/overview/")) == before
    assert before <= 10


def test_the_list_of_a_person_in_charge_names_the_person(busy: SimpleNamespace, browse: Browse) -> None:
    actor = reader(busy, "london")
    assert actor.chosen
    page = browse("london_local").get(f"/desk/cases/?charge={actor.chosen.id}").content.decode()
    assert "In charge: Yu Saeki (London office)" in page
    assert "1 in the list" in page
    assert "In charge:" not in browse("london_local").get("/desk/cases/?charge=999999").content.decode()


# --- Requests in parts ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def in_two_parts(cast: SimpleNamespace) -> SimpleNamespace:
    """London has reported, New York is late; Saeki is in charge of London's part, New York's officer of the other one."""
    places = cast.places
    offices = [places["london"], places["newyork"]]
    whole = step(cast, case_in(cast, "triage"), "hq_officer", "refer", offices=offices, owner=offices[0])
    parts = {office: Case.objects.get(parent=whole, holding=places[office]) for office in ("london", "newyork")}
    for office, case in parts.items():
        actor = reader(cast, office)
        with acting(actor.scope):
            take_on(case, Holder.OFFICE, actor=actor, now=NOW)
    for key in ("accept", "begin", "report"):
        step(cast, parts["london"], "london", key)
    Case.objects.filter(pk=parts["newyork"].pk).update(due_at=timezone.now() - dt.timedelta(days=1))
    step(cast, parts["newyork"], "newyork", "ask_details")
    step(cast, parts["newyork"], "otaru", "give_details", now=timezone.now() - dt.timedelta(days=9))
    assert Case.objects.get(pk=whole.pk).holding == places["newyork"]
    return cast


@pytest.mark.parametrize("who", ["hq_approver", "otaru_administrator"])
def test_of_a_request_in_parts_each_office_has_its_own_part(in_two_parts: SimpleNamespace, who: str) -> None:
    actor = reader(in_two_parts, who)
    with acting(actor.scope):
        lines = {line.name: [n.value for n in line.numbers] for line in office_lines(actor, timezone.now(), [], {})}
        own = own_numbers(actor, timezone.now())
    assert lines == {"London office": [1, 0, 1, 0], "New York office": [1, 1, 0, 1], "Paris office": [0, 0, 0, 0]}
    assert (own["open"].value, own["late"].value) == (1, 1)


def test_whoever_is_in_charge_of_a_part_has_a_line_at_headquarters(in_two_parts: SimpleNamespace) -> None:
    actor = reader(in_two_parts, "hq_approver")
    with acting(actor.scope):
        people = {line.note: [n.value for n in line.numbers] for line in person_lines(actor, timezone.now(), [], {})}
    assert people == {"London office": [1, 0, 0], "New York office": [1, 1, 1]}


@pytest.mark.parametrize("who", MANAGERS)
def test_the_numbers_of_parts_are_those_of_their_lists(in_two_parts: SimpleNamespace, browse: Browse, who: str) -> None:
    in_two_parts.people[who].language = "en"
    in_two_parts.people[who].save()
    client = browse(who)
    links = lists_of(client)
    if who == "hq_approver":
        addresses = [address for address, _number in links]
        assert "/desk/cases/?has=LON-others" in addresses
        assert "/desk/cases/?has=NYC-late" in addresses
        opened = client.get("/desk/cases/?has=NYC-late").content.decode()
        assert "Office: New York office, Overdue" in opened
        assert "0 in the list" in client.get("/desk/cases/?has=LON-late").content.decode()
    assert client.get("/desk/cases/?has=XXX-late&late_of=none").status_code == 200
