"""The ways most tables count by: a fixed list of words, organisations, months; and the median."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.lookups import DataContains
from django.db.models import (
    Aggregate,
    CharField,
    DateTimeField,
    DurationField,
    F,
    FloatField,
    Func,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, ExtractMonth
from django.utils.dates import MONTHS, MONTHS_3

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.fiscal import TOKYO
from clair_portal.network.models import Organisation
from clair_portal.reports.tables import Dimension, Head, Question, Text

TEXTS = ArrayField(TextField())
APRIL_FIRST = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)


def of_words(
    title: Text, field: Any, words: Iterable[tuple[Any, Text]] | Callable[[], Iterable[tuple[Any, Text]]]
) -> Dimension:
    """Keys with their words, in their order, all of them shown: choices of a field, states of a workflow."""

    def heads(question: Question) -> Sequence[Head]:
        return [Head(key, str(label)) for key, label in (words() if callable(words) else words)]

    return Dimension(title, field, heads)


def of_organisations(
    title: Text, field: Any, always: Callable[[Reader], QuerySet[Organisation]] | None = None
) -> Dimension:
    """Organisations by their official code, those that were counted. `always`: also those that count nothing."""

    def heads(question: Question) -> Sequence[Head]:
        shown = Organisation.objects.filter(pk__in=[key for key in question.keys if key is not None])
        if always is not None:
            shown = shown | always(question.reader)
        return [Head(found.pk, str(found)) for found in shown.order_by("code", "pk").distinct()]

    return Dimension(title, field, heads)


def of_months(title: Text, field: str) -> Dimension:
    """The twelve months of the fiscal year by a moment, as dated in Tokyo."""

    def heads(question: Question) -> Sequence[Head]:
        return [Head(month, str(MONTHS[month]), str(MONTHS_3[month]).capitalize()) for month in APRIL_FIRST]

    return Dimension(title, ExtractMonth(field, tzinfo=TOKYO), heads)


def of_array(title: Text, field: Any, words: Callable[[Question], Iterable[tuple[Any, Text]]]) -> Dimension:
    """The members of an array, each a row: a record with two of them stands in both, and once in the total.

    `field`: a lookup or an expression of arrays. `words`: the heads of a question, in order.
    """
    members = F(field) if isinstance(field, str) else field

    def heads(question: Question) -> Sequence[Head]:
        return [Head(key, str(label)) for key, label in words(question)]

    def match(key: Any) -> Q:
        if isinstance(field, str):
            return Q(**{f"{field}__len": 0}) if key is None else Q(**{f"{field}__contains": [key]})
        return Q(DataContains(Cast(field, TEXTS), Value([key], output_field=TEXTS)))

    return Dimension(title, Func(members, function="unnest", output_field=CharField()), heads, match)


class Median(Aggregate):
    """The middle value. Of durations it is a duration; of moments a moment; else a number."""

    function = "PERCENTILE_CONT"
    name = "Median"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"

    def _resolve_output_field(self) -> Any:
        source = self.get_source_fields()[0]
        return source if isinstance(source, DurationField | DateTimeField) else FloatField()
