from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.gatherings.enums import PartnerRole
from clair_portal.gatherings.models.events import NEEDS_A_TITLE, TITLED, Event
from clair_portal.gatherings.queries import OfEventQuerySet
from clair_portal.language.words import in_japanese


class OfEvent(models.Model):
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="+", verbose_name=pgettext_lazy("gathering", "event")
    )

    objects = OfEventQuerySet.as_manager()

    class Meta:
        abstract = True


class Speaker(OfEvent):
    """Who speaks, as the programme names them: public once the event is released."""

    name = models.CharField(_("name"), max_length=120)
    affiliation = models.CharField(_("organisation and post"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        indexes = [models.Index(fields=["event"], name="speaker_event")]

    def __str__(self) -> str:
        return self.name


class ProgrammeItem(OfEvent):
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    title_ja = models.CharField(_("title in Japanese"), max_length=200, blank=True)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    speaker = models.ForeignKey(
        Speaker, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("speaker")
    )

    class Meta:
        verbose_name = _("programme item")
        verbose_name_plural = _("programme items")
        indexes = [models.Index(fields=["event", "begins_at"], name="programmeitem_event")]
        constraints = [
            models.CheckConstraint(
                name="programmeitem_has_a_title", condition=TITLED, violation_error_message=NEEDS_A_TITLE
            ),
            models.CheckConstraint(
                name="programmeitem_ends_after_it_begins", condition=Q(ends_at=None) | Q(ends_at__gt=F("begins_at"))
            ),
        ]

    def __str__(self) -> str:
        first, second = (self.title_ja, self.title_en) if in_japanese() else (self.title_en, self.title_ja)
        return first or second


class Partner(OfEvent):
    """A body that holds the event together with the host, or helps."""

    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=12, choices=PartnerRole.choices)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        indexes = [models.Index(fields=["event"], name="partner_event")]

    def __str__(self) -> str:
        return self.name
