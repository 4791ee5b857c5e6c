"""What is public: publications, texts in many languages, and the pages that were written as files."""

from __future__ import annotations

from clair_portal.publishing.models.content import (
    Item,
    Linguist,
    OldSlug,
    PublishedText,
    Segment,
    SourceVersion,
    Term,
    TranslatedSegment,
    Translation,
)
from clair_portal.publishing.models.publication import Publication
from clair_portal.publishing.models.tree import Change, Page, Run

__all__ = [
    "Change",
    "Item",
    "Linguist",
    "OldSlug",
    "Page",
    "Publication",
    "PublishedText",
    "Run",
    "Segment",
    "SourceVersion",
    "Term",
    "TranslatedSegment",
    "Translation",
]
