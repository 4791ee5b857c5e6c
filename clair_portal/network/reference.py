"""The bodies, countries, languages, jurisdictions and claims that come with the application, put into the tables.

Safe to run again and again. What a person has changed stays as it is:
- an organisation whose history names a person (they created or changed it) is left alone, except for `search_text`, which
  is derived; every other organisation follows the files, but an empty value there never empties a column;
- a country with any jurisdiction, current or ended, keeps what it has;
- claims are only added: a claim is what a source states, so there is nothing to correct;
- countries and languages have no editor and follow the files.
Sources and licences: docs/data-sources.md.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from clair_portal.network.enums import Kind
from clair_portal.network.models import Claim, Country, Jurisdiction, Language, Organisation

FOLDER = Path(__file__).parent / "reference"
SOURCE_OF_CODES = "Code list of local governments, 2025-01-01 (MIC), through code4fukui/localgovjp"
_SEVEN_PLACES = Decimal("0.0000001")


@dataclass(frozen=True)
class Loaded:
    """How many rows were added and changed."""

    added: int = 0
    changed: int = 0

    def __str__(self) -> str:
        return f"{self.added} added, {self.changed} changed"


@dataclass(frozen=True)
class Wanted:
    """One organisation of the files. `parent` and `branch` are codes."""

    code: str
    values: dict[str, Any]
    parent: str = ""
    branch: str = ""
    variants: tuple[str, ...] = field(default=())


def rows_of(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV of reference data (UTF-8, headings in the first line), as texts."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


read = partial(rows_of, FOLDER)


@transaction.atomic
def load() -> dict[str, Loaded]:
    """Loads everything in the order of its references. Returns what was done, by the plural name of the rows."""
    return {
        "countries": _follow(Country, "code", _countries()),
        "languages": _follow(Language, "code", _languages()),
        "organisations": _load_organisations(),
        "jurisdictions": _load_jurisdictions(),
        "claims": _load_claims(),
    }


# --- Countries and languages: the files decide ------------------------------------------------------------------------


def _countries() -> Iterator[dict[str, Any]]:
    for row in read("countries.csv"):
        yield {
            "code": row["alpha2"],
            "alpha3": row["alpha3"],
            "name_ja": row["name_ja"],
            "name_en": row["name_en"],
            "short_name_ja": row["name_ja_short"],
            "region_ja": row["un_region_ja"],
            "region_en": row["un_region_en"],
        }


def _languages() -> Iterator[dict[str, Any]]:
    for row in read("languages.csv"):
        yield {**row, "version": row["version"] == "1"}


def _follow(model: type[Model], key: str, rows: Iterable[dict[str, Any]]) -> Loaded:
    known = {getattr(row, key): row for row in model._default_manager.all()}
    added = changed = 0
    for values in rows:
        found = known.get(values[key])
        if found is None:
            model(**values).save(force_insert=True)
            added += 1
        elif _assign(found, values):
            found.save()
            changed += 1
    return Loaded(added, changed)


def _assign(row: Model, values: dict[str, Any]) -> bool:
    """Sets what differs; whether anything did."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


# --- Organisations ----------------------------------------------------------------------------------------------------


def wanted_organisations() -> Iterator[Wanted]:
    """Every organisation of the files; one that others refer to comes before them."""
    yield from _headquarters()
    yield from _prefectures()
    yield from _municipalities()
    yield from _offices()


def _headquarters() -> Iterator[Wanted]:
    names = ("kind", "name_ja", "name_en", "kana", "address", "telephone", "website", "source")
    for row in read("headquarters.csv"):
        values = {name: row[name] for name in names} | {"country_id": "JP", "working_languages": ["ja", "en"]}
        yield Wanted(
            row["code"],
            values,
            parent=row["parent"],
            variants=_also(row, "CLAIR", "クレア") if not row["parent"] else (),
        )


def _prefectures() -> Iterator[Wanted]:
    for row in read("prefectures.csv"):
        values = _japanese(row) | {"kind": Kind.PREFECTURE, "name_en": row["name_en_official"]}
        yield Wanted(row["lg_code"], values, variants=_also(values, row["name_ja_short"], row["name_en"]))


def _municipalities() -> Iterator[Wanted]:
    prefecture_codes = {row["lg_code"][:2]: row["lg_code"] for row in read("prefectures.csv")}
    for row in read("municipalities.csv"):
        designated = row["is_designated_city"] == "1"
        prefecture = prefecture_codes[row["pref_code"]]
        values = _japanese(row) | {
            "kind": Kind.DESIGNATED_CITY if designated else row["kind"],
            "name_en": row["name_en"],
            "romaji": row["romaji"],
            "county": row["county_ja"],
        }
        yield Wanted(
            row["lg_code"],
            values,
            parent=prefecture,
            branch="" if designated else prefecture,
            variants=_also(values, *row["name_ja_variants"].split(";"), row["name_en_plain"]),
        )


