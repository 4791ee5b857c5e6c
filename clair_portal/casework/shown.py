"""Forms over what several people may change: what a form showed is compared with what is stored when it comes back.

The hidden field `version` holds a digest of each value as the page showed it. A value the person did not touch stays as
it is stored now; one that both changed is overwritten only by somebody who has seen it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _

from clair_portal.calendars.eras import in_words
from clair_portal.casework.rules import Conflict
from clair_portal.language.words import listed

Shown = Mapping[str, str]  # digest of each value
Groups = Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Difference:
    """One field as it is stored now and as this person typed it."""

    label: str
    saved: str
    typed: str


def written(field: forms.Field, value: Any) -> str:
    """A value of a field in words; "empty" where there is none."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, dt.date):
        return in_words(value, weekday=True)
    choices = dict(getattr(field, "choices", ()))
    parts = value if isinstance(value, list | tuple) else [value]
    return listed(choices.get(part, part) for part in parts if part not in (None, "")) or _("empty")


# --- What was shown ---------------------------------------------------------------------------------------------------
def shown_of(held: Any, names: Iterable[str]) -> str:
    """For the hidden field. `held`: a row, or values by name."""
    return _written({name: _digest(_value(held, name)) for name in names})


def to_send_back(request: Any, held: Any, names: Iterable[str]) -> str:
    """For the hidden field: what this page shows, or what the one that was sent has shown."""
    posted: str = request.POST.get("version", "")
    return posted if request.method == "POST" else shown_of(held, names)


def shown_in(posted: Mapping[str, Any]) -> dict[str, str]:
    """What came back. A page without it showed nothing, so whatever is stored was not seen."""
    pairs = (pair.partition(":") for pair in str(posted.get("version", ""))[:2000].split())
    return {name: digest for name, _colon, digest in pairs}


def _written(shown: Shown) -> str:
    return " ".join(f"{name}:{digest}" for name, digest in shown.items())


def _value(held: Any, name: str) -> Any:
    return held.get(name) if isinstance(held, Mapping) else getattr(held, name)


def _digest(value: Any) -> str:
    """The same for a value as it is stored and as a browser sends it back."""
    if isinstance(value, Model):
        value = value.pk
    if isinstance(value, list | tuple):
        value = ",".join(sorted(map(str, value)))
    text = "" if value is None else "\n".join(str(value).splitlines()).strip()
    return hashlib.sha256(text.encode()).hexdigest()[:12] if text else "-"


# --- What comes back --------------------------------------------------------------------------------------------------
def changed_values(
    values: Mapping[str, Any], *, shown: Shown | None, stored: Any, together: Groups = ()
) -> dict[str, Any]:
    """Those of `values` this person changed. Conflict: somebody else changed one of them as well, to something else.

    `stored`: the row, locked. `together`: values that make sense only with each other. Without `shown` all are written.
    """
    if shown is None:
        return dict(values)
    if _of_both(values, shown, stored, together):
        raise Conflict(_("Somebody else changed the same while you had it open."))
    touched = _touched(values, shown, together)
    return {name: value for name, value in values.items() if name in touched}


def _touched(values: Mapping[str, Any], shown: Shown, together: Groups) -> set[str]:
    names = {name for name, value in values.items() if _digest(value) != shown.get(name, "-")}
    return names.union(*(group for group in together if names.intersection(group)))


def _of_both(values: Mapping[str, Any], shown: Shown, stored: Any, together: Groups) -> list[str]:
    """Names of the values changed here and, to something else, there."""
    touched = _touched(values, shown, together)
    kept = {name: _digest(_value(stored, name)) for name in values if name in touched}
    return [name for name, now in kept.items() if now not in (shown.get(name, "-"), _digest(values[name]))]


def both(form: forms.BaseForm, *, shown: Shown, stored: Any, together: Groups = ()) -> dict[str, Any]:
    """For the page after a conflict: what both changed, and the hidden field with which saving again overwrites it."""
    names = _of_both(_typed(form, stored), shown, stored, together)
    seen_now = {name: _digest(_value(stored, name)) for name in names}
    return {"differing": _differences(form, stored, names), "shown": _written({**shown, **seen_now})}


def differing(form: forms.BaseForm, stored: Any) -> list[Difference]:
    """Every field that was typed otherwise than it is stored."""
    typed = _typed(form, stored)
    return _differences(form, stored, [name for name in typed if _digest(typed[name]) != _digest(_value(stored, name))])


def _typed(form: forms.BaseForm, stored: Any) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name in form.fields and hasattr(stored, name)}


def _differences(form: forms.BaseForm, stored: Any, names: Iterable[str]) -> list[Difference]:
    return [
        Difference(str(form[name].label), *(written(form.fields[name], value) for value in pair))
        for name in names
        for pair in [(_value(stored, name), form.cleaned_data[name])]
    ]
