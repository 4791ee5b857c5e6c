"""Every check in order, cheapest first: `make test`. Stops at the first that fails and shows what it said.

PYTEST_ARGS is passed on to pytest. The last line is pytest's own, so that a reader of the output sees "N passed".
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
MANAGE = [PYTHON, "manage.py"]
PACKAGES = ["clair_portal", "offices", "jet", "exchange", "multicultural"]
LINT_MIGRATIONS = "lint-migrations"
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
STAGES = {
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "lint": [PYTHON, "-m", "ruff", "check", "."],
    "types": [PYTHON, "-m", "mypy", *PACKAGES],
    "imports": [PYTHON, "-c", LINT_IMPORTS],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "migration lint": [PYTHON, "-m", "tests.check", LINT_MIGRATIONS],
    "catalogues": [*MANAGE, "check_catalogues"],
}
# No release was running when these were written, so they may drop columns and add full ones. Newer ones may not.
BEFORE_THE_FIRST_RELEASE = ["0004_kinds_parts_tasks", "0003_requests_work_reports"]
# Its unique indexes take the place of stricter ones: no row can break them, and the release that still runs keeps to both.
INSTEAD_OF_STRICTER = ["0010_another_report_after_reopening", "0012_a_result_of_research_for_each_answer"]
# Whole files to a few processes, each with a database of its own. PYTEST_ARGS="-n 0" runs everything in one.
SPREAD = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile", "--no-loadscope-reorder"]
TIMES: dict[str, float] = {}


def main() -> int:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "clair_portal.settings.test", "PORTAL_LOGIN": "owner"}
    for name, command in STAGES.items():
        if status := quiet_stage(name, command, environment):
            return status
    status, closing_line = pytest_stage()
    print_table()
    print(closing_line, flush=True)
    return status


def quiet_stage(name: str, command: list[str], environment: dict[str, str]) -> int:
    with timed(name):
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    print(f"{name:<14} {TIMES[name]:6.1f} s  {'failed' if done.returncode else 'ok'}", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
        print(f"Stopped at {name}: {shlex.join(command)}", flush=True)
    return done.returncode


def pytest_stage() -> tuple[int, str]:
    """Shows pytest's output as it comes, except the closing line, which is returned to be printed last."""
    command = [PYTHON, "-m", "pytest", *SPREAD, *shlex.split(os.environ.get("PYTEST_ARGS", ""))]
    held = ""
    with (
        timed("tests"),
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as tests,
    ):
        assert tests.stdout is not None
        for line in tests.stdout:
            print(held, end="", flush=True)
            held = line
    return tests.returncode, held.rstrip("\n")


@contextmanager
def timed(name: str) -> Iterator[None]:
    started = time.monotonic()
    try:
        yield
    finally:
        TIMES[name] = time.monotonic() - started


def print_table() -> None:
    print("\nSeconds")
    for name, seconds in TIMES.items():
        print(f"  {name:<14} {seconds:6.1f}")
    print(f"  {'together':<14} {sum(TIMES.values()):6.1f}\n", flush=True)


def lint_migrations() -> int:
    """Finds operations that would break or block the release that is still running. Looks at all of ours, not at
    git's history, so that a checkout without one is checked too."""
    import django
    from django.apps import apps
    from django_migration_linter import MigrationLinter

    django.setup()
    ours = [app.label for app in apps.get_app_configs() if app.name.split(".")[0] in PACKAGES]
    linter = MigrationLinter(
        str(ROOT), include_apps=ours, ignore_name=[*BEFORE_THE_FIRST_RELEASE, *INSTEAD_OF_STRICTER], no_cache=True
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return int(linter.has_errors)


if __name__ == "__main__":
    raise SystemExit(lint_migrations() if sys.argv[1:] == [LINT_MIGRATIONS] else main())
