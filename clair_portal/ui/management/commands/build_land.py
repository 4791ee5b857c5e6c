"""Makes static/vendor/land.svg from Natural Earth's land: its shape, and the same as rows of dots. Never borders."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clair_portal.ui.world_map import HEIGHT, WIDTH, at, from_centre

SOURCE = "ead5f68119c49a9250902e7da303bcb209341bbb8fefe7369a439b48b704658a"  # land-110m.json of npm world-atlas 2.0.2
SMALLEST = 6.0  # square units; smaller islands would be a speck
SOUTH = -60.0
STEP = 10  # between two dots
Point = tuple[float, float]


class Command(BaseCommand):
    help = "Writes static/vendor/land.svg from land-110m.json of the npm package world-atlas 2.0.2."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("source", type=Path)

    def handle(self, *args: Any, source: Path, **options: Any) -> None:
        content = source.read_bytes()
        if hashlib.sha256(content).hexdigest() != SOURCE:
            raise CommandError("This is not land-110m.json of world-atlas 2.0.2.")
        outlines = list(shapes(json.loads(content)))
        target = settings.BASE_DIR / "static" / "vendor" / "land.svg"
        target.write_text(drawn(outlines), encoding="utf-8")
        self.stdout.write(f"{target}: {target.stat().st_size} bytes, {len(outlines)} outlines")


def drawn(outlines: list[list[Point]]) -> str:
    land = "".join(path_of(outline) for outline in outlines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"><symbol id="land" viewBox="0 0 {WIDTH} {HEIGHT}"><path d="{land}"/></symbol>'
        f'<symbol id="dots" viewBox="0 0 {WIDTH} {HEIGHT}"><path d="{dots(outlines)}"/></symbol></svg>\n'
    )


def shapes(topology: dict[str, Any]) -> Iterator[list[Point]]:
    """Outlines on the map; what the edge of the map cuts becomes two."""
    arcs = [list(_decoded(arc, topology["transform"])) for arc in topology["arcs"]]
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            for ring in polygon:
                yield from _on_the_map(_joined(ring, arcs))


def _decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> Iterator[Point]:
    """TopoJSON: whole numbers, each the difference to the one before."""
    x = y = 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        yield (
            x * transform["scale"][0] + transform["translate"][0],
            y * transform["scale"][1] + transform["translate"][1],
        )


def _joined(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    points: list[Point] = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return points


def _on_the_map(ring: list[Point]) -> Iterator[list[Point]]:
    if min(latitude for _longitude, latitude in ring) < SOUTH:  # Antarctica
        return
    unrolled = _unrolled(ring)
    for turn in (-360.0, 0.0, 360.0):
        part = _cut(_cut([(x + turn, y) for x, y in unrolled], -180.0, 1), 180.0, -1)
        placed = [at(latitude, degrees) for degrees, latitude in part]
        whole = [(float(round(x)), float(round(y))) for x, y in placed]
        outline = [point for place, point in enumerate(whole) if place == 0 or point != whole[place - 1]]
        if len(outline) > 2 and abs(area(outline)) >= SMALLEST:
            yield outline


def _unrolled(ring: list[Point]) -> list[Point]:
    """Degrees from the middle without the jump where the map ends."""
    points: list[Point] = []
    for longitude, latitude in ring:
        degrees = from_centre(longitude)
        while points and degrees - points[-1][0] > 180:
            degrees -= 360
        while points and degrees - points[-1][0] < -180:
            degrees += 360
        points.append((degrees, latitude))
    return points


def _cut(points: list[Point], edge: float, side: int) -> list[Point]:
    """What lies on one side of a meridian (Sutherland and Hodgman)."""
    kept: list[Point] = []
    for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
        inside, after = side * (x0 - edge) >= 0, side * (x1 - edge) >= 0
        if inside:
            kept.append((x0, y0))
        if inside != after:
            kept.append((edge, y0 + (y1 - y0) * (edge - x0) / (x1 - x0)))
    return kept


def area(outline: list[Point]) -> float:
    pairs = zip(outline, outline[1:] + outline[:1], strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) / 2


def path_of(outline: list[Point]) -> str:
    """Whole numbers, each the way from the one before."""
    (x, y), steps = outline[0], []
    for next_x, next_y in outline[1:]:
        dx, dy = round(next_x - x), round(next_y - y)
        steps.append(f"{dx}{dy}" if dy < 0 else f"{dx} {dy}")
        x, y = next_x, next_y
    joined = steps[0] + "".join(step if step[0] == "-" else f" {step}" for step in steps[1:])
    return f"M{round(outline[0][0])} {round(outline[0][1])}l{joined}z"


def dots(outlines: list[list[Point]]) -> str:
    """Rows of short lines, drawn dashed: a dot every ten units over land."""
    runs = []
    for y in range(STEP // 2, HEIGHT, STEP):
        row = [x for x in range(STEP // 2, WIDTH, STEP) if any(_inside(x, y, outline) for outline in outlines)]
        for x in row:
            if x - STEP not in row:
                length = next(n for n in range(1, WIDTH) if x + n * STEP not in row) - 1
                runs.append(f"M{x} {y}h{length * STEP or '.01'}")
    return "".join(runs)


def _inside(x: float, y: float, outline: list[Point]) -> bool:
    crossings = 0
    for (x0, y0), (x1, y1) in zip(outline, outline[1:] + outline[:1], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (x1 - x0) * (y - y0) / (y1 - y0):
            crossings += 1
    return crossings % 2 == 1
