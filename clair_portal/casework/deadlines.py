"""Terms in business days of whoever holds the case, the clock that stands while the other side is asked, reminders.

Which term holds is data (KindVersion); a case keeps the version it was opened under.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.audit.sentences import moment
from clair_portal.calendars.business_days import WorkingCalendar, calendar_for, close_of_business, due_after
from clair_portal.casework.enums import ALL_SIDES, Holder
from clair_portal.casework.models import Case, KindVersion, Referral
from clair_portal.casework.posts import path_of, posts_of
from clair_portal.casework.queries import with_its_whole
from clair_portal.casework.rules import Conflict, NotAllowed, sides_of
from clair_portal.casework.telling import say
from clair_portal.casework.workflow import State, workflow_of
from clair_portal.network.models import Organisation
from clair_portal.outbox.services import Post, remind, take_back

NEAR, PASSED = "casework.deadline.near", "casework.deadline.passed"
MOST_EXTENDED = 60  # business days at once; more is a new agreement, not an extension
IN_THE_MORNING = dt.time(9, 0)


def version_of(case: Case) -> KindVersion:
    """The version the case was opened under; where none is kept, the workflow's own terms as version 1."""
    kept = KindVersion.objects.filter(kind=case.kind, version=case.kind_version).first()
    return kept or KindVersion(kind=case.kind, version=case.kind_version)


def term(case: Case, state: State) -> int | None:
    """Business days for this step, or None: no deadline."""
    days: int | None = version_of(case).terms.get(state.key, state.business_days)
    return days


def set_deadline(case: Case, state: State, holding: Organisation | None, now: dt.datetime, *, resumed: bool) -> None:
    """Writes `due_at` and `due_zone` for the step the case is entering. `resumed`: the clock that stood goes on."""
    days = case.clock_left if resumed and case.clock_left is not None else term(case, state)
    if resumed:
        case.clock_left = None
    if days is None or holding is None:
        case.due_at, case.due_zone = None, "Asia/Tokyo"
        return
    case.due_at, case.due_zone = due_after(max(days, 1), now, calendar_for(holding.calendar)), holding.time_zone


def suspend(case: Case, now: dt.datetime) -> None:
    """Keeps the business days that were left (at least one), to go on with when the other side has answered.

    A step without a term leaves none: what an earlier question kept is not its.
    """
    case.clock_left = None
    if case.due_at is not None and case.holding is not None:
        case.clock_left = max(_days_left(case.due_at, now, calendar_for(case.holding.calendar)), 1)


def _days_left(due_at: dt.datetime, now: dt.datetime, calendar: WorkingCalendar) -> int:
    zone = zoneinfo.ZoneInfo(calendar.zone)
    return calendar.between(timezone.localdate(now, zone), timezone.localdate(due_at, zone))


def set_clock_of_referral(case: Case) -> None:
    """An office that has not answered yet has until the deadline of its step; of a case in parts each has that of its part."""
    if case.holder == Holder.OFFICE and not case.split:
        on = with_its_whole(case)
        asked = Referral.objects.filter(case__in=on, office=case.holding, standing=True, answered_at=None)
        asked.update(due_at=case.due_at)


def set_reminders(case: Case, now: dt.datetime) -> None:
    """Rows that remind whoever holds the case before its deadline, and tell headquarters too when it has passed."""
    take_back(case, now=now)
    if case.due_at is None or case.holding is None:
        return
    version, calendar = version_of(case), calendar_for(case.holding.calendar)
    last = timezone.localdate(case.due_at, zoneinfo.ZoneInfo(calendar.zone))
    _remind(case, NEAR, _morning(calendar.add(last, -version.remind_before), calendar.zone), [], now)
    headquarters = posts_of(case, [Holder.HEADQUARTERS])
    _remind(case, PASSED, _morning(calendar.add(last, version.escalate_after), calendar.zone), headquarters, now)


def _morning(day: dt.date, zone: str) -> dt.datetime:
    return dt.datetime.combine(day, IN_THE_MORNING, zoneinfo.ZoneInfo(zone)).astimezone(dt.UTC)


def _remind(case: Case, event: str, at: dt.datetime, also: list[Post], now: dt.datetime) -> None:
    if at <= now or case.due_at is None:
        return
    posts = list(dict.fromkeys([*posts_of(case, [Holder(case.holder)]), *also]))
    params = {"number": case.number or "", "title": case.title, "due": moment(case.due_at)}
    occasion = f"{case.version}.{int(case.due_at.timestamp())}"
    remind(event, case, at=at, posts=posts, params=params, path=path_of(case), occasion=occasion)


def why_not_extend(case: Case, reader: Reader) -> str:
    """Why the reader cannot extend the deadline of a case; empty: they can."""
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

    Raises NotAllowed: no deadline, somebody else holds it, no right, no reason, or more than MOST_EXTENDED days.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("holding").get(pk=case.pk)
    if version not in (None, case.version):
        raise Conflict(
            _("Somebody else changed this case while you had it open. Look at it again; what you typed is kept.")
        )
    if refusal := why_not_extend(case, actor):
        raise NotAllowed(refusal)
    if not reason.strip():
        raise NotAllowed(_("Write the reason, so that the other side knows what to do."))
    if not 1 <= days <= MOST_EXTENDED:
        raise NotAllowed(_("Extend by 1 to %(most)s business days.") % {"most": MOST_EXTENDED})
    _extend(case, days, reason, actor, now)
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


def fiscal_day(case: Case, now: dt.datetime) -> dt.date:
    """The day whose fiscal year counts a case: on the clock of the zone that its kind names."""
    return timezone.localdate(now, zoneinfo.ZoneInfo(version_of(case).fiscal_zone))
