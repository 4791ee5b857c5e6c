"""What a sheet of changes means: who is meant, what would happen to each, what is wrong, and what nobody inherits.

Read in a fixed number of statements, however many people are on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

from clair_portal.accounts.ending import zones_of
from clair_portal.accounts.invitation_sheet import Fault
from clair_portal.accounts.models import Invitation, Person, Posting, Role
from clair_portal.accounts.reader import Reader
from clair_portal.language.folding import fold
from clair_portal.language.words import in_japanese
from clair_portal.network.enums import HEADQUARTERS_KINDS, Kind
from clair_portal.network.models import Organisation
from clair_portal.staffing.sheet import Row
from clair_portal.walls.roles import HEADQUARTERS


def within_reach(reader: Reader, today: dt.date) -> QuerySet[Posting]:
    """Postings a sheet of this reader speaks of: headquarters' of its divisions and the offices, others' of their own place."""
    rows = Posting.objects.visible_to(reader.scope).filter(Q(ends_on=None) | Q(ends_on__gte=today))
    if reader.scope.role == HEADQUARTERS:
        rows = rows.filter(organisation__kind__in=[*HEADQUARTERS_KINDS, Kind.OFFICE])
    else:
        rows = rows.filter(organisation=reader.scope.organisation)
    rows = rows.select_related("person", "organisation", "role", "sending_body")
    return rows.order_by("organisation__kind", "organisation__code", "person__name", "pk")


@dataclass
class Line:
    """One row and what it means. `waiting`: (label, number) of what is open in the post that ends."""

    row: Row
    posting: Posting | None = None
    person: Person | None = None
    organisation: Organisation | None = None
    role: Role | None = None
    title: str = ""
    sending_body: Organisation | None = None
    successor: Posting | None = None
    heir: Line | None = None
    alone: bool = False
    waiting: list[tuple[str, int]] = field(default_factory=list)
    ends_at: dt.datetime | None = None
    begins_at: dt.datetime | None = None
    stays: list[Posting] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.person.display_name() if self.person else newcomer(self.row.name, self.row.name_latin)

    @property
    def ends(self) -> dt.date | None:
        return self.row.ends_on if self.posting else None

    @property
    def changes(self) -> bool:
        """A row nobody touched says nothing: the last day stands there because the template wrote it."""
        row, posting = self.row, self.posting
        if posting is None or row.goes_on or row.successor:
            return True
        return row.ends_on is not None and row.ends_on != posting.ends_on

    @property
    def invited(self) -> bool:
        return self.person is None

    @property
    def leaves(self) -> bool:
        """Whoever has no post left afterwards."""
        return bool(self.posting and self.ends and not self.row.goes_on and not self.stays)

    @property
    def count(self) -> int:
        return sum(number for _label, number in self.waiting)

    @property
    def asks(self) -> bool:
        """Open work and nobody who inherits it: somebody must say so."""
        return bool(self.ends and self.count and not (self.successor or self.heir or self.alone))

    @property
    def chosen(self) -> str:
        """Who has the work, as the question of the page writes it."""
        if self.successor:
            return f"posting:{self.successor.pk}"
        return f"row:{self.heir.row.number}" if self.heir else "nobody" if self.alone else ""

    @property
    def inherits(self) -> str:
        """The successor's name."""
        if self.successor:
            return self.successor.person.display_name()
        return self.heir.name if self.heir else ""


