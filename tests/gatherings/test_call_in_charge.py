"""A call has somebody in charge, who hears of applications; applications follow a merger of organisations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.utils import timezone

from clair_portal.accounts.models import Posting
from clair_portal.audit.models import Entry
from clair_portal.gatherings import calling, succession
from clair_portal.gatherings.models import Application, Call
from clair_portal.gatherings.rules import Refused
from clair_portal.network.models import Succession
from clair_portal.outbox.models import Message
from clair_portal.walls.scope import acting
from tests.cast import reader
from tests.conftest import WebClient
from tests.gatherings.calling import a_call, applied, closed, fresh
from tests.gatherings.test_calls import TYPED, withdrawn

Browse = Callable[..., WebClient]


def arrived(call: Call) -> list[dict[str, object]]:
    rows = Message.objects.filter(event="gatherings.call.applied", path=f"/desk/calls/{call.pk}/applications/")
    return [message.addressed[0] for message in rows.order_by("pk")]


def test_the_host_hears_once_of_each_application(cast: SimpleNamespace) -> None:
    call = a_call(cast)
    Call.objects.filter(pk=call.pk).update(posting=None)
    applied(cast, fresh(call), "otaru")
    applied(cast, fresh(call), "hakodate")
    assert arrived(call) == [{"organisation": cast.places["london"].pk, "right": "gatherings.host"}] * 2
    own = Application.objects.get(call=call, organisation=cast.places["otaru"])
    actor = reader(cast, "otaru")
    with acting(actor.scope):
        values = {"people": 1, "names": "", "reason": "Changed.", "contact": "A", "email": "a@otaru.example.org"}
        calling.apply(fresh(call), values=values, version=own.version, actor=actor)
    assert len(arrived(call)) == 2


def test_whoever_plans_a_call_is_in_charge_and_puts_a_colleague_in_charge_who_is_told(
    browse: Browse, cast: SimpleNamespace
) -> None:
    client = browse("london_local", accept_language="en")
    client.post("/desk/calls/new/", TYPED)
    call = Call.objects.get()
    assert call.posting is not None
    assert call.posting.person == cast.people["london_local"]
    other = Posting.objects.get(person=cast.people["london"])
    assert client.post(f"/desk/calls/{call.pk}/charge/", {"posting": other.pk}).status_code == 302
    assert fresh(call).posting == other
    assert Message.objects.get(event="gatherings.call.yours").addressed[0]["posting"] == other.pk
    assert Entry.objects.filter(event="gatherings.call.in_charge").count() == 1
    assert str(cast.people["london"]) in client.get(f"/desk/calls/{call.pk}/").text
    stranger = Posting.objects.get(person=cast.people["otaru"])
    assert client.post(f"/desk/calls/{call.pk}/charge/", {"posting": stranger.pk}).status_code == 422
    actor = reader(cast, "london_local")
    with acting(actor.scope), pytest.raises(Refused, match="Choose somebody of the organisation that holds the call"):
        calling.put_in_charge(fresh(call), posting=stranger, actor=actor, now=timezone.now())


def test_a_successor_is_in_charge_of_calls_that_are_not_decided(cast: SimpleNamespace) -> None:
    call, was = a_call(cast), Posting.objects.get(person=cast.people["london"])
    heir = Posting.objects.get(person=cast.people["london_local"])
    Call.objects.filter(pk=call.pk).update(posting=was)
    assert succession.waiting_calls([was.pk]) == {was.pk: 1}
    assert succession.hand_over_calls(was, heir, reader(cast, "london"), timezone.now()) == 1
    assert fresh(call).posting == heir
    Call.objects.filter(pk=call.pk).update(state="cancelled", posting=was)
    assert succession.hand_over_calls(was, heir, reader(cast, "london"), timezone.now()) == 0


# --- Mergers ----------------------------------------------------------------------------------------------------------------
def merged(cast: SimpleNamespace, on: dt.date, former: str = "otaru", heir: str = "hakodate") -> Succession:
    places = cast.places
    return Succession.objects.create(
        predecessor=places[former], successor=places[heir], kind="merger", on=on, source="官報"
    )


def moved(cast: SimpleNamespace, succession_row: Succession) -> int:
    actor = reader(cast, "hq_officer")
    with acting(actor.scope):
        return succession.move_applications(succession_row, actor.signature, timezone.now())


def test_what_the_former_body_applied_for_is_the_application_of_its_successor(cast: SimpleNamespace) -> None:
    call = a_call(cast)
    applied(cast, call, "otaru")
    assert moved(cast, merged(cast, dt.date(2026, 4, 1))) == 1
    own = Application.objects.get(call=call)
    assert (own.organisation, own.lot) == (cast.places["hakodate"], 1)
    said = Entry.objects.get(event="gatherings.application.succeeded").params
    assert (said["predecessor"]["en"], said["successor"]["en"]) == ("Otaru", "Hakodate")
    actor = reader(cast, "hakodate") if "hakodate" in cast.people else None
    if actor:
        with acting(actor.scope):
            assert Application.objects.visible_to(actor.scope).count() == 1


def test_one_that_applied_itself_keeps_its_own_and_nothing_moves_before_the_day(cast: SimpleNamespace) -> None:
    call = a_call(cast)
    applied(cast, call, "otaru")
    applied(cast, call, "hakodate")
    assert moved(cast, merged(cast, dt.date(2026, 4, 1))) == 0
    later = merged(cast, timezone.localdate() + dt.timedelta(days=30), heir="sapporo")
    assert moved(cast, later) == 0
    assert Application.objects.filter(call=call, organisation=cast.places["otaru"]).count() == 1


def test_withdrawn_ones_stay_and_members_may_not_call_the_function(cast: SimpleNamespace) -> None:
    call = a_call(cast)
    applied(cast, call, "otaru")
    withdrawn(cast, fresh(call), "otaru")
    assert moved(cast, merged(cast, dt.date(2026, 4, 1))) == 0
    closed(call)
    with acting(reader(cast, "otaru").scope), pytest.raises(Exception, match="permission denied"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select * from gatherings_move_applications(1, 2)")
