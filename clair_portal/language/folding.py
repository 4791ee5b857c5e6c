"""Two spellings of one name become one string: for search keys and comparisons, never for display."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from clair_portal.language.variants import LATIN_LETTERS, VARIANTS

_HIRAGANA: dict[int, str] = {code: chr(code - 0x60) for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
# 龍ケ崎, 龍ヶ崎, 龍が崎: the small ヶ always, the large one after a kanji unless a katakana word goes on (介護ケア).
_KE_READ_GA = re.compile(r"ヶ|(?<=[\u3400-\u9fff々])ケ(?![ァ-ヺー])")
# Accents left over, variation selectors, and what cannot be seen: soft hyphen, zero-width space and joiners.
_MARKS = re.compile("[\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef\u00ad\u200b-\u200d\u2060\ufeff]")
_MAY_HAVE_ACCENT = re.compile("[\u00c0-\u1eff]")
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−'’ʼ`´・·.,]+")
_APOSTROPHES = re.compile(r"['’ʼ`´]")


def to_ascii_digits(text: str) -> str:
    """Every decimal digit (full-width ８, Burmese ၈, ...) as 0-9; all other characters as they are."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def whole_number(text: str, least: int, most: int) -> int | None:
    """What is written in digits of any width, if it lies between the two; None for anything else, however long it is."""
    digits = to_ascii_digits(text).strip()
    if not digits.isdecimal() or len(digits.lstrip("0")) > len(str(most)):
        return None
    number = int(digits.lstrip("0") or "0")
    return number if least <= number <= most else None


def fold(text: str) -> str:
    """One spelling for what readers take as the same: width, case, kana kind, accents and macrons, character variants,
    ケ and ヶ read ga, and no spaces, hyphens, apostrophes, points or commas. Ōtsu-shi -> otsushi, 龍ケ崎 -> 竜が崎.
    """
    return _SEPARATORS.sub("", fold_characters(text))


def fold_characters(text: str) -> str:
    """`fold` that keeps spaces and punctuation, for running text that is cut into words afterwards."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _MAY_HAVE_ACCENT.sub(_without_accent, plain).translate(LATIN_LETTERS)
    plain = _MARKS.sub("", plain).translate(VARIANTS)
    return _KE_READ_GA.sub("が", plain).translate(_HIRAGANA)


def _without_accent(found: re.Match[str]) -> str:
    """Only Latin letters: taken apart, が would lose its voice and Thai its vowels."""
    return unicodedata.normalize("NFD", found[0])[0] if _is_latin(found[0]) else found[0]


def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN")


# Kunrei and Hepburn spell the same syllable in two ways; the key uses Hepburn. The order matters.
_ROMAJI = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"sy(?=[auo])", "sh"),
        (r"ty(?=[auo])", "ch"),
        (r"[zj]y(?=[auo])", "j"),
        (r"si", "shi"),
        (r"ti", "chi"),
        (r"tu", "tsu"),
        (r"(?<![sc])hu", "fu"),
        (r"[zd]i", "ji"),
        (r"dz?u", "zu"),
        (r"t(?=ch)", "c"),  # Icchome, Itchome
        (r"m(?=[bpm])", "n"),  # Gotemba, Gotenba; Gumma, Gunma
        (r"oh(?![aiueo])", "o"),  # Ohtsu, Minoh; but Ohara is o-ha-ra
        (r"ou", "o"),
        (r"([aiueo])\1+", r"\1"),  # Ōtsu as Ootsu, Yūki as Yuuki, Niigata as Nigata
    )
]


def romaji_key(text: str) -> str:
    """One spelling for romanised Japanese: Minoh = Minoo = Mino, Ohtsu = Ootsu = Ōtsu, Gotemba = Gotenba, Sinzyuku =
    Shinjuku. Long vowels are short. Different names may fall together: use it to find, not to identify.
    """
    key = fold(text)
    for pattern, replacement in _ROMAJI:
        key = pattern.sub(replacement, key)
    return key


def query_key(text: str) -> list[str]:
    """What to look for in a stored `search_key`: it matches when it contains any of these. Empty for empty text.

    One name or phrase at a time; for several words that must all occur, ask for each word.
    """
    return _distinct((fold(text), romaji_key(text)))


def search_key(*texts: str) -> str:
    """The text to store beside a record and to search in with `query_key`: the folded forms of its names, with spaces
    between. Pass every spelling known: kanji, official variants, kana, romaji, English.
    """
    return " ".join(_distinct(key for text in texts for key in query_key(text)))


def _distinct(keys: Iterable[str]) -> list[str]:
    return [key for key in dict.fromkeys(keys) if key]


# --- Words and pairs of characters for the search index --------------------------------------------------------------

# Written without spaces: Han, kana, Hangul, Thai, Lao, Burmese, Khmer. Everything else alphabetic stays a whole word.
_PAIRED = (
    "々-〇ぁ-ゟァ-ヺー-ヿ㐀-鿿豈-\ufaff\U00020000-\U000323af\u1100-\u11ff\u3130-\u318f가-힣"
    "\u0e00-\u0eff\u1000-\u1049\u104c-\u109f\u1780-\u17d3\u17dc-\u17ff"
)
_VOWEL_SIGNS = "\u0300-\u036f\u064b-\u065f\u0900-\u0963\u0966-\u0dff"  # Arabic and Indic: not letters for Python
RUN = re.compile(rf"(?P<paired>[{_PAIRED}]+)|(?P<word>(?:[^\W_{_PAIRED}]|[{_VOWEL_SIGNS}])+)")


def bigrams(text: str) -> list[str]:
    """The terms of a text for the search index, each once, in order of appearance.

    Folded first. Latin, Cyrillic or Devanagari words and numbers stay whole; runs of scripts without spaces are cut
    into overlapping pairs; a run of one character is kept. JICA研修会 -> jica, 研修, 修会. Source of the rule: measured
    in the stack research, section 6.
    """
    return _distinct(term for run in runs(text) for term in _cut(*run))


def query_bigrams(text: str) -> list[str]:
    """The terms a document must contain to be a candidate for `text`; recheck with the folded text.

    A single character between other signs is left out: in the document it may stand inside a longer run, which holds
    only pairs (the 回 of 第3回 in 第3回会議). Empty when nothing longer remains: then search the text itself.
    """
    return _distinct(term for run in runs(text) if len(run[0]) > 1 or not run[1] for term in _cut(*run))


def runs(text: str) -> list[tuple[str, bool]]:
    """Each run of characters of the folded text, and whether it is written without spaces (to be cut into pairs)."""
    plain = _APOSTROPHES.sub("", fold_characters(text))
    return [(found[0], found["paired"] is not None) for found in RUN.finditer(plain)]


def _cut(run: str, paired: bool) -> list[str]:
    if not paired or len(run) == 1:
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)]
