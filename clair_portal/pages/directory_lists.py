"""The directory's two lists as files; the page itself orders by how well a name fits (accounts/directory.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.accounts import directory
from clair_portal.accounts.models import Person, Posting
from clair_portal.accounts.reader import Reader
from clair_portal.accounts.rules import signed_in
from clair_portal.casework.list_pages import as_file
from clair_portal.casework.listing import Column, Filter, Listing, SheetColumn, asked_of, declare
from clair_portal.language.words import listed
from clair_portal.network.enums import Kind
from clair_portal.network.models import Organisation

ITS_OWN = pgettext_lazy("branch", "its own")


def _asked(name: str, value: str) -> directory.Asked:
    return replace(directory.Asked(), **{name: value})  # type: ignore[arg-type]


def _organisation(name: str, options: Any = None, label: Any = "", look: str = "select") -> Filter:
    """A filter of the page, asked of organisations."""
    return Filter(
        name, label, lambda rows, values, reader: directory.narrowed(rows, _asked(name, values[0]), reader.today),
        options, look=look,
    )  # fmt: skip


def _person(name: str, options: Any = None, label: Any = "", look: str = "select") -> Filter:
    """The same filter, asked of people: of the organisation of a posting."""
    return Filter(
        name, label,
        lambda rows, values, reader: directory.narrowed_people(rows, _asked(name, values[0]), reader.scope, reader.today),
        options, look=look,
    )  # fmt: skip


OFFERED: tuple[tuple[str, Any, Any], ...] = (
    ("kind", lambda reader, known: Kind.choices, _("Kind")),
    ("prefecture", lambda reader, known: directory.prefectures(), _("Prefecture")),
    ("country", lambda reader, known: directory.countries(), _("Country")),
)
ORGANISATIONS = declare(
    Listing(
        key="organisations", path="/desk/directory/", title=_("Organisations"), order="code",
        source=lambda reader: Organisation.objects.select_related("parent", "branch", "country"),
        rows=lambda found, reader, now: list(found),
        filters=(
            _organisation("q", label=_("Name or code"), look="text"),
            *(_organisation(name, options, label) for name, options, label in OFFERED),
        ),
        columns=(
            Column("name", _("Name"), str, head=True, sheet=(
                SheetColumn(_("Name"), str, 30), SheetColumn(_("Kana"), lambda row: row.kana, 30),
            )),
            Column("kind", _("Kind"), lambda row: row.get_kind_display(), width=24),
            Column("parent", _("Belongs to"), lambda row: str(row.parent or (row.country if row.kind == Kind.OFFICE else "") or "")),
            Column("branch", _("Branch"), lambda row: str(row.branch or (ITS_OWN if row.is_branch else ""))),
            Column("code", _("Code"), lambda row: row.code or "", sort="code", width=12),
            Column("ends", _("Ends on"), lambda row: row.ends_on, width=12),
        ),
    )
)  # fmt: skip


def _postings(people: Sequence[Person], reader: Reader, known: Any) -> dict[int, str]:
    """Of today, as far as the reader may see them."""
    seen = Posting.objects.visible_to(reader.scope).in_force(reader.today).filter(person__in=people)
    found: dict[int, list[str]] = {}
    for posting in seen.select_related("organisation", "role").order_by("starts_on", "pk"):
        found.setdefault(posting.person_id, []).append(f"{posting.organisation} {posting.title or posting.role}")
    return {pk: listed(words) for pk, words in found.items()}


PEOPLE = declare(
    Listing(
        key="people", path="/desk/directory/people/", title=_("People"), order="kana",
        source=lambda reader: Person.objects.visible_to(reader.scope), rows=lambda found, reader, now: list(found),
        filters=(
            _person("q", label=_("Name"), look="text"), *(_person(name, options, label) for name, options, label in OFFERED),
        ),
        columns=(
            Column("kana", _("Name"), str, head=True, sort="kana", sheet=(
                SheetColumn(_("Name"), str, 24), SheetColumn(_("Kana"), lambda row: row.kana, 24),
            )),
            Column("postings", _("Postings today"), gather=_postings, width=50),
        ),
    )
)  # fmt: skip


@signed_in("POST")
def organisations_file(request: Any) -> HttpResponse:
    return as_file(request, asked_of(ORGANISATIONS, request.GET, request.reader))


@signed_in("POST")
def people_file(request: Any) -> HttpResponse:
    return as_file(request, asked_of(PEOPLE, request.GET, request.reader))
