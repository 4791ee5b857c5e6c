"""A host plans an event; everybody reads it once it is released; a place is never taken twice."""

from __future__ import annotations

import datetime as dt
import importlib
import threading
import uuid
from collections.abc import Callable
from types import SimpleNamespace

import icalendar
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from clair_portal.accounts import handover
from clair_portal.accounts.models import Posting
from clair_portal.audit.models import Entry
from clair_portal.gatherings.models import Booking, Event, Series
from clair_portal.gatherings.presentation import span
from clair_portal.gatherings.rules import Refused
from clair_portal.gatherings.services import move_event, plan_event, release_event
from clair_portal.gatherings.views import public
from clair_portal.outbox.models import Message
from clair_portal.walls.scope import acting
from tests.cast import NOW, make_cast, reader
from tests.conftest import WebClient
from tests.gatherings.planning import BEGINS, a_place, opened, planned

Browse = Callable[..., WebClient]
TYPED = {"title_en": "Japan study tour", "kind": "tour", "day": "2027-03-01", "begins": "9:30", "ends": "12:00",
         "zone": "Europe/London", "capacity": "30"}  # fmt: skip


@pytest.mark.usefixtures("cast")
def test_office_plans_an_event_in_its_own_clock_and_is_in_charge(browse: Browse, cast: SimpleNamespace) -> None:
    response = browse("london").post("/desk/events/new/", TYPED)
    event = Event.objects.get()
    assert response.url == f"/desk/events/{event.pk}/"
    assert event.begins_at == dt.datetime(2027, 3, 1, 9, 30, tzinfo=dt.UTC)
    assert (event.organisation, event.state, event.capacity) == (cast.places["london"], "planned", 30)
    assert event.posting == Posting.objects.get(person=cast.people["london"])
    assert Entry.objects.get(event="gatherings.event.planned").params["title"]["en"] == "Japan study tour"


def test_bad_input_keeps_everything_typed_and_says_what_to_write(browse: Browse) -> None:
    page = browse("london_local").post(
        "/desk/events/new/", TYPED | {"ends": "9:00", "title_en": "", "summary_en": "About roads"}
    )
    assert page.status_code == 422
    assert "Write a title in Japanese or in English." in page.text
    assert "The end must be after the beginning. Past midnight, write the last day." in page.text
    assert "About roads" in page.text
    assert Event.objects.count() == 0


def test_place_that_is_taken_is_refused_by_name_and_nothing_is_saved(browse: Browse, cast: SimpleNamespace) -> None:
    place = a_place(cast)
    planned(cast, place=place)
    typed = TYPED | {"day": "2027-02-10", "begins": "15:59", "ends": "17:00", "place": str(place.pk)}
    page = browse("london_local").post("/desk/events/new/", typed)
    assert page.status_code == 422
    assert (
        "Meeting room is taken by “Local administration seminar” at that time. Choose another place or time; nothing was saved."
        in page.text
    )
    assert (Event.objects.count(), Booking.objects.count()) == (1, 1)


def test_place_is_free_again_the_moment_an_event_ends_and_when_one_is_cancelled(cast: SimpleNamespace) -> None:
    place, two_hours = a_place(cast), dt.timedelta(hours=2)
    first = planned(cast, place=place)
    planned(cast, place=place, begins_at=BEGINS + two_hours, ends_at=BEGINS + 2 * two_hours)
    actor = reader(cast, "london")
    with acting(actor.scope):
        move_event(first, to="cancelled", actor=actor, now=NOW)
    planned(cast, place=place)
    assert Booking.objects.count() == 2


def test_the_database_itself_refuses_a_double_booking(cast: SimpleNamespace) -> None:
    place = a_place(cast)
    planned(cast, place=place)
    other = planned(cast)
    with pytest.raises(IntegrityError, match="booking_no_place_twice"), transaction.atomic():
        Booking.objects.create(place=place, event=other, begins_at=BEGINS, ends_at=BEGINS + dt.timedelta(minutes=1))


