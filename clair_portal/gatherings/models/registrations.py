from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.gatherings.enums import STANDING, Seat
from clair_portal.gatherings.models.events import Event
from clair_portal.gatherings.queries import RegistrationQuerySet
from clair_portal.network.models import Organisation

_COUNTS = Q(state__in=STANDING)


class Registration(models.Model):
    """Somebody who wants to come. Functions of the database write it (access.py), one event at a time.

    `person`: who is signed in; a stranger has none. `entered_at`: its place in the queue. `told`: the state the person was
    told of last; `moved_from`: the time and place they were told of, where it is another one by now (moved.py). After the
    retention the row stays without name, address and person, so that counts stay right.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="registrations", verbose_name=pgettext_lazy("gathering", "event")
    )
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    person = models.BigIntegerField(null=True)
    name = models.CharField(_("name"), max_length=120)
    body = models.CharField(_("organisation"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=12)
    state = models.CharField(_("state"), max_length=10, choices=Seat.choices, default=Seat.ASKED)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    asked_at = models.DateTimeField(_("address asked for confirmation"), null=True, blank=True)
    entered_at = models.DateTimeField(_("registered"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    attended_at = models.DateTimeField(_("attended"), null=True, blank=True)
    answer_asked_at = models.DateTimeField(_("asked for answers"), null=True, blank=True)
    told = models.CharField(max_length=10, blank=True)
    moved_from = models.JSONField(null=True, blank=True, editable=False)
    sample = models.BooleanField(_("sample data"), default=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        indexes = [
            models.Index(fields=["event", "state", "entered_at"], name="registration_queue"),
            models.Index(fields=["person"], condition=Q(person__isnull=False), name="registration_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                "event", Lower("email"), condition=_COUNTS & ~Q(email=""), name="registration_one_per_address"
            ),
            models.UniqueConstraint(
                fields=["event", "person"],
                condition=_COUNTS & Q(person__isnull=False),
                name="registration_one_per_person",
            ),
            models.CheckConstraint(name="registration_has_its_turn", condition=~_COUNTS | Q(entered_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name
