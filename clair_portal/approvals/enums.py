from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    CIRCULATING = "circulating", pgettext_lazy("approval", "Under way")
    APPROVED = "approved", pgettext_lazy("approval", "Approved")
    SENT_BACK = "sent_back", _("Sent back to the drafter")
    TAKEN_BACK = "taken_back", _("Taken back")
    VOID = "void", pgettext_lazy("approval", "Void")


class Result(TextChoices):
    OPEN = "open", pgettext_lazy("stamp", "not yet")
    APPROVED = "approved", pgettext_lazy("stamp", "approved")
    SENT_BACK = "sent_back", pgettext_lazy("stamp", "sent back")


BADGES: dict[str, dict[str, Any]] = {
    State.CIRCULATING: {"label": State.CIRCULATING.label, "tone": "move", "fill": 2},
    State.APPROVED: {"label": State.APPROVED.label, "tone": "done", "fill": 4},
    State.SENT_BACK: {"label": State.SENT_BACK.label, "tone": "wait", "fill": 0},
    State.TAKEN_BACK: {"label": State.TAKEN_BACK.label, "tone": "wait", "fill": 0},
    State.VOID: {"label": State.VOID.label, "tone": "stop", "fill": 0},
}
