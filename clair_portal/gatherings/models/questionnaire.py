from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.gatherings.enums import QuestionKind
from clair_portal.gatherings.models.events import Event
from clair_portal.gatherings.models.programme import OfEvent
from clair_portal.gatherings.queries import AnswerSheetQuerySet
from clair_portal.language.words import in_japanese


class Question(OfEvent):
    """`choices`: of a question with choices, as they are shown."""

    kind = models.CharField(_("kind"), max_length=8, choices=QuestionKind.choices)
    text_ja = models.CharField(_("question in Japanese"), max_length=300, blank=True)
    text_en = models.CharField(_("question in English"), max_length=300, blank=True)
    choices = ArrayField(models.CharField(max_length=100), verbose_name=_("choices"), default=list, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        indexes = [models.Index(fields=["event"], name="question_event")]
        constraints = [
            models.CheckConstraint(
                name="question_is_asked",
                condition=~models.Q(text_ja="") | ~models.Q(text_en=""),
                violation_error_message=_("Write the question in Japanese or in English."),
            )
        ]

    def __str__(self) -> str:
        first, second = (self.text_ja, self.text_en) if in_japanese() else (self.text_en, self.text_ja)
        return first or second


class AnswerSheet(models.Model):
    """What somebody answered. It does not say who: the link that brought it belongs to the event."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="+", verbose_name=pgettext_lazy("gathering", "event")
    )
    given = models.JSONField(_("answers"))
    answered_on = models.DateField(_("answered on"))

    objects = AnswerSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("answers")
        verbose_name_plural = _("answers")
        indexes = [models.Index(fields=["event"], name="answersheet_event")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.answered_on}"
