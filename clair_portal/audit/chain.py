"""Sealing and verifying: entry n carries sha256(digest of n-1 + its own content). Heads go to files outside the database.

A superuser who rewrites an entry breaks the chain; one who rewrites the whole chain contradicts the head files.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from clair_portal.audit.models import Entry

GENESIS = hashlib.sha256(b"clair portal log").digest()
BATCH = 1000
_SEAL_LOCK = 0x10C5EA1


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
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(entry: Entry, previous: bytes) -> bytes:
    return hashlib.sha256(previous + str(entry.sequence).encode() + b"|" + content(entry)).digest()


def seal() -> int:
    """Gives unsealed entries their place in the chain. Returns how many; two relays at once are safe (advisory lock).

    Must run inside `acting(SYSTEM_SCOPE)`.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [_SEAL_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    last = Entry.objects.exclude(sequence=None).order_by("-sequence").first()
    sequence, digest = (last.sequence or 0, bytes(last.digest)) if last else (0, GENESIS)
    sealed = list(Entry.objects.filter(sequence=None).order_by("at", "id")[:BATCH])
    for entry in sealed:
        sequence += 1
        entry.sequence = sequence
        digest = entry.digest = digest_of(entry, digest)
    if sealed:
        Entry.objects.bulk_update(sealed, ["sequence", "digest"])
        write_head(sequence, digest)
    return len(sealed)


def write_head(sequence: int, digest: bytes) -> None:
    """The newest head of the day, outside the database: one small file a day, replaced as a whole."""
    folder = Path(settings.LOG_HEADS_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    now = dt.datetime.now(dt.UTC)
    path = folder / f"{now.date().isoformat()}.json"
    scratch = path.with_suffix(".new")
    scratch.write_text(json.dumps({"at": now.isoformat(), "sequence": sequence, "digest": digest.hex()}) + "\n")
    scratch.replace(path)


def faults() -> Iterator[Fault]:
    """Everything that does not fit: changed, missing or added entries, and heads that the chain contradicts."""
    previous, expected, digests = GENESIS, 1, _heads()
    for entry in Entry.objects.exclude(sequence=None).order_by("sequence").iterator(chunk_size=BATCH):
        sequence = entry.sequence or 0
        if sequence != expected:
            yield Fault(expected, f"entries {expected} to {sequence - 1} are missing")
        if bytes(entry.digest or b"") != digest_of(entry, previous):
            yield Fault(sequence, f"entry {sequence} is not what was sealed")
        if sequence in digests and digests.pop(sequence) != bytes(entry.digest or b"").hex():
            yield Fault(sequence, f"entry {sequence} contradicts the head file of that day")
        previous, expected = bytes(entry.digest or b""), sequence + 1
    for sequence in sorted(digests):
        yield Fault(sequence, f"entry {sequence} of a head file is missing: the end of the log was cut off")


def _heads() -> dict[int, str]:
    folder = Path(settings.LOG_HEADS_DIR)
    heads = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))] if folder.is_dir() else []
    return {head["sequence"]: head["digest"] for head in heads}
