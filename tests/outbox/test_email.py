"""Mail against a real SMTP server: sent, refused, tried again, and never twice."""

from __future__ import annotations

import datetime as dt
import email
import socket
import threading
from email.header import decode_header, make_header
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from clair_portal.outbox.channels.email.send import send
from clair_portal.outbox.claiming import claim
from clair_portal.outbox.handlers import do
from clair_portal.outbox.models import Email
from clair_portal.outbox.services import send_again
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.outbox.conftest import Mailbox, in_threads

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 24, 1, 0, tzinfo=dt.UTC)


def a_mail(**values: Any) -> Email:
    fields = {
        "key": "k1",
        "to": "haru@otaru.example",
        "subject": "運河の視察",
        "body": "本文です。",
        "language": "ja",
        "created_at": NOW,
        "due_at": NOW,
    }
    return Email.objects.create(**(fields | values))


def after(mail: Email) -> tuple[str, str]:
    mail.refresh_from_db()
    return mail.state, mail.error


def test_a_mail_is_sent_with_its_key_as_message_id(mailbox: Mailbox) -> None:
    mail = a_mail()
    assert send(mail.pk, NOW) is True
    assert after(mail) == ("done", "")
    assert mail.done_at == NOW
    (raw,) = mailbox.mails
    message = email.message_from_bytes(raw)
    assert message["Message-ID"] == "<k1@portal.example>"
    assert message["From"] == "CLAIR <portal@portal.example>"
    assert message["To"] == "haru@otaru.example"
    assert str(make_header(decode_header(message["Subject"]))) == "運河の視察"
    assert message["Content-Language"] == "ja"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_payload(decode=True).decode().strip() == "本文です。"


def test_a_mail_that_was_sent_is_not_sent_again(mailbox: Mailbox) -> None:
    mail = a_mail()
    assert [send(mail.pk, NOW) for _turn in range(3)] == [True, False, False]
    assert len(mailbox.mails) == 1


def test_a_mail_that_is_not_due_waits(mailbox: Mailbox) -> None:
    mail = a_mail(due_at=NOW + dt.timedelta(seconds=1))
    assert send(mail.pk, NOW) is False
    assert mailbox.mails == []


def test_a_temporary_refusal_is_tried_again_with_growing_pauses_and_fails_in_the_end(mailbox: Mailbox) -> None:
    mailbox.answers = ["451 try later"] * 8
    mail, now, pauses = a_mail(), NOW, []
    for _attempt in range(7):
        assert send(mail.pk, now) is False
        assert after(mail) == ("retry", "451 try later")
        pauses.append(int((mail.due_at - now).total_seconds()))
        assert send(mail.pk, mail.due_at - dt.timedelta(seconds=1)) is False
        now = mail.due_at
    assert pauses == [30, 60, 120, 240, 480, 960, 1920]
    assert send(mail.pk, now) is False
    assert after(mail) == ("failed", "451 try later")
    assert mail.attempts == 8
    assert mailbox.mails == []


def test_a_mail_goes_out_after_a_temporary_refusal(mailbox: Mailbox) -> None:
    mailbox.answers = ["421 too busy"]
    mail = a_mail()
    assert send(mail.pk, NOW) is False
    mail.refresh_from_db()
    assert send(mail.pk, mail.due_at) is True
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(("answers", "rcpt_answers"), [(["554 no such policy"], []), ([], ["554 no such policy"])])
def test_a_permanent_refusal_fails_at_once(mailbox: Mailbox, answers: list[str], rcpt_answers: list[str]) -> None:
    mailbox.answers, mailbox.rcpt_answers = answers, rcpt_answers
    mail = a_mail()
    assert send(mail.pk, NOW) is False
    assert after(mail) == ("failed", "554 no such policy")


def test_a_recipient_refused_for_now_is_tried_again(mailbox: Mailbox) -> None:
    mailbox.rcpt_answers = ["450 greylisted"]
    mail = a_mail()
    send(mail.pk, NOW)
    assert after(mail) == ("retry", "450 greylisted")


