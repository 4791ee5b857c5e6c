"""Where a place stands on the world map: Equal Earth, 1000 wide, the Pacific in the middle so that nothing of it is cut.

Source of the projection: Šavrič, Patterson, Jenny, "The Equal Earth map projection" (2018), doi 10.1080/13658816.2018.1504949.
"""

from __future__ import annotations

import math

CENTRE = 155.0  # degrees east
WIDTH, HEIGHT = 1000, 432
NORTH = 84.0  # the upper edge; the lower one leaves out Antarctica
_A = (1.340264, -0.081106, 0.000893, 0.003796)
_M = math.sqrt(3) / 2
_SCALE = WIDTH / (2 * math.pi / (_M * _A[0]))


def _raw(latitude: float, degrees_from_centre: float) -> tuple[float, float]:
    theta = math.asin(_M * math.sin(math.radians(latitude)))
    squared, sixth = theta**2, theta**6
    slope = _A[0] + 3 * _A[1] * squared + sixth * (7 * _A[2] + 9 * _A[3] * squared)
    x = math.radians(degrees_from_centre) * math.cos(theta) / (_M * slope)
    return x, theta * (_A[0] + _A[1] * squared + sixth * (_A[2] + _A[3] * squared))


_TOP = _raw(NORTH, 0)[1]


def from_centre(longitude: float) -> float:
    """Degrees east of the middle of the map, from -180 up to 180."""
    return (longitude - CENTRE + 180) % 360 - 180


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """Degrees north and east -> places from the left and from the top, in units of a map 1000 wide."""
    return at(latitude, from_centre(longitude))


def at(latitude: float, degrees_from_centre: float) -> tuple[float, float]:
    x, y = _raw(latitude, degrees_from_centre)
    return round(WIDTH / 2 + x * _SCALE, 1), round((_TOP - y) * _SCALE, 1)
