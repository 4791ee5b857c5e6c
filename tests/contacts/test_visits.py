"""An itinerary is planned by the office, shared, printed and put into calendars."""

from __future__ import annotations

import datetime as dt
import io
import re
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
from clair_portal.network.models import Language
from clair_portal.outbox.models import Message
from tests.casework.travel import case_in, step
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
    for code, name in (("en", "English"), ("fr", "French")):
        Language.objects.get_or_create(code=code, defaults={"name": name})
    london = browse("london")
    typed = {"title": "港の視察", "title_foreign": "Visit to the ports", "starts_on": "R9/6/1", "ends_on": "R9/6/2",
             "language": "en"}  # fmt: skip
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
        ({"begins": "99999999999999999999:00"}, "10:30のように時刻を書いてください。"),
        (
            {"begins": "10:30", "ends": "10:00"},
            "終わりの時刻は始まりより後にしてください。夜12時を過ぎる場合は、翌日の予定として加えてください。",
        ),
        (
            {"day": "R9/3/28", "begins": "1:30", "ends": ""},
            "令和9年3月28日(日)のロンドンには01:30という時刻がありません。夏時間への切り替えで時計が進むためです。",
        ),
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


def test_five_hundred_pages_in_a_note_are_counted_and_stay(browse: Browse, visit: Visit) -> None:
    pages = "港の視察の覚え書き。" * 50_000
    answer = browse("london").post(f"/desk/visits/{visit.pk}/stops/", {**STOPS[0], "note": pages})
    assert answer.status_code == 422
    assert "500文字まで" in answer.content.decode()
    assert "500000" in answer.content.decode()
    assert pages in answer.content.decode()
    shown = browse("london").get(f"/desk/visits/{visit.pk}/stops/").content.decode()
    assert "maxlength" not in shown.replace('maxlength="40"', "")  # a day is never that long


def test_warnings_name_days_outside_days_off_and_two_stops_at_once(visit: Visit) -> None:
    Holiday.objects.all().delete()
    for calendar in ("LON", "PAR"):
        Holiday.objects.create(calendar=calendar, date=dt.date(2027, 6, 2), name_ja="x", name_en="x")
    visit.case.countries = ["GB", "FR", "US"]
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
            "Lunch has no words for hosts yet.",
            "夜の視察 has no words for hosts yet.",
            "港の視察 is on a day off of the London office (Wed 2 Jun 2027).",
            "港の視察 is on a holiday of France (Wed 2 Jun 2027).",
            "港の視察 has no words for hosts yet.",
            "Late is outside the days of the visit.",
            "Late has no words for hosts yet.",
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
            ["港の視察", "市役所での意見交換", "令和9年6月1日(火)", "City of Camden", "東京 18:30", "訪問団 小樽市"],
            "Exchange of views",
        ),
        (
            "hosts",
            ["Visit to the ports", "Exchange of views at the town hall", "Tue 1 Jun 2027", "B. Voice"],
            "意見交換",
        ),
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
    assert "dtend" not in events[1]
    assert "通訳: B. Voice" in str(events[0]["description"])
    assert [str(zone["tzid"]) for zone in first.walk("VTIMEZONE")] == ["Europe/London"]
    assert first.to_ical().count(b"1980") == 0
    stop = Stop.objects.order_by("pk")[0]
    browse("london").post(f"/desk/visits/{visit.pk}/stops/{stop.pk}/", {**STOPS[0], "begins": "11:00", "ends": "12:00"})
    second = icalendar.Calendar.from_ical(calendar_file(Visit.objects.get(), list(Stop.objects.all())))
    moved = next(event for event in second.walk("VEVENT") if event["uid"] == events[0]["uid"])
    assert moved["dtstart"].dt.hour == 11
    assert moved["sequence"] > events[0]["sequence"]


