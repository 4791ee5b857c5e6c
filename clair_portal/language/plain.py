"""Whether a text is plain Japanese: findings with their place and what to write instead.

Rules PJ01 to PJ12 after the twelve rules of Hirosaki University for plain Japanese in disasters; word lists in
reference/plain_words.txt. A machine sees only part of it: no finding does not make a text plain.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from clair_portal.language.reading_marks import MARK
from clair_portal.language.readings import analyser, standard
from clair_portal.language.readings.aligning import HAS_KANJI, KANJI

LISTS = Path(__file__).parent / "reference" / "plain_words.txt"
LONG, TOO_LONG = 40, 60  # characters of a sentence
WITHOUT_PAUSE = 30  # characters without 、
MUCH_KANJI = 0.4  # of a text of at least FEW characters
FEW = 20
ERROR, WARNING, INFO = "error", "warning", "info"


@dataclass(frozen=True)
class Finding:
    """`start`, `end`: the place in the text, marks of readings included. `message`: a sentence in the reader's language."""

    rule: str
    severity: str
    start: int
    end: int
    found: str
    message: Promise | str


@dataclass(frozen=True)
class _Text:
    """The text without marks of readings, and where each of its characters stands in the text as it was given."""

    plain: str
    places: tuple[int, ...]
    marked: frozenset[int]  # places in `plain` that have a reading by a mark

    def finding(self, rule: str, severity: str, start: int, end: int, message: Promise | str) -> Finding:
        last = self.places[end - 1] + 1 if end > start else self.places[start]
        return Finding(rule, severity, self.places[start], last, self.plain[start:end], message)


def findings(text: str) -> list[Finding]:
    """What is hard to read in the text, by place. Marks such as {避難所|ひなんじょ} are understood."""
    read = _without_marks(text)
    found = [each for rule in RULES for each in rule(read)]
    return sorted(found, key=lambda each: (each.start, each.end, each.rule))


def _without_marks(text: str) -> _Text:
    plain, at = "", 0
    places: list[int] = []
    marked: set[int] = set()
    for mark in MARK.finditer(text):
        plain += text[at : mark.start()]
        marked.update(range(len(plain), len(plain) + len(mark[1])))
        plain += mark[1]
        places += [*range(at, mark.start()), *range(mark.start(1), mark.end(1))]
        at = mark.end()
    return _Text(plain + text[at:], (*places, *range(at, len(text)), len(text)), frozenset(marked))


# --- Lists ----------------------------------------------------------------------------------------------------------------


@functools.cache
def _lists() -> dict[str, dict[str, str]]:
    """Name of the list → word → what to write instead ("" where there is nothing to say)."""
    found: dict[str, dict[str, str]] = {}
    words: dict[str, str] = {}
    for line in LISTS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            words = found.setdefault(line.strip("[] "), {})
        elif line and not line.startswith("#"):
            word, _equals, instead = line.partition("=")
            words[word.strip()] = instead.strip()
    return found


@functools.cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(_lists()[name], key=len, reverse=True)))


def _listed(text: _Text, name: str) -> Iterator[tuple[int, int, str]]:
    for match in _pattern(name).finditer(text.plain):
        yield match.start(), match.end(), _lists()[name][match[0]]


# --- Rules ----------------------------------------------------------------------------------------------------------------
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*")
_KATAKANA = re.compile(r"[ァ-ヺ][ァ-ヺー・]{2,}")
_DOUBLE = re.compile(
    r"(?:なければ|なくては|ないと)(?:なりません|ならない|いけません|いけない)"
    r"|(?:ない|ません)(?:わけ|こと)(?:では|じゃ|は)(?:ない|ありません)|なくは(?:ない|ありません)|ざるを(?:得|え)(?:ない|ません)"
    r"|ないでは(?:いられ|すま)|ないとは(?:限|かぎ)(?:らない|りません)"
)
_ERA = re.compile(r"(?:明治|大正|昭和|平成|令和)\s*(?:元|[0-90-9一二三四五六七八九十]+)年|[MTSHR]\d{1,2}\.\d{1,2}")
_SLASHES = re.compile(r"\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|(?<![\d/])\d{1,2}/\d{1,2}(?![\d/])")
_CLOCK = re.compile(r"(?<![\d:])(?:[01]?\d|2[0-4])[::][0-5]\d(?![\d:])")
_POLITE = re.compile(r"(?:です|ます|ません|ました|ましょう|でした|でしょう|ください|ください。?|か)[。！？!?]*$")
_PLAIN_END = re.compile(r"(?:だ|である|だった|する|した|ない|なる|なった|いる|いた|れる)[。]$")
_DOING = re.compile(rf"[{KANJI}]{{2,}}(?:を(?:行|おこな)(?:う|い|っ)|を実施)")


def _hard_words(text: _Text) -> Iterator[Finding]:
    for start, end, instead in _listed(text, "words"):
        said = _("Hard word. Easier: %(instead)s")
        yield text.finding("PJ01", WARNING, start, end, _with(said, instead=instead))


def _long_sentences(text: _Text) -> Iterator[Finding]:
    for match in _SENTENCE.finditer(text.plain):
        length = len(match[0].strip())
        if length > LONG:
            said = _(
                "%(length)s characters in one sentence. At most %(most)s: make two of it, each with one thing to say."
            )
            severity = ERROR if length > TOO_LONG else WARNING
            yield text.finding("PJ02", severity, match.start(), match.end(), _with(said, length=length, most=LONG))


