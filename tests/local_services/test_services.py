"""Real PostgreSQL and Valkey in a temporary state folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
import redis

from clair_portal.local_services import Failure, services
from clair_portal.local_services.account import server_account
from clair_portal.local_services.state import (
    LONGEST_SOCKET_NAME,
    LONGEST_SOCKET_PATH,
    opened,
    requested_folder,
    root_folder,
    socket_folder,
)

NAMED = ("DATABASE_URL", "DATABASE_URL_FILE", "REDIS_URL", "REDIS_URL_FILE", "SECRET_KEY", "STATE", "MAKELEVEL")
RUN = [sys.executable, "-m", "clair_portal.local_services"]


@pytest.fixture(autouse=True)
def no_services_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make test` itself runs on private services; these tests start their own."""
    for name in NAMED:
        monkeypatch.delenv(name, raising=False)


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """Reachable by the account that runs the servers, which pytest's own tmp_path is not when root runs the tests."""
    parent = Path(tempfile.mkdtemp(prefix="portal-test-"))
    parent.chmod(0o755)
    yield parent / "state"
    shutil.rmtree(parent)


@pytest.fixture
def folder() -> Iterator[Path]:
    with reachable_folder() as path:
        yield path


@pytest.fixture(scope="module")
def started() -> Iterator[dict[str, str]]:
    """One set of services for the tests that only look at it."""
    with pytest.MonkeyPatch.context() as patch, reachable_folder() as path:
        for name in NAMED:
            patch.delenv(name, raising=False)
        with services(path, fast=True) as variables:
            yield variables


def processes_of(folder: Path) -> list[str]:
    """Command lines and working folders that name the state folder or its sockets."""
    sockets = str(socket_folder(folder, server_account()))
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            about = f"{entry.joinpath('cwd').readlink()} {entry.joinpath('cmdline').read_text()}"
        except OSError:
            continue
        if str(folder) in about or sockets in about:
            found.append(about)
    return found


