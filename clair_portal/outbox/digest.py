"""The daily summary for people who chose it: what they have not read yet, in one mail, at eight on their own clock."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone, translation
from django.utils.translation import ngettext

from clair_portal.accounts.models import Mail, Person
from clair_portal.outbox import notices
from clair_portal.outbox.delivery import UNREADABLE, address, compose
from clair_portal.outbox.models import Email, Notification

MORNING = range(8, 12)  # hours: at eight; a turn that was missed then is made up until noon
UNREAD_FOR = dt.timedelta(days=7)


def write_digests(now: dt.datetime) -> None:
    """Schedule: one mail a person and day of theirs (its key says so), with the unread notices of the last seven days."""
    waiting = {_key(person, now): person for person in _in_their_morning(now)}
    sent = set(Email.objects.filter(key__in=list(waiting)).values_list("key", flat=True))
    for key, person in waiting.items():
        if key not in sent and address(person):
            unread = list(_unread(now).filter(person=person.pk).order_by("created_at"))
            Email.objects.bulk_create([_digest(key, person, unread, now)], ignore_conflicts=True)


def _in_their_morning(now: dt.datetime) -> list[Person]:
    """Who chose the summary, has not read something, and has morning where they are."""
    daily = Person.objects.filter(mail=Mail.DAILY, user__is_active=True)
    zones = daily.order_by().values_list("time_zone", flat=True).distinct()
    here = [zone for zone in zones if timezone.localtime(now, zoneinfo.ZoneInfo(zone)).hour in MORNING]
    waiting = daily.filter(Exists(_unread(now).filter(person=OuterRef("pk"))), time_zone__in=here)
    return list(waiting.select_related("user").defer(*UNREADABLE).order_by("pk"))


def _unread(now: dt.datetime) -> QuerySet[Notification]:
    return Notification.objects.filter(read_at=None, created_at__gte=now - UNREAD_FOR)


def _key(person: Person, now: dt.datetime) -> str:
    return f"digest.{person.pk}.{timezone.localdate(now, zoneinfo.ZoneInfo(person.time_zone))}"


def _digest(key: str, person: Person, unread: list[Notification], now: dt.datetime) -> Email:
    with translation.override(person.language), timezone.override(zoneinfo.ZoneInfo(person.time_zone)):
        lines = [f"・{notices.rendered(row.event, row.params)[0]}" for row in unread]
        heading = ngettext(
            "%(count)s notice you have not read yet", "%(count)s notices you have not read yet", len(unread)
        ) % {"count": len(unread)}
        body = compose(person, "\n".join(lines), "/desk/notifications/")
    return Email(
        key=key,
        to=address(person),
        person=person.pk,
        language=person.language,
        subject=heading,
        body=body,
        event="outbox.digest.sent",
        created_at=now,
        due_at=now,
    )
