"""What identical sentences of other texts are called in a language: offered with where it comes from, never filled in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from clair_portal.audit.sentences import in_language
from clair_portal.publishing.models import TranslatedSegment, Translation

MOST = 3


@dataclass(frozen=True)
class Offer:
    """`where`: title of the text it is from."""

    text: str
    where: str
    who: str
    approved: bool
    machine: bool


def offers(translation: Translation, digests: Iterable[str]) -> dict[str, list[Offer]]:
    """By digest of the source sentence: approved ones first, then the newest, each text once, at most three."""
    found = (
        TranslatedSegment.objects.filter(translation__language=translation.language, source_digest__in=list(digests))
        .exclude(translation=translation)
        .select_related("translation__item")
        .order_by("-approved_at", "-made_at")
    )
    offered: dict[str, dict[str, Offer]] = defaultdict(dict)
    for row in sorted(found[:500], key=lambda each: each.approved_by is None):
        if len(offered[row.source_digest]) < MOST:
            offered[row.source_digest].setdefault(row.text, _offer(row))
    return {mark: list(each.values()) for mark, each in offered.items()}


def _offer(row: TranslatedSegment) -> Offer:
    return Offer(
        row.text, row.translation.item.title, in_language(row.approved_as or row.made_as), row.approved_by is not None,
        row.machine,
    )  # fmt: skip
