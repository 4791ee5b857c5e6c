from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Deferrable, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.accounts.models import Posting
from clair_portal.gatherings.enums import CallState, Outcome, Selection
from clair_portal.gatherings.models.events import NEEDS_A_TITLE, TITLED, Event, Titled
from clair_portal.gatherings.queries import ApplicationQuerySet, CallQuerySet
from clair_portal.network.models import Organisation

SEED = r"^[0-9A-Za-z]([0-9A-Za-z .,:/+_-]{0,118}[0-9A-Za-z])?$"  # nothing that a shell or a line of text could change
_PUBLIC_RULE = ~Q(seed_rule_ja="") | ~Q(seed_rule_en="")


class Call(Titled):
    """A call for participants (募集): organisations apply until `closes_at` (必着), and `places` of them are selected.

    `seed_rule`: the public number, known only after closing, that a lottery will use. `seed`, `lots`: the number, and the
    lots that were drawn; written once. What cannot change after publishing the database keeps (call_access.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=pgettext_lazy("event", "host")
    )
    posting = models.ForeignKey(
        Posting, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("person in charge")
    )
    event = models.ForeignKey(
        Event, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=pgettext_lazy("gathering", "event"),
    )  # fmt: skip
    conditions_ja = models.TextField(_("conditions in Japanese"), blank=True)
    conditions_en = models.TextField(_("conditions in English"), blank=True)
    fee = models.PositiveIntegerField(_("fee in yen"), null=True, blank=True)
    fee_note_ja = models.CharField(_("who pays what, in Japanese"), max_length=300, blank=True)
    fee_note_en = models.CharField(_("who pays what, in English"), max_length=300, blank=True)
    places = models.PositiveIntegerField(pgettext_lazy("call", "places"))
    most_people = models.PositiveIntegerField(_("people of one organisation at most"), default=1)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    selection = models.CharField(_("selection"), max_length=10, choices=Selection.choices)
    seed_rule_ja = models.CharField(_("number of the lottery in Japanese"), max_length=300, blank=True)
    seed_rule_en = models.CharField(_("number of the lottery in English"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=CallState.choices, default=CallState.PLANNED)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    seed = models.CharField(_("number that was drawn with"), max_length=120, blank=True)
    seed_source = models.CharField(_("where the number is published"), max_length=300, blank=True)
    seed_day = models.DateField(_("day of the number"), null=True, blank=True)
    lots = ArrayField(models.IntegerField(), verbose_name=_("lots"), default=list, blank=True)
    results_at = models.DateTimeField(_("decided"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    sample = models.BooleanField(_("sample data"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call for participants")
        verbose_name_plural = _("calls for participants")
        indexes = [
            models.Index(fields=["organisation", "closes_at"], name="call_host"),
            models.Index(fields=["closes_at"], condition=Q(released_at__isnull=False), name="call_released"),
            models.Index(fields=["event"], name="call_event"),
        ]
        constraints = [
            models.CheckConstraint(name="call_has_a_title", condition=TITLED, violation_error_message=NEEDS_A_TITLE),
            models.CheckConstraint(name="call_closes_after_it_opens", condition=Q(closes_at__gt=F("opens_at"))),
            models.CheckConstraint(
                name="call_places_one_or_more", condition=Q(places__gte=1) & Q(most_people__gte=1)
            ),
            models.CheckConstraint(
                name="call_lottery_names_its_number",
                condition=~Q(selection=Selection.LOTTERY) | Q(released_at=None) | _PUBLIC_RULE,
            ),
            models.CheckConstraint(name="call_seed_is_plain", condition=Q(seed="") | Q(seed__regex=SEED)),
            models.CheckConstraint(
                name="call_decided_has_its_day", condition=~Q(state=CallState.DECIDED) | Q(results_at__isnull=False)
            ),
        ]  # fmt: skip


class Application(models.Model):
    """What an organisation applied with. Functions of the database write it, one call at a time (call_access.py).

    `lot`: its public number, in order of arrival. `rank`: its place in the lottery. `reserve`: its number among the
    reserves now. `proposed`: what the host is about to decide: 0 selected, n reserve n. `told`: what was told last.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(
        Call, on_delete=models.CASCADE, related_name="applications", verbose_name=_("call for participants")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    person = models.BigIntegerField()
    contact = models.CharField(_("contact"), max_length=120)
    email = models.EmailField(_("e-mail"))
    lot = models.IntegerField(_("lot number"))
    people = models.PositiveIntegerField(_("number of people"))
    names = models.TextField(_("names"), blank=True)
    reason = models.TextField(_("reason"))
    consented_at = models.DateTimeField(_("agreed to the conditions"))
    state = models.CharField(_("state"), max_length=12, choices=Outcome.choices, default=Outcome.SENT)
    proposed = models.IntegerField(null=True, blank=True)
    rank = models.IntegerField(_("rank in the lottery"), null=True, blank=True)
    reserve = models.IntegerField(_("reserve number"), null=True, blank=True)
    sent_at = models.DateTimeField(_("arrived"))
    changed_at = models.DateTimeField(_("changed"))
    told = models.CharField(max_length=12, blank=True)
    version = models.PositiveIntegerField(default=1)
    sample = models.BooleanField(_("sample data"), default=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application to a call")
        verbose_name_plural = _("applications to calls")
        indexes = [models.Index(fields=["organisation"], name="application_organisation")]
        constraints = [
            models.UniqueConstraint(fields=["call", "organisation"], name="application_one_per_organisation"),
            models.UniqueConstraint(fields=["call", "lot"], name="application_one_lot_once"),
            models.UniqueConstraint(
                fields=["call", "reserve"], name="application_one_reserve_number_once", deferrable=Deferrable.DEFERRED
            ),
            models.CheckConstraint(name="application_somebody_comes", condition=Q(people__gte=1)),
            models.CheckConstraint(
                name="application_reserves_have_a_number",
                condition=(Q(state=Outcome.RESERVE) & Q(reserve__gte=1)) | (~Q(state=Outcome.RESERVE) & Q(reserve=None)),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.organisation)
