"""Which kinds of requests programs file, as data: what is sent, what an answer says, and the services of the kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rest_framework import serializers

from clair_portal.accounts.reader import Reader
from clair_portal.casework.models import Case, CaseFile
from offices.filing.filings import Filing


def papers_of(case: Case) -> set[UUID]:
    """Ids of the papers on a case, as far as the reader's role sees them."""
    return set(CaseFile.objects.filter(case=case).values_list("pk", flat=True))


def _nothing_more(case: Case, reader: Reader) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class ApiKind:
    """`sent`: serializer of what is written of it; `told`: of what an answer says, also about its `parts`.

    `known`: what a draft may refer to, for `sent`. `more`: what an answer says besides the columns, as this reader may
    read it.
    """

    filing: Filing
    sent: type[serializers.Serializer]
    told: type[serializers.Serializer]
    known: Callable[[Case, Any], dict[str, Any]] = lambda case, detail: {}
    more: Callable[[Case, Reader], dict[str, Any]] = _nothing_more
    parts: tuple[str, ...] = ()

    def detail(self, case: Case) -> Any:
        """What was asked for; a part shows what the whole says."""
        return self.filing.model._default_manager.get(case=case.parent_id or case.pk)

    def told_to(self, case: Case, reader: Reader) -> dict[str, Any]:
        """`missing`: what a draft lacks before it can be filed."""
        found = self.detail(case)
        missing = [str(label) for label in self.filing.unfinished(case, found)] if case.state == "draft" else []
        for name, value in {"missing": missing, **self.more(case, reader)}.items():
            setattr(found, name, value)
        return dict(self.told(found).data)


FILED: dict[str, ApiKind] = {}
BY_KIND: dict[str, ApiKind] = {}


def register(kind: ApiKind) -> None:
    FILED[kind.filing.kind] = kind
    BY_KIND.update(dict.fromkeys((kind.filing.kind, *kind.parts), kind))
