"""What the same and similar sentences are called in a language: offered with where it comes from, never filled in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from django.db.models import Q

from clair_portal.audit.sentences import in_language
from clair_portal.language.folding import bigrams
from clair_portal.publishing.content.cutting import bare
from clair_portal.publishing.models import Segment, TranslatedSegment, Translation

MOST = 3
ALIKE = 60  # per cent
MOST_SIMILAR = 2  # of one sentence
LOOKED_UP, COMPARED = 100, 2000  # sentences of a page, and rows of the memory, at once
_KANA = re.compile(r"[ぁ-ゟー]+")


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


def from_a_machine(language: str, source: str, digest: str, text: str) -> bool:
    """Whether the memory would offer this text for this sentence, or for one like it, as one that came from a machine."""
    rare = _rarer(frozenset(pairs_of(source)))
    alike = Q(source_digest=digest) | Q(pairs__overlap=rare) if rare else Q(source_digest=digest)
    rows = TranslatedSegment.objects.filter(alike, translation__language=language, machine=True, text=text)
    return rows.exclude(text="").exists()


# --- Similar ones ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Similar:
    """`percent`: of the pairs of letters that the two sources share. `source`: what `offer` is the translation of."""

    percent: int
    source: str
    offer: Offer


def pairs_of(source: str) -> list[str]:
    return bigrams(bare(source))


def similar(translation: Translation, wanted: Sequence[Segment]) -> dict[str, list[Similar]]:
    """By digest of the source sentence, the most alike first; the same sentence is no similar one. One statement.

    Two sentences that share enough share one of the rarer pairs of either; kana alone are in every sentence and looked up last.
    """
    pairs = {each.digest: frozenset(pairs_of(each.text)) for each in wanted[:LOOKED_UP]}
    rare = {pair for each in pairs.values() for pair in _rarer(each)}
    if not rare:
        return {}
    rows = TranslatedSegment.objects.filter(translation__language=translation.language, pairs__overlap=sorted(rare))
    candidates = list(rows.exclude(text="").select_related("translation__item").order_by("-made_at")[:COMPARED])
    found: dict[str, list[tuple[int, TranslatedSegment]]] = defaultdict(list)
    own = {(translation.pk, each.key): each.digest for each in wanted}
    for row in candidates:
        for mark, percent in _alike(row, pairs):
            if own.get((row.translation_id, row.key)) != mark:  # what a sentence itself was called before is in its box
                found[mark].append((percent, row))
    return {mark: _best(each) for mark, each in found.items()}


def _rarer(pairs: frozenset[str]) -> list[str]:
    """So many of the pairs, the rare ones first, that every sentence that is enough alike has one of them."""
    shared = ceil(len(pairs) * ALIKE / (200 - ALIKE))
    return sorted(pairs, key=lambda pair: (_KANA.fullmatch(pair) is not None, pair))[: len(pairs) - shared + 1]


def _alike(row: TranslatedSegment, pairs: dict[str, frozenset[str]]) -> list[tuple[str, int]]:
    theirs = frozenset(row.pairs or ())
    found = []
    for mark, ours in pairs.items():
        if mark != row.source_digest and ours and theirs:
            percent = 200 * len(ours & theirs) // (len(ours) + len(theirs))
            if percent >= ALIKE:
                found.append((mark, min(percent, 99)))
    return found


def _best(found: list[tuple[int, TranslatedSegment]]) -> list[Similar]:
    """Each text once; of two that are as much alike the approved one."""
    found.sort(key=lambda pair: (-pair[0], pair[1].approved_by is None))
    best: dict[str, Similar] = {}
    for percent, row in found:
        if len(best) < MOST_SIMILAR:
            best.setdefault(row.text, Similar(percent, bare(row.source_text), _offer(row)))
    return list(best.values())


def catch_up() -> str:
    """Sentences that were translated before similar ones were looked for."""
    rows = list(TranslatedSegment.objects.filter(pairs=None).only("pk", "source_text"))
    for row in rows:
        row.pairs = pairs_of(row.source_text)
    TranslatedSegment.objects.bulk_update(rows, ["pairs"], batch_size=500)
    return f"{len(rows)} sentences can be found by similar ones"
