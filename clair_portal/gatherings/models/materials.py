from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.documents.models import StoredFile
from clair_portal.gatherings.enums import Audience
from clair_portal.gatherings.models.events import Event
from clair_portal.gatherings.queries import MaterialQuerySet


class Material(StoredFile):
    """A handout of an event: for everybody, or for those who have a place."""

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="+", verbose_name=pgettext_lazy("gathering", "event")
    )
    audience = models.CharField(_("who may read it"), max_length=10, choices=Audience.choices)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = _("material of an event")
        verbose_name_plural = _("materials of events")
        indexes = [models.Index(fields=["event"], name="material_event")]
