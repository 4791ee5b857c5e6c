"""How a route names a post: "title:企画調査課長", "role:hq_administrator" or "posting:17" (one person by name).

A title or a role stays when people change; whoever holds it on the day is asked.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from clair_portal.accounts.models import Posting, Role
from clair_portal.accounts.reader import Post as Held
from clair_portal.accounts.reader import Reader
from clair_portal.audit.sentences import in_language
from clair_portal.network.enums import Kind
from clair_portal.outbox.services import Post

PATTERN = r"^(title:.+|role:[-a-zA-Z0-9_]+|posting:[0-9]+)$"
TITLE, ROLE, POSTING = "title", "role", "posting"


def split(post: str) -> tuple[str, str]:
    form, _colon, name = post.partition(":")
    return form, name


def matches(post: str, held: Held) -> bool:
    """Whether a posting of a reader is the named post; the organisation is asked by `held_by`."""
    form, name = split(post)
    return {TITLE: held.title, ROLE: held.role_code, POSTING: str(held.id)}[form] == name


def held_by(reader: Reader, organisation: int) -> list[Held]:
    """The reader's postings there today, the chosen one first. A division acts for its headquarters."""
    here = [post for post in reader.posts if post.organisation == organisation and post.holds]
    return sorted(here, key=lambda post: reader.chosen is None or post.id != reader.chosen.id)


def holders(post: str, organisation: int, on: dt.date) -> QuerySet[Posting]:
    """Postings that hold the post on a day, with their people."""
    form, name = split(post)
    chosen = {TITLE: Q(title=name), ROLE: Q(role_id=name), POSTING: Q(pk=name if form == POSTING else 0)}[form]
    return _at(organisation, on).filter(chosen).select_related("person", "role", "organisation").order_by("pk")


def _at(organisation: int, on: dt.date) -> QuerySet[Posting]:
    here = Q(organisation=organisation) | Q(organisation__parent=organisation, organisation__kind=Kind.DIVISION)
    return Posting.objects.in_force(on).filter(here)


def address(post: str, organisation: int) -> Post:
    """For a message to whoever holds the post when it is delivered."""
    form, name = split(post)
    if form == POSTING:
        return Post(organisation, "", posting=int(name))
    return Post(organisation, "", title=name) if form == TITLE else Post(organisation, "", role=name)


def label(post: str) -> dict[str, str]:
    """The name of the post in both languages; of one named person their title or role, with the name."""
    form, name = split(post)
    if form == TITLE:
        return {"ja": name, "en": name}
    if form == ROLE:
        role = Role.objects.filter(pk=name).first()
        return _of_role(role) if role else {"ja": name, "en": name}
    posting = Posting.objects.filter(pk=name).select_related("person", "role").first()
    if posting is None:
        return {"ja": name, "en": name}
    own = label_of(posting.title, _of_role(posting.role))
    return {"ja": f"{own['ja']} {posting.person.name}", "en": f"{own['en']} {posting.person.display_name('en')}"}


def _of_role(role: Any) -> dict[str, str]:
    return {"ja": role.name_ja or role.name_en or role.code, "en": role.name_en or role.name_ja or role.code}


def label_of(title: str, roles: dict[str, str]) -> dict[str, str]:
    """What stands on a stamp: the title of the post, else the name of the role."""
    return {"ja": title or roles["ja"] or roles["en"], "en": title or roles["en"] or roles["ja"]}


def choices(organisation: int, on: dt.date) -> list[tuple[str, str]]:
    """Posts of an organisation that exist today: titles, roles, then people by name."""
    found = list(_at(organisation, on).select_related("person", "role").order_by("title", "pk"))
    language = get_language() or "en"
    titles = dict.fromkeys(posting.title for posting in found if posting.title)
    roles = {posting.role_id: str(posting.role) for posting in found}
    named = [
        (f"{POSTING}:{posting.pk}", f"{posting.person.display_name(language)} ({posting.title or posting.role})")
        for posting in found
    ]
    return [
        *((f"{TITLE}:{title}", title) for title in titles),
        *((f"{ROLE}:{code}", name) for code, name in roles.items()),
        *named,
    ]


def in_words(post: str) -> str:
    """The name of a post in the language of the page."""
    return in_language(label(post))
