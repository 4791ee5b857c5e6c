"""What a text is found by, and what is asked of it: one spelling for both sides.

A text becomes its runs with a space between: words of scripts with spaces (Latin, Cyrillic, Devanagari ...) whole, and runs
of scripts without (Han, kana, Thai ...). What is typed must stand in it: a run without spaces anywhere, a word from its
beginning, and a word of fewer than five letters to its end. So 姉妹都市 is found by 都市, "offices" by "office", and "jet"
finds no "jetty".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clair_portal.language import folding

BEGINNING = 5  # letters of a word that are kept in the index; a shorter one is a term as it is
_UNSEEN = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd\x00-\x08]")  # marks of direction, and no characters
_DOT = re.compile(r"(?<=[^\W\x00-\x7f])[・･·](?=[^\W\x00-\x7f])")  # ニュー・ヨーク
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|(?:jus|lors|puis)?qu)['’ʼ](?=\w)", re.IGNORECASE)  # à l’étranger, d'immigration
_ASCII_WORD = re.compile(r"[a-z]+")


def runs(text: str) -> list[tuple[str, bool]]:
    """The folded runs, and whether each is written without spaces."""
    return folding.runs(_ELIDED.sub(" ", _DOT.sub("", _UNSEEN.sub("", text))))


def folded(*texts: str) -> str:
    """The text that is searched: every run between two spaces."""
    return f" {' '.join(run for text in texts for run, _paired in runs(text))} "


def terms(text: str) -> list[str]:
    """What the index holds of a folded text, each once."""
    return list(dict.fromkeys(term for run, paired in runs(text) for term in _held_of(run, paired)))


def _held_of(run: str, paired: bool) -> list[str]:
    return [*_pieces(run, 2), *_pieces(run, 3)] if paired else [_beginning(run)]


def _asked_of(run: str, paired: bool) -> list[str]:
    """Triples where there are any: in kana, Thai or Burmese every pair is frequent, and says little."""
    if not paired:
        return [_beginning(run)]
    return _pieces(run, min(len(run), 3)) if len(run) > 1 else []


def _pieces(run: str, length: int) -> list[str]:
    return [run[at : at + length] for at in range(len(run) - length + 1)]


def _beginning(word: str) -> str:
    return word if len(word) < BEGINNING else f"{word[:BEGINNING]}~"


@dataclass(frozen=True)
class Form:
    """One spelling of a word: what must stand in the folded text, and the terms its text has in the index."""

    said: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Word:
    """What was typed between two spaces; one of its forms must stand in a text."""

    forms: tuple[Form, ...]

    def stands_in(self, text: str) -> bool:
        return any(form.said in text for form in self.forms)


def asked(typed: str, most: int) -> list[Word]:
    """The words of what was typed that can be looked for, the first `most`; signs and single characters are left out."""
    found = [word for part in _UNSEEN.sub("", typed).split() if (word := _word(part)) is not None]
    return list(dict.fromkeys(found))[:most]


def left_out(typed: str, most: int) -> list[str]:
    """What of it is not looked for, as it was typed: characters that stand alone, and words after the first `most`. Signs
    alone are nothing anybody looks for."""
    kept = asked(typed, most)
    parts = dict.fromkeys(part for part in _UNSEEN.sub("", typed).split() if runs(part))
    return [part for part in parts if _word(part) not in kept]


def _word(part: str) -> Word | None:
    found = runs(part)
    if not found or (len(found) == 1 and len(found[0][0]) == 1):
        return None
    forms = [_form(found)]
    if len(found) == 1 and _ASCII_WORD.fullmatch(found[0][0]):
        forms.append(_form([(folding.romaji_key(found[0][0]), False)]))
    kept = tuple(dict.fromkeys(form for form in forms if form.terms))
    return Word(kept) if kept else None


def _form(found: Sequence[tuple[str, bool]]) -> Form:
    """A word of a script with spaces begins where it begins in the text; a short one ends there as well."""
    (_first, first_paired), (last, last_paired) = found[0], found[-1]
    before = "" if first_paired else " "
    after = " " if not last_paired and len(last) < BEGINNING else ""
    said = before + " ".join(run for run, _paired in found) + after
    return Form(said, tuple(dict.fromkeys(term for run, paired in found for term in _asked_of(run, paired))))


def spoken(names: Iterable[str]) -> str:
    """Spellings under which a word is found besides the one that is shown: folded, and romaji in its one spelling."""
    kept = [form for name in names for form in (" ".join(run for run, _p in runs(name)), *_in_romaji(name)) if form]
    return " ".join(dict.fromkeys(kept))


def _in_romaji(name: str) -> list[str]:
    return [folding.romaji_key(run) for run, paired in runs(name) if not paired and _ASCII_WORD.fullmatch(run)]
