"""Which release renders pages: all they are made of that is no row."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings

BESIDE = ("templates", "static", "locale")
MADE = (".pyc", ".mo")  # from other files
SHOWN = ("PORTAL_URL", "LANGUAGES", "OPEN_DATA_LICENCE", "OPEN_DATA_LICENCE_ADDRESS")  # settings that stand on pages


def digest() -> str:
    """The same for the same code, templates, catalogues, static files, and settings that stand on pages."""
    said = repr([getattr(settings, name) for name in SHOWN])
    return hashlib.sha256(f"{_files()} {said}".encode()).hexdigest()


@functools.cache
def _files() -> str:
    whole = hashlib.sha256()
    for file in _every_file():
        whole.update(f"{file} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def _every_file() -> Iterator[Path]:
    root = Path(settings.BASE_DIR)
    ours = {root / Path(app.path).relative_to(root).parts[0] for app in apps.get_app_configs() if _is_ours(app.path)}
    for folder in sorted({*ours, *(root / name for name in BESIDE)}):
        yield from sorted(file for file in folder.rglob("*") if file.is_file() and file.suffix not in MADE)


def _is_ours(path: str) -> bool:
    """Beside manage.py, and not in an environment that lies there as well."""
    folder = Path(path)
    return folder.is_relative_to(settings.BASE_DIR) and "site-packages" not in folder.parts
