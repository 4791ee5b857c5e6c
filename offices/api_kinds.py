"""Which kinds of requests programs read and file, as data: what an answer says, what is sent, the services of the kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Model
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
    """A kind that is read, and moved. `told`: serializer of what an answer says, also about its `parts`.

    `more`: what an answer says besides the columns, as this reader may read it.
    """

    kind: str
    model: type[Model]
    told: type[serializers.Serializer]
    more: Callable[[Case, Reader], dict[str, Any]] = field(default=_nothing_more, kw_only=True)
    parts: tuple[str, ...] = field(default=(), kw_only=True)

    def detail(self, case: Case) -> Any:
        """What was asked for; a part shows what the whole says."""
        return self.model._default_manager.get(case=case.parent_id or case.pk)

    def told_to(self, case: Case, reader: Reader) -> dict[str, Any]:
        return self._told(self.detail(case), **self.more(case, reader))

    def _told(self, found: Any, **values: Any) -> dict[str, Any]:
        for name, value in values.items():
            setattr(found, name, value)
        return dict(self.told(found).data)


@dataclass(frozen=True)
class FiledKind(ApiKind):
    """A kind that is drafted and filed here as well. `sent`: serializer of what is written of it; `known`: what a draft may
    refer to."""

    filing: Filing
    sent: type[serializers.Serializer]
    known: Callable[[Case, Any], dict[str, Any]] = lambda case, detail: {}

    def told_to(self, case: Case, reader: Reader) -> dict[str, Any]:
        """`missing`: what a draft lacks before it can be filed."""
        found = self.detail(case)
        missing = [str(label) for label in self.filing.unfinished(case, found)] if case.state == "draft" else []
        return self._told(found, missing=missing, **self.more(case, reader))


FILED: dict[str, FiledKind] = {}
BY_KIND: dict[str, ApiKind] = {}


def register(kind: ApiKind) -> None:
    BY_KIND.update(dict.fromkeys((kind.kind, *kind.parts), kind))


def register_filed(
    filing: Filing, sent: type[serializers.Serializer], told: type[serializers.Serializer], **more: Any
) -> None:
    FILED[filing.kind] = FiledKind(filing.kind, filing.model, told, filing, sent, **more)
    register(FILED[filing.kind])


def kinds() -> list[ApiKind]:
    """Each once, whatever parts it has."""
    return list({id(kind): kind for kind in BY_KIND.values()}.values())
