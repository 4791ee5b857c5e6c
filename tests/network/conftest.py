from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.conftest import WebClient

_FRAME = re.compile(
    r"set_config|current_setting|SAVEPOINT|django_session|portal_reader|accounts_user|walls_cache|outbox_"
)


@pytest.fixture(scope="module")
def reference(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The reference data, loaded once for a file of tests; gives what the command said."""
    with django_db_blocker.unblock(), transaction.atomic():
        said = StringIO()
        call_command("load_reference", stdout=said)
        yield said.getvalue()
        transaction.set_rollback(True)


@pytest.fixture
def stranger(db: None) -> WebClient:
    return WebClient(raise_request_exception=False)


@pytest.fixture
def queries_of() -> Callable[[WebClient, str], list[str]]:
    """The statements a page asks itself: without those of session, reader, scope and frame."""

    def count(client: WebClient, address: str) -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return [query["sql"] for query in seen.captured_queries if not _FRAME.search(query["sql"])]

    return count
