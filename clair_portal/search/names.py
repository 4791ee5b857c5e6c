"""Readings of the names of public bodies: a text with 鹿児島 is found by かごしま, Kagoshima and kagosima as well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from clair_portal.network.enums import LOCAL_GOVERNMENT_KINDS, Kind
from clair_portal.network.models import Organisation
from clair_portal.search.words import spoken

Spelled = tuple[str, str]  # a name as it stands in a text, and how else it is spelled
# The end of a name that is left out in running text, and how it is read.
_ENDS = {
    "県": ("けん",),
    "府": ("ふ",),
    "都": ("と",),
    "市": ("し",),
    "区": ("く",),
    "町": ("ちょう", "まち"),
    "村": ("むら", "そん"),
}


class Names:
    """Finds the longest known name at each place of a text."""

    def __init__(self, spellings: Iterable[Spelled]) -> None:
        known: dict[str, dict[str, str]] = defaultdict(dict)
        for name, other in spellings:
            already = known[name[:2]].get(name)
            known[name[:2]][name] = f"{already} {other}" if already else other
        self._known = {start: sorted(names.items(), key=lambda pair: -len(pair[0])) for start, names in known.items()}

    def standing_in(self, text: str) -> list[Spelled]:
        """Every name of the text once, with its other spellings."""
        found: dict[str, str] = {}
        at = 0
        while at < len(text) - 1:
            name = next((pair for pair in self._known.get(text[at : at + 2], ()) if text.startswith(pair[0], at)), None)
            if name:
                found[name[0]] = name[1]
            at += len(name[0]) if name else 1
        return list(found.items())


_KINDS = sorted([*LOCAL_GOVERNMENT_KINDS, Kind.OFFICE])
_STATE = """select count(*), coalesce(sum(hashtext(coalesce(name_ja, '') || search_text)::bigint), 0)
from network_organisation where kind = any(%s)"""
_kept: tuple[tuple[int, int], Names] | None = None


def of_the_network() -> Names:
    """Names of local governments with and without their last character, and of the offices. Read anew when one changed."""
    global _kept
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [_KINDS])
        count, total = cursor.fetchone()
    state = int(count), int(total)
    if _kept is None or _kept[0] != state:
        bodies = Organisation.objects.filter(kind__in=_KINDS)
        _kept = state, Names(pair for body in bodies for pair in _spelled(body))
    return _kept[1]


def spellings(body: Organisation) -> list[str]:
    """Every form of the name people type, without code."""
    names = (body.name_ja, body.name_en, body.kana, body.romaji, body.local_name, *body.variants)  # type: ignore[attr-defined]
    return [name for name in names if name]


def _spelled(body: Organisation) -> list[Spelled]:
    name = body.name_ja or ""  # type: ignore[attr-defined]
    if len(name) < 2:
        return []
    pairs = [(name, spoken(spellings(body)))]
    short, kana = (
        name[:-1],
        next((body.kana[: -len(end)] for end in _ENDS.get(name[-1], ()) if body.kana.endswith(end)), ""),
    )
    if kana and len(short) > 1:
        pairs.append((short, spoken([kana, (body.romaji or "").split("-")[0].split(" ")[0]])))
    return pairs
