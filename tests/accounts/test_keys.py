"""SECRET_KEY is changed without anybody noticing while the former key stands in the second line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.core.exceptions import ImproperlyConfigured

from clair_portal.pages.adapter import MFAAdapter
from clair_portal.settings import environment
from tests.deploy.environments import ROOT, production

OLD, NEW = (
    "the-former-key-of-fifty-letters-and-more-0123456789-abcdef",
    "the-newer-key-of-fifty-letters-and-more-0123456789-abcdef",
)


def changed(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]


def gone(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, []


def test_second_factors_and_signed_values_outlive_a_change_of_the_key(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    secret, cookie = MFAAdapter().encrypt("JBSWY3DPEHPK3PXP"), signing.dumps({"a": 1}, salt="device")
    changed(settings)
    assert MFAAdapter().decrypt(secret) == "JBSWY3DPEHPK3PXP"
    assert signing.loads(cookie, salt="device") == {"a": 1}


def test_what_is_written_after_the_change_needs_the_new_key_only(settings: Any) -> None:
    changed(settings)
    secret = MFAAdapter().encrypt("JBSWY3DPEHPK3PXP")
    gone(settings)
    assert MFAAdapter().decrypt(secret) == "JBSWY3DPEHPK3PXP"


def test_without_the_former_key_old_values_are_refused(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    cookie = signing.dumps({"a": 1}, salt="device")
    gone(settings)
    with pytest.raises(signing.BadSignature):
        signing.loads(cookie, salt="device")


@pytest.mark.django_db
def test_both_lines_of_the_file_are_read(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{NEW}\n{OLD}\n")
    here = production(tmp_path, SECRET_KEY_FILE=str(tmp_path / "key"))
    del here["SECRET_KEY"]
    ask = "from django.conf import settings as s; print(s.SECRET_KEY, *s.SECRET_KEY_FALLBACKS)"
    said = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, env=here, capture_output=True, text=True, check=True)
    assert said.stdout.split() == [NEW, OLD]


def test_an_empty_file_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("\n")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is empty"):
        environment.lines("SECRET_KEY")
