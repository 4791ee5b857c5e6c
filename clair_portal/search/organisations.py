"""Prefectures and municipalities as the search finds them: by any form of the name, leading to the list of branches."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone, translation

from clair_portal.network.enums import BRANCH_KINDS, LOCAL_GOVERNMENT_KINDS
from clair_portal.network.models import Organisation
from clair_portal.search import kinds, names
from clair_portal.search.records import Record, Source


def rows() -> Iterator[Record]:
    bodies = Organisation.objects.filter(kind__in=sorted(LOCAL_GOVERNMENT_KINDS)).in_being(timezone.localdate())
    for body in bodies.exclude(code=None).select_related("parent", "branch"):
        yield Record(
            key=f"organisation:{body.code}",
            path="/branches/",
            titles={"ja": body.name_ja or "", "en": body.name_en or body.romaji},  # type: ignore[attr-defined]
            texts={language: _text(body, language) for language in ("ja", "en")},
            spellings=(*names.spellings(body), body.code or ""),
            weight=10 if body.kind in BRANCH_KINDS else 0,
        )


def _text(body: Organisation, language: str) -> str:
    """What it is and where: 市 · 鹿児島県."""
    with translation.override(language):
        return " · ".join(str(part) for part in (body.get_kind_display(), body.parent) if part)


SOURCE = Source(kinds.ORGANISATION, rows)
