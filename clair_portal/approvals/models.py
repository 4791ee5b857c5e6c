"""Routes, proxies, and what went along a route: one approval, its steps with their stamps, the document as it was."""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.approvals.enums import Result, State
from clair_portal.approvals.posts import PATTERN
from clair_portal.approvals.queries import (
    ApprovalQuerySet,
    ApprovalStepQuerySet,
    OfApprovalQuerySet,
    RouteQuerySet,
    RouteStepQuerySet,
)
from clair_portal.documents.models import StoredFile
from clair_portal.network.models import Organisation

POST = {"max_length": 140}


class RouteTemplate(models.Model):
    """Who is asked for a kind of thing, from when until when, for which amounts. Of two that overlap one is refused."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("whose decision")
    )
    kind = models.CharField(_("what is approved"), max_length=60)
    name = models.CharField(_("name of the route"), max_length=120)
    starts_on = models.DateField(_("valid from"))
    ends_on = models.DateField(_("valid until"), null=True, blank=True)
    amount_from = models.BigIntegerField(_("amount from (yen)"), default=0)
    amount_to = models.BigIntegerField(_("amount up to (yen)"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    sample = models.BooleanField(_("sample data"), default=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = RouteQuerySet.as_manager()

    class Meta:
        verbose_name = _("route of approval")
        verbose_name_plural = _("routes of approval")
        ordering = ("kind", "starts_on", "amount_from", "id")
        constraints = [
            models.CheckConstraint(
                name="route_ends_after_it_begins",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(
                name="route_amounts_in_order",
                condition=Q(amount_from__gte=0) & (Q(amount_to=None) | Q(amount_to__gte=F("amount_from"))),
                violation_error_message=_("The highest amount must not be below the lowest."),
            ),
            ExclusionConstraint(
                name="route_no_overlap",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ends_on", Value("[]"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func("amount_from", "amount_to", Value("[]"), function="int8range",
                             output_field=BigIntegerRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_(
                    "There is a route for this kind already on some of these days for some of these amounts."
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class RouteStep(models.Model):
    """Steps of the same order are asked at the same time (合議); the next order when all of them have approved."""

    template = models.ForeignKey(RouteTemplate, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField(_("order"))
    post = models.CharField(_("who stamps"), **POST)  # type: ignore[arg-type]
    own_draft = models.BooleanField(_("may approve their own draft"), default=False)
    final_up_to = models.BigIntegerField(_("decides alone up to (yen)"), null=True, blank=True)

    objects = RouteStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a route")
        verbose_name_plural = _("steps of routes")
        ordering = ("order", "id")
        constraints = [
            models.UniqueConstraint(fields=["template", "order", "post"], name="routestep_once"),
            models.CheckConstraint(name="routestep_names_a_post", condition=Q(post__regex=PATTERN) & Q(order__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.post}"


class Authority(models.Model):
    """代決: who may stamp in whose place, from when until when, for which kinds, up to which amount."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    principal = models.CharField(_("in the place of"), **POST)  # type: ignore[arg-type]
    proxy = models.CharField(_("stamps instead"), **POST)  # type: ignore[arg-type]
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    kinds = ArrayField(models.CharField(max_length=60), verbose_name=_("for what"), default=list, blank=True)
    limit = models.BigIntegerField(_("up to (yen)"), null=True, blank=True)
    sample = models.BooleanField(_("sample data"), default=False)

    objects = RouteQuerySet.as_manager()

    class Meta:
        verbose_name = _("authority of a proxy")
        verbose_name_plural = _("authorities of proxies")
        ordering = ("principal", "starts_on", "id")
        constraints = [
            models.CheckConstraint(
                name="authority_ends_after_it_begins",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(
                name="authority_for_somebody_else",
                condition=Q(principal__regex=PATTERN) & Q(proxy__regex=PATTERN) & ~Q(principal=F("proxy")),
                violation_error_message=_("A post cannot be its own proxy."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proxy} → {self.principal}"


class Approval(models.Model):
    """One thing on its way along a route. `content` is what was frozen; `seal` is the hash every stamp is set on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    title = models.CharField(_("subject"), max_length=200)
    amount = models.BigIntegerField(_("amount (yen)"), null=True)
    template = models.ForeignKey(RouteTemplate, on_delete=models.PROTECT, related_name="+")
    template_version = models.PositiveIntegerField()
    route_name = models.CharField(max_length=120)
    language = models.CharField(max_length=12)
    content = models.JSONField()
    content_digest = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)
    note = models.TextField(_("what is asked"), blank=True)
    drafted_by = models.BigIntegerField()
    drafted_posting = models.BigIntegerField()
    drafted_as = models.JSONField()
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.CIRCULATING)
    at_order = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(_("drafted"), default=timezone.now)
    touched_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.JSONField(default=dict)
    why = models.TextField(_("reason"), blank=True)
    changes = models.JSONField(default=list)
    carried_out_at = models.DateTimeField(null=True)
    sample = models.BooleanField(default=False)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("decision", "approval")
        verbose_name_plural = pgettext_lazy("decision", "approvals")
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-created_at"], name="approval_subject"),
            models.Index(fields=["organisation", "state", "-created_at"], name="approval_list"),
            models.Index(fields=["touched_at"], name="approval_touched", condition=Q(touched_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id"],
                name="approval_one_standing",
                condition=Q(state=State.CIRCULATING) | Q(state=State.APPROVED, carried_out_at=None),
            ),
            models.CheckConstraint(
                name="approval_ended_says_when", condition=Q(state=State.CIRCULATING) | Q(ended_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ApprovalStep(models.Model):
    """One stamp, asked for or set. `struck`: it no longer counts, because the approval was sent back before it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField(default=0)
    post = models.CharField(**POST)  # type: ignore[arg-type]
    post_name = models.JSONField()
    own_draft = models.BooleanField(default=False)
    final = models.BooleanField(default=False)
    result = models.CharField(max_length=10, choices=Result.choices, default=Result.OPEN)
    struck = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)
    person = models.BigIntegerField(null=True)
    posting = models.BigIntegerField(null=True)
    name = models.JSONField(default=dict)
    stamped_as = models.JSONField(default=dict)
    proxy = models.BooleanField(default=False)
    comment = models.TextField(_("remark"), blank=True)
    seal = models.CharField(max_length=64, blank=True)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.JSONField(default=dict)

    objects = ApprovalStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of an approval")
        verbose_name_plural = _("steps of approvals")
        ordering = ("order", "place", "decided_at")
        indexes = [models.Index(fields=["approval", "order", "place"], name="approvalstep_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["approval", "order", "post"], condition=Q(struck=False), name="approvalstep_once"
            ),
            models.CheckConstraint(
                name="approvalstep_decided_is_signed",
                condition=Q(result=Result.OPEN)
                | (Q(decided_at__isnull=False, person__isnull=False) & ~Q(seal="")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.order} {self.post}"


class ApprovalDocument(StoredFile):
    """The document as it was printed when it was drafted: what everybody on the route has approved."""

    approval = models.OneToOneField(Approval, on_delete=models.CASCADE, related_name="document")

    objects = OfApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of an approval")
        verbose_name_plural = _("documents of approvals")
