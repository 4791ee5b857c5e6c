"""A host calls for participants; organisations apply until the closing moment; the results are told once."""

from __future__ import annotations

import datetime as dt
import io
import threading
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import icalendar
import openpyxl
import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clair_portal.accounts.models import Person
from clair_portal.approvals import services as approvals
from clair_portal.approvals.models import ApprovalStep
from clair_portal.audit.models import Entry
from clair_portal.gatherings import call_telling, calling, deciding
from clair_portal.gatherings.deciding import SELECT
from clair_portal.gatherings.models import Application, Call
from clair_portal.gatherings.rules import Refused
from clair_portal.outbox.models import Message
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.approvals.along import route, with_staff
from tests.cast import make_cast, reader
from tests.conftest import WebClient
from tests.gatherings.calling import (
    APPLICANTS,
    APPLICATION,
    DAY,
    a_call,
    a_turn,
    applied,
    closed,
    fresh,
    stands,
)
from tests.gatherings.planning import opened

Browse = Callable[..., WebClient]
FORM = {**APPLICATION, "people": "2", "names": "市長 山田\n課長 佐藤", "consent": "on", "version": ""}
TYPED = {"title_en": "Study visit", "opens_on": "2027-01-12", "closes_on": "令和9年2月1日", "closes_clock": "17時", "places": "3",
         "most_people": "2", "fee": "12,000円", "conditions_en": "Pay your own way.", "selection": "approval"}  # fmt: skip


def say_no(cast: SimpleNamespace, call: Call, who: str) -> str:
    with pytest.raises(Refused) as caught:
        applied(cast, call, who)
    return str(caught.value)


def withdrawn(cast: SimpleNamespace, call: Call, who: str) -> None:
    actor = reader(cast, who)
    with acting(actor.scope):
        own = Application.objects.select_related("call").get(call=call, organisation=actor.scope.organisation)
        calling.withdraw(own, actor=actor)


def decided(cast: SimpleNamespace, **choice: int) -> Call:
    """By approval among those who applied: 0 selected, a number that of a reserve, nothing not selected."""
    call = a_call(cast, selection="approval", places=1)
    for who in ("otaru", "hakodate", "sapporo", "osaka"):
        applied(cast, call, who)
    return confirmed(cast, chosen(cast, closed(call), **choice))


def chosen(cast: SimpleNamespace, call: Call, who: str = "london", **choice: int) -> Call:
    actor = reader(cast, who)
    with acting(actor.scope):
        standing = Application.objects.filter(call=call).standing().select_related("organisation")
        deciding.choose(
            call, choice={each: choice.get(each.organisation.name_en.lower()) for each in standing}, actor=actor,
            now=timezone.now(),
        )  # fmt: skip
    return fresh(call)


def confirmed(cast: SimpleNamespace, call: Call, who: str = "london") -> Call:
    actor = reader(cast, who)
    with acting(actor.scope):
        deciding.confirm(call, actor=actor, now=timezone.now())
    return fresh(call)


def told() -> Counter[str]:
    return Counter(
        Message.objects.filter(event__startswith="gatherings.")
        .exclude(event="gatherings.call.applied")
        .values_list("event", flat=True)
    )


# --- Planning and publishing --------------------------------------------------------------------------------------------
def test_host_plans_a_call_on_the_clock_of_tokyo_and_publishes_it(browse: Browse, cast: SimpleNamespace) -> None:
    client = browse("london_local")
    response = client.post("/desk/calls/new/", TYPED)
    call = Call.objects.get()
    assert response.url == f"/desk/calls/{call.pk}/"
    assert call.closes_at == dt.datetime(2027, 2, 1, 8, 0, tzinfo=dt.UTC)
    assert (call.state, call.places, call.fee, call.released_at) == ("planned", 3, 12000, None)
    assert browse("otaru").get(f"/desk/calls/{call.pk}/").status_code == 404
    client.post(f"/desk/calls/{call.pk}/publish/")
    page = browse("otaru").get(f"/desk/calls/{call.pk}/")
    assert "2月1日(月)17:00 東京" in page.text
    Person.objects.filter(pk=cast.people["london_local"].pk).update(time_zone="Europe/London")
    assert "08:00 London" in client.get(f"/desk/calls/{call.pk}/").text


