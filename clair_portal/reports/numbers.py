"""How a number of a table is written."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from clair_portal.reports.tables import UNPUBLISHED, Cell

DASH = "–"
EXCEL_FORMATS = {"count": "#,##0", "days": "0.0", "hours": "#,##0.0", "score": "0.0", "percent": "0.0", "yen": "#,##0"}


def written(cell: Cell) -> str:
    """In the active language: 1,234 / 3.5 days / 12.5 (hours, scores) / 4.8 % / ¥1,000 / – / not published."""
    value: Any = cell.value
    if value is None:
        return DASH
    if value == UNPUBLISHED:
        return _("not published")
    if cell.number == "days":
        return _("%(days)s days") % {"days": _decimal(value)}
    if cell.number in ("hours", "score"):
        return _decimal(value)
    if cell.number == "percent":
        return f"{_decimal(value)}%"
    whole = number_format(_rounded(value, "1"), use_l10n=True, force_grouping=True)
    return f"¥{whole}" if cell.number == "yen" else whole


def _decimal(value: Any) -> str:
    return number_format(_rounded(value, "0.1"), decimal_pos=1, use_l10n=True, force_grouping=True)


def _rounded(value: Any, step: str) -> Decimal:
    """Half goes up, as in Excel; number_format alone would cut off."""
    return Decimal(str(value)).quantize(Decimal(step), ROUND_HALF_UP)
