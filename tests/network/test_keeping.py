from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from clair_portal.accounts.models import Posting
from clair_portal.audit.models import Entry
from clair_portal.calendars.business_days import calendar_for, calendars_there
from clair_portal.calendars.models import Holiday
from clair_portal.network.enums import Kind
from clair_portal.network.history import changes_of
from clair_portal.network.models import Country, Jurisdiction, Organisation, Succession
from tests.conftest import WebClient

pytestmark = pytest.mark.django_db
Browse = Callable[..., WebClient]
OTHERS = ["hokkaido", "otaru", "otaru_administrator", "osaka", "london", "london_local", "newyork"]


def at(cast: SimpleNamespace, place: str, rest: str = "") -> str:
    return f"/desk/directory/organisations/{cast.places[place].pk}/{rest}"


def form_of(client: WebClient, address: str) -> dict[str, Any]:
    """What a browser would send back of the form without touching it."""
    form = client.get(address).context["form"]
    return {bound.html_name: bound.value() if bound.value() is not None else "" for bound in form}


@pytest.mark.parametrize("person", OTHERS)
@pytest.mark.parametrize("rest", ["edit/", "succession/", "jurisdiction/"])
def test_only_headquarters_keeps_the_directory(browse: Browse, cast: SimpleNamespace, person: str, rest: str) -> None:
    assert browse(person).get(at(cast, "london", rest)).status_code == 403
    assert browse(person).post(at(cast, "london", rest), {}).status_code == 403
    assert browse(person).get("/desk/directory/organisations/new/").status_code == 403


def test_a_change_is_saved_logged_and_its_old_value_readable(browse: Browse, cast: SimpleNamespace) -> None:
    hq, address = browse("hq_officer"), at(cast, "otaru", "edit/")
    answer = hq.post(address, {**form_of(hq, address), "kana": "おたるし", "name_en": "Otaru City", "source": "letter"})
    assert answer.status_code == 302
    otaru = Organisation.objects.get(code="012033")
    assert (otaru.kana, otaru.name_en) == ("おたるし", "Otaru City")
    assert "おたるし" in otaru.search_text
    entry = Entry.objects.get(event="network.organisation.changed")
    assert entry.person == cast.people["hq_officer"].pk
    assert {"Kana", "Name [en]", "Source"} & {field["en"] for field in entry.params["fields"]}
    changed = {change.label: (change.before, change.after, change.person) for change in changes_of(otaru)}
    assert changed["Name in English"] == ("Otaru", "Otaru City", cast.people["hq_officer"].pk)
    page = hq.get(at(cast, "otaru")).content.decode()
    assert "Otaru City" in page
    assert "早川 みお" in page


def test_what_is_wrong_stands_in_the_summary_and_beside_the_field(browse: Browse, cast: SimpleNamespace) -> None:
    hq, address = browse("hq_officer"), at(cast, "london", "edit/")
    sent = {**form_of(hq, address), "time_zone": "Europe/Londinium", "source": ""}
    answer = hq.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"time_zone", "source"}
    assert 'href="#id_time_zone"' in page
    assert "Europe/Londinium" in page
    assert not Entry.objects.exists()


def test_two_people_changing_the_same_row_do_not_overwrite_each_other(browse: Browse, cast: SimpleNamespace) -> None:
    hq, address = browse("hq_officer"), at(cast, "otaru", "edit/")
    mine = {**form_of(hq, address), "kana": "おたるし", "source": "mine"}
    other = browse("hq_approver")
    assert (
        other.post(address, {**form_of(other, address), "romaji": "Otaru-shi", "source": "theirs"}).status_code == 302
    )
    answer = hq.post(address, mine)
    assert answer.status_code == 422
    assert "おたるし" in answer.content.decode()
    assert Organisation.objects.get(code="012033").source == "theirs"


def test_nothing_changed_writes_no_log(browse: Browse, cast: SimpleNamespace) -> None:
    Organisation.objects.filter(code="012033").update(source="list")
    hq, address = browse("hq_officer"), at(cast, "otaru", "edit/")
    assert hq.post(address, form_of(hq, address)).status_code == 302
    assert not Entry.objects.exists()


