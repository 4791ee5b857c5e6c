"""The list of parts names what is delivered, no more and no less."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from deploy import sbom
from tests.deploy.environments import ROOT


def test_every_package_of_the_lock_is_listed_with_version_and_hashes() -> None:
    lock = (ROOT / "requirements" / "base.lock").read_text()
    found = sbom.packages(ROOT / "requirements" / "base.lock")
    assert len(found) == sum(1 for line in lock.splitlines() if "==" in line.split(";")[0] and "--hash" not in line)
    assert sum(len(part["hashes"]) for part in found) == lock.count("--hash=sha256:")
    assert all(part["hashes"] for part in found)


def test_what_is_installed_is_what_is_listed() -> None:
    listed = {part["name"]: part["version"] for part in sbom.packages(ROOT / "requirements" / "base.lock")}
    for name in ("celery", "psycopg", "django-allauth", "gunicorn"):  # not Django: `make upgrade-check` has a newer one
        assert metadata.version(name) == listed[name], name


def test_files_of_others_are_listed() -> None:
    names = {part["name"] for part in sbom.vendored(ROOT / "static" / "vendor")}
    assert {"static/vendor/htmx.min.js", "static/vendor/fonts/portal-sans-400.woff2"} <= names
    assert len(names) == len([*(ROOT / "static" / "vendor").rglob("*.js")]) + len([*(ROOT / "static").rglob("*.woff2")])


def test_a_line_that_is_not_understood_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "base.lock").write_text("something @ https://example.org/x.whl\n")
    with pytest.raises(ValueError, match="base.lock: not understood"):
        sbom.packages(tmp_path / "base.lock")


def test_it_is_printed_as_cyclonedx_without_the_environment_of_the_portal() -> None:
    said = subprocess.run(
        [sys.executable, "-I", "deploy/sbom.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    document = json.loads(said.stdout)
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.5")
    references = [part["bom-ref"] for part in document["components"]]
    assert len(references) == len(set(references)) > 60
