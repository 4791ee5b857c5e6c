"""What the demo says when it cannot start, and how it keeps processes running."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clair_portal.local_services.account import Account
from clair_portal.local_services.address import bindable
from clair_portal.local_services.catalogues import compile_catalogues
from clair_portal.local_services.failure import Failure
from clair_portal.local_services.fingerprint import of_files, source_files
from clair_portal.local_services.process import Process
from clair_portal.local_services.supervisor import Supervisor

DEMO = [sys.executable, "-m", "clair_portal.local_services", "demo"]


def program(tmp_path: Path, script: str) -> Process:
    return Process("fake", ["sh", "-c", script], os.environ, tmp_path / "fake.log", Account("me"))


def die_and_be_restarted(fake: Process, supervisor: Supervisor, now: float) -> None:
    assert fake.running is not None
    fake.running.wait()
    supervisor.look(now)
    supervisor.look(now + 4.9)


def test_busy_port_is_one_sentence_and_starts_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        environment = os.environ | {"PORT": str(port), "STATE": str(tmp_path / "state")}
        done = subprocess.run(DEMO, env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"Port {port} is already in use: stop the program that has it, or choose another, for example:"
        f" make demo PORT={port + 1}\n"
    )
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("value", ["eighty", "0", "65536", "-1"])
def test_nonsense_port_is_one_sentence(value: str) -> None:
    done = subprocess.run(DEMO, env=os.environ | {"PORT": value}, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, f"PORT must be a number from 1 to 65535, not '{value}'.\n")


def test_port_that_was_just_left_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            accepted, _ = server.accept()
            accepted.close()
            client.recv(1)
    assert f"127.0.0.1:{port}" in bindable(port)


def test_dead_process_is_started_again_after_a_growing_pause(tmp_path: Path) -> None:
    fake = program(tmp_path, "exit 3")
    supervisor = Supervisor([fake])
    fake.start()
    assert fake.running is not None
    fake.running.wait()
    supervisor.look(now=100.0)
    first = fake.running
    supervisor.look(now=100.4)
    assert fake.running is first, "it must wait half a second"
    supervisor.look(now=100.6)
    assert fake.running is not first
    fake.stop()


def test_process_that_dies_five_times_in_a_minute_is_given_up_with_its_last_words(tmp_path: Path) -> None:
    fake = program(tmp_path, "echo out of luck; exit 3")
    supervisor = Supervisor([fake])
    fake.start()
    for now in (0.0, 5.0, 10.0, 15.0):
        die_and_be_restarted(fake, supervisor, now)
    assert fake.running is not None
    fake.running.wait()
    with pytest.raises(Failure, match="fake stopped 5 times within a minute, last with: out of luck"):
        supervisor.look(now=20.0)
    fake.stop()


def test_process_that_dies_now_and_then_is_never_given_up(tmp_path: Path) -> None:
    fake = program(tmp_path, "exit 1")
    supervisor = Supervisor([fake])
    fake.start()
    for now in range(0, 400, 20):
        die_and_be_restarted(fake, supervisor, float(now))
    fake.stop()


def test_stopping_takes_grandchildren_along(tmp_path: Path) -> None:
    fake = program(tmp_path, "sleep 60 & echo $!; trap '' TERM; wait")
    fake.patience = 0.3
    fake.start()
    while not fake.log.exists() or not fake.log.read_text().strip():
        pass
    grandchild = int(fake.log.read_text())
    fake.stop()
    deadline = time.monotonic() + 5
    while lives(grandchild):  # the kernel takes a moment on a busy machine
        assert time.monotonic() < deadline
        time.sleep(0.01)


def lives(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_catalogues_compile_only_when_they_changed(tmp_path: Path) -> None:
    po = tmp_path / "ja" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Office"\nmsgstr "事務所"\n')
    assert compile_catalogues(tmp_path) == [po]
    assert "事務所".encode() in po.with_suffix(".mo").read_bytes()
    assert compile_catalogues(tmp_path) == []


def test_malformed_catalogue_is_named(tmp_path: Path) -> None:
    po = tmp_path / "ja" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text("nonsense\n")
    with pytest.raises(ValueError, match=r"django\.po"):
        compile_catalogues(tmp_path)
    assert not po.with_suffix(".mo").exists()


def test_fingerprint_sees_names_and_contents(tmp_path: Path) -> None:
    one, two = Path("one.csv"), Path("two.csv")
    (tmp_path / one).write_text("a")
    (tmp_path / two).write_text("b")
    before = of_files(tmp_path, [one, two])
    assert before == of_files(tmp_path, [two, one])
    (tmp_path / two).write_text("c")
    assert before != of_files(tmp_path, [one, two])
    assert before != of_files(tmp_path, [one])


def test_source_files_leave_out_tests_and_what_was_made(tmp_path: Path) -> None:
    for path in ("static/a.css", "offices/static/b.css", "tests/c.py", ".venv/d.py", "jet/__pycache__/e.pyc"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).touch()
    assert sorted(source_files(tmp_path)) == [Path("offices/static/b.css"), Path("static/a.css")]