def test_a_removed_stop_is_cancelled_in_the_calendars_that_took_it_up(
    cast: SimpleNamespace, browse: Browse, visit: Visit
) -> None:
    london, address = browse("london"), f"/desk/visits/{visit.pk}/"
    london.post(f"{address}share/")
    otaru = browse("otaru")
    before = {str(event["uid"]): event for event in entries(otaru, address)}
    gone = Stop.objects.get(what="夜の視察")
    london.post(f"{address}stops/{gone.pk}/remove/")
    london.post(f"{address}copy/2027-06-02/", {"to": "R9.6.1"})
    after = {str(event["uid"]): event for event in entries(otaru, address)}
    cancelled = after[str(gone.uid)]
    assert (str(cancelled["status"]), str(cancelled["summary"])) == ("CANCELLED", "行程表から削除されました")
    assert cancelled["sequence"] > before[str(gone.uid)]["sequence"]
    assert cancelled["dtstart"].dt == before[str(gone.uid)]["dtstart"].dt
    assert [uid for uid, event in after.items() if event.get("status") == "CANCELLED"] == [str(gone.uid)]
    assert before.keys() < after.keys()
    assert "夜の視察" not in otaru.get(address).content.decode()


def entries(client: WebClient, address: str) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(client.get(f"{address}calendar.ics").content).walk("VEVENT")


def test_the_days_asked_for_stand_in_the_form_of_a_new_itinerary(browse: Browse, case: Case) -> None:
    shown = browse("london").get(f"/desk/cases/{case.pk}/visits/").content.decode()
    for value in ("Canals and warehouses", "令和9年6月1日", "令和9年6月3日"):
        assert f'value="{value}"' in shown


def test_a_visit_is_planned_by_the_office_at_work(cast: SimpleNamespace, browse: Browse, case: Case) -> None:
    typed = {"title": "x", "starts_on": "R9/6/2", "ends_on": "R9/6/1", "language": "en"}
    answer = browse("london").post(f"/desk/cases/{case.pk}/visits/", typed)
    assert answer.status_code == 422
    assert browse("hq_officer").post(f"/desk/cases/{case.pk}/visits/", typed).status_code == 403
    assert browse("newyork").post(f"/desk/cases/{case.pk}/visits/", typed).status_code == 404
    assert Visit.objects.count() == 0


# --- Changing what is there -------------------------------------------------------------------------------------------
def times_of(visit: Visit) -> list[tuple[str, str, str]]:
    return [(f"{stop.day:%m-%d}", f"{stop.begins:%H:%M}", stop.what) for stop in Stop.objects.filter(visit=visit)]


def test_a_copied_day_stands_on_the_other_day_with_entries_of_its_own(browse: Browse, visit: Visit) -> None:
    answer = browse("london").post(f"/desk/visits/{visit.pk}/copy/2027-06-01/", {"to": "R9.6.3"})
    assert answer["Location"] == f"/desk/visits/{visit.pk}/#d-2027-06-03"
    assert times_of(visit) == [
        ("06-01", "10:30", "市役所での意見交換"), ("06-01", "23:30", "夜の視察"), ("06-02", "09:00", "港の視察"),
        ("06-03", "10:30", "市役所での意見交換"), ("06-03", "23:30", "夜の視察"),
    ]  # fmt: skip
    assert Stop.objects.values("uid").distinct().count() == 5
    assert Stop.objects.filter(interpreter="B. Voice", telephone="+44 20 0000").count() == 2


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("R9.6.1", "同じ日です。別の日を書いてください。"),
        ("いつか", "「いつか」は日付として読み取れません。"),
        ("", "コピー先の日を書いてください。"),
    ],
)
def test_a_day_that_cannot_be_copied_says_why_beside_it(browse: Browse, visit: Visit, to: str, sentence: str) -> None:
    answer = browse("london").post(f"/desk/visits/{visit.pk}/copy/2027-06-01/", {"to": to})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Stop.objects.count() == 3


def test_a_day_is_not_copied_into_an_hour_left_out(browse: Browse, visit: Visit) -> None:
    Stop.objects.filter(what="夜の視察").update(begins=dt.time(1, 30))
    answer = browse("london").post(f"/desk/visits/{visit.pk}/copy/2027-06-01/", {"to": "2027-03-28"})
    assert "令和9年3月28日(日)のロンドンには01:30という時刻がありません。" in answer.content.decode()
    assert Stop.objects.count() == 3


def test_a_copied_stop_begins_where_the_other_ends_and_lasts_as_long(browse: Browse, visit: Visit) -> None:
    known = Stop.objects.get(what="市役所での意見交換")
    form = browse("london").get(f"/desk/visits/{visit.pk}/stops/?from={known.pk}").context["form"]
    shown = [form[name].value() for name in ("begins", "ends", "what", "interpreter", "telephone")]
    assert shown == ["11:30", "12:30", "市役所での意見交換", "B. Voice", "+44 20 0000"]
    assert Stop.objects.count() == 3


