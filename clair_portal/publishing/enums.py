from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(TextChoices):
    STORY = "story", _("story")
    RESEARCH_RESULT = "research_result", _("research result")


class State(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("No longer published")


class SegmentKind(TextChoices):
    TITLE = "title", pgettext_lazy("part of a text", "title")
    SUMMARY = "summary", _("summary")
    HEADING = "heading", _("heading")
    PARAGRAPH = "paragraph", _("paragraph")
    ITEM = "item", _("item of a list")


class SentenceState(TextChoices):
    MISSING = "missing", _("Not translated")
    STALE = "stale", _("From an older version")
    WRITTEN = "written", _("Translated")
    APPROVED = "approved", pgettext_lazy("a translated sentence", "Approved")


class LanguageState(TextChoices):
    """Of one language version of an item; computed, never stored."""

    MISSING = "missing", _("Not begun")
    IN_TRANSLATION = "in_translation", _("In translation")
    STALE = "stale", _("Older than the source")
    WAITING = "waiting", _("Waiting for review")
    APPROVED = "approved", pgettext_lazy("a translation", "Approved, not yet public")
    PUBLISHED = "published", _("Published")
