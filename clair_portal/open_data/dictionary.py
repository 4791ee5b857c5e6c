"""What is said about a data set besides its rows: Table Schema for its columns, DCAT for the catalogue.

Texts stand in both languages of the portal's staff: `title` and `description` in English, `title_ja` … in Japanese.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clair_portal.language.words import in_both
from clair_portal.open_data.editions import reference_day
from clair_portal.open_data.models import Edition
from clair_portal.open_data.sets import Column, DataSet

UNDECIDED = _(
    "The licence of these data has not been decided yet. Ask us before you use them elsewhere. Sources and their licences are named."
)


def address(name: str, *args: str) -> str:
    return str(settings.PORTAL_URL.rstrip("/") + reverse(name, args=args))


def licence() -> dict[str, str | None]:
    """What OPEN_DATA_LICENCE says; nothing is assumed."""
    if settings.OPEN_DATA_LICENCE:
        return {"licence": settings.OPEN_DATA_LICENCE, "licence_address": settings.OPEN_DATA_LICENCE_ADDRESS or None}
    words = in_both(UNDECIDED)
    return {
        "licence": None, "licence_note": words["en"], "licence_note_ja": words["ja"], "licence_contact": whom_to_ask(),
    }  # fmt: skip


def whom_to_ask() -> str:
    """The page that says who answers for this site."""
    with translation.override("en"):
        return f"{address('contact')}#site"


def about(data_set: DataSet, edition: Edition | None) -> dict[str, Any]:
    """What stands before the rows of a JSON file."""
    return {
        "id": data_set.key,
        **_titles(data_set),
        "reference_date": _day(data_set, edition),
        **licence(),
        "sources": _sources(data_set),
        "schema": address("open_data_schema", data_set.key),
    }


def _day(data_set: DataSet, edition: Edition | None) -> str | None:
    found = reference_day(data_set, edition)
    return found.isoformat() if found else None


def _titles(data_set: DataSet) -> dict[str, str]:
    title, description = in_both(data_set.title), in_both(data_set.description)
    return {
        "title": title["en"], "title_ja": title["ja"],
        "description": description["en"], "description_ja": description["ja"],
    }  # fmt: skip


def _sources(data_set: DataSet) -> list[dict[str, str | None]]:
    return [
        {"title": each.title, "licence": each.licence or None, "path": each.address or None}
        for each in data_set.sources
    ]


# --- Columns: https://specs.frictionlessdata.io/table-schema/ --------------------------------------------------------------
def schema(data_set: DataSet) -> dict[str, Any]:
    """`primaryKey` where no cell of it is empty; else what is unique all the same: a primary key holds no null."""
    needed = {column.name for column in data_set.columns if column.needed}
    key = "primaryKey" if needed >= set(data_set.key_columns) else "uniqueKeys"
    columns = list(data_set.key_columns)
    return {
        "name": data_set.key,
        **_titles(data_set),
        **licence(),
        "fields": [_field(data_set, column) for column in data_set.columns],
        key: columns if key == "primaryKey" else [columns],
        "missingValues": [""],
    }


def _field(data_set: DataSet, column: Column) -> dict[str, Any]:
    title, note = in_both(column.title), in_both(column.note)
    found: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "title": capfirst(title["en"]),
        "title_ja": title["ja"],
    }
    if note["en"]:
        found |= {"description": note["en"], "description_ja": note["ja"]}
    if column.unit:
        found["unit"] = in_both(column.unit)["en"]
    if column.codes is not None:
        found["categories"] = [_category(value, label) for value, label in column.codes.items()]
    return found | {"constraints": _constraints(data_set, column)}


def _category(value: str, label: Any) -> dict[str, str]:
    words = in_both(label)
    return {"value": value, "label": words["en"], "label_ja": words["ja"]}


def _constraints(data_set: DataSet, column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {"required": column.needed}
    if data_set.key_columns == (column.name,):
        found["unique"] = True
    if column.codes is not None:
        found["enum"] = list(column.codes)
    return found


# --- Catalogue: https://www.w3.org/TR/vocab-dcat-3/ -------------------------------------------------------------------------
PUBLISHER = _("Council of Local Authorities for International Relations (CLAIR)")
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
}


def catalogue(data_sets: list[DataSet], latest: dict[str, Edition]) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "@type": "dcat:Catalog",
        "dct:title": _languages(_("Open data")),
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": _languages(PUBLISHER)},
        **licence(),
        "dcat:dataset": [_entry(each, latest.get(each.key)) for each in data_sets],
    }  # fmt: skip


def _entry(data_set: DataSet, edition: Edition | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "dcat:Dataset",
        "dct:identifier": data_set.key,
        "dct:title": _languages(data_set.title),
        "dct:description": _languages(data_set.description),
        "reference_date": _day(data_set, edition),
    }
    if edition is not None:
        found |= {"dct:modified": edition.noted_at.isoformat(timespec="seconds"), "rows": edition.rows}
    if settings.OPEN_DATA_LICENCE:
        found["dct:license"] = settings.OPEN_DATA_LICENCE_ADDRESS or settings.OPEN_DATA_LICENCE
    return found | {
        "dct:source": _sources(data_set),
        "dct:conformsTo": address("open_data_schema", data_set.key),
        "dcat:distribution": [_file(data_set, "csv", "text/csv"), _file(data_set, "json", "application/json"), _api(data_set)],
    }  # fmt: skip


def _languages(text: Any) -> list[dict[str, str]]:
    return [{"@language": language, "@value": words} for language, words in in_both(text).items()]


def _file(data_set: DataSet, format_name: str, media_type: str) -> dict[str, Any]:
    at = address(f"open_data_{format_name}", data_set.key)
    return {"@type": "dcat:Distribution", "dcat:downloadURL": at, "dcat:mediaType": media_type}


def _api(data_set: DataSet) -> dict[str, Any]:
    service = {"@type": "dcat:DataService", "dcat:endpointURL": settings.PORTAL_URL.rstrip("/") + data_set.api_address,
               "dcat:endpointDescription": address("api_schema")}  # fmt: skip
    return {"@type": "dcat:Distribution", "dcat:accessService": service, "dcat:mediaType": "application/json"}
