"""What is wrong or odd about a translated sentence. Pure. Errors block saving; warnings have to be confirmed. Readings do not count."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clair_portal.language import plain
from clair_portal.language.versions import version_of
from clair_portal.publishing.content.cutting import bare

_PLACEHOLDER = re.compile(r"%\([A-Za-z_]\w*\)[sd]|\{[A-Za-z_]\w*\}|⟦/?\d+/?⟧")
_LINK = re.compile(r"\]\(([^()\s]+)\)")
_ADDRESS = re.compile(r"https?://[^\s()<>\u3000-\u9fff\uff00-\uffef]+|[\w.+-]+@[\w-]+\.[\w.-]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"[.,](?=\d{3}(?!\d))")
_MONTH = re.compile(r"\d+(?=月)")
_KANA = re.compile("[ぁ-ゖァ-ヺ]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ]")
SHORT = 12  # characters below which nothing is said about length or a copy
# How many characters a language needs for one of Japanese (multilingual-systems.md, 2: one sentence in twelve languages).
_LENGTHS = {
    "ja": 1.0, "ja-simple": 1.3, "zh-hans": 0.8, "zh-hant": 0.8, "ko": 1.2, "en": 2.6, "vi": 2.7, "ne": 2.3, "id": 3.0,
    "my": 2.9, "fil": 2.9, "pt": 2.6, "es": 2.6, "th": 2.4, "fr": 2.8, "de": 2.9, "ru": 2.6,
}  # fmt: skip
NAMED = 20  # characters of what is hard to read
_TOO_SHORT, _TOO_LONG = 0.35, 2.6


@dataclass(frozen=True)
class Remark:
    """`code`: empty, placeholder, link, script, number, length, copy, kana, plain:<rule>:<words> or term:<Japanese term>.

    `blocks`: an error.
    """

    code: str
    text: str
    blocks: bool = False


def remarks(source: str, target: str, *, source_language: str, language: str) -> list[Remark]:
    """Everything about one sentence, errors first; terms are `glossary.missing`."""
    source, target, with_readings = bare(source), bare(target), target
    if not target:
        return [Remark("empty", _("The translation is empty. Write it, or leave the sentence for later."), True)]
    found = [
        *_placeholders(source, target), *_links(source, target), *_script(target, language), *_numbers(source, target),
        *_length(source, target, source_language, language), *_copy(source, target), *_plain(with_readings, language),
    ]  # fmt: skip
    return sorted(found, key=lambda each: not each.blocks)


def _placeholders(source: str, target: str) -> list[Remark]:
    wanted, there = Counter(_PLACEHOLDER.findall(source)), Counter(_PLACEHOLDER.findall(target))
    lost, more = sorted((wanted - there).elements()), sorted((there - wanted).elements())
    found = []
    if lost:
        found.append(
            _("The placeholder %(names)s is missing. Copy it letter by letter: it is replaced by a value on the page.")
            % {"names": " ".join(lost)}
        )
    if more:
        found.append(_("The placeholder %(names)s is not in the source. Take it out.") % {"names": " ".join(more)})
    return [Remark("placeholder", text, True) for text in found]


def _addresses(text: str) -> Counter[str]:
    links = _LINK.findall(text)
    rest = _LINK.sub("]", text)
    return Counter([*links, *(each.rstrip(".,;:!?") for each in _ADDRESS.findall(rest))])


def _links(source: str, target: str) -> list[Remark]:
    wanted, there = _addresses(source), _addresses(target)
    lost, more = sorted((wanted - there).elements()), sorted((there - wanted).elements())
    found = []
    if lost:
        found.append(
            _("The link %(links)s is missing. Keep the address as it stands in the source.") % {"links": " ".join(lost)}
        )
    if more:
        found.append(_("The link %(links)s is not in the source. Take it out.") % {"links": " ".join(more)})
    return [Remark("link", text, True) for text in found]


def _only_words(text: str) -> str:
    for pattern in (_PLACEHOLDER, _ADDRESS):
        text = pattern.sub(" ", text)
    return re.sub(r"\]\([^()]*\)", " ", text)


def _script(target: str, language: str) -> list[Remark]:
    """Letters of another script than the language has: the wrong box, or the wrong language."""
    words, version = _only_words(target), version_of(language)
    letters = [each for each in words if unicodedata.category(each)[0] == "L"]
    own = re.compile(f"[{version.script}]") if version.script else _LATIN
    right = sum(bool(own.match(each)) for each in letters)
    latin = sum(bool(_LATIN.match(each)) for each in letters)
    if len(letters) >= 4 and not right:
        if latin == len(letters):  # names are written so in many languages
            return [
                Remark("script", _("The translation is in Latin letters only. Is it %(language)s?") % _named(language))
            ]
        return [Remark("script", _("This is not written in the script of %(language)s.") % _named(language), True)]
    if not version.japanese and len(_KANA.findall(words)) > 1:
        kana = len(_KANA.findall(words))
        return [
            Remark("kana", _("Japanese kana stand in the translation."), kana * 2 > len(letters))
        ]  # fmt: skip
    return []


def _named(language: str) -> dict[str, str]:
    from clair_portal.publishing.content.names import language_name

    return {"language": language_name(language)}


def _digits(text: str) -> Counter[str]:
    """Numbers as Western digits without separators of thousands: १,२३४, ၁၂၃၄ and 1.234 are 1234."""
    plain = "".join(
        str(unicodedata.digit(each)) if unicodedata.category(each) == "Nd" else each
        for each in unicodedata.normalize("NFKC", text)
    )
    return Counter(_GROUPED.sub("", each).replace(",", ".") for each in _NUMBER.findall(plain))


def _numbers(source: str, target: str) -> list[Remark]:
    wanted, there = _digits(_only_words(source)), _digits(_only_words(target))
    if there:  # other languages write months by name
        wanted -= _digits(" ".join(_MONTH.findall(source))) - there
    lost, more = sorted((wanted - there).elements()), sorted((there - wanted).elements())
    if not lost and not more:
        return []
    words = {"source": ", ".join(lost) or "–", "target": ", ".join(more) or "–"}
    return [
        Remark(
            "number", _("Numbers differ: only in the source %(source)s, only in the translation %(target)s.") % words
        )
    ]


def _length(source: str, target: str, source_language: str, language: str) -> list[Remark]:
    source, target = _only_words(source).strip(), _only_words(target).strip()
    if len(source) < SHORT:
        return []
    expected = len(source) * _LENGTHS.get(language, 2.6) / _LENGTHS.get(source_language, 2.6)
    words = {"count": len(target), "expected": round(expected)}
    if len(target) < expected * _TOO_SHORT:
        return [Remark("length", _("Very short: %(count)s characters, about %(expected)s are usual.") % words)]
    if len(target) > expected * _TOO_LONG + 20:
        return [Remark("length", _("Very long: %(count)s characters, about %(expected)s are usual.") % words)]
    return []


def _plain(target: str, language: str) -> list[Remark]:
    """Plain Japanese that is hard to read: rules can only suspect it, so nothing of it blocks. What is said twice stands once."""
    found: dict[tuple[str, str], list[str]] = {}
    for each in plain.findings(target) if language == "ja-simple" else []:
        words = each.found if len(each.found) <= NAMED else f"{each.found[:NAMED]}…"
        named = found.setdefault((each.rule, str(each.message)), [])
        named += [words] if words not in named else []
    return [
        Remark(
            f"plain:{rule}:{'、'.join(named)}", _("“%(words)s”: %(said)s") % {"words": "、".join(named), "said": said}
        )
        for (rule, said), named in found.items()
    ]


def _copy(source: str, target: str) -> list[Remark]:
    if len(source) >= 4 and source == target and any(unicodedata.category(each)[0] == "L" for each in source):
        return [Remark("copy", _("The translation is the same as the source."))]
    return []
