"""Who comes: places in the order people came, a waiting list that moves up by itself, one registration for each person."""

from __future__ import annotations

import datetime as dt
import io
import re
import threading
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from python_calamine import CalamineWorkbook

from clair_portal.accounts.models import Person, Posting, SignedLink, User
from clair_portal.accounts.reader import reader_of
from clair_portal.audit.models import Entry
from clair_portal.gatherings import telling
from clair_portal.gatherings.models import Event, Registration
from clair_portal.gatherings.registering import register
from clair_portal.gatherings.rules import Refused
from clair_portal.gatherings.services import change_event
from clair_portal.outbox.models import Email, Message
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.cast import NOW, TODAY, make_cast, reader
from tests.conftest import WebClient
from tests.gatherings.planning import BEGINS, a_place, opened

Browse = Callable[..., WebClient]
FORM = {"name": "Ann Smith", "body": "York", "email": "ann@example.org", "consent": "on"}


@pytest.fixture(autouse=True)
def no_throttle(db: None) -> None:
    cache.clear()


def a_turn(now: dt.datetime | None = None) -> None:
    with acting(SYSTEM_SCOPE):
        telling.run(now or timezone.now())


def stranger() -> WebClient:
    return WebClient(raise_request_exception=False)


def mails(to: str = FORM["email"]) -> list[Email]:
    return list(Email.objects.filter(to=to).order_by("created_at", "pk"))


def link_in(mail: Email) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+/forms/\S+)", mail.body)
    assert found, mail.body
    return found[1]


def ask(event: Event, **changed: str) -> Any:
    return stranger().post(f"/en/forms/events/{event.pk}/", FORM | changed)


def come(event: Event, email: str) -> str:
    """A stranger registers and confirms; the page says how they stand."""
    assert ask(event, email=email).status_code == 302
    a_turn()
    page = stranger().post(link_in(mails(email)[-1]))
    assert page.status_code == 200
    return str(page.text)


def seats(event: Event) -> dict[str, int]:
    return dict(Counter(Registration.objects.filter(event=event).values_list("state", flat=True)))


# --- Many at once -------------------------------------------------------------------------------------------------------
def crowd(cast: SimpleNamespace, size: int) -> list[Any]:
    readers = []
    for number in range(size):
        user = User.objects.create(email=f"p{number}@example.org")
        person = Person.objects.create(user=user, name=f"p{number}", email=user.email)
        Posting.objects.create(
            person=person, organisation=cast.places["otaru"], role_id="member_officer", starts_on=dt.date(2026, 4, 1)
        )
        readers.append(reader_of(user.pk, TODAY))
    return readers


def all_at_once(event: Event, readers: list[Any]) -> list[str]:
    barrier, ended = threading.Barrier(len(readers)), []

    def attempt(actor: Any) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            with acting(actor.scope):
                seat, _number = register(event, email=actor.email, body="x", actor=actor, now=NOW)
            ended.append(seat)
        except Refused as error:
            ended.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(actor,)) for actor in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


@pytest.mark.django_db(transaction=True)
def test_capacity_30_and_60_simultaneous_registrations_make_30_in_and_30_waiting() -> None:
    cast = make_cast()
    event = opened(cast, capacity=30)
    assert Counter(all_at_once(event, crowd(cast, 60))) == {"in": 30, "waiting": 30}
    assert seats(event) == {"in": 30, "waiting": 30}
    queue = Registration.objects.filter(event=event).in_order().values_list("state", flat=True)
    assert list(queue) == ["in"] * 30 + ["waiting"] * 30


@pytest.mark.django_db(transaction=True)
def test_one_person_who_presses_eight_times_at_once_is_registered_once() -> None:
    cast = make_cast()
    event = opened(cast, capacity=30)
    ended = Counter(all_at_once(event, [reader(cast, "otaru")] * 8))
    already = "You are registered for this event already. Nothing was changed."
    assert ended == {"in": 1, already: 7}
    assert seats(event) == {"in": 1}


# --- The last place -----------------------------------------------------------------------------------------------------
def test_of_two_at_the_last_place_the_second_reads_why_and_waits(cast: SimpleNamespace) -> None:
    event = opened(cast, capacity=1, for_public=True)
    assert "You have a place." in come(event, "ann@example.org")
    assert (
        "All 1 places are taken. You are number 1 on the waiting list, and you move up by yourself when somebody cancels; "
        "you are told by mail."
    ) in come(event, "bob@example.org")
    assert seats(event) == {"in": 1, "waiting": 1}


