"""Reminders of the days by which something is to be translated or reviewed: told once before and once after, taken back when done."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from uuid import uuid4

from clair_portal.accounts.models import Posting
from clair_portal.calendars.business_days import calendar_for
from clair_portal.outbox.services import Post, remind, take_back
from clair_portal.publishing.content import notifications, rules
from clair_portal.publishing.content.names import day_names
from clair_portal.publishing.enums import LanguageState
from clair_portal.publishing.models import Linguist, Translation

BEFORE, AFTER = 2, 1  # business days
IN_THE_MORNING = dt.time(9, 0)


def set_reminders(translation: Translation, work: LanguageState, now: dt.datetime) -> None:
    """Takes back what is not told yet; remembers the day of whoever has to do something as the work stands."""
    list(
        Translation.objects.select_for_update().filter(pk=translation.pk).values_list("pk")
    )  # one at a time: told once
    take_back(translation, now=now)
    review = work == LanguageState.WAITING
    due = translation.review_due_on if review else translation.due_on
    if due is None or work in (LanguageState.APPROVED, LanguageState.PUBLISHED):
        return
    named = translation.reviewer if review else translation.translator
    to = notifications.to_posting(named) or of_language(translation.language, reviews=review)
    soon, late = (notifications.REVIEW_SOON, notifications.REVIEW_LATE) if review else (
        notifications.DUE_SOON, notifications.LATE,
    )  # fmt: skip
    _remind(soon, translation, due, _morning(named, due, -BEFORE), to, now)
    _remind(
        late, translation, due, _morning(named, due, AFTER), [*to, *notifications.at_headquarters(rules.MANAGE)], now
    )


def of_language(language: str, *, reviews: bool) -> list[Post]:
    """Everybody who reviews a language, or everybody who translates into it."""
    wanted = {"reviews": True} if reviews else {"translates": True}
    found = Linguist.objects.filter(language=language, **wanted).select_related("posting")
    return [post for each in found for post in notifications.to_posting(each.posting)]


def _morning(named: Posting | None, due: dt.date, days: int) -> dt.datetime:
    """Nine o'clock where the person works; in Tokyo where nobody is named."""
    calendar = calendar_for(named.organisation.calendar if named else "HQ")
    day = calendar.add(due, days)
    return dt.datetime.combine(day, IN_THE_MORNING, zoneinfo.ZoneInfo(calendar.zone)).astimezone(dt.UTC)


def _remind(
    event: str, translation: Translation, due: dt.date, at: dt.datetime, to: list[Post], now: dt.datetime
) -> None:  # fmt: skip
    if at <= now or not to:
        return
    words = {**notifications.said(translation.item, translation.language), "due": day_names(due)}
    remind(
        event, translation, at=at, posts=list(dict.fromkeys(to)), params=words, path=notifications.path_of(translation),
        occasion=uuid4().hex,
    )  # fmt: skip
