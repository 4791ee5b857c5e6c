"""What people are told, per event: a heading and a text in the catalogues. Pillars declare; nobody else sends mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from clair_portal.audit.sentences import Values, in_language

Text = Promise | str


@dataclass(frozen=True)
class Notice:
    """`heading` and `text` have %(name)s slots; values with a form per language are chosen for the reader."""

    heading: Text
    text: Text


NOTICES: dict[str, Notice] = {}


def declare(notices: Mapping[str, Notice]) -> None:
    if known := NOTICES.keys() & notices.keys():
        raise ValueError(f"declared twice: {sorted(known)}")
    NOTICES.update(notices)


def rendered(event: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """Heading and text in the active language. An event nobody declared reads as its key."""
    notice = NOTICES.get(event) or Notice(event, event)
    values = Values({name: in_language(value) for name, value in params.items()})
    return str(notice.heading) % values, str(notice.text) % values
