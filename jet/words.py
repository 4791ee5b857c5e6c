"""Words for what sources say of the JET Programme."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# The columns of the table of contracting organisations and of the table of regions, in their order.
BODIES = (
    "contracting organisations", "prefectures", "designated cities", "municipalities and others",
    "private school corporations and others",
)  # fmt: skip
REGIONS = ("Asia", "North America", "Europe", "Oceania", "Latin America and Caribbean", "Africa")
BY_NAME = "Asia by name"
LABELS: dict[str, Promise] = {
    "countries with alumni association chapters": _("countries with chapters of the alumni association"),
    "alumni association members": _("members of the alumni association"),
    "prefectures": pgettext_lazy("JET", "prefectures"),
    "designated cities": _("designated cities"),
    "municipalities and others": _("municipalities and others"),
    "private school corporations and others": _("private school corporations and others"),
    "Asia": _("Asia"),
    "North America": _("North America"),
    "Europe": _("Europe"),
    "Oceania": _("Oceania"),
    "Latin America and Caribbean": _("Latin America and Caribbean"),
    "Africa": _("Africa"),
}
