"""What is public: publications, and the pages that were written as files."""

from __future__ import annotations

from clair_portal.publishing.models.publication import Publication
from clair_portal.publishing.models.tree import Change, Page, Run

__all__ = ["Change", "Page", "Publication", "Run"]
