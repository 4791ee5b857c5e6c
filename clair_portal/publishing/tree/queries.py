from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Min, Q, QuerySet

from clair_portal.outbox.enums import State
from clair_portal.outbox.queries import WorkQuerySet


class PageQuerySet(WorkQuerySet):
    def standing(self) -> PageQuerySet:
        """Pages whose text is public, with the columns everybody may read."""
        return self.filter(status=200).only("path", "language", "address", "family", "status").order_by("path")

    def failed(self) -> PageQuerySet:
        """Their last good files stand; they are tried again, or no more."""
        return self.filter(state__in=(State.RETRY, State.FAILED)).order_by("path")

    def faults(self) -> QuerySet[Any]:
        """Those that failed, the versions of a page together: one fault is one row, not seventeen."""
        return self.failed().values("address").annotate(
            path=Min("path"), languages=ArrayAgg("language", order_by="language"), said=Min("error"),
            most_attempts=Max("attempts"), next_at=Min("due_at", filter=Q(state=State.RETRY)),
        ).order_by("address")  # fmt: skip

    def that_read(self, keys: Iterable[str]) -> PageQuerySet:
        return self.filter(reads__overlap=list(keys))

    def in_order(self) -> PageQuerySet:
        """Locked in the order of their addresses: two that mark the same pages do not wait for each other in a circle."""
        return self.filter(pk__in=self.order_by("path").select_for_update().values("pk"))

    def not_tried_since(self, moment: dt.datetime) -> PageQuerySet:
        return self.filter(Q(tried_at=None) | Q(tried_at__lt=moment))

    def sitemaps_last(self) -> PageQuerySet:
        """By address, those that name other pages after them."""
        last = ExpressionWrapper(Q(reads__contains=["publishing_page"]), output_field=BooleanField())
        return self.order_by(last, "path")

    def mark(self, due_at: dt.datetime) -> int:
        """They wait to be rendered from now on, whatever they waited for before."""
        values: dict[str, Any] = {"state": State.QUEUED, "due_at": due_at, "dispatched_at": None, "attempts": 0}
        return self.update(**values, checking=None, error="", lease_until=None)

    def by_state(self) -> dict[str, int]:
        """How many stand, are withdrawn, wait, and failed."""
        return self.aggregate(
            standing=Count("pk", filter=Q(status=200)),
            withdrawn=Count("pk", filter=Q(status=410)),
            waiting=Count("pk", filter=Q(state=State.QUEUED)),
            failed=Count("pk", filter=Q(state__in=(State.RETRY, State.FAILED))),
        )
