from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from clair_portal.accounts.reader import Post, Reader

# How many notices wait for the reader; the outbox, which stands above, declares it when it starts.
UNREAD: list[Callable[[HttpRequest], int]] = []


def reader(request: HttpRequest) -> dict[str, Any]:
    """What the frame shows of the signed-in person; `reader` is None for everybody else."""
    found: Reader | None = getattr(request, "reader", None)
    if found is None:
        return {"reader": None}
    return {
        "reader": {
            "name": found.name,
            "email": found.email,
            "posting": found.chosen.label if found.chosen else "",
            "postings": [_row(post, found) for post in found.posts],
            "unread": SimpleLazyObject(lambda: sum(count(request) for count in UNREAD)),
            "can": found.chosen.rights if found.chosen else frozenset(),
            "kind": found.chosen.kind if found.chosen else "",
        }
    }


def _row(post: Post, found: Reader) -> dict[str, Any]:
    return {
        "id": post.id,
        "label": post.label,
        "current": post == found.chosen,
        "from_date": None if post.holds else post.starts_on,
    }