def test_kind_and_code_of_a_body_cannot_be_changed(browse: Browse, cast: SimpleNamespace) -> None:
    hq, address = browse("hq_officer"), at(cast, "otaru", "edit/")
    hq.post(address, {**form_of(hq, address), "source": "x", "kind": "town", "code": "012025"})
    otaru = Organisation.objects.get(pk=cast.places["otaru"].pk)
    assert (otaru.kind, otaru.code) == ("city", "012033")


def test_an_organisation_is_added_with_a_checked_code(browse: Browse, cast: SimpleNamespace) -> None:
    hq, address = browse("hq_officer"), "/desk/directory/organisations/new/"
    sent = {
        **form_of(hq, address), "kind": "town", "code": "013048", "name_ja": "新篠津村", "name_en": "Shinshinotsu",
        "branch": cast.places["hokkaido"].pk, "source": "list",
    }  # fmt: skip
    wrong = hq.post(address, {**sent, "code": "013045"})
    assert wrong.status_code == 422
    assert "code" in wrong.context["form"].errors
    answer = hq.post(address, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    added = Organisation.objects.get(code="013048")
    assert added.branch == cast.places["hokkaido"]
    assert Entry.objects.get().event == "network.organisation.added"


# --- Mergers ----------------------------------------------------------------------------------------------------------


def merge(client: WebClient, cast: SimpleNamespace, **changes: str) -> Any:
    sent = {"successor": "012033", "kind": "merger", "on": "令和9年4月1日", "source": "Official Gazette", **changes}
    return client.post(at(cast, "hakodate", "succession/"), sent)


def test_a_merger_keeps_the_history(browse: Browse, cast: SimpleNamespace) -> None:
    assert merge(browse("hq_officer"), cast).status_code == 302
    former = Organisation.objects.get(code="012025")
    assert former.ends_on == dt.date(2027, 3, 31)
    assert former.in_being(dt.date(2027, 3, 31))
    assert not former.in_being(dt.date(2027, 4, 1))
    succession = Succession.objects.get()
    assert (succession.predecessor, succession.successor.code, succession.on) == (former, "012033", dt.date(2027, 4, 1))
    assert Posting.objects.filter(organisation=former).count() == 1
    assert [change.label for change in changes_of(former)] == ["Existed until"]
    hq = browse("hq_officer")
    assert at(cast, "hakodate") in hq.get(at(cast, "otaru")).content.decode()
    assert at(cast, "otaru") in hq.get(at(cast, "hakodate")).content.decode()
    assert "小樽市" in hq.get(at(cast, "hakodate")).content.decode().split('id="history"')[1]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"successor": "012025"}, "successor"),
        ({"successor": "nowhere"}, "successor"),
        ({"successor": "市"}, "successor"),
        ({"on": "2027-02-30"}, "on"),
        ({"source": ""}, "source"),
    ],
)
def test_a_merger_that_cannot_be_is_refused_beside_the_field(
    browse: Browse, cast: SimpleNamespace, changes: dict[str, str], field: str
) -> None:
    answer = merge(browse("hq_officer"), cast, **changes)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert Organisation.objects.get(code="012025").ends_on is None


def test_several_organisations_of_the_name_are_listed_with_their_codes(browse: Browse, cast: SimpleNamespace) -> None:
    for code, parent in (("132063", "osaka_prefecture"), ("342084", "hokkaido")):
        Organisation.objects.create(
            kind=Kind.CITY, code=code, name_ja="府中市", name_en="Fuchū", parent=cast.places[parent]
        )
    answer = merge(browse("hq_officer"), cast, successor="府中市")
    sentence = answer.context["form"].errors["successor"][0]
    assert "132063" in sentence
    assert "342084" in sentence


def test_a_second_successor_must_begin_on_the_same_day(browse: Browse, cast: SimpleNamespace) -> None:
    hq = browse("hq_officer")
    merge(hq, cast, kind="division")
    late = merge(hq, cast, kind="division", successor="011002", on="2027-05-01")
    assert list(late.context["form"].errors) == ["on"]
    assert merge(hq, cast, kind="division", successor="011002", on="2027-04-01").status_code == 302
    assert Succession.objects.count() == 2


