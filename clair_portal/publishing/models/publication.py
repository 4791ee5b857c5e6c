"""What an editor has chosen to show the public. It holds copies: a public page reads this table and no case."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clair_portal.language.versions import version_of
from clair_portal.network.enums import Topic
from clair_portal.network.models import Organisation
from clair_portal.publishing.enums import Kind, State
from clair_portal.publishing.queries import PublicationQuerySet


class Publication(models.Model):
    """Title, summary and text in Japanese and English; a page says so where one of them is missing.

    `countries` and `organisations` hold codes. `subject_type` and `subject_id` tell editors where it came from; the public
    may not read them.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.STORY)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    office = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("office")
    )
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"), default=list, blank=True)
    topics = ArrayField(
        models.CharField(max_length=30, choices=Topic.choices), verbose_name=_("fields"), default=list, db_default=[],
        blank=True,
    )  # fmt: skip
    organisations = ArrayField(
        models.CharField(max_length=30), verbose_name=_("organisations named"), default=list, db_default=[], blank=True
    )
    title_ja = models.CharField(_("title in Japanese"), max_length=200, blank=True)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    summary_ja = models.TextField(_("summary in Japanese"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    body_ja = models.TextField(_("text in Japanese"), blank=True)
    body_en = models.TextField(_("text in English"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    consent = models.CharField(_("who agreed to the release"), max_length=300, blank=True)
    consent_on = models.DateField(_("agreed on"), null=True, blank=True)
    released_by = models.JSONField(default=dict, db_default={}, blank=True)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    subject_type = models.CharField(max_length=60, blank=True, editable=False)
    subject_id = models.CharField(max_length=40, blank=True, editable=False)
    signature = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    sample = models.BooleanField(_("sample data"), default=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        indexes = [models.Index(fields=["state", "kind", "-published_on"], name="publication_list")]
        constraints = [
            models.CheckConstraint(
                name="publication_released_is_complete",
                condition=Q(state="draft")
                | (
                    Q(published_on__isnull=False, consent_on__isnull=False)
                    & ~Q(consent="")
                    & (~Q(title_ja="") | ~Q(title_en=""))
                ),
                violation_error_message=_("A release needs a title, a day, and who agreed to it when."),
            )
        ]

    def __str__(self) -> str:
        return self.title_ja or self.title_en or self.slug

    def path(self, language: str) -> str:
        """Its address on the public pages of a language version."""
        section = "research" if self.kind == Kind.RESEARCH_RESULT else "stories"
        return f"/{version_of(language).code}/{section}/{self.slug}/"

    def languages(self) -> list[str]:
        """In which languages it exists: a title and a text."""
        return [code for code in ("ja", "en") if getattr(self, f"title_{code}") and getattr(self, f"body_{code}")]

    def shown_in(self, language: str) -> str:
        """The language it is read in, title and text alike: the wanted one where it exists in it, else the other one."""
        wanted = "ja" if language.startswith("ja") else "en"
        known = self.languages() or [code for code in ("ja", "en") if getattr(self, f"title_{code}")]
        return wanted if wanted in known or not known else known[0]
