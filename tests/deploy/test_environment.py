"""Addresses of services as the settings read them: TLS between machines is a matter of the address."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from clair_portal.settings import environment


def test_tls_to_the_database_is_said_in_its_address() -> None:
    found = environment.database(
        "postgresql://portal_web:p%40ss@db.internal:5433/portal?sslmode=verify-full&sslrootcert=/run/secrets/ca"
    )
    assert found["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/run/secrets/ca"}
    assert (found["HOST"], found["PORT"], found["USER"], found["PASSWORD"]) == (
        "db.internal",
        "5433",
        "portal_web",
        "p@ss",
    )


def test_one_login_of_a_hosted_database_starts_as_the_role_of_the_process() -> None:
    found = environment.database("postgresql://owner@db/portal?sslmode=require", startup_role="portal_web")
    assert found["OPTIONS"] == {"sslmode": "require", "options": "-c role=portal_web"}


def test_tls_to_the_broker_passes_as_it_is_and_sockets_get_celerys_name() -> None:
    assert environment.broker("rediss://:secret@valkey.internal:6380/0?ssl_cert_reqs=CERT_REQUIRED") == (
        "rediss://:secret@valkey.internal:6380/0?ssl_cert_reqs=CERT_REQUIRED"
    )
    assert environment.broker("unix:///run/valkey.sock") == "redis+socket:///run/valkey.sock?virtual_host=0"


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="must begin with postgresql://"):
        environment.database("mysql://x@y/z")
