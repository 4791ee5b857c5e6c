"""Projects the sources tell of, loaded by `manage.py load_reference`. Only what a source says; the rest stays empty."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path

from clair_portal.language import folding
from clair_portal.network.enums import Kind
from clair_portal.network.models import Organisation
from clair_portal.network.reference import rows_of
from clair_portal.projects.models import Project, ProjectNote, ProjectParty

FOLDER = Path(__file__).parent / "reference"
read = partial(rows_of, FOLDER)


def load() -> str:
    """Adds bodies abroad and projects that are missing; what an office has changed stays. Returns how many projects."""
    bodies = {row["code"]: _body(row) for row in read("bodies_abroad.csv")}
    known = set(Project.objects.exclude(key=None).values_list("key", flat=True))
    rows = [row for row in read("projects.csv") if row["key"] not in known]
    for row in rows:
        _add(row, bodies)
    return f"{len(rows)} added"


def _body(row: dict[str, str]) -> Organisation:
    found, _new = Organisation.objects.get_or_create(
        code=row["code"],
        defaults={
            "kind": Kind.FOREIGN_LOCAL_GOVERNMENT, "name_ja": row["name_ja"], "name_en": row["name_en"],
            "country_id": row["country"], "time_zone": row["time_zone"], "working_languages": row["languages"].split(";"),
            "source": row["source"],
        },
    )  # fmt: skip
    return found


def _add(row: dict[str, str], bodies: dict[str, Organisation]) -> None:
    office, day = Organisation.objects.get(code=row["office"]), dt.date.fromisoformat(row["day"])
    parties = [bodies.get(code) or Organisation.objects.get(code=code) for code in row["parties"].split(";")]
    titles = (row["title_ja"], row["title_en"])
    made = Project.objects.create(
        key=row["key"], title_ja=titles[0], title_en=titles[1], office=office, strands=row["strands"].split(";"),
        state=row["state"], state_on=day, source=row["source"],
        search_text=folding.search_key(*titles, *(party.folded_names() for party in parties)),
    )  # fmt: skip
    ProjectParty.objects.bulk_create([ProjectParty(project=made, organisation=party) for party in parties])
    ProjectNote.objects.create(
        project=made, day=day, text_ja=row["text_ja"], text_en=row["text_en"], state=row["state"], source=row["source"],
        author=office,
    )  # fmt: skip