@pytest.mark.django_db(transaction=True)
def test_of_six_who_book_the_same_place_at_once_one_gets_it() -> None:
    cast = make_cast()
    place, ended, barrier = a_place(cast), [], threading.Barrier(6)

    def attempt() -> None:
        actor = reader(cast, "london")
        barrier.wait(timeout=10)
        try:
            with acting(actor.scope):
                plan_event(
                    values={"title_en": "x", "begins_at": BEGINS, "ends_at": BEGINS + dt.timedelta(hours=1), "zone": "Europe/London"},
                    place=place, actor=actor, now=NOW,
                )  # fmt: skip
            ended.append("done")
        except Refused:
            ended.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _turn in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["done", *["refused"] * 5]
    assert (Event.objects.count(), Booking.objects.count()) == (1, 1)


def test_only_the_host_and_headquarters_read_what_is_not_released(browse: Browse, cast: SimpleNamespace) -> None:
    path = f"/desk/events/{planned(cast).pk}/"
    seen = {who: browse(who).get(path).status_code for who in ("london_local", "hq_officer", "newyork", "otaru")}
    assert seen == {"london_local": 200, "hq_officer": 200, "newyork": 404, "otaru": 404}


def test_released_event_is_read_by_everybody_and_stands_in_the_feed(browse: Browse, cast: SimpleNamespace) -> None:
    event = opened(cast, place=a_place(cast))
    hidden = planned(cast, title_en="Not yet")
    assert "地方行政セミナー" in browse(None).get("/ja/events/").text
    assert "Meeting room" in browse(None).get(f"/en/events/{event.pk}/").text
    assert browse(None).get(f"/en/events/{hidden.pk}/").status_code == 404
    feed = icalendar.Calendar.from_ical(browse(None).get("/en/events.ics").content)
    [entry] = feed.walk("VEVENT")
    assert (str(entry["uid"]), str(entry["summary"])) == (str(event.pk), "Local administration seminar")
    assert entry.decoded("dtstart") == BEGINS
    assert str(entry["location"]) == "Meeting room"
    assert browse(None).get(f"/en/events/{event.pk}.ics").status_code == 200


def test_of_very_many_events_the_feed_holds_the_latest_and_no_marks_of_readings(
    browse: Browse, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "MOST", 2)
    day_long = dt.timedelta(days=1)
    for day in range(3):
        long = "あ" * (20 + day) + "{避難所|ひなんじょ}の話" * 3  # a line is folded inside a mark
        event = opened(cast, title_ja=long)
        Event.objects.filter(pk=event.pk).update(
            begins_at=BEGINS + day_long * day, ends_at=BEGINS + day_long * (day + 0.1)
        )
    content = browse(None).get("/ja/events.ics").content
    starts = [entry.decoded("dtstart") for entry in icalendar.Calendar.from_ical(content).walk("VEVENT")]
    assert starts == [BEGINS + day_long, BEGINS + day_long * 2]
    assert b"{" not in content


def test_version_that_somebody_else_saved_over_is_refused(browse: Browse, cast: SimpleNamespace) -> None:
    event = planned(cast)
    page = browse("london_local").post(f"/desk/events/{event.pk}/edit/", TYPED | {"version": "7"})
    assert page.status_code == 422
    assert "Somebody else saved this event meanwhile." in page.text


def test_cancelled_event_cannot_be_opened_again(browse: Browse, cast: SimpleNamespace) -> None:
    event = planned(cast)
    client = browse("london_local")
    client.post(f"/desk/events/{event.pk}/move/", {"to": "cancelled"})
    page = client.post(f"/desk/events/{event.pk}/move/", {"to": "open"}, follow=True)
    assert "it cannot become “open for registration”. Nothing was changed." in page.text
    assert Event.objects.get().state == "cancelled"


def test_event_of_another_office_cannot_be_changed(browse: Browse, cast: SimpleNamespace) -> None:
    event = opened(cast)
    for page in ("edit", "move", "release"):
        assert browse("newyork").post(f"/desk/events/{event.pk}/{page}/", TYPED).status_code == 404
        assert browse("otaru").post(f"/desk/events/{event.pk}/{page}/", TYPED).status_code == 403


def test_successor_is_in_charge_of_events_to_come(cast: SimpleNamespace) -> None:
    event = planned(cast)
    leaving, staying = (Posting.objects.get(person=cast.people[who]) for who in ("london", "london_local"))
    assert (
        str(handover.KINDS["gatherings.events"].label),
        handover.KINDS["gatherings.events"].waiting([leaving.pk]),
    ) == (  # type: ignore[misc]
        "Events to come",
        {leaving.pk: 1},
    )
    handover.hand_over(from_posting=leaving, to_posting=staying, actor=reader(cast, "london_local"), now=NOW)
    assert Event.objects.get(pk=event.pk).posting == staying


