"""`python -m clair_portal.local_services demo`, or `run [--test] -- COMMAND ARGUMENTS`, or `clean`."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from clair_portal.local_services import demo
from clair_portal.local_services.environment import CHECKOUT, say
from clair_portal.local_services.failure import Failure
from clair_portal.local_services.signals import Stopped, before_exec, follow_parent, stop_requests, undisturbed
from clair_portal.local_services.stack import services
from clair_portal.local_services.state import MARKER, opened, requested_folder, root_folder

TEST_SUFFIX = "-test"
PATIENCE = 30.0  # seconds a command gets to end after it was asked to


def main(arguments: list[str]) -> int:
    if os.environ.get("MAKELEVEL"):
        follow_parent(signal.SIGTERM)  # a killed make must not leave a portal behind
    try:
        with stop_requests():
            return _dispatch(arguments)
    except Failure as failure:
        print(failure.sentence, file=sys.stderr, flush=True)
        return failure.status


def _dispatch(arguments: list[str]) -> int:
    match arguments:
        case ["demo"]:
            return _demo()
        case ["run", "--test", "--", *command] if command:
            return run(requested_folder(TEST_SUFFIX), command, fast=True)
        case ["run", "--", *command] if command:
            return run(requested_folder(), command, fast=False)
        case ["clean"]:
            return clean()
    print(__doc__, file=sys.stderr)
    return 2


def _demo() -> int:
    try:
        demo.main()
    except Stopped:
        print("\nThe portal has stopped.", flush=True)
    return 0


def run(state: Path, command: list[str], *, fast: bool) -> int:
    """The command's exit status; 128 + the signal when one ended it, as a shell would say."""
    try:
        with services(state, fast) as variables:
            return _run(command, os.environ | variables)
    except Stopped as stopped:
        return 128 + stopped.signum


def _run(command: list[str], environment: dict[str, str]) -> int:
    in_terminal = sys.stdin is not None and sys.stdin.isatty()
    try:
        child = subprocess.Popen(
            command,
            env=environment,
            start_new_session=not in_terminal,  # in a terminal it must be able to read keys, and gets Ctrl-C itself
            preexec_fn=before_exec(signal.SIGTERM),
        )
    except OSError as error:
        raise Failure(f"{command[0]} cannot be run: {error.strerror}.", 127) from error
    try:
        status = child.wait()
    except Stopped as stopped:
        with undisturbed():
            _end(child, stopped.signum, reached_already=in_terminal and stopped.signum == signal.SIGINT)
        raise
    return status if status >= 0 else 128 - status


def _end(child: subprocess.Popen[bytes], signum: int, *, reached_already: bool) -> None:
    if not reached_already:
        child.send_signal(signum)
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def clean() -> int:
    """Remove the data of the demo and of the tests; refused while one of them is running."""
    for requested in (requested_folder(), requested_folder(TEST_SUFFIX)):
        for folder in (requested, root_folder(requested)):  # the second is where root goes when the first is closed
            if (folder / MARKER).exists():
                with opened(folder):
                    shutil.rmtree(folder)
                say(f"Removed {folder}.")
    return 0


if __name__ == "__main__":
    os.chdir(CHECKOUT)
    raise SystemExit(main(sys.argv[1:]))
