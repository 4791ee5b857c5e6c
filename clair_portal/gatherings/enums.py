from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EventKind(TextChoices):
    """What offices and headquarters hold (the real ones: seminars, biennial meetings, fairs, study tours, trainings)."""

    SEMINAR = "seminar", _("seminar")
    MEETING = "meeting", _("exchange meeting")
    TRAINING = "training", _("training")
    TOUR = "tour", _("study tour")
    FAIR = "fair", _("exhibition or fair")
    FESTIVAL = "festival", _("festival")
    OTHER = "other", pgettext_lazy("event", "other")


class State(TextChoices):
    PLANNED = "planned", pgettext_lazy("event", "planned")
    OPEN = "open", pgettext_lazy("event", "open for registration")
    OVER = "over", pgettext_lazy("event", "over")
    CANCELLED = "cancelled", pgettext_lazy("event", "cancelled")


GOING_ON = (State.PLANNED, State.OPEN)  # what is not over yet
BADGES: dict[str, dict[str, Any]] = {
    State.PLANNED: {"label": State.PLANNED.label, "tone": "", "fill": 0},
    State.OPEN: {"label": State.OPEN.label, "tone": "move", "fill": 2},
    State.OVER: {"label": State.OVER.label, "tone": "done", "fill": 4},
    State.CANCELLED: {"label": State.CANCELLED.label, "tone": "stop", "fill": 0},
}
# From which state into which an event may be moved by hand.
MOVES: dict[str, tuple[str, ...]] = {
    State.PLANNED: (State.OPEN, State.CANCELLED),
    State.OPEN: (State.PLANNED, State.OVER, State.CANCELLED),
    State.OVER: (State.OPEN,),
    State.CANCELLED: (),
}


class Seat(TextChoices):
    """How a registration stands. `asked`: the mail address is not confirmed yet, so it counts for nothing."""

    ASKED = "asked", pgettext_lazy("registration", "address not confirmed")
    IN = "in", pgettext_lazy("registration", "has a place")
    WAITING = "waiting", pgettext_lazy("registration", "on the waiting list")
    CANCELLED = "cancelled", pgettext_lazy("registration", "cancelled")


STANDING = (Seat.IN, Seat.WAITING)
SEAT_BADGES: dict[str, dict[str, Any]] = {
    Seat.ASKED: {"label": Seat.ASKED.label, "tone": "", "fill": 0},
    Seat.IN: {"label": Seat.IN.label, "tone": "done", "fill": 4},
    Seat.WAITING: {"label": Seat.WAITING.label, "tone": "wait", "fill": 2},
    Seat.CANCELLED: {"label": Seat.CANCELLED.label, "tone": "stop", "fill": 0},
}


class PartnerRole(TextChoices):
    CO_HOST = "co_host", _("co-host")
    SUPPORT = "support", pgettext_lazy("partner", "under the auspices of")
    SPONSOR = "sponsor", pgettext_lazy("partner", "sponsor")
    COOPERATION = "cooperation", pgettext_lazy("partner", "in cooperation with")


class QuestionKind(TextChoices):
    SCORE = "score", _("a score from 1 to 5")
    CHOICE = "choice", _("one of several")
    TEXT = "text", _("in one's own words")


class Audience(TextChoices):
    PUBLIC = "public", _("everybody, once the event is public")
    REGISTERED = "registered", _("those who have a place")


class Selection(TextChoices):
    APPROVAL = "approval", _("chosen by the host")
    LOTTERY = "lottery", _("by lottery")


class CallState(TextChoices):
    """`open`: published. Whether it takes applications at this moment is a question of the clock (rules.phase)."""

    PLANNED = "planned", pgettext_lazy("call", "planned")
    OPEN = "open", pgettext_lazy("call", "open")
    CLOSED = "closed", pgettext_lazy("call", "closed, being decided")
    DECIDED = "decided", pgettext_lazy("call", "decided")
    CANCELLED = "cancelled", pgettext_lazy("call", "cancelled")


SOON = "soon"  # a phase, not a state: published, and opens later
PHASES: dict[str, dict[str, Any]] = {
    CallState.PLANNED: {"label": CallState.PLANNED.label, "tone": "", "fill": 0},
    SOON: {"label": pgettext_lazy("call", "opens soon"), "tone": "", "fill": 1},
    CallState.OPEN: {"label": CallState.OPEN.label, "tone": "move", "fill": 2},
    CallState.CLOSED: {"label": CallState.CLOSED.label, "tone": "wait", "fill": 3},
    CallState.DECIDED: {"label": CallState.DECIDED.label, "tone": "done", "fill": 4},
    CallState.CANCELLED: {"label": CallState.CANCELLED.label, "tone": "stop", "fill": 0},
}


class Outcome(TextChoices):
    """How an application stands."""

    SENT = "sent", pgettext_lazy("application", "sent")
    SELECTED = "selected", pgettext_lazy("application", "selected")
    RESERVE = "reserve", pgettext_lazy("application", "reserve")
    NOT_SELECTED = "not_selected", pgettext_lazy("application", "not selected")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")


OUTCOMES: dict[str, dict[str, Any]] = {
    Outcome.SENT: {"label": Outcome.SENT.label, "tone": "move", "fill": 2},
    Outcome.SELECTED: {"label": Outcome.SELECTED.label, "tone": "done", "fill": 4},
    Outcome.RESERVE: {"label": Outcome.RESERVE.label, "tone": "wait", "fill": 3},
    Outcome.NOT_SELECTED: {"label": Outcome.NOT_SELECTED.label, "tone": "", "fill": 4},
    Outcome.WITHDRAWN: {"label": Outcome.WITHDRAWN.label, "tone": "stop", "fill": 0},
}
