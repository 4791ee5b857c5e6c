"""How words are read where neither the word list nor the dictionary knows it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CorrectedQuerySet(models.QuerySet["Reading"]):
    def visible_to(self, scope: object) -> CorrectedQuerySet:
        """How a word is read is public."""
        return self.all()


class Reading(models.Model):
    """One word and its reading, wherever it stands on a page; the longest word wins. `who`: their names as the log keeps them."""

    text = models.CharField(pgettext_lazy("furigana", "word"), max_length=60, unique=True)
    reading = models.CharField(_("reading"), max_length=120)
    source = models.CharField(_("source"), max_length=200)
    who = models.JSONField(default=dict)
    changed_at = models.DateTimeField(_("changed"))

    objects = CorrectedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ("text",)
        constraints = [
            models.CheckConstraint(
                name="reading_of_a_word_with_kanji",
                condition=Q(text__regex=r"[㐀-鿿々〇]") & ~Q(text__regex=r"[<>&{}|\s]"),
                violation_error_message=_("Write one word with kanji, without spaces, brackets or signs of HTML."),
            ),
            models.CheckConstraint(
                name="reading_in_hiragana",
                condition=Q(reading__regex=r"^[ぁ-ゖー]+$"),
                violation_error_message=_("Write the reading in hiragana or katakana."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