def test_bad_input_keeps_everything_typed_and_says_what_to_write(browse: Browse) -> None:
    bad = TYPED | {"closes_on": "2027-01-01", "selection": "lottery", "conditions_en": "", "summary_en": "Typed by me"}
    page = browse("london_local").post("/desk/calls/new/", bad)
    assert page.status_code == 422
    assert "The call must close after it opens." in page.text
    assert "Name the public number the lottery will use." in page.text
    assert "Write the conditions in Japanese or in English: organisations agree to them." in page.text
    assert "Typed by me" in page.text
    assert Call.objects.count() == 0


def test_what_a_published_call_promised_stays_and_its_closing_only_moves_later(
    browse: Browse, cast: SimpleNamespace
) -> None:
    call, client = a_call(cast), browse("london_local")
    sent = {"title_en": "New title", "closes_on": (call.closes_at + 2 * DAY).date().isoformat(), "closes_clock": "17:00",
            "places": "99", "version": str(call.version)}  # fmt: skip
    assert client.post(f"/desk/calls/{call.pk}/edit/", sent).status_code == 302
    found = fresh(call)
    assert (found.title_en, found.places, found.closes_at > call.closes_at) == ("New title", 2, True)
    earlier = sent | {"closes_on": timezone.localdate().isoformat(), "version": str(found.version)}
    page = client.post(f"/desk/calls/{call.pk}/edit/", earlier)
    assert page.status_code == 422
    assert "A published call can close later, never earlier. Write a later day; nothing was saved." in page.text


@pytest.mark.second_wall
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("places = 99", "what a call promised stays"),
        ("seed_rule_ja = 'x'", "what a call promised stays"),
        ("closes_at = now()", "a call is never closed earlier, and not opened again"),
        ("state = 'decided', results_at = now()", "a call is decided after it closed"),
    ],
)
def test_the_database_itself_keeps_what_was_promised(cast: SimpleNamespace, change: str, why: str) -> None:
    call = a_call(cast)
    with pytest.raises(ProgrammingError, match=why), transaction.atomic(), acting(reader(cast, "london").scope):
        with connection.cursor() as cursor:
            cursor.execute(f"update gatherings_call set {change} where id = %s", [call.pk])


def test_a_call_of_another_office_cannot_be_changed(browse: Browse, cast: SimpleNamespace) -> None:
    path = f"/desk/calls/{a_call(cast).pk}"
    for page in ("publish", "cancel", "decide", "draw"):
        assert browse("newyork").post(f"{path}/{page}/").status_code == 404
        assert browse("otaru").post(f"{path}/{page}/").status_code == 403
    assert browse("newyork").get(f"{path}/applications/").status_code == 404


# --- Applying -----------------------------------------------------------------------------------------------------------
def test_organisation_applies_once_and_changes_it_until_the_closing(browse: Browse, cast: SimpleNamespace) -> None:
    call, client = a_call(cast), browse("otaru")
    assert client.post(f"/desk/calls/{call.pk}/apply/", FORM).status_code == 302
    own = Application.objects.get()
    assert (own.organisation, own.lot, own.people, own.state) == (cast.places["otaru"], 1, 2, "sent")
    assert client.post(f"/desk/calls/{call.pk}/apply/", FORM | {"reason": "変更", "version": "1"}).status_code == 302
    assert [(a.lot, a.reason, a.version) for a in Application.objects.all()] == [(1, "変更", 2)]
    stale = browse("otaru_administrator").post(
        f"/desk/calls/{call.pk}/apply/", FORM | {"reason": "二人目", "version": "1"}
    )
    assert stale.status_code == 422
    assert "二人目" in stale.text
    assert Application.objects.get().reason == "変更"


