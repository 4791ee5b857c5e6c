"""A token acts with its person's postings, never longer than it is valid."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

from django.utils import timezone

from clair_portal.accounts.models import ApiToken
from clair_portal.accounts.tokens import make_token
from clair_portal.walls.scope import acting
from tests.cast import reader
from tests.conftest import WebClient


def secret_of(cast: SimpleNamespace, *, days: int = 30) -> str:
    actor = reader(cast, "otaru", timezone.localdate())
    with acting(actor.scope):
        _row, secret = make_token(
            person=actor.person,
            label="test",
            scopes=["network.read"],
            expires_at=timezone.now() + dt.timedelta(days=days),
        )
    return secret


def ask(secret: str) -> int:
    status: int = WebClient().get("/api/v1/offices/", headers={"Authorization": f"Bearer {secret}"}).status_code
    return status


def test_a_valid_token_is_taken_and_its_use_noted(cast: SimpleNamespace) -> None:
    assert ask(secret_of(cast)) == 200
    assert ApiToken.objects.get().last_used_at is not None


def test_a_wrong_an_expired_and_a_revoked_token_are_refused(cast: SimpleNamespace) -> None:
    assert ask("clair_wrong") == 401
    assert ask(secret_of(cast, days=-1)) == 401
    secret = secret_of(cast)
    ApiToken.objects.update(revoked_at=timezone.now())
    assert ask(secret) == 401


def test_only_a_hash_of_the_token_is_stored(cast: SimpleNamespace) -> None:
    secret = secret_of(cast)
    row = ApiToken.objects.get()
    assert secret not in {row.digest, row.start}
    assert len(row.digest) == 64