def test_a_server_that_is_not_there_is_tried_again(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    mail = a_mail()
    assert send(mail.pk, NOW) is False
    state, error = after(mail)
    assert state == "retry"
    assert error.startswith("ConnectionRefusedError")


def test_a_line_that_breaks_after_the_text_was_given_leaves_the_outcome_unknown(mailbox: Mailbox) -> None:
    mailbox.answers = ["hang up"]
    mail = a_mail()
    assert send(mail.pk, NOW) is False
    assert after(mail)[0] == "unknown"
    assert len(mailbox.mails) == 1
    assert send(mail.pk, NOW + dt.timedelta(days=1)) is False
    assert len(mailbox.mails) == 1


def test_a_worker_that_dies_while_sending_leaves_the_outcome_unknown_and_it_is_not_sent_again(mailbox: Mailbox) -> None:
    mail = a_mail()
    with acting(SYSTEM_SCOPE):
        assert claim(Email, mail.pk, NOW, dt.timedelta(seconds=30))
    assert send(mail.pk, NOW + dt.timedelta(seconds=29)) is False
    assert after(mail)[0] == "in_flight"
    assert send(mail.pk, NOW + dt.timedelta(seconds=31)) is False
    assert after(mail) == ("unknown", "The worker stopped while sending.")
    assert do("email", mail.pk, NOW + dt.timedelta(days=1)) is False
    assert mailbox.mails == []


def test_a_slow_worker_that_comes_back_says_what_it_knows(mailbox: Mailbox) -> None:
    from clair_portal.outbox.claiming import finish

    mail = a_mail()
    with acting(SYSTEM_SCOPE):
        slow = claim(Email, mail.pk, NOW, dt.timedelta(seconds=30))
    send(mail.pk, NOW + dt.timedelta(seconds=31))
    with acting(SYSTEM_SCOPE):
        assert finish(slow, "done", NOW + dt.timedelta(seconds=100))
    assert after(mail)[0] == "done"


def test_a_slow_worker_does_not_overwrite_what_a_person_decided_since(mailbox: Mailbox) -> None:
    from clair_portal.outbox.claiming import try_later

    mail = a_mail()
    with acting(SYSTEM_SCOPE):
        slow = claim(Email, mail.pk, NOW, dt.timedelta(seconds=30))
    send(mail.pk, NOW + dt.timedelta(seconds=31))
    mail.refresh_from_db()
    send_again(mail, now=NOW + dt.timedelta(seconds=95))
    with acting(SYSTEM_SCOPE):
        assert try_later(slow, NOW + dt.timedelta(seconds=100), "451", 8) is False
    assert after(mail) == ("queued", "")


def test_a_person_may_send_an_unknown_or_failed_mail_again(mailbox: Mailbox) -> None:
    for state in ("failed", "unknown"):
        mail = a_mail(key=state, state=state, attempts=8, error="554 no")
        send_again(mail, now=NOW)
        assert send(mail.pk, NOW) is True
    assert [email.message_from_bytes(raw)["Message-ID"] for raw in mailbox.mails] == [
        "<failed@portal.example>",
        "<unknown@portal.example>",
    ]


@pytest.mark.parametrize("state", ["queued", "in_flight", "retry", "done", "cancelled"])
def test_a_mail_in_any_other_state_cannot_be_sent_again(state: str) -> None:
    with pytest.raises(ValueError, match="only a failed or unknown mail"):
        send_again(a_mail(state=state), now=NOW)


def test_of_two_people_who_press_at_once_one_is_refused() -> None:
    mail = a_mail(state="failed")
    seen_by_the_other = Email.objects.get(pk=mail.pk)
    send_again(mail, now=NOW)
    with pytest.raises(ValueError, match="only a failed or unknown mail"):
        send_again(seen_by_the_other, now=NOW)


BREAKS = ["\n", "\r\n", "\u2028", "\x0b", "\x85"]


@pytest.mark.parametrize("line_break", BREAKS)
def test_no_text_of_a_user_adds_a_header(mailbox: Mailbox, line_break: str) -> None:
    send(a_mail(subject=f"a{line_break}Bcc: x@example.org").pk, NOW)
    message = email.message_from_bytes(mailbox.mails[0])
    assert message["Bcc"] is None
    assert message["Subject"] == "a Bcc: x@example.org"


@pytest.mark.parametrize("to", ["haru@otaru.example\nBcc: x@example.org", "", "no address at all <"])
def test_an_address_that_cannot_be_written_fails_without_a_call(mailbox: Mailbox, to: str) -> None:
    mail = a_mail(to=to)
    assert send(mail.pk, NOW) is False
    assert after(mail)[0] == "failed"
    assert mailbox.mails == []


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_a_mail_once(mailbox: Mailbox) -> None:
    for turn in range(5):
        mail = a_mail(key=f"k{turn}")
        assert sorted(in_threads(4, lambda mail=mail: send(mail.pk, NOW))) == [False, False, False, True]
    assert len(mailbox.mails) == 5


@pytest.mark.django_db(transaction=True)
def test_a_mail_whose_success_could_not_be_noted_is_not_sent_again(mailbox: Mailbox) -> None:
    """PostgreSQL ends the connection while the mail server takes the mail: the row stays in flight until its lease ends."""
    mail = a_mail(due_at=timezone.now(), created_at=timezone.now())
    taken, killed = threading.Event(), threading.Event()

    async def hold(server: Any, session: Any, envelope: Any) -> str:
        mailbox.mails.append(envelope.content)
        taken.set()
        killed.wait(5)
        return "250 OK"

    mailbox.handle_DATA = hold  # type: ignore[method-assign]
    pids: list[int] = []
    failed: list[BaseException] = []

    def worker() -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            pids.append(cursor.fetchone()[0])
        try:
            do("email", mail.pk, timezone.now())
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=worker)
    thread.start()
    assert taken.wait(5)
    with connections["default"].cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s)", [pids[0]])
    killed.set()
    thread.join()
    assert after(mail)[0] == "in_flight"
    assert [type(error).__name__ for error in failed] == ["OperationalError"]
    later = timezone.now() + dt.timedelta(seconds=31)
    assert do("email", mail.pk, later) is False
    assert after(mail)[0] == "unknown"
    assert len(mailbox.mails) == 1