def _japanese(row: dict[str, str]) -> dict[str, Any]:
    return {
        "name_ja": row["name_ja"],
        "kana": row["kana"],
        "website": row["website"],
        "country_id": "JP",
        "working_languages": ["ja"],
        "source": SOURCE_OF_CODES,
        **_place(row),
    }


def _offices() -> Iterator[Wanted]:
    for row in read("overseas_offices.csv"):
        city = row["name_en"].removeprefix("CLAIR ")
        values = {
            "kind": Kind.OFFICE,
            "name_ja": row["name_ja_short"],
            "name_en": f"{city} office",
            "local_name": row["local_name"],
            "country_id": row["country"],
            "time_zone": row["time_zone"],
            "calendar": row["code"],
            "working_languages": row["working_languages"].split(";"),
            "website": row["website"],
            "source": row["source"],
            **_place(row),
        }
        yield Wanted(row["code"], values, variants=(row["name_ja"], row["name_en"]))


def _place(row: dict[str, str]) -> dict[str, Decimal]:
    return {
        "latitude": Decimal(row["lat"]).quantize(_SEVEN_PLACES),
        "longitude": Decimal(row["lon"]).quantize(_SEVEN_PLACES),
    }


def _also(values: dict[str, Any], *others: str) -> tuple[str, ...]:
    """Other forms of the name that the main forms do not cover."""
    main = {values["name_ja"], values["name_en"]}
    return tuple(dict.fromkeys(other for other in others if other and other not in main))


def _load_organisations() -> Loaded:
    known = {row.code: row for row in Organisation.objects.exclude(code=None)}
    edited = _edited_by_people()
    added: list[Organisation] = []
    changed = 0
    keys = {code: row.pk for code, row in known.items()}
    for level in _by_level(wanted_organisations()):
        new = [_new(wanted, keys) for wanted in level if wanted.code not in known]
        added += Organisation.objects.bulk_create(new, batch_size=500)
        keys |= {row.code: row.pk for row in new}
        changed += sum(_update(known[w.code], w, keys, edited) for w in level if w.code in known)
    return Loaded(len(added), changed)


def _edited_by_people() -> set[int]:
    events = Organisation.pgh_event_models  # type: ignore[attr-defined]
    model = next(iter(events.values()))
    return set(model.objects.exclude(pgh_person=None).values_list("pgh_obj_id", flat=True))


def _by_level(organisations: Iterable[Wanted]) -> tuple[list[Wanted], list[Wanted]]:
    first: list[Wanted] = []
    second: list[Wanted] = []
    for wanted in organisations:
        (second if wanted.parent else first).append(wanted)
    return first, second


def _columns(wanted: Wanted, keys: dict[str | None, int]) -> dict[str, Any]:
    values = {name: value for name, value in wanted.values.items() if value not in ("", [])}
    if wanted.variants:
        values["variants"] = list(wanted.variants)
    if wanted.parent:
        values["parent_id"] = keys[wanted.parent]
    if wanted.branch:
        values["branch_id"] = keys[wanted.branch]
    return values


def _new(wanted: Wanted, keys: dict[str | None, int]) -> Organisation:
    row = Organisation(code=wanted.code, **_columns(wanted, keys))
    row.search_text = row.folded_names()  # bulk_create does not call save()
    return row


def _update(row: Organisation, wanted: Wanted, keys: dict[str | None, int], edited: set[int]) -> bool:
    differs = row.pk not in edited and _assign(row, _columns(wanted, keys))
    if differs or row.search_text != row.folded_names():
        row.save()
        return True
    return False


# --- Jurisdictions and claims -----------------------------------------------------------------------------------------


def _load_jurisdictions() -> Loaded:
    served = set(Jurisdiction.objects.values_list("country_id", flat=True))
    offices = dict(Organisation.objects.offices().values_list("code", "pk"))
    rows = [
        Jurisdiction(
            office_id=offices[row["office"]],
            country_id=row["country"],
            starts_on=dt.date.fromisoformat(row["starts_on"]) if row["starts_on"] else None,
            source=row["source"],
        )
        for row in read("jurisdictions.csv")
        if row["country"] not in served
    ]
    Jurisdiction.objects.bulk_create(rows)
    return Loaded(len(rows))


def _load_claims() -> Loaded:
    stated = set(Claim.objects.values_list("subject", "claim", "value", "as_of", "source"))
    codes = dict(Organisation.objects.exclude(code=None).values_list("code", "pk"))
    rows = [
        Claim(organisation_id=codes.get(row.pop("organisation")), **row)
        for row in read("claims.csv")
        if (row["subject"], row["claim"], row["value"], row["as_of"], row["source"]) not in stated
    ]
    Claim.objects.bulk_create(rows)
    return Loaded(len(rows))
