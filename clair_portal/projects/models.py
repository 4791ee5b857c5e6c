"""What lasts longer than a request: bodies in Japan and abroad that work together over years, with the cases it led to."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.casework.models import Case
from clair_portal.gatherings.models import Event
from clair_portal.language.words import in_japanese
from clair_portal.network.models import Organisation
from clair_portal.projects.enums import State, Strand
from clair_portal.projects.queries import OfProjectQuerySet, ProjectCaseQuerySet, ProjectEventQuerySet, ProjectQuerySet

TITLED = (Q(title_ja__isnull=False) & ~Q(title_ja="")) | (Q(title_en__isnull=False) & ~Q(title_en=""))


class Project(models.Model):
    """`state` is what the last dated sentence with a state said, and `state_on` its day.

    `key`: of a project that came with the application, so that it is loaded once.
    """

    key = models.CharField(max_length=60, unique=True, null=True, blank=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("office"))
    strands = ArrayField(
        models.CharField(max_length=30, choices=Strand.choices), verbose_name=_("strands"), default=list, blank=True
    )
    begun = models.PositiveSmallIntegerField(_("begun in"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PLANNED)
    state_on = models.DateField(_("state as of"))
    source = models.CharField(_("source"), max_length=300, blank=True)
    sample = models.BooleanField(_("sample data"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    search_text = models.TextField(editable=False, default="", blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of partners", "project")
        verbose_name_plural = pgettext_lazy("of partners", "projects")
        indexes = [models.Index(fields=["office", "state"], name="project_office")]
        constraints = [
            models.CheckConstraint(
                name="project_has_a_title",
                condition=TITLED,
                violation_error_message=_("Write a title in Japanese or in English."),
            ),
            models.CheckConstraint(
                name="project_begun_in_a_year",
                condition=Q(begun=None) | Q(begun__gte=1868, begun__lte=2100),
                violation_error_message=_("Write the year in four digits, such as 1998."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.title_ja or self.title_en or ""  # type: ignore[attr-defined]


class OfProject(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class ProjectParty(OfProject):
    """A body that takes part. Which side it stands on follows from its kind. Those of the portal read the project."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("party of a project")
        verbose_name_plural = _("parties of projects")
        constraints = [models.UniqueConstraint(fields=["project", "organisation"], name="projectparty_once")]
        indexes = [models.Index(fields=["organisation"], name="projectparty_organisation")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.organisation_id}"


class ProjectNote(OfProject):
    """A dated sentence. One with a state says since when the project stands like that."""

    day = models.DateField(_("day"))
    text_ja = models.TextField(_("sentence in Japanese"), blank=True)
    text_en = models.TextField(_("sentence in English"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    author = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation"))
    person = models.BigIntegerField(null=True)
    signature = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("written"), default=timezone.now)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("dated sentence")
        verbose_name_plural = _("dated sentences")
        ordering = ("-day", "-pk")
        indexes = [models.Index(fields=["project", "-day"], name="projectnote_project")]
        constraints = [
            models.CheckConstraint(
                name="projectnote_says_something",
                condition=~Q(text_ja="") | ~Q(text_en=""),
                violation_error_message=_("Write the sentence in Japanese or in English."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.text()[0][:60]}"

    def text(self) -> tuple[str, str]:
        """The sentence and its language: that of the page, else the other one."""
        first, second = ("ja", "en") if in_japanese() else ("en", "ja")
        found = getattr(self, f"text_{first}")
        return (found, first) if found else (getattr(self, f"text_{second}"), second)


class ProjectCase(OfProject):
    """A case that belongs to a project; it may belong to several. Everybody sees only those of their own cases."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", verbose_name=_("case"))
    added_at = models.DateTimeField(default=timezone.now)

    objects = ProjectCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case of a project")
        verbose_name_plural = _("cases of projects")
        constraints = [models.UniqueConstraint(fields=["project", "case"], name="projectcase_once")]
        indexes = [models.Index(fields=["case"], name="projectcase_case")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.case_id}"


class ProjectEvent(OfProject):
    """An event that belongs to a project; it may belong to several. It is read by those who may read the event."""

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="+", verbose_name=pgettext_lazy("gathering", "event")
    )
    added_at = models.DateTimeField(default=timezone.now)

    objects = ProjectEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a project")
        verbose_name_plural = _("events of projects")
        constraints = [models.UniqueConstraint(fields=["project", "event"], name="projectevent_once")]
        indexes = [models.Index(fields=["event"], name="projectevent_event")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.event_id}"
