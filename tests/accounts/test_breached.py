"""Passwords of the breached list are refused, each of them and no other."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from clair_portal.accounts.breached import is_breached

KNOWN = [f"known to everybody {number}" for number in range(500)]


@pytest.fixture
def breached(tmp_path: Path) -> Path:
    digests = sorted(hashlib.sha1(word.encode()).hexdigest().upper() for word in KNOWN)
    path = tmp_path / "breached.txt"
    path.write_text("".join(f"{digest}:{number + 1}\r\n" for number, digest in enumerate(digests)))
    return path


def test_every_password_of_the_list_is_found_and_no_other(breached: Path) -> None:
    assert [word for word in KNOWN if not is_breached(word, breached)] == []
    assert [number for number in range(500) if is_breached(f"nobody's {number}", breached)] == []


@pytest.mark.parametrize("lines", [0, 1])
def test_an_empty_list_and_one_of_a_single_line_are_searched_too(breached: Path, lines: int) -> None:
    breached.write_text("".join(breached.read_text().splitlines(keepends=True)[:lines]))
    assert sum(is_breached(word, breached) for word in KNOWN) == lines


def test_a_breached_password_is_refused_with_a_sentence(breached: Path, settings: Any) -> None:
    settings.BREACHED_PASSWORDS_FILE = str(breached)
    with pytest.raises(ValidationError, match="This password is known from a data breach of another service"):
        validate_password("known to everybody 7")
    validate_password("nobody knows this one")


def test_without_a_list_nothing_is_looked_up(settings: Any) -> None:
    settings.BREACHED_PASSWORDS_FILE = ""
    validate_password("known to everybody 7")
