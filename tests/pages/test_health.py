from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from clair_portal.outbox.models import Message
from tests.conftest import WebClient

pytestmark = pytest.mark.django_db


def test_healthz_answers_without_database(django_assert_num_queries: Callable[..., object]) -> None:
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        response = Client().get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@override_settings(REDIS_URL="")
def test_readyz_is_well_without_a_broker() -> None:
    """The relay works alone: a missing broker degrades, it does not stop the portal."""
    response = WebClient().get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {"database": True, "broker": False, "oldest_undone_seconds": 0.0},
    }


@override_settings(REDIS_URL="")
def test_readyz_says_so_when_work_waits_for_too_long() -> None:
    Message.objects.create(
        key="old", event="x", subject_type="x", subject_id="1", due_at=timezone.now() - dt.timedelta(minutes=5)
    )
    response = WebClient().get("/readyz")
    assert response.status_code == 503
    assert response.json()["status"] == "unwell"
    assert 299 < response.json()["checks"]["oldest_undone_seconds"] < 320
