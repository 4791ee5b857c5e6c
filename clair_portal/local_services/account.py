"""The system account that runs the servers: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clair_portal.local_services.failure import Failure

UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """`uid` is None when the servers run as whoever started the program."""

    name: str
    uid: int | None = None
    gid: int | None = None

    def popen_arguments(self) -> dict[str, Any]:
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Whether this account may pass through the folder, or execute the file, at `path` (or its nearest parent)."""
        while not path.exists():
            path = path.parent
        if self.uid is None:
            return os.access(path, os.X_OK)
        test = subprocess.run(["test", "-x", path], cwd="/", capture_output=True, check=False, **self.popen_arguments())
        return test.returncode == 0

    def own_folder(self, path: Path) -> Path:
        """Make `path` a folder that only this account (and root) can enter."""
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = path.lstat()
            # In a shared folder such as /tmp somebody else may have taken the name, even as a link to elsewhere.
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), self.uid}:
                raise Failure(f"{path} belongs to somebody else: remove it, or set TMPDIR to a folder of your own.", 2)
            if self.uid is not None and self.gid is not None:
                os.chown(path, self.uid, self.gid)
            path.chmod(0o700)
        except OSError as error:
            raise Failure(f"The folder {path} cannot be used: {error.strerror or error}.", 2) from error
        return path

    def reachable_copy(self, original: Path, copies: Path) -> Path:
        """`original`, or a copy of that file or folder under `copies` when the account cannot reach it."""
        if self.reaches(original):
            return original
        copy = copies / original.name
        if not _same(original, copy):
            copies.mkdir(mode=0o755, parents=True, exist_ok=True)
            if original.is_dir():
                shutil.rmtree(copy, ignore_errors=True)
                shutil.copytree(original, copy, symlinks=True)
            else:
                shutil.copy2(original, copy)
        return copy


def _same(original: Path, copy: Path) -> bool:
    if not copy.exists():
        return False
    before, after = original.stat(), copy.stat()
    return (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)


def server_account() -> Account:
    if os.geteuid() != 0:
        return Account(pwd.getpwuid(os.geteuid()).pw_name if _has_name() else str(os.geteuid()))
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return _usable(Account(name, entry.pw_uid, entry.pw_gid))
    raise Failure("PostgreSQL does not run as root and there is no user postgres or nobody: start as another user.", 2)


def _has_name() -> bool:
    try:
        return bool(pwd.getpwuid(os.geteuid()))
    except KeyError:  # a container started with a bare number as its user
        return False


def _usable(account: Account) -> Account:
    """Root inside some containers may not become anybody else."""
    try:
        subprocess.run(["true"], cwd="/", check=True, **account.popen_arguments())
    except OSError as error:
        raise Failure(
            f"PostgreSQL does not run as root and switching to the user {account.name} is not allowed here:"
            " start as an ordinary user, or set DATABASE_URL.",
            2,
        ) from error
    return account