def test_two_stops_change_places_and_keep_their_length(browse: Browse, visit: Visit) -> None:
    night = Stop.objects.get(what="夜の視察")
    Stop.objects.filter(pk=night.pk).update(begins=dt.time(15), ends=dt.time(15, 20))
    browse("london").post(f"/desk/visits/{visit.pk}/stops/{night.pk}/move/", {"to": "earlier"})
    assert [(stop.what, f"{stop.begins:%H:%M}–{stop.ends:%H:%M}") for stop in Stop.objects.filter(day=night.day)] == [
        ("夜の視察", "10:30–10:50"), ("市役所での意見交換", "15:00–16:00"),
    ]  # fmt: skip


def test_a_stop_is_not_moved_past_midnight(browse: Browse, visit: Visit) -> None:
    first = Stop.objects.get(what="市役所での意見交換")
    address = f"/desk/visits/{visit.pk}/stops/{first.pk}/move/"
    answer = browse("london").post(address, {"to": "later"}, follow=True)
    assert "夜12時を過ぎてしまいます。時刻を直接書き換えてください。" in answer.content.decode()
    assert times_of(visit)[0] == ("06-01", "10:30", "市役所での意見交換")


def test_a_trip_put_off_takes_its_stops_along(browse: Browse, visit: Visit) -> None:
    london, address = browse("london"), f"/desk/visits/{visit.pk}/edit/"
    typed = {"title": "港の視察", "starts_on": "R9/6/8", "ends_on": "R9/6/9", "language": "fr", "along": "on",
             "title_foreign": "Visit to the ports", "version": shown(london, address)}  # fmt: skip
    for _double_click in range(2):
        assert london.post(address, typed).status_code == 302
        assert [day for day, _time, _what in times_of(visit)] == ["06-08", "06-08", "06-09"]
    assert Visit.objects.get().language == "fr"


def shown(client: WebClient, address: str) -> str:
    found = re.search(r'name="version" value="([^"]*)"', client.get(address).content.decode())
    assert found
    return found[1]


KEPT = {"title": "港の視察", "title_foreign": "Visit to the ports", "starts_on": "R9/6/1", "ends_on": "R9/6/2",
        "language": "en"}  # fmt: skip


def test_who_corrects_the_title_does_not_take_back_the_days_a_colleague_moved(browse: Browse, visit: Visit) -> None:
    first, second, address = browse("london"), browse("london_local"), f"/desk/visits/{visit.pk}/edit/"
    seen = shown(first, address)
    second.post(address, {**KEPT, "starts_on": "2027-06-08", "ends_on": "2027-06-09", "along": "on", "version": seen})
    assert first.post(address, {**KEPT, "title": "運河の視察", "along": "on", "version": seen}).status_code == 302
    kept = Visit.objects.get()
    assert (kept.title, f"{kept.starts_on:%m-%d}", f"{kept.ends_on:%m-%d}") == ("運河の視察", "06-08", "06-09")
    assert [day for day, _time, _what in times_of(visit)] == ["06-08", "06-08", "06-09"]


