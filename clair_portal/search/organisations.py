"""Municipalities as the search finds them: by any form of the name, leading to the page of their branch.

Prefectures and designated cities are branches with pages of their own, which are found as pages.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone, translation

from clair_portal.network.enums import BRANCH_KINDS, LOCAL_GOVERNMENT_KINDS
from clair_portal.network.models import Organisation
from clair_portal.search import kinds, names
from clair_portal.search.records import Record, Source


def rows() -> Iterator[Record]:
    kinds_of_records = sorted(LOCAL_GOVERNMENT_KINDS - BRANCH_KINDS)
    bodies = Organisation.objects.filter(kind__in=kinds_of_records).in_being(timezone.localdate())
    for body in bodies.exclude(code=None).select_related("parent", "branch"):
        yield Record(
            key=f"organisation:{body.code}",
            path=f"/branches/{body.branch.code}/" if body.branch else "/branches/",
            titles={"ja": body.name_ja or "", "en": body.name_en or body.romaji},  # type: ignore[attr-defined]
            texts={language: _text(body, language) for language in ("ja", "en")},
            spellings=(*names.spellings(body), body.code or ""),
        )


def _text(body: Organisation, language: str) -> str:
    """What it is and where: 市 · 鹿児島県."""
    with translation.override(language):
        return " · ".join(str(part) for part in (body.get_kind_display(), body.parent) if part)


SOURCE = Source(kinds.ORGANISATION, rows)
