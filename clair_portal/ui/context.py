"""What the page frames need. Everything is worked out when a template asks for it: error pages ask for little."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import get_language

from clair_portal.language.versions import VERSIONS, Version, language_in, version_of

from .navigation import Link, public_links, staff_sections


class Language(NamedTuple):
    """A version of the page. `url` is "" where the language is not in the address: there a form switches."""

    code: str
    name: str
    current: bool
    url: str
    alternate: bool = True  # whether search engines are told of it


class Frame:
    """The variable `frame` of every template."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.demo: bool = getattr(settings, "DEMO", False)
        self.path = request.get_full_path()
        self.site: str = getattr(settings, "PORTAL_URL", "")

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def in_address(self) -> bool:
        """Whether the page's language stands in its address (/ja/...): public pages."""
        return bool(language_in(self.path))

    @property
    def canonical(self) -> str:
        """The one address of this page: without filters, but each page of a list is its own."""
        page = self._request.GET.get("page", "")
        return f"{self.site}{self._request.path}{f'?page={page}' if page.isdecimal() and page != '1' else ''}"

    @property
    def languages(self) -> list[Language]:
        """All versions of a public page; the two of staff for a page whose language is not in its address."""
        public = self.in_address
        return [self._version(each) for each in VERSIONS if public or each.code in dict(settings.STAFF_LANGUAGES)]

    def _version(self, version: Version) -> Language:
        url = "/".join(["", version.code, *self.path.split("/")[2:]]) if self.in_address else ""
        now = version.code == self.language
        return Language(version.code, version.endonym, now, url, version.known_to_search_engines)

    @property
    def version(self) -> Version:
        return version_of(self.language)

    @property
    def unchecked(self) -> bool:
        """Whether nobody whose language this is has read the words of this version."""
        return not self.version.checked_by

    @cached_property
    def navigation(self) -> list[list[Link]]:
        """Sections of links for staff pages."""
        return staff_sections(self._request)

    @cached_property
    def menu(self) -> list[Link]:
        """The line of links at the head of public pages."""
        return public_links(self._request, "public")

    @cached_property
    def foot(self) -> list[Link]:
        return public_links(self._request, "foot")


def frame(request: HttpRequest) -> dict[str, Frame]:
    return {"frame": Frame(request)}
