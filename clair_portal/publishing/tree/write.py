"""The files of the tree. A page is three files (plain, .gz, .br) that appear at once; whoever reads never meets half of one.

/ja/offices/ is ja/offices/index.html; /ja/feed.atom is ja/feed.atom. A withdrawn page is index.gone instead of index.html.
"""

from __future__ import annotations

import gzip
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import brotli
from django.conf import settings

INDEX, GONE = "index.html", "index.gone"
PACKED = (".br", ".gz")  # renamed before the plain file
STARTED = ".writing-"  # how names of unfinished files begin
_READABLE = 0o644  # by the web server, whatever the umask


class NoTree(Exception):
    """PUBLISHED_TREE is not set: nothing is published here."""


def root() -> Path:
    """Raises NoTree where no tree is kept."""
    if not is_kept():
        raise NoTree("PUBLISHED_TREE is not set")
    return Path(settings.PUBLISHED_TREE)


def is_kept() -> bool:
    return bool(settings.PUBLISHED_TREE)


def file_of(path: str) -> Path:
    """Where the page stands. Raises ValueError for an address that is no clean path."""
    parts = path.split("/")[1:]
    names = [*parts[:-1], parts[-1] or INDEX]
    if not path.startswith("/") or "\0" in path or any(not name or name.startswith(".") for name in names):
        raise ValueError(f"{path!r} cannot be a file")
    return root().joinpath(*names)


def packed(body: bytes) -> dict[str, bytes]:
    """By the ending of the file; the same body gives the same bytes. Beyond 7 brotli takes ten times as long for little."""
    return {".br": brotli.compress(body, quality=7), ".gz": gzip.compress(body, 6, mtime=0), "": body}


def put(path: str, body: bytes) -> None:
    """Raises OSError (disk full, no right): then the page stands as it stood."""
    target = file_of(path)
    _replace(target, body)
    _drop(target.with_name(GONE) if target.name == INDEX else None)


def put_gone(path: str, body: bytes) -> None:
    """The page is withdrawn: its text goes, a sentence stays. A file with an ending of its own leaves nothing.

    The text goes first: that needs no room. Raises OSError where there is none for the sentence; Django says it meanwhile.
    """
    drop_text(path)
    target = file_of(path)
    if target.name == INDEX:
        _replace(target.with_name(GONE), body)


def drop_text(path: str) -> None:
    _drop(file_of(path))


def remove(path: str) -> None:
    """The page was never there; folders that are empty now go as well."""
    target = file_of(path)
    _drop(target)
    if target.name == INDEX:
        _drop(target.with_name(GONE))
    for folder in target.parents:
        if folder == root():
            break
        try:
            folder.rmdir()
        except OSError:
            break


def stands(path: str, status: int, body: bytes) -> bool:
    """Whether all files of the page say exactly this, and none says anything else."""
    target = file_of(path)
    other = target.with_name(GONE) if target.name == INDEX else None
    if status == 410:
        return _is_absent(target) and (other is None or _holds(other, body))
    return _holds(target, body) and (other is None or _is_absent(other))


def every_file() -> Iterator[Path]:
    """All files of the tree, unfinished ones too."""
    for folder, _folders, names in os.walk(root()):
        for name in sorted(names):
            yield Path(folder, name)


def path_of(file: Path) -> str:
    """The address a file of the tree belongs to."""
    relative = file.relative_to(root()).as_posix()
    for ending in PACKED:
        relative = relative.removesuffix(ending)
    for name in (INDEX, GONE):
        if relative == name or relative.endswith(f"/{name}"):
            relative = relative.removesuffix(name)
    return f"/{relative}"


def _replace(target: Path, body: bytes) -> None:
    """All three are written before the first is renamed: a full disk leaves the old page whole."""
    unfinished: list[tuple[Path, Path]] = []
    try:
        for ending, content in packed(body).items():
            final = target.with_name(target.name + ending)
            unfinished.append((_written(final, content), final))
        for temporary, final in unfinished:
            temporary.replace(final)
    finally:
        for temporary, _final in unfinished:
            temporary.unlink(missing_ok=True)


def _written(final: Path, content: bytes) -> Path:
    temporary = final.with_name(f"{STARTED}{secrets.token_hex(6)}")
    try:
        with _opened(temporary) as file:
            file.write(content)
            os.fchmod(file.fileno(), _READABLE)
        _date(temporary, final)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _date(temporary: Path, final: Path) -> None:
    """The web server tells versions apart by size and second of their files: each is at least a second younger."""
    try:
        before = final.stat().st_mtime
    except FileNotFoundError:
        return
    if temporary.stat().st_mtime < before + 1:
        os.utime(temporary, (before + 1, before + 1))


def _opened(temporary: Path) -> BinaryIO:
    """Whoever removes the last page of a folder at this moment takes the folder away: then it is made again."""
    for _attempt in range(5):
        try:
            temporary.parent.mkdir(parents=True, exist_ok=True)
            return temporary.open("xb")
        except (
            FileNotFoundError,
            FileExistsError,
        ):  # mkdir says "exists" of a folder that is gone before it looks again
            continue
    return temporary.open("xb")


def _drop(target: Path | None) -> None:
    """The plain file first: without it the others are not served."""
    if target is not None:
        for ending in ("", *PACKED):
            target.with_name(target.name + ending).unlink(missing_ok=True)


def _is_absent(target: Path) -> bool:
    return not any(target.with_name(target.name + ending).exists() for ending in ("", *PACKED))


def _holds(target: Path, body: bytes) -> bool:
    try:
        unpacked = [
            target.read_bytes(),
            gzip.decompress(target.with_name(f"{target.name}.gz").read_bytes()),
            brotli.decompress(target.with_name(f"{target.name}.br").read_bytes()),
        ]
    except (OSError, EOFError, brotli.error):
        return False
    return all(each == body for each in unpacked)
