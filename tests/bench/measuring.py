"""How things are timed: in turns with a baseline (ours, baseline, ours, baseline ...), medians, ratios."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client

ROUNDS, WARM_UP = 60, 5
TABLE = "| what | size | ours ms | baseline ms | ratio | baseline |\n|---|---|---|---|---|---|"


def interleaved(
    ours: Callable[[], object], baseline: Callable[[], object], rounds: int = ROUNDS, warm_up: int = WARM_UP
) -> tuple[float, float]:
    """Median milliseconds of both, measured in turns after a warm-up."""
    times: tuple[list[float], list[float]] = ([], [])
    for round_number in range(rounds + warm_up):
        for kept, run in zip(times, (ours, baseline), strict=True):
            started = time.perf_counter()
            run()
            if round_number >= warm_up:
                kept.append((time.perf_counter() - started) * 1000)
    return statistics.median(times[0]), statistics.median(times[1])


def line(name: str, size: str, ours: float, baseline: float, what: str) -> None:
    print(f"| {name} | {size} | {ours:.2f} | {baseline:.2f} | {ours / baseline:.2f} | {what} |", flush=True)


def get(client: Client, address: str) -> None:
    status = client.get(address).status_code
    if status != 200:
        raise RuntimeError(f"{address} answered {status}")


# --- What a page asks the database ------------------------------------------------------------------------------------
@dataclass
class Asked:
    """The statements sent while it is watched, with the milliseconds each took until its rows were here."""

    statements: list[tuple[str, float]] = field(default_factory=list)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.statements.append((sql, (time.perf_counter() - started) * 1000))

    @property
    def of_the_view(self) -> list[tuple[str, float]]:
        """Those between the opening of the scope and the answer: signing the reader in is not counted."""
        begins = next(place for place, (sql, _took) in enumerate(self.statements) if "set_config('app.org" in sql)
        return [
            each
            for each in self.statements[begins + 1 :]
            if not each[0].startswith(("RELEASE", "SAVEPOINT", "ROLLBACK"))
        ]


@contextmanager
def watched() -> Iterator[Asked]:
    asked = Asked()
    with connection.execute_wrapper(asked):
        yield asked


@dataclass(frozen=True)
class PageCost:
    """Medians of a page and of the bare view measured in turns with it, in milliseconds: all of it, and its statements (of
    the page those of the view, of the bare view all)."""

    page: float
    bare: float
    sql: float
    bare_sql: float
    statements: int

    @property
    def sql_ratio(self) -> float:
        return self.sql / self.bare_sql

    @property
    def page_ratio(self) -> float:
        return self.page / self.bare


def page_cost(client: Client, address: str, bare: str, rounds: int = 10, warm_up: int = 2) -> PageCost:
    pages: list[Timed] = []
    bares: list[Timed] = []
    for number in range(rounds + warm_up):
        for path, kept in ((address, pages), (bare, bares)):
            timed = _timed(client, path)
            if number >= warm_up:
                kept.append(timed)
    return PageCost(
        statistics.median(each.page for each in pages),
        statistics.median(each.page for each in bares),
        statistics.median(each.view_sql for each in pages),
        statistics.median(each.sql for each in bares),
        max(each.statements for each in pages),
    )


@dataclass(frozen=True)
class Timed:
    page: float
    sql: float
    view_sql: float
    statements: int


def _timed(client: Client, path: str) -> Timed:
    started = time.perf_counter()
    with watched() as asked:
        get(client, path)
    took = (time.perf_counter() - started) * 1000
    view = asked.of_the_view
    return Timed(took, sum(ms for _sql, ms in asked.statements), sum(ms for _sql, ms in view), len(view))
