from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from clair_portal.language.lookups import holds_every_word
from clair_portal.network.enums import BRANCH_KINDS, Kind

if TYPE_CHECKING:
    from clair_portal.network.models import Jurisdiction, Organisation  # noqa: F401 - names in quotes


def in_force(on: dt.date) -> Q:
    """Rows with optional first and last day that hold on that day."""
    return (Q(starts_on=None) | Q(starts_on__lte=on)) & (Q(ends_on=None) | Q(ends_on__gte=on))


class OrganisationQuerySet(QuerySet["Organisation"]):
    """Names of public bodies are open to everybody; what they do is not."""

    def branches(self) -> OrganisationQuerySet:
        return self.filter(kind__in=sorted(BRANCH_KINDS))

    def offices(self) -> OrganisationQuerySet:
        return self.filter(kind=Kind.OFFICE)

    def headquarters(self) -> Organisation:
        return self.get(kind=Kind.HEADQUARTERS)

    def in_being(self, on: dt.date) -> OrganisationQuerySet:
        return self.filter(in_force(on))

    def named(self, text: str) -> OrganisationQuerySet:
        """Organisations whose name, in any form people type (kanji, kana, romaji, full width, code), holds `text`.

        Several words must all occur. An empty text finds everything.
        """
        return self.filter(holds_every_word(text))


class JurisdictionQuerySet(QuerySet["Jurisdiction"]):
    def on(self, day: dt.date) -> JurisdictionQuerySet:
        return self.filter(in_force(day))

    def office_for(self, country: str, day: dt.date) -> Organisation | None:
        """The office responsible for an ISO country on that day; None means headquarters answers itself."""
        found = self.on(day).filter(country_id=country).select_related("office").first()
        return found.office if found else None
