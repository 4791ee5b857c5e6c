"""What offices ask for beforehand: data that become questions and warnings, kept by headquarters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from clair_portal.audit.models import Entry
from clair_portal.calendars.models import Holiday
from clair_portal.casework.models import Case
from clair_portal.contacts.itinerary import warnings_of
from clair_portal.contacts.models import Stop, Visit
from clair_portal.network.models import Country, Jurisdiction, Organisation
from offices.filing.preconditions import questions_for, warnings_for
from offices.models import Precondition, SupportRequest
from offices.reference import load_preconditions
from tests.casework.travel import case_in, draft
from tests.cast import TODAY
from tests.conftest import WebClient

Browse = Callable[..., WebClient]
SHEET = "There is no question sheet yet."


@pytest.fixture
def case(cast: SimpleNamespace) -> Case:
    return draft(cast)


def page(case: Case, key: str) -> str:
    return f"/desk/support/{case.pk}/edit/{key}/"


def english(browse: Browse, person: str, cast: SimpleNamespace) -> WebClient:
    cast.people[person].language = "en"
    cast.people[person].save()
    return browse(person)


@pytest.fixture
def beijing(cast: SimpleNamespace) -> Organisation:
    return Organisation.objects.create(
        kind="office",
        code="BJS",
        name_ja="北京事務所",
        name_en="Beijing office",
        time_zone="Asia/Shanghai",
        calendar="BJS",
    )


def warned(case: Case, *, today: dt.date = TODAY, **changed: Any) -> list[str]:
    detail = case.support_request
    for name, value in changed.items():
        setattr(detail, name, value)
    with translation.override("en"):
        return warnings_for(case, detail, [], today)


def test_what_is_known_is_loaded_once_and_what_people_changed_stays(beijing: Organisation) -> None:
    assert load_preconditions() == "16 added"
    Precondition.objects.filter(key="office.notice").update(value=30)
    assert load_preconditions() == "0 added"
    assert Precondition.objects.get(key="office.notice").value == 30
    assert set(Precondition.objects.exclude(office=None).values_list("office__code", flat=True)) == {"LON", "BJS"}


def test_weekends_holidays_and_a_missing_question_sheet_are_warned_about(case: Case, beijing: Organisation) -> None:
    load_preconditions()
    Holiday.objects.all().delete()
    Holiday.objects.create(calendar="LON", date=dt.date(2027, 8, 30), name_ja="x", name_en="Summer bank holiday")
    said = warned(case, starts_on=dt.date(2027, 8, 28), ends_on=dt.date(2027, 8, 30))
    assert (
        "London office: A day falls on a weekend. Check whether the hosts are open. (Sat 28 Aug 2027, Sun 29 Aug 2027)"
        in said
    )
    assert "London office: A day is a holiday there. (United Kingdom: Mon 30 Aug 2027)" in said
    assert any("There is no question sheet yet." in line for line in said)
    quiet = warned(case, starts_on=dt.date(2027, 6, 1), ends_on=dt.date(2027, 6, 2), questions="1. Who pays?")
    assert not any("weekend" in line or "holiday" in line or "question sheet" in line for line in quiet)


def test_a_holiday_is_that_of_the_country_of_the_trip_and_named_by_it(
    cast: SimpleNamespace, case: Case, beijing: Organisation
) -> None:
    """London looks after Germany. Ascension Day is a holiday there; the bank holiday of the Monday before is not."""
    load_preconditions()
    germany = Country.objects.create(code="DE", alpha3="DEU", name_ja="ドイツ", name_en="Germany")
    Jurisdiction.objects.create(office=cast.places["london"], country=germany, source="test")
    Holiday.objects.all().delete()
    for calendar, day in (("LON", 3), ("DE", 6)):
        Holiday.objects.create(calendar=calendar, date=dt.date(2027, 5, day), name_en="x")
    days = {"starts_on": dt.date(2027, 5, 3), "ends_on": dt.date(2027, 5, 7)}
    for countries, named in (
        (["DE"], "(Germany: Thu 6 May 2027)"),
        (["GB"], "(United Kingdom: Mon 3 May 2027)"),
        (["GB", "DE"], "(United Kingdom: Mon 3 May 2027 / Germany: Thu 6 May 2027)"),
    ):
        case.countries = countries
        said = [line for line in warned(case, **days) if "holiday there" in line]
        assert said == [f"London office: A day is a holiday there. {named}"]


def test_a_country_whose_holidays_are_not_known_is_not_said_to_have_any(
    cast: SimpleNamespace, case: Case, beijing: Organisation
) -> None:
    load_preconditions()
    Jurisdiction.objects.create(office=cast.places["london"], country_id="MN", source="test")
    case.countries = ["MN"]
    said = warned(case, starts_on=dt.date(2027, 5, 3), ends_on=dt.date(2027, 5, 7))
    assert not any("holiday there" in line for line in said)


def test_what_is_not_known_warns_nobody_until_somebody_writes_a_number(case: Case, beijing: Organisation) -> None:
    load_preconditions()
    many = "\n".join(f"Question {number}?" for number in range(20))
    assert not any(
        "too many" in line or "soon" in line for line in warned(case, questions=many, today=dt.date(2027, 5, 30))
    )
    Precondition.objects.filter(key="office.topics").update(value=10)
    Precondition.objects.filter(key="office.notice").update(value=30)
    said = warned(case, questions=many, today=dt.date(2027, 5, 30))
    assert (
        "London office: There may be too many questions. Fewer are easier to accept. (20 questions, counted as lines of the question sheet)"
        in said
    )
    assert "London office: The trip begins soon. (2 days)" in said


def test_london_counts_the_fields_that_were_chosen_and_not_the_lines_of_questions(
    case: Case, beijing: Organisation
) -> None:
    """Its advice is about broad subjects; how many are too many it does not say, so nobody is warned until it does."""
    load_preconditions()
    case.topics = ["culture", "disaster", "health"]
    assert not any("fields of exchange" in line for line in warned(case, questions="One?\nTwo?\nThree?"))
    Precondition.objects.filter(key="london.fields").update(value=2)
    said = warned(case)
    assert sum("are a burden for the host. (3 fields of exchange were chosen)" in line for line in said) == 1
    case.topics = ["culture", "disaster"]
    assert not any(
        "fields of exchange" in line for line in warned(case, questions="\n".join("Who pays?" for _ in range(9)))
    )


def itinerary_in(place: Organisation, case: Case, *hours: tuple[str, str]) -> list[str]:
    """The warnings about stops on the clock of the office at these hours."""
    visit = Visit(case=case, office=place, starts_on=dt.date(2027, 6, 1), ends_on=dt.date(2027, 6, 1))
    stops = [
        Stop(visit=visit, day=dt.date(2027, 6, 1), begins=dt.time.fromisoformat(begins), what=f"{begins}-{ends}",
             ends=dt.time.fromisoformat(ends) if ends else None, zone=place.time_zone)
        for begins, ends in hours
    ]  # fmt: skip
    with translation.override("en"):
        return [line for line in warnings_of(visit, stops) if "lunch" in line]


def test_an_entry_in_the_lunch_hours_of_beijing_is_warned_about(case: Case, beijing: Organisation) -> None:
    load_preconditions()
    quiet = [("10:30", "11:30"), ("13:30", "14:00"), ("13:30", ""), ("09:00", "")]
    assert itinerary_in(beijing, case, *quiet) == []
    assert itinerary_in(beijing, case, *quiet, ("11:00", "11:31"), ("12:00", "")) == [
        f"{what} (11:30–13:30): This is in the lunch hours, which in places go on until 15:00. Choose another time."
        for what in ("11:00-11:31", "12:00-")
    ]


def test_where_lunch_hours_are_not_known_nobody_is_warned_until_headquarters_writes_them(
    cast: SimpleNamespace, browse: Browse, case: Case, beijing: Organisation
) -> None:
    load_preconditions()
    london = cast.places["london"]
    assert itinerary_in(london, case, ("12:00", "13:00")) == []
    row = Precondition.objects.get(key="office.lunch")
    typed = {"check_code": "lunch", "hours_from": "１２：００", "hours_until": "13", "text_ja": "昼休みです。",
             "text_en": "This is the lunch hour.", "active": "on"}  # fmt: skip
    client = english(browse, "hq_officer", cast)
    for wrong in ({"hours_until": ""}, {"hours_until": "12:00"}):
        answer = client.post(f"/desk/preconditions/{row.pk}/", {**typed, **wrong})
        assert answer.status_code == 422
        assert "Write both hours, the later one second, or leave both empty." in answer.content.decode()
    assert client.post(f"/desk/preconditions/{row.pk}/", typed).status_code == 302
    assert itinerary_in(london, case, ("12:00", "13:00")) == ["12:00-13:00 (12:00–13:00): This is the lunch hour."]
    assert "12:00–13:00" in client.get("/desk/preconditions/").content.decode()
    assert len(itinerary_in(beijing, case, ("13:00", ""))) == 1  # its own hours and not those of every office as well


def test_the_questions_of_an_office_stand_in_the_form_and_are_kept(
    cast: SimpleNamespace, browse: Browse, case: Case, beijing: Organisation
) -> None:
    load_preconditions()
    asked = questions_for(case, case.support_request, TODAY)
    assert [question.key for question in asked] == ["london.concrete", "london.level"]
    client = english(browse, "otaru", cast)
    assert "Are the questions concrete?" in client.get(page(case, "questions")).content.decode()
    client.post(page(case, "questions"), {"asked_london.concrete": "Yes: two", "asked_london.level": ""})
    detail = SupportRequest.objects.get()
    assert detail.answers == {"london.concrete": "Yes: two"}
    said = warned(case, answers=detail.answers)
    assert sum("(not answered yet)" in line for line in said) == 1


def test_an_office_reads_the_warnings_on_the_case(cast: SimpleNamespace, browse: Browse, beijing: Organisation) -> None:
    load_preconditions()
    filed = case_in(cast, "referred")
    for person in ("london", "hq_officer"):
        assert (
            "There is no question sheet yet."
            in english(browse, person, cast).get(f"/desk/cases/{filed.pk}/").content.decode()
        ), person


def test_those_who_decide_read_the_warnings_on_the_decision_and_general_advice_stays_away(
    cast: SimpleNamespace, browse: Browse, beijing: Organisation
) -> None:
    load_preconditions()
    waiting = case_in(cast, "triage")
    shown = english(browse, "hq_officer", cast).get(f"/desk/cases/{waiting.pk}/move/refer/").content.decode()
    assert SHEET in shown
    assert "Broad subjects" not in shown
    referred = case_in(cast, "referred")
    assert SHEET in english(browse, "london", cast).get(f"/desk/cases/{referred.pk}/move/accept/").content.decode()
    assert SHEET not in english(browse, "hokkaido", cast).get(f"/desk/cases/{referred.pk}/").content.decode()


def test_the_requester_reads_general_advice_before_sending(
    cast: SimpleNamespace, browse: Browse, case: Case, beijing: Organisation
) -> None:
    load_preconditions()
    shown = english(browse, "otaru", cast).get(f"/desk/support/{case.pk}/check/").content.decode()
    advice = shown.index("Advice of the office")
    assert shown.index("Broad subjects need several departments") > advice


def test_what_is_out_of_use_or_not_valid_today_says_nothing(case: Case, beijing: Organisation) -> None:
    load_preconditions()
    assert any(SHEET in line for line in warned(case))
    row = Precondition.objects.filter(key="office.question_sheet")
    row.update(active=False)
    assert not any(SHEET in line for line in warned(case))
    row.update(active=True, ends_on=dt.date(2026, 3, 31))
    assert not any(SHEET in line for line in warned(case))
    row.update(starts_on=dt.date(2026, 4, 1), ends_on=None)
    assert any(SHEET in line for line in warned(case))


def test_a_precondition_of_one_kind_of_support_speaks_for_that_kind_only(case: Case, beijing: Organisation) -> None:
    load_preconditions()
    Precondition.objects.filter(key="office.question_sheet").update(kind="briefing")
    assert not any(SHEET in line for line in warned(case, kinds=["appointment"]))
    assert any(SHEET in line for line in warned(case, kinds=["appointment", "briefing"]))


def test_a_warning_blocks_only_when_headquarters_says_so(
    cast: SimpleNamespace, browse: Browse, case: Case, beijing: Organisation
) -> None:
    load_preconditions()
    Precondition.objects.filter(key="office.question_sheet").update(blocks=True)
    client = english(browse, "otaru", cast)
    shown = client.get(f"/desk/support/{case.pk}/check/").content.decode()
    assert "Must be settled first:" in shown
    assert "/move/file/" not in shown
    answer = client.post(f"/desk/cases/{case.pk}/move/file/", {"version": case.version})
    assert answer.status_code == 422
    assert f"Before you can file it, settle this: London office: {SHEET}" in answer.content.decode()
    SupportRequest.objects.update(questions="1. Who pays?")
    assert client.post(f"/desk/cases/{case.pk}/move/file/", {"version": case.version}).status_code == 302


def test_headquarters_keeps_the_list_and_what_it_writes_holds_at_once(
    cast: SimpleNamespace, browse: Browse, case: Case, beijing: Organisation
) -> None:
    load_preconditions()
    client = english(browse, "hq_officer", cast)
    shown = client.get("/desk/preconditions/").content.decode()
    assert shown.count("<tr>") - shown.count("<thead><tr>") == 16
    row = Precondition.objects.get(key="office.notice")
    typed = {
        "office": "", "kind": "", "check_code": "notice", "value": "３０", "text_ja": "出発まで日が短い依頼です。",
        "text_en": "Less than a month is left.", "source": "", "active": "on",
    }  # fmt: skip
    assert client.post(f"/desk/preconditions/{row.pk}/", typed)["Location"] == "/desk/preconditions/"
    said = warned(case, today=dt.date(2027, 5, 20))
    assert "London office: Less than a month is left. (12 days)" in said
    entry = Entry.objects.get(event="offices.precondition.kept")
    assert entry.params["text"]["en"] == "Less than a month is left."


def test_headquarters_adds_a_question_of_an_office(
    cast: SimpleNamespace, browse: Browse, case: Case, beijing: Organisation
) -> None:
    london = cast.places["london"]
    typed = {
        "office": london.pk,
        "check_code": "ask",
        "text_ja": "見本の質問",
        "text_en": "Sample question",
        "active": "on",
    }
    assert english(browse, "hq_officer", cast).post("/desk/preconditions/new/", typed).status_code == 302
    shown = english(browse, "otaru", cast).get(page(case, "questions")).content.decode()
    assert "Sample question" in shown


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text_en": ""}, "This field is required."),
        ({"value": "soon"}, "Write the number in digits, from 1 to 9999, or leave it empty."),
        ({"starts_on": "2027-04-01", "ends_on": "2027-03-31"}, "The last day must not be before the first day."),
        ({"check_code": "note", "blocks": "on"}, "Advice holds for every request, so no request could be filed."),
    ],
)
def test_wrong_input_of_headquarters_is_named_and_kept(
    cast: SimpleNamespace, browse: Browse, wrong: dict[str, str], sentence: str
) -> None:
    typed = {"check_code": "notice", "text_ja": "見本", "text_en": "Sample of headquarters", "active": "on"}
    answer = english(browse, "hq_officer", cast).post("/desk/preconditions/new/", {**typed, **wrong})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert sentence in shown
    assert "見本" in shown
    assert not Precondition.objects.exists()


@pytest.mark.parametrize("person", ["otaru", "hokkaido", "london", "newyork"])
def test_only_headquarters_keeps_them(browse: Browse, person: str) -> None:
    assert browse(person).get("/desk/preconditions/").status_code == 403
    assert browse(person).post("/desk/preconditions/new/", {}).status_code == 403
