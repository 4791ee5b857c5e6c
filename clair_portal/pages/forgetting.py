"""What is forgotten after its time. Cases, papers and the log are records of office and stay; their terms are not ours to set.

The days are a proposal of ours (settings.RETENTION_DAYS): no rule of CLAIR about them was found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone

from clair_portal.accounts import sent_once
from clair_portal.accounts.models import ApiToken, Invitation, SentOnce, SignedLink
from clair_portal.outbox.enums import State
from clair_portal.outbox.models import Email, Message, Notification, Reminder
from clair_portal.search import misses

AT_ONCE = 5000  # of each kind, in one night


def clear_sessions(now: dt.datetime) -> None:
    """Sessions that have ended, and the lines about them in the list a person sees."""
    Session.objects.filter(expire_date__lt=now).delete()
    begun = UserSession.objects.filter(created_at__lt=now - dt.timedelta(hours=1))
    begun.exclude(session_key__in=Session.objects.values("session_key")).delete()


def forget(now: dt.datetime) -> None:
    """Schedule: every night, so many rows of each kind."""
    for rows in forgettable(now):
        rows.model._default_manager.filter(pk__in=rows.order_by("pk").values("pk")[:AT_ONCE]).delete()


def forgettable(now: dt.datetime) -> Iterator[QuerySet[Any]]:
    mail, notice, code = (now - dt.timedelta(days=settings.RETENTION_DAYS[kind]) for kind in ("mail", "notice", "code"))
    yield Email.objects.filter(state__in=[State.DONE, State.FAILED, State.UNKNOWN], created_at__lt=mail)
    yield Message.objects.filter(state=State.DONE, created_at__lt=notice)
    yield Notification.objects.filter(created_at__lt=notice)
    yield Reminder.objects.filter(Q(told_at__lt=notice) | Q(dropped_at__lt=notice))
    yield Invitation.objects.filter(expires_at__lt=code)
    yield SignedLink.objects.filter(expires_at__lt=code)
    yield ApiToken.objects.filter(expires_at__lt=code)
    yield from misses.forgettable(timezone.localdate(now))
    yield SentOnce.objects.filter(sent_at__lt=now - sent_once.KEPT)
