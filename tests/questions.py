"""How many questions a page asks the database."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def questions(client: Any, path: str) -> list[str]:
    """What the page itself asks, between the scope and the answer; signing the reader in costs four more everywhere."""
    client.get(path)  # the session notes its first use
    with CaptureQueriesContext(connection) as caught:
        response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    asked = [query["sql"] for query in caught.captured_queries]
    begins = next(n for n, sql in enumerate(asked) if "set_config('app.org" in sql and "portal_web" not in sql)
    ends = max(n for n, sql in enumerate(asked) if sql.startswith("RELEASE"))
    return asked[begins + 1 : ends]
