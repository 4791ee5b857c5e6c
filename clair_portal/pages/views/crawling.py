"""What search engines read: robots.txt, sitemaps. And the icon browsers ask for by its old name."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.encoding import iri_to_uri
from django.utils.translation import get_language

from clair_portal.accounts.for_everybody import public_page
from clair_portal.language.versions import version_of
from clair_portal.publishing.models import Page

MOST = 50_000  # addresses in one sitemap (sitemaps.org)
ICON = Path(settings.BASE_DIR) / "static" / "favicon.ico"
XML = "application/xml"
log = logging.getLogger(__name__)


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
    """One sitemap a language."""
    context = {"addresses": [f"{settings.PORTAL_URL}/{code}/sitemap.xml" for code, _name in settings.LANGUAGES]}
    return render(request, "pages/sitemaps.xml", context, content_type=XML)


@public_page
def sitemap(request: Any) -> HttpResponse:
    """The pages that stand in this language, each with its other versions."""
    standing = Page.objects.standing().filter(path__endswith="/")
    others = standing.filter(address=OuterRef("address")).exclude(language="").values("language")
    found = list(standing.filter(language=get_language() or "").annotate(versions=ArraySubquery(others))[: MOST + 1])
    if len(found) > MOST:
        log.error(
            "%s has more than %s pages: search engines read no further, so it has to be split", request.path, MOST
        )
    return render(request, "pages/sitemap.xml", {"pages": [_entry(page) for page in found[:MOST]]}, content_type=XML)


def _entry(page: Any) -> dict[str, Any]:
    known = [code for code in page.versions if version_of(code).known_to_search_engines]
    alternates = [(code, _absolute(f"/{code}{page.address}")) for code in known]
    return {"address": _absolute(page.path), "alternates": alternates}


def _absolute(path: str) -> str:
    return settings.PORTAL_URL + iri_to_uri(path)


@public_page
def icon(request: Any) -> HttpResponse:
    return HttpResponse(ICON.read_bytes(), content_type="image/vnd.microsoft.icon")