def test_a_branch_with_municipalities_cannot_just_end(browse: Browse, cast: SimpleNamespace) -> None:
    sent = {"successor": "270008", "kind": "merger", "on": "2027-04-01", "source": "law"}
    answer = browse("hq_officer").post(at(cast, "hokkaido", "succession/"), sent)
    assert answer.status_code == 422
    assert Organisation.objects.get(code="010006").ends_on is None


# --- Jurisdictions ----------------------------------------------------------------------------------------------------


def test_an_overlapping_jurisdiction_is_refused_with_a_sentence_that_names_the_office(
    browse: Browse, cast: SimpleNamespace
) -> None:
    answer = browse("hq_officer", accept_language="en").post(
        at(cast, "paris", "jurisdiction/"), {"country": "GB", "starts_on": "2027-04-01", "source": "notice"}
    )
    assert answer.status_code == 422
    assert "ロンドン事務所" in answer.context["form"].non_field_errors()[0]
    assert Jurisdiction.objects.filter(country="GB").count() == 1


def test_a_country_moves_from_one_office_to_another_on_a_day(browse: Browse, cast: SimpleNamespace) -> None:
    hq = browse("hq_officer")
    old = Jurisdiction.objects.get(country="GB")
    ended = hq.post(at(cast, "london", "jurisdiction/"), {"end": old.pk, f"{old.pk}-ends_on": "R9.3.31"})
    assert ended.status_code == 302
    added = hq.post(at(cast, "paris", "jurisdiction/"), {"country": "GB", "starts_on": "R9.4.1", "source": "notice"})
    assert added.status_code == 302
    assert Jurisdiction.objects.office_for("GB", dt.date(2027, 3, 31)) == cast.places["london"]
    assert Jurisdiction.objects.office_for("GB", dt.date(2027, 4, 1)) == cast.places["paris"]
    assert set(Entry.objects.values_list("event", flat=True)) == {
        "network.jurisdiction.ended",
        "network.jurisdiction.added",
    }


def test_a_country_nobody_served_is_added_since_before_records(browse: Browse, cast: SimpleNamespace) -> None:
    answer = browse("hq_officer").post(at(cast, "london", "jurisdiction/"), {"country": "MN", "source": "notice"})
    assert answer.status_code == 302
    assert Jurisdiction.objects.get(country=Country.objects.get(pk="MN")).starts_on is None


