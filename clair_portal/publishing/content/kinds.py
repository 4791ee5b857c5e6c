"""Which kinds of texts there are. An app registers its kinds in ready(); the pages that show them belong to the app."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.functional import Promise


@dataclass(frozen=True)
class ContentKind:
    """`url`: name of the public page; empty: no page shows such texts; those there are stay readable for staff, and none
    is added. `takes`: what it is called
    that the address of the text is given to.

    `places`: the addresses such a text can have and what each is called, where pages wait for it; None: any address.
    """

    key: str
    label: Promise | str
    url: str = ""
    takes: str = "slug"
    places: Callable[[], Iterable[tuple[str, str]]] | None = None


KINDS: dict[str, ContentKind] = {}


def register(kind: ContentKind) -> None:
    if kind.key in KINDS:
        raise ValueError(f"registered twice: {kind.key}")
    KINDS[kind.key] = kind


def label_of(key: str) -> str:
    return str(KINDS[key].label) if key in KINDS else key


def path_of(key: str, slug: str, language: str) -> str:
    """The public address in a language; empty where the kind has no page of its own."""
    kind = KINDS.get(key)
    if kind is None or not kind.url:
        return ""
    with translation.override(language):
        try:
            return reverse(kind.url, kwargs={kind.takes: slug})
        except NoReverseMatch:
            return ""


def places_of(key: str) -> dict[str, str] | None:
    """Address -> what stands there, in the reader's language; None: the kind has no fixed places."""
    kind = KINDS.get(key)
    return dict(kind.places()) if kind is not None and kind.places is not None else None


def empty_places() -> list[tuple[ContentKind, list[tuple[str, str]]]]:
    """Places that wait for a text, by kind; those whose text is being written are left out. A statement per such kind."""
    from clair_portal.publishing.models import Item

    found = []
    for kind in [each for each in KINDS.values() if each.places is not None]:
        taken = set(Item.objects.filter(kind=kind.key).values_list("slug", flat=True))
        left = [(slug, label) for slug, label in (places_of(kind.key) or {}).items() if slug not in taken]
        if left:
            found.append((kind, left))
    return found
