"""Texts in many languages: an item, the versions of its source cut in sentences, what was translated from which of them, and
what the public reads. A public page reads `PublishedText` and nothing else of these tables.
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.accounts.models import Posting
from clair_portal.publishing.content import queries
from clair_portal.publishing.enums import SegmentKind

CODE = 12  # characters of a language code


class Item(models.Model):
    """Something with a text of its own. `kind`: as an app registered it; `place`: its number in a list that has an order.

    `number`: of the newest version of the source. `subject_type`, `subject_id`: the record it belongs to, if any.
    """

    kind = models.CharField(_("kind"), max_length=30)
    slug = models.SlugField(_("address"), max_length=80)
    language = models.CharField(_("language of the source"), max_length=CODE)
    title = models.CharField(_("title"), max_length=300)
    place = models.PositiveIntegerField(_("place in its list"), default=0)
    number = models.PositiveIntegerField(_("newest version"), default=1)
    subject_type = models.CharField(max_length=60, blank=True, editable=False)
    subject_id = models.CharField(max_length=40, blank=True, editable=False)
    sample = models.BooleanField(_("sample data"), default=False)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = queries.ItemQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("content", "text")
        verbose_name_plural = pgettext_lazy("content", "texts")
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="item_address"),
            models.UniqueConstraint(
                fields=["subject_type", "subject_id"], name="item_of_subject", condition=~Q(subject_type="")
            ),
        ]

    def __str__(self) -> str:
        return self.title


class OldSlug(models.Model):
    """An address an item had; it leads to the new one and is given to nothing else."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="old_slugs")
    kind = models.CharField(max_length=30)
    slug = models.SlugField(max_length=80)
    since = models.DateTimeField(default=timezone.now)

    objects = queries.OldSlugQuerySet.as_manager()

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="oldslug_address")]

    def __str__(self) -> str:
        return self.slug


