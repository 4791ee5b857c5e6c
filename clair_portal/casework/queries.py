from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case as Choice
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, TextField, When
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.db.models.lookups import Exact

from clair_portal.audit.models import EmergencyReading, Entry
from clair_portal.audit.queries import EntryQuerySet
from clair_portal.casework.enums import FORMER, Holder, Origin, Side
from clair_portal.network.models import Country
from clair_portal.network.queries import in_force
from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import HEADQUARTERS, MEMBER, OFFICE, SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from clair_portal.casework.models import Assignment, BulkAction, Case, KindVersion, Referral, SavedView, Task  # noqa: F401 - names in quotes


ABROAD = Q(origin=Origin.FOREIGN_FORM, holder=Holder.APPLICANT)  # whoever asked through a public form has the ball


# The requester of a case with another branch or none yet: what a body sees as requester only. An expression, because of an index
# of it (`case_requester_only`) the database knows how many cases a body has; of a condition beside the requester it does not.
REQUESTER_ONLY = Choice(When(Q(branch__isnull=True) | ~Q(branch=F("applicant")), then=F("applicant")))
MOST_MEMBERS = 3  # bodies asked for one by one


def waits_for(scope: Scope) -> Q:
    """The condition on open cases that the reader's organisation has to act."""
    if scope.role == HEADQUARTERS:
        return Q(holder=Holder.HEADQUARTERS)
    return Q(holding__in=scope.organisations) & ~ABROAD


def _of_members(organisations: tuple[int, ...]) -> Q:
    return Q(applicant__in=organisations) | Q(branch__in=organisations)


