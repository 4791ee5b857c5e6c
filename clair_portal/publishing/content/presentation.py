"""One translation side by side: each sentence with its source, what has changed in it, terms, offers and remarks."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clair_portal.audit.sentences import in_language
from clair_portal.publishing.content import glossary, memory
from clair_portal.publishing.content.checks import Remark
from clair_portal.publishing.content.cutting import as_shown, bare
from clair_portal.publishing.content.memory import Offer, Similar
from clair_portal.publishing.content.translating import Work
from clair_portal.publishing.enums import SegmentKind, SentenceState
from clair_portal.publishing.models import Item, Segment, SourceVersion, Term, TranslatedSegment

COMPARED = 2000  # characters
_OPEN = (SentenceState.MISSING, SentenceState.STALE)
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_CHARACTER = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z]+|.", re.DOTALL)


def differences(old: str, new: str, language: str) -> list[tuple[str, str]]:
    """("same" | "gone" | "new", words) in order: by characters where a language has no spaces, else by words; numbers whole."""
    unit = _CHARACTER if language.startswith(("ja", "zh", "th", "my")) else _WORD
    one, other = unit.findall(old), unit.findall(new)
    found: list[tuple[str, str]] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(other[j1:j2])))
            continue
        found += [pair for pair in (("gone", "".join(one[i1:i2])), ("new", "".join(other[j1:j2]))) if pair[1]]
    return found


def changed_lines(old: str, new: str, language: str) -> list[list[tuple[str, str]]]:
    """Only the lines that read otherwise, each run of them as `differences`."""
    one, other = old.splitlines(), new.splitlines()
    found = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        before, after = "\n".join(one[i1:i2]), "\n".join(other[j1:j2])
        if tag == "equal" or not (before + after).strip():
            continue
        close = max(len(before), len(after)) <= COMPARED  # what is longer takes seconds letter by letter
        pairs = differences(before, after, language) if close else [("gone", before), ("new", after)]
        found.append([pair for pair in pairs if pair[1]])
    return found


def changed_source(item: Item, seen: int) -> list[tuple[str, list[list[tuple[str, str]]]]]:
    """What the newest version of a source says otherwise than the one somebody had open, under what it is called."""
    versions = SourceVersion.objects.filter(item=item, number__in=(seen, item.number)).order_by("number")
    if len(versions) < 2:
        return []
    old, new = versions
    fields = {"title": _("Title"), "summary": _("Summary"), "body": pgettext("under a title", "Text")}
    found = [
        (label, changed_lines(getattr(old, name), getattr(new, name), item.language)) for name, label in fields.items()
    ]
    return [each for each in found if each[1]]


@dataclass
class Line:
    """`typed`, `typed_note`, `confirmed` and `remarks`: where saving was refused, what was typed and why. `ticked`: to approve."""

    source: Segment
    state: SentenceState
    translated: TranslatedSegment | None
    changes: list[tuple[str, str]]
    terms: list[tuple[Term, str]]
    offers: list[Offer]
    similar: list[tuple[Similar, list[tuple[str, str]]]] = field(default_factory=list)
    typed: str | None = None
    typed_note: str | None = None
    confirmed: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    refusal: str = ""
    follows: bool = False
    machine_typed: bool = False
    own: bool = False
    ticked: bool = False

    @property
    def kind(self) -> str:
        return str(SegmentKind(self.source.kind).label)

    @property
    def text(self) -> str:
        return self.typed if self.typed is not None else self.translated.text if self.translated else ""

    @property
    def note(self) -> str:
        return self.typed_note if self.typed_note is not None else self.translated.note if self.translated else ""

    @property
    def seen(self) -> str:
        """Which sentence in which version a reviewer has before them."""
        return f"{self.source.key}:{self.version}"

    @property
    def approvable(self) -> bool:
        """By whoever reads the page, where they review the language."""
        return self.state == SentenceState.WRITTEN and not self.own

    @property
    def version(self) -> int:
        return self.translated.version if self.translated else 0

    @property
    def stale(self) -> bool:
        return self.state == SentenceState.STALE

    @property
    def made(self) -> str:
        return in_language(self.translated.made_as) if self.translated else ""

    @property
    def approved(self) -> str:
        return in_language(self.translated.approved_as) if self.translated and self.translated.approved_by else ""

    @property
    def warnings(self) -> list[Remark]:
        return [each for each in self.remarks if not each.blocks]

    @property
    def errors(self) -> list[Remark]:
        return [each for each in self.remarks if each.blocks]

    @property
    def rows(self) -> int:
        """Lines of the box."""
        return max(2, min(8, len(self.text or self.source.text) // 45 + 1))


def lines_of(work: Work, person: int | None) -> list[Line]:
    """Three statements more than the work itself."""
    terms = list(Term.objects.in_use())
    offered = memory.offers(work.translation, [each.digest for each in work.source])
    lines = [_line(work, each, terms, offered.get(each.digest, []), person) for each in work.source]
    _add_similar(work, [line for line in lines if not line.offers and line.state in _OPEN])
    return lines


def _add_similar(work: Work, lines: Sequence[Line]) -> None:
    """For sentences that are to be translated and are nowhere word for word: similar ones, with what is different in them."""
    found = memory.similar(work.translation, [line.source for line in lines]) if lines else {}
    for line in lines:
        line.similar = [
            (each, differences(each.source, bare(line.source.text), work.item.language))
            for each in found.get(line.source.digest, [])
        ]


def _line(work: Work, source: Segment, terms: Sequence[Term], offers: list[Offer], person: int | None) -> Line:
    translated, state = work.texts.get(source.key), work.standing.sentences[source.key]
    language = work.translation.language
    text = as_shown(source.text, language)
    changes = [("same", text)]
    if state == SentenceState.STALE and translated is not None:
        changes = differences(as_shown(translated.source_text, language), text, work.item.language)
    found = glossary.found_in(source.text, work.item.language, terms)
    pairs = [(term, glossary.BETWEEN.join(words)) for term in found if (words := glossary.forms(term, language))]
    own = translated is not None and person is not None and translated.made_by == person
    fitting = [each for each in offers if translated is None or each.text != translated.text]
    return Line(source, state, translated, changes, pairs, fitting, own=own)


def line_with(lines: Sequence[Line], key: UUID) -> Line | None:
    return next((each for each in lines if each.source.key == key), None)
