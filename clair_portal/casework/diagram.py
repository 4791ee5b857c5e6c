"""Workflows drawn from their data: an SVG for the help page, Mermaid and tables for the documentation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from clair_portal.casework.workflow import State, Transition, Workflow

ROW, BOX_WIDTH, BOX_HEIGHT = 56, 220, 36
BEND = 15  # how far an arc swings out for each row it spans
LEFT = 190  # room for the arcs that lead back


@dataclass(frozen=True)
class Box:
    state: State
    x: int
    y: int
    beside: bool  # not on the way from the first step to the last

    @property
    def text_y(self) -> int:
        return self.y + BOX_HEIGHT // 2 + 5


@dataclass(frozen=True)
class Arrow:
    path: str
    title: str
    kind: str  # on, over (forward past other steps) or back


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def drawing(workflow: Workflow) -> Drawing:
    """One row a state, the steps first; arrows forward on the right, back on the left. The words stand in a table beside."""
    states = [*workflow.steps, *(state for state in workflow.states if state.step is None)]
    rows = {state.key: number for number, state in enumerate(states)}
    boxes = tuple(Box(state, LEFT, 8 + ROW * rows[state.key], state.step is None) for state in states)
    arrows = tuple(
        _arrow(rows[source], rows[target], ", ".join(labels)) for (source, target), labels in _pairs(workflow).items()
    )
    return Drawing(LEFT + BOX_WIDTH + 210, 16 + ROW * len(states), boxes, arrows)


def _pairs(workflow: Workflow) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for move in workflow.transitions:
        for source in move.sources:
            found.setdefault((source, move.target), []).append(str(move.label))
    return found


def _arrow(start: int, end: int, title: str) -> Arrow:
    top, bottom = 8 + ROW * start, 8 + ROW * end
    if end == start + 1:
        middle = LEFT + BOX_WIDTH // 2
        return Arrow(f"M{middle} {top + BOX_HEIGHT}V{bottom - 2}", title, "on")
    forward = end > start
    side = LEFT + BOX_WIDTH if forward else LEFT
    out = side + (1 if forward else -1) * (26 + BEND * abs(end - start))
    from_y, to_y = top + BOX_HEIGHT // 2, bottom + BOX_HEIGHT // 2 + (-6 if forward else 6)
    return Arrow(f"M{side} {from_y}C{out} {from_y} {out} {to_y} {side} {to_y}", title, "over" if forward else "back")


def moves_table(workflow: Workflow) -> list[dict[str, Any]]:
    """Every move in words: from, what, who, to, who is told, what it needs."""
    return [
        {
            "sources": [workflow.state(key) for key in move.sources],
            "label": move.label,
            "by": move.who,
            "target": workflow.state(move.target),
            "told": move.hearers,
            "reason": move.reason,
            "suspends": move.suspends,
        }
        for move in workflow.transitions
    ]


def as_markdown(workflows: Iterable[Workflow]) -> str:
    """The documentation of all workflows, in English whatever the active language."""
    with translation.override("en"):
        return "\n".join(["# Workflows", "", _GENERATED, *(_section(workflow) for workflow in workflows), ""])


_OFFICE = "(the office that has it)"
_GENERATED = "Written from the code by `manage.py workflow_docs`; a test fails when this page is older than the code."


def _section(workflow: Workflow) -> str:
    lines = ["", f"## {workflow.label} (`{workflow.kind}`)", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {state.key}: {state.label}" for state in workflow.states]
    lines += [f"    [*] --> {workflow.states[0].key}"]
    lines += [
        f"    {source} --> {move.target}: {move.label}" for move in workflow.transitions for source in move.sources
    ]
    lines += ["```", "", "| state | holder | the requester reads | business days |", "|---|---|---|---|"]
    lines += [
        f"| {state.label} | {state.holder.label} | {state.public_for(_OFFICE)} | {state.business_days or '–'} |"
        for state in workflow.states
    ]
    lines += ["", "| move | from | to | by | told | reason |", "|---|---|---|---|---|---|"]
    return "\n".join([*lines, *(_move_line(workflow, move) for move in workflow.transitions)])


def _move_line(workflow: Workflow, move: Transition) -> str:
    sources = ", ".join(str(workflow.state(key).label) for key in move.sources)
    told = ", ".join(str(hearer) for hearer in move.hearers) or "–"
    target = workflow.state(move.target).label
    return f"| {move.label} | {sources} | {target} | {move.who} | {told} | {'yes' if move.reason else '–'} |"
