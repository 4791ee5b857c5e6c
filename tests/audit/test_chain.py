"""Whoever owns the database can change the log, but not unnoticed."""

from __future__ import annotations

import io
import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from clair_portal.audit import chain
from clair_portal.audit.models import Entry
from clair_portal.audit.services import record
from clair_portal.network.models import Organisation
from clair_portal.walls.scope import SYSTEM_SCOPE, acting


@pytest.fixture
def subject(db: None) -> Organisation:
    return Organisation.objects.create(kind="city", code="012033", name_ja="小樽市", name_en="Otaru")


def written(subject: Organisation, count: int) -> None:
    with acting(SYSTEM_SCOPE):
        for number in range(count):
            record("test.thing.done", subject, number=number, title="運河 “canal”", share=0.5)


@pytest.fixture
def sealed(subject: Organisation) -> Organisation:
    """Six entries in the chain."""
    written(subject, 6)
    assert chain.seal() == 6
    return subject


def faults() -> list[str]:
    with acting(SYSTEM_SCOPE):
        return [fault.message for fault in chain.faults()]


def as_superuser(*statements: str) -> None:
    """What the owner can do: the triggers are off, the policies do not hold."""
    with connection.cursor() as cursor:
        cursor.execute("alter table audit_entry disable trigger user")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("alter table audit_entry enable trigger user")


def test_a_log_nobody_touched_is_whole(sealed: Organisation) -> None:
    assert faults() == []
    said = io.StringIO()
    call_command("verify_log", stdout=said)
    assert said.getvalue() == "The log is whole: 6 entries sealed, 0 waiting for the relay.\n"


def test_entries_wait_for_the_relay_and_are_sealed_in_the_order_of_their_times(subject: Organisation) -> None:
    written(subject, 3)
    assert Entry.objects.filter(sequence=None).count() == 3
    assert (chain.seal(), chain.seal()) == (3, 0)
    numbers = Entry.objects.order_by("sequence").values_list("sequence", "params__number")
    assert list(numbers) == [(1, 0), (2, 1), (3, 2)]


def test_the_head_of_the_day_stands_in_a_file_outside_the_database(sealed: Organisation, settings: Any) -> None:
    (path,) = Path(settings.LOG_HEADS_DIR).iterdir()
    head = json.loads(path.read_text())
    assert head["sequence"] == 6
    assert head["digest"] == bytes(Entry.objects.get(sequence=6).digest or b"").hex()


def test_a_changed_entry_is_found(sealed: Organisation) -> None:
    as_superuser("update audit_entry set params = jsonb_set(params, '{share}', '0.9') where sequence = 3")
    assert faults() == ["entry 3 is not what was sealed"]


@pytest.mark.parametrize(
    "change",
    ["at = at + interval '1 second'", "person = 7", "posting = 7", "actor = '{\"en\": \"Nobody\"}'", "event = 'x'", "subject_id = '0'",
     "side = 'office'", "organisation = 7", "request_id = 'x'", "digest = sha256('x')"],
)  # fmt: skip
def test_a_change_of_any_column_is_found(sealed: Organisation, change: str) -> None:
    as_superuser(f"update audit_entry set {change} where sequence = 6")
    assert "entry 6 is not what was sealed" in faults()


def test_a_deleted_entry_is_found(sealed: Organisation) -> None:
    as_superuser("delete from audit_entry where sequence = 3")
    assert faults() == ["entry 3 is missing"]


def test_two_deleted_entries_are_found(sealed: Organisation) -> None:
    as_superuser("delete from audit_entry where sequence in (3, 4)")
    assert faults() == ["entries 3 to 4 are missing"]


def test_a_deleted_first_entry_is_found(sealed: Organisation) -> None:
    as_superuser("delete from audit_entry where sequence = 1")
    assert faults() == ["entry 1 is missing"]


def test_an_inserted_entry_is_found(sealed: Organisation) -> None:
    as_superuser(
        "update audit_entry set sequence = sequence + 100 where sequence >= 3",
        "update audit_entry set sequence = sequence - 99 where sequence >= 100",
        "insert into audit_entry select gen_random_uuid(), at, person, posting, actor, 'forged', subject_type, subject_id, params, side, "
        "request_id, 3, digest from audit_entry where sequence = 2",
    )
    assert faults()[0] == "entry 3 is not what was sealed"


