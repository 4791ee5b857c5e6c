"""Sister and friendship ties as a data set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.open_data.sets import Column, DataSet, Source
from clair_portal.sheets.writing import Value
from exchange.loading import GATHERED
from exchange.models import Tie


def _rows() -> Iterator[tuple[Value, ...]]:
    for tie in Tie.objects.select_related("organisation").order_by("key"):
        yield (
            tie.key, tie.organisation.code if tie.organisation else None, tie.name_ja, tie.name_en, tie.prefecture, tie.partner,
            tie.region, tie.country_id, tie.agreed, tie.source, tie.as_of, tie.ended, tie.ended_source, tie.note_ja, tie.note,
        )  # fmt: skip


TIES = DataSet(
    key="sister-ties",
    title=_("Sister and friendship ties"),
    description=_("Ties gathered from public sources, most without a date. The list is not complete, and it is not the list of CLAIR."),
    columns=(
        Column("key", _("Key of the tie"), needed=True),
        Column("organisation", _("Code of the local government in Japan")),
        Column("name_ja", _("Name in Japanese"), needed=True),
        Column("name_en", _("Name in English"), needed=True),
        Column("prefecture", _("Number of the prefecture"), note=_("The first two digits of its code.")),
        Column("partner", _("Partner abroad"), needed=True),
        Column("region", _("State or region")),
        Column("country", _("Country"), note=_("ISO 3166-1 code"), needed=True),
        Column("agreed", _("Agreed"), note=_("As exact as the source: 1975, 1975-06 or 1975-06-01.")),
        Column("source", _("Source"), needed=True),
        Column("as_of", _("As of"), needed=True),
        Column("ended", pgettext_lazy("tie", "Ended"), note=_("Empty for a tie that no source says has ended.")),
        Column("ended_source", _("Source of the end")),
        Column("note_ja", _("note in Japanese")),
        Column("note_en", _("note in English")),
    ),
    rows=_rows,
    key_columns=("key",),
    sources=(
        Source("Wikipedia, lists of twin towns and sister cities, through GitHub Hekman/twincities", "text: CC BY-SA 4.0",
               "https://github.com/Hekman/twincities"),
        Source("Wikidata P190, through GitHub L3viathan/sister-cities", "CC0", "https://github.com/L3viathan/sister-cities"),
        Source("Pages of consulates and local governments; each row names its source"),
    ),
    reads=("exchange_tie", "network_organisation"),
    as_of=dt.date.fromisoformat(GATHERED),
    order=70,
)  # fmt: skip
