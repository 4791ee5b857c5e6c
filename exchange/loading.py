"""Sister and friendship ties and what others say of their number, loaded by `load_reference`; the files decide."""

from __future__ import annotations

import calendar
import datetime as dt
from functools import partial
from pathlib import Path

from clair_portal.language import folding
from clair_portal.network import stated
from clair_portal.network.models import Claim, Organisation
from clair_portal.network.reference import rows_of
from exchange.models import Tie

FOLDER = Path(__file__).parent / "reference"
read = partial(rows_of, FOLDER)
SUBJECT = "Sister ties"
SURVEY = "International exchange"
GATHERED = "2026-11-22"
# Source codes of the file: what they are, and the day of the list where one is known.
SOURCES = {
    "W": ("Wikipedia, lists of twin towns and sister cities, through GitHub Hekman/twincities", "2026-02"),
    "SE": ("Consulate-General of Japan in Seattle", "2020"),
    "G": ("Gunma list, happylibus.com/doc/332299", "2014-06-01"),
    "J": ("Ties of northern Japan and the US, jackiebigford.blogspot.com", "2010"),
    "D": ("Wikidata P190, through GitHub L3viathan/sister-cities", "2016"),
    "S": ("a public list", ""),
    "C": ("JLGC Sydney", ""),
    "K": ("Consulate-General of Japan in Calgary", ""),
    "N": ("japan.travel Canada", ""),
    "P": ("Asia Pacific Foundation of Canada", ""),
    "T": ("Chiayi City", ""),
    "SY": ("Consulate-General of Japan in Sydney", ""),
    "E": ("Australian Embassy", ""),
    "L": ("jlgc.org and CLAIR FAQ", ""),
    "O": ("older copy of the Wikipedia list for Japan", ""),
    "H": ("Consulate-General of Japan in Houston", ""),
    "X": ("asiamattersforamerica.org", ""),
    "A": ("asiamattersforamerica.org", ""),
}  # fmt: skip


def load() -> str:
    """Ties and claims become those of the files: what is missing there goes. Returns how many."""
    bodies = {body.code: body for body in Organisation.objects.filter(country="JP").exclude(code=None)}
    known = {tie.key: tie for tie in Tie.objects.all()}
    wanted = [_tie(row, bodies.get(row["lg_code"])) for row in read("ties.csv")]
    new = [tie for tie in wanted if tie.key not in known]
    gone = known.keys() - {tie.key for tie in wanted}
    names = [field.attname for field in Tie._meta.concrete_fields if not field.primary_key]
    differ = [tie for tie in wanted if tie.key in known and _values(tie, names) != _values(known[tie.key], names)]
    for tie in differ:
        tie.pk = known[tie.key].pk
    Tie.objects.filter(key__in=gone).delete()
    Tie.objects.bulk_create(new, batch_size=500)
    Tie.objects.bulk_update(differ, [name.removesuffix("_id") for name in names], batch_size=500)
    return f"{len(new)} ties added, {len(differ)} changed, {len(gone)} removed, {_claims()}"


def _values(tie: Tie, names: list[str]) -> list[object]:
    return [getattr(tie, name) for name in names]


def _tie(row: dict[str, str], body: Organisation | None) -> Tie:
    codes = row["sources"].split(";")
    names = (row["name_ja"], row["name_en"], row["partner"], row["region"])
    days = [day for code, (_name, day) in SOURCES.items() if code in codes and day]
    return Tie(
        key=row["key"], organisation=body, name_ja=row["name_ja"], name_en=row["name_en"], prefecture=row["lg_code"][:2],
        partner=row["partner"], region=row["region"], country_id=row["country"], agreed=row["agreed"],
        agreed_by=last_day(row["agreed"]), as_of=days[0] if days else GATHERED,
        note=row["note"], note_ja=row["note_ja"], ended=row["ended"], ended_source=row["ended_source"],
        source="; ".join(dict.fromkeys(SOURCES[code][0] for code in codes)),
        search_text=" ".join(filter(None, (folding.search_key(*names), body.folded_names() if body else ""))),
    )  # fmt: skip


def last_day(text: str) -> dt.date | None:
    """1975 -> 1975-12-31, 1975-06 -> 1975-06-30."""
    if not text:
        return None
    year, month, day = [*map(int, text.split("-")), 0, 0][:3]
    month = month or 12
    return dt.date(year, month, day or calendar.monthrange(year, month)[1])


def _claims() -> str:
    survey = [Claim(subject=f"{SURVEY}: {row.pop('of')}", **row) for row in read("survey.csv")]
    return f"{_totals()}; survey: {stated.follow(SURVEY, survey)}"


def _totals() -> str:
    return stated.follow(SUBJECT, [Claim(subject=subject_of(row.pop("country")), **row) for row in read("totals.csv")])


def subject_of(country: str) -> str:
    return f"{SUBJECT}: {country}" if country else SUBJECT