class CaseQuerySet(QuerySet["Case"]):
    more_than = 0  # a search found more than so many and looked no further
    newest: tuple[int, ...] = ()  # what it found: the keys of all rows from the last of these on
    dear = False  # each row costs a look at the referrals of a case: counted no further than a search
    members: tuple[int, ...] = ()  # whose rows these are, where `visible_to` narrowed them to those of members

    @first_wall
    def visible_to(self, scope: Scope) -> CaseQuerySet:
        """Members: their own and those they pass on. Offices: what is referred to them. Headquarters: all that is filed."""
        from clair_portal.casework.models import Referral

        if scope.role == SYSTEM:
            return self.all()
        if scope.role == HEADQUARTERS:
            return self.exclude(filed_at=None)
        if scope.role == MEMBER:
            seen = self.filter(_of_members(scope.organisations))
            seen.members = scope.organisations
            return seen
        if scope.role == OFFICE:
            standing = Referral.objects.filter(case=OuterRef("pk"), office__in=scope.organisations, standing=True)
            seen = self.filter(Exists(standing))
            seen.dear = True
            return seen
        return self.none()

    def beginning(self, most: int) -> CaseQuerySet:
        """The first `most` rows, in the order they have.

        `requester or branch` is read by no index in order, whatever is asked besides; each half of it is. So the first of
        each half are looked up, and the first of those are the answer (docs/adr/0029-lists-of-members-by-halves.md).
        What a search has already found is not looked for again.
        """
        if self.newest and self.query.order_by == ("-pk",):
            found = self.filter(pk__in=self.newest)[:most]
            if len(found) == most:
                return found
        halves = self._halves()
        if not halves:
            return self[:most]
        first, *others = (half.values("pk")[:most] for half in halves)
        return self.filter(pk__in=first.union(*others))[:most]

    def counted_to(self, most: int) -> int:
        """How many, at most `most`. An office's are counted from the newest on: what is open lies there."""
        halves = [half.order_by().values("pk")[:most] for half in self._halves()]
        if not halves:
            rows = self.order_by("-pk") if self.dear else self.order_by()
            return rows.values("pk")[:most].count()
        return min(halves[0].union(*halves[1:]).count(), most)

    def _halves(self) -> list[CaseQuerySet]:
        """Of each body what it sees as branch, and the rest of what it sees as requester: together all rows."""
        if not 0 < len(self.members) <= MOST_MEMBERS:
            return []
        wall = _of_members(self.members)
        return [
            self._instead(wall, half)
            for each in self.members
            for half in (Q(branch=each), Q(Exact(REQUESTER_ONLY, each)))
        ]

    def _instead(self, wall: Q, half: Q) -> CaseQuerySet:
        """These rows with a narrower condition in the place of the wall's; where it is not found they stay as they are."""
        narrower, whole = self.all(), self.model._default_manager.filter(wall).query.where.children[0]
        part = self.model._default_manager.filter(half).query.where
        narrower.query.where = self.query.where.replace_expressions({whole: part})
        return narrower

    def with_keys(self, keys: Sequence[int]) -> CaseQuerySet:
        """Those of these few keys, which are then read by key and not by halves."""
        rows = self.filter(pk__in=keys)
        rows.members = ()
        return rows

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]  # the stubs leave it out
        clone.members, clone.dear = self.members, self.dear
        clone.more_than, clone.newest = self.more_than, self.newest
        return clone

    def listed_for(self, scope: Scope) -> CaseQuerySet:
        """One row a matter: an office sees its own part in its lists, everybody else the whole."""
        return self.filter(split=False) if scope.role == OFFICE else self.filter(parent=None)

    def counted_for(self, scope: Scope) -> CaseQuerySet:
        """What an overview counts: what was filed, of an office without what it passed on and only reads along."""
        from clair_portal.casework.models import Referral

        filed = self.exclude(filed_at=None)
        if scope.role != OFFICE:
            return filed
        own = Referral.objects.filter(case=OuterRef("pk"), office__in=scope.organisations)
        return filed.filter(Exists(own.working()))

    def in_hand(self) -> CaseQuerySet:
        """What an office works on: of a matter of several offices each part, of any other the case itself."""
        return self.filter(split=False).exclude(holder=Holder.NOBODY)

    def having(self, works: CaseQuerySet) -> CaseQuerySet:
        """The cases among `works`, and those a part of which is."""
        return self.filter(pk__in=works.order_by().annotate(whole=Coalesce("parent", "pk")).values("whole"))

    def for_list(self) -> CaseQuerySet:
        """With the organisations a row names, without what a case is only found by."""
        return self.select_related("applicant", "branch", "holding").defer("search_text", "bigrams")

    def for_page(self) -> CaseQuerySet:
        """With the names of its countries, in its order, in both languages."""
        place = Func(OuterRef("countries"), F("code"), function="array_position", output_field=IntegerField())
        named = Country.objects.annotate(place=place).filter(place__isnull=False).order_by("place")
        both = named.annotate(both=JSONObject(code="code", ja="name_ja", en="name_en")).values("both")
        return self.for_list().annotate(country_names=ArraySubquery(both))

    def with_parts(self, scope: Scope) -> CaseQuerySet:
        """With the keys of its parts as far as the reader sees them, for what is read of a whole and its parts at once."""
        parts = self.model._default_manager.visible_to(scope).filter(parent=OuterRef("pk"))  # type: ignore[attr-defined]
        return self.annotate(part_keys=ArraySubquery(parts.order_by("pk").values("pk")))

    def held_by(self, scope: Scope) -> CaseQuerySet:
        """Cases that wait for the reader's organisation."""
        return self.exclude(holder=Holder.NOBODY).filter(waits_for(scope))

    def held_by_others(self, scope: Scope) -> CaseQuerySet:
        """Open cases the reader sees, on which somebody else has to act."""
        filed = self.exclude(holder=Holder.NOBODY).exclude(filed_at=None)
        if scope.role == HEADQUARTERS:
            return filed.exclude(holder=Holder.HEADQUARTERS)
        return filed.filter(~Q(holding__in=scope.organisations) | ABROAD)


class AssignmentQuerySet(QuerySet["Assignment"]):
    @first_wall
    def visible_to(self, scope: Scope) -> AssignmentQuerySet:
        """Who is in charge on every side of the cases the reader sees."""
        from clair_portal.casework.models import Case

        return self.filter(case__in=Case.objects.visible_to(scope))


