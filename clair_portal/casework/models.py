"""One case table for everything that is filed, passed on, worked on and closed; pillars add a one-to-one detail row."""

from __future__ import annotations

import uuid
from typing import Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.accounts.models import Posting
from clair_portal.audit.history import acting_person
from clair_portal.audit.sentences import in_language
from clair_portal.casework.enums import Holder, Origin, ReferralState, Side, Topic
from clair_portal.casework.moments import NOT_KNOWN
from clair_portal.casework.queries import (
    REQUESTER_ONLY,
    AssignmentQuerySet,
    BulkActionQuerySet,
    CaseQuerySet,
    KindVersionQuerySet,
    PaperQuerySet,
    ReferralQuerySet,
    SavedViewQuerySet,
    TaskQuerySet,
)
from clair_portal.casework.terms import TERMS
from clair_portal.casework.texts import TermsOf, index_of_terms
from clair_portal.documents.models import StoredFile
from clair_portal.network.models import Organisation


@pghistory.track(
    context_field=None,  # type: ignore[arg-type]
    attrs={"pgh_person": acting_person()},
    exclude=["search_text", "bigrams"],
)
class Case(models.Model):
    """`branch` stays empty until the case is filed: a draft is the requester's own (the second wall reads the column).

    A case for several offices is `split`: each office works on a part of its own (`parent` names the whole), and the
    whole follows its parts.
    """

    number = models.CharField(_("number"), max_length=30, unique=True, null=True, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    kind_version = models.PositiveSmallIntegerField(_("version of the kind"), default=1)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts", verbose_name=_("part of")
    )
    split = models.BooleanField(_("in parts"), default=False)
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("copied from")
    )
    title = models.CharField(_("subject"), max_length=200)
    applicant = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("requester"))
    branch = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"), default=list, blank=True)
    topics = ArrayField(
        models.CharField(max_length=30, choices=Topic.choices), verbose_name=_("fields"), default=list, blank=True
    )
    state = models.CharField(_("state"), max_length=40)
    holder = models.CharField(_("who has the ball"), max_length=20, choices=Holder.choices, default=Holder.APPLICANT)
    holding = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("organisation that has the ball"),
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    due_zone = models.CharField(max_length=40, default="Asia/Tokyo")
    clock_left = models.SmallIntegerField(_("business days left while the clock stands"), null=True, blank=True)
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"), null=True, blank=True, editable=False)
    origin = models.CharField(_("origin"), max_length=20, choices=Origin.choices, default=Origin.PORTAL)
    source = models.CharField(_("source"), max_length=300, blank=True)
    sample = models.BooleanField(_("sample data"), default=False)
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    filed_at = models.DateTimeField(_("filed"), null=True, blank=True)
    moved_at = models.DateTimeField(_("last moved"), default=timezone.now)
    closed_at = models.DateTimeField(pgettext_lazy("case", "closed"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    search_text = models.TextField(editable=False, default="", blank=True)
    bigrams = ArrayField(models.TextField(), editable=False, default=list, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [
            models.Index(fields=["applicant", "-id"], name="case_applicant"),
            # With what the policy and the list ask besides: counting reads no case.
            models.Index(fields=["branch", "-id"], include=["applicant", "parent"], name="case_of_branch"),
            models.Index(
                fields=["branch", "fiscal_year", "-id"], include=["applicant", "parent"], name="case_branch_year"
            ),
            models.Index(
                REQUESTER_ONLY, F("id").desc(), include=["applicant", "branch", "parent"], name="case_requester_only"
            ),
            models.Index(fields=["holding", "due_at"], name="case_holding"),
            models.Index(fields=["holder", "due_at"], name="case_holder"),
            models.Index(
                fields=["holder", "-id"],
                include=["parent", "filed_at"],
                condition=~Q(holder=Holder.NOBODY),
                name="case_held",
            ),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="case_parent"),
            # The orders and filters of the list (case_list.py): one index each, whatever the size of the table.
            models.Index(fields=["due_at", "id"], condition=Q(due_at__isnull=False), name="case_due"),
            models.Index(fields=["filed_at", "id"], name="case_filed"),
            models.Index(fields=["moved_at", "id"], name="case_moved"),
            models.Index(fields=["closed_at", "id"], condition=Q(closed_at__isnull=False), name="case_closed"),
            models.Index(fields=["state", "-id"], name="case_state"),
            models.Index(fields=["fiscal_year", "-id"], name="case_year"),
            models.Index(fields=["-id"], condition=~Q(holder=Holder.NOBODY), name="case_open"),
            models.Index(fields=["holding", "-id"], condition=~Q(holder=Holder.NOBODY), name="case_waiting"),
            models.Index(fields=["origin", "-id"], condition=~Q(origin=Origin.PORTAL), name="case_origin"),
            GinIndex(fields=["countries"], name="case_countries"),
            GinIndex(Func(template=TERMS), name="case_terms"),
            GinIndex(OpClass(F("search_text"), name="gin_trgm_ops"), name="case_search"),
        ]
        constraints = [
            models.CheckConstraint(name="case_filed_has_number", condition=Q(filed_at=None) | Q(number__isnull=False)),
            models.CheckConstraint(
                name="case_day_not_known_only_of_a_report",
                condition=~Q(filed_at=NOT_KNOWN) | Q(origin=Origin.PUBLIC_REPORT),
            ),
            models.CheckConstraint(name="case_part_is_not_split", condition=Q(parent=None) | Q(split=False)),
        ]

    def __str__(self) -> str:
        return f"{self.number or '–'} {self.title}"

    @property
    def waits_abroad(self) -> bool:
        """Whoever asked through a public form has the ball. The requester in the row is then the office that stands in."""
        return self.origin == Origin.FOREIGN_FORM and self.holder == Holder.APPLICANT


class KindVersion(models.Model):
    """What may change about a kind of case from one year to the next: terms, reminders, the zone of its fiscal year.

    A case keeps the version it was opened under. Where there is no row the workflow's own terms hold (version 1).
    """

    kind = models.CharField(_("kind"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"))
    starts_on = models.DateField(_("valid from"))
    ends_on = models.DateField(_("valid until"), null=True, blank=True)
    terms = models.JSONField(_("terms in business days, per state"), default=dict, blank=True)
    fiscal_zone = models.CharField(_("zone that decides the fiscal year"), max_length=40, default="Asia/Tokyo")
    remind_before = models.PositiveSmallIntegerField(_("reminder, business days before"), default=1)
    escalate_after = models.PositiveSmallIntegerField(_("told further, business days after"), default=1)
    note = models.CharField(_("note"), max_length=300, blank=True)
    confirmed_by = models.JSONField(_("confirmed by"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    objects = KindVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a kind of case")
        verbose_name_plural = _("versions of kinds of cases")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="kindversion_once"),
            models.CheckConstraint(
                name="kindversion_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day must not be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"

    @property
    def confirmed(self) -> str:
        """Who confirmed the terms, in the language of the page."""
        return in_language(self.confirmed_by or {})


class Numbering(models.Model):
    """The last number given per series and fiscal year; taken by a function, so that numbers leak nothing."""

    series = models.CharField(max_length=20)
    fiscal_year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "fiscal_year"], name="numbering_series")]

    def __str__(self) -> str:
        return f"{self.series} {self.fiscal_year}: {self.last}"


class Referral(models.Model):
    """Headquarters refers a case to an office. The office sees the case while the referral stands; its own clock runs."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="referrals")
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("office"))
    state = models.CharField(_("state"), max_length=12, choices=ReferralState.choices, default=ReferralState.PROPOSED)
    standing = models.BooleanField(default=True)
    owner = models.BooleanField(_("leads"), default=True)  # of several offices, the one that holds the whole together
    why = models.CharField(_("why this office"), max_length=250, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)  # first move of the office (services._first_answer)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        indexes = [
            models.Index(fields=["case", "office"], condition=Q(standing=True), name="referral_standing"),
            models.Index(F("office"), F("case").desc(), condition=Q(standing=True), name="referral_of_office"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "office"], condition=Q(standing=True), name="referral_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.office_id}"


class OnCase(models.Model):
    """What hangs on a case. `applicant`, `branch` and `filed` are copies kept by triggers, so that a member's policy
    needs no join."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    applicant = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", editable=False, null=True)
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", editable=False, null=True)
    filed = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True


class Assignment(OnCase):
    """Who is in charge of a case on one side. It names a posting, so a successor can take over all of them at once."""

    side = models.CharField(_("side"), max_length=20, choices=Holder.choices)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+", verbose_name=_("person in charge"))
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("person in charge")
        verbose_name_plural = _("people in charge")
        indexes = [models.Index(fields=["posting"], name="assignment_posting")]
        constraints = [models.UniqueConstraint(fields=["case", "side", "organisation"], name="assignment_one_a_side")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.side}"


class Task(OnCase):
    """Something one side still has to do on a case; it names a posting, so that a successor inherits it."""

    side = models.CharField(_("side"), max_length=20, choices=Side.choices)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    title = models.CharField(_("task"), max_length=200)
    due_on = models.DateField(_("to be done by"), null=True, blank=True)
    posting = models.ForeignKey(
        Posting, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("person in charge")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    signature = models.JSONField(default=dict)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.JSONField(default=dict, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index(fields=["case"], name="task_case"),
            models.Index(fields=["organisation", "due_on"], condition=Q(done_at=None), name="task_open"),
        ]

    def __str__(self) -> str:
        return self.title


class SavedView(models.Model):
    """What an address asks a list for, under a name. `first`: what its owner sees on opening the list; `first_for`: the code
    of the role that does. It belongs to a posting, so that a successor inherits it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    listing = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=60)
    query = models.TextField(blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")
    signature: Any = models.JSONField(default=dict)
    shared = models.BooleanField(default=False)
    first = models.BooleanField(default=False)
    first_for = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(fields=["posting", "listing", "name"], name="casework_one_view_a_name"),
            models.UniqueConstraint(
                fields=["posting", "listing"], condition=Q(first=True), name="casework_one_first_view"
            ),
            models.UniqueConstraint(
                fields=["organisation", "listing", "first_for"], condition=~Q(first_for=""),
                name="casework_one_first_view_a_role",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class BulkAction(models.Model):
    """One action on many rows of a list, and what undoing it needs. `rows`: key of the row, and what was there before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    listing = models.CharField(max_length=40)
    action = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")
    signature: Any = models.JSONField(default=dict)
    rows: Any = models.JSONField(default=list)
    done_at = models.DateTimeField(_("done"), default=timezone.now)
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = BulkActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action on many rows")
        verbose_name_plural = _("actions on many rows")

    def __str__(self) -> str:
        return f"{self.action} {len(self.rows)}"


class Paper(OnCase):
    author = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation"))
    person = models.BigIntegerField(null=True)
    signature = models.JSONField(default=dict)
    side = models.CharField(_("side"), max_length=20, choices=Side.choices)
    shared = models.BooleanField(_("shared with everybody on the case"), default=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)

    objects = PaperQuerySet.as_manager()

    class Meta:
        abstract = True


class Note(Paper):
    """A message on a case: internal to one side, or shared."""

    body = models.TextField(_("text"))
    terms = TermsOf("body")

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [models.Index(fields=["case", "created_at"], name="note_case"), index_of_terms("note_terms")]

    def __str__(self) -> str:
        return self.body[:60]


class ReceivedMail(OnCase):
    """A mail that landed on a case, so that it lands once however often it is delivered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    digest = models.CharField(max_length=64)
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    note = models.ForeignKey(Note, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("received mail")
        verbose_name_plural = _("received mails")
        constraints = [models.UniqueConstraint(fields=["case", "organisation", "digest"], name="receivedmail_once")]

    def __str__(self) -> str:
        return self.subject


class CaseFile(Paper, StoredFile):
    """A file on a case."""

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        indexes = [models.Index(fields=["case", "created_at"], name="casefile_case")]

    def __str__(self) -> str:
        return self.name
