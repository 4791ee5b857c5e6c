"""The land of the world map: made from the vendored source's numbers, light, and without borders."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

from clair_portal.ui.management.commands.build_land import Point, dots, path_of, shapes
from clair_portal.ui.world_map import HEIGHT, WIDTH

LAND = Path(__file__).resolve().parent.parent.parent / "static" / "vendor" / "land.svg"


def topology(*ring: tuple[int, int]) -> dict[str, object]:
    """One ring of whole degrees, as TopoJSON writes it."""
    steps = [list(ring[0]), *([x1 - x0, y1 - y0] for (x0, y0), (x1, y1) in itertools.pairwise(ring))]
    return {
        "arcs": [steps],
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "objects": {"land": {"geometries": [{"type": "MultiPolygon", "arcs": [[[0]]]}]}},
    }


def box(west: int, south: int, east: int, north: int) -> dict[str, object]:
    return topology((west, south), (east, south), (east, north), (west, north), (west, south))


def widths(found: list[list[Point]]) -> list[tuple[float, float]]:
    return sorted((min(x for x, _y in outline), max(x for x, _y in outline)) for outline in found)


def test_land_in_the_middle_is_one_outline() -> None:
    [(west, east)] = widths(list(shapes(box(145, -5, 165, 5))))
    assert (west, east) == (472, 528)  # 10 degrees are 1000 / 36 units


def test_land_on_the_edge_of_the_map_is_cut_in_two() -> None:
    assert widths(list(shapes(box(-35, -5, -15, 5)))) == [(1, 29), (971, 999)]


def test_the_antarctic_and_specks_are_left_out() -> None:
    assert list(shapes(box(0, -85, 90, -65))) == []
    assert list(shapes(box(150, 0, 150, 0))) == []


def test_an_outline_is_written_in_whole_steps() -> None:
    assert path_of([(10, 10), (20, 10), (20, 5), (10, 5)]) == "M10 10l10 0 0-5-10 0z"


def test_dots_stand_on_land_only() -> None:
    assert (
        dots([[(0, 0), (30, 0), (30, 10), (0, 10)], [(100, 0), (110, 0), (110, 10), (100, 10)]]) == "M5 5h20M105 5h.01"
    )


def test_the_vendored_land_is_light_and_inside_the_map() -> None:
    drawn = LAND.read_text(encoding="utf-8")
    assert len(drawn) < 20_000
    assert drawn.count("<path") == 2
    starts = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)", drawn)]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT + 20 for x, y in starts)
    assert len(starts) > 100
