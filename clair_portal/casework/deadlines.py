"""Terms in business days of whoever holds the case, the clock that stands while the other side is asked, reminders.

Which term holds is data (KindVersion); a case keeps the version it was opened under.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.utils import timezone

from clair_portal.audit.sentences import moment
from clair_portal.calendars.business_days import WorkingCalendar, calendar_for, due_after
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Case, KindVersion, Referral
from clair_portal.casework.posts import path_of, posts_of
from clair_portal.casework.queries import with_its_whole
from clair_portal.casework.workflow import State, Transition, in_parts, workflow_of
from clair_portal.network.models import Organisation
from clair_portal.outbox.services import Post, remind, take_back

NEAR, PASSED = "casework.deadline.near", "casework.deadline.passed"
IN_THE_MORNING = dt.time(9, 0)


def version_of(case: Case) -> KindVersion:
    """The version the case was opened under; where none is kept, the workflow's own terms as version 1."""
    kept = KindVersion.objects.filter(kind=case.kind, version=case.kind_version).first()
    return kept or KindVersion(kind=case.kind, version=case.kind_version)


def term(case: Case, state: State) -> int | None:
    """Business days for this step, or None: no deadline. Where nobody can do anything nobody can be late."""
    if not workflow_of(case).out_of(state.key):
        return None
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


def suspend(case: Case, asking: Transition, now: dt.datetime) -> None:
    """Keeps the business days that were left (at least one), to go on with when the other side has answered.

    A step without a term leaves none: what an earlier question kept is not its. Nor does a step to which the answer does not
    lead back: the one it leads to has a term of its own.
    """
    case.clock_left = None
    if case.due_at is not None and case.holding is not None and _leads_back(case, asking):
        case.clock_left = max(_days_left(case.due_at, now, calendar_for(case.holding.calendar)), 1)


def _leads_back(case: Case, asking: Transition) -> bool:
    """Whether the answer to the question returns the case to the step it is in now."""
    return any(move.resumes and move.target == case.state for move in workflow_of(case).out_of(asking.target))


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
    """Rows that remind whoever holds the case before its deadline, and tell headquarters too when it has passed.

    Of a case in parts each part reminds.
    """
    take_back(case, now=now)
    if case.due_at is None or case.holding is None or in_parts(case):
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
    posts = list(dict.fromkeys([_post_of_holder(case), *also]))
    params = {"number": case.number or "", "title": case.title, "due": moment(case.due_at)}
    occasion = f"{case.version}.{int(case.due_at.timestamp())}"
    remind(event, case, at=at, posts=posts, params=params, path=path_of(case), occasion=occasion)


def _post_of_holder(case: Case) -> Post:
    """Of whoever holds the case from now on. Which offices work on it the referrals say, which a move changes last."""
    assert case.holding_id is not None
    return Post(case.holding_id, workflow_of(case).rights[Holder(case.holder)])


def fiscal_day(case: Case, now: dt.datetime) -> dt.date:
    """The day whose fiscal year counts a case: on the clock of the zone that its kind names."""
    return timezone.localdate(now, zoneinfo.ZoneInfo(version_of(case).fiscal_zone))
