"""The reader of a page: person, posting chosen, language, and the scope that follows from it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language

from clair_portal.calendars.fiscal import TOKYO
from clair_portal.language.words import in_japanese
from clair_portal.network.enums import HEADQUARTERS_KINDS, Kind
from clair_portal.walls.roles import HEADQUARTERS, MEMBER, OFFICE, PUBLIC
from clair_portal.walls.scope import Scope

_STRONGEST_FIRST = (HEADQUARTERS, OFFICE, MEMBER)


def role_of(kind: str) -> str:
    """The database role of people posted at a kind of organisation."""
    if kind in HEADQUARTERS_KINDS:
        return HEADQUARTERS
    return OFFICE if kind == Kind.OFFICE else MEMBER


@dataclass(frozen=True)
class Post:
    """A posting as the frame shows it. `organisation`: whose rows it opens (a division acts for headquarters).

    `today`: the day it is where the posting begins and ends at midnight (PostingTerms).
    """

    id: int
    organisation: int
    kind: str
    names: dict[str, str]
    roles: dict[str, str]
    role_code: str
    rights: frozenset[str]
    starts_on: dt.date
    ends_on: dt.date | None
    today: dt.date
    title: str = ""
    division: int | None = None

    @property
    def database_role(self) -> str:
        return role_of(self.kind)

    def in_force(self, on: dt.date) -> bool:
        """On another day than today; for now, ask `holds`."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)

    @property
    def holds(self) -> bool:
        return self.starts_on <= self.today and not self.is_over

    @property
    def is_over(self) -> bool:
        return self.ends_on is not None and self.ends_on < self.today

    @property
    def organisation_name(self) -> str:
        return _in_language(self.names)

    @property
    def label(self) -> str:
        return " ".join(part for part in (_in_language(self.names), self.title or _in_language(self.roles)) if part)


@dataclass(frozen=True)
class Reader:
    """The signed-in person. Built once a request, before the scope is opened."""

    person: int
    name_as_written: str
    name_latin: str
    email: str
    language: str
    time_zone: str
    posts: tuple[Post, ...]
    chosen: Post | None
    today: dt.date

    is_authenticated = True  # the API takes a reader for the user of a request

    @property
    def pk(self) -> int:
        return self.person

    @property
    def name(self) -> str:
        japanese = in_japanese()
        return self.name_as_written if japanese or not self.name_latin else self.name_latin

    @property
    def scope(self) -> Scope:
        """Organisations of other kinds than the chosen posting's are left out, so roles never mix."""
        if self.chosen is None:
            return Scope(PUBLIC, self.person)
        role = self.chosen.database_role
        same = [p for p in self.posts if p.database_role == role and p.holds]
        organisations = [self.chosen.organisation, *(p.organisation for p in same)]
        return Scope(role, self.person, self.chosen.id, tuple(dict.fromkeys(organisations)), self.chosen.rights)

    @property
    def signature(self) -> dict[str, str]:
        """Name and organisation in both languages, as a log entry keeps them."""
        if self.chosen is None:
            return {"ja": self.name_as_written, "en": self.name_latin or self.name_as_written}
        names = self.chosen.names
        return {
            "ja": f"{self.name_as_written}({names['ja']})",
            "en": f"{self.name_latin or self.name_as_written} ({names['en'] or names['ja']})",
        }

    @property
    def today_here(self) -> dt.date:
        """The day it is where the chosen posting is; `today` is the day in Tokyo."""
        return self.chosen.today if self.chosen else self.today

    def can(self, right: str) -> bool:
        return self.chosen is not None and right in self.chosen.rights


def reader_now(user_id: int, at: dt.datetime, chosen: int | None = None) -> Reader | None:
    """As reader_of(), at an instant: each posting begins and ends at the midnight that counts at its organisation."""
    return reader_of(user_id, timezone.localdate(at, TOKYO), chosen, at=at)


def reader_of(user_id: int, on: dt.date, chosen: int | None = None, *, at: dt.datetime | None = None) -> Reader | None:
    """The person behind a user with all postings that have not ended; one query.

    `on`: the day in Tokyo. `at`: given, each posting is judged by the day of its own zone; else by `on`.
    `chosen`: the posting picked in the frame; where it is missing or not in force, the strongest kind wins.
    None: the user is not active or no person stands behind it.
    """
    with connection.cursor() as cursor:
        cursor.execute("select portal_reader(%s, %s)", [user_id, on])
        found = cursor.fetchone()[0]
    if not found:
        return None
    data: dict[str, Any] = json.loads(found) if isinstance(found, str) else found
    found_posts = (_post(row, timezone.localdate(at, ZoneInfo(row["zone"])) if at else on) for row in data["postings"])
    posts = tuple(post for post in found_posts if not post.is_over)
    return Reader(
        person=data["person"],
        name_as_written=data["name"],
        name_latin=data["name_latin"],
        email=data["email"],
        language=data["language"],
        time_zone=data["time_zone"],
        posts=posts,
        chosen=_choose([post for post in posts if post.holds], chosen),
        today=on,
    )


def _post(row: dict[str, Any], today: dt.date) -> Post:
    ends_on = row["ends_on"]
    division = row["organisation"] if row["headquarters"] else None
    return Post(
        id=row["id"],
        organisation=row["headquarters"] or row["organisation"],
        division=division,
        kind=row["kind"],
        names={"ja": row["name_ja"] or "", "en": row["name_en"] or ""},
        roles={"ja": row["role_ja"] or "", "en": row["role_en"] or ""},
        role_code=row["role"],
        rights=frozenset(row["rights"]),
        starts_on=dt.date.fromisoformat(row["starts_on"]),
        ends_on=dt.date.fromisoformat(ends_on) if ends_on else None,
        today=today,
        title=row["title"],
    )


def _choose(posts: list[Post], chosen: int | None) -> Post | None:
    for post in posts:
        if post.id == chosen:
            return post
    for role in _STRONGEST_FIRST:
        for post in posts:
            if post.database_role == role:
                return post
    return None


def _in_language(names: dict[str, str]) -> str:
    wanted = (get_language() or "en").split("-")[0]
    return names.get(wanted) or names["en"] or names["ja"]
