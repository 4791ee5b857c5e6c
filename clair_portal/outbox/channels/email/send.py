from __future__ import annotations

import datetime as dt
import smtplib
import uuid

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from clair_portal.outbox.claiming import claim, finish, try_later
from clair_portal.outbox.enums import State
from clair_portal.outbox.models import Email
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

MOST_ATTEMPTS = 8
LEASE = dt.timedelta(seconds=90)  # longer than EMAIL_TIMEOUT, so that a slow server is not mistaken for a dead worker


def send(pk: uuid.UUID, now: dt.datetime) -> bool:
    """Sends one mail. True: handed to the server now."""
    with acting(SYSTEM_SCOPE):
        if _died_in_flight(pk, now):
            return False
        email = claim(Email, pk, now, LEASE)
    if not isinstance(email, Email):
        return False
    try:
        _hand_over(email)
    except smtplib.SMTPRecipientsRefused as error:
        refused = next(iter(error.recipients.values()))
        return _note(email, now, _text(refused[0], refused[1]), permanent=refused[0] >= 500)
    except smtplib.SMTPResponseException as error:
        return _note(email, now, _text(error.smtp_code, error.smtp_error), permanent=error.smtp_code >= 500)
    except (OSError, smtplib.SMTPException) as error:
        return _note(email, now, f"{type(error).__name__}: {error}", permanent=False)
    with acting(SYSTEM_SCOPE):
        finish(email, State.DONE, now)
    return True


def _died_in_flight(pk: uuid.UUID, now: dt.datetime) -> bool:
    """Nobody knows whether a mail in flight with a finished lease went out: a person decides, it is not sent twice."""
    lost = Email.objects.filter(pk=pk, state=State.IN_FLIGHT, lease_until__lt=now)
    return bool(lost.update(state=State.UNKNOWN, done_at=now, lease_until=None, error="The worker stopped while sending."))


def _hand_over(email: Email) -> None:
    domain = settings.DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].rstrip(">")
    message = EmailMessage(
        subject=email.subject,
        body=email.body,
        to=[email.to],
        headers={
            "Message-ID": f"<{email.key}@{domain}>",
            "Content-Language": email.language,
            "Auto-Submitted": "auto-generated",
        },
        connection=get_connection(),
    )
    message.send()


def _text(code: int, reply: bytes | str) -> str:
    return f"{code} {reply.decode(errors='replace') if isinstance(reply, bytes) else reply}"


def _note(email: Email, now: dt.datetime, error: str, *, permanent: bool) -> bool:
    with acting(SYSTEM_SCOPE):
        if permanent:
            finish(email, State.FAILED, now, error)
        else:
            try_later(email, now, error, MOST_ATTEMPTS)
    return False
