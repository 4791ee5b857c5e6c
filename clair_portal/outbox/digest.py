"""The daily summary for people who chose it: what they have not read yet, in one mail."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.utils import timezone, translation
from django.utils.translation import ngettext

from clair_portal.accounts.models import Mail, Person
from clair_portal.outbox import notices
from clair_portal.outbox.delivery import UNREADABLE, address, compose
from clair_portal.outbox.models import Email, Notification


def write_digests(now: dt.datetime) -> None:
    """One mail a person and day (its key says so), with the unread notices of the last seven days."""
    people = Person.objects.filter(mail=Mail.DAILY, user__is_active=True).select_related("user").defer(*UNREADABLE)
    for person in people.iterator(chunk_size=500):
        unread = list(
            Notification.objects.filter(
                person=person.pk, read_at=None, created_at__gte=now - dt.timedelta(days=7)
            ).order_by("created_at")
        )
        if unread and address(person):
            Email.objects.bulk_create([_digest(person, unread, now)], ignore_conflicts=True)


def _digest(person: Person, unread: list[Notification], now: dt.datetime) -> Email:
    zone = zoneinfo.ZoneInfo(person.time_zone)
    with translation.override(person.language), timezone.override(zone):
        lines = [f"・{notices.rendered(row.event, row.params)[0]}" for row in unread]
        heading = ngettext(
            "%(count)s notice you have not read yet", "%(count)s notices you have not read yet", len(unread)
        ) % {"count": len(unread)}
        body = compose(person, "\n".join(lines), "/desk/notifications/")
    today = timezone.localdate(now, zone)
    return Email(
        key=f"digest.{person.pk}.{today}",
        to=address(person),
        person=person.pk,
        language=person.language,
        subject=heading,
        body=body,
        event="outbox.digest.sent",
        created_at=now,
        due_at=now,
    )
