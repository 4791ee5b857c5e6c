"""What the documents point at exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clair_portal.casework.workflow import WORKFLOWS
from clair_portal.pages.sample_people import PASSWORD, PEOPLE
from tests.deploy.environments import ROOT

DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
PATH = re.compile(
    r"`((?:clair_portal|offices|tests|deploy|templates|static|locale|requirements|docs)/[A-Za-z0-9_./-]+)`"
)
ADDRESS = re.compile(r"`(/desk/[a-z/]*|/healthz|/readyz)`")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_links_and_paths_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = [link for link in LINK.findall(text) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []
    assert [path for path in PATH.findall(text) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_addresses_in_the_portal_exist(document: Path) -> None:
    from django.urls import resolve

    for address in ADDRESS.findall(document.read_text(encoding="utf-8")):
        resolve(address)


def test_the_readme_fits_on_a_screen_and_names_every_sample_account() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 70
    assert PASSWORD in text
    assert [person.key for person in PEOPLE if f"`{person.key}@" not in text] == []


def test_the_size_of_the_main_job_is_told_rightly() -> None:
    workflow = WORKFLOWS["offices.support"]
    assert (len(workflow.states), len(workflow.transitions)) == (14, 23)
    assert "fourteen states, twenty-three transitions" in (ROOT / "docs" / "architecture.md").read_text(
        encoding="utf-8"
    )


def test_the_layers_in_the_document_are_the_checked_ones() -> None:
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    [layers] = [contract["layers"] for contract in contracts if contract["id"] == "layers"]
    told = "\n".join(line.replace("clair_portal.", "") for line in layers)
    assert f"```\n{told}\n```" in (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_decisions_are_numbered_without_a_gap_and_have_a_price() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("0*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    assert [path.name for path in decisions if "**Price.**" not in path.read_text(encoding="utf-8")] == []
    index = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in decisions if path.name not in index] == []
