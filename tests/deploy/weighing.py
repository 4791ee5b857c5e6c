"""What a reader's browser loads for a page, from the page alone: every file it names, packed as nginx sends it."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import brotli

from clair_portal.publishing.tree.write import packed
from tests.deploy.environments import ROOT

FIRST_VIEW, HTML = 30_000, 14_000  # bytes, packed
LOADED = re.compile(
    r"""<(?:link\b(?=[^>]*\brel="(?:stylesheet|icon|preload|manifest)")[^>]*\bhref|script\b[^>]*\bsrc|img\b[^>]*\bsrc|use\b[^>]*\bhref)="([^"#]+)"""
)


def loaded_by(html: str) -> set[str]:
    """Addresses of what the page loads by itself."""
    return set(LOADED.findall(html))


def packed_size(html: bytes) -> int:
    return len(packed(html)[".br"])


@functools.cache
def static_size(path: str) -> int:
    """Bytes of a file of /static/ as it is sent, whatever the digest in its name."""
    name = re.sub(r"\.[0-9a-f]{12}\.", ".", path.removeprefix("/static/"))
    body = Path(ROOT, "static", name).read_bytes()
    return min(len(body), len(brotli.compress(body)))


def first_view(html: bytes) -> int:
    """All bytes of a first visit. /preferences.css is one line until the reader chooses something."""
    files = loaded_by(html.decode()) - {"/preferences.css"}
    return packed_size(html) + sum(static_size(path) for path in files)
