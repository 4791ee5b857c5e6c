"""The public pages of this app, as files (publishing/tree)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from clair_portal.network.models import Organisation
from clair_portal.pages.views import crawling, errors
from clair_portal.publishing.enums import Kind, State
from clair_portal.publishing.models import Publication
from clair_portal.publishing.tree.families import Family, declare, rows
from clair_portal.reports.models import Snapshot

_STORIES = ("publishing_publication", "publishing_publishedtext", "network_organisation")
_OFFICES = ("network_organisation", "network_claim", "network_jurisdiction", "network_country")
_OF_OFFICE = ("publishing_publication:of:{code}", "publishing_publishedtext:of:{code}")
_STORY = ("network_organisation", "network_country")


def _list_of(kind: Kind) -> tuple[str, ...]:
    return (f"publishing_publication:of:{kind}", f"publishing_publishedtext:of:{kind}", *_STORY)


def offices() -> Iterable[dict[str, Any]]:
    return [{"code": (each.code or "").lower()} for each in Organisation.objects.offices()]


def branches() -> Iterable[dict[str, Any]]:
    return [{"code": code} for code in Organisation.objects.branches().values_list("code", flat=True) if code]


def publications(kind: Kind) -> Iterator[dict[str, Any]]:
    """What is public, and what was: its address says so."""
    known = Publication.objects.filter(kind=kind, state__in=(State.PUBLISHED, State.WITHDRAWN))
    for slug in known.values_list("slug", flat=True):
        yield {"slug": slug}


def years() -> Iterable[dict[str, Any]]:
    found = Snapshot.objects.filter(published_at__isnull=False).order_by("collection", "year")
    return [{"key": key, "year": year} for key, year in found.values_list("collection", "year").distinct()]


def declare_pages() -> None:
    rows("reports_snapshot", "collection || '/' || year")
    declare(
        Family("home", reads=(*_STORIES, *_OFFICES, "gatherings_event", "gatherings_call", "day")),
        Family("offices", reads=(*_OFFICES, "day")),
        Family("office", offices, (*_OF_OFFICE, *_OFFICES, "day")),
        Family("headquarters", reads=("network_organisation", "network_claim", "day")),
        Family("branches", reads=("network_organisation", "day")),
        Family("branch", branches, ("network_organisation", "network_claim", "network_country", "exchange_tie", "day")),
        Family("about", reads=("network_organisation", "network_claim")),
        Family("contact", reads=("network_organisation",)),
        Family("accessibility"),
        Family("privacy"),
        Family("site_policy"),
        Family("stories", reads=_list_of(Kind.STORY)),
        Family(
            "story",
            lambda: publications(Kind.STORY),
            ("publishing_publication:story:{slug}", "publishing_publishedtext:story:{slug}", *_STORY),
        ),
        Family("research_results", reads=_list_of(Kind.RESEARCH_RESULT)),
        Family(
            "research_result",
            lambda: publications(Kind.RESEARCH_RESULT),
            (
                "publishing_publication:research_result:{slug}",
                "publishing_publishedtext:research_result:{slug}",
                *_STORY,
            ),
        ),
        Family("feed", reads=_STORIES),
        Family("api_reference"),
        Family("api_with_token"),
        Family("sitemap", reads=("publishing_page",)),
        Family("sitemap_part", crawling.later_parts, ("publishing_page",)),
        Family("sitemaps", reads=("publishing_page",), in_languages=False),
        Family("robots", in_languages=False),
        Family("icon", in_languages=False),
        Family("public_statistics", reads=("reports_snapshot",)),
        Family("public_statistics_year", years, ("reports_snapshot:{key}/{year}",)),
        *(Family(f"error_file_{status}") for status in errors.FILES),
    )
