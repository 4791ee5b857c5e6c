from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Case, F, Max, Q, QuerySet, When

from clair_portal.casework import models as casework
from clair_portal.language import folding
from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import HEADQUARTERS, OFFICE, SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from clair_portal.contacts.models import Host  # noqa: F401 - name in quotes

SHARED_BOOK = (HEADQUARTERS, OFFICE, SYSTEM)


class ContactQuerySet(QuerySet[Any]):
    @first_wall
    def visible_to(self, scope: Scope) -> ContactQuerySet:
        """The contact book is shared by all offices and headquarters; members have no part in it."""
        return self.all() if scope.role in SHARED_BOOK else self.none()


class HostQuerySet(QuerySet["Host"]):
    @first_wall
    def visible_to(self, scope: Scope) -> HostQuerySet:
        return self.all() if scope.role in SHARED_BOOK else self.none()

    def going_on(self) -> HostQuerySet:
        """Without those merged into another."""
        return self.filter(merged_into=None)

    def with_last_use(self) -> HostQuerySet:
        return self.annotate(last_used=Max("uses__day"))

    def named(self, text: str) -> HostQuerySet:
        """By any form of the name, of a name it was merged from, the city, or what it is good for."""
        found = self
        for word in text.split():
            forms = Q()
            for form in folding.query_key(word):
                forms |= Q(search_text__contains=form)
            merged = self.model.objects.exclude(merged_into=None).filter(forms)
            found = found.filter(forms | Q(pk__in=merged.values("merged_into")))
        return found

    def for_field(self, topics: Sequence[str]) -> HostQuerySet:
        """With `fits`: whether it is good for one of the fields; those first, then the last used."""
        fits = Case(When(topics__overlap=list(topics), then=True), default=False, output_field=BooleanField())
        return self.annotate(fits=fits).order_by("-fits", F("last_used").desc(nulls_last=True), "name", "pk")


class VisitQuerySet(QuerySet[Any]):
    @first_wall
    def visible_to(self, scope: Scope) -> VisitQuerySet:
        """The office that plans and headquarters; requester, branch and other offices on the case once it is shared."""
        on_case = self.filter(case__in=casework.Case.objects.visible_to(scope))
        if scope.role in (HEADQUARTERS, SYSTEM):
            return on_case
        if scope.role == OFFICE:
            return on_case.filter(Q(shared=True) | Q(office__in=scope.organisations))
        return on_case.filter(shared=True)
