from __future__ import annotations

import datetime as dt
import smtplib
import uuid
from contextlib import suppress

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email

from clair_portal.language.readings import without_readings
from clair_portal.outbox.claiming import claim, finish, try_later
from clair_portal.outbox.enums import State
from clair_portal.outbox.models import Email
from clair_portal.outbox.services import one_line
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

MOST_ATTEMPTS = 8
# A conversation may take longer than this: then the mail is called unknown for a while, until the slow worker comes back.
LEASE = dt.timedelta(seconds=30)
DIED = "The worker stopped while sending."


def send(pk: uuid.UUID, now: dt.datetime) -> bool:
    """Sends one mail. True: handed to the server now."""
    with acting(SYSTEM_SCOPE):
        if _died_in_flight(pk, now):
            return False
        email = claim(Email, pk, now, LEASE, orphans=False)
    if email is None:
        return False
    state, error = _hand_over(email)
    with acting(SYSTEM_SCOPE):
        if state == State.RETRY:
            try_later(email, now, error, MOST_ATTEMPTS)
        else:
            finish(email, state, now, error)
    return state == State.DONE


def _died_in_flight(pk: uuid.UUID, now: dt.datetime) -> bool:
    """Nobody knows whether a mail in flight with a finished lease went out: a person decides, it is not sent twice."""
    lost = Email.objects.filter(pk=pk, state=State.IN_FLIGHT, lease_until__lt=now)
    return bool(lost.update(state=State.UNKNOWN, done_at=now, lease_until=None, error=DIED))


def _hand_over(email: Email) -> tuple[State, str]:
    """What became of it, and the server's words. No fault leaves here: one that did could send the mail again."""
    try:
        validate_email(email.to)
        message = compose(email)
        message.message()  # what cannot be written as a mail is found before anybody is called
    except Exception as error:
        return State.FAILED, f"{type(error).__name__}: {error}"
    server = get_connection()
    try:
        server.open()
    except smtplib.SMTPResponseException as error:
        return _answer(error.smtp_code, error.smtp_error)
    except Exception as error:
        return State.RETRY, f"{type(error).__name__}: {error}"
    try:
        if not server.send_messages([message]):
            return State.FAILED, "The mail has no address."
    except smtplib.SMTPRecipientsRefused as error:
        return _answer(*next(iter(error.recipients.values())))
    except smtplib.SMTPResponseException as error:
        return _answer(error.smtp_code, error.smtp_error)
    except Exception as error:  # the line broke: whether the server took it before, nobody knows
        return State.UNKNOWN, f"{type(error).__name__}: {error}"
    finally:
        with suppress(Exception):
            server.close()
    return State.DONE, ""


def compose(email: Email) -> EmailMessage:
    """The mail with headers no text of a user can add to: every one is a single line."""
    domain = settings.DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].rstrip(">")
    headers = {
        "Message-ID": f"<{email.key}@{domain}>",
        "Content-Language": email.language,
        "Auto-Submitted": "auto-generated",
    }
    subject, body = without_readings(email.subject), without_readings(email.body)
    return EmailMessage(subject=one_line(subject), body=body, to=[email.to], headers=headers)


def _answer(code: int, reply: bytes | str) -> tuple[State, str]:
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    return (State.FAILED if code >= 500 else State.RETRY), f"{code} {text}"
