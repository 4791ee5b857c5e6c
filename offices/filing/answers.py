"""Answers of a draft as people read them, page by page."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from clair_portal.casework.shown import written
from offices.filing.steps import INSTEAD, Step


def needs_of(step: Step, detail: Any) -> dict[str, Any]:
    """What the form of a page needs besides what was typed."""
    return step.given(detail, timezone.localdate()) if step.given else {}


def has_fields(step: Step, detail: Any) -> bool:
    return step.given is None or any(needs_of(step, detail).values())


def answers(steps: tuple[Step, ...], detail: Any) -> list[dict[str, Any]]:
    """Label and answer of every field, page by page."""
    found = []
    for step in steps:
        form = step.form.of(detail, **needs_of(step, detail))
        shown = [name for name in form.asked if form.initial.get(name) or name not in INSTEAD.values()]
        rows = [(form[name].label, written(form.fields[name], form.initial.get(name))) for name in shown]
        if rows:
            found.append({"step": step, "rows": rows})
    return found
