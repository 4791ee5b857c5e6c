from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from clair_portal.accounts.tokens import make_token
from tests.conftest import WebClient

ALL = ("cases.read", "cases.write", "statistics.read")


def secret_of(cast: SimpleNamespace, person: str, scopes: tuple[str, ...] = ALL) -> str:
    """Made as the owner of the database, so that people without a posting can have one as well."""
    until = timezone.now() + dt.timedelta(days=30)
    _row, secret = make_token(person=cast.people[person].pk, label="test", scopes=list(scopes), expires_at=until)
    return secret


class Program:
    """A program that carries somebody's token."""

    def __init__(self, secret: str) -> None:
        self.client = WebClient(raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"})

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=headers or None)

    def send(self, method: str, path: str, data: Any, **headers: str) -> Any:
        call = getattr(self.client, method)
        return call(f"/api/v1/{path}", data, content_type="application/json", headers=headers or None)

    def post(self, path: str, data: Any, **headers: str) -> Any:
        return self.send("post", path, data, **headers)

    def upload(self, path: str, **data: Any) -> Any:
        return self.client.post(f"/api/v1/{path}", data)

    def move(self, pk: int, key: str, **given: Any) -> Any:
        """A move over the version as it is now."""
        tag = self.get(f"requests/{pk}/")["ETag"]
        return self.post(f"requests/{pk}/transitions/", {"move": key, **given}, if_match=tag)


@pytest.fixture
def program(cast: SimpleNamespace) -> Callable[..., Program]:
    """program("otaru") carries a token of that person."""
    return lambda person, scopes=ALL: Program(secret_of(cast, person, scopes))
