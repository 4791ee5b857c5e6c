"""What happens on a case is logged and told in one call."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clair_portal.audit.models import Entry
from clair_portal.casework.deadlines import set_reminders
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Case
from clair_portal.casework.posts import posts_of
from clair_portal.casework.telling import say
from clair_portal.outbox.models import Message, Reminder
from tests.casework.travel import case_in
from tests.cast import NOW

BY = {"ja": "森下 拓(北海道)", "en": "Taku Morishita (Hokkaido)"}


@pytest.fixture
def case(cast: SimpleNamespace) -> Case:
    found = case_in(cast, "triage")
    Message.objects.all().delete()
    return found


def test_it_stands_in_the_log_and_is_told_to_the_posts(cast: SimpleNamespace, case: Case) -> None:
    say(
        "offices.request.asked", case, posts=posts_of(case, [Holder.APPLICANT]), signature=BY,
        but_not=7, logged={"before": "triage"}, reason="Which day?",
    )  # fmt: skip
    entry, message = Entry.objects.get(event="offices.request.asked"), Message.objects.get()
    told = {"number": "R8-支-0001", "title": "Canals and warehouses", "reason": "Which day?"}
    assert (entry.event, entry.actor, entry.params) == ("offices.request.asked", BY, {**told, "before": "triage"})
    assert (message.event, message.params, message.but_not) == ("offices.request.asked", {**told, "actor": BY}, 7)
    assert message.addressed == [{"organisation": cast.places["otaru"].pk, "right": "cases.file"}]
    assert message.path == f"/desk/cases/{case.pk}/"


def test_what_nobody_is_told_of_stands_in_the_log_only(case: Case) -> None:
    say("offices.request.asked", case, posts=[], signature=BY, reason="Which day?")
    assert Entry.objects.get(event="offices.request.asked").params["reason"] == "Which day?"
    assert Message.objects.count() == 0


def test_reminders_are_taken_back_with_one_call_and_set_anew(case: Case) -> None:
    case.version += 1  # as every move does
    with CaptureQueriesContext(connection) as asked:
        set_reminders(case, NOW)
    assert sum("outbox_take_back" in query["sql"] for query in asked) == 1
    assert set(Reminder.objects.exclude(dropped_at=None).values_list("dropped_at", flat=True)) == {NOW}
    waiting = Reminder.objects.filter(dropped_at=None).order_by("at").values_list("event", flat=True)
    assert list(waiting) == ["casework.deadline.near", "casework.deadline.passed"]
