"""So many searches a minute from one address of the net. Counted in the memory of the process, for that minute, and nowhere else."""

from __future__ import annotations

import threading

from django.conf import settings

MOST_ADDRESSES = 50_000
_lock = threading.Lock()
_counts: dict[str, int] = {}
_minute = 0


def passes(address: str, at: float) -> bool:
    """Counts this search. `at`: seconds. With more addresses in a minute than are kept, further ones are not counted."""
    global _minute
    with _lock:
        if int(at // 60) != _minute:
            _minute = int(at // 60)
            _counts.clear()
        if address in _counts or len(_counts) < MOST_ADDRESSES:
            _counts[address] = _counts.get(address, 0) + 1
        return _counts.get(address, 0) <= settings.SEARCHES_A_MINUTE


def forget() -> None:
    """For tests: as after a start."""
    with _lock:
        _counts.clear()
