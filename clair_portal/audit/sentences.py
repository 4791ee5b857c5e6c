"""What an event reads like. Pillars declare a sentence per event key; the log stores only key and values.

A value that has a form per language is stored as {"ja": ..., "en": ...} and chosen when the sentence is read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language

from clair_portal.calendars.zones import in_both_zones

SENTENCES: dict[str, Promise | str] = {}


def declare(sentences: Mapping[str, Promise | str]) -> None:
    """Registers sentences by event key (`<pillar>.<noun>.<past participle>`), with %(name)s slots and %(actor)s."""
    if known := SENTENCES.keys() & sentences.keys():
        raise ValueError(f"declared twice: {sorted(known)}")
    SENTENCES.update(sentences)


def moment(instant: dt.datetime) -> dict[str, str]:
    """A point in time as a value: shown on the clock of whoever reads it."""
    return {"at": instant.astimezone(dt.UTC).isoformat()}


def in_language(value: Any, language: str | None = None) -> str:
    """The form of a value in the reader's language; the other one where it is missing; a list joined.

    A `moment` is shown in the active time zone with the name of its city.
    """
    if isinstance(value, Mapping):
        if "at" in value:
            zone = timezone.get_current_timezone_name()
            return in_both_zones(
                dt.datetime.fromisoformat(value["at"]), zone, zone, language or get_language() or "en"
            ).main
        wanted = (language or get_language() or "en").split("-")[0]
        return str(value.get(wanted) or value.get("en") or value.get("ja") or "")
    if isinstance(value, list | tuple):
        return ("、" if (language or get_language() or "en").startswith("ja") else ", ").join(
            in_language(item, language) for item in value
        )
    return "" if value is None else str(value)


class Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def sentence(event: str, actor: Any, params: Mapping[str, Any]) -> str:
    """The readable sentence of a log entry in the active language. An event nobody declared reads as its key."""
    text = str(SENTENCES.get(event, event))
    values = Values({name: in_language(value) for name, value in params.items()})
    values["actor"] = in_language(actor) or "–"
    return text % values
