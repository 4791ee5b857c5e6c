from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """The life of a piece of work. For e-mail, `unknown`: the worker died between handing over and noting it."""

    QUEUED = "queued", _("queued")
    IN_FLIGHT = "in_flight", _("in flight")
    RETRY = "retry", _("will be tried again")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    UNKNOWN = "unknown", _("outcome unknown")
    CANCELLED = "cancelled", _("cancelled")


WAITING = (State.QUEUED, State.RETRY)
UNDONE = (State.QUEUED, State.RETRY, State.IN_FLIGHT)
