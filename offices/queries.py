from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Func, Q, QuerySet

from clair_portal.casework.models import Case
from clair_portal.language.lookups import holds_every_word
from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import HEADQUARTERS, MEMBER, OFFICE, SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from offices.models import (  # noqa: F401 - names in quotes
        ForeignRequest,
        OfficeReport,
        ResearchCopy,
        ResearchResult,
        SharedResearch,
        WorkEntry,
    )


class CountriesOfOffice(Func):
    """Of the countries of a request those that one of its offices has to do with. Given are countries, office, the day on
    which it counts who is responsible, and the key of the whole.

    Its own and those no office on the request is responsible for; all, where it was asked without being responsible for
    any. Which offices are on it, as their referrals stand, is asked past the walls: an office does not see those of others.
    """

    arity = 4
    output_field = ArrayField(CharField(max_length=2))
    template = """(select coalesce(nullif(array(
        select c from unnest(asked.countries) c
         where exists (select from network_jurisdiction j where j.country_id = c and j.office_id = asked.office and
               daterange(j.starts_on, j.ends_on, '[]') @> asked.day)
            or not exists (select from network_jurisdiction j join casework_parts(asked.whole) p on p.office = j.office_id
               where j.country_id = c and daterange(j.starts_on, j.ends_on, '[]') @> asked.day
                 and p.standing)
        ), '{}'), asked.countries)
        from (values (%(expressions)s)) asked (countries, office, day, whole))"""


class OnWholeQuerySet(QuerySet[Any]):
    @first_wall
    def visible_to(self, scope: Scope) -> OnWholeQuerySet:
        """What hangs on a case the reader sees."""
        return self.filter(case__in=Case.objects.visible_to(scope))


class WorkEntryQuerySet(QuerySet["WorkEntry"]):
    @first_wall
    def visible_to(self, scope: Scope) -> WorkEntryQuerySet:
        """Headquarters reads every entry, an office its own and shared ones, requesters and branches what is shared."""
        entries = self.filter(case__in=Case.objects.visible_to(scope))
        if scope.role in (SYSTEM, HEADQUARTERS):
            return entries
        if scope.role == OFFICE:
            return entries.filter(Q(shared=True) | Q(author__in=scope.organisations))
        return entries.filter(shared=True)


class OfficeReportQuerySet(QuerySet["OfficeReport"]):
    @first_wall
    def visible_to(self, scope: Scope) -> OfficeReportQuerySet:
        """Sent reports on a case the reader sees; a draft is seen by the office that writes it."""
        sent = Q(sent_at__isnull=False) | Q(office__in=scope.organisations)
        return self.filter(sent, case__in=Case.objects.visible_to(scope))


class ResearchResultQuerySet(QuerySet["ResearchResult"]):
    @first_wall
    def visible_to(self, scope: Scope) -> ResearchResultQuerySet:
        """Requester and branch: when headquarters has released it. Another local government: when its copy was released.

        A draft is seen by the office that writes it.
        """
        from offices.models import ResearchCopy

        if scope.role != MEMBER:
            sent = Q(sent_at__isnull=False) | Q(office__in=scope.organisations)
            return self.filter(sent, case__in=Case.objects.visible_to(scope))
        copies = ResearchCopy.objects.visible_to(scope).filter(released_at__isnull=False, research__listed=True)
        copied = Q(case__in=copies.values("research__case"))
        return self.filter(released_at__isnull=False).filter(Q(case__in=Case.objects.visible_to(scope)) | copied)

    def sent_on(self, case: Case | int) -> ResearchResultQuerySet:
        """What was sent on a case, the newest first: that one counts, the others it took the place of."""
        return self.filter(case=case, sent_at__isnull=False).select_related("office").order_by("-sent_at", "-pk")


class SharedResearchQuerySet(QuerySet["SharedResearch"]):
    @first_wall
    def visible_to(self, scope: Scope) -> SharedResearchQuerySet:
        """The list is for everybody who is signed in with a posting; what was taken off it for headquarters."""
        if scope.role in (SYSTEM, HEADQUARTERS):
            return self.all()
        return self.filter(listed=True) if scope.role in (MEMBER, OFFICE) else self.none()

    def named(self, text: str) -> SharedResearchQuerySet:
        """Whose title, summary, office or countries hold every word, however it is typed."""
        return self.filter(holds_every_word(text))


class ResearchCopyQuerySet(QuerySet["ResearchCopy"]):
    @first_wall
    def visible_to(self, scope: Scope) -> ResearchCopyQuerySet:
        """Each organisation its own; headquarters all."""
        if scope.role in (SYSTEM, HEADQUARTERS):
            return self.all()
        return self.filter(organisation__in=scope.organisations) if scope.role == MEMBER else self.none()


class ForeignRequestQuerySet(QuerySet["ForeignRequest"]):
    @first_wall
    def visible_to(self, scope: Scope) -> ForeignRequestQuerySet:
        """What hangs on a case the reader sees; offices and headquarters only, and never what is not confirmed."""
        if scope.role == SYSTEM:
            return self.all()
        if scope.role not in (OFFICE, HEADQUARTERS):
            return self.none()
        return self.filter(case__in=Case.objects.visible_to(scope))
