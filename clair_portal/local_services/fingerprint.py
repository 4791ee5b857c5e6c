"""Remembers which input a slow step last ran with, so that a second start skips it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

NOT_SOURCE = {".venv", ".git", ".state", ".state-test", "node_modules", "build", "staticfiles", "__pycache__"}


def source_files(checkout: Path, pattern: str) -> list[Path]:
    """Files of the checkout that match, without what was installed or made."""
    tops = [path for path in checkout.iterdir() if path.is_dir() and path.name not in NOT_SOURCE]
    found = (path for top in tops for path in top.glob(pattern) if path.is_file() and path.suffix != ".pyc")
    return sorted(path for path in found if "__pycache__" not in path.parts)


def of_files(paths: Iterable[Path], relative_to: Path, *words: str) -> str:
    """A hash of names and contents, and of anything else the result depends on."""
    digest = hashlib.sha256("\0".join(words).encode())
    for path in sorted(set(paths)):
        digest.update(f"\0{path.relative_to(relative_to)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
