"""The language versions of the public pages: sixteen languages and plain Japanese.

Needs neither settings nor a database: the settings read their LANGUAGES here.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from babel import Locale


@dataclass(frozen=True)
class Version:
    """One language version.

    `code`: as it stands in addresses. `endonym`: how its readers write its name. `cldr`: the locale that writes its dates,
    lists and countries. `script`: a character class its texts have letters of ("" for Latin). `browser`: further codes by
    which browsers ask for it. `checked_by`: who, writing this language as their own, has read the whole catalogue; while it is
    empty, every page of the version says so.
    """

    code: str
    endonym: str
    cldr: str
    script: str = ""
    browser: tuple[str, ...] = ()
    checked_by: str = ""

    @property
    def folder(self) -> str:
        """Its folder under locale/, as Django names it: zh_Hans, ja_Simple."""
        language, _dash, rest = self.code.partition("-")
        return f"{language}_{rest.title()}" if rest else language

    @property
    def japanese(self) -> bool:
        return self.cldr == "ja"

    @property
    def known_to_search_engines(self) -> bool:
        """Plain Japanese is a well-formed tag that no search engine knows (decision 10)."""
        return self.code != "ja-simple"


AUTHORS = "the authors"

# Endonyms: languages.csv of the reference; Filipino instead of Tagalog is what browsers and CLDR call it.
VERSIONS: tuple[Version, ...] = (
    Version("ja", "日本語", "ja", "ぁ-ヿ一-鿿", checked_by=AUTHORS),
    Version("ja-simple", "やさしい日本語", "ja", "ぁ-ヿ一-鿿"),
    Version("en", "English", "en_GB", checked_by=AUTHORS),
    Version("zh-hans", "简体中文", "zh_Hans", "一-鿿", ("zh-cn", "zh-sg", "zh-my", "zh")),
    Version("zh-hant", "繁體中文", "zh_Hant", "一-鿿", ("zh-tw", "zh-hk", "zh-mo")),
    Version("ko", "한국어", "ko", "가-힣"),
    Version("vi", "Tiếng Việt", "vi"),
    Version("ne", "नेपाली", "ne", "ऀ-ॿ"),
    Version("id", "Bahasa Indonesia", "id", browser=("in",)),
    Version("my", "မြန်မာ", "my", "က-႟"),
    Version("fil", "Filipino", "fil", browser=("tl",)),
    Version("pt", "Português", "pt"),
    Version("es", "Español", "es"),
    Version("th", "ไทย", "th", "ก-๛"),
    Version("fr", "Français", "fr"),
    Version("de", "Deutsch", "de"),
    Version("ru", "Русский", "ru", "Ѐ-ӿ"),
)
BY_CODE: dict[str, Version] = {version.code: version for version in VERSIONS}
SOURCE = "en"  # the language of the strings in the sources; it has no catalogue
STAFF = ("ja", "en")  # staff pages, records and mails exist in these
_BY_BROWSER = {code: v.code for v in VERSIONS for code in (v.code, *v.browser)}


def version_of(code: str | None) -> Version:
    """The version of a language code; English for one that is not there."""
    return BY_CODE.get(code or SOURCE, BY_CODE[SOURCE])


def language_in(path: str) -> str:
    """The version an address begins with: my for /my/offices/; "" for an address without a language."""
    code = path[1:].partition("/")[0]
    return code if code in BY_CODE else ""


@functools.cache
def cldr(code: str | None) -> Locale:
    """The locale that writes dates, numbers, lists and countries of a version."""
    return Locale.parse(version_of(code).cldr)


def staff_language(code: str | None) -> str:
    """Which of the two languages of staff stands for a version: Japanese for the Japanese ones, else English."""
    return "ja" if version_of(code).japanese else "en"


def asked_for(wanted: Iterable[str], *, among: Iterable[str] = tuple(BY_CODE)) -> str | None:
    """The first version that fits codes as browsers send them, best first: zh-TW is zh-hant, pt-BR is pt, tl is fil."""
    allowed = set(among)
    for tag in wanted:
        code = tag.lower()
        for candidate in (code, code.rpartition("-")[0], code.partition("-")[0]):
            if (found := _BY_BROWSER.get(candidate)) in allowed:
                return found
    return None