def test_whoever_waits_longest_moves_up_when_somebody_cancels_and_is_told(cast: SimpleNamespace) -> None:
    event = opened(cast, capacity=1, for_public=True)
    for email in ("ann@example.org", "bob@example.org", "cem@example.org"):
        come(event, email)
    a_turn()
    own = link_in(mails("ann@example.org")[-1])
    assert "has a place" in stranger().get(own).text
    assert "cancelled" in stranger().post(own).text
    a_turn()
    assert dict(Registration.objects.values_list("email", "state")) == {
        "ann@example.org": "cancelled", "bob@example.org": "in", "cem@example.org": "waiting",
    }  # fmt: skip
    assert mails("bob@example.org")[-1].subject == "A place became free: Local administration seminar"
    assert Entry.objects.filter(event="gatherings.registration.moved_up").count() == 1
    told = Email.objects.count()
    a_turn()
    assert Email.objects.count() == told  # nobody is told twice


def test_more_room_moves_people_up(cast: SimpleNamespace) -> None:
    event, actor = opened(cast, capacity=1), reader(cast, "london")
    for who in ("otaru", "hakodate", "sapporo"):
        someone = reader(cast, who)
        with acting(someone.scope):
            register(event, email=someone.email, body="x", actor=someone, now=NOW)
    with acting(actor.scope):
        change_event(event, values={"capacity": 2}, place=None, version=event.version, actor=actor, now=NOW)
    assert seats(event) == {"in": 2, "waiting": 1}


# --- Signed in ----------------------------------------------------------------------------------------------------------
def test_member_registers_with_one_press_and_is_told_by_a_notice(browse: Browse, cast: SimpleNamespace) -> None:
    event = opened(cast)
    page = browse("london_local").post(f"/desk/events/{event.pk}/register/", follow=True)
    assert "You have a place." in page.text
    browse("otaru").post(f"/desk/events/{event.pk}/register/")
    mine = Registration.objects.get(person=cast.people["otaru"].pk)
    assert (mine.name, mine.email, mine.organisation) == ("岩倉 はる", "otaru@example.org", cast.places["otaru"])
    a_turn()
    addressed = Message.objects.filter(event="gatherings.registration.in").values_list("addressed", flat=True)
    assert {"person": cast.people["otaru"].pk} in [row for rows in addressed for row in rows]
    browse("otaru").post(f"/desk/events/{event.pk}/leave/")
    mine.refresh_from_db()
    assert mine.state == "cancelled"


def test_nobody_registers_before_it_opens_or_after_it_closes(cast: SimpleNamespace) -> None:
    event = opened(cast, register_until=NOW, for_public=True)
    actor = reader(cast, "otaru")
    with acting(actor.scope), pytest.raises(Refused, match="Registration for this event is closed. Nothing was saved."):
        register(event, email=actor.email, body="x", actor=actor, now=NOW + dt.timedelta(seconds=1))
    assert Registration.objects.count() == 0


def test_host_ticks_attendance_and_others_do_not(browse: Browse, cast: SimpleNamespace) -> None:
    event, actor = opened(cast), reader(cast, "otaru")
    with acting(actor.scope):
        register(event, email=actor.email, body="小樽市", actor=actor, now=NOW)
    path = f"/desk/events/{event.pk}/registrations/"
    tick = f"{path}{Registration.objects.get().pk}/attendance/"
    assert "岩倉 はる" in browse("london_local").get(path).text
    assert browse("newyork").post(tick, {"came": "on"}).status_code == 404
    assert browse("london_local").post(tick, {"came": "on"}).status_code == 302
    assert Registration.objects.get().attended_at is not None
    browse("london_local").post(tick)
    assert Registration.objects.get().attended_at is None


# --- Strangers ----------------------------------------------------------------------------------------------------------
def test_host_takes_the_registrations_as_a_workbook_and_others_do_not(browse: Browse, cast: SimpleNamespace) -> None:
    event = opened(cast)
    browse("otaru").post(f"/desk/events/{event.pk}/register/")
    Registration.objects.update(body="=1+1")
    path = f"/desk/events/{event.pk}/registrations.xlsx"
    rows = CalamineWorkbook.from_filelike(io.BytesIO(browse("london_local").get(path).content)).get_sheet_by_index(0)
    written = [row for row in rows.to_python() if "岩倉 はる" in row]
    assert [row[:5] for row in written] == [["岩倉 はる", "=1+1", "otaru@example.org", "ja", "has a place"]]
    assert ",'=1+1," in browse("london_local").get(path.replace("xlsx", "csv")).content.decode("utf-8-sig")
    assert browse("newyork").get(path).status_code == 404
    assert browse("otaru").get(path).status_code == 403