class Register:
    """Everything the rows speak of, read once."""

    def __init__(self, rows: Sequence[Row], reader: Reader, now: dt.datetime) -> None:
        self.reader, self.now, self.today = reader, now, reader.today_here
        self.postings = list(within_reach(reader, self.today))
        self.people = self._people(rows)
        self.organisations = self._organisations(rows)
        self.roles = list(Role.objects.order_by("code"))
        self.zones = zones_of([*self.organisations, *(posting.organisation for posting in self.postings)])

    def _people(self, rows: Sequence[Row]) -> dict[str, Person]:
        """By address, also those posted elsewhere; who cannot be seen from here is invited like a stranger."""
        found = {posting.person.email.lower(): posting.person for posting in self.postings if posting.person.email}
        missing = {row.email for row in rows if row.email} - found.keys()
        if missing:
            seen = Person.objects.visible_to(self.reader.scope).filter(email__in=missing)
            found |= {person.email.lower(): person for person in seen}
        return found

    def _organisations(self, rows: Sequence[Row]) -> list[Organisation]:
        words = {text for row in rows for text in (row.organisation, row.sending_body) if text}
        codes = {text.split()[0].upper() for text in words} | {text.split()[0] for text in words}
        return list(
            Organisation.objects.filter(Q(code__in=codes) | Q(name_ja__in=words) | Q(name_en__in=words)).order_by("pk")  # type: ignore[misc]
        )

    def organisation(self, text: str) -> list[Organisation]:
        """Those of this code or name; one is what is wanted."""
        by_code = [row for row in self.organisations if row.code and row.code.upper() == text.split()[0].upper()]
        wanted = fold(text)
        return by_code or [
            row
            for row in self.organisations
            if wanted in (fold(row.name_ja or ""), fold(row.name_en or ""))  # type: ignore[attr-defined]
        ]

    def role(self, text: str, place: Organisation) -> Role | None:
        wanted = fold(text)
        for role in self.roles:
            here = not role.kinds or place.kind in role.kinds
            if here and wanted in {fold(words) for words in (role.code, role.name_ja, role.name_en) if words}:  # type: ignore[attr-defined]
                return role
        return None

    def roles_at(self, place: Organisation) -> list[Role]:
        return [role for role in self.roles if not role.kinds or place.kind in role.kinds]

    def called(self, text: str, postings: Iterable[Posting]) -> list[Posting]:
        """Postings of this key, address or name."""
        rows = list(postings)
        by_key = [posting for posting in rows if str(posting.pk) == text]
        by_address = [
            posting for posting in rows if posting.person.email and posting.person.email.lower() == text.lower()
        ]
        return by_key or by_address or [posting for posting in rows if is_called(posting.person, text)]

    @cached_property
    def elsewhere(self) -> dict[int, list[Posting]]:
        """All postings of the people of the sheet, also at other organisations."""
        people = {person.pk for person in self.people.values()} | {posting.person_id for posting in self.postings}
        rows = Posting.objects.visible_to(self.reader.scope).filter(person__in=people)
        found: dict[int, list[Posting]] = {}
        for posting in rows.filter(Q(ends_on=None) | Q(ends_on__gte=self.today)).select_related("organisation", "role"):
            found.setdefault(posting.person_id, []).append(posting)
        return found

    @cached_property
    def invited(self) -> set[tuple[str, int, str]]:
        """Address, organisation and role of invitations that are open."""
        rows = Invitation.objects.visible_to(self.reader.scope)
        rows = rows.filter(used_at=None, revoked_at=None, expires_at__gt=self.now)
        return set(rows.values_list("email", "organisation", "role"))


def newcomer(name: str, name_latin: str) -> str:
    """Somebody without a record yet, as Person.display_name() has it."""
    return name if in_japanese() or not name_latin else name_latin


def is_called(person: Person, text: str) -> bool:
    return bool(text) and fold(text) in {fold(name) for name in (person.name, person.name_latin) if name}


@dataclass
class Plan:
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    untouched: int = 0
    warnings: list[str] = field(default_factory=list)

    @property
    def questions(self) -> list[Line]:
        return [line for line in self.lines if line.asks]

    def line_of(self, row: int) -> Line | None:
        return next((line for line in self.lines if line.row.number == row), None)

    @property
    def takes_effect_at(self) -> dt.datetime | None:
        """The first midnight at which something changes; until then it can be taken back."""
        return min((at for line in self.lines for at in (line.ends_at, line.begins_at) if at), default=None)
