"""The questionnaire after an event: questions as data, a link for each who attended, results counted."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.accounts.signed_links import look_at_link
from clair_portal.accounts.strangers import through_link
from clair_portal.audit.services import record
from clair_portal.gatherings.enums import QuestionKind
from clair_portal.gatherings.models import AnswerSheet, Event, Question, Registration
from clair_portal.gatherings.queue_access import ANSWER
from clair_portal.gatherings.rules import Refused, must_host


@transaction.atomic
def add_question(event: Event, *, values: dict[str, Any], actor: Reader) -> Question:
    must_host(event, actor)
    _must_not_be_sent(event)
    made = Question.objects.create(event=event, **values)
    record("gatherings.questionnaire.changed", event, actor=actor.signature, title=event.titles)
    return made


@transaction.atomic
def remove_question(question: Question, *, actor: Reader) -> None:
    event = question.event
    must_host(event, actor)
    _must_not_be_sent(event)
    question.delete()
    record("gatherings.questionnaire.changed", event, actor=actor.signature, title=event.titles)


def _must_not_be_sent(event: Event) -> None:
    if event.questionnaire_at:
        raise Refused(_("The questionnaire has been sent; its questions stay as they are. Nothing was changed."))


@transaction.atomic
def send(event: Event, *, actor: Reader, now: dt.datetime) -> int:
    """Everybody who attended gets a link by mail in the next turn of the schedule. Returns how many they are.

    Raises Refused without questions, without anybody who attended, and a second time.
    """
    must_host(event, actor)
    locked = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    _must_not_be_sent(locked)
    attended = Registration.objects.filter(event=locked, attended_at__isnull=False).count()
    if not Question.objects.filter(event=locked).exists():
        raise Refused(_("Add a question first. Nothing was sent."))
    if not attended:
        raise Refused(_("Tick who attended first: only they are asked. Nothing was sent."))
    locked.questionnaire_at = now
    locked.save(update_fields=["questionnaire_at"])
    record("gatherings.questionnaire.sent", locked, actor=actor.signature, title=locked.titles)
    return attended


# --- Answering ----------------------------------------------------------------------------------------------------------
def asked_by(token: str, *, now: dt.datetime) -> str:
    """The event the link asks about, without using the link. Raises LinkError."""
    return look_at_link(token, purpose=ANSWER, now=now).subject_id


def answer(token: str, *, given: dict[str, Any], now: dt.datetime) -> None:
    """Keeps the answers; the link works once. Raises LinkError."""
    through_link("gatherings_answer", token, json.dumps(given), now, purpose=ANSWER)


# --- Results ------------------------------------------------------------------------------------------------------------
def results(event: Event) -> dict[str, Any]:
    """How many answered, and for each question its counts, its mean (of scores), or what was written."""
    sheets = [sheet.given for sheet in AnswerSheet.objects.filter(event=event)]
    questions = Question.objects.filter(event=event).order_by("pk")
    return {"answered": len(sheets), "questions": [_result(question, sheets) for question in questions]}


def _result(question: Question, sheets: list[dict[str, Any]]) -> dict[str, Any]:
    said = [sheet[str(question.pk)] for sheet in sheets if sheet.get(str(question.pk)) not in (None, "")]
    if question.kind == QuestionKind.TEXT:
        return {"question": question, "texts": sorted(map(str, said))}
    offered = [str(score) for score in range(5, 0, -1)] if question.kind == QuestionKind.SCORE else question.choices
    counted = Counter(map(str, said))
    mean = round(sum(map(int, said)) / len(said), 1) if question.kind == QuestionKind.SCORE and said else None
    return {"question": question, "counts": [(choice, counted[choice]) for choice in offered], "mean": mean}