class KindVersionQuerySet(QuerySet["KindVersion"]):
    def current(self, kind: str, on: dt.date) -> KindVersion | None:
        """The version of a kind that holds on that day; None: the workflow's own terms."""
        return self.filter(in_force(on), kind=kind).order_by("-version").first()

    def number_on(self, kind: str, on: dt.date) -> int:
        """The version a case of this kind is opened under on that day; each kind counts its own."""
        version = self.current(kind, on)
        return version.version if version else 1


class TaskQuerySet(QuerySet["Task"]):
    @first_wall
    def visible_to(self, scope: Scope) -> TaskQuerySet:
        """Tasks are each organisation's own."""
        if scope.role == SYSTEM:
            return self.all()
        return self.filter(organisation__in=scope.organisations)

    def open(self) -> TaskQuerySet:
        return self.filter(done_at=None)


class SavedViewQuerySet(QuerySet["SavedView"]):
    @first_wall
    def visible_to(self, scope: Scope) -> SavedViewQuerySet:
        """One's own, and those shared in one's organisation."""
        if scope.role == SYSTEM:
            return self.all()
        return self.filter(Q(shared=True) | Q(posting=scope.posting), organisation__in=scope.organisations)


class BulkActionQuerySet(QuerySet["BulkAction"]):
    @first_wall
    def visible_to(self, scope: Scope) -> BulkActionQuerySet:
        """What one did oneself, in one's posting."""
        return self.all() if scope.role == SYSTEM else self.filter(posting=scope.posting)


class ReferralQuerySet(QuerySet["Referral"]):
    @first_wall
    def visible_to(self, scope: Scope) -> ReferralQuerySet:
        from clair_portal.casework.models import Case

        if scope.role == OFFICE:
            return self.filter(office__in=scope.organisations)
        return self.filter(case__in=Case.objects.visible_to(scope))

    def working(self) -> ReferralQuerySet:
        """Those of offices that work on the case or are asked to; whoever passed it on only reads along."""
        return self.filter(standing=True).exclude(state__in=FORMER)


class PaperQuerySet(QuerySet[Any]):
    @first_wall
    def visible_to(self, scope: Scope) -> PaperQuerySet:
        """Of a visible case: what is shared, and what is internal to one's own side."""
        from clair_portal.casework.models import Case

        papers = self.filter(case__in=Case.objects.visible_to(scope))
        if scope.role == SYSTEM:
            return papers
        if scope.role == OFFICE:
            return papers.filter(Q(shared=True) | Q(author__in=scope.organisations))
        if scope.role == HEADQUARTERS:
            return papers.filter(Q(shared=True) | Q(side=Side.HEADQUARTERS) | Exists(_opened_in_emergency(scope)))
        return papers.filter(Q(shared=True) | Q(side=Side.APPLICANT)) if scope.role == MEMBER else papers.none()


def with_its_parts(case: Case) -> list[int]:
    """The keys of a case and of its parts, where it was read by `with_parts()`: what the parts hold belongs to the whole."""
    return [case.pk, *vars(case).get("part_keys", ())]


def with_its_whole(case: Case) -> list[int]:
    """The keys of a case and, of a part, of its whole: both hold the referral to an office."""
    return [case.pk, *filter(None, [case.parent_id])]


def story_of(case: Case, scope: Scope) -> EntryQuerySet:
    """What the log tells a reader of a case they see, oldest first: the same on the page as on paper.

    The log names papers and tasks, so what is internal to one side is told to that side only, and of several offices to
    the one whose it is. Of a split case the story is that of its parts as well, as far as the reader sees them.
    """
    return Entry.objects.visible_to(scope).about_rows(case._meta.label_lower, with_its_parts(case))


def _opened_in_emergency(scope: Scope) -> QuerySet[EmergencyReading]:
    """Cases whose internal papers this person opened with a reason within the last hour."""
    return EmergencyReading.objects.open_to(scope.person).filter(
        subject_type="casework.case", subject_id=Cast(OuterRef("case_id"), TextField())
    )
