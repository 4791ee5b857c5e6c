"""The change of staff: a sheet of who leaves, comes and follows whom, and what a leaver writes down for the successor."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.accounts.models import Person, Posting, Role
from clair_portal.network.models import Organisation
from clair_portal.staffing.queries import HandoverPackQuerySet, StaffChangeQuerySet, StaffLineQuerySet


class ChangeState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("change of staff", "being checked")
    CONFIRMED = "confirmed", pgettext_lazy("change of staff", "confirmed")
    TAKEN_BACK = "taken_back", pgettext_lazy("change of staff", "taken back")


class StaffChange(models.Model):
    """One sheet. Until it is confirmed only the rows as they were read are kept, and nothing else is written."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    state = models.CharField(_("state"), max_length=12, choices=ChangeState.choices, default=ChangeState.DRAFT)
    rows: Any = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    answers: Any = models.JSONField(default=dict)  # row: "posting:12", "row:5" or "nobody"
    prepared_by = models.BigIntegerField()
    prepared_at = models.DateTimeField(_("prepared"), default=timezone.now)
    confirmed_by = models.BigIntegerField(null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    signature: Any = models.JSONField(default=dict, blank=True)
    confirmed_as: Any = models.JSONField(null=True, blank=True)  # name and organisation of whoever confirmed
    takes_effect_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    job = models.UUIDField(null=True, blank=True)
    sample = models.BooleanField(_("sample data"), default=False)

    objects = StaffChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of staff")
        verbose_name_plural = _("changes of staff")
        ordering = ("-prepared_at",)

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.prepared_at}"


class StaffLine(models.Model):
    """One person of a confirmed change: which posting ends, which begins, and who has the work from then on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.ForeignKey(StaffChange, on_delete=models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    name = models.CharField(_("name"), max_length=100)
    name_latin = models.CharField(_("name in Latin letters"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    posting = models.ForeignKey(Posting, null=True, on_delete=models.PROTECT, related_name="+")
    ends_on = models.DateField(_("last day"), null=True)
    ended_before = models.DateField(null=True)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey(Role, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title of the post"), max_length=120, blank=True, db_default="", default="")
    starts_on = models.DateField(_("first day"), null=True)
    next_ends_on = models.DateField(null=True)
    sending_body = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    begun = models.ForeignKey(Posting, null=True, on_delete=models.SET_NULL, related_name="+")
    invitation = models.UUIDField(null=True)
    successor = models.ForeignKey(Posting, null=True, on_delete=models.PROTECT, related_name="+")
    heir = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)
    due_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)
    moved = models.PositiveIntegerField(default=0)
    waits_since = models.DateTimeField(null=True)

    objects = StaffLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a change of staff")
        verbose_name_plural = _("lines of changes of staff")
        ordering = ("row", "id")
        indexes = [models.Index(fields=["due_at"], name="staffline_due", condition=Q(moved_at=None))]
        constraints = [
            models.UniqueConstraint(fields=["change", "row"], name="staffline_row"),
            models.CheckConstraint(name="staffline_somebody", condition=~Q(person=None) | ~Q(email="")),
            models.CheckConstraint(
                name="staffline_next_whole",
                condition=Q(organisation=None, role=None, starts_on=None)
                | ~(Q(organisation=None) | Q(role=None) | Q(starts_on=None)),
            ),
            models.CheckConstraint(
                name="staffline_next_ends_after_it_begins",
                condition=Q(next_ends_on=None) | Q(next_ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(name="staffline_one_successor", condition=Q(successor=None) | Q(heir=None)),
        ]

    def __str__(self) -> str:
        return f"{self.row} {self.name}"


class HandoverPack(models.Model):
    """引継書: what the holder of a posting writes for the successor, and the desk as it was when it was handed over."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    posting = models.OneToOneField(Posting, on_delete=models.PROTECT, related_name="+", verbose_name=_("posting"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    body = models.TextField(_("notes for the successor"), blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    signed_at = models.DateTimeField(_("signed off"), null=True, blank=True)
    panels: Any = models.JSONField(default=dict, blank=True)  # language: the panels as they were
    kept_at = models.DateTimeField(null=True, blank=True)
    sample = models.BooleanField(_("sample data"), default=False)

    objects = HandoverPackQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover pack")
        verbose_name_plural = _("handover packs")

    def __str__(self) -> str:
        return f"{self.posting_id} {self.changed_at}"
