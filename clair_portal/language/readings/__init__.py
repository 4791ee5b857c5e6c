"""Readings (furigana) over the kanji of Japanese pages: which reading, and where it stands in the HTML."""

from __future__ import annotations

from clair_portal.language.reading_marks import without_readings
from clair_portal.language.readings.html import with_ruby
from clair_portal.language.readings.words import Word, Words, declare, standard

__all__ = ["Word", "Words", "declare", "standard", "with_ruby", "without_readings"]