def test_call_that_closes_while_its_form_is_open_is_named_and_nothing_is_half_applied(
    browse: Browse, cast: SimpleNamespace
) -> None:
    call, client = a_call(cast), browse("sapporo")
    assert client.get(f"/desk/calls/{call.pk}/apply/").status_code == 200
    Call.objects.filter(pk=call.pk).update(
        closes_at=dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC), opens_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    )
    page = client.post(f"/desk/calls/{call.pk}/apply/", FORM | {"reason": "三時間かけて書いた理由"})
    assert page.status_code == 422
    assert (
        "この募集は、応募が届く前に締め切られました(締切:11月20日(金)17:00 東京)。何も保存・変更していません。"
        in page.text
    )
    assert "入力した内容は下に残っています。" in page.text
    assert "三時間かけて書いた理由" in page.text
    assert "市長 山田" in page.text
    assert Application.objects.count() == 0
    assert not Entry.objects.filter(event="gatherings.application.sent").exists()


def test_change_that_arrives_after_the_closing_leaves_the_application_as_it_was(cast: SimpleNamespace) -> None:
    call = a_call(cast)
    applied(cast, call, "otaru")
    closed(call)
    actor = reader(cast, "otaru")
    with pytest.raises(Refused, match=r"before your application arrived\. Nothing was saved or changed\."):
        with acting(actor.scope):
            calling.apply(call, values=APPLICATION | {"reason": "late"}, version=1, actor=actor)
    assert Application.objects.get().reason == APPLICATION["reason"]


def test_nobody_applies_before_a_call_opens_or_after_it_was_cancelled(cast: SimpleNamespace) -> None:
    now = timezone.now()
    soon = a_call(cast, opens_at=now + DAY)
    assert say_no(cast, soon, "otaru").startswith("This call opens on ")
    actor = reader(cast, "london")
    with acting(actor.scope):
        calling.cancel_call(soon, actor=actor, now=now)
    assert say_no(cast, soon, "otaru").startswith("The host cancelled this call meanwhile.")
    assert Application.objects.count() == 0


def test_too_many_people_and_a_missing_consent_are_said_and_everything_stays(
    browse: Browse, cast: SimpleNamespace
) -> None:
    call = a_call(cast, who="hq_officer")
    page = browse("otaru").post(
        f"/desk/calls/{call.pk}/apply/", FORM | {"people": "4", "consent": "", "reason": "長い理由"}
    )
    assert page.status_code == 422
    assert "1団体から参加できるのは3名までです(入力:4名)。" in page.text
    assert "長い理由" in page.text
    assert Application.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_eight_posts_at_once_each_organisation_has_one_application_and_one_lot() -> None:
    cast = make_cast()
    call, barrier, readers = (
        a_call(cast),
        threading.Barrier(8),
        [reader(cast, who) for who in ("otaru", "hakodate")] * 4,
    )

    def attempt(actor: Any) -> None:
        try:
            barrier.wait(timeout=10)
            with acting(actor.scope):
                calling.apply(call, values=APPLICATION, version=0, actor=actor)
        except Refused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(actor,)) for actor in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Application.objects.values_list("lot", flat=True)) == [1, 2]


