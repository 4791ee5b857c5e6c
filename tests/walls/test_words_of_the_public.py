"""No public page asks for a string that the catalogues of the other versions do not have to hold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from clair_portal.language.catalogues import by_key, wanted
from clair_portal.publishing.tree import families
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.walls.scene import Scene

Asked = set[tuple[str, str | None]]
EACH = 2  # pages of a family
NOT_WORDS = {"", ":"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    """What gettext was asked for, with its context."""
    found: Asked = set()
    real = translation._trans  # type: ignore[attr-defined]
    calls: dict[str, tuple[Any, int, int | None]] = {
        "gettext": (real.gettext, 0, None),
        "ngettext": (real.ngettext, 0, None),
        "pgettext": (real.pgettext, 1, 0),
        "npgettext": (real.npgettext, 1, 0),
    }

    def spy(call: Any, message: int, context: int | None) -> Any:
        def listen(*args: Any) -> str:
            if translation.get_language() == "my":  # what is written in English for all is not asked for
                found.add((str(args[message]), None if context is None else str(args[context])))
            return call(*args)

        return listen

    for name, call in calls.items():
        monkeypatch.setattr(real, name, spy(*call))
    yield found


def pages(language: str) -> list[str]:
    """Addresses of some pages of each family."""
    with acting(SYSTEM_SCOPE):
        return [
            family.path(language, kwargs)
            for family in families.FAMILIES.values()
            if family.in_languages
            for kwargs in islice(family.addresses(), EACH)
        ]


def unknown(asked: Asked) -> list[tuple[str, str | None]]:
    known = by_key(wanted("my"))
    return sorted((key for key in asked if key not in known and key[0] not in NOT_WORDS), key=str)


def test_pages_ask_only_for_words_that_every_catalogue_holds(scene: Scene, client: Client, asked: Asked) -> None:
    places = pages("my")
    answers = {place: client.get(place).status_code for place in [*places, "/my/nothing/", "/my/nothing.html"]}
    assert sum(status == 200 for status in answers.values()) >= 15, answers
    assert unknown(asked) == []
