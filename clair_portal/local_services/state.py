"""The folder that holds everything a running portal keeps: database, papers, mail, log heads, secret key."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clair_portal.local_services.account import Account, server_account
from clair_portal.local_services.environment import CHECKOUT, say
from clair_portal.local_services.failure import Failure

LONGEST_SOCKET_PATH = 100  # bytes; Linux allows 107, macOS 103
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"
MARKER = ".clair-portal-state"  # this folder was made for the portal and holds nothing else
PRIVATE_FOLDERS = ("documents", "mail", "log-heads", "logs")


@dataclass(frozen=True)
class State:
    folder: Path
    sockets: Path
    account: Account

    def log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"

    def secret_key(self) -> str:
        """Made once, so that sessions and signed links outlive a restart."""
        path = self.folder / "secret-key"
        if not path.exists():
            path.touch(mode=0o600)
        if not (key := path.read_text(encoding="ascii").strip()):
            key = secrets.token_urlsafe(50)
            path.write_text(key + "\n", encoding="ascii")
        return key


def requested_folder(suffix: str = "") -> Path:
    """STATE, or the place that suits who is running; tests add a suffix so that they never touch the demo."""
    named = os.environ.get("STATE")
    if named:
        path = Path(named).expanduser().absolute()
    elif os.geteuid() == 0:
        path = root_folder(CHECKOUT)
    else:
        path = CHECKOUT / ".state"
    return path.with_name(path.name + suffix)


def root_folder(of: Path) -> Path:
    """Where root keeps state that another account can reach: root's own home is closed to everybody else."""
    parent = Path("/var/lib")
    if not os.access(parent, os.W_OK):
        parent = Path(tempfile.gettempdir())
    return parent / f"clair-portal-{short_hash(of)}"


def short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]


@contextmanager
def opened(requested: Path) -> Iterator[State]:
    """The state folder, made if need be, and locked: two sets of servers on one folder would destroy it."""
    account = server_account()
    folder = _reachable(requested.absolute(), account)
    _make(folder, account)
    with _locked(folder):
        sockets = account.own_folder(socket_folder(folder, account))
        try:
            yield State(folder, sockets, account)
        finally:
            shutil.rmtree(sockets, ignore_errors=True)


def _reachable(requested: Path, account: Account) -> Path:
    if account.uid is None or account.reaches(requested.parent if _is_ours(requested) else requested):
        return requested
    fallback = root_folder(requested)
    say(f"The user {account.name}, who runs the database, cannot reach {requested}: using {fallback} instead.")
    return fallback


def _is_ours(folder: Path) -> bool:
    """Whether its mode may be changed: never that of a folder that holds other people's files, such as /tmp."""
    return not folder.exists() or (folder / MARKER).exists() or not any(folder.iterdir())


def _make(folder: Path, account: Account) -> None:
    try:
        ours = _is_ours(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if ours:
            (folder / MARKER).touch()
            (folder / ".gitignore").write_text("*\n", encoding="ascii")
        if ours and account.gid is not None:
            os.chown(folder, -1, account.gid)  # the servers' account passes through, and sees nothing but its own
            folder.chmod(0o710)
        for name in PRIVATE_FOLDERS:
            (folder / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Failure(
            f"The folder {folder} cannot hold the portal's data ({error.strerror or error}): set STATE to another.",
            2,
        ) from error
    if not account.reaches(folder):
        raise Failure(f"The user {account.name} cannot reach {folder}: set STATE to another folder.", 2)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise Failure(
                f"The services in {folder} are already running (process {holder}): stop that one,"
                " or set STATE to another folder.",
                2,
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def socket_folder(folder: Path, account: Account) -> Path:
    """A short path: an address of a Unix socket has room for about 100 bytes, a checkout's path may be longer."""
    name = f"clair-portal-{short_hash(folder)}-run"
    for parent in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):
        path = parent / name
        if len(os.fsencode(path / LONGEST_SOCKET_NAME)) < LONGEST_SOCKET_PATH and account.reaches(parent):
            return path
    raise Failure(
        "No temporary folder has a path short enough for a socket: set TMPDIR to a short path such as /tmp.", 2
    )