@pytest.mark.second_wall
def test_member_cannot_write_an_application_past_the_window(cast: SimpleNamespace) -> None:
    call = a_call(cast)
    applied(cast, call, "otaru")
    for sql in ("update gatherings_application set reason = 'x'", "delete from gatherings_application"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            with acting(reader(cast, "otaru").scope), connection.cursor() as cursor:
                cursor.execute(sql)


def test_neighbour_other_office_and_headquarters_do_not_see_who_applied(cast: SimpleNamespace) -> None:
    call = a_call(cast)
    applied(cast, call, "otaru")
    seen = {}
    for who in ("otaru_administrator", "hakodate", "hokkaido", "london_local", "newyork", "hq_officer"):
        scope = reader(cast, who).scope
        with acting(scope):
            seen[who] = Application.objects.visible_to(scope).count()
    assert seen == {
        "otaru_administrator": 1, "hakodate": 0, "hokkaido": 0, "london_local": 1, "newyork": 0, "hq_officer": 0,
    }  # fmt: skip


# --- Deciding -----------------------------------------------------------------------------------------------------------
def test_results_are_told_once_and_reserves_know_their_number(cast: SimpleNamespace) -> None:
    call = decided(cast, hakodate=0, otaru=1, osaka=2)
    assert stands(call) == {
        "Hakodate": ("selected", None), "Otaru": ("reserve", 1), "Osaka": ("reserve", 2), "Sapporo": ("not_selected", None),
    }  # fmt: skip
    a_turn()
    a_turn()
    assert told() == {
        "gatherings.application.selected": 1, "gatherings.application.reserve": 2, "gatherings.application.not_selected": 1,
    }  # fmt: skip
    otaru = Message.objects.get(event="gatherings.application.reserve", params__number="1")
    assert otaru.addressed == [{"organisation": cast.places["otaru"].pk, "right": "cases.file"}]


def test_selected_one_withdraws_and_the_first_reserve_moves_up_and_is_told(
    browse: Browse, cast: SimpleNamespace
) -> None:
    call = decided(cast, hakodate=0, otaru=1, osaka=2)
    a_turn()
    browse("hakodate").post(f"/desk/calls/{call.pk}/withdraw/")
    assert stands(call) == {
        "Hakodate": ("withdrawn", None), "Otaru": ("selected", None), "Osaka": ("reserve", 1), "Sapporo": ("not_selected", None),
    }  # fmt: skip
    a_turn()
    a_turn()
    assert (told()["gatherings.application.moved_up"], told()["gatherings.call.moved_up"]) == (1, 1)
    message = Message.objects.get(event="gatherings.call.moved_up")
    assert message.params["organisation"]["en"] == "Otaru"
    again = browse("hakodate").post(f"/desk/calls/{call.pk}/apply/", FORM | {"version": "1"})
    assert again.status_code == 422


def test_reserve_that_withdraws_lets_later_ones_move_one_number(cast: SimpleNamespace) -> None:
    call = decided(cast, hakodate=0, otaru=1, osaka=2)
    withdrawn(cast, call, "otaru")
    assert (stands(call)["Osaka"], stands(call)["Hakodate"]) == (("reserve", 1), ("selected", None))


def test_schedule_closes_what_is_over_and_nothing_else(cast: SimpleNamespace) -> None:
    over, going_on = closed(a_call(cast)), a_call(cast)
    a_turn()
    assert (fresh(over).state, fresh(going_on).state) == ("closed", "open")


def test_more_than_the_places_and_gaps_among_reserves_are_refused(browse: Browse, cast: SimpleNamespace) -> None:
    call = a_call(cast, selection="approval", places=1)
    for who in ("otaru", "hakodate"):
        applied(cast, call, who)
    closed(call)
    client, path = browse("london_local"), f"/desk/calls/{call.pk}/choose/"
    page = client.post(path, {"a1": "0", "a2": "0"})
    assert page.status_code == 422
    assert "There are 1 places, and more are chosen. Nothing was saved." in page.text
    assert "Number the reserves 1, 2, 3 and so on" in client.post(path, {"a1": "0", "a2": "2"}).text
    assert client.post(path, {"a1": "0", "a2": "1"}).status_code == 302
    assert set(stands(call).values()) == {("sent", None)}
    client.post(f"/desk/calls/{call.pk}/decide/")
    assert stands(call) == {"Otaru": ("selected", None), "Hakodate": ("reserve", 1)}
    page = client.post(f"/desk/calls/{call.pk}/decide/", follow=True)
    assert "This call is decided already; that happens once." in page.text


def test_where_a_route_of_approval_holds_the_choice_waits_for_all_stamps(cast: SimpleNamespace) -> None:
    with_staff(cast)
    route(cast, "企画調査課長", kind=SELECT)
    call = a_call(cast, who="hq_officer", selection="approval", places=1)
    for who in ("otaru", "hakodate"):
        applied(cast, call, who)
    call = chosen(cast, closed(call), "hq_officer", hakodate=0)
    with pytest.raises(Refused, match="This has to be approved first"):
        confirmed(cast, call, "hq_officer")
    officer, manager = reader(cast, "hq_officer"), reader(cast, "manager")
    with acting(officer.scope):
        drafted = approvals.draft(kind=SELECT, subject_id=str(call.pk), actor=officer, now=timezone.now())
    with pytest.raises(Refused, match="It is on its way to be approved"):
        confirmed(cast, call, "hq_officer")
    with acting(manager.scope):
        approvals.approve(
            ApprovalStep.objects.get(approval=drafted), seal=drafted.seal, actor=manager, now=timezone.now()
        )
    confirmed(cast, call, "hq_officer")
    assert stands(call) == {"Otaru": ("not_selected", None), "Hakodate": ("selected", None)}


def test_withdrawal_after_the_approval_makes_it_void(cast: SimpleNamespace) -> None:
    with_staff(cast)
    route(cast, "企画調査課長", kind=SELECT)
    call = a_call(cast, who="hq_officer", selection="approval", places=1)
    for who in ("otaru", "hakodate"):
        applied(cast, call, who)
    call = chosen(cast, closed(call), "hq_officer", hakodate=0, otaru=1)
    officer, manager = reader(cast, "hq_officer"), reader(cast, "manager")
    with acting(officer.scope):
        drafted = approvals.draft(kind=SELECT, subject_id=str(call.pk), actor=officer, now=timezone.now())
    with acting(manager.scope):
        approvals.approve(
            ApprovalStep.objects.get(approval=drafted), seal=drafted.seal, actor=manager, now=timezone.now()
        )
    withdrawn(cast, call, "otaru")
    with pytest.raises(Refused):
        confirmed(cast, call, "hq_officer")
    assert stands(call)["Hakodate"] == ("sent", None)


def test_cancelled_call_is_told_to_whoever_applied(cast: SimpleNamespace) -> None:
    call = a_call(cast)
    applied(cast, call, "otaru")
    actor = reader(cast, "london")
    with acting(actor.scope):
        calling.cancel_call(call, actor=actor, now=timezone.now())
    a_turn()
    a_turn()
    assert told() == {"gatherings.application.off": 1}


# --- Lists and files ----------------------------------------------------------------------------------------------------
def test_lists_show_open_calls_closing_soonest_first(browse: Browse, cast: SimpleNamespace) -> None:
    now = timezone.now()
    a_call(cast, title_en="Later one", closes_at=now + 9 * DAY)
    a_call(cast, title_en="Sooner one", closes_at=now + 5 * DAY)
    a_call(cast, title_en="Hidden one", published=False)
    closed(a_call(cast, title_en="Closed one"))
    for client, path in ((browse("newyork"), "/desk/calls/"), (browse(None), "/en/calls/")):
        text = client.get(path).text
        assert -1 < text.index("Sooner one") < text.index("Later one") < text.index("Closed one")
        assert "Hidden one" not in text
    assert "Sooner one" in browse(None).get("/en/events/").text


def questions(client: WebClient, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_pages_ask_the_database_as_often_for_many_calls_and_applications_as_for_one(
    browse: Browse, cast: SimpleNamespace
) -> None:
    call = a_call(cast)
    applied(cast, call, "otaru")
    pages = [
        (browse("otaru"), "/desk/calls/"), (browse(None), "/en/calls/"),
        (browse("london_local"), f"/desk/calls/{call.pk}/applications/"),
    ]  # fmt: skip
    before = [questions(client, path) for client, path in pages]
    for number in range(4):
        applied(cast, a_call(cast, title_en=f"Call {number}"), "otaru")
    for who in APPLICANTS[1:]:
        applied(cast, call, who)
    assert [questions(client, path) for client, path in pages] == before


def test_closing_moment_of_a_published_call_stands_in_the_calendar_feed(browse: Browse, cast: SimpleNamespace) -> None:
    call = a_call(cast)
    a_call(cast, published=False)
    feed = icalendar.Calendar.from_ical(browse(None).get("/en/events.ics").content)
    [entry] = feed.walk("VEVENT")
    assert (str(entry["uid"]), str(entry["summary"])) == (
        f"closing-{call.pk}", "Closes: Study visit: organisations wanted",
    )  # fmt: skip
    assert entry.decoded("dtstart") == call.closes_at.replace(microsecond=0)


def test_page_of_an_event_names_its_published_calls(browse: Browse, cast: SimpleNamespace) -> None:
    event = opened(cast)
    a_call(cast, event=event)
    a_call(cast, event=event, title_en="Hidden one", published=False)
    for client, path in ((browse(None), f"/en/events/{event.pk}/"), (browse("newyork"), f"/desk/events/{event.pk}/")):
        text = client.get(path).text
        assert ("Study visit: organisations wanted" in text, "Hidden one" in text) == (True, False)


def test_host_takes_the_applications_as_a_sheet_in_which_nothing_is_a_formula(
    browse: Browse, cast: SimpleNamespace
) -> None:
    call = a_call(cast)
    applied(cast, call, "otaru", reason="=1+1")
    content = browse("london_local").get(f"/desk/calls/{call.pk}/applications.xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {"Otaru", "岩倉", "=1+1"} <= set(cells)
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    text = browse("london_local").get(f"/desk/calls/{call.pk}/applications.csv").content.decode("utf-8-sig")
    assert "Otaru" in text
    assert ",'=1+1," in text
    assert browse("london_local").get(f"/desk/calls/{call.pk}/applications.exe").status_code == 404


def test_people_of_an_application_are_forgotten_after_their_time(cast: SimpleNamespace, settings: Any) -> None:
    call = a_call(cast)
    applied(cast, call, "otaru", names="市長")
    closed(call, 1094 * DAY)
    with acting(SYSTEM_SCOPE):
        call_telling.forget(timezone.now())
    assert Application.objects.get().names == "市長"
    with acting(SYSTEM_SCOPE):
        call_telling.forget(timezone.now() + 2 * DAY)
    row = Application.objects.get()
    assert (row.names, row.contact, row.email, row.reason, row.organisation) == ("", "", "", "", cast.places["otaru"])


def test_everybody_of_the_cast_who_applies_gets_the_next_lot(cast: SimpleNamespace) -> None:
    call = a_call(cast)
    assert [applied(cast, call, who).lot for who in APPLICANTS] == [1, 2, 3, 4, 5]
    withdrawn(cast, call, "hakodate")
    assert applied_again(cast, call, "hakodate") == 2


def applied_again(cast: SimpleNamespace, call: Call, who: str) -> int:
    actor = reader(cast, who)
    with acting(actor.scope):
        return calling.apply(call, values=APPLICATION, version=1, actor=actor)


def test_a_fee_is_written_as_the_language_of_the_page_writes_numbers(browse: Browse, cast: SimpleNamespace) -> None:
    call = a_call(cast, fee=12000)
    for language, said in (("en", "12,000 yen"), ("de", "12.000"), ("fr", "12\u202f000"), ("ja", "12,000円")):
        assert said in browse(None).get(f"/{language}/calls/{call.pk}/").content.decode()
