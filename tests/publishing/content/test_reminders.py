"""Days by which something is to be translated or reviewed: told once before and once after, and no longer when it is done."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import translation as language

from clair_portal.accounts.models import Posting
from clair_portal.outbox.delivery import deliver
from clair_portal.outbox.models import Message, Notification, Reminder
from clair_portal.outbox.notices import rendered
from clair_portal.outbox.schedule import tell_reminders
from clair_portal.publishing.content import assigning, translating
from clair_portal.publishing.models import Translation
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.cast import NOW, reader
from tests.publishing.content import along

DUE, REVIEW_DUE = dt.date(2026, 12, 11), dt.date(2026, 12, 18)  # Fridays
SOON, LATE = "publishing.translation.due_soon", "publishing.translation.late"
REVIEW_SOON, REVIEW_LATE = "publishing.translation.review_soon", "publishing.translation.review_late"


@pytest.fixture
def spring(cast: SimpleNamespace) -> Translation:
    along.linguists(cast, london="translate", newyork="review")
    translation = along.translated(cast, along.item(cast))
    give(cast, translation)
    return translation


def give(cast: SimpleNamespace, translation: Translation, due_on: dt.date | None = DUE) -> None:
    hq = reader(cast, "hq_officer")
    london, newyork = (Posting.objects.get(person=cast.people[key]) for key in ("london", "newyork"))
    with acting(hq.scope):
        assigning.assign(
            translation, translator=london, reviewer=newyork, due_on=due_on, review_due_on=REVIEW_DUE, actor=hq, now=NOW
        )


def waiting() -> list[tuple[str, str]]:
    rows = Reminder.objects.filter(dropped_at=None, told_at=None).order_by("at").values_list("event", "at")
    return [(event, f"{at:%m-%d %H:%M}") for event, at in rows]


def told(cast: SimpleNamespace, day: dt.date) -> list[tuple[str, str]]:
    """What the reminders due until then told, and whom."""
    now = dt.datetime.combine(day, dt.time(23), dt.UTC)
    before = set(Notification.objects.values_list("pk", flat=True))
    with acting(SYSTEM_SCOPE):
        tell_reminders(now)
    for message in Message.objects.filter(key__startswith="reminder:", state="queued"):
        deliver(message.pk, now)
    names = {person.pk: key for key, person in cast.people.items()}
    new = Notification.objects.exclude(pk__in=before)
    return sorted((each.event, names[each.person]) for each in new)


def test_the_translator_is_reminded_two_business_days_before_in_the_morning_where_they_are(spring: Translation) -> None:
    assert waiting() == [(SOON, "12-09 09:00"), (LATE, "12-14 09:00")]


def test_a_reminder_is_told_once_and_what_is_late_also_to_headquarters(
    cast: SimpleNamespace, spring: Translation
) -> None:
    assert told(cast, dt.date(2026, 12, 9)) == [(SOON, "london")]
    assert told(cast, dt.date(2026, 12, 10)) == []
    assert told(cast, dt.date(2026, 12, 14)) == [(LATE, "hq_approver"), (LATE, "hq_officer"), (LATE, "london")]
    assert told(cast, dt.date(2026, 12, 15)) == []


def test_a_reminder_reads_in_the_language_of_its_reader(cast: SimpleNamespace, spring: Translation) -> None:
    told(cast, dt.date(2026, 12, 9))
    notice = Notification.objects.get(event=SOON)
    with language.override("ja"):
        assert rendered(SOON, notice.params) == (
            "翻訳の期限は2026年12月11日です:春の募集を始めます(英語)",
            "「春の募集を始めます」(英語)の翻訳の期限は2026年12月11日です。まだ提出されていません。",
        )
    with language.override("en"):
        heading = rendered(SOON, notice.params)[0]
    assert heading == "To be translated by 11 December 2026: 春の募集を始めます (English)"
    assert notice.path == f"/desk/translations/{spring.item_id}/en/"


def test_handing_in_ends_the_translators_day_and_begins_the_reviewers(
    cast: SimpleNamespace, spring: Translation
) -> None:
    along.handed_in(cast, spring)
    assert [event for event, _at in waiting()] == [REVIEW_SOON, REVIEW_LATE]
    newyork = reader(cast, "newyork")
    with acting(newyork.scope):
        translating.send_back(spring, reason="Look again", actor=newyork, now=NOW)
    assert [event for event, _at in waiting()] == [SOON, LATE]
    along.handed_in(cast, spring)
    along.approved(cast, spring)
    assert waiting() == []
    assert told(cast, dt.date(2026, 12, 31)) == []


def test_another_day_takes_the_place_of_the_first_and_no_day_reminds_of_nothing(
    cast: SimpleNamespace, spring: Translation
) -> None:
    give(cast, spring, dt.date(2026, 12, 4))
    assert waiting() == [(SOON, "12-02 09:00"), (LATE, "12-07 09:00")]
    give(cast, spring, None)
    assert waiting() == []


def test_a_change_of_the_source_makes_the_day_count_again(cast: SimpleNamespace, spring: Translation) -> None:
    along.approved(cast, along.handed_in(cast, spring))
    along.edit(cast, spring.item, along.BODY.replace("20名", "30名"))
    assert [event for event, _at in waiting()] == [SOON, LATE]


def test_without_a_name_everybody_who_translates_the_language_is_reminded(cast: SimpleNamespace) -> None:
    along.linguists(cast, london="translate", newyork="translate")
    item, hq = along.item(cast), reader(cast, "hq_officer")
    with acting(hq.scope):
        assigning.ask(item, languages=["en"], due_on=DUE, actor=hq, now=NOW)
    assert told(cast, dt.date(2026, 12, 9)) == [(SOON, "london"), (SOON, "newyork")]


def test_a_day_that_has_passed_reminds_of_nothing(cast: SimpleNamespace, spring: Translation) -> None:
    give(cast, spring, dt.date(2026, 11, 2))
    assert waiting() == []