def test_form_counts_for_nothing_until_the_button_behind_the_mail_is_pressed(cast: SimpleNamespace) -> None:
    event = opened(cast, for_public=True)
    assert ask(event).url == "/en/forms/events/sent/"
    a_turn()
    link = link_in(mails()[0])
    assert mails()[0].subject == "Please confirm your registration: Local administration seminar"
    assert stranger().get(link).status_code == 200
    assert seats(event) == {"asked": 1}
    stranger().post(link)
    assert seats(event) == {"in": 1}
    assert stranger().post(link).status_code == 200  # a second time changes nothing
    assert seats(event) == {"in": 1}


def test_second_registration_of_an_address_says_so_only_behind_its_mail(cast: SimpleNamespace) -> None:
    event = opened(cast, for_public=True)
    come(event, "ann@example.org")
    assert (
        ask(event, email="ANN@example.org").url == "/en/forms/events/sent/"
    )  # the form does not tell who is registered
    a_turn()
    again = Email.objects.filter(to__iexact="ann@example.org", subject__startswith="Please confirm").order_by(
        "created_at"
    )
    page = stranger().post(link_in(list(again)[-1]))
    assert "You are registered for this event already. Nothing was changed." in page.text
    assert seats(event) == {"in": 1, "asked": 1}


def test_bad_form_keeps_what_was_typed(cast: SimpleNamespace) -> None:
    page = ask(opened(cast, for_public=True), email="no address")
    assert page.status_code == 422
    assert "Ann Smith" in page.text
    assert Registration.objects.count() == 0


def test_form_of_an_event_that_is_not_for_the_public_takes_nothing(cast: SimpleNamespace) -> None:
    page = ask(opened(cast))
    assert page.status_code == 422
    assert "Registration for this event is closed. Nothing was saved." in page.text
    assert Registration.objects.count() == 0


def test_floods_are_not_taken(cast: SimpleNamespace, settings: Any) -> None:
    event = opened(cast, for_public=True)
    settings.REGISTRATIONS_AN_HOUR = 1
    ask(event)
    page = ask(event)
    assert "Too much was sent from your network within an hour. Wait an hour and send it again." in page.text


def test_a_whole_town_hall_registers_from_one_address_of_the_net(cast: SimpleNamespace) -> None:
    """Forty colleagues within an hour; one of them who sends it again and again is stopped by the mails that wait."""
    event = opened(cast, for_public=True)
    assert {ask(event, email=f"colleague{number}@example.org").status_code for number in range(40)} == {302}
    again = [ask(event, email="again@example.org") for _ in range(8)]
    assert again[-1].status_code == 422
    assert "Several registrations of this mail address wait for confirmation." in again[-1].text


def test_buttons_behind_links_are_counted_too(cast: SimpleNamespace, settings: Any) -> None:
    event = opened(cast, for_public=True)
    come(event, "ann@example.org")
    a_turn()
    seat = link_in(mails()[-1])
    ask(event, email="bob@example.org")
    a_turn()
    before, settings.STRANGER_BUTTONS_AN_HOUR = seats(event), 1
    late = stranger().post(link_in(mails("bob@example.org")[-1]))
    assert late.status_code == 429
    assert "Wait an hour and send it again." in late.text
    assert seats(event) == before
    assert [stranger().post(link).status_code for link in (seat.replace("/place/", "/place/x"), seat)] == [404, 429]
    assert seats(event) == before


def test_unconfirmed_go_after_three_days_and_names_three_years_after_the_event(cast: SimpleNamespace) -> None:
    event = opened(cast, for_public=True)
    come(event, "ann@example.org")
    ask(event, email="bob@example.org")
    a_turn(timezone.now() + dt.timedelta(hours=73))
    assert seats(event) == {"in": 1}
    with acting(SYSTEM_SCOPE):
        telling.forget(event.ends_at + dt.timedelta(days=1096))
    kept = Registration.objects.get()
    assert (kept.name, kept.email, kept.body, kept.state) == ("", "", "", "in")


def test_everybody_is_told_when_an_event_is_cancelled(browse: Browse, cast: SimpleNamespace) -> None:
    event = opened(cast, for_public=True)
    come(event, "ann@example.org")
    a_turn()
    browse("london").post(f"/desk/events/{event.pk}/move/", {"to": "cancelled"})
    a_turn()
    assert mails()[-1].subject == "Does not take place: Local administration seminar"


def test_link_to_one_place_opens_no_other(cast: SimpleNamespace) -> None:
    assert stranger().get("/en/forms/events/place/wrong/").status_code == 404
    assert stranger().post("/en/forms/events/confirm/wrong/").status_code == 404


# --- Another time or place ----------------------------------------------------------------------------------------------
def change(cast: SimpleNamespace, event: Event, place: Any = None, **values: Any) -> bool:
    actor, version = reader(cast, "london"), Event.objects.get(pk=event.pk).version
    with acting(actor.scope):
        return change_event(event, values=values, place=place, version=version, actor=actor, now=NOW)


