from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clair_portal.casework.models import OnCase, Paper
from clair_portal.casework.texts import TermsOf, index_of_terms
from clair_portal.network.models import Organisation
from offices.enums import Outcome, WorkKind
from offices.queries import OfficeReportQuerySet, OnWholeQuerySet, WorkEntryQuerySet


class WorkEntry(Paper):
    """One piece of work of an office on a case, with its hours. A shared one is progress the requester sees.

    It hangs on the office's own part where a case is split.
    """

    kind = models.CharField(_("kind of work"), max_length=20, choices=WorkKind.choices)
    day = models.DateField(_("day"))
    hours = models.DecimalField(
        _("hours"),
        max_digits=4,
        decimal_places=1,
        default=Decimal("0"),
        validators=[MinValueValidator(Decimal("0")), MaxValueValidator(Decimal("99"))],
    )
    summary = models.TextField(_("what was done"))
    terms = TermsOf("summary")

    objects = WorkEntryQuerySet.as_manager()  # type: ignore[assignment,misc]

    class Meta:
        verbose_name = _("work entry")
        verbose_name_plural = _("work entries")
        indexes = [
            models.Index(fields=["case", "-day"], name="workentry_case"),
            models.Index(fields=["author", "day"], name="workentry_office"),
            index_of_terms("workentry_terms"),
        ]
        constraints = [models.CheckConstraint(name="workentry_hours", condition=Q(hours__gte=0) & Q(hours__lte=99))]

    def __str__(self) -> str:
        return self.summary[:60]


class OfficeReport(OnCase):
    """The report (or answer) of one office on the whole case: one section an office. Unsent it is the office's draft.

    What was sent stays: after a case was opened again the office sends another one, which stands after the first.
    """

    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("office"))
    body = models.TextField(_("report"), blank=True)
    terms = TermsOf("body")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, blank=True)
    signature = models.JSONField(default=dict)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    earlier = False  # the office has sent another one since; said by whoever reads them together

    objects = OfficeReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of an office")
        verbose_name_plural = _("reports of offices")
        indexes = [index_of_terms("officereport_terms")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "office"], condition=Q(sent_at=None), name="officereport_one_draft_an_office"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.office_id}"


class Feedback(OnCase):
    """What the requester says of the help: 1 (not helpful) to 5 (very helpful); again when there is another report."""

    number = models.PositiveSmallIntegerField(_("which answer"), default=1, db_default=1)
    score = models.PositiveSmallIntegerField(_("how helpful it was"))
    comment = models.TextField(_("comment"), blank=True)
    signature = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("written"), default=timezone.now)

    objects = OnWholeQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [
            models.UniqueConstraint(
                F("case"), F("number"), name="feedback_once_a_report"
            ),  # an index, which locks less
            models.CheckConstraint(name="feedback_score", condition=Q(score__gte=1) & Q(score__lte=5)),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.score}"
