"""The virus check against a small server that speaks clamd's INSTREAM, and what becomes of files that wait for it."""

from __future__ import annotations

import socket
import socketserver
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from clair_portal.casework.models import Case, CaseFile
from clair_portal.documents.models import Check
from clair_portal.documents.scanning import scan
from clair_portal.documents.services import hand_out, inspect, receive, scan_again
from clair_portal.documents.sniffing import Refused
from clair_portal.walls.scope import acting
from tests.cast import reader

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def speak_instream(connection: socket.socket) -> bytes:
    """Reads one INSTREAM conversation as clamd does and returns what was sent."""
    stream = connection.makefile("rb")
    assert stream.read(10) == b"zINSTREAM\0"
    content = b""
    while size := struct.unpack(">I", stream.read(4))[0]:
        content += stream.read(size)
    return content


def clean_or_found(connection: socket.socket) -> None:
    content = speak_instream(connection)
    connection.sendall(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


def hang_up(connection: socket.socket) -> None:
    connection.recv(10)


def size_limit(connection: socket.socket) -> None:
    speak_instream(connection)
    connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")


@contextmanager
def scanner(settings: Any, behave: Callable[[socket.socket], None], unix: bool = False) -> Iterator[None]:
    class Conversation(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            behave(self.request)

    with tempfile.TemporaryDirectory() as folder:
        address: Any = f"{folder}/clamd.sock" if unix else ("127.0.0.1", 0)
        kind = socketserver.ThreadingUnixStreamServer if unix else socketserver.ThreadingTCPServer
        with kind(address, Conversation) as server:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
            settings.CLAMAV_ADDRESS = address if unix else f"127.0.0.1:{server.server_address[1]}"
            yield
            server.shutdown()


@pytest.mark.parametrize("unix", [False, True])
def test_the_scanner_calls_a_clean_file_clean_and_finds_the_test_virus(settings: Any, unix: bool) -> None:
    with scanner(settings, clean_or_found, unix):
        assert scan(b"hello" * 50_000) == Check.CLEAN
        assert scan(EICAR) == Check.INFECTED


@pytest.mark.parametrize("behave", [hang_up, size_limit])
def test_a_scanner_that_does_not_decide_leaves_the_file_in_quarantine(settings: Any, behave: Any) -> None:
    with scanner(settings, behave):
        assert scan(b"hello" * 50_000) == Check.QUARANTINED


def test_a_scanner_that_is_not_there_leaves_the_file_in_quarantine(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings.CLAMAV_ADDRESS = f"127.0.0.1:{port}"
    assert scan(b"hello") == Check.QUARANTINED


def test_without_a_scanner_the_file_says_that_it_was_not_checked(settings: Any) -> None:
    settings.CLAMAV_ADDRESS = ""
    assert scan(b"hello") == Check.NOT_SCANNED
    assert str(Check.NOT_SCANNED.label) == "not checked for viruses: no scanner is set up"


def test_an_infected_file_is_refused_and_nothing_is_stored(settings: Any, tmp_path: Path) -> None:
    with scanner(settings, clean_or_found), pytest.raises(Refused, match=r"^The virus check refused this file\.$"):
        receive(SimpleUploadedFile("memo.txt", EICAR))
    assert not (tmp_path / "documents").exists()


def stored(cast: Any, content: bytes = b"hello", name: str = "小樽市の依頼書.txt") -> CaseFile:
    otaru = cast.places["otaru"]
    case = Case.objects.create(kind="offices.request", title="視察", applicant=otaru, state="draft")
    received = receive(SimpleUploadedFile(name, content))
    return CaseFile.objects.create(case=case, author=otaru, side="applicant", **received.fields())


def test_a_file_in_quarantine_is_not_handed_out_until_the_scanner_answers_again(cast: Any, settings: Any) -> None:
    with scanner(settings, hang_up):
        paper = stored(cast)
        assert paper.check_state == Check.QUARANTINED
        with pytest.raises(PermissionDenied):
            hand_out(paper)
        assert scan_again(paper) is False
    with scanner(settings, clean_or_found):
        assert scan_again(paper) is True
    paper.refresh_from_db()
    assert paper.check_state == Check.CLEAN
    with closing(hand_out(paper)) as response:
        assert b"".join(response.streaming_content) == b"hello"


def test_a_file_found_infected_later_is_deleted_and_stays_closed(
    cast: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with scanner(settings, hang_up):
        paper = stored(cast, EICAR)
    with scanner(settings, clean_or_found), django_capture_on_commit_callbacks(execute=True):
        assert scan_again(paper) is True
    paper.refresh_from_db()
    assert paper.check_state == Check.INFECTED
    assert not storages["documents"].exists(paper.key)
    with pytest.raises(PermissionDenied):
        hand_out(paper)


def test_files_lie_outside_the_web_root_under_random_names_for_the_owner_only(
    cast: Any, settings: Any, tmp_path: Path
) -> None:
    first, second = stored(cast), stored(cast)
    assert first.key != second.key
    path = tmp_path / "documents" / first.key
    assert path.read_bytes() == b"hello"
    assert path.stat().st_mode & 0o777 == 0o600
    assert "小樽" not in first.key
    assert len(path.name) == 32
    assert Path(settings.STATIC_ROOT) not in path.parents
    assert first.sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert first.size == 5


def test_a_download_is_attached_under_its_japanese_name_and_shown_in_no_page(cast: Any) -> None:
    with closing(hand_out(stored(cast))) as response:
        assert b"".join(response.streaming_content) == b"hello"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E5%B0%8F%E6%A8%BD%E5%B8%82%E3%81%AE%E4%BE%9D%E9%A0%BC%E6%9B%B8.txt"
    )
    assert response["Content-Type"] == "text/plain"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"


def test_inspecting_stores_nothing(tmp_path: Path) -> None:
    assert inspect(SimpleUploadedFile("memo.txt", b"hello"))[0] == "memo.txt"
    assert not (tmp_path / "documents").exists()


def test_one_person_cannot_fill_the_storage_in_a_day(cast: Any, settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENT_DAILY_BYTES = 10 * 1024 * 1024
    half = b"x" * (5 * 1024 * 1024)
    with acting(reader(cast, "otaru").scope):
        for name in ("1.txt", "2.txt"):
            receive(SimpleUploadedFile(name, half))
        with pytest.raises(Refused, match=r"^You have sent 10 MB of files today, which is the most for one day\.$"):
            receive(SimpleUploadedFile("3.txt", b"one more"))
    with acting(reader(cast, "hakodate").scope):
        receive(SimpleUploadedFile("4.txt", b"somebody else"))
    assert len([path for path in (tmp_path / "documents").rglob("*") if path.is_file()]) == 3