class SourceVersion(models.Model):
    """The source as it was written at one time. `minor`: whoever wrote it says that the meaning of no sentence changed."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=300)
    summary = models.TextField(_("summary"), blank=True)
    body = models.TextField(_("text"), blank=True)
    minor = models.BooleanField(_("minor change"), default=False)
    what = models.CharField(_("what for"), max_length=300, blank=True)
    made_by = models.BigIntegerField(null=True, blank=True)
    signature = models.JSONField(default=dict, blank=True)
    made_at = models.DateTimeField(_("written"), default=timezone.now)

    objects = queries.StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a source")
        verbose_name_plural = _("versions of sources")
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="sourceversion_once")]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"


class Segment(models.Model):
    """One sentence of one version. `key`: the same sentence in every version. `digest`: of its words without readings.

    `equals`: digests of this text and of those that only minor changes part from it: a translation of any of them holds.
    """

    version = models.ForeignKey(SourceVersion, on_delete=models.CASCADE, related_name="segments")
    key = models.UUIDField(default=uuid.uuid4)
    place = models.PositiveIntegerField()
    block = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=SegmentKind.choices)
    fresh_line = models.BooleanField(default=False)
    text = models.TextField()
    digest = models.CharField(max_length=32)
    equals = ArrayField(models.CharField(max_length=32))

    objects = queries.StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("sentence of a source")
        verbose_name_plural = _("sentences of sources")
        ordering = ("place",)
        indexes = [models.Index(fields=["digest"], name="segment_digest")]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="segment_once"),
            models.UniqueConstraint(fields=["version", "place"], name="segment_place"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Translation(models.Model):
    """One language version of an item that is worked on: who does it, by when, and whether it was handed in for review."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=CODE)
    translator = models.ForeignKey(
        Posting, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("translator")
    )
    reviewer = models.ForeignKey(
        Posting, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("reviewer")
    )
    due_on = models.DateField(_("to be translated by"), null=True, blank=True)
    review_due_on = models.DateField(_("to be reviewed by"), null=True, blank=True)
    handed_in_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    handed_in_by = models.BigIntegerField(null=True, blank=True)
    handed_in_posting = models.BigIntegerField(null=True, blank=True)
    handed_in_as = models.JSONField(default=dict, blank=True)
    returned_why = models.TextField(_("why it came back"), blank=True)
    returned_as = models.JSONField(default=dict, blank=True)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = queries.TranslationQuerySet.as_manager()

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        indexes = [models.Index(fields=["language", "due_on"], name="translation_queue")]
        constraints = [models.UniqueConstraint(fields=["item", "language"], name="translation_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.language}"


class TranslatedSegment(models.Model):
    """What one sentence says in one language, and of which words of the source that is the translation.

    `machine`: the text came from a machine at some time; the mark stays, whatever is changed afterwards. Whoever approved it has
    confirmed it. `warned`: warnings the translator confirmed. `version`: of whoever writes over another's text, the second is told.
    `pairs`: of the source, in pairs of letters or whole words, by which similar sentences are found.
    """

    translation = models.ForeignKey(Translation, on_delete=models.CASCADE, related_name="sentences")
    key = models.UUIDField()
    text = models.TextField(_("translation"))
    source_text = models.TextField(_("source as it was translated"))
    source_digest = models.CharField(max_length=32)
    source_version = models.PositiveIntegerField(_("version translated"))
    machine = models.BooleanField(_("machine translation"), default=False)
    made_by = models.BigIntegerField(null=True, blank=True)
    made_as = models.JSONField(default=dict, blank=True)
    made_at = models.DateTimeField(_("translated"), default=timezone.now)
    approved_by = models.BigIntegerField(null=True, blank=True)
    approved_as = models.JSONField(default=dict, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    warned = models.JSONField(default=list, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    pairs = ArrayField(models.TextField(), null=True, blank=True, editable=False)

    objects = queries.StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("translated sentence")
        verbose_name_plural = _("translated sentences")
        indexes = [
            models.Index(fields=["source_digest"], name="translatedsegment_memory"),
            GinIndex(fields=["pairs"], name="translatedsegment_pairs"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["translation", "key"], name="translatedsegment_once"),
            models.CheckConstraint(
                name="translatedsegment_two_people",
                condition=Q(approved_by=None) | Q(made_by=None) | ~Q(approved_by=F("made_by")),
            ),
            models.CheckConstraint(
                name="translatedsegment_approved_whole", condition=Q(approved_by=None) | Q(approved_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class PublishedText(models.Model):
    """What the public reads of an item in one language, frozen when it was released.

    `blocks`: kind and lines. `proof`: key, digest of the source sentence and, in the source's own row, what it equals.
    `source_on`: day on which that version of the source was released. `whole`: a translation that was written as a whole and
    released with its source; which of its sentences is which of the source is not known.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="published")
    kind = models.CharField(_("kind"), max_length=30)
    slug = models.SlugField(_("address"), max_length=80)
    language = models.CharField(_("language"), max_length=CODE)
    source_language = models.CharField(_("language of the source"), max_length=CODE)
    source_version = models.PositiveIntegerField(_("version of the source"))
    source_on = models.DateField(_("day of the source"))
    title = models.TextField(_("title"))
    summary = models.TextField(_("summary"), blank=True)
    blocks = models.JSONField(default=list)
    proof = models.JSONField(default=list)
    place = models.PositiveIntegerField(default=0)
    machine = models.BooleanField(_("with machine translation that was checked"), default=False)
    published_on = models.DateField(_("published on"))
    released_on = models.DateField(_("as of"))
    released_at = models.DateTimeField(default=timezone.now)
    released_by = models.JSONField(default=dict, blank=True)
    sample = models.BooleanField(_("sample data"), default=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_why = models.CharField(_("reason"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    whole = models.BooleanField(default=False, db_default=False, editable=False)

    objects = queries.PublishedTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("published text")
        verbose_name_plural = _("published texts")
        indexes = [models.Index(fields=["kind", "language", "-published_on"], name="publishedtext_list")]
        constraints = [
            models.UniqueConstraint(fields=["item", "language"], name="publishedtext_once"),
            models.UniqueConstraint(fields=["kind", "slug", "language"], name="publishedtext_address"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_source(self) -> bool:
        return self.language == self.source_language


class Linguist(models.Model):
    """Who may translate into a language and who may review it: two different permissions, each per language."""

    posting = models.ForeignKey(Posting, on_delete=models.CASCADE, related_name="+", verbose_name=_("who"))
    language = models.CharField(_("language"), max_length=CODE)
    translates = models.BooleanField(_("translates"), default=False)
    reviews = models.BooleanField(_("reviews"), default=False)
    signature = models.JSONField(default=dict, blank=True)

    objects = queries.LinguistQuerySet.as_manager()

    class Meta:
        verbose_name = _("translator or reviewer")
        verbose_name_plural = _("translators and reviewers")
        constraints = [models.UniqueConstraint(fields=["posting", "language"], name="linguist_once")]

    def __str__(self) -> str:
        return f"{self.posting_id} {self.language}"


class Term(models.Model):
    """An official term and what it is called in other languages. `words`: by language; several with " / " between.

    `retired_at`: since then it is shown to nobody who translates; the row stays, so that reference data does not bring it back.
    `found_by`: every form of it in folded form, for search.
    """

    ja = models.CharField(_("Japanese term"), max_length=120, unique=True)
    words = models.JSONField(default=dict)
    note = models.CharField(_("note"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    retired_why = models.CharField(_("reason"), max_length=300, blank=True, default="", db_default="")
    found_by = models.TextField(blank=True, default="", db_default="", editable=False)
    version = models.PositiveIntegerField(default=1, db_default=1)
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    signature = models.JSONField(null=True, blank=True)

    objects = queries.TermQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("glossary", "term")
        verbose_name_plural = pgettext_lazy("glossary", "terms")
        ordering = ("ja",)

    def __str__(self) -> str:
        return self.ja
