"""Runs the tests on the next release of Django: `python -m tests.upgrade_check` (`make upgrade-check`).

In an environment of its own under build/. Every other package keeps the version of requirements/dev.lock. PYTEST_ARGS narrows
the tests. Where the next release cannot be tried here, one sentence says why and the exit status is 2.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEXT = "6.0"
OLDEST_PYTHON = (3, 12)  # what Django 6.0 needs
FOLDER = ROOT / "build" / "upgrade-check"
PYTHON = FOLDER / "bin" / "python"
PIN = re.compile(r"^([A-Za-z0-9_.\[\]-]+)==([^ ;\\]+)(?: *; *([^\\]+))?")


class NotPossible(Exception):
    """One sentence."""


def main() -> int:
    try:
        interpreter = find_python()
        prepare(interpreter)
    except NotPossible as reason:
        print(f"The next release cannot be tried here: {reason}", file=sys.stderr)
        return 2
    versions = said(
        PYTHON, "-c", "import sys, django; print('Python', sys.version.split()[0] + ', Django', django.__version__)"
    )
    print(f"Running the tests on {versions} ...", flush=True)
    command = [PYTHON, "-m", "pytest", *shlex.split(os.environ.get("PYTEST_ARGS", ""))]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def find_python() -> str:
    """The oldest suitable Python: the nearest to the one we run on."""
    names = [f"python3.{minor}" for minor in range(OLDEST_PYTHON[1], OLDEST_PYTHON[1] + 5)]
    by_hand = os.environ.get("UPGRADE_PYTHON")
    pyenv = sorted(Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/3.*/bin/python"))
    for candidate in [by_hand, *map(shutil.which, names), *map(str, pyenv), sys.executable]:
        if candidate and version_of(candidate) >= OLDEST_PYTHON:
            return candidate
    wanted = ".".join(map(str, OLDEST_PYTHON))
    raise NotPossible(f"Django {NEXT} needs Python {wanted} or newer, and none was found; set UPGRADE_PYTHON to one.")


def version_of(python: str) -> tuple[int, ...]:
    """() for a program that does not run (a pyenv shim of a version that is not chosen)."""
    answer = said(python, "-c", "import sys; print(*sys.version_info[:2])")
    return tuple(map(int, answer.split())) if answer else ()


def said(*command: str | Path) -> str:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def prepare(interpreter: str) -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    made = subprocess.run([interpreter, "-m", "venv", FOLDER], capture_output=True, text=True, check=False)
    if made.returncode:
        raise NotPossible(f"{interpreter} could not make an environment: {last_line(made.stdout + made.stderr)}")
    wanted = FOLDER / "requirements.txt"
    wanted.write_text("\n".join([f"Django~={NEXT}.0", *pinned()]) + "\n", encoding="utf-8")
    print(
        f"Installing Django {NEXT} and the packages of requirements/dev.lock in {FOLDER.relative_to(ROOT)} ...",
        flush=True,
    )
    pip = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--no-deps",
        "-r",
        wanted,
    ]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotPossible(f"packages could not be installed: {last_line(done.stderr)}")


def pinned() -> list[str]:
    """name==version lines of the lock, without hashes and without Django."""
    lines = (ROOT / "requirements" / "dev.lock").read_text(encoding="utf-8").splitlines()
    found = [match for line in lines if (match := PIN.match(line))]
    return [
        f"{match[1]}=={match[2]}" + (f" ; {match[3].strip()}" if match[3] else "")
        for match in found
        if match[1].lower() != "django"
    ]


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"


if __name__ == "__main__":
    raise SystemExit(main())
