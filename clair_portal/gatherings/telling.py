"""What the schedule does with registrations: asks for confirmation, tells everybody how they stand, forgets in time.

Runs as the portal itself: a stranger's request never acts with anybody's authority, and whoever cancels does not see who
moves up.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.accounts.signed_links import LONGEST, make_link
from clair_portal.accounts.strangers import stranger
from clair_portal.audit.services import record
from clair_portal.gatherings.enums import GOING_ON, STANDING, Seat, State
from clair_portal.gatherings.models import Event, Registration
from clair_portal.gatherings.moved import in_both, in_words, when_and_where
from clair_portal.gatherings.presentation import when
from clair_portal.gatherings.queue_access import ANSWER, CONFIRM, SEAT
from clair_portal.outbox.claiming import database_is_lost
from clair_portal.outbox.services import Somebody, queue_email, tell

log = logging.getLogger("portal.gatherings")
AT_ONCE = 100
AFTER = dt.timedelta(days=30)  # how long after the event its link works
OFF = "off"  # told that the event does not take place
MOVED_UP = "moved_up"
MOVED = "moved"  # to another time or place


def run(now: dt.datetime) -> None:
    """Schedule: one turn."""
    unconfirmed = now - dt.timedelta(hours=settings.GATHERING_CONFIRM_HOURS)
    Registration.objects.filter(state=Seat.ASKED, created_at__lt=unconfirmed).delete()
    Event.objects.filter(state__in=GOING_ON, ends_at__lt=now).update(state=State.OVER)
    _each(_unasked(), _ask, now)
    _each(_untold(), _tell_once, now)
    _each(_unanswered(), _ask_for_answers, now)


def _each(rows: QuerySet[Registration], do: Callable[[Registration, dt.datetime], None], now: dt.datetime) -> None:
    """So many in one turn; one that fails is tried again in the next and stops no other."""
    for registration in rows[:AT_ONCE]:
        try:
            with transaction.atomic():
                do(registration, now)
        except Exception as error:
            if database_is_lost(error):
                raise
            log.exception("registration %s could not be told; tried again in the next turn", registration.pk)


def forget(now: dt.datetime) -> None:
    """Every night: who came to what is forgotten after its time; how many came stays."""
    before = now - dt.timedelta(days=settings.RETENTION_DAYS["registration"])
    old = Registration.objects.filter(event__ends_at__lt=before).exclude(name="")
    old.update(name="", body="", email="", person=None, organisation=None)


def _unasked() -> QuerySet[Registration]:
    return Registration.objects.filter(state=Seat.ASKED, asked_at=None).select_related("event__organisation")


def _untold() -> QuerySet[Registration]:
    off = Q(event__state=State.CANCELLED, state__in=STANDING) & ~Q(told=OFF)
    moved = Q(moved_from__isnull=False, state__in=STANDING)
    changed = ~Q(event__state=State.CANCELLED) & (~Q(told=F("state")) | moved)
    rows = Registration.objects.exclude(state=Seat.ASKED).exclude(name="").filter(off | changed)
    return rows.select_related("event__organisation").order_by("entered_at")


def _unanswered() -> QuerySet[Registration]:
    """Those who attended and have not been asked."""
    rows = Registration.objects.filter(event__questionnaire_at__isnull=False, attended_at__isnull=False)
    return rows.filter(answer_asked_at=None).exclude(email="").select_related("event__organisation")


def _host(registration: Registration) -> Reader:
    """Whoever registered, as the log knows them: no name in it, only that it was the public form."""
    event = registration.event
    return stranger(
        names={"ja": "公開フォーム", "en": "public form"}, name="", email=registration.email,
        language=registration.language, organisation=event.organisation,
    )  # fmt: skip


def _link(registration: Registration, purpose: str, page: str, until: dt.datetime, now: dt.datetime) -> str:
    _row, token = make_link(
        purpose=purpose, subject=registration, organisation=registration.event.organisation_id, actor=_host(registration),
        expires_at=max(min(until, now + LONGEST), now + dt.timedelta(hours=1)), now=now, recipient=registration.email,
        language=registration.language,
    )  # fmt: skip
    return str(settings.PORTAL_URL.rstrip("/") + reverse(page, args=[token]))


def _ask(registration: Registration, now: dt.datetime) -> None:
    hours, event = settings.GATHERING_CONFIRM_HOURS, registration.event
    with translation.override(registration.language):
        lines = [
            _("Somebody gave this mail address to register for “%(title)s”.") % {"title": event},
            _("If it was you, open this address and press the button. Only then are you registered:"),
            _link(registration, CONFIRM, "registration_confirm", now + dt.timedelta(hours=hours), now),
            _("Without it everything is deleted after %(hours)s hours. If it was not you, do nothing.") % {"hours": hours},
        ]  # fmt: skip
        _mail(registration, _("Please confirm your registration: %(title)s") % {"title": event}, lines)
    Registration.objects.filter(pk=registration.pk).update(asked_at=now)


def _tell_once(registration: Registration, now: dt.datetime) -> None:
    """A host who moves the event in this moment waits, and finds who was told what (moved.py)."""
    Event.objects.select_for_update(no_key=True).get(pk=registration.event_id)
    if found := _untold().filter(pk=registration.pk).first():
        _tell(found, now)


def _tell(registration: Registration, now: dt.datetime) -> None:
    event, told = registration.event, registration.told
    off = event.state == State.CANCELLED and registration.state != Seat.CANCELLED
    news = OFF if off else registration.state
    before = registration.moved_from if news in STANDING and registration.moved_from != when_and_where(event) else None
    said = [MOVED_UP if (told, news) == (Seat.WAITING, Seat.IN) else news] if news != told else []
    said += [MOVED] if before else []
    if registration.person:
        _notify(registration, said, before, now)
    elif said:
        _write(registration, said[0], before, now)
    if MOVED_UP in said:
        record("gatherings.registration.moved_up", event, title=event.titles)
    Registration.objects.filter(pk=registration.pk).update(told=news, moved_from=None)


def _notify(registration: Registration, said: list[str], before: dict[str, Any] | None, now: dt.datetime) -> None:
    event = registration.event
    params: dict[str, Any] = {"title": event.titles}
    if before:
        params |= {"before": in_both(before), "now": in_both(when_and_where(event))}
    for each in said:
        tell(
            f"gatherings.registration.{each}", registration, posts=[Somebody(registration.person or 0)], params=params,
            path=f"/desk/events/{event.pk}/", occasion=f"{each}.{now.isoformat()}",
        )  # fmt: skip


def _ask_for_answers(registration: Registration, now: dt.datetime) -> None:
    """By mail to everybody, also with an account: the link belongs to the event, and the answers to nobody."""
    event = registration.event
    _row, token = make_link(
        purpose=ANSWER, subject=event, organisation=event.organisation_id, expires_at=now + AFTER, actor=_host(registration),
        now=now, recipient=registration.email, language=registration.language, uses=1,
    )  # fmt: skip
    with translation.override(registration.language):
        lines = [
            _("Thank you for attending “%(title)s”. A few questions, answered without your name:") % {"title": event},
            str(settings.PORTAL_URL.rstrip("/") + reverse("questionnaire_answer", args=[token])),
            _("The link works once, for 30 days."),
        ]
        _mail(registration, _("Questions about %(title)s") % {"title": event}, lines)
    Registration.objects.filter(pk=registration.pk).update(answer_asked_at=now)


def _words(said: str, event: Event) -> tuple[str, str]:
    """Heading and sentence."""
    words = {"title": event}
    return {
        Seat.IN: (_("You have a place: %(title)s") % words, _("You have a place at “%(title)s”.") % words),
        Seat.WAITING: (
            _("Waiting list: %(title)s") % words,
            _("All places at “%(title)s” are taken. You are on the waiting list and are told when you move up.") % words,
        ),
        MOVED_UP: (
            _("A place became free: %(title)s") % words,
            _("A place at “%(title)s” became free, and it is yours.") % words,
        ),
        Seat.CANCELLED: (
            _("Registration cancelled: %(title)s") % words, _("Your registration for “%(title)s” is cancelled.") % words
        ),
        MOVED: (
            _("Another time or place: %(title)s") % words,
            _("“%(title)s” takes place at another time or place. Your registration stays.") % words,
        ),
        OFF: (
            _("Does not take place: %(title)s") % words,
            _("“%(title)s” was cancelled and does not take place.") % words,
        ),
    }[said]  # fmt: skip


def _write(registration: Registration, said: str, before: dict[str, Any] | None, now: dt.datetime) -> None:
    """`before`: the time and place the person was told of, where it is another one now."""
    event = registration.event
    with translation.override(registration.language):
        heading, line = _words(said, event)
        lines = [line, *_times(event, before)]
        if said in (*STANDING, MOVED_UP, MOVED):
            lines += [
                _("See your registration, or cancel it if you cannot come (do not pass the address on):"),
                _link(registration, SEAT, "registration_seat", event.ends_at + AFTER, now),
            ]
        _mail(registration, heading, lines)


def _times(event: Event, before: dict[str, Any] | None) -> list[str]:
    if before:
        return [
            _("Before: %(when)s") % {"when": in_words(before)},
            _("Now: %(when)s") % {"when": in_words(when_and_where(event))},
        ]  # fmt: skip
    two = when(event)
    return [f"{two.main}" + (f" ({two.other})" if two.other else "")]


def _mail(registration: Registration, subject: str, lines: list[str]) -> None:
    greeting = _("Dear %(name)s,") % {"name": registration.name}
    footer = f"-- \n{registration.event.organisation} (CLAIR)"
    queue_email(
        to=registration.email, subject=subject, body="\n\n".join([greeting, *lines, footer]),
        language=registration.language, event="gatherings.mail",
    )  # fmt: skip
