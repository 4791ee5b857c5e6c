"""Former values of an organisation, read from the events that database triggers write."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clair_portal.network.models import Country, Organisation

NOT_SHOWN = {"id", "sample"}


@dataclass(frozen=True)
class Change:
    """One column that changed. `person`: who did it; None for the reference data and the system."""

    at: dt.datetime
    person: int | None
    label: str
    before: str
    after: str


def event_model() -> type[Any]:
    """The model of the history rows of organisations."""
    return next(model for model in Organisation.pgh_event_models.values())  # type: ignore[attr-defined]


def version_of(organisation: Organisation) -> int:
    """A number that grows with every change; 0 where the reader may not see the history."""
    newest = event_model().objects.filter(pgh_obj=organisation.pk).order_by("-pgh_id").values_list("pgh_id", flat=True)
    return int(newest.first() or 0)


def changes_of(organisation: Organisation, *, at_most: int = 20) -> list[Change]:
    """The last changes, newest first; the first row of an organisation is not a change. At most three queries."""
    newest_first = event_model().objects.filter(pgh_obj=organisation.pk).order_by("-pgh_id")[: at_most + 1]
    events = list(newest_first)
    names = _names(events)
    return [change for after, before in itertools.pairwise(events) for change in _differences(before, after, names)]


def _differences(before: Any, after: Any, names: dict[tuple[str, Any], str]) -> Iterator[Change]:
    for field in after._meta.fields:
        if field.name.startswith("pgh_") or field.name in NOT_SHOWN:
            continue
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if old != new:
            shown = (_shown(value, field, names) for value in (old, new))
            yield Change(after.pgh_created_at, after.pgh_person, capfirst(str(field.verbose_name)), *shown)


def _shown(value: Any, field: Any, names: dict[tuple[str, Any], str]) -> str:
    if value in (None, "", []):
        return _("(empty)")
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dt.date):
        return date_format(value, "Y-m-d")
    return names.get((field.attname, value)) or str(dict(field.flatchoices).get(value, value))


def _names(events: Iterable[Any]) -> dict[tuple[str, Any], str]:
    """What foreign keys of the events point to, by column and key."""
    events = list(events)
    found: dict[tuple[str, Any], str] = {}
    for column, model in (("branch_id", Organisation), ("parent_id", Organisation), ("country_id", Country)):
        keys = {getattr(event, column) for event in events} - {None}
        if len(keys) > 1 or (keys and any(getattr(event, column) is None for event in events)):
            found |= {(column, key): str(row) for key, row in _in_bulk(model, keys).items()}
    return found


def _in_bulk(model: type[Model], keys: set[Any]) -> dict[Any, Model]:
    return model._default_manager.in_bulk(keys)
