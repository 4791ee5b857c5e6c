"""How a language version stands, computed from facts: nothing here is stored, so nothing can be forgotten. Pure.

A translated sentence is *fresh* when the source sentence reads as it did when it was translated, or was changed since only by
edits that an editor declared minor. A change of the translation alone makes nothing fresh.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from clair_portal.publishing.enums import LanguageState, SentenceState


class Source(Protocol):
    """A sentence of the source. `equals`: digests of every text that says the same as this one."""

    key: UUID
    equals: list[str]


class Translated(Protocol):
    """`source_digest`: of the source sentence the text was translated from."""

    text: str
    source_digest: str
    approved_by: int | None


def is_fresh(source_digest: str, equals: Iterable[str]) -> bool:
    return source_digest in equals


def sentence_state(source: Source, translated: Translated | None) -> SentenceState:
    if translated is None or not translated.text:
        return SentenceState.MISSING
    if not is_fresh(translated.source_digest, source.equals):
        return SentenceState.STALE
    return SentenceState.APPROVED if translated.approved_by else SentenceState.WRITTEN


@dataclass(frozen=True)
class Behind:
    """The proof that a public text is older than its source: keys of sentences, and how many the source has.

    `changed`: the reader sees a translation of other words. `added`: the reader does not see them. `gone`: the reader sees
    sentences that the source no longer has.
    """

    changed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    total: int = 0

    @property
    def count(self) -> int:
        return len(self.changed) + len(self.added) + len(self.gone)

    def __bool__(self) -> bool:
        return self.count > 0


def behind(proof: Sequence[Sequence[str]], source: Sequence[tuple[str, Sequence[str]]]) -> Behind:
    """`proof`: key and source digest of every sentence of a public text. `source`: key and what it equals, now."""
    shown = {each[0]: each[1] for each in proof}
    now = dict(source)
    return Behind(
        changed=tuple(key for key, equals in source if key in shown and not is_fresh(shown[key], equals)),
        added=tuple(key for key in now if key not in shown),
        gone=tuple(key for key in shown if key not in now),
        total=len(now),
    )


@dataclass(frozen=True)
class Standing:
    """`work`: what the desk has to do. `state`: in one word. `sentences`: by key. `public`: whether it is read now. `whole`: what
    is public was written as a whole with its source, and no sentence of it was written here.
    """

    work: LanguageState
    state: LanguageState
    sentences: dict[UUID, SentenceState]
    behind: Behind
    public: bool
    whole: bool = False

    def count(self, state: SentenceState) -> int:
        return sum(each == state for each in self.sentences.values())

    @property
    def to_translate(self) -> int:
        return 0 if self.whole else self.count(SentenceState.MISSING) + self.count(SentenceState.STALE)


def standing(
    source: Sequence[Source],
    texts: Mapping[UUID, Any],
    *,
    handed_in: bool,
    proof: Sequence[Sequence[str]] | None = None,
    whole: bool = False,
) -> Standing:
    """`texts`: translated sentences by key. `proof`: of the public text, None where there is none. `whole`: see PublishedText."""
    sentences = {each.key: sentence_state(each, texts.get(each.key)) for each in source}
    work = _work(sentences.values(), handed_in)
    late = behind(proof, [(str(each.key), each.equals) for each in source]) if proof is not None else Behind()
    stands_whole = whole and proof is not None and not late and work == LanguageState.MISSING
    if stands_whole:
        work = LanguageState.APPROVED
    state = work
    if late or work == LanguageState.STALE:
        state = LanguageState.STALE
    elif proof is not None and work == LanguageState.APPROVED:
        state = LanguageState.PUBLISHED
    return Standing(work, state, sentences, late, proof is not None, stands_whole)


def _work(sentences: Iterable[SentenceState], handed_in: bool) -> LanguageState:
    found = set(sentences)
    if found <= {SentenceState.MISSING}:
        return LanguageState.MISSING
    if SentenceState.STALE in found:
        return LanguageState.STALE
    if SentenceState.MISSING in found:
        return LanguageState.IN_TRANSLATION
    if found == {SentenceState.APPROVED}:
        return LanguageState.APPROVED
    return LanguageState.WAITING if handed_in else LanguageState.IN_TRANSLATION
