"""Which kinds of texts there are. An app registers its kinds in ready(); the pages that show them belong to the app."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.functional import Promise


@dataclass(frozen=True)
class ContentKind:
    """`url`: name of the public page, which takes `slug`; empty: the text is part of a page that is addressed otherwise."""

    key: str
    label: Promise | str
    url: str = ""


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
            return reverse(kind.url, kwargs={"slug": slug})
        except NoReverseMatch:
            return ""
