"""The eight regions branches are shown by. Source: column `region_ja` of the table of prefectures, docs/data-sources.md."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# The last prefecture of each region, in the order of the codes of prefectures.
REGIONS: tuple[tuple[int, str, Promise], ...] = (
    (1, "hokkaido", pgettext_lazy("region", "Hokkaido")),
    (7, "tohoku", _("Tohoku")),
    (14, "kanto", _("Kanto")),
    (23, "chubu", _("Chubu")),
    (30, "kinki", _("Kinki")),
    (35, "chugoku", _("Chugoku")),
    (39, "shikoku", _("Shikoku")),
    (47, "kyushu-okinawa", _("Kyushu and Okinawa")),
)


def region_of(code: str) -> tuple[str, Promise]:
    """Key and name of the region of a local government code (010006: Hokkaido)."""
    prefecture = int(code[:2])
    return next((key, name) for last, key, name in REGIONS if prefecture <= last)
