"""An itinerary is planned by the office, shared, printed and put into calendars."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from types import SimpleNamespace

import icalendar
import pytest
from django.utils import translation
from pypdf import PdfReader

from clair_portal.calendars.models import Holiday
from clair_portal.casework.models import Case
from clair_portal.contacts.itinerary import calendar_file, days_of, warnings_of
from clair_portal.contacts.models import Stop, Visit
from clair_portal.outbox.models import Message
from tests.casework.travel import case_in
from tests.conftest import WebClient

Browse = Callable[..., WebClient]
STOPS = [
    {"day": "R9/6/1", "begins": "10:30", "ends": "１１：３０", "zone": "Europe/London", "what": "市役所での意見交換",
     "what_foreign": "Exchange of views at the town hall", "place": "Town hall", "host_name": "City of Camden",
     "person": "A. Host", "interpreter": "B. Voice", "telephone": "+44 20 0000"},
    {"day": "2027-06-01", "begins": "23:30", "zone": "Europe/London", "what": "夜の視察"},
    {"day": "2027-06-02", "begins": "9", "zone": "Europe/London", "what": "港の視察"},
]  # fmt: skip


@pytest.fixture
def case(cast: SimpleNamespace) -> Case:
    return case_in(cast, "in_progress")


@pytest.fixture
def visit(cast: SimpleNamespace, browse: Browse, case: Case) -> Visit:
    london = browse("london")
    typed = {"title": "港の視察", "title_foreign": "Visit to the ports", "starts_on": "R9/6/1", "ends_on": "R9/6/2"}
    answer = london.post(f"/desk/cases/{case.pk}/visits/", typed)
    found = Visit.objects.get()
    assert answer["Location"] == f"/desk/visits/{found.pk}/"
    for stop in STOPS:
        assert london.post(f"/desk/visits/{found.pk}/stops/", stop).status_code == 302
    return Visit.objects.get()


# --- Itineraries ------------------------------------------------------------------------------------------------------------------
def test_times_stand_on_the_clock_of_the_place_with_tokyo_beside_it(visit: Visit) -> None:
    with translation.override("en"):
        days = days_of(list(visit.stops.all()))
    assert [(day.words, [(line.times, line.tokyo) for line in day.lines]) for day in days] == [
        ("Tue 1 Jun 2027", [("10:30–11:30 London", "18:30"), ("23:30 London", "07:30 (next day)")]),
        ("Wed 2 Jun 2027", [("09:00 London", "17:00")]),
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"begins": "25:00"}, "10:30のように時刻を書いてください。"),
        ({"begins": "10:30", "ends": "10:00"}, "終わりの時刻は始まりより後にしてください。"),
        ({"day": "someday"}, "someday"),
    ],
)
def test_odd_times_are_named_and_nothing_is_lost(
    browse: Browse, visit: Visit, typed: dict[str, str], sentence: str
) -> None:
    answer = browse("london").post(f"/desk/visits/{visit.pk}/stops/", {**STOPS[0], **typed, "what": "残る言葉"})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "残る言葉" in answer.content.decode()
    assert Stop.objects.count() == 3


def test_warnings_name_days_outside_days_off_and_two_stops_at_once(visit: Visit) -> None:
    Holiday.objects.all().delete()
    Holiday.objects.create(calendar="LON", date=dt.date(2027, 6, 2), name_ja="x", name_en="x")
    Stop.objects.create(
        visit=visit, case=visit.case, office=visit.office, day=dt.date(2027, 6, 1), begins=dt.time(11), zone="Europe/London",
        what="Lunch",
    )  # fmt: skip
    Stop.objects.create(
        visit=visit, case=visit.case, office=visit.office, day=dt.date(2027, 6, 4), begins=dt.time(9), zone="Europe/London",
        what="Late",
    )  # fmt: skip
    with translation.override("en"):
        assert warnings_of(visit, list(visit.stops.all())) == [
            "港の視察 is on a day off (Wed 2 Jun 2027).",
            "Late is outside the days of the visit.",
            "市役所での意見交換 and Lunch are at the same time.",
        ]


def test_the_requester_sees_the_itinerary_once_it_is_shared(
    cast: SimpleNamespace, browse: Browse, visit: Visit
) -> None:
    page = f"/desk/visits/{visit.pk}/"
    readers = ("otaru", "hokkaido", "hq_officer", "london", "newyork", "osaka")
    before = {person: browse(person).get(page).status_code for person in readers}
    assert before == {"otaru": 404, "hokkaido": 404, "hq_officer": 200, "london": 200, "newyork": 404, "osaka": 404}
    Message.objects.all().delete()
    assert browse("london").post(f"{page}share/").status_code == 302
    after = {person: browse(person).get(page).status_code for person in readers}
    assert after == {**before, "otaru": 200, "hokkaido": 200}
    assert "市役所での意見交換" in browse("otaru").get(page).content.decode()
    assert Message.objects.get().event == "contacts.visit.shared"


def test_only_the_office_that_plans_changes_it(browse: Browse, visit: Visit) -> None:
    stop = Stop.objects.order_by("pk")[0]
    for person in ("otaru", "hq_officer", "newyork"):
        assert browse(person).post(f"/desk/visits/{visit.pk}/stops/{stop.pk}/remove/").status_code in (403, 404), person
    assert browse("london").post(f"/desk/visits/{visit.pk}/stops/{stop.pk}/remove/").status_code == 302
    assert Stop.objects.count() == 2


@pytest.mark.parametrize(
    ("language", "words", "missing"),
    [
        (
            "ja",
            ["港の視察", "市役所での意見交換", "令和9年6月1日", "City of Camden", "東京 18:30"],
            "Exchange of views",
        ),
        ("en", ["Visit to the ports", "Exchange of views at the town hall", "Tue 1 Jun 2027", "B. Voice"], "意見交換"),
    ],
)
def test_the_paper_speaks_the_language_of_its_readers(
    browse: Browse, visit: Visit, language: str, words: list[str], missing: str
) -> None:
    answer = browse("london").get(f"/desk/visits/{visit.pk}/{language}.pdf")
    text = " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())
    for word in words:
        assert word in text, text
    assert missing not in text


def test_calendars_get_zones_and_update_the_same_entries(browse: Browse, visit: Visit) -> None:
    first = icalendar.Calendar.from_ical(browse("london").get(f"/desk/visits/{visit.pk}/calendar.ics").content)
    events = list(first.walk("VEVENT"))
    assert [str(event["summary"]) for event in events] == ["市役所での意見交換", "夜の視察", "港の視察"]
    assert events[0]["dtstart"].dt.isoformat() == "2027-06-01T10:30:00+01:00"
    assert [str(zone["tzid"]) for zone in first.walk("VTIMEZONE")] == ["Europe/London"]
    stop = Stop.objects.order_by("pk")[0]
    browse("london").post(f"/desk/visits/{visit.pk}/stops/{stop.pk}/", {**STOPS[0], "begins": "11:00", "ends": "12:00"})
    second = icalendar.Calendar.from_ical(calendar_file(Visit.objects.get(), list(Stop.objects.all())))
    moved = next(event for event in second.walk("VEVENT") if event["uid"] == events[0]["uid"])
    assert moved["dtstart"].dt.hour == 11
    assert moved["sequence"] > events[0]["sequence"]


def test_a_visit_is_planned_by_the_office_at_work(cast: SimpleNamespace, browse: Browse, case: Case) -> None:
    typed = {"title": "x", "starts_on": "R9/6/2", "ends_on": "R9/6/1"}
    assert browse("london").post(f"/desk/cases/{case.pk}/visits/", typed).status_code == 422
    assert browse("hq_officer").post(f"/desk/cases/{case.pk}/visits/", typed).status_code == 403
    assert browse("newyork").post(f"/desk/cases/{case.pk}/visits/", typed).status_code == 404
    assert Visit.objects.count() == 0
