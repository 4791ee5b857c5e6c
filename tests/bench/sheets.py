"""What sheets cost: a list out, in again, and 65,000 rows of 25 columns written, read and given back, each in its own process.

`python -m tests.bench.sheets STEP FOLDER` is one step; it prints seconds and the most memory of the process.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROWS, COLUMNS = 65_000, 25
STEPS = ("start", "workbook", "csv", "for editing", "read workbook", "read csv", "give back")
TABLE = "| what | size | seconds | most memory |\n|---|---|---|---|"


def cells_of(number: int) -> list[str | int]:
    return [number * place if place % 5 == 1 else f"見本の値 {number}-{place}" for place in range(COLUMNS)]


def rows() -> Iterator[list[str | int]]:
    return (cells_of(number) for number in range(1, ROWS + 1))


def step(name: str, folder: Path) -> None:
    """One step, in this process alone."""
    import django

    django.setup()
    from clair_portal.sheets import cells, reading
    from clair_portal.sheets.editable import EditHead, EditRow, write_editable
    from clair_portal.sheets.pages import open_pages
    from clair_portal.sheets.returned import Place, Wrong, write_returned
    from clair_portal.sheets.writing import Head, Paper, write_csv, write_xlsx
    from tests.cast import NOW

    heads = [Head("Key"), *(Head(f"Column {place}") for place in range(1, COLUMNS))]
    paper = Paper("見本", heads, ["line"])
    fields = [reading.Field("key", "Key", cells.line)]
    fields += [reading.Field(f"c{place}", f"Column {place}", cells.line) for place in range(1, COLUMNS)]

    def for_editing() -> Iterator[EditRow]:
        return (EditRow(str(row[0]), row[1:20], row[20:], [True] * 5, "m") for row in rows())

    def read(ending: str) -> None:
        file = folder / f"big.{ending}"
        count = sum(1 for _row in reading.read(file.name, file.read_bytes(), fields).rows())
        assert count == ROWS

    def give_back() -> None:
        content = (folder / "big.xlsx").read_bytes()
        wrong = [Wrong(row, f"C{row}", "Column 2", "This must not stay empty.") for row in range(10, 5010)]
        with (folder / "back.xlsx").open("wb") as out:
            write_returned(out, "big.xlsx", content, open_pages("big.xlsx", content), Place("見本", 5), wrong)

    def write(ending: str, work: Callable[[io.BufferedWriter], object]) -> Callable[[], None]:
        def run() -> None:
            with (folder / f"big.{ending}").open("w+b") as out:
                work(out)

        return run

    work: dict[str, Callable[[], object]] = {
        "start": lambda: None,
        "workbook": write("xlsx", lambda out: write_xlsx(out, paper, rows(), made_at=NOW, small=False)),
        "csv": write("csv", lambda out: write_csv(out, paper, rows())),
        "for editing": write("edit", lambda out: write_editable(
            out, Paper("見本", heads[1:20]), [EditHead(f"E{n}") for n in range(5)], for_editing(), key="K", mark="M", about={},
            made_at=NOW, small=False,
        )),
        "read workbook": lambda: read("xlsx"),
        "read csv": lambda: read("csv"),
        "give back": give_back,
    }  # fmt: skip
    began = time.perf_counter()
    work[name]()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"seconds": time.perf_counter() - began, "mib": most}))


def big_sheets() -> None:
    """65,000 rows of 25 columns, each step in a process that ends."""
    print(f"\n{TABLE}")
    with tempfile.TemporaryDirectory() as folder:
        for name in STEPS:
            done = subprocess.run(
                [sys.executable, "-m", "tests.bench.sheets", name, folder], capture_output=True, text=True, check=True,
                env={**os.environ, "DJANGO_SETTINGS_MODULE": "clair_portal.settings.test"},
            )  # fmt: skip
            found = json.loads(done.stdout.splitlines()[-1])
            size = "Django alone" if name == "start" else f"{ROWS:,} × {COLUMNS}"
            print(f"| {name} | {size} | {found['seconds']:.1f} | {found['mib']} MiB |", flush=True)


if __name__ == "__main__":
    step(sys.argv[1], Path(sys.argv[2]))
