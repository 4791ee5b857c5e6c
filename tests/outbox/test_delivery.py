"""From a message that addresses posts to the people who hold them today."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clair_portal.accounts.models import Person, Posting, User
from clair_portal.network.models import Organisation
from clair_portal.outbox.delivery import deliver
from clair_portal.outbox.digest import write_digests
from clair_portal.outbox.models import Email, Message, Notification
from clair_portal.outbox.schedule import TURNS
from clair_portal.outbox.services import Post, queue_email, tell
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.cast import reader
from tests.outbox.conftest import EVENT, in_threads

Write = Callable[..., Message]
TODAY = dt.date(2026, 11, 24)


def today(zone: str = "Asia/Tokyo") -> dt.date:
    return timezone.localdate(timezone.now(), ZoneInfo(zone))


def told(cast: SimpleNamespace, message: Message) -> list[str]:
    """Who has a notice of this message, by their keys in the cast."""
    people = set(Notification.objects.filter(message=message.pk).values_list("person", flat=True))
    names = {person.pk: key for key, person in cast.people.items()}
    return sorted(names.get(pk, str(pk)) for pk in people)


def new_person(cast: SimpleNamespace, key: str, place: str, role: str, **posting: Any) -> Person:
    user = User.objects.create(email=f"{key}@example.org")
    person = Person.objects.create(user=user, name=key, email=user.email)
    cast.people[key], cast.users[key] = person, user
    dates = {"starts_on": dt.date(2026, 4, 1)} | posting
    Posting.objects.create(person=person, organisation=cast.places[place], role_id=role, **dates)
    return person


def delivered(message: Message) -> Message:
    assert deliver(message.pk, timezone.now()) is True
    message.refresh_from_db()
    return message


def test_those_who_hold_the_post_and_whose_role_gives_the_right_are_told(cast: SimpleNamespace, write: Write) -> None:
    assert told(cast, delivered(write(("hq", "cases.triage")))) == ["hq_approver", "hq_officer"]
    assert told(cast, delivered(write(("hq", "outbox.manage"), occasion="2"))) == ["hq_approver"]
    assert told(cast, delivered(write(("london", "cases.work"), occasion="3"))) == ["london", "london_local"]
    assert told(cast, delivered(write(("otaru", "cases.work"), occasion="4"))) == []


def test_a_person_addressed_in_two_ways_is_told_once(cast: SimpleNamespace, write: Write) -> None:
    message = delivered(write(("hq", "cases.triage"), ("hq", "outbox.manage"), ("london", "cases.work")))
    assert told(cast, message) == ["hq_approver", "hq_officer", "london", "london_local"]
    assert Notification.objects.count() == 4


def test_people_of_a_division_hear_what_is_addressed_to_headquarters(cast: SimpleNamespace, write: Write) -> None:
    division = Organisation.objects.create(
        kind="division", code="HQ-JET", name_ja="JET部", name_en="JET", parent=cast.places["hq"]
    )
    cast.places["jet_division"] = division
    new_person(cast, "in_division", "jet_division", "hq_officer")
    assert "in_division" in told(cast, delivered(write(("hq", "cases.triage"))))
    assert told(cast, delivered(write(("jet_division", "cases.triage"), occasion="2"))) == ["in_division"]


def test_a_municipality_under_a_branch_does_not_hear_what_is_addressed_to_the_branch(
    cast: SimpleNamespace, write: Write
) -> None:
    assert told(cast, delivered(write(("hokkaido", "cases.file")))) == ["hokkaido"]


def test_postings_count_on_their_first_and_last_day_and_on_no_other(cast: SimpleNamespace, write: Write) -> None:
    day = today("Europe/London")
    new_person(cast, "ended_yesterday", "london", "office_officer", ends_on=day - dt.timedelta(days=1))
    new_person(cast, "last_day", "london", "office_officer", ends_on=day)
    new_person(cast, "first_day", "london", "office_officer", starts_on=day)
    new_person(cast, "begins_tomorrow", "london", "office_officer", starts_on=day + dt.timedelta(days=1))
    assert told(cast, delivered(write(("london", "cases.work")))) == ["first_day", "last_day", "london", "london_local"]


@pytest.mark.parametrize(("place", "right", "hour"), [("london", "cases.work", 23), ("hq", "cases.triage", 15)])
def test_on_1_april_the_successor_of_the_post_is_told_from_its_own_midnight_on(
    cast: SimpleNamespace, write: Write, place: str, right: str, hour: int
) -> None:
    """`hour`: of midnight there, in UTC."""
    leaver = {"london": "london", "hq": "hq_officer"}[place]
    stays = {"london": "london_local", "hq": "hq_approver"}[place]
    Posting.objects.filter(person=cast.people[leaver]).update(ends_on=dt.date(2027, 3, 31))
    role = {"london": "office_officer", "hq": "hq_officer"}[place]
    new_person(cast, "successor", place, role, starts_on=dt.date(2027, 4, 1))
    before, after = write((place, right)), write((place, right), occasion="2")
    midnight = dt.datetime(2027, 3, 31, hour, tzinfo=dt.UTC)
    assert deliver(before.pk, midnight - dt.timedelta(minutes=1))
    assert deliver(after.pk, midnight)
    assert told(cast, before) == sorted([leaver, stays])
    assert told(cast, after) == sorted([stays, "successor"])


def test_inactive_users_and_people_without_an_account_are_not_told(cast: SimpleNamespace, write: Write) -> None:
    User.objects.filter(pk=cast.users["london"].pk).update(is_active=False)
    Person.objects.filter(pk=cast.people["london_local"].pk).update(user=None)
    assert told(cast, delivered(write(("london", "cases.work")))) == []


def test_whoever_did_it_is_not_told(cast: SimpleNamespace, write: Write) -> None:
    assert told(cast, delivered(write(("hq", "cases.triage"), but_not="hq_officer"))) == ["hq_approver"]


def test_the_same_occasion_is_written_once(cast: SimpleNamespace, write: Write) -> None:
    write(("hq", "cases.triage"))
    write(("hq", "cases.triage"))
    assert Message.objects.count() == 1


def test_a_very_long_key_is_cut_and_stays_unique(cast: SimpleNamespace) -> None:
    for occasion in ("a" * 300, "a" * 299 + "b"):
        with acting(SYSTEM_SCOPE):
            tell(EVENT, cast.places["otaru"], posts=[Post(1, "x")], params={}, path="", occasion=occasion)
    keys = list(Message.objects.values_list("key", flat=True))
    assert [len(key) for key in keys] == [190, 190]


# --- Exactly once ------------------------------------------------------------------------------------------------------
def test_a_message_told_twice_is_told_once(cast: SimpleNamespace, write: Write) -> None:
    message = write(("hq", "cases.triage"))
    assert [deliver(message.pk, timezone.now()) for _turn in range(3)] == [True, False, False]
    assert Notification.objects.count() == 2
    assert Email.objects.count() == 2
    message.refresh_from_db()
    assert (message.state, message.attempts, message.lease_until) == ("done", 1, None)


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_tell_a_message_once(cast: SimpleNamespace, write: Write) -> None:
    for turn in range(5):
        message = write(("hq", "cases.triage"), occasion=str(turn))
        results = in_threads(4, lambda message=message: deliver(message.pk, timezone.now()))
        assert sorted(results) == [False, False, False, True]
    assert Notification.objects.count() == 10
    assert Email.objects.count() == 10


# --- E-mail rows -------------------------------------------------------------------------------------------------------
def test_the_mail_is_in_the_readers_language_and_time_zone(cast: SimpleNamespace, write: Write) -> None:
    Person.objects.filter(pk=cast.people["london_local"].pk).update(time_zone="Europe/London")
    message = delivered(write(("london", "cases.work")))
    mails = {mail.person: mail for mail in Email.objects.all()}
    english, japanese = mails[cast.people["london_local"].pk], mails[cast.people["london"].pk]
    assert english.subject == "Filed: Visit to the canal"
    assert english.body.splitlines()[:5] == [
        "Dear Alice Brown,", "", "Haru Iwakura filed “Visit to the canal” at Tue 24 Nov 2026 01:00 London.", "", "http://localhost:8000/desk/cases/1/",
    ]  # fmt: skip
    assert (english.to, english.language, english.state) == ("london_local@example.org", "en", "queued")
    assert english.key == f"{message.pk}.{cast.people['london_local'].pk}"
    assert japanese.language == "ja"
    assert "運河の視察" in japanese.subject
    assert "11月24日(火)10:00 東京" in japanese.body
    assert "佐伯 悠" in japanese.body


def test_mail_goes_at_once_to_those_who_chose_it_and_everybody_has_the_notice(
    cast: SimpleNamespace, write: Write
) -> None:
    Person.objects.filter(pk=cast.people["london"].pk).update(mail="daily")
    Person.objects.filter(pk=cast.people["london_local"].pk).update(mail="none")
    delivered(write(("london", "cases.work"), ("hq", "outbox.manage")))
    assert list(Email.objects.values_list("to", flat=True)) == ["hq_approver@example.org"]
    assert Notification.objects.count() == 3


def test_a_line_break_in_a_title_does_not_reach_the_subject(cast: SimpleNamespace, write: Write) -> None:
    delivered(write(("hq", "outbox.manage"), title="canal\r\nBcc: everybody@example.org\u2028x"))
    assert Email.objects.get().subject == "Filed: canal Bcc: everybody@example.org x"


def test_a_title_with_percent_signs_and_a_missing_value_still_makes_a_mail(cast: SimpleNamespace, write: Write) -> None:
    from clair_portal.outbox import notices

    notices.NOTICES["test.request.lost"] = notices.Notice("Lost: %(title)s", "%(nothing)s")
    posts = [Post(cast.places["hq"].pk, "outbox.manage")]
    with acting(SYSTEM_SCOPE):
        tell("test.request.lost", cast.places["hq"], posts=posts, params={"title": "100 %s"}, path="", occasion="1")
    delivered(Message.objects.get())
    mail = Email.objects.get()
    assert mail.subject == "Lost: 100 %s"
    assert "…" in mail.body


def test_a_message_with_five_readers_takes_at_most_thirteen_queries(cast: SimpleNamespace, write: Write) -> None:
    for number in range(3):
        new_person(cast, f"more{number}", "london", "office_officer")
    message = write(("london", "cases.work"))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        deliver(message.pk, timezone.now())
    assert Notification.objects.count() == 5
    print(f"{len(queries)} queries for one message with five readers")
    assert len(queries) <= 13


# --- Once a day --------------------------------------------------------------------------------------------------------
def test_the_summary_of_the_day_is_one_mail_with_what_is_unread(cast: SimpleNamespace, write: Write) -> None:
    alice = cast.people["london_local"]
    Person.objects.filter(pk=alice.pk).update(mail="daily", time_zone="Europe/London")
    for occasion in ("1", "2", "3"):
        delivered(write(("london", "organisation.administer"), occasion=occasion))
    Notification.objects.filter(pk=Notification.objects.filter(person=alice.pk).first().pk).update(
        read_at=timezone.now()
    )
    now = tomorrow_at(8, "Europe/London")
    with acting(SYSTEM_SCOPE):
        write_digests(now)
        write_digests(now + dt.timedelta(minutes=5))
    mail = Email.objects.get()
    assert mail.subject == "2 notices you have not read yet"
    assert mail.body.count("・Filed: Visit to the canal") == 2
    assert mail.key.startswith(f"digest.{alice.pk}.20")
    with acting(SYSTEM_SCOPE):
        write_digests(now + dt.timedelta(days=1))
    assert Email.objects.count() == 2


def test_no_summary_where_nothing_is_unread_or_no_address_is_known(cast: SimpleNamespace, write: Write) -> None:
    Person.objects.filter(pk=cast.people["london"].pk).update(mail="daily", email="")
    User.objects.filter(pk=cast.users["london"].pk).update(email="")
    Person.objects.filter(pk=cast.people["london_local"].pk).update(mail="daily")
    delivered(write(("london", "cases.work"), but_not="london_local"))
    with acting(SYSTEM_SCOPE):
        write_digests(tomorrow_at(8, "Asia/Tokyo"))
    assert not Email.objects.exists()


OCTOBER = dt.datetime(2026, 10, 23, 3, tzinfo=dt.UTC)  # noon in Tokyo: its morning is over


@pytest.mark.parametrize(
    ("zone", "sent"),
    [
        ("Asia/Tokyo", ["23 23:00", "24 23:00", "25 23:00"]),
        ("Europe/London", ["23 07:00", "24 07:00", "25 08:00"]),  # the clocks go back on the 25th
        ("America/New_York", ["23 12:00", "24 12:00", "25 12:00"]),
    ],
)
def test_the_summary_comes_at_eight_where_the_reader_is_and_on_every_day(
    cast: SimpleNamespace, zone: str, sent: list[str]
) -> None:
    somebody = unread_since_yesterday(cast, zone)
    turns(OCTOBER, hours=72)
    mails = Email.objects.filter(person=somebody.pk).order_by("created_at")
    assert [f"{mail.created_at.astimezone(dt.UTC):%d %H:%M}" for mail in mails] == sent


@pytest.mark.parametrize(("first_turn", "mails"), [(7, 0), (8, 1), (11, 1), (12, 0)])
def test_a_summary_that_was_missed_at_eight_comes_until_noon(
    cast: SimpleNamespace, first_turn: int, mails: int
) -> None:
    unread_since_yesterday(cast, "Asia/Tokyo")
    turns(dt.datetime(2026, 10, 23, first_turn, tzinfo=ZoneInfo("Asia/Tokyo")), hours=1)
    assert Email.objects.count() == mails


def test_turns_of_a_morning_in_which_all_is_sent_take_three_queries(cast: SimpleNamespace) -> None:
    unread_since_yesterday(cast, "Asia/Tokyo")
    eight = dt.datetime(2026, 10, 23, 8, tzinfo=ZoneInfo("Asia/Tokyo"))
    turns(eight, hours=1)
    with acting(SYSTEM_SCOPE), CaptureQueriesContext(connection) as queries:
        write_digests(eight + dt.timedelta(minutes=10))
    assert len(queries) == 3


def tomorrow_at(hour: int, zone: str) -> dt.datetime:
    return dt.datetime.combine(today(zone) + dt.timedelta(days=1), dt.time(hour), ZoneInfo(zone))


def unread_since_yesterday(cast: SimpleNamespace, zone: str) -> Person:
    """Somebody who chose the summary and has read nothing."""
    somebody = cast.people["london_local"]
    Person.objects.filter(pk=somebody.pk).update(mail="daily", time_zone=zone)
    Notification.objects.create(
        message=uuid.uuid4(), person=somebody.pk, event=EVENT, created_at=OCTOBER - dt.timedelta(days=1)
    )
    return somebody


def turns(begin: dt.datetime, *, hours: int) -> None:
    """As the schedule makes them."""
    turn = TURNS["outbox.summaries"]
    assert turn.every == 600
    for number in range(hours * 6):
        with acting(SYSTEM_SCOPE):
            turn.run(begin + number * dt.timedelta(seconds=600))


# --- Rows that others write --------------------------------------------------------------------------------------------
def test_a_mail_with_a_known_key_is_written_once(cast: SimpleNamespace) -> None:
    with acting(reader(cast, "otaru").scope):
        for _turn in range(2):
            queue_email(to="a@example.org", subject="x\ny", body="b", language="en", key="welcome.1")
    mail = Email.objects.get()
    assert (mail.key, mail.subject) == ("welcome.1", "x y")


@pytest.mark.second_wall
@pytest.mark.parametrize("person", ["otaru", "london"])
@pytest.mark.parametrize("model", [Message, Email])
def test_members_and_offices_write_messages_and_mails_but_read_none(
    cast: SimpleNamespace, write: Write, person: str, model: type[Message] | type[Email]
) -> None:
    write(("hq", "cases.triage"))
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        acting(reader(cast, person).scope),
    ):
        model.objects.count()


@pytest.mark.second_wall
def test_a_notice_is_read_by_its_reader_alone(cast: SimpleNamespace, write: Write) -> None:
    delivered(write(("london", "cases.work")))
    seen = {}
    for person in ("london", "london_local", "newyork", "otaru", "hq_officer"):
        with acting(reader(cast, person).scope):
            seen[person] = Notification.objects.count()
    assert seen == {"london": 1, "london_local": 1, "newyork": 0, "otaru": 0, "hq_officer": 0}
