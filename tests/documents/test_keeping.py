"""Stored files and their rows are kept together: what waits is scanned, what no row names goes."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from clair_portal.casework.models import CaseFile
from clair_portal.documents import keeping
from clair_portal.documents.models import Check
from clair_portal.documents.services import receive
from clair_portal.outbox import schedule
from clair_portal.walls.row_security import TABLES, Rows, Table
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.documents.test_scanning import EICAR, clean_or_found, hang_up, scanner, speak_instream, stored

OLD = dt.timedelta(hours=47)


def undecided_about_large_files(connection: Any) -> None:
    content = speak_instream(connection)
    connection.sendall(b"INSTREAM size limit exceeded. ERROR\0" if len(content) > 1000 else b"stream: OK\0")


def states() -> list[str]:
    return sorted(CaseFile.objects.values_list("name", "check_state"))


def test_a_file_the_scanner_does_not_decide_stops_no_other(cast: Any, settings: Any) -> None:
    with scanner(settings, hang_up):
        for name, content in (("1.txt", b"x" * 2000), ("2.txt", b"hello"), ("3.txt", b"y" * 2000), ("4.txt", b"again")):
            stored(cast, content, name)
    with scanner(settings, undecided_about_large_files), acting(SYSTEM_SCOPE):
        keeping.scan_waiting(timezone.now())
    assert states() == [("1.txt", "quarantined"), ("2.txt", "clean"), ("3.txt", "quarantined"), ("4.txt", "clean")]


def test_a_file_that_is_missing_in_the_storage_stops_no_other(cast: Any, settings: Any) -> None:
    with scanner(settings, hang_up):
        storages["documents"].delete(stored(cast, b"gone", "1.txt").key)
        stored(cast, b"hello", "2.txt")
    with scanner(settings, clean_or_found), acting(SYSTEM_SCOPE):
        keeping.scan_waiting(timezone.now())
    assert states() == [("1.txt", "quarantined"), ("2.txt", "clean")]


def test_more_files_than_one_turn_takes_are_all_scanned_after_a_few_turns(
    cast: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    with scanner(settings, hang_up):
        for number in range(5):
            stored(cast, b"hello", f"{number}.txt")
    with scanner(settings, clean_or_found), acting(SYSTEM_SCOPE):
        for _turn in range(3):
            keeping.scan_waiting(timezone.now())
    assert [state for _name, state in states()] == ["clean"] * 5


# --- Orphans --------------------------------------------------------------------------------------------------------


@pytest.fixture
def aged(tmp_path: Path) -> Callable[[str], str]:
    def make_old(key: str) -> str:
        long_ago = (timezone.now() - OLD).timestamp()
        os.utime(tmp_path / "documents" / key, (long_ago, long_ago))
        return key

    return make_old


def sweep_all_folders() -> None:
    """As the relay does it in the course of a day."""
    now = timezone.now()
    with acting(SYSTEM_SCOPE):
        for turn in range(keeping.FOLDERS):
            keeping.sweep_orphans(now + dt.timedelta(seconds=turn * keeping.EVERY) - dt.timedelta(hours=22))


def left() -> set[str]:
    store = storages["documents"]
    return {f"{folder}/{name}" for folder in store.listdir("")[0] for name in store.listdir(folder)[1]}


def rolled_back() -> str:
    """A file of a transaction that fails after it was stored."""
    with pytest.raises(RuntimeError), transaction.atomic():
        key = receive(SimpleUploadedFile("memo.txt", b"hello")).key
        raise RuntimeError
    return key


def test_a_file_whose_transaction_was_rolled_back_goes_after_a_day(cast: Any, aged: Callable[[str], str]) -> None:
    orphan, paper = aged(rolled_back()), aged(stored(cast).key)
    assert left() == {orphan, paper}
    sweep_all_folders()
    assert left() == {paper}


def test_a_file_younger_than_a_day_stays_because_its_transaction_may_still_run(cast: Any) -> None:
    orphan = rolled_back()
    sweep_all_folders()
    assert left() == {orphan}


def test_the_file_of_a_row_that_was_deleted_goes(cast: Any, aged: Callable[[str], str]) -> None:
    paper = stored(cast)
    aged(paper.key)
    paper.delete()
    sweep_all_folders()
    assert left() == set()


def test_an_infected_file_goes_even_when_the_process_died_before_deleting_it(
    cast: Any, settings: Any, aged: Callable[[str], str]
) -> None:
    with scanner(settings, hang_up):
        paper = stored(cast, EICAR)
    aged(paper.key)
    CaseFile.objects.filter(pk=paper.pk).update(check_state=Check.INFECTED)
    sweep_all_folders()
    assert left() == set()


def test_files_of_other_keepers_stay(cast: Any, aged: Callable[[str], str]) -> None:
    others = {
        aged(storages["documents"].save(name, ContentFile(b"{}")))
        for name in ("invitation-sheets/a.json", "ab/readme", "ab/" + "0" * 31)
    }
    sweep_all_folders()
    assert left() == others


def test_a_table_of_files_the_schedule_cannot_read_stops_the_sweep(
    cast: Any, monkeypatch: pytest.MonkeyPatch, aged: Callable[[str], str]
) -> None:
    """Without this, a missing policy would look like a hundred thousand orphans."""
    monkeypatch.setitem(TABLES, "casework_casefile", Table("casework_casefile", {"portal_system": Rows()}))
    paper = aged(stored(cast).key)
    with pytest.raises(LookupError, match="casework_casefile must be readable"):
        sweep_all_folders()
    assert left() == {paper}


def test_every_table_of_files_can_be_read_by_the_schedule() -> None:
    assert CaseFile in keeping.kept_in()


def test_the_relay_runs_both_turns() -> None:
    assert schedule.TURNS["documents.quarantine"].run is keeping.scan_waiting
    assert schedule.TURNS["documents.orphans"].run is keeping.sweep_orphans
    assert schedule.TURNS["documents.orphans"].every == 300
