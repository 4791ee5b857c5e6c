"""What sources say in words, in the language of the page where a translation comes with the application."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clair_portal.network.claims import Fact, linked, time_of, time_written
from clair_portal.network.models import Claim

# What sources say in words of their own, so far as it comes with the application; all else is shown as it was written.
WORDS: dict[str, Promise] = {
    "governmental agency": _("governmental agency"),
    "government-affiliated general incorporated foundation": _("government-affiliated general incorporated foundation"),
    "all Japanese local authorities": _("all Japanese local authorities"),
    "in each prefecture": _("in each prefecture"),
    "47 prefectures and 20 designated cities": _("47 prefectures and 20 designated cities"),
    "three years, generally one at headquarters and two at an overseas office": _(
        "three years, generally one at headquarters and two at an overseas office"
    ),
    "Sogo Hanzomon Building (1st, 6th and 7th floors), 1-7 Kojimachi, Chiyoda-ku, 102-0083 Tokyo": _(
        "Sogo Hanzomon Building (1st, 6th and 7th floors), 1-7 Kojimachi, Chiyoda-ku, 102-0083 Tokyo"
    ),
    "Hanzomon Line: 1 minute from exit 1 of Hanzomon Station; Yurakucho Line: 8 minutes from exit 1 of Kojimachi Station": _(
        "Hanzomon Line: 1 minute from exit 1 of Hanzomon Station; "
        "Yurakucho Line: 8 minutes from exit 1 of Kojimachi Station"
    ),
    "unknown": pgettext_lazy("fact", "not known"),
    "undated page": _("page without a date"),
    "CLAIR brochure, undated": _("CLAIR brochure, without a date"),
    "encyclopaedia article (a)": _("encyclopaedia article (a)"),
    "encyclopaedia article (b)": _("encyclopaedia article (b)"),
    "article on CLAIR New York": _("article on CLAIR New York"),
    "interview with the director in London, 2019-09-03": _("interview with the director in London, 2019-09-03"),
}


class Said(NamedTuple):
    """Words of a source. `lang`: the language they are in where it is not the one of the page, else ""."""

    text: str | SafeString
    lang: str = ""


def said(text: str) -> Said:
    """The words in the language of the page where a translation comes with the application."""
    elsewhere = not (get_language() or "en").startswith("en")
    if text not in WORDS:
        return Said(text, "en" if elsewhere and _in_latin_letters(text) else "")
    words = str(WORDS[text])
    return Said(words, "en" if elsewhere and words == text else "")


def _in_latin_letters(text: str) -> bool:
    letters = [each for each in text if each.isalpha()]
    return bool(letters) and all(each < "\u0250" for each in letters)


class Stated(NamedTuple):
    """One value, as of when, and every source that states it."""

    value: Said
    as_of: Said
    sources: tuple[Said, ...]


class Shown(NamedTuple):
    """A fact as a table shows it: each value once, with its sources, in the order of the claims."""

    fact: Fact
    stated: tuple[Stated, ...]


def shown(fact: Fact) -> Shown:
    alike: dict[tuple[str, str], list[Claim]] = {}
    for claim in fact.claims:
        alike.setdefault((claim.value, claim.as_of), []).append(claim)
    return Shown(fact, tuple(_stated(claims) for claims in alike.values()))


def _stated(claims: list[Claim]) -> Stated:
    value, as_of = claims[0].value, claims[0].as_of
    return Stated(
        _said_as(time_of(claims[0]) or value, value),
        _said_as(time_written(as_of), as_of),
        tuple(source_of(claim.source) for claim in claims),
    )


def _said_as(words: str, source: str) -> Said:
    """What the page could write in its own language is no word of the source any more."""
    return said(source) if words == source else Said(words)


def source_of(source: str) -> Said:
    """A source in words, its addresses as links."""
    words = said(source)
    return Said(linked(str(words.text)), words.lang)
