"""Prints the list of parts (SBOM, CycloneDX 1.5) of what is delivered: `python deploy/sbom.py > sbom.json`.

From the lock file the image is built from, and the files of others that lie in static/vendor. Needs nothing but Python.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")


def packages(lock: Path) -> list[dict[str, Any]]:
    """The packages of a hashed lock file. ValueError: a line that is neither a package nor one of its hashes."""
    found: list[dict[str, Any]] = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        text = line.strip().removesuffix("\\").strip()
        if not text or text.startswith("#"):
            continue
        if text.startswith("--hash=sha256:"):
            found[-1]["hashes"].append({"alg": "SHA-256", "content": text.removeprefix("--hash=sha256:")})
        elif match := PINNED.match(line.strip()):
            name, version = match[1].lower().replace("_", "-"), match[2]
            purl = f"pkg:pypi/{name}@{version}"
            found.append(
                {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "hashes": []}
            )
        else:
            raise ValueError(f"{lock.name}: not understood: {line}")
    return found


def vendored(folder: Path) -> list[dict[str, Any]]:
    """Files of others that are delivered as they are."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in (".js", ".woff2", ".css"))
    return [
        {
            "type": "file", "bom-ref": f"file:{path.relative_to(ROOT)}", "name": str(path.relative_to(ROOT)),
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}],
        }
        for path in files
    ]  # fmt: skip


def sbom() -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "clair-portal", "name": "clair-portal"}},
        "components": [*packages(ROOT / "requirements" / "base.lock"), *vendored(ROOT / "static" / "vendor")],
    }  # fmt: skip


if __name__ == "__main__":
    json.dump(sbom(), sys.stdout, indent=1)
    sys.stdout.write("\n")
