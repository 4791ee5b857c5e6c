"""What apps further up show beside a case on its page. They register in ready(); this file knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from clair_portal.accounts.reader import Reader
from clair_portal.casework.models import Case
from clair_portal.casework.queries import CaseQuerySet
from clair_portal.walls.scope import Scope


@dataclass(frozen=True)
class Panel:
    """`read`: what the query of the case reads along, so that `gather` asks nothing more. `gather`: for the template, as
    `panel`; None: nothing is shown."""

    template: str
    read: Callable[[CaseQuerySet, Scope], CaseQuerySet]
    gather: Callable[[Case, Reader], Any]


PANELS: list[Panel] = []


def register(panel: Panel) -> None:
    PANELS.append(panel)


def read_along(cases: CaseQuerySet, scope: Scope) -> CaseQuerySet:
    for panel in PANELS:
        cases = panel.read(cases, scope)
    return cases


def panels_of(case: Case, reader: Reader) -> list[tuple[str, Any]]:
    """Template and content of each panel that has something to show."""
    found = [(panel.template, panel.gather(case, reader)) for panel in PANELS]
    return [(template, content) for template, content in found if content is not None]
