"""Prints a template in English without context processors: what a test does not give is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.template import Context, engines
from django.utils import translation

from clair_portal.ui import navigation

Show = Callable[..., str]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def show() -> Show:
    """show("{% badge x %}", x=...) is what the page would hold."""

    def shown(source: str, **values: Any) -> str:
        return engines["django"].engine.from_string(source).render(Context(values)).strip()

    return shown


@pytest.fixture
def show_file() -> Show:
    def shown(name: str, **values: Any) -> str:
        return engines["django"].engine.get_template(name).render(Context(values))

    return shown


@pytest.fixture
def own_navigation(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry of its own: what the apps have registered is set aside."""
    monkeypatch.setattr(navigation, "_items", {})