def test_times_stand_before_the_city_also_over_two_days(cast: SimpleNamespace) -> None:
    with translation.override("en"):
        assert span(planned(cast)) == "Wed 10 Feb 2027 14:00–16:00 London"
        assert (
            span(planned(cast, ends_at=BEGINS + dt.timedelta(days=1)))
            == "Wed 10 Feb 2027 14:00–Thu 11 Feb 2027 14:00 London"
        )


def test_colleague_is_put_in_charge_and_told(browse: Browse, cast: SimpleNamespace) -> None:
    event, posting = planned(cast), Posting.objects.get(person=cast.people["london_local"])
    client = browse("london")
    page = client.get(f"/desk/events/{event.pk}/charge/").text
    assert "Alice Brown" in page
    assert "David Chen" not in page
    assert client.post(f"/desk/events/{event.pk}/charge/", {"posting": str(posting.pk)}).status_code == 302
    assert Event.objects.get().posting == posting
    message = Message.objects.get(event="gatherings.event.yours")
    assert message.addressed == [{"organisation": cast.places["london"].pk, "right": "", "posting": posting.pk}]


def test_somebody_of_another_office_cannot_be_put_in_charge(browse: Browse, cast: SimpleNamespace) -> None:
    event, stranger = planned(cast), Posting.objects.get(person=cast.people["newyork"])
    page = browse("london_local").post(f"/desk/events/{event.pk}/charge/", {"posting": str(stranger.pk)})
    assert page.status_code == 422
    assert Event.objects.get().posting == Posting.objects.get(person=cast.people["london"])


def test_series_is_changed_by_its_host_only_and_editions_keep_their_titles(
    browse: Browse, cast: SimpleNamespace
) -> None:
    series = Series.objects.create(title_en="Seminar", organisation=cast.places["london"])
    event = planned(cast, series=series)
    path, typed = f"/desk/events/series/{series.pk}/", {"title_en": "Yearly seminar", "summary_en": "Every February"}
    assert browse("newyork").post(path, typed).status_code == 404
    assert browse("london_local").post(path, typed | {"title_en": ""}).status_code == 422
    assert browse("london_local").post(path, typed).status_code == 302
    assert "Yearly seminar" in browse("london_local").get("/desk/events/series/").text
    assert Series.objects.get().title_en == "Yearly seminar"
    assert Event.objects.get(pk=event.pk).title_en == "Local administration seminar"


@pytest.mark.second_wall
def test_event_that_was_taken_off_says_so_and_one_that_never_was_public_is_not_found(
    browse: Browse, cast: SimpleNamespace
) -> None:
    event, hidden, host = opened(cast, for_public=True), planned(cast), browse("london_local")
    for each in (event, hidden):
        assert host.post(f"/desk/events/{each.pk}/release/").status_code == 302
    places = [f"/en/events/{event.pk}/", f"/en/events/{event.pk}.ics", f"/en/forms/events/{event.pk}/"]
    for who in (None, "otaru", "hq_officer"):
        answers = [browse(who).get(place) for place in places]
        assert [answer.status_code for answer in answers] == [410, 410, 410], who
        assert "This page was taken off the site." in answers[0].text
        assert "Local administration seminar" not in answers[0].text
    assert browse(None).post(places[2], {"name": "Ann"}).status_code == 410
    for pk in (hidden.pk, uuid.uuid4()):
        assert browse(None).get(f"/en/events/{pk}/").status_code == 404
        assert browse(None).get(f"/en/events/{pk}.ics").status_code == 404


def test_the_log_tells_which_events_were_taken_off_before_there_was_the_column(cast: SimpleNamespace) -> None:
    migration = importlib.import_module("clair_portal.gatherings.migrations.0010_what_was_public_once")
    event, hidden, actor = opened(cast), planned(cast), reader(cast, "london")
    with acting(actor.scope):
        for each in (event, hidden):
            release_event(each, released=False, actor=actor, now=NOW)
    Event.objects.update(withdrawn_at=None)
    with connection.cursor() as cursor:
        cursor.execute(migration.REMEMBER)
    assert [each.pk for each in Event.objects.filter(withdrawn_at__isnull=False)] == [event.pk]
