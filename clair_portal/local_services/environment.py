"""Makes `.venv`: `python3 clair_portal/local_services/environment.py [--dev]`.

Runs on the machine's own Python before anything is installed: standard library only, and Pythons from 3.7 on must be
able to read this file, to be told that they are too old.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "installed"
LOG = VENV / "install.log"
OLDEST_PYTHON = (3, 11)
DEBIAN_POSTGRES = Path("/usr/lib/postgresql")
ALMOST_FULL = 50_000_000  # bytes; the largest package needs more
REASONS = (
    ("No space left on device", "the disk is full"),
    ("DO NOT MATCH THE HASHES|Hash mismatch", "a downloaded package is not the one this checkout was tested with"),
    (
        "NewConnectionError|ConnectionError|name resolution|ConnectTimeout|ReadTimeout|Network is unreachable"
        "|Failed to fetch|error sending request|dns error",
        "the package index cannot be reached; check the network, or a proxy or mirror in pip's settings",
    ),
    ("No matching distribution found|no versions of", "the package index has no fitting version of a package"),
)


class Trouble(Exception):
    """One sentence: what is missing and what to install."""


def main(arguments: list[str]) -> int:
    try:
        prepare(dev="--dev" in arguments)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"The Python environment in {VENV} could not be made: {error.strerror or error}.", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(_failed_install(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def prepare(dev: bool) -> None:
    check_python()
    if not _venv_works():
        create_venv()
    install("dev" if dev else "base", also=("base",) if dev else ())
    if needs_embedded_postgres():
        install("embedded")
    subprocess.run([PYTHON, "-P", Path(__file__).with_name("catalogues.py"), CHECKOUT / "locale"], check=True)


def check_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        raise Trouble(
            f"Python 3.11 or newer is needed, but {sys.executable} is {found}: install a newer one"
            " and run make with PYTHON=python3.11 (or its name on this machine)."
        )
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise Trouble(f"Python's {module} module is missing: install it (on Debian: apt-get install python3-venv).")


def _venv_works() -> bool:
    """A checkout that was copied, or a Python that was upgraded, leaves a folder whose programs point nowhere."""
    if STAMPS.exists() and STAMPS.read_text(encoding="utf-8").splitlines()[:1] != [str(VENV)]:
        return False
    try:
        return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def create_venv() -> None:
    say(f"Making a Python environment in {VENV} ...")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False)
    if made.returncode:
        lines = (made.stdout + made.stderr).strip().splitlines()
        if any("No space left" in line for line in lines):
            raise Trouble(f"The disk that holds {VENV} is full.")
        why = lines[-1] if lines else "no reason given"
        raise Trouble(f"The Python environment could not be made (on Debian: apt-get install python3-venv): {why}")


def install(name: str, also: tuple[str, ...] = ()) -> None:
    """Install requirements/<name>.lock unless the stamp says that exactly this lock is installed already."""
    stamps = _read_stamps()
    wanted = {lock: _digest(lock) for lock in (name, *also)}
    if all(stamps.get(lock) == digest for lock, digest in wanted.items()):
        return
    say(f"Installing the packages in requirements/{name}.lock (the first time takes about a minute) ...")
    lock = CHECKOUT / "requirements" / f"{name}.lock"
    STAMPS.unlink(missing_ok=True)  # an installation that breaks off must not look finished
    _run_installer(lock)
    stamps.update(wanted)
    STAMPS.write_text(f"{VENV}\n" + "".join(f"{key} {value}\n" for key, value in stamps.items()), encoding="utf-8")


def _run_installer(lock: Path) -> None:
    uv = shutil.which("uv")
    if uv and _logged([uv, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", lock]) == 0:
        return
    # uv does not read pip's settings: where a mirror is named only there, uv fails and pip works.
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    pip += ["--require-hashes", "--no-deps", "-r", lock]
    status = _logged(pip)
    if status:
        raise subprocess.CalledProcessError(status, "pip")


def _logged(command: list[str | Path]) -> int:
    with LOG.open("ab") as log:
        return subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, cwd=CHECKOUT, check=False).returncode


def _failed_install(error: subprocess.CalledProcessError) -> str:
    if error.cmd != "pip":
        return "The message catalogues in locale/ could not be compiled; the line above says which."
    if shutil.disk_usage(VENV).free < ALMOST_FULL:  # then the log may have no room for the reason either
        return f"Packages could not be installed: the disk that holds {VENV} is full."
    output = LOG.read_text(encoding="utf-8", errors="replace")[-20_000:]
    for pattern, reason in REASONS:
        if re.search(pattern, output):
            return f"Packages could not be installed: {reason} (details: {LOG})."
    return f"Packages could not be installed; pip's own words are at the end of {LOG}."


def _digest(name: str) -> str:
    return hashlib.sha256((CHECKOUT / "requirements" / f"{name}.lock").read_bytes()).hexdigest()


def _read_stamps() -> dict[str, str]:
    if not STAMPS.exists():
        return {}
    pairs = [line.split(" ") for line in STAMPS.read_text(encoding="utf-8").splitlines()[1:]]
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def needs_embedded_postgres() -> bool:
    named = os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE")
    return not named and not system_postgres()


def system_postgres() -> list[Path]:
    """Folders with PostgreSQL's server programs, best first. Folders that hold only the client do not count."""
    named = os.environ.get("PG_BINDIR")
    candidates = [Path(named)] if named else []
    versions = [path for path in DEBIAN_POSTGRES.glob("*/bin") if path.parent.name.isdigit()]
    candidates += sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    return [path for path in candidates if (path / "initdb").exists() and (path / "postgres").exists()]


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
