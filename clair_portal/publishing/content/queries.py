from __future__ import annotations

import unicodedata
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db import connection
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery

from clair_portal.language.folding import query_key
from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import HEADQUARTERS, OFFICE, SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from clair_portal.publishing.models import Linguist, OldSlug, PublishedText, Translation  # noqa: F401 - in quotes

FOR_EDITORS = ("released_by", "released_at", "withdrawn_why", "version", "whole")


class StaffQuerySet(QuerySet[Any]):
    """Texts, versions and translations: the work of headquarters and of the offices."""

    @first_wall
    def visible_to(self, scope: Scope) -> Self:
        return self.all() if scope.role in (HEADQUARTERS, OFFICE, SYSTEM) else self.none()


class ItemQuerySet(StaffQuerySet):
    def named(self, asked: str) -> ItemQuerySet:
        """Texts of which title or address has every word asked for, anywhere in it; full-width letters and digits as others."""
        found = self
        for word in unicodedata.normalize("NFKC", asked).split():
            found = found.filter(Q(title__icontains=word) | Q(slug__icontains=word))
        return found


class TranslationQuerySet(StaffQuerySet):
    """What is finished is told apart in the database: of thousands of finished ones no sentence is read."""

    def unfinished(self) -> TranslationQuerySet:
        """With a sentence of the newest source that is missing, older than it or not approved."""
        return self.filter(_open_sentence(), ~_whole())

    def finished(self) -> TranslationQuerySet:
        return self.filter(~_open_sentence() | _whole())

    def with_public(self) -> TranslationQuerySet:
        """`public_version`: number of the source that its public text was made from; None where it is not public."""
        from clair_portal.publishing.models import PublishedText

        public = PublishedText.objects.filter(item=OuterRef("item"), language=OuterRef("language"), withdrawn_at=None)
        return self.annotate(public_version=Subquery(public.values("source_version")[:1]))


def _open_sentence() -> Exists:
    """As `states.sentence_state` says of one sentence."""
    from clair_portal.publishing.models import Segment, TranslatedSegment

    fresh = Func(
        F("source_digest"), OuterRef("equals"), template="%(expressions)s)", arg_joiner=" = any(", output_field=BooleanField()
    )  # fmt: skip
    approved = TranslatedSegment.objects.filter(
        fresh, translation=OuterRef(OuterRef("pk")), key=OuterRef("key"), approved_by__isnull=False
    ).exclude(text="")
    newest = Segment.objects.filter(version__item=OuterRef("item"), version__number=OuterRef("item__number"))
    return Exists(newest.filter(~Exists(approved)))


def _whole() -> Q:
    """Public as it was written with the newest source, and no sentence of it was written here."""
    from clair_portal.publishing.models import PublishedText, TranslatedSegment

    of_it = PublishedText.objects.filter(item=OuterRef("item"), language=OuterRef("language"), withdrawn_at=None)
    written = TranslatedSegment.objects.filter(translation=OuterRef("pk")).exclude(text="")
    return Q(Exists(of_it.filter(whole=True, source_version=OuterRef("item__number")))) & ~Q(Exists(written))


class LinguistQuerySet(StaffQuerySet):
    def of(self, posting: int) -> LinguistQuerySet:
        return self.filter(posting=posting)


class TermQuerySet(StaffQuerySet):
    def in_use(self) -> TermQuerySet:
        return self.filter(retired_at=None)

    def saying(self, asked: str) -> TermQuerySet:
        """Terms of which some form, the note or the source has every word asked for, anywhere in it: Japanese has no spaces."""
        found = self
        for word in asked[:200].split():
            keys = query_key(word)
            if keys:
                found = found.filter(reduce(or_, (Q(found_by__contains=key) for key in keys)))
        return found


class PublishedTextQuerySet(QuerySet["PublishedText"]):
    @first_wall
    def visible_to(self, scope: Scope) -> PublishedTextQuerySet:
        """Everybody: what stands. The offices and headquarters: also what was withdrawn."""
        return self.all() if scope.role in (HEADQUARTERS, OFFICE, SYSTEM) else self.filter(withdrawn_at=None)

    def for_the_public(self) -> PublishedTextQuerySet:
        """What stands, with the columns a public page may read."""
        return self.filter(withdrawn_at=None).defer(*FOR_EDITORS)


class OldSlugQuerySet(QuerySet["OldSlug"]):
    @first_wall
    def visible_to(self, scope: Scope) -> OldSlugQuerySet:
        """Everybody: of items that have a public text. The offices and headquarters: all."""
        if scope.role in (HEADQUARTERS, OFFICE, SYSTEM):
            return self.all()
        from clair_portal.publishing.models import PublishedText

        return self.filter(item__in=PublishedText.objects.filter(withdrawn_at=None).values("item"))


def write_note(sentence: int, words: str) -> bool:
    """Past the second wall, which lets an office change a sentence only as one it wrote or approved. False: not their language."""
    with connection.cursor() as cursor:
        cursor.execute("select publishing_note_sentence(%s, %s)", [sentence, words])
        return bool(cursor.fetchone()[0])


def withdrawn_at(kind: str, slug: str) -> str | None:
    """The address now of a text that was withdrawn and stands or stood at this one. Past the walls: the public may not read it."""
    with connection.cursor() as cursor:
        cursor.execute("select publishing_withdrawn_at(%s, %s)", [kind, slug])
        address: str | None = cursor.fetchone()[0]
        return address
