"""The shared list as data: its columns, and by what it is narrowed. One fiscal year of it is the yearly list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.case_list import Places
from clair_portal.casework.enums import Topic
from clair_portal.casework.listing import Asked, Column, Filter, Listing, Options, SheetColumn, declare
from clair_portal.casework.search import Found, Item
from clair_portal.language.words import listed
from clair_portal.network.enums import Kind
from clair_portal.network.models import Organisation
from offices.models import SharedResearch
from offices.queries import SharedResearchQuerySet


def source(reader: Reader) -> SharedResearchQuerySet:
    return SharedResearch.objects.visible_to(reader.scope).filter(listed=True).select_related("office")


def years(reader: Reader, known: Any = None) -> Options:
    """Years with a line on the list, the latest first."""
    found = source(reader).order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct()
    return [(str(year), FiscalYear(year).label(get_language() or "en")) for year in found]


def yearly(asked: Asked) -> list[dict[str, Any]]:
    """The yearly lists, each with its number of results and its address."""
    counted = source(asked.reader).order_by("-fiscal_year").values_list("fiscal_year").annotate(Count("pk"))
    now = asked.chosen.get("year")
    return [
        {"label": FiscalYear(year).label(get_language() or "en"), "number": number,
         "url": f"?year={year}", "current": now == [str(year)]}
        for year, number in counted
    ]  # fmt: skip


def _rows(records: Sequence[SharedResearch], reader: Reader, now: dt.datetime) -> list[SharedResearch]:
    return list(records)


def _of_office(rows: SharedResearchQuerySet, values: list[str], reader: Reader) -> SharedResearchQuerySet:
    return rows.filter(office__in=Organisation.objects.filter(kind=Kind.OFFICE, code__in=values).values("pk"))


def _title(row: SharedResearch) -> SafeString:
    address = f"/desk/research/library/{row.pk}/"
    return format_html('<a href="{}">{}</a><br><span class="muted">{}</span>', address, row.title, row.summary)


def _countries_of(rows: Sequence[SharedResearch], reader: Reader, known: Places) -> dict[int, str]:
    names = dict(known.countries)
    return {row.pk: listed(names[code] for code in row.countries if code in names) for row in rows}


LIBRARY = declare(
    Listing(
        key="research",
        path="/desk/research/library/",
        title=_("Research library"),
        columns=(
            Column("title", _("Title"), html=_title, sort="title", head=True, sheet=(
                SheetColumn(_("Title"), lambda row: row.title, 44), SheetColumn(_("Summary"), lambda row: row.summary, 60),
            )),
            Column("office", _("Office"), lambda row: str(row.office), width=24),
            Column("countries", _("Countries"), gather=_countries_of, width=22),
            Column("year", _("Fiscal year"), lambda row: row.year, sort="fiscal_year", falling=True, width=18),
        ),
        filters=(
            Filter("q", _("Words"), lambda rows, values, reader: rows.named(values[0]), look="text"),
            Filter("office", _("Office"), _of_office, lambda reader, known: known.offices),
            Filter("country", _("Country"), lambda rows, values, reader: rows.filter(countries__overlap=values),
                   lambda reader, known: known.countries, look="select"),
            Filter("topic", pgettext_lazy("of exchange", "Field"),
                   lambda rows, values, reader: rows.filter(topics__overlap=values),
                   lambda reader, known: Topic.choices, look="select"),
            Filter("year", _("Fiscal year"), lambda rows, values, reader: rows.filter(fiscal_year__in=values), years,
                   look="select"),
        ),
        source=source,
        rows=_rows,
        order="-year",
        know=lambda reader: Places(),
    )
)  # fmt: skip


def found(reader: Reader, text: str, shown: int) -> Found:
    """For the search over everything: results on the shared list, by title, summary, office or country."""
    records = list(source(reader).named(text).order_by("-fiscal_year", "-pk")[: shown + 1])
    items = [
        Item(row.title, reverse("research_shared", args=[row.pk]), " ".join(filter(None, [str(row.office), row.year])))
        for row in records[:shown]
    ]
    return Found(items, f"{LIBRARY.path}?{urlencode({'q': text})}" if len(records) > shown else "")
