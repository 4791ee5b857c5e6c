"""From a message to the people who hold the addressed posts today: notices in the portal and rows of e-mail.

Everything happens in the claiming transaction, so in the portal a person is told exactly once.
"""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clair_portal.accounts.ending import zones_of
from clair_portal.accounts.models import Mail, Person, Posting
from clair_portal.calendars.fiscal import tokyo_date
from clair_portal.language.words import shortened
from clair_portal.network.enums import SuccessionKind
from clair_portal.outbox import notices
from clair_portal.outbox.claiming import claim, finish
from clair_portal.outbox.enums import State
from clair_portal.outbox.models import Email, Message, Notification
from clair_portal.outbox.services import one_line
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

# Only the sign-in pages may read these (accounts/access.py).
UNREADABLE = ("user__password", "user__last_login", "user__date_joined", "user__sample")
# Of several heirs of a divided body only one has the case: which one, headquarters says by moving it.
ONE_HEIR = sorted(set(SuccessionKind) - {SuccessionKind.DIVISION})


def deliver(pk: uuid.UUID, now: dt.datetime) -> bool:
    """Tells one message. True: it was told now; False: somebody else had it or it was told before."""
    with acting(SYSTEM_SCOPE):
        message = claim(Message, pk, now)
        if message is None:
            return False
        people = holders(message.addressed, now, but_not=message.but_not)
        Notification.objects.bulk_create(
            [_notification(message, person, now) for person in people], ignore_conflicts=True
        )
        mails = [_email(message, person, now) for person in people if person.mail == Mail.AT_ONCE and address(person)]
        Email.objects.bulk_create(mails, ignore_conflicts=True)
        finish(message, State.DONE, now)
    return True


def holders(addressed: list[dict[str, Any]], now: dt.datetime, but_not: int | None = None) -> list[Person]:
    """The people who hold one of the posts today - there, or at the body that succeeded it -, and those addressed in person;
    each once, in order of keys. Today is the day of the organisation; a body succeeds another on Tokyo's."""
    today = tokyo_date(now)
    posts = Q()
    for post in addressed:
        if "person" in post:
            continue
        asked = post["organisation"]
        here = Q(organisation=asked) | Q(organisation__parent=asked, organisation__kind="division")
        heirs = Q(
            organisation__origins__predecessor=asked,
            organisation__origins__on__lte=today,
            organisation__origins__kind__in=ONE_HEIR,
        )
        posts |= (here | heirs) & _who(post)
    named = {post["person"] for post in addressed if "person" in post}
    people = Person.objects.filter(pk__in=(_posted(posts, now) | named) - {but_not}, user__is_active=True)
    return list(people.select_related("user").defer(*UNREADABLE).order_by("pk"))


def _posted(posts: Q, now: dt.datetime) -> set[int]:
    """People with such a posting, on the clock of its organisation."""
    if not posts:
        return set()
    day = now.date()
    lately = Q(starts_on__lte=day + dt.timedelta(days=1)) & (
        Q(ends_on=None) | Q(ends_on__gte=day - dt.timedelta(days=1))
    )
    postings = list(Posting.objects.filter(posts, lately).select_related("organisation"))
    zones = zones_of(posting.organisation for posting in postings)
    return {
        posting.person_id
        for posting in postings
        if posting.in_force(timezone.localdate(now, zoneinfo.ZoneInfo(zones[posting.organisation_id])))
    }


def _who(post: dict[str, Any]) -> Q:
    """Which of the people there: one posting, a title, a role, or everybody with the right."""
    if post.get("posting"):
        return Q(pk=post["posting"])
    if post.get("title"):
        return Q(title=post["title"])
    return Q(role=post["role"]) if post.get("role") else Q(role__rights__contains=[post["right"]])


def address(person: Person) -> str:
    return person.email or (person.user.email if person.user else "")


def _notification(message: Message, person: Person, now: dt.datetime) -> Notification:
    return Notification(
        message=message.pk,
        person=person.pk,
        event=message.event,
        params=message.params,
        path=message.path,
        created_at=now,
    )


def _email(message: Message, person: Person, now: dt.datetime) -> Email:
    with translation.override(person.language), timezone.override(zoneinfo.ZoneInfo(person.time_zone)):
        heading, text = notices.rendered(message.event, message.params)
        body = compose(person, text, message.path)
    return Email(
        key=f"{message.pk}.{person.pk}", to=address(person), person=person.pk, language=person.language,
        subject=shortened(one_line(heading), 250), body=body, event=message.event, created_at=now, due_at=now,
        request_id=message.request_id,
    )  # fmt: skip


def compose(person: Person, text: str, path: str) -> str:
    """The mail as it is sent, in the active language: who it is for, what happened, where to look."""
    lines = [_("Dear %(name)s,") % {"name": person.display_name()}, "", text, ""]
    if path:
        lines += [settings.PORTAL_URL.rstrip("/") + path, ""]
    lines += ["-- ", _("CLAIR portal. You get this mail because of your posting; change how in your settings.")]
    return "\n".join(lines)
