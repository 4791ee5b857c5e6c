"""With the real web login, on a connection that is kept: nothing of one person reaches the next."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest
from django.conf import settings as django_settings
from django.db import ProgrammingError, connection, connections, transaction
from django.test import Client

from clair_portal.casework.models import Case
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.cast import make_cast
from tests.walls.scene import Scene, make_scene
from tests.walls.test_tasks import everything, run, titles
from tests.walls.urls import CLEAN, state_of_connection


@pytest.fixture(autouse=True)
def provoking_urls(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.walls.urls"


@pytest.fixture
def committed_scene(transactional_db: None) -> Iterator[Scene]:
    with transaction.atomic():
        scene = make_scene(make_cast())
    yield scene


def in_the_web_process(monkeypatch: pytest.MonkeyPatch, work: Callable[[], Any], login: str = "portal_web") -> Any:
    """In a thread of its own, whose one connection has that login and is kept between requests."""
    connection.ensure_connection()
    monkeypatch.setitem(connections.settings["default"], "USER", login)
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(work())
        except BaseException as error:
            found.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(found[0], BaseException):
        raise found[0]
    return found[0]


def signed_in_clients(scene: Scene, *people: str) -> dict[str, Client]:
    clients = {person: Client(raise_request_exception=False) for person in people}
    for person, client in clients.items():
        client.force_login(scene.cast.users[person], backend=django_settings.AUTHENTICATION_BACKENDS[0])
    return clients


def test_a_kept_connection_carries_nothing_from_one_person_to_the_next(
    committed_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = signed_in_clients(committed_scene, "otaru", "london", "hq_officer")
    kinds = ("exception", "missing", "denied", "answers 500", "caught", "caught in a savepoint", "fine")

    def visit() -> list[tuple[str, str, list[str]]]:
        found = []
        for person, client in clients.items():
            for path in ("who/", "lazy/", "stream/naive/", *(f"trial/{kind}/" for kind in kinds)):
                response = client.get(f"/desk/{path}")
                if getattr(response, "streaming", False):
                    list(response.streaming_content)
                found.append((person, path, state_of_connection()))
        return found

    assert [entry for entry in in_the_web_process(monkeypatch, visit) if entry[2] != CLEAN] == []


@pytest.mark.second_wall
def test_the_web_process_alone_sees_nothing_and_cannot_become_system(
    committed_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look() -> tuple[int, str]:
        with pytest.raises(ProgrammingError) as caught, acting(SYSTEM_SCOPE):
            pass
        return Case.objects.count(), str(caught.value)

    seen, error = in_the_web_process(monkeypatch, look)
    assert seen == 0
    assert "permission denied to set role" in error


@pytest.mark.second_wall
def test_a_real_server_answers_each_person_with_their_own_rows(walled_live_server: Any) -> None:
    with transaction.atomic():
        scene = make_scene(make_cast())
    clients = signed_in_clients(scene, "otaru", "london", "sapporo")
    wanted = {
        "otaru": "otaru_draft otaru_london otaru_returned",
        "london": "osaka_two otaru_london",
        "sapporo": "sapporo_draft",
    }
    got: list[tuple[str, str]] = []

    def fetch(person: str) -> None:
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in clients[person].cookies.items())
        with urlopen(Request(walled_live_server.url + "/desk/lazy/", headers={"Cookie": cookies})) as page:
            got.append((person, " ".join(sorted(page.read().decode().split()))))

    threads = [threading.Thread(target=fetch, args=(person,)) for person in [*clients] * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted((person, wanted[person]) for person in [*clients] * 3)


def test_acting_as_system_needs_the_login_of_the_worker(
    committed_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert in_the_web_process(monkeypatch, lambda: run(everything), login="portal_worker") == 8
    with pytest.raises(ProgrammingError, match="permission denied to set role"):
        in_the_web_process(monkeypatch, lambda: run(everything), login="portal_web")


@pytest.mark.parametrize("login", ["portal_worker", "portal_web"])
def test_a_persons_task_sees_the_same_by_both_logins(
    committed_scene: Scene, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    user = committed_scene.cast.users["london"].pk
    assert in_the_web_process(monkeypatch, lambda: run(titles, user), login) == ["osaka_two", "otaru_london"]
