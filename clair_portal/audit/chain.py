"""Sealing and verifying: entry n carries sha256(digest of n-1 + its own content). Heads go to files outside the database.

A superuser who rewrites an entry breaks the chain; one who rewrites the whole chain contradicts the head files.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from clair_portal.audit.models import Entry
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

GENESIS = hashlib.sha256(b"clair portal log").digest()
BATCH = 1000
_SEAL_LOCK = 0x10C5EA1
_kept: dict[str, tuple[str, bytes]] = {}


@dataclass(frozen=True)
class Fault:
    sequence: int
    message: str


def content(entry: Entry) -> bytes:
    """The bytes that are sealed: every column a reader sees, in a fixed order."""
    at = entry.at.astimezone(dt.UTC).isoformat() if entry.at else None
    fields = [
        str(entry.id), at, entry.person, entry.posting, entry.actor, entry.event, entry.subject_type, entry.subject_id,
        entry.params, entry.side, entry.request_id,
    ]  # fmt: skip
    if entry.organisation is not None:  # entries sealed before there was such a column stay as they were sealed
        fields.append(entry.organisation)
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(entry: Entry, previous: bytes) -> bytes:
    return hashlib.sha256(previous + str(entry.sequence).encode() + b"|" + content(entry)).digest()


def seal() -> int:
    """Gives unsealed entries their place in the chain. Returns how many; two relays at once are safe (advisory lock).

    In a transaction of its own. The head is written after COMMIT: one that the database forgot in a crash would accuse
    the log of a change nobody made.
    """
    with acting(SYSTEM_SCOPE):
        if not _alone():
            return 0
        last = Entry.objects.exclude(sequence=None).order_by("-sequence").first()
        sequence, digest = (last.sequence or 0, bytes(last.digest or b"")) if last else (0, GENESIS)
        found = list(Entry.objects.filter(sequence=None).order_by("at", "id")[:BATCH])
        for entry in found:
            sequence += 1
            entry.sequence = sequence
            digest = entry.digest = digest_of(entry, digest)
        _write(found)
    if sequence:
        _keep_head(sequence, digest)
    return len(found)


def _keep_head(sequence: int, digest: bytes) -> None:
    """Writes the head this process has not written yet: also after a crash or a full disk kept it from being written."""
    head = (str(settings.LOG_HEADS_DIR), digest)
    if _kept.get("head") != head:
        write_head(sequence, digest)
        _kept["head"] = head


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [_SEAL_LOCK])
        return bool(cursor.fetchone()[0])


def _write(entries: list[Entry]) -> None:
    columns: list[Any] = [
        [entry.pk for entry in entries],
        [entry.sequence for entry in entries],
        [entry.digest for entry in entries],
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "update audit_entry e set sequence = n.sequence, digest = n.digest from "
            "unnest(%s::uuid[], %s::bigint[], %s::bytea[]) as n (id, sequence, digest) where e.id = n.id",
            columns,
        )
        if cursor.rowcount != len(entries):
            raise RuntimeError("not every entry could be sealed")


def write_head(sequence: int, digest: bytes) -> None:
    """The newest head of the day, outside the database: one small file a day, replaced as a whole."""
    folder = Path(settings.LOG_HEADS_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    now = dt.datetime.now(dt.UTC)
    head = json.dumps({"at": now.isoformat(), "sequence": sequence, "digest": digest.hex()})
    with tempfile.NamedTemporaryFile(
        "w", dir=folder, suffix=".new", delete=False
    ) as scratch:  # two relays, two scratch files
        scratch.write(head + "\n")
    Path(scratch.name).replace(folder / f"{now.date().isoformat()}.json")


def faults() -> Iterator[Fault]:
    """Everything that does not fit: changed, missing or added entries, and heads that the chain contradicts."""
    previous: bytes | None = GENESIS
    expected, heads = 1, _heads()
    for entry in Entry.objects.exclude(sequence=None).order_by("sequence").iterator(chunk_size=BATCH):
        sequence, digest = entry.sequence or 0, bytes(entry.digest or b"")
        if sequence != expected:
            yield Fault(expected, _missing(expected, sequence - 1))
            previous = None  # what came before is gone, so this one cannot be computed anew
        if previous is not None and digest != digest_of(entry, previous):
            yield Fault(sequence, f"entry {sequence} is not what was sealed")
        if heads.pop(sequence, digest.hex()) != digest.hex():
            yield Fault(sequence, f"entry {sequence} contradicts the head file of that day")
        previous, expected = digest, sequence + 1
    for sequence in sorted(sequence for sequence in heads if sequence >= expected):
        yield Fault(sequence, f"entry {sequence} of a head file is missing: the end of the log was cut off")


def _missing(first: int, last: int) -> str:
    return f"entry {first} is missing" if first == last else f"entries {first} to {last} are missing"


def _heads() -> dict[int, str]:
    folder = Path(settings.LOG_HEADS_DIR)
    heads = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))] if folder.is_dir() else []
    return {head["sequence"]: head["digest"] for head in heads}
