"""Sample events of the demo: a series with an edition that is over and one that is open; all say 見本."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from clair_portal.accounts.reader import Reader
from clair_portal.gatherings.models import (
    AnswerSheet,
    Event,
    Partner,
    Place,
    ProgrammeItem,
    Question,
    Registration,
    Series,
    Speaker,
)
from clair_portal.gatherings.registering import note_attendance, register
from clair_portal.gatherings.services import add_part, begin_series, keep_place, move_event, plan_event, release_event
from clair_portal.pages.sample_cases import DAY, reader_named
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

LONDON = ZoneInfo("Europe/London")
ABOUT_JA = "英国と日本の自治体職員が、それぞれの取組を紹介して意見を交わすセミナーです(見本)。"
ABOUT_EN = "Staff of local governments in the United Kingdom and Japan show each other what they do (sample)."


def load(now: dt.datetime) -> None:
    host = reader_named("london", now)
    with acting(host.scope):
        place = keep_place(
            None, actor=host,
            values={"name_ja": "第1会議室(見本)", "name_en": "Meeting room 1 (sample)", "address": "London", "seats": 30,
                    "access": ""},
        )  # fmt: skip
        titles = {"title_ja": "日英自治体セミナー(見本)", "title_en": "Japan-UK local government seminar (sample)"}
        series = begin_series(values={**titles, "summary_ja": "", "summary_en": ""}, actor=host, now=now - 300 * DAY)
        past = _edition(series, "第1回", now - 240 * DAY, place, host, now - 300 * DAY)
        coming = _edition(series, "第2回", now + 60 * DAY, place, host, now - 10 * DAY)
    for event, keys, then in (
        (past, ("sapporo", "osaka", "otaru"), now - 260 * DAY),
        (coming, ("osaka", "sapporo", "otaru"), now - DAY),
    ):
        _registrations(event, keys, then)
    with acting(host.scope):
        rows = Registration.objects.visible_to(host.scope).filter(event=past, state="in").select_related("event")
        for row in rows.order_by("entered_at")[:2]:
            note_attendance(row, came=True, actor=host, now=past.begins_at)
        move_event(past, to="over", actor=host, now=past.ends_at)
    _answers(past)
    with acting(SYSTEM_SCOPE):
        for model in (Series, Place, Event, Registration):
            model.objects.update(sample=True)


def _answers(event: Event) -> None:
    """The questionnaire of what is over, as two who attended answered it."""
    with acting(SYSTEM_SCOPE):
        score = Question.objects.create(
            event=event, kind="score", text_ja="全体の満足度", text_en="How was it as a whole?"
        )
        words = Question.objects.create(event=event, kind="text", text_ja="次回の希望", text_en="What next time?")
        for number, wish in ((5, "現場の視察も入れてほしい(見本)。"), (4, "More time for questions, please (sample).")):
            given = {str(score.pk): str(number), str(words.pk): wish}
            AnswerSheet.objects.create(event=event, given=given, answered_on=event.ends_at.date() + DAY)
        Event.objects.filter(pk=event.pk).update(questionnaire_at=event.ends_at)
        Registration.objects.filter(event=event).update(answer_asked_at=event.ends_at)


def _edition(series: Series, edition: str, near: dt.datetime, place: Place, host: Reader, now: dt.datetime) -> Event:
    near += max(0, near.weekday() - 4) * -DAY  # no Saturday or Sunday
    begins = near.astimezone(LONDON).replace(hour=14, minute=0, second=0, microsecond=0)
    event = plan_event(
        values={
            "series": series, "edition": edition, "title_ja": f"{edition} {series.title_ja}", "zone": LONDON.key,
            "title_en": f"{series.title_en} {edition[1]}", "summary_ja": ABOUT_JA, "summary_en": ABOUT_EN, "online": True,
            "begins_at": begins, "ends_at": begins + dt.timedelta(hours=2), "capacity": 2, "for_public": True,
        },
        place=place, actor=host, now=now,
    )  # fmt: skip
    speaker = Speaker(name="A. Sample", affiliation="Sample City Council (見本)")
    add_part(event, speaker, actor=host)
    half = dt.timedelta(minutes=30)
    lines: list[dict[str, Any]] = [
        {"begins_at": begins, "ends_at": begins + half, "title_ja": "開会", "title_en": "Opening", "speaker": None},
        {"begins_at": begins + half, "ends_at": begins + 3 * half, "title_ja": "事例の紹介と意見交換", "speaker": speaker,
         "title_en": "Examples, and an exchange of views"},
    ]  # fmt: skip
    for line in lines:
        add_part(event, ProgrammeItem(**line), actor=host)
    add_part(event, Partner(name="Sample City Council (見本)", role="cooperation"), actor=host)
    release_event(event, released=True, actor=host, now=now)
    move_event(event, to="open", actor=host, now=now)
    event.refresh_from_db()
    return event


def _registrations(event: Event, keys: tuple[str, ...], now: dt.datetime) -> None:
    for key in keys:
        actor = reader_named(key, now + 0 * DAY)
        assert actor.chosen is not None
        with acting(actor.scope):
            register(event, email=actor.email, body=actor.chosen.names["ja"], actor=actor, now=now)
