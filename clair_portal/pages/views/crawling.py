"""What search engines read: robots.txt, sitemaps. And the icon browsers ask for by its old name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import iri_to_uri
from django.utils.translation import get_language

from clair_portal.accounts.for_everybody import public_page
from clair_portal.language.versions import version_of
from clair_portal.publishing.models import Page

MOST = 50_000  # addresses in one sitemap (sitemaps.org)
ICON = Path(settings.BASE_DIR) / "static" / "favicon.ico"
XML = "application/xml"


@public_page
def robots(request: Any) -> HttpResponse:
    """Staff pages, forms and pages behind links of mails are nothing to look for."""
    closed = "".join(
        f"Disallow: {path}\n" for path in ("/desk/", "/accounts/", "/api/", "/*/forms/", "/*/requests/", "/*?")
    )
    text = f"User-agent: *\n{closed}\nSitemap: {settings.PORTAL_URL}/sitemap.xml\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@public_page
def sitemaps(request: Any) -> HttpResponse:
    """One sitemap a language, or as many as its pages need."""
    needed = parts_needed()
    parts = [(code, part) for code, _name in settings.LANGUAGES for part in range(1, needed.get(code, 1) + 1)]
    return render(
        request, "pages/sitemaps.xml", {"addresses": [_sitemap_at(*each) for each in parts]}, content_type=XML
    )


@public_page
def sitemap(request: Any) -> HttpResponse:
    """The pages that stand in this language, each with its other versions; the first of them where they are many."""
    return _sitemap(request, _entries(1))


@public_page
def sitemap_part(request: Any, part: int) -> HttpResponse:
    """The second sitemap of this language and so on. Raises Http404 after the last."""
    if not 1 < part <= parts_needed().get(get_language() or "", 1):
        raise Http404
    return _sitemap(request, _entries(part))


def _sitemap(request: Any, entries: list[dict[str, Any]]) -> HttpResponse:
    return render(request, "pages/sitemap.xml", {"pages": entries}, content_type=XML)


def _entries(part: int) -> list[dict[str, Any]]:
    standing = _pages()
    others = standing.filter(address=OuterRef("address")).exclude(language="").values("language")
    of_language = standing.filter(language=get_language() or "").annotate(versions=ArraySubquery(others))
    return [_entry(page) for page in of_language[(part - 1) * MOST : part * MOST]]


def parts_needed() -> dict[str, int]:
    """How many sitemaps the pages of each language fill."""
    counts = _pages().order_by("language").values_list("language").annotate(pages=Count("path"))
    return {language: -(-pages // MOST) for language, pages in counts}


def later_parts() -> list[dict[str, int]]:
    """Of the language with most pages, those after the first; others answer 404 sooner."""
    return [{"part": part} for part in range(2, max(parts_needed().values(), default=1) + 1)]


def _pages() -> Any:
    """Whose text is in their own language."""
    return Page.objects.standing().filter(path__endswith="/", text_language="")


def _sitemap_at(language: str, part: int) -> str:
    with translation.override(language):
        return _absolute(reverse("sitemap_part", kwargs={"part": part}) if part > 1 else reverse("sitemap"))


def _entry(page: Any) -> dict[str, Any]:
    known = [code for code in page.versions if version_of(code).known_to_search_engines]
    alternates = [(code, _absolute(f"/{code}{page.address}")) for code in known]
    return {"address": _absolute(page.path), "alternates": alternates}


def _absolute(path: str) -> str:
    return settings.PORTAL_URL + iri_to_uri(path)


@public_page
def icon(request: Any) -> HttpResponse:
    return HttpResponse(ICON.read_bytes(), content_type="image/vnd.microsoft.icon")
