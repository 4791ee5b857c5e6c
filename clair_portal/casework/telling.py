"""What happened on a case stands in its log and is told, once, in one call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from clair_portal.audit.models import Entry
from clair_portal.audit.services import record
from clair_portal.casework.models import Case
from clair_portal.casework.posts import path_of
from clair_portal.outbox.services import Post, tell


def say(
    event: str, case: Case, *, posts: Iterable[Post], signature: dict[str, str], but_not: int | None = None,
    logged: dict[str, Any] | None = None, **values: Any,
) -> Entry:  # fmt: skip
    """One entry in the log and one message to the posts, with the number and the title of the case.

    Where there are no posts only the log keeps it. `values`: what both sentences say besides; `logged`: what only the log
    keeps; `but_not`: the person who did it.
    """
    values = {"number": case.number or "", "title": case.title, **values}
    entry = record(event, case, actor=signature, **(logged or {}), **values)
    if addressed := list(posts):
        params = {**values, "actor": signature}
        tell(event, case, posts=addressed, params=params, path=path_of(case), occasion=str(entry.pk), but_not=but_not)
    return entry
