"""The directory as its pages show it: what the address asks for, the rows found, and who may keep what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clair_portal.accounts.models import Person, Posting
from clair_portal.accounts.reader import Reader
from clair_portal.language import folding
from clair_portal.language.words import in_japanese
from clair_portal.network.enums import BRANCH_KINDS, MEMBER_KINDS, Kind
from clair_portal.network.models import Country, Organisation
from clair_portal.network.queries import in_force
from clair_portal.walls.roles import HEADQUARTERS, OFFICE
from clair_portal.walls.scope import Scope

SIZE = 50
COUNTED = 1000  # lists are not counted further than this
ORGANISATIONS, PEOPLE = "organisations", "people"
_FIRST = (Kind.HEADQUARTERS, Kind.DIVISION, Kind.OFFICE)


@dataclass(frozen=True)
class Asked:
    """What the address asks for. A value that does not exist is left out, so that an old link still opens."""

    q: str = ""
    kind: str = ""
    prefecture: str = ""
    country: str = ""
    show: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: QueryDict) -> Asked:
        page = query.get("page", "")
        return cls(
            q=query.get("q", "").strip()[:100],
            kind=query.get("kind", "") if query.get("kind") in Kind.values else "",
            prefecture=query.get("prefecture", "")[:6],
            country=query.get("country", "").upper()[:2],
            show=query.get("show", "") if query.get("show") in (ORGANISATIONS, PEOPLE) else "",
            page=folding.whole_number(page, 1, 1000) or 1,
        )

    @property
    def filtered(self) -> bool:
        return bool(self.kind or self.prefecture or self.country)

    @property
    def offset(self) -> int:
        return (self.page - 1) * SIZE

    def url(self, **changes: Any) -> str:
        """The address of this list with something changed; the page is forgotten unless it is given."""
        asked = replace(self, **{"page": 1, **changes})
        pairs = {name: value for name, value in vars(asked).items() if value and (name, value) != ("page", 1)}
        return f"?{urlencode(pairs)}"


@dataclass(frozen=True)
class Found:
    """One page of a list. `total`: None where there are more than COUNTED."""

    rows: Sequence[Any]
    more: bool
    counted: int

    @property
    def total(self) -> int | None:
        return self.counted if self.counted <= COUNTED else None

    @property
    def label(self) -> str:
        return f"{self.counted:,}" if self.counted <= COUNTED else f"{COUNTED:,}+"


def organisations(asked: Asked, on: dt.date) -> QuerySet[Organisation]:
    """Headquarters and offices first, then by code; when something is searched, names that begin with it first."""
    found = narrowed(Organisation.objects.all(), asked, on).select_related("parent", "branch", "country")
    order = [_name_begins(asked.q)] if folding.query_key(asked.q) else []
    return found.order_by(*order, _clair_first(), "code", "pk")


def narrowed(found: Any, asked: Asked, on: dt.date) -> Any:
    """Organisations that are asked for, in the order they come in."""
    if asked.q:
        found = found.named(asked.q)
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.prefecture:
        found = found.filter(Q(code=asked.prefecture) | Q(parent__code=asked.prefecture))
    if asked.country:
        responsible = Organisation.objects.filter(
            in_force_jurisdiction(on), jurisdictions__country=asked.country
        ).values("pk")
        found = found.filter(Q(country=asked.country) | Q(pk__in=responsible))
    return found


def in_force_jurisdiction(on: dt.date) -> Q:
    begun = Q(jurisdictions__starts_on=None) | Q(jurisdictions__starts_on__lte=on)
    return begun & (Q(jurisdictions__ends_on=None) | Q(jurisdictions__ends_on__gte=on))


def _name_begins(text: str) -> Case:
    """0 for rows with a name that begins with `text`, else 1: 堺 before 境町's neighbours."""
    begins = Q()
    for form in folding.query_key(text):
        begins |= Q(search_text__startswith=form) | Q(search_text__contains=f" {form}")
    return Case(When(begins, then=Value(0)), default=Value(1), output_field=IntegerField())


def _clair_first() -> Case:
    whens = [When(kind=kind, then=Value(place)) for place, kind in enumerate(_FIRST)]
    return Case(*whens, default=Value(len(whens)), output_field=IntegerField())


def people(asked: Asked, scope: Scope, on: dt.date) -> QuerySet[Person]:
    """People the reader may see, with their postings of today; the filters ask for the organisation of a posting."""
    visible = Posting.objects.visible_to(scope).in_force(on).select_related("organisation", "role")
    found = narrowed_people(Person.objects.visible_to(scope), asked, scope, on)
    current = Prefetch("postings", queryset=visible.order_by("starts_on", "pk"), to_attr="current")
    return found.prefetch_related(current).order_by("kana", "name", "pk")


