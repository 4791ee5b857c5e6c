from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db.models import Exists, OuterRef, Q, QuerySet

from clair_portal.language.lookups import holds_every_word
from clair_portal.network.enums import HEADQUARTERS_KINDS, Kind
from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import HEADQUARTERS, MEMBER, OFFICE, SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from clair_portal.accounts.models import (  # noqa: F401
        ApiToken,
        Invitation,
        Person,
        Posting,
        PostingTerms,
        SentOnce,
        SignedLink,
        User,
    )

CLAIR_KINDS = sorted({*HEADQUARTERS_KINDS, Kind.OFFICE})


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


def in_force(on: dt.date) -> Q:
    return Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gte=on))


class PostingQuerySet(QuerySet["Posting"]):
    def in_force(self, on: dt.date) -> PostingQuerySet:
        return self.filter(in_force(on))

    @first_wall
    def visible_to(self, scope: Scope) -> PostingQuerySet:
        """CLAIR's own people see every posting; a member sees its own, CLAIR's, its branch's and those under it."""
        if scope.role in (HEADQUARTERS, OFFICE, SYSTEM):
            return self.all()
        if scope.role != MEMBER:
            return self.none()
        mine = scope.organisations
        return self.filter(
            Q(person=scope.person)
            | Q(organisation__in=mine)
            | Q(organisation__kind__in=CLAIR_KINDS)
            | Q(organisation__branch__in=mine)
            | Q(organisation__municipalities__in=mine)
        ).distinct()


class PostingTermsQuerySet(QuerySet["PostingTerms"]):
    @first_wall
    def visible_to(self, scope: Scope) -> PostingTermsQuerySet:
        """Headquarters sees the terms of every organisation, others their own."""
        return _own(self, scope)


class PersonQuerySet(QuerySet["Person"]):
    @first_wall
    def visible_to(self, scope: Scope) -> PersonQuerySet:
        """People whose posting the reader may see, and always oneself."""
        from clair_portal.accounts.models import Posting

        if scope.role in (HEADQUARTERS, OFFICE, SYSTEM):
            return self.all()
        if scope.role != MEMBER:
            return self.none()
        postings = Posting.objects.visible_to(scope).filter(person=OuterRef("pk"))
        return self.filter(Q(pk=scope.person) | Exists(postings))

    def named(self, text: str) -> PersonQuerySet:
        """People whose name holds `text` in any form people type."""
        return self.filter(holds_every_word(text))


class InvitationQuerySet(QuerySet["Invitation"]):
    @first_wall
    def visible_to(self, scope: Scope) -> InvitationQuerySet:
        """Headquarters sees every invitation, others those of their own organisations."""
        return _own(self, scope)


class SignedLinkQuerySet(QuerySet["SignedLink"]):
    @first_wall
    def visible_to(self, scope: Scope) -> SignedLinkQuerySet:
        """Headquarters sees every link, others those of their own organisations."""
        return _own(self, scope)


class ApiTokenQuerySet(QuerySet["ApiToken"]):
    @first_wall
    def visible_to(self, scope: Scope) -> ApiTokenQuerySet:
        """Nobody sees another person's tokens, headquarters neither."""
        if scope.role == SYSTEM:
            return self.all()
        return self.filter(person=scope.person) if scope.person else self.none()


def _own(rows: Any, scope: Scope) -> Any:
    if scope.role in (HEADQUARTERS, SYSTEM):
        return rows.all()
    return rows.filter(organisation__in=scope.organisations) if scope.role in (MEMBER, OFFICE) else rows.none()


class SentOnceQuerySet(QuerySet["SentOnce"]):
    @first_wall
    def visible_to(self, scope: Scope) -> SentOnceQuerySet:
        """Nobody sees the keys of another person's programs."""
        if scope.role == SYSTEM:
            return self.all()
        return self.filter(person=scope.person) if scope.person else self.none()
