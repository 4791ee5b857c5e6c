from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clair_portal.walls.management.commands import migrate_safely
from tests.deploy.environments import MANAGE, ROOT, in_database, production

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of this test's own, beside the test database."""
    with django_db_blocker.unblock():
        name = f"{connection.settings_dict['NAME']}_deploy"
        address = in_database("postgres").get("DATABASE_URL")
        if address is None:
            pytest.skip("needs DATABASE_URL")
    try:
        server = psycopg.connect(address, autocommit=True)
    except psycopg.OperationalError as error:
        pytest.skip(f"the owner cannot reach the database postgres: {error}")
    with server:
        server.execute(f'drop database if exists "{name}"')
        server.execute(f'create database "{name}"')
        yield name
        server.execute(f'drop database "{name}" with (force)')


def test_two_at_once_migrate_one_after_the_other(empty_database: str, tmp_path: Path) -> None:
    environment = production(tmp_path, login="owner") | in_database(empty_database)
    both = [
        subprocess.Popen(
            [*MANAGE, "migrate_safely"], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        for _ in range(2)
    ]  # fmt: skip
    said = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sorted("No migrations to apply." in text for text in said) == [False, True]
    assert [text.strip().splitlines()[-1] for text in said] == ["The database is up to date."] * 2
    with psycopg.connect(in_database(empty_database)["DATABASE_URL"]) as database:
        [(policies,)] = database.execute("select count(*) from pg_policies").fetchall()
        assert policies > 50


@pytest.mark.django_db(transaction=True)
def test_a_lock_held_for_too_long_is_an_error_with_a_sentence(tmp_path: Path) -> None:
    address = in_database(connection.settings_dict["NAME"])["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as another:
        another.execute("select pg_advisory_lock(%s)", [migrate_safely.LOCK])
        with pytest.raises(CommandError, match="Another migration has been running for more than 0 s."):
            call_command("migrate_safely", wait=0, verbosity=0)


def test_only_the_owner_may(settings: Any) -> None:
    settings.PORTAL_LOGIN = "web"
    with pytest.raises(CommandError, match="Set PORTAL_LOGIN=owner: only the owner of the tables may change them."):
        call_command("migrate_safely")


def test_a_login_that_inherits_rights_is_found() -> None:
    assert migrate_safely.wrong_logins() == []
    with connection.cursor() as cursor:
        cursor.execute("alter role portal_web inherit")  # taken back with the test's transaction
    assert migrate_safely.wrong_logins() == [
        "portal_web is a superuser, bypasses row-level security or inherits rights"
    ]


def test_a_web_login_that_may_become_system_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("grant portal_system to portal_web")
    assert migrate_safely.wrong_logins() == ["portal_web may become portal_system"]


def test_a_worker_that_may_not_become_system_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("revoke portal_system from portal_worker")
    assert migrate_safely.wrong_logins() == ["portal_worker may not become portal_system"]


def test_passwords_come_from_the_addresses_and_are_sent_as_verifiers(settings: Any) -> None:
    settings.LOGIN_URLS = {
        "web": "postgresql://portal_web:so%2Fsecret@db/portal",
        "worker": "postgresql://somebody_else:secret@db/portal",
    }
    with CaptureQueriesContext(connection) as sent:
        assert migrate_safely.set_passwords() == ["portal_web"]
    [statement] = [query["sql"] for query in sent.captured_queries]
    assert statement.startswith('alter role "portal_web" password \'SCRAM-SHA-256$4096:')
    assert "secret" not in statement


def test_an_address_without_a_password_sets_none(settings: Any) -> None:
    settings.LOGIN_URLS = {"web": "postgresql://portal_web@/portal?host=/run/postgresql", "worker": ""}
    assert migrate_safely.set_passwords() == []
