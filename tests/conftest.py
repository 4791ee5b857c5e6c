"""The test connection is the owner's, so factories write anything. A request, a task or `acting()` steps down to a real role."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from playwright.sync_api import Browser, sync_playwright

from clair_portal.calendars import eras
from clair_portal.walls.row_security import TABLES
from tests.browser.chromium import FLAGS, chromium
from tests.cast import PASSWORD, make_cast

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's sync API runs inside an event loop


LONGEST_FIRST = [
    "tests/walls/test_matrix.py", "tests/outbox/test_end_to_end.py", "tests/walls/test_attacks.py", "tests/browser/",
]  # fmt: skip
COUNTED = "counted"
OTHERS = """select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
 and pid <> pg_backend_pid() and backend_type = 'client backend'"""  # not the database's own sweepers


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several processes the longest files begin first, so that none is left over for one process at the end."""

    def place(item: pytest.Item) -> int:
        return next((at for at, start in enumerate(LONGEST_FIRST) if item.nodeid.startswith(start)), len(LONGEST_FIRST))

    if os.environ.get("PYTEST_XDIST_WORKER_COUNT"):
        items.sort(key=place)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What tests counted (`record_property`), also when they ran in another process."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties if report.when == "call" else ():
            if name == COUNTED:
                terminalreporter.write_line(str(value))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """SECOND_WALL=off takes row-level security away, to show that the first wall stands alone as well.

    At the end threads of a live server may still be connected; the database is dropped all the same.
    """
    if os.environ.get("SECOND_WALL") == "off":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            for table in TABLES.values():
                if table.guarded:
                    cursor.execute(f'alter table "{table.name}" disable row level security')
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(OTHERS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium of the system for all tests of a process."""
    program = chromium()
    if program is None:
        pytest.skip("No Chromium here. To run the browser tests: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(autouse=True)
def state_folder(tmp_path: Any, settings: Any) -> None:
    """Documents, head files and mails of a test go to its own folder."""
    settings.STATE = tmp_path
    settings.LOG_HEADS_DIR = tmp_path / "log-heads"
    documents = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "documents")},
    }
    settings.STORAGES = {**settings.STORAGES, "documents": documents}


@pytest.fixture(autouse=True, scope="session")
def eras_are_read_once() -> None:
    """The portal reads them again each minute. A minute that ends between two visits is a statement of neither page."""
    eras.SECONDS_KEPT = 10**9


@pytest.fixture(autouse=True)
def fresh_throttles() -> Iterator[None]:
    """API throttles count in the cache; a test begins with empty ones."""
    yield
    from django.core.cache import caches

    cache = caches["default"]
    if not hasattr(cache, "_table"):
        cache.clear()


@contextmanager
def logged_in_to_database_as(role: str) -> Iterator[None]:
    """What the web process is outside a scope. RESET by hand, because a released savepoint would keep it."""
    local = connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("select set_config('role', %s, %s)", [role, local])
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("select set_config('role', 'none', %s)", [local])


class WebClient(Client):
    """Session, user and everything else outside the scope is done as the web login, as in production."""

    def request(self, **request: Any) -> Any:
        with logged_in_to_database_as("portal_web"):
            return super().request(**request)


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    return make_cast()


@pytest.fixture
def cast_with_passwords(db: None) -> SimpleNamespace:
    return make_cast(PASSWORD)


@pytest.fixture
def browse(cast: SimpleNamespace) -> Callable[..., WebClient]:
    """browse("otaru") is a client signed in as that person; browse(None) is a stranger."""

    def sign_in(person: str | None, **headers: Any) -> WebClient:
        client = WebClient(raise_request_exception=False, headers=headers or None)
        if person:
            client.force_login(cast.users[person], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return sign_in


@pytest.fixture
def walled_live_server(transactional_db: None, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """New connections (the server's threads) log in as the real web login; this thread keeps the owner's connection."""
    connection.ensure_connection()
    monkeypatch.setitem(connections.settings["default"], "USER", "portal_web")
    return live_server