def narrowed_people(found: Any, asked: Asked, scope: Scope, on: dt.date) -> Any:
    """People who are asked for by name, and by the organisation of a posting of today that the reader sees."""
    found = found.named(asked.q) if asked.q else found
    if not asked.filtered:
        return found
    there = narrowed(Organisation.objects.all(), replace(asked, q=""), on).values("pk")
    seen = Posting.objects.visible_to(scope).in_force(on)
    return found.filter(Exists(seen.filter(person=OuterRef("pk"), organisation__in=there)))


def page_of(rows: QuerySet[Any], asked: Asked) -> Found:
    """One query for the rows, one for a count that stops."""
    found = list(rows[asked.offset : asked.offset + SIZE + 1])
    return Found(found[:SIZE], len(found) > SIZE, counted(rows))


def counted(rows: QuerySet[Any]) -> int:
    return rows.order_by()[: COUNTED + 1].count()


def prefectures() -> list[tuple[str, str]]:
    rows = Organisation.objects.filter(kind=Kind.PREFECTURE).order_by("code")
    return [(row.code or "", str(row)) for row in rows]


def countries() -> list[tuple[str, str]]:
    """Countries where an organisation is, or which an office serves."""
    used = Q(jurisdictions__isnull=False) | Q(pk__in=Organisation.objects.values("country"))
    return [(row.code, row.name) for row in Country.objects.filter(used).distinct().order_by("name", "code")]


# --- One organisation -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Postings:
    now: list[Posting]
    coming: list[Posting]
    former: list[Posting]

    def __bool__(self) -> bool:
        return bool(self.now or self.coming or self.former)


def postings_of(organisation: Organisation, scope: Scope, on: dt.date) -> Postings:
    """Postings at the organisation and its divisions that the reader may see, by the day."""
    here = Q(organisation=organisation) | Q(organisation__parent=organisation, organisation__kind=Kind.DIVISION)
    visible = Posting.objects.visible_to(scope).filter(here).select_related("person", "role", "organisation")
    rows = list(visible.order_by("organisation__code", "-starts_on", "pk")[:500])
    return Postings(
        now=[row for row in rows if row.in_force(on)],
        coming=[row for row in rows if row.starts_on > on],
        former=[row for row in rows if row.ends_on and row.ends_on < on],
    )


@dataclass(frozen=True)
class Detail:
    """`lang`: of the value where it is not the page's."""

    label: str
    value: str
    lang: str = ""


def facts_of(organisation: Organisation) -> list[Detail]:
    """What is known, empty ones left out. The name in the other language stands beside the reader's."""
    row: Any = organisation
    japanese = in_japanese()
    other = row.name_en if japanese else row.name_ja
    details = [
        Detail(_("English") if japanese else _("Japanese"), other or "", "en" if japanese else "ja"),
        Detail(_("Kana"), row.kana, "ja"),
        Detail(_("Romaji"), row.romaji, "ja-Latn"),
        Detail(_("Local name"), row.local_name, "en"),
        Detail(_("Other forms"), " / ".join(row.variants)),
        Detail(_("County"), row.county, "ja"),
        Detail(_("Country"), str(row.country or "")),
        Detail(pgettext("place", "Address"), row.address),
        Detail(_("Telephone"), row.telephone),
        Detail(_("Exists from"), row.starts_on.isoformat() if row.starts_on else ""),
        Detail(_("Existed until"), row.ends_on.isoformat() if row.ends_on else ""),
        Detail(_("Working languages"), ", ".join(row.working_languages)),
        Detail(_("Source"), row.source),
    ]
    return [detail for detail in details if detail.value]


def has_municipalities(organisation: Organisation) -> bool:
    return organisation.kind in BRANCH_KINDS


def municipalities_of(organisation: Organisation, on: dt.date) -> QuerySet[Organisation]:
    return Organisation.objects.filter(in_force(on), branch=organisation).order_by("code", "pk")


def may_edit_holidays(reader: Reader, keeper: Organisation) -> bool:
    """Headquarters every calendar; the people of an office their own and those of the countries it looks after."""
    at_office = reader.scope.role == OFFICE and keeper.kind == Kind.OFFICE
    return reader.can("network.edit") or (at_office and keeper.pk in reader.scope.organisations)


def may_read_brief(organisation: Organisation, reader: Reader) -> bool:
    """What was done for a body: headquarters and offices, the body itself and its branch."""
    if organisation.kind not in MEMBER_KINDS:
        return False
    if reader.scope.role in (HEADQUARTERS, OFFICE):
        return True
    return bool({organisation.pk, organisation.branch_id} & set(reader.scope.organisations))
