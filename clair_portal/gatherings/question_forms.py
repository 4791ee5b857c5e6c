from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clair_portal.gatherings.enums import QuestionKind
from clair_portal.gatherings.models import Question
from clair_portal.ui.fields import CountedField

MOST_CHOICES, LONGEST_CHOICE, LONGEST_ANSWER = 12, 100, 2000
SCORES = [("5", _("5 very good")), ("4", "4"), ("3", "3"), ("2", "2"), ("1", _("1 bad"))]


class QuestionForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=QuestionKind.choices)
    text_ja = CountedField(label=_("Question in Japanese"), max_length=300, required=False)
    text_en = CountedField(
        label=_("Question in English"), max_length=300, required=False, help_text=_("One of the two is enough.")
    )
    choices = forms.CharField(
        label=_("Choices"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only for one of several: a choice a line, as everybody reads it."),
    )  # fmt: skip

    def clean_choices(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["choices"].splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not (data.get("text_ja") or data.get("text_en")) and not {"text_ja", "text_en"} & set(self.errors):
            self.add_error("text_ja", gettext("Write the question in Japanese or in English."))
        choices = data.get("choices") or []
        if data.get("kind") != QuestionKind.CHOICE:
            return data | {"choices": []}
        if not 2 <= len(choices) <= MOST_CHOICES or any(len(choice) > LONGEST_CHOICE for choice in choices):
            words = {"most": MOST_CHOICES, "longest": LONGEST_CHOICE}
            self.add_error("choices", gettext("Write 2 to %(most)s choices of at most %(longest)s characters.") % words)
        return data


class AnswerForm(forms.Form):
    """One field a question; none has to be answered."""

    def __init__(self, *args: Any, questions: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[f"q{question.pk}"] = _field(question)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(data.values()):
            self.add_error(None, gettext("Answer at least one question."))
        return data

    def given(self) -> dict[str, Any]:
        return {name[1:]: value for name, value in self.cleaned_data.items() if value}


def _field(question: Question) -> forms.Field:
    if question.kind == QuestionKind.TEXT:
        widget = forms.Textarea(attrs={"rows": 3})
        return CountedField(label=str(question), max_length=LONGEST_ANSWER, required=False, widget=widget)
    plain = [(choice, choice) for choice in question.choices]
    choices = SCORES if question.kind == QuestionKind.SCORE else plain
    return forms.ChoiceField(label=str(question), choices=choices, required=False, widget=forms.RadioSelect)