def test_days_in_the_wrong_order_are_refused_beside_the_field(browse: Browse, cast: SimpleNamespace) -> None:
    sent = {"country": "MN", "starts_on": "2027-04-01", "ends_on": "2027-03-31", "source": "notice"}
    answer = browse("hq_officer").post(at(cast, "london", "jurisdiction/"), sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["ends_on"]


def test_a_last_day_before_the_first_is_refused(browse: Browse, cast: SimpleNamespace) -> None:
    row = Jurisdiction.objects.get(country="GB")
    Jurisdiction.objects.filter(pk=row.pk).update(starts_on=dt.date(2020, 4, 1))
    sent = {"end": row.pk, f"{row.pk}-ends_on": "2020-03-31"}
    answer = browse("hq_officer").post(at(cast, "london", "jurisdiction/"), sent)
    assert answer.status_code == 422
    row.refresh_from_db()
    assert row.ends_on is None


def test_a_jurisdiction_of_another_office_cannot_be_ended_here(browse: Browse, cast: SimpleNamespace) -> None:
    row = Jurisdiction.objects.get(country="FR")
    sent = {"end": row.pk, f"{row.pk}-ends_on": "2027-03-31"}
    assert browse("hq_officer").post(at(cast, "london", "jurisdiction/"), sent).status_code == 404


# --- Holidays ---------------------------------------------------------------------------------------------------------

LONDON = "/desk/directory/holidays/LON/"
ADDED = {"date": "令和9年6月3日", "name_en": "Office moves", "name_ja": "事務所移転"}


@pytest.mark.parametrize("person", ["hq_officer", "london", "london_local"])
def test_headquarters_and_the_office_itself_enter_a_day(browse: Browse, person: str) -> None:
    assert browse(person).post(LONDON, ADDED).status_code == 302
    holiday = Holiday.objects.get()
    assert (holiday.calendar, holiday.date, holiday.source) == ("LON", dt.date(2027, 6, 3), "entered in the portal")
    assert not calendar_for("LON").is_business_day(dt.date(2027, 6, 3))
    assert Entry.objects.get().event == "network.holiday.added"


@pytest.mark.parametrize("person", ["newyork", "hokkaido", "otaru_administrator"])
def test_others_read_the_days_and_change_nothing(browse: Browse, person: str) -> None:
    assert browse(person).get(LONDON).status_code == 200
    assert browse(person).get(LONDON).context["form"] is None
    assert browse(person).post(LONDON, ADDED).status_code == 403
    assert not Holiday.objects.exists()


def test_a_day_cannot_be_entered_twice(browse: Browse) -> None:
    Holiday.objects.create(calendar="LON", date=dt.date(2027, 6, 3), name_en="There already")
    answer = browse("london").post(LONDON, ADDED)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["date"]


def test_a_day_of_the_reference_data_becomes_a_working_day_and_can_come_back(browse: Browse) -> None:
    holiday = Holiday.objects.create(
        calendar="LON", date=dt.date(2027, 5, 31), name_en="Spring Bank Holiday", source="holidays 0.109"
    )
    client = browse("london")
    assert client.post(f"{LONDON}?year=2027", {"action": "remove", "holiday": holiday.pk}).status_code == 302
    assert calendar_for("LON").is_business_day(dt.date(2027, 5, 31))
    client.post(LONDON, {"action": "restore", "holiday": holiday.pk})
    assert not calendar_for("LON").is_business_day(dt.date(2027, 5, 31))


def test_a_day_entered_here_is_taken_out(browse: Browse) -> None:
    client = browse("london")
    client.post(LONDON, ADDED)
    client.post(LONDON, {"action": "remove", "holiday": Holiday.objects.get().pk})
    assert not Holiday.objects.exists()


def test_a_day_of_another_calendar_cannot_be_reached(browse: Browse) -> None:
    holiday = Holiday.objects.create(calendar="NYC", date=dt.date(2027, 7, 5), name_en="Independence Day (observed)")
    assert browse("london").post(LONDON, {"action": "remove", "holiday": holiday.pk}).status_code == 404
    assert Holiday.objects.get().working is False


@pytest.mark.parametrize(
    ("person", "changes"), [("hq_officer", True), ("london", True), ("newyork", False), ("otaru", False)]
)
def test_days_of_a_country_without_an_office_are_kept_by_the_office_that_looks_after_it(
    cast: SimpleNamespace, browse: Browse, person: str, changes: bool
) -> None:
    germany = Country.objects.create(code="DE", alpha3="DEU", name_ja="ドイツ", name_en="Germany")
    Jurisdiction.objects.create(office=cast.places["london"], country=germany, source="test")
    page, client = "/desk/directory/holidays/DE/", browse(person)
    assert ("Germany" if person in ("newyork", "london_local") else "ドイツ") in client.get(page).content.decode()
    assert client.post(page, ADDED).status_code == (302 if changes else 403)
    assert Holiday.objects.filter(calendar="DE").exists() == changes
    if changes:
        assert Entry.objects.about(cast.places["london"]).get().params["calendar"] == "DE"
    office = f"/desk/directory/organisations/{cast.places['london'].pk}/"
    assert page in client.get(office).content.decode()


def test_days_of_a_country_no_office_looks_after_are_kept_by_headquarters(browse: Browse) -> None:
    page = "/desk/directory/holidays/MN/"
    assert browse("london").post(page, ADDED).status_code == 403
    assert browse("hq_officer").post(page, ADDED).status_code == 302
    (found,) = calendars_there([], ["MN"])[1].values()
    assert found.holidays == {dt.date(2027, 6, 3)}


def test_a_country_with_an_office_has_no_second_calendar(browse: Browse) -> None:
    assert browse("hq_officer").get("/desk/directory/holidays/GB/").status_code == 404


def test_a_calendar_nobody_keeps_is_not_found(browse: Browse) -> None:
    assert browse("hq_officer").get("/desk/directory/holidays/MOON/").status_code == 404
    assert browse("hq_officer").get(f"{LONDON}?year={'9' * 5000}").status_code == 200