def eventually(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_services_start_answer_and_leave_no_process(folder: Path) -> None:
    with services(folder, fast=True) as variables:
        with psycopg.connect(variables["DATABASE_URL"]) as connection:
            assert connection.execute("select current_user, current_database()").fetchone() == (
                "portal_owner",
                "portal",
            )
            names = connection.execute("select extname from pg_extension order by 1").fetchall()
            assert names == [("btree_gist",), ("pg_trgm",), ("plpgsql",)]
            assert connection.execute("show listen_addresses").fetchone() == ("",)
        broker = redis.Redis.from_url(variables["REDIS_URL"])
        assert broker.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        broker.close()
        assert variables["STATE"] == str(folder)
        assert processes_of(folder)
    assert processes_of(folder) == []


def test_databases_made_later_have_the_extensions_too(started: dict[str, str]) -> None:
    with psycopg.connect(started["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("create database test_portal")
    with psycopg.connect(started["DATABASE_URL"].replace("/portal?", "/test_portal?")) as connection:
        assert connection.execute("select 'abc' <-> 'abc'").fetchone() == (0.0,)


def test_sockets_and_secret_key_are_private(started: dict[str, str]) -> None:
    sockets = Path(started["DATABASE_URL"].rpartition("host=")[2])
    assert oct(sockets.stat().st_mode & 0o777) == "0o700"
    assert oct((Path(started["STATE"]) / "secret-key").stat().st_mode & 0o777) == "0o600"


def test_second_start_on_a_running_state_is_refused_with_a_sentence(started: dict[str, str]) -> None:
    with pytest.raises(Failure, match="are already running") as second, services(Path(started["STATE"]), fast=True):
        pass
    assert second.value.status == 2


def test_second_start_reuses_data_and_secret_key_even_after_kill_9(folder: Path) -> None:
    environment = os.environ | {"STATE": str(folder)}
    made = "create table kept (word text); insert into kept values ('still here')"
    script = f"import os, psycopg; psycopg.connect(os.environ['DATABASE_URL'], autocommit=True).execute({made!r})"
    sleeper = f"{script}; print(os.environ['SECRET_KEY'], flush=True); import time; time.sleep(60)"
    with subprocess.Popen(
        [*RUN, "run", "--", sys.executable, "-c", sleeper], env=environment, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        key = next(line.strip() for line in first.stdout if " " not in line)
        server = (folder / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0]
        os.kill(int(server), signal.SIGKILL)
        first.kill()
    with services(folder, fast=True) as variables:
        assert variables["SECRET_KEY"] == key
        with psycopg.connect(variables["DATABASE_URL"]) as connection:
            assert connection.execute("select word from kept").fetchone() == ("still here",)
    # The number in a stale pid file may belong to a living stranger by now.
    (folder / "postgres" / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    with services(folder, fast=True) as variables:
        psycopg.connect(variables["DATABASE_URL"]).close()


def test_killing_the_parent_takes_the_servers_with_it(folder: Path) -> None:
    environment = os.environ | {"STATE": str(folder)}
    with subprocess.Popen([*RUN, "run", "--test", "--", "sleep", "60"], env=environment) as parent:
        tested = folder.with_name("state-test")
        assert eventually(lambda: "sleep\x0060\0" in processes_of_group(parent.pid))
        parent.kill()
    assert eventually(lambda: processes_of(tested) == [])
    shutil.rmtree(socket_folder(tested, server_account()))  # the next start would; there is none


def processes_of_group(parent: int) -> list[str]:
    """Command lines of its children; one that ended since the list was read has none."""
    lines = []
    for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        with suppress(OSError):
            lines.append(Path(f"/proc/{child}/cmdline").read_text())
    return lines


def test_run_returns_the_exit_status_of_the_command(folder: Path, started: dict[str, str]) -> None:
    given = {name: started[name] for name in ("DATABASE_URL", "REDIS_URL")}
    command = [*RUN, "run", "--test", "--", "sh", "-c", "exit 7"]
    assert subprocess.run(command, env=os.environ | given | {"STATE": str(folder)}).returncode == 7
    assert not folder.exists(), "tests must never touch the demo's state"


@pytest.mark.parametrize(
    ("name", "value", "begins"),
    [
        (
            "DATABASE_URL",
            "postgresql://me:secret@127.0.0.1:1/portal",
            "The database in DATABASE_URL (postgresql://127.0.0.1:1/portal)",
        ),
        ("REDIS_URL", "redis://:secret@127.0.0.1:1/0", "The server in REDIS_URL (redis://127.0.0.1:1/0)"),
        ("REDIS_URL", "nonsense", "The server in REDIS_URL"),
    ],
)
def test_unreachable_address_is_one_sentence_and_starts_nothing(
    folder: Path, name: str, value: str, begins: str
) -> None:
    environment = os.environ | {"STATE": str(folder), name: value}
    done = subprocess.run([*RUN, "run", "--", "true"], env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"{begins}")
    assert "cannot be reached" in done.stderr
    assert "secret" not in done.stderr
    assert done.stderr.count("\n") == 1
    assert not folder.exists()


def test_given_database_is_used_as_it_is(
    folder: Path, started: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", started["DATABASE_URL"])
    monkeypatch.setenv("REDIS_URL", started["REDIS_URL"])
    with services(folder, fast=True) as inner:
        assert inner["DATABASE_URL"] == started["DATABASE_URL"]
        assert inner["REDIS_URL"] == started["REDIS_URL"]
        assert "DATABASE_WEB_URL" not in inner
        assert not (folder / "postgres").exists()


def test_socket_path_is_short_however_long_the_state_path_and_tmpdir_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    found = socket_folder(deep / "state", server_account())
    assert len(os.fsencode(found / LONGEST_SOCKET_NAME)) < LONGEST_SOCKET_PATH
    assert found.parent == Path("/tmp")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the servers to another account")
def test_state_that_the_database_user_cannot_reach_falls_back_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(0o700)
    wanted = tmp_path / "state"
    fallback = root_folder(wanted)
    try:
        with opened(wanted) as state:
            assert state.folder == fallback
        user = server_account().name
        assert capsys.readouterr().out == (
            f"The user {user}, who runs the database, cannot reach {wanted}: using {fallback} instead.\n"
        )
        assert not wanted.exists()
    finally:
        shutil.rmtree(fallback, ignore_errors=True)


def test_foreign_folder_keeps_its_mode(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    (folder / "somebody's file").touch()
    with opened(folder):
        pass
    assert oct(folder.stat().st_mode & 0o777) == "0o755"


def test_tests_have_their_own_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE", "/srv/portal")
    assert requested_folder() == Path("/srv/portal")
    assert requested_folder("-test") == Path("/srv/portal-test")
