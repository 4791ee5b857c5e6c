from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.network.enums import Topic

YEARS = (1868, 2100)  # in which a project can have begun


class State(TextChoices):
    """How a project stands. Each change comes with a dated sentence."""

    PLANNED = "planned", pgettext_lazy("project", "planned")
    ACTIVE = "active", pgettext_lazy("project", "active")
    DORMANT = "dormant", pgettext_lazy("project", "dormant")
    ENDED = "ended", pgettext_lazy("project", "ended")


BADGES: dict[str, dict[str, Any]] = {
    State.PLANNED: {"label": State.PLANNED.label, "tone": "", "fill": 0},
    State.ACTIVE: {"label": State.ACTIVE.label, "tone": "move", "fill": 2},
    State.DORMANT: {"label": State.DORMANT.label, "tone": "wait", "fill": 1},
    State.ENDED: {"label": State.ENDED.label, "tone": "done", "fill": 4},
}


class Strand(TextChoices):
    """What a project is about: exchange of staff, and the fields of exchange every case knows."""

    STAFF = "staff_exchange", _("exchange of staff")
    EDUCATION = Topic.EDUCATION.value, _("schools and youth")
    ECONOMY = Topic.ECONOMY.value, Topic.ECONOMY.label
    TOURISM = Topic.TOURISM.value, Topic.TOURISM.label
    CULTURE = Topic.CULTURE.value, Topic.CULTURE.label
    SPORTS = Topic.SPORTS.value, Topic.SPORTS.label
    ENVIRONMENT = Topic.ENVIRONMENT.value, Topic.ENVIRONMENT.label
    AGRICULTURE = Topic.AGRICULTURE.value, Topic.AGRICULTURE.label
    HEALTH = Topic.HEALTH.value, Topic.HEALTH.label
    TRANSPORT = Topic.TRANSPORT.value, Topic.TRANSPORT.label
    DISASTER = Topic.DISASTER.value, Topic.DISASTER.label
    ADMINISTRATION = Topic.ADMINISTRATION.value, Topic.ADMINISTRATION.label
    MULTICULTURALISM = Topic.MULTICULTURALISM.value, Topic.MULTICULTURALISM.label
    OTHER = Topic.OTHER.value, Topic.OTHER.label
