"""Reference data of the pillar, loaded by `manage.py load_reference`. Sources: docs/data-sources.md."""

from __future__ import annotations

import csv
from pathlib import Path

from clair_portal.network.models import Organisation
from offices.models import Precondition

FOLDER = Path(__file__).parent


def load_preconditions() -> str:
    """Adds those that are missing; what headquarters has changed stays. Returns how many were added."""
    known = set(Precondition.objects.values_list("key", flat=True))
    offices = {office.code: office for office in Organisation.objects.offices()}
    with (FOLDER / "preconditions.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["key"] not in known]
    for row in rows:
        Precondition.objects.create(
            key=row["key"], office=offices[row["office"]] if row["office"] else None, kind=row["kind"],
            check_code=row["check"], value=int(row["value"]) if row["value"] else None, hours_from=row["from"] or None,
            hours_until=row["until"] or None, text_ja=row["text_ja"], text_en=row["text_en"], source=row["source"],
        )  # fmt: skip
    return f"{len(rows)} added"
