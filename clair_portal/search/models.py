"""What the public search finds: copies of published pages and of public records, one row for each language."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from clair_portal.search.queries import MissQuerySet

NO_DAY = dt.date(1, 1, 1)


class Document(models.Model):
    """`key`: the same for all language versions of one thing. `path`: its address without the language; `record`: it has no
    page of its own language, so the reader's version of the page is opened.

    `folded` and `head` (title only) are searched, `terms` is the index of `folded`. `readings`: a word of the text in each
    line, a tab, and how else it is spelled; found, never shown.
    """

    key = models.CharField(max_length=300)
    language = models.CharField(_("language"), max_length=12)
    path = models.CharField(_("address"), max_length=500)
    record = models.BooleanField(default=False)
    kind = models.CharField(_("kind"), max_length=20)
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(blank=True)
    text = models.TextField(blank=True)
    readings = models.TextField(blank=True)
    head = models.TextField()
    folded = models.TextField()
    terms = ArrayField(models.TextField())
    weight = models.SmallIntegerField(default=0)
    day = models.DateField(default=NO_DAY)

    class Meta:
        verbose_name = _("public document")
        verbose_name_plural = _("public documents")
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="search_document_once")]
        indexes = [
            GinIndex(fields=["terms"], name="search_document_terms", fastupdate=False),
            models.Index(fields=["language", "-weight", "-day", "-id"], name="search_document_order"),
            models.Index(fields=["language", "kind", "-weight", "-day", "-id"], name="search_document_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    def address(self, language: str) -> str:
        """Where it leads a reader of `language`."""
        return f"/{language if self.record else self.language}{self.path}"


class Term(models.Model):
    """In how many documents of a language a frequent term stands, as last counted; "" is all documents of the language."""

    term = models.TextField()
    language = models.CharField(max_length=12)
    documents = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("frequent term")
        verbose_name_plural = _("frequent terms")
        constraints = [models.UniqueConstraint(fields=["term", "language"], name="search_term_once")]

    def __str__(self) -> str:
        return f"{self.term} ({self.language})"


class Miss(models.Model):
    """That a search found nothing: what was searched, in which language, on which day, how often. Nothing about who.

    `word` is empty, and only its keyed digest is kept, until it was asked for often enough (search/misses.py).
    """

    digest = models.CharField(max_length=64)
    word = models.CharField(_("searched for"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=12)
    day = models.DateField()
    times = models.PositiveIntegerField(_("times"))

    objects = MissQuerySet.as_manager()

    class Meta:
        verbose_name = _("search without a hit")
        verbose_name_plural = _("searches without a hit")
        constraints = [models.UniqueConstraint(fields=["digest", "language", "day"], name="search_miss_once")]
        indexes = [models.Index(fields=["day"], name="search_miss_day")]

    def __str__(self) -> str:
        return f"{self.word} ({self.language}, {self.day})"
