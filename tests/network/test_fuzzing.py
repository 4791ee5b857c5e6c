"""Whatever is sent to the public API, it answers in its own shape and never with a server error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from rest_framework.views import APIView

from clair_portal.search import throttle
from tests.cast import make_cast

EXAMPLES = 250  # times seven operations

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_connection() -> Iterator[None]:
    """The server would close the connection of the test's transaction between two requests."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def api_schema(db: None, one_connection: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(APIView, "throttle_classes", [])
    monkeypatch.setattr(throttle, "passes", lambda _address, _at: True)
    make_cast()
    return schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())


def needs_token(operation: Any) -> bool:
    """What is not public is fuzzed with a token in tests/offices/test_api_fuzzing.py."""
    return {} not in operation.ok().definition.raw.get("security", [{}])


def test_no_request_makes_the_api_fail(api_schema: Any) -> None:
    conforms = schemathesis.checks.CHECKS.get_one("response_schema_conformance")
    asked = 0

    def ask(case: Any) -> None:
        nonlocal asked
        asked += 1
        response = case.call()
        assert response.status_code < 500, response.text
        if response.status_code >= 400:
            assert set(response.json()) == {"error"}
        elif response.status_code == 200:
            case.validate_response(response, checks=[conforms])

    for operation in api_schema.get_all_operations():
        if needs_token(operation):
            continue
        strategy = operation.ok().as_strategy()
        settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)(
            given(strategy)(ask)
        )()
    assert asked >= 1000
