"""Remembers which input a slow step last ran with, so that a second start skips it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

NOT_SOURCE = {".venv", ".git", ".state", ".state-test", "__pycache__", "node_modules", "build", "staticfiles", "tests"}


def source_files(checkout: Path) -> list[Path]:
    """Files of the checkout, as paths relative to it, without tests and what was installed or made."""
    found = []
    for folder, folders, names in os.walk(checkout):
        folders[:] = [name for name in folders if name not in NOT_SOURCE and not name.startswith(".")]
        found += [Path(folder, name).relative_to(checkout) for name in names]
    return found


def of_files(checkout: Path, paths: Iterable[Path], *words: str) -> str:
    """A hash of names and contents, and of anything else the result depends on."""
    digest = hashlib.sha256("\0".join(words).encode())
    for path in sorted(set(paths)):
        digest.update(f"\0{path}\0".encode())
        digest.update(hashlib.sha256((checkout / path).read_bytes()).digest())
    return digest.hexdigest()
