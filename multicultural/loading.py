"""Published numbers of foreign residents and what sources say of their needs, loaded by `load_reference`; the files decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.db.models import Model

from clair_portal.network import stated
from clair_portal.network.models import Claim, Organisation
from clair_portal.network.reference import rows_of
from multicultural.models import MunicipalityCount, ResidentCount, Statistic

FOLDER = Path(__file__).parent / "reference"
read = partial(rows_of, FOLDER)
SUBJECT = "Multiculturalism"
IMMIGRATION, REGISTER = "immigration", "register"
Key = tuple[str, ...]
MUNICIPAL = ("code", "organisation_id", "name_ja", "men", "women", "total", "households", "population")


def load() -> str:
    """Numbers and claims become those of the files: what is missing there goes. Returns how many."""
    for row in read("statistics.csv"):
        Statistic.objects.update_or_create(key=row.pop("key"), defaults=row)
    counts = _follow(ResidentCount, _known_counts(), dict(_counts()), _count)
    places = _follow(MunicipalityCount, _known_places(), dict(_places()), _place)
    return f"numbers of residents: {counts}; municipalities: {places}; {_claims()}"


def _follow(model: type[Model], known: dict[Key, tuple[int, Any]], wanted: dict[Key, Any], made: Any) -> str:
    """`known`: by key the number of the row and its value. A row that differs is written anew."""
    new = [key for key in wanted if key not in known]
    differ = [key for key, value in wanted.items() if key in known and known[key][1] != value]
    gone = [known[key][0] for key in known if key not in wanted]
    model._default_manager.filter(pk__in=[*gone, *(known[key][0] for key in differ)]).delete()
    model._default_manager.bulk_create([made(key, wanted[key]) for key in (*new, *differ)], batch_size=1000)
    return f"{len(new)} added, {len(differ)} changed, {len(gone)} removed"


# --- By nationality, prefecture, status and year: immigration statistics -------------------------------------------------
def _counts() -> Iterator[tuple[Key, int]]:
    """As of, prefecture, nationality, status; the number. What two files give must be the same."""
    for row in read("residents_by_nationality.csv"):
        day, nationality = row.pop("as_of"), row.pop("nationality")
        for status, number in row.items():
            yield (day, "", nationality, "" if status == "total" else status), int(number)
    for row in read("residents_by_prefecture.csv"):
        yield (row["as_of"], row["prefecture"], row["nationality"], ""), int(row["number"])
    for row in read("residents_by_year.csv"):
        yield (row["as_of"], row["prefecture"], "", ""), int(row["number"])


def _known_counts() -> dict[Key, tuple[int, Any]]:
    rows = ResidentCount.objects.order_by().values_list("pk", "as_of", "prefecture", "nationality", "status", "number")
    return {(str(day), place, nation, status): (pk, number) for pk, day, place, nation, status, number in rows}


def _count(key: Key, number: int) -> ResidentCount:
    day, prefecture, nationality, status = key
    return ResidentCount(
        statistic_id=IMMIGRATION, as_of=dt.date.fromisoformat(day), prefecture=prefecture, nationality=nationality, status=status,
        number=number,
    )  # fmt: skip


# --- By municipality: resident register ----------------------------------------------------------------------------------
def _places() -> Iterator[tuple[Key, tuple[Any, ...]]]:
    bodies = dict(Organisation.objects.filter(country="JP").exclude(code=None).order_by().values_list("code", "pk"))
    for row in read("residents_by_municipality.csv"):
        numbers = (int(row[name]) for name in MUNICIPAL[3:])
        yield (row["code"],), (row["code"], bodies.get(row["code"]), row["name_ja"], *numbers)


def _known_places() -> dict[Key, tuple[int, Any]]:
    rows = MunicipalityCount.objects.order_by().values_list("pk", *MUNICIPAL)
    return {(row[1],): (row[0], row[1:]) for row in rows}


def _place(_key: Key, values: tuple[Any, ...]) -> MunicipalityCount:
    return MunicipalityCount(statistic_id=REGISTER, **dict(zip(MUNICIPAL, values, strict=True)))


def _claims() -> str:
    return stated.follow(SUBJECT, [Claim(subject=part(row.pop("of")), **row) for row in read("claims.csv")])


def part(of: str) -> str:
    """The subject of the claims of one table."""
    return f"{SUBJECT}: {of}"