def test_two_who_move_a_visit_to_other_days_meet(browse: Browse, visit: Visit) -> None:
    first, second, address = browse("london"), browse("london_local"), f"/desk/visits/{visit.pk}/edit/"
    seen = shown(first, address)
    second.post(address, {**KEPT, "starts_on": "2027-06-08", "ends_on": "2027-06-09", "along": "on", "version": seen})
    typed = {**KEPT, "ends_on": "2027-06-03", "along": "on", "version": seen}
    answer = first.post(address, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<span>令和9年6月9日</span>" in page
    assert 'value="2027-06-03"' in page
    assert [day for day, _time, _what in times_of(visit)] == ["06-08", "06-08", "06-09"]
    knowing = re.search(r'name="version" value="([^"]*)"', page)
    assert knowing
    assert first.post(address, {**typed, "version": knowing[1]}).status_code == 302
    assert [day for day, _time, _what in times_of(visit)] == ["06-01", "06-01", "06-02"]


@pytest.mark.parametrize("how", ["put off", "moved"])
def test_a_stop_opened_before_its_day_or_hour_changed_does_not_bring_the_old_one_back(
    browse: Browse, visit: Visit, how: str
) -> None:
    first, second, stop = browse("london"), browse("london_local"), Stop.objects.get(what="市役所での意見交換")
    if how == "put off":
        address = f"/desk/visits/{visit.pk}/edit/"
        typed = {**KEPT, "starts_on": "2027-06-08", "ends_on": "2027-06-09", "along": "on"}
        assert second.post(address, {**typed, "version": shown(second, address)}).status_code == 302
    else:
        Stop.objects.filter(what="夜の視察").update(begins=dt.time(15), ends=dt.time(15, 20))
        second.post(f"/desk/visits/{visit.pk}/stops/{stop.pk}/move/", {"to": "later"})
    now = Stop.objects.get(pk=stop.pk)
    answer = first.post(f"/desk/visits/{visit.pk}/stops/{stop.pk}/", {**STOPS[0], "what": "言葉", "seen": 1})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ("<span>令和9年6月8日</span>" if how == "put off" else "<span>15:00</span>") in page
    kept = Stop.objects.get(pk=stop.pk)
    assert (kept.what, kept.day, kept.begins) == ("市役所での意見交換", now.day, now.begins)


def test_two_who_change_one_stop_do_not_overwrite_each_other(browse: Browse, visit: Visit) -> None:
    stop = Stop.objects.get(what="市役所での意見交換")
    address = f"/desk/visits/{visit.pk}/stops/{stop.pk}/"
    assert browse("london").post(address, {**STOPS[0], "what": "一人目", "seen": 1}).status_code == 302
    answer = browse("london_local").post(address, {**STOPS[0], "what": "二人目の言葉", "seen": 1})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert (
        "この予定は、その間にほかの人が変更しました。" in page or "Somebody else changed this stop meanwhile." in page
    )
    assert "二人目の言葉" in page
    assert 'name="seen" value="2"' in page
    assert Stop.objects.get(pk=stop.pk).what == "一人目"


def test_what_was_typed_for_a_stop_another_removed_is_kept_and_becomes_a_new_one(browse: Browse, visit: Visit) -> None:
    stop = Stop.objects.get(what="市役所での意見交換")
    address, typed = f"/desk/visits/{visit.pk}/stops/{stop.pk}/", {**STOPS[0], "what": "長い説明", "seen": 1}
    browse("london_local").post(f"{address}remove/")
    london, before = browse("london"), Stop.objects.count()
    answer = london.post(address, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "この予定は、その間にほかの人が削除しました。" in page
    assert 'value="長い説明"' in page
    assert 'name="seen"' not in page
    assert f'action="/desk/visits/{visit.pk}/stops/' in page
    assert Stop.objects.count() == before
    assert london.post(f"/desk/visits/{visit.pk}/stops/", typed).status_code == 302
    assert (Stop.objects.count(), Stop.objects.filter(what="長い説明").count()) == (before + 1, 1)
    assert london.get(address).status_code == 404


def test_changes_after_sharing_are_told_once_when_the_office_says_so(browse: Browse, visit: Visit) -> None:
    london, page = browse("london"), f"/desk/visits/{visit.pk}/"
    london.post(f"{page}share/")
    assert "変更を全員に知らせる" not in london.get(page).content.decode()
    Message.objects.all().delete()
    london.post(f"{page}copy/2027-06-01/", {"to": "R9.6.2"})
    assert Message.objects.count() == 0
    assert "変更を全員に知らせる" in london.get(page).content.decode()
    london.post(f"{page}share/")
    assert Message.objects.get().event == "contacts.visit.changed"
    assert "変更を全員に知らせる" not in london.get(page).content.decode()


def test_an_itinerary_others_have_seen_stays(browse: Browse, visit: Visit) -> None:
    london, page = browse("london"), f"/desk/visits/{visit.pk}/"
    london.post(f"{page}share/")
    answer = london.post(f"{page}remove/", follow=True)
    assert "この行程表はほかの人が見ているため、削除できません。" in answer.content.decode()
    assert Visit.objects.count() == 1


def test_an_itinerary_nobody_has_seen_can_go(browse: Browse, visit: Visit) -> None:
    assert browse("london").post(f"/desk/visits/{visit.pk}/remove/").status_code == 302
    assert (Visit.objects.count(), Stop.objects.count()) == (0, 0)


def test_clocks_of_the_countries_of_the_case_are_offered(cast: SimpleNamespace, browse: Browse, visit: Visit) -> None:
    Case.objects.filter(pk=visit.case_id).update(countries=["GB", "DE"])
    zones = [
        zone
        for zone, _city in browse("london")
        .get(f"/desk/visits/{visit.pk}/stops/")
        .context["form"]
        .fields["zone"]
        .choices
    ]
    assert zones[:2] == ["Europe/London", "Europe/Berlin"]
    assert "Asia/Tokyo" in zones


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["Programme de visite", "mardi 1 juin 2027", "Interprète", "Organisé par"]),
        ("ko", ["방문 일정표", "2027년 6월 1일 (화요일)", "통역"]),
        ("zh-hans", ["访问日程", "2027年6月1日 星期二", "翻译"]),
        ("th", ["Itinerary", "Tue 1 Jun 2027", "Interpreter"]),
    ],
)
def test_hosts_read_headings_in_their_language_or_in_english(
    browse: Browse, visit: Visit, language: str, words: list[str]
) -> None:
    Visit.objects.update(language=language)
    answer = browse("london").get(f"/desk/visits/{visit.pk}/hosts.pdf")
    text = " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())
    for word in words:
        assert word in text, text
    assert "Characters shown as" not in text