def on_day(days: int) -> dict[str, dt.datetime]:
    begins = BEGINS + dt.timedelta(days=days)
    return {"begins_at": begins, "ends_at": begins + dt.timedelta(hours=2)}


def test_who_comes_and_who_waits_are_told_once_of_another_day_and_place(cast: SimpleNamespace) -> None:
    event = opened(cast, capacity=1, for_public=True)
    come(event, "ann@example.org")
    come(event, "bob@example.org")
    a_turn()
    told = Email.objects.count()
    assert change(cast, event, **on_day(1))
    assert change(cast, event, a_place(cast), **on_day(2))
    a_turn()
    assert Email.objects.count() == told + 2
    for who in ("ann@example.org", "bob@example.org"):
        mail = mails(who)[-1]
        assert mail.subject == "Another time or place: Local administration seminar"
        assert "Before: Wed 10 Feb 2027 14:00–16:00 London (same day 23:00 Tokyo) / place not fixed yet\n" in mail.body
        assert "Now: Fri 12 Feb 2027 14:00–16:00 London (same day 23:00 Tokyo) / Meeting room\n" in mail.body
    assert "has a place" in stranger().get(link_in(mails("ann@example.org")[-1])).text
    last = SignedLink.objects.filter(recipient="ann@example.org").latest("created_at")
    assert last.expires_at == dt.datetime(2027, 2, 12, 16, tzinfo=dt.UTC) + dt.timedelta(days=30)
    a_turn()
    assert Email.objects.count() == told + 2


def test_nobody_is_told_of_other_words_or_of_a_time_taken_back(cast: SimpleNamespace) -> None:
    event = opened(cast, for_public=True)
    come(event, "ann@example.org")
    a_turn()
    told = Email.objects.count()
    assert not change(cast, event, title_en="Seminar on administration")
    change(cast, event, **on_day(1))
    change(cast, event, **on_day(0))
    a_turn()
    assert Email.objects.count() == told
    assert Registration.objects.get().moved_from is None


def test_whoever_moves_up_reads_the_old_and_the_new_day_in_one_mail(cast: SimpleNamespace) -> None:
    event = opened(cast, capacity=1, for_public=True)
    come(event, "ann@example.org")
    come(event, "bob@example.org")
    a_turn()
    told = len(mails("bob@example.org"))
    change(cast, event, capacity=2, **on_day(1))
    a_turn()
    assert len(mails("bob@example.org")) == told + 1
    assert mails("bob@example.org")[-1].subject == "A place became free: Local administration seminar"
    assert "Before: Wed 10 Feb 2027" in mails("bob@example.org")[-1].body


def test_a_member_is_told_of_another_time_by_a_notice(browse: Browse, cast: SimpleNamespace) -> None:
    event = opened(cast)
    browse("otaru").post(f"/desk/events/{event.pk}/register/")
    a_turn()
    page = browse("london_local").get(f"/desk/events/{event.pk}/edit/")
    values = {**page.context["form"].initial, "day": "2027-02-11", "begins": "14:00", "ends": "16:00"}
    typed = {name: value for name, value in values.items() if value not in (None, False)}
    saved = browse("london_local").post(f"/desk/events/{event.pk}/edit/", typed, follow=True)
    assert "Saved. Everybody who is registered is told of the new time or place." in saved.text
    a_turn()
    notice = Message.objects.get(event="gatherings.registration.moved")
    assert notice.addressed == [{"person": cast.people["otaru"].pk}]
    assert notice.params["before"]["ja"].endswith("2月10日(水)14:00–16:00 ロンドン (同日23:00 東京) / 会場未定")
    assert notice.params["now"]["en"].startswith("Thu 11 Feb 2027 14:00–16:00 London")


# --- After the event ----------------------------------------------------------------------------------------------------
def test_a_past_event_whose_registration_was_closed_is_over_and_gives_out_no_place(
    browse: Browse, cast: SimpleNamespace
) -> None:
    event = opened(cast, capacity=1, for_public=True)
    come(event, "ann@example.org")
    come(event, "bob@example.org")
    a_turn()
    browse("london").post(f"/desk/events/{event.pk}/move/", {"to": "planned"})
    last_week = timezone.now() - dt.timedelta(days=7)
    Event.objects.update(begins_at=last_week, ends_at=last_week + dt.timedelta(hours=2))
    assert "cancelled" in stranger().post(link_in(mails("ann@example.org")[-1])).text
    assert seats(event) == {"cancelled": 1, "waiting": 1}
    a_turn()
    assert Event.objects.get().state == "over"
    assert mails("bob@example.org")[-1].subject == "Waiting list: Local administration seminar"