def _pauses(text: _Text) -> Iterator[Finding]:
    for match in re.finditer(r"[^。、！？!?\n]+", text.plain):
        if len(match[0]) > WITHOUT_PAUSE:
            yield text.finding(
                "PJ04",
                INFO,
                match.start(),
                match.end(),
                _("Long without a pause. Write 、 or a space between phrases."),
            )


def _kanji(text: _Text) -> Iterator[Finding]:
    if not HAS_KANJI.search(text.plain):
        return
    for match in re.finditer(f"[{KANJI}]+", _without_ruby(text.plain)):
        if text.marked.issuperset(range(*match.span())):
            continue
        said = _("Nobody knows how this is read. Write the reading: {%(word)s|かな}")
        yield text.finding("PJ05", ERROR, match.start(), match.end(), _with(said, word=match[0]))
    letters = re.sub(r"[\s\d。、・「」()A-Za-z]", "", text.plain)
    share = sum(map(bool, map(HAS_KANJI.match, letters))) / max(len(letters), 1)
    if len(letters) >= FEW and share > MUCH_KANJI:
        said = _("%(share)s %% of the characters are kanji. Write some words in kana, or use easier ones.")
        yield text.finding("PJ05", WARNING, 0, len(text.plain), _with(said, share=round(share * 100)))


def _without_ruby(plain: str) -> str:
    """The text with every word that has a reading blanked, so that places stay."""
    ruby = standard().ruby(plain.replace("<", " ").replace(">", " ").replace("{", " ").replace("}", " "))
    return re.sub(r"<ruby>([^<]*)<rp>.</rp><rt>[^<]*</rt><rp>.</rp></ruby>", lambda found: "・" * len(found[1]), ruby)


def _mimetic(text: _Text) -> Iterator[Finding]:
    for start, end, _instead in _listed(text, "mimetic"):
        said = _("A word that imitates a sound or a state is hard for learners. Say what happens.")
        yield text.finding("PJ06", WARNING, start, end, said)


def _dates(text: _Text) -> Iterator[Finding]:
    for pattern, said in (
        (_ERA, _("Year of an era. Write the year as 2026年.")),
        (_SLASHES, _("Write the day as 2026年4月1日.")),
        (_CLOCK, _("Write the time as 午後2時30分.")),
    ):
        for match in pattern.finditer(text.plain):
            yield text.finding("PJ07", WARNING, match.start(), match.end(), said)


def _made_of_verbs(text: _Text) -> Iterator[Finding]:
    for match in _DOING.finditer(text.plain):
        yield text.finding(
            "PJ08", INFO, match.start(), match.end(), _("Say it with the verb alone: 確認を行う is 確認する or 調べる.")
        )


def _vague(text: _Text) -> Iterator[Finding]:
    for start, end, instead in _listed(text, "vague"):
        said = _("Vague. Say what is certain, or write %(instead)s")
        yield text.finding("PJ09", WARNING, start, end, _with(said, instead=instead))


def _double_negation(text: _Text) -> Iterator[Finding]:
    for match in _DOUBLE.finditer(text.plain):
        said = _("Twice no is yes: say it without. なければなりません is してください or 必要です.")
        yield text.finding("PJ10", ERROR, match.start(), match.end(), said)


def _endings(text: _Text) -> Iterator[Finding]:
    for match in _SENTENCE.finditer(text.plain):
        sentence = match[0].strip()
        if sentence.endswith("。") and not _POLITE.search(sentence) and _PLAIN_END.search(sentence):
            yield text.finding(
                "PJ11", WARNING, match.end() - 1, match.end(), _("End the sentence with です, ます or てください.")
            )


def _honorifics(text: _Text) -> Iterator[Finding]:
    for start, end, instead in _listed(text, "honorific"):
        said = _("Words of respect are hard. Easier: %(instead)s")
        yield text.finding("PJ01", WARNING, start, end, _with(said, instead=instead))


def _passive(text: _Text) -> Iterator[Finding]:
    for word in analyser.words(text.plain):
        if word.base in {"れる", "られる"} and word.kind == "助動詞":
            said = _("Passive (or a word of respect). Say who does it.")
            yield text.finding("PJ02", WARNING, word.start, word.end, said)


def _loan_words(text: _Text) -> Iterator[Finding]:
    allowed = _lists()["katakana"]
    for match in _KATAKANA.finditer(text.plain):
        parts = [part for part in match[0].split("・") if part and part not in allowed]
        if parts:
            said = _("Is this katakana word known to learners? If not, explain it.")
            yield text.finding("PJ12", INFO, match.start(), match.end(), said)


def _with(said: Promise | str, **values: object) -> Promise | str:
    return format_lazy("{}", _Filled(said, values))


class _Filled:
    """A sentence that is filled when it is read, in the language of whoever reads it."""

    def __init__(self, said: Promise | str, values: dict[str, object]) -> None:
        self.said, self.values = said, values

    def __str__(self) -> str:
        return str(self.said) % self.values

    def __format__(self, spec: str) -> str:
        return str(self)


RULES: tuple[Callable[[_Text], Iterator[Finding]], ...] = (
    _hard_words, _long_sentences, _pauses, _kanji, _mimetic, _dates, _made_of_verbs, _vague, _double_negation, _endings,
    _honorifics, _passive, _loan_words,
)  # fmt: skip
