"""What is checked before a process serves anybody: the web server, a worker, the relay."""

from __future__ import annotations

from django.core.checks import ERROR, Tags, run_checks


class UnsafeStart(SystemExit):
    """The process must not run like this; the message says why. SystemExit, so that nothing catches and goes on."""


def refuse_unsafe_start() -> None:
    """Raises UnsafeStart where sample accounts exist outside the demo, the login owns what it guards, or a wall is down.

    Needs a database that answers; a database that does not is an error of its own and raises that.
    """
    found = [*run_checks(tags=["security"]), *run_checks(tags=[Tags.database], databases=["default"])]
    if errors := [message for message in found if message.level >= ERROR]:
        raise UnsafeStart("Refused to start:\n" + "\n".join(f"{error.id}: {error.msg}" for error in errors))
