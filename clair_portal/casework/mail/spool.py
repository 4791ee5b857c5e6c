"""The spool folder: mails wait in `new`, and go to `done`, `refused` (with the reason beside them) or stay for a later try.

What passes (a full disk, a lock somebody else holds) is tried again at every turn for a day.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, transaction

from clair_portal.casework.mail.addresses import Destination
from clair_portal.casework.mail.landing import NoLongerOn, NotTaken, land, tell_of_refusal
from clair_portal.casework.mail.reading import Mail, read
from clair_portal.outbox.claiming import database_is_lost

log = logging.getLogger("portal.mail_in")
AT_ONCE = 50
ENVELOPE = "X-Portal-Envelope-To"
PASSING = (OSError, OperationalError)
PATIENCE = dt.timedelta(days=1)


class Later(Exception):
    """On some of its cases the mail did not land for a reason that passes. Where it landed it will not land twice."""


def folder(name: str) -> Path:
    path = Path(settings.MAIL_IN_SPOOL) / name
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def put(raw: bytes, recipients: Iterable[str]) -> Path:
    """Writes a mail into the spool so that it is there whole or not at all. Returns its path."""
    name = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(8)}.eml"
    lines = "".join(f"{ENVELOPE}: {' '.join(recipient.split())}\r\n" for recipient in recipients)
    unfinished, path = folder("tmp") / name, folder("new") / name
    with unfinished.open("xb") as file:
        file.write(lines.encode("ascii", "ignore") + raw)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    return path


def take_in(now: dt.datetime) -> None:
    """Schedule: mails of the spool land, on each case in a savepoint of its own; one that fails stops no other."""
    for path in sorted(folder("new").glob("*.eml"))[:AT_ONCE]:
        _take_one(path, now)


def _take_one(path: Path, now: dt.datetime) -> None:
    try:
        raw = path.read_bytes()
        if len(raw) > settings.MAIL_IN_MAX_BYTES:
            raise NotTaken("larger than the limit")
        refused = _land_everywhere(read(raw, _envelope(raw)), now)
    except NotTaken as refusal:
        _refuse(path, str(refusal))
    except (Later, *PASSING) as fault:
        if database_is_lost(fault):
            raise
        _try_again(path, f"{type(fault).__name__}: {fault}", now)
    except Exception as error:
        if database_is_lost(error):
            raise
        log.exception("mail %s could not be read", path.name)
        _refuse(path, f"{type(error).__name__}: {error}")
    else:
        transaction.on_commit(lambda: _refuse(path, refused) if refused else _done(path))


def _done(path: Path) -> None:
    path.rename(folder("done") / path.name)


def _envelope(raw: bytes) -> list[str]:
    """The recipients `put` wrote in front of the mail."""
    found = []
    for line in raw.split(b"\n", 20)[:20]:
        name, _colon, value = line.decode("ascii", "ignore").partition(":")
        if name != ENVELOPE:
            break
        found.append(value.strip())
    return found


def _land_everywhere(mail: Mail, now: dt.datetime) -> str:
    """On each case by itself; returns why it did not land on some of them. Raises Later when all others were tried."""
    if not mail.destinations:
        raise NotTaken("no address of a case, or a forged one")
    reasons, passing = [], []
    for where in mail.destinations:
        try:
            reasons.append(_land(mail, where, now))
        except PASSING as fault:
            if database_is_lost(fault):
                raise
            passing.append(f"{type(fault).__name__}: {fault}")
    if passing:
        raise Later("; ".join(passing))
    return "; ".join(dict.fromkeys(filter(None, reasons)))


def _land(mail: Mail, where: Destination, now: dt.datetime) -> str:
    """Empty when it landed; else the reason for the operator. What passes is raised."""
    try:
        with transaction.atomic():
            land(mail, where, now=now)
    except NoLongerOn as refusal:
        tell_of_refusal(mail, where)
        return str(refusal)
    except NotTaken as refusal:
        return str(refusal)
    except PASSING:
        raise
    except Exception as error:
        if database_is_lost(error):
            raise
        log.exception("a mail could not land on case %s", where.case)
        return f"{type(error).__name__}: {error}"
    return ""


def _try_again(path: Path, reason: str, now: dt.datetime) -> None:
    if now.timestamp() - path.stat().st_mtime > PATIENCE.total_seconds():
        _refuse(path, reason)
    else:
        log.warning("mail %s waits for a later try: %s", path.name, reason)


def _refuse(path: Path, reason: str) -> None:
    log.warning("mail %s refused: %s", path.name, reason)
    kept = folder("refused") / path.name
    path.rename(kept)
    kept.with_suffix(".reason").write_text(reason + "\n", encoding="utf-8")
