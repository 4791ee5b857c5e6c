"""Whatever a program with a token sends to requests and statistics, it gets an answer in the one shape and no server error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.views import APIView

from clair_portal.casework.models import Case
from tests.casework.travel import case_in
from tests.cast import make_cast
from tests.network.test_fuzzing import needs_token, one_connection
from tests.offices import research_travel
from tests.offices.conftest import secret_of
from tests.offices.foreign_travel import arrived

assert one_connection
EXAMPLES = 70  # times thirteen operations
PEOPLE = ("otaru", "hokkaido", "hq_officer", "london", "nobody")
STATES = ("draft", "branch_check", "triage", "referred", "in_progress", "reported", "closed")
RESEARCH = ("draft", "triage", "letter_awaited", "in_progress", "answered")
pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None, one_connection: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Requests in seven states, research in five, one from abroad, tokens of five people, and the schema."""
    monkeypatch.setattr(APIView, "throttle_classes", [])
    cast = make_cast()
    cases = [case_in(cast, state).pk for state in STATES]
    cases += [research_travel.case_in(cast, state).pk for state in RESEARCH]
    cases.append(arrived().pk)
    tokens = [secret_of(cast, person) for person in PEOPLE]
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())
    yield {"cases": cases, "tokens": tokens, "schema": schema}


def test_no_request_with_a_token_makes_the_api_fail(world: dict[str, Any]) -> None:
    conforms = schemathesis.checks.CHECKS.get_one("response_schema_conformance")
    statuses = Counter[int]()

    def ask(case: Any, token: str, of: int, pick: int) -> None:
        """Nine times of ten about a request that exists, eight of ten over its version."""
        if "id" in (case.path_parameters or {}) and pick < 9:
            case.path_parameters["id"] = of
        headers = {"Authorization": f"Bearer {token}"}
        if case.method in ("POST", "PATCH") and pick < 8:
            headers["If-Match"] = f'"{Case.objects.get(pk=of).version}"'
        with transaction.atomic():
            response = case.call(headers=headers)
            transaction.set_rollback(True)
        statuses[response.status_code] += 1
        assert response.status_code < 500, response.text
        if response.status_code >= 400:
            assert set(response.json()) == {"error"}
        elif response.status_code in (200, 201) and response.headers["content-type"] == ["application/json"]:
            case.validate_response(response, checks=[conforms])

    for operation in world["schema"].get_all_operations():
        if needs_token(operation):
            strategy = operation.ok().as_strategy()
            settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)(
                given(strategy, st.sampled_from(world["tokens"]), st.sampled_from(world["cases"]), st.integers(0, 9))(
                    ask
                )
            )()
    assert sum(statuses.values()) >= 400
    assert {200, 201, 400, 403, 404} <= set(statuses)
