"""The published tree as rows: which pages there are and what stands in their files, what changed, and the great runs."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clair_portal.outbox.models import Work
from clair_portal.publishing.tree.queries import PageQuerySet


class Run(models.Model):
    """Every page rendered once: published again, or compared with its file. Without an end it is under way.

    `release`: what rendered them (tree/release.py).
    """

    class Kind(models.TextChoices):
        EVERYTHING = "everything", _("everything published")
        CHECK = "check", _("everything compared")

    kind = models.CharField(_("run"), max_length=12, choices=Kind.choices)
    release = models.CharField(max_length=64, blank=True, default="", db_default="")
    begun_at = models.DateTimeField(_("begun"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    drifted = models.PositiveIntegerField(_("differed"), default=0)
    examples: Any = models.JSONField(_("which differed"), default=list)

    class Meta:
        verbose_name = _("run over all pages")
        verbose_name_plural = _("runs over all pages")
        ordering = ("-begun_at",)

    def __str__(self) -> str:
        return f"{self.kind} {self.begun_at:%Y-%m-%d %H:%M}"

    @property
    def left(self) -> int:
        """How many pages it has before it."""
        if self.kind == Run.Kind.CHECK:
            return Page.objects.filter(checking=self).count()
        return Page.objects.not_tried_since(self.begun_at).count()


class Page(Work):
    """One public page in one language. Its state says whether it waits to be rendered; `status` what stands in its files.

    `reads`: keys of what it depends on. `checking`: the comparison it waits for. `tried_at`: when it was last rendered.
    `text_language`: of its text, where that is not the page's own.
    `failing_since`: since it was last written; `fault_told_at`: when somebody was told of it.
    """

    path = models.CharField(_("address"), max_length=500, unique=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    address = models.CharField(
        max_length=500, db_index=True, help_text=_("Without the language: its versions share it.")
    )
    family = models.CharField(_("kind of page"), max_length=80)
    reads = ArrayField(models.CharField(max_length=200), default=list)
    status = models.PositiveSmallIntegerField(_("what stands there"), null=True, blank=True)
    text_language = models.CharField(max_length=12, blank=True, default="", db_default="")
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(_("bytes"), default=0)
    written_at = models.DateTimeField(_("written"), null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    fault_told_at = models.DateTimeField(null=True, blank=True)
    checking = models.ForeignKey(Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = PageQuerySet.as_manager()

    class Meta(Work.Meta):
        verbose_name = _("published page")
        verbose_name_plural = _("published pages")
        indexes = [*Work.Meta.indexes, GinIndex(fields=["reads"], name="page_reads")]

    def __str__(self) -> str:
        return self.path


class Change(models.Model):
    """A key of what changed, written by triggers in the transaction of the change; gone once its pages are marked."""

    key = models.CharField(max_length=250)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("change that public pages show")
        verbose_name_plural = _("changes that public pages show")

    def __str__(self) -> str:
        return self.key
