"""A deadline that runs is moved by whoever has the ball, or by headquarters."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.audit.sentences import moment
from clair_portal.calendars.business_days import calendar_for, close_of_business
from clair_portal.casework.deadlines import set_clock_of_referral, set_reminders
from clair_portal.casework.enums import ALL_SIDES, Holder
from clair_portal.casework.models import Case
from clair_portal.casework.parts import keep_up, lock_whole
from clair_portal.casework.posts import posts_of
from clair_portal.casework.rules import Conflict, NotAllowed, sides_of
from clair_portal.casework.telling import say
from clair_portal.casework.workflow import in_parts, workflow_of

MOST_EXTENDED = 60  # business days at once; more is a new agreement, not an extension


def why_not_extend(case: Case, reader: Reader) -> str:
    """Why the reader cannot move the deadline; empty: they can."""
    if in_parts(case):
        return _("Each office has a deadline of its own. Extend it on the part of the office.")
    if case.due_at is None or case.holding is None:
        return _("This case has no deadline now.")
    sides = sides_of(case, reader) & {Holder(case.holder), Holder.HEADQUARTERS}
    if not sides:
        return _("Only whoever has the ball, or headquarters, can extend the deadline.")
    if not any(reader.can(workflow_of(case).rights.get(side, "")) for side in sides):
        return _("Your posting does not give you the right to do this.")
    return ""


@transaction.atomic
def extend(case: Case, *, days: int, reason: str, version: int | None = None, actor: Reader, now: dt.datetime) -> Case:
    """Moves the deadline by business days of whoever holds the case, counted from today where it has passed; everybody on
    the case reads why. `version`: the version the person saw; another one raises Conflict.

    Raises NotAllowed: no deadline, one that is that of its parts, somebody else holds it, no right, no reason, or more than
    MOST_EXTENDED days.
    """
    whole = lock_whole(case)
    case = Case.objects.select_for_update(of=("self",)).select_related("holding").get(pk=case.pk)
    if version not in (None, case.version):
        raise Conflict
    if refusal := why_not_extend(case, actor):
        raise NotAllowed(refusal)
    if not reason.strip():
        raise NotAllowed(_("Write the reason, so that the other side knows what to do."))
    if not 1 <= days <= MOST_EXTENDED:
        raise NotAllowed(_("Extend by 1 to %(most)s business days.") % {"most": MOST_EXTENDED})
    _extend(case, days, reason, actor, now)
    if whole is not None:
        keep_up(whole)
    return case


def _extend(case: Case, days: int, reason: str, actor: Reader, now: dt.datetime) -> None:
    assert case.due_at is not None
    assert case.holding is not None
    calendar = calendar_for(case.holding.calendar)
    zone = zoneinfo.ZoneInfo(calendar.zone)
    first = timezone.localdate(max(case.due_at, now), zone)  # what has passed is not extended into the past
    case.due_at, case.version = close_of_business(calendar.add(first, days), calendar.zone), case.version + 1
    case.save(update_fields=["due_at", "version"])
    if Holder.HEADQUARTERS in sides_of(case, actor):  # an office cannot put off by when it was asked to answer
        set_clock_of_referral(case)
    say(
        "casework.deadline.extended", case, posts=posts_of(case, ALL_SIDES), signature=actor.signature,
        but_not=actor.person, reason=reason, due=moment(case.due_at),
    )  # fmt: skip
    set_reminders(case, now)
