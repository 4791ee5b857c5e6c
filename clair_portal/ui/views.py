"""The component page. Routed and guarded by clair_portal.urls."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from . import showcase
from .components import icons, messages


def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, with the real tags."""
    return render(
        request,
        "ui/components.html",
        {
            "icons": sorted(icons.NAMES),
            "kinds": sorted(messages.KINDS),
            "good": showcase.sample_form(),
            "more": showcase.SampleForm(prefix="more"),
            "bad": showcase.wrong_form(),
            "states": showcase.states(),
            "rows": showcase.rows(),
            "deadlines": showcase.deadlines(),
            "story": showcase.story(),
            "steps": showcase.steps(),
            "tasks": showcase.tasks(),
            "tabs": showcase.tabs(),
            "years": showcase.years(),
            "chips": showcase.chips(),
            "files": showcase.files(),
            "place": showcase.PLACE,
        },
    )
