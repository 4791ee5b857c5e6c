"""What is forgotten after its time, and what stays."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from clair_portal.accounts.models import ApiToken, Invitation, SentOnce, SignedLink
from clair_portal.audit.models import Entry
from clair_portal.casework.models import Case
from clair_portal.outbox import schedule
from clair_portal.outbox.models import Email, Message, Notification, Reminder
from clair_portal.pages import forgetting
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.cast import NOW, make_cast
from tests.walls.scene import Scene, make_scene


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene(make_cast())


def ago(days: int) -> dt.datetime:
    return NOW - dt.timedelta(days=days)


def forget() -> None:
    with acting(SYSTEM_SCOPE):
        forgetting.forget(NOW)


def test_mails_go_after_ninety_days_unless_they_still_wait(scene: Scene) -> None:
    for state in ("done", "failed", "unknown", "queued"):
        for days in (89, 91):
            Email.objects.create(
                key=f"{state} {days}", to="a@example.org", language="ja", subject="", state=state, created_at=ago(days)
            )
    forget()
    kept = Email.objects.exclude(key="mail").values_list("key", flat=True)
    assert sorted(kept) == ["done 89", "failed 89", "queued 89", "queued 91", "unknown 89"]


def test_messages_notices_and_reminders_go_after_four_hundred_days(scene: Scene) -> None:
    Message.objects.update(state="done", created_at=ago(401))
    Notification.objects.update(created_at=ago(399))
    gone = Notification.objects.order_by("pk")[0]
    Notification.objects.filter(pk=gone.pk).update(created_at=ago(401))
    Reminder.objects.update(told_at=ago(401))
    before = Notification.objects.count()
    forget()
    assert (Message.objects.count(), Notification.objects.count(), Reminder.objects.count()) == (0, before - 1, 0)


def test_message_that_was_never_told_stays(scene: Scene) -> None:
    Message.objects.update(state="failed", created_at=ago(1000))
    forget()
    assert Message.objects.count() == 1


def test_codes_that_ended_long_ago_go_and_others_stay(scene: Scene) -> None:
    for model in (Invitation, SignedLink, ApiToken):
        first = model.objects.order_by("pk")[0].pk
        model.objects.update(expires_at=ago(399))
        model.objects.filter(pk=first).update(expires_at=ago(401))
        before = model.objects.count()
        forget()
        assert model.objects.count() == before - 1
        assert not model.objects.filter(pk=first).exists()


def test_keys_of_programs_go_after_two_days(scene: Scene) -> None:
    SentOnce.objects.update(sent_at=ago(2))
    first = SentOnce.objects.order_by("pk")[0].pk
    SentOnce.objects.filter(pk=first).update(sent_at=ago(2) - dt.timedelta(seconds=1))
    before = SentOnce.objects.count()
    forget()
    assert SentOnce.objects.count() == before - 1
    assert not SentOnce.objects.filter(pk=first).exists()


def test_cases_and_the_log_stay(scene: Scene) -> None:
    Case.objects.update(created_at=ago(5000), closed_at=ago(4000))
    before = Case.objects.count(), Entry.objects.count()
    forget()
    assert (Case.objects.count(), Entry.objects.count()) == before


def test_another_term_is_a_setting(scene: Scene, settings: Any) -> None:
    settings.RETENTION_DAYS = {**settings.RETENTION_DAYS, "mail": 10}
    Email.objects.update(state="done", created_at=ago(11))
    forget()
    assert Email.objects.count() == 0


def test_one_night_takes_a_bounded_number(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    Notification.objects.update(created_at=ago(401))
    before = Notification.objects.count()
    forget()
    assert Notification.objects.count() == before - 2


def test_ended_sessions_go_with_their_line_in_the_list(cast: SimpleNamespace) -> None:
    for key, ends in (("a" * 32, NOW - dt.timedelta(minutes=1)), ("b" * 32, NOW + dt.timedelta(hours=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
        UserSession.objects.create(user=cast.users["otaru"], ip="127.0.0.1", session_key=key, created_at=ago(1))
    UserSession.objects.create(user=cast.users["otaru"], ip="127.0.0.1", session_key="c" * 32, created_at=NOW)
    with acting(SYSTEM_SCOPE):
        forgetting.clear_sessions(NOW)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["b" * 32]
    assert sorted(UserSession.objects.values_list("session_key", flat=True)) == ["b" * 32, "c" * 32]


def test_the_relay_runs_both_turns() -> None:
    assert schedule.TURNS["pages.forgetting"].run is forgetting.forget
    assert schedule.TURNS["pages.sessions"].run is forgetting.clear_sessions
