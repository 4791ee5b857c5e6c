"""A lottery anybody can re-run: lots in ascending order of the SHA-256 of "number:lot". Nothing else decides.

A lot that is withdrawn changes nothing for the others: each hash depends on its own lot only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Drawn:
    rank: int
    lot: int
    digest: str


def digest(seed: str, lot: int) -> str:
    """64 hexadecimal digits, as `printf %s seed:lot | sha256sum` prints them."""
    return hashlib.sha256(f"{seed}:{lot}".encode()).hexdigest()


def drawn(seed: str, lots: Iterable[int]) -> list[Drawn]:
    """Every lot once, the smallest hash first, whatever order they are given in."""
    ordered = sorted((digest(seed, lot), lot) for lot in set(lots))
    return [Drawn(rank, lot, found) for rank, (found, lot) in enumerate(ordered, 1)]


def recipe(seed: str, lots: Iterable[int]) -> str:
    """A line for a shell that prints rank, hash and lot. `seed` holds nothing a shell would read (models.calls.SEED)."""
    listed = " ".join(str(lot) for lot in sorted(set(lots)))
    return (
        f"for lot in {listed}; do echo \"$(printf %s '{seed}':$lot | sha256sum | cut -d' ' -f1) $lot\"; done"
        " | LC_ALL=C sort | cat -n"
    )
