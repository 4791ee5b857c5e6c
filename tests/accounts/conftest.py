from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from clair_portal.outbox.models import Email
from tests.cast import PASSWORD
from tests.conftest import WebClient


@pytest.fixture
def people(cast_with_passwords: SimpleNamespace) -> SimpleNamespace:
    """The cast as it is in production: with passwords and proven addresses."""
    for user in cast_with_passwords.users.values():
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return cast_with_passwords


@pytest.fixture
def sign_in(people: SimpleNamespace) -> Callable[..., WebClient]:
    """By the form, as a person does it."""

    def by_form(who: str, password: str = PASSWORD, client: WebClient | None = None, **extra: Any) -> WebClient:
        client = client or WebClient()
        client.answer = client.post("/accounts/login/", {"login": f"{who}@example.org", "password": password}, **extra)
        return client

    return by_form


def newest_mail() -> Email:
    found = Email.objects.order_by("-created_at").first()
    assert found is not None
    return found


def code_in(text: str) -> str:
    """The code of an invitation in a mail."""
    return re.search(r"invitation/([0-9A-Z-]{24})/", text)[1]
