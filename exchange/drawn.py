"""Ties on the map of the world: a point for each country."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from typing import Any

from clair_portal.ui.world_map import HEIGHT, project
from exchange.loading import read


@functools.cache
def _places() -> dict[str, tuple[float, float]]:
    """Capitals."""
    return {row["country"]: project(float(row["latitude"]), float(row["longitude"])) for row in read("places.csv")}


def points(countries: Iterable[tuple[str, str, int]]) -> dict[str, Any]:
    """Of (code, name, ties): a point whose area goes by the number. Countries without a known capital are left out."""
    found = [
        {"x": f"{x}", "y": f"{y}", "r": f"{3 + math.sqrt(count) * 1.2:.1f}", "name": f"{name}: {count}"}
        for code, name, count in countries if code in _places() for x, y in [_places()[code]]
    ]  # fmt: skip
    return {"points": found, "height": HEIGHT}
