"""Compiles message catalogues with Babel, so that running the portal needs no gettext.

`python -P catalogues.py FOLDER` compiles every FOLDER/<language>/LC_MESSAGES/*.po that is newer than its .mo.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po


def compile_catalogues(folder: Path) -> list[Path]:
    """Returns the catalogues that were compiled. Raises ValueError with file and line where one is malformed."""
    stale = [po for po in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _is_stale(po, po.with_suffix(".mo"))]
    for po in stale:
        _compile(po)
    return stale


def _is_stale(po: Path, mo: Path) -> bool:
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime


def _compile(po: Path) -> None:
    try:
        with po.open("rb") as source:
            catalogue = read_po(source, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise ValueError(f"{po}: {error}") from error
    new = po.with_suffix(f".mo.{os.getpid()}")
    with new.open("wb") as target:
        write_mo(target, catalogue)
    new.replace(po.with_suffix(".mo"))  # a running process never sees half a catalogue


if __name__ == "__main__":
    try:
        compiled = compile_catalogues(Path(sys.argv[1]))
    except (ValueError, OSError) as error:
        raise SystemExit(str(error)) from None
    if compiled:
        print(f"Compiled {len(compiled)} message catalogue{'s' * (len(compiled) > 1)}.", flush=True)
