"""What is filed, as data: the pages, the words around them, and what saving and checking mean for this kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from clair_portal.casework.models import Case, CaseFile, OnCase
from clair_portal.walls.scope import Scope
from offices.filing.checks import Calendar, Route
from offices.filing.preconditions import Said
from offices.filing.steps import Step

Text = Promise | str
Days = tuple[dt.date | None, dt.date | None]


@dataclass(frozen=True)
class Copying:
    """The same as last year. `copy` makes the new draft; `days`: first and last day it will have, seen from today."""

    copy: Callable[..., Case]
    days: Callable[[Any, dt.date], Days]


@dataclass(frozen=True)
class Filing:
    """`name` begins the addresses and their names. `begin` and `save` are services of the kind.

    `unfinished`: labels of what must be filled before filing. `known`: what is on record already about the same matter,
    for the page that checks the answers. `said`: what the preconditions of the offices say. `keep_sheet`: keeps a paper
    as the question sheet; `sheets`: the papers that are one. `first_look`: the state in which an office has it first.
    """

    name: str
    kind: str
    model: type[OnCase]
    steps: tuple[Step, ...]
    new: Text
    heading: Text
    printed: Text
    papers: Text
    first_look: str
    begin: Callable[..., Case]
    save: Callable[..., Case]
    unfinished: Callable[[Case, Any], list[Any]]
    route: Callable[[Case, Any, dt.date], Route | None]
    calendar: Callable[[Route | None, Any], Calendar | None] = lambda route, detail: None
    said: Callable[[Case, Any, Sequence[CaseFile], dt.date], list[Said]] = lambda case, detail, papers, today: []
    known: Callable[[Any, Scope], Sequence[Any]] = lambda detail, scope: ()
    sheets: Callable[[Sequence[CaseFile], Any], list[CaseFile]] = lambda papers, detail: []
    keep_sheet: Callable[..., CaseFile] | None = None
    copying: Copying | None = None

    @property
    def new_url(self) -> str:
        return f"{self.name}_new"

    @property
    def short_url(self) -> str:
        return f"{self.name}_short"

    @property
    def edit_url(self) -> str:
        return f"{self.name}_edit"

    @property
    def step_url(self) -> str:
        return f"{self.name}_step"

    @property
    def preview_url(self) -> str:
        return f"{self.name}_preview"

    @property
    def similar_url(self) -> str:
        return f"{self.name}_similar"

    @property
    def check_url(self) -> str:
        return f"{self.name}_check"

    @property
    def print_url(self) -> str:
        return f"{self.name}_print"

    @property
    def throw_away_url(self) -> str:
        return f"{self.name}_throw_away"

    @property
    def copy_url(self) -> str:
        return f"{self.name}_copy"