def rewrite_everything() -> None:
    """A superuser who knows the code: every digest is computed anew, so the chain fits in itself."""
    digest = chain.GENESIS
    for entry in Entry.objects.order_by("sequence"):
        digest = chain.digest_of(entry, digest)
        as_superuser(f"update audit_entry set digest = '\\x{digest.hex()}' where sequence = {entry.sequence}")


def test_a_chain_that_was_rewritten_as_a_whole_contradicts_the_head_file(sealed: Organisation) -> None:
    as_superuser("update audit_entry set event = 'harmless' where sequence = 2")
    rewrite_everything()
    assert faults() == ["entry 6 contradicts the head file of that day"]


def test_an_end_that_was_cut_off_is_found(sealed: Organisation) -> None:
    as_superuser("delete from audit_entry where sequence > 4")
    assert faults() == ["entry 6 of a head file is missing: the end of the log was cut off"]


def test_the_command_says_every_fault_and_fails(sealed: Organisation) -> None:
    as_superuser("update audit_entry set event = 'x' where sequence = 2", "delete from audit_entry where sequence = 4")
    said = io.StringIO()
    with pytest.raises(CommandError, match=r"^The log was changed: 2 faults in 5 entries\.$"):
        call_command("verify_log", stderr=said)
    assert said.getvalue() == "entry 2 is not what was sealed\nentry 4 is missing\n"


def test_entries_sealed_later_hang_on_those_before(sealed: Organisation) -> None:
    written(sealed, 2)
    assert chain.seal() == 2
    assert faults() == []
    assert list(Entry.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_head_that_could_not_be_written_is_written_later(
    subject: Organisation, settings: Any, tmp_path: Path
) -> None:
    written(subject, 2)
    (tmp_path / "full").write_text("")
    right, settings.LOG_HEADS_DIR = settings.LOG_HEADS_DIR, tmp_path / "full" / "heads"
    with pytest.raises(NotADirectoryError):
        chain.seal()
    settings.LOG_HEADS_DIR = right
    assert chain.seal() == 0
    (path,) = Path(right).iterdir()
    assert json.loads(path.read_text())["sequence"] == 2


def test_a_second_scratch_file_of_another_relay_is_no_head(sealed: Organisation, settings: Any) -> None:
    (Path(settings.LOG_HEADS_DIR) / "half-written.new").write_text("{")
    assert faults() == []


@pytest.mark.second_wall
def test_the_system_role_seals_what_is_unsealed_and_changes_nothing_that_is_sealed(sealed: Organisation) -> None:
    with acting(SYSTEM_SCOPE):
        assert Entry.objects.filter(sequence=3).update(sequence=99) == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_sealers_at_once_one_seals() -> None:
    subject = Organisation.objects.create(kind="city", code="012033", name_ja="小樽市", name_en="Otaru")
    written(subject, 400)
    done: list[int] = []

    def work() -> None:
        try:
            for _turn in range(10):
                done.append(chain.seal())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 400
    assert faults() == []


def test_a_thousand_entries_are_sealed_within_a_second(subject: Organisation, record_property: Any) -> None:
    """Not a benchmark: the bound is ten times what was measured, so that only a change of kind is noticed."""
    entries = [
        Entry(event="test.thing.done", subject_type="a.b", subject_id=str(n), params={"title": "運河"})
        for n in range(1000)
    ]
    with acting(SYSTEM_SCOPE):
        Entry.objects.bulk_create(entries)
    started = time.perf_counter()
    assert chain.seal() == 1000
    took = time.perf_counter() - started
    record_property("milliseconds", round(took * 1000))
    print(f"1,000 entries sealed in {took * 1000:.0f} ms")
    assert took < 1.0


def test_sealing_takes_the_same_number_of_queries_for_one_entry_and_for_thirty(
    subject: Organisation, django_assert_num_queries: Any
) -> None:
    for count in (1, 30):
        written(subject, count)
        with django_assert_num_queries(9):
            chain.seal()
