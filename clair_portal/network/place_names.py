"""How the places of the network are read: official kana of prefectures, municipalities and wards, from the reference files."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from clair_portal.language.readings import Word

REFERENCE = Path(__file__).parent / "reference"
KINDS = {"市": "し", "県": "けん", "府": "ふ"}  # whose names are also used without them: 札幌, 青森


def places() -> Iterator[Word]:
    """Each name once. Names that are read in two ways (朝日町) come only behind their prefecture or county."""
    prefectures = {row["lg_code"][:2]: row for row in _rows("prefectures.csv")}
    plain: dict[str, set[str]] = defaultdict(set)
    for row in prefectures.values():
        plain[row["name_ja"]].add(row["kana"])
    for row in _rows("municipalities.csv"):
        plain[row["name_ja"]].add(row["kana"])
        before = prefectures[row["pref_code"]]
        yield _within(before["name_ja"] + row["name_ja"], before["kana"] + row["kana"])
    yield from _wards(plain)
    for name, readings in plain.items():
        if len(readings) == 1:
            yield from _with_short(name, readings.pop())


def _wards(plain: dict[str, set[str]]) -> Iterator[Word]:
    """Wards of designated cities: with their city, and alone."""
    city = {row["name_ja"]: row["kana"] for row in _rows("municipalities.csv") if row["is_designated_city"] == "1"}
    for row in _rows("wards.csv"):
        yield _within(row["city_ja"] + row["ward_ja"], row["kana"])
        plain[row["ward_ja"]].add(row["kana"].removeprefix(city[row["city_ja"]]))


def _within(name: str, kana: str) -> Word:
    return Word(name, kana, anywhere=False)


def _with_short(name: str, kana: str) -> Iterator[Word]:
    yield _within(name, kana)
    if len(name) > 2 and kana.endswith(KINDS.get(name[-1], "-")):
        yield Word(name[:-1], kana.removesuffix(KINDS[name[-1]]), anywhere=False, name_only=True)


def _rows(file: str) -> Iterator[dict[str, str]]:
    with (REFERENCE / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
