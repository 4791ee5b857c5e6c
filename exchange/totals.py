"""The newest total of ties that others publish, for standing beside our own number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from clair_portal.network.claims import Fact, linked, time_written, written
from exchange.loading import SUBJECT


@dataclass(frozen=True)
class Published:
    """As the page writes them: the number, its time and a link to where it stands."""

    total: str
    time: str
    source: SafeString


def newest_total(facts: Iterable[Fact]) -> Published | None:
    """Of all ties, where the page that states it was seen (its source is an address); None without one."""
    stated = [
        claim
        for fact in facts if fact.subject == SUBJECT
        for claim in fact.claims if claim.claim == "sister ties" and claim.source.startswith("http")
    ]  # fmt: skip
    if not stated:
        return None
    newest = max(stated, key=lambda claim: claim.as_of)
    return Published(written(newest.value) or newest.value, time_written(newest.as_of), linked(newest.source))
