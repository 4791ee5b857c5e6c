from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.enums import Topic
from clair_portal.casework.models import Case, CaseFile, OnCase
from clair_portal.casework.texts import TermsOf, index_of_terms
from clair_portal.network.models import Organisation
from offices.queries import OnWholeQuerySet, ResearchCopyQuerySet, ResearchResultQuerySet, SharedResearchQuerySet


class ResearchRequest(OnCase):
    """依頼調査: an office is asked to find out abroad what cannot be found out from Japan.

    Countries and fields stand on the case itself. Who may ask and what is asked for: docs/data-sources.md.
    """

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="research_request")
    division = models.CharField(_("division in charge"), max_length=120, blank=True)
    contact = models.CharField(_("contact person"), max_length=120, blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    not_from_japan = models.TextField(_("why it cannot be done from Japan"), blank=True)
    questions = models.TextField(_("questions (question sheet)"), blank=True)
    situation = models.TextField(_("situation in Japan"), blank=True)
    wanted_by = models.DateField(_("wanted by"), null=True, blank=True)
    exception_wanted = models.TextField(_("why an exception is asked for"), blank=True)
    exception = models.TextField(_("why headquarters made an exception"), blank=True)
    feasibility = models.TextField(_("answer on whether it is possible"), blank=True)
    letter = models.OneToOneField(
        CaseFile,
        verbose_name=_("formal request letter"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = OnWholeQuerySet.as_manager()

    class Meta:
        verbose_name = _("commissioned research")
        verbose_name_plural = _("commissioned research")

    def __str__(self) -> str:
        return str(self.case)


class ResearchResult(OnCase):
    """What an office found out. Requester and branch read it when headquarters has checked it (`released_at`).

    Unsent it is the office's draft. What was sent stays: after it was returned, or when another office answers, the next one
    stands beside it.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="research_results")
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("office"))
    body = models.TextField(_("result"), blank=True)
    terms = TermsOf("body")
    signature = models.JSONField(default=dict)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, default=timezone.now, db_default=Now())
    released_at = models.DateTimeField(_("released"), null=True, blank=True)

    objects = ResearchResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of research")
        verbose_name_plural = _("results of research")
        indexes = [index_of_terms("researchresult_terms")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "office"], condition=Q(sent_at=None), name="researchresult_one_draft_an_office"
            )
        ]

    def __str__(self) -> str:
        return self.body[:60]


class SharedResearch(models.Model):
    """One line of the shared list: what headquarters tells all local governments of a research, and nothing else of it.

    Without the requester. Taken off the list it stays as a row that only headquarters sees.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="shared_research")
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("office"))
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"))
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"), default=list, blank=True)
    topics = ArrayField(
        models.CharField(max_length=30, choices=Topic.choices), verbose_name=_("fields"), default=list, blank=True
    )
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    listed = models.BooleanField(_("on the list"), default=True)
    shared_on = models.DateField(_("on the list since"))
    sample = models.BooleanField(_("sample data"), default=False)
    search_text = models.TextField(editable=False, default="", blank=True)
    bigrams = ArrayField(models.TextField(), editable=False, default=list, blank=True)

    objects = SharedResearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared research")
        verbose_name_plural = _("shared research")
        indexes = [
            models.Index(fields=["-fiscal_year", "-id"], name="sharedresearch_year"),
            GinIndex(fields=["bigrams"], name="sharedresearch_bigrams"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def year(self) -> str:
        return FiscalYear(self.fiscal_year).label(get_language() or "en")


class ResearchCopy(models.Model):
    """A local government asks for the full result of a shared research; headquarters releases it to that organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    research = models.ForeignKey(SharedResearch, on_delete=models.CASCADE, related_name="copies")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    signature = models.JSONField(default=dict)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    released_by = models.JSONField(default=dict, blank=True)

    objects = ResearchCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy of a research result")
        verbose_name_plural = _("copies of research results")
        constraints = [models.UniqueConstraint(fields=["research", "organisation"], name="researchcopy_once")]

    def __str__(self) -> str:
        return f"{self.research_id} {self.organisation_id}"