@pytest.mark.parametrize("path", ["stops/", "edit/"])
def test_on_a_withdrawn_case_nothing_is_planned_and_what_was_typed_stays(
    cast: SimpleNamespace, browse: Browse, visit: Visit, path: str
) -> None:
    step(cast, Case.objects.get(pk=visit.case_id), "otaru", "withdraw")
    typed = {
        **STOPS[0],
        "title": "残る言葉",
        "what": "残る言葉",
        "starts_on": "R9/7/1",
        "ends_on": "R9/7/2",
        "language": "en",
    }
    page = browse("london").post(f"/desk/visits/{visit.pk}/{path}", {**typed, "along": "on"})
    assert page.status_code == 422
    assert "案件の状態がいまは「取下げ」のため、この操作はできません。" in page.content.decode()
    assert "残る言葉" in page.content.decode()
    assert [day for day, _time, _what in times_of(visit)] == ["06-01", "06-01", "06-02"]
    assert "予定を加える" not in browse("london").get(f"/desk/visits/{visit.pk}/").content.decode()


# --- Over the date line -----------------------------------------------------------------------------------------------
@pytest.fixture
def flight(visit: Visit) -> Visit:
    """Away from Haneda at 17:00, in San Francisco at 10:30 of the same day; a dinner there, with an end."""
    Stop.objects.all().delete()
    flown = (("Asia/Tokyo", 17, None, "羽田発"), ("America/Los_Angeles", 10, None, "到着"),
             ("America/Los_Angeles", 18, dt.time(20), "夕食"))  # fmt: skip
    for zone, hour, ends, what in reversed(flown):
        Stop.objects.create(
            visit=visit, case=visit.case, office=visit.office, day=dt.date(2027, 6, 1), begins=dt.time(hour), ends=ends,
            zone=zone, what=what,
        )  # fmt: skip
    return visit


def test_a_flight_over_the_date_line_leaves_before_it_lands(flight: Visit, browse: Browse) -> None:
    [day] = days_of(list(flight.stops.all()))
    assert [line.stop.what for line in day.lines] == ["羽田発", "到着", "夕食"]
    text = browse("london").get(f"/desk/visits/{flight.pk}/").content.decode()
    assert text.index("羽田発") < text.index("到着") < text.index("夕食")


def test_after_landing_the_next_stop_goes_on_with_the_clock_there(flight: Visit, browse: Browse) -> None:
    Stop.objects.filter(what="夕食").delete()
    form = browse("london").get(f"/desk/visits/{flight.pk}/stops/").context["form"]
    assert form["zone"].value() == "America/Los_Angeles"


def test_stops_after_landing_change_places_with_each_other(flight: Visit, browse: Browse) -> None:
    dinner = Stop.objects.get(what="夕食")
    browse("london").post(f"/desk/visits/{flight.pk}/stops/{dinner.pk}/move/", {"to": "earlier"})
    [day] = days_of(list(flight.stops.all()))
    assert [(line.stop.what, line.clock) for line in day.lines] == [
        ("羽田発", "17:00"), ("夕食", "10:00–12:00"), ("到着", "18:00"),
    ]  # fmt: skip
