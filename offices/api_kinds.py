"""Which kinds of requests programs file, as data: what is sent, what an answer says, and the services of the kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rest_framework import serializers

from clair_portal.casework.models import Case, CaseFile, OnCase


def papers_of(case: Case) -> set[UUID]:
    """Ids of the papers on a case, as far as the reader's role sees them."""
    return set(CaseFile.objects.filter(case=case).values_list("pk", flat=True))


@dataclass(frozen=True)
class ApiKind:
    """`sent`: serializer of what is written of it; `told`: of what an answer says, also about its `parts`.

    `unfinished`: labels of what must be filled in before filing. `known`: what a draft may refer to, for `sent`.
    """

    kind: str
    model: type[OnCase]
    sent: type[serializers.Serializer]
    told: type[serializers.Serializer]
    begin: Callable[..., Case]
    save: Callable[..., Case]
    unfinished: Callable[[Case, Any], list[Any]]
    known: Callable[[Case, Any], dict[str, Any]] = lambda case, detail: {}
    parts: tuple[str, ...] = ()

    def detail(self, case: Case) -> Any:
        """What was asked for; a part shows what the whole says."""
        return self.model._default_manager.get(case=case.parent_id or case.pk)


FILED: dict[str, ApiKind] = {}
BY_KIND: dict[str, ApiKind] = {}


def register(kind: ApiKind) -> None:
    FILED[kind.kind] = kind
    BY_KIND.update(dict.fromkeys((kind.kind, *kind.parts), kind))
