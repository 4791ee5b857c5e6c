"""Public pages: stories, research results, offices. They read publications and the network, never a case."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import everybody
from clair_portal.network.models import Claim, Country, Jurisdiction, Organisation
from clair_portal.publishing.enums import Kind
from clair_portal.publishing.models import Publication
from clair_portal.publishing.queries import was_withdrawn

PAGE = 20
LISTS = {
    "stories": (Kind.STORY, "stories"),
    "research": (Kind.RESEARCH_RESULT, "research"),
}


def entry(publication: Publication, language: str) -> dict[str, Any]:
    """A publication in the language of the page; `lang` where it exists in the other one only."""
    title, lang = publication.in_language("title", language)
    wanted = "ja" if language.startswith("ja") else "en"
    return {
        "publication": publication, "title": title, "lang": lang, "other": lang != wanted,
        "summary": publication.in_language("summary", language)[0], "body": publication.in_language("body", language)[0],
        "url": f"/{wanted}/{_section(publication)}/{publication.slug}/",
    }  # fmt: skip


def _section(publication: Publication) -> str:
    return "research" if publication.kind == Kind.RESEARCH_RESULT else "stories"


def newest(request: Any, count: int) -> list[dict[str, Any]]:
    language = get_language() or "en"
    return [entry(each, language) for each in _public(request)[:count]]


@everybody()
def publication_list(request: Any, section: str) -> HttpResponse:
    """Newest first, by office where one is asked for; twenty on a page."""
    kind, _name = LISTS[section]
    found = _public(request).filter(kind=kind)
    office = request.GET.get("office", "")
    if office:
        found = found.filter(office__code=office[:10])
    page = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() and len(request.GET["page"]) < 5 else 1
    first = (max(page, 1) - 1) * PAGE
    shown = list(found[first : first + PAGE + 1])
    context = {
        "section": section, "entries": [entry(each, get_language() or "en") for each in shown[:PAGE]],
        "offices": Organisation.objects.offices().order_by("pk"), "office": office,
        "previous": f"?office={office}&page={page - 1}" if page > 1 else "",
        "next": f"?office={office}&page={page + 1}" if len(shown) > PAGE else "",
    }  # fmt: skip
    return render(request, "pages/publications.html", context)


def _public(request: Any) -> Any:
    return Publication.objects.visible_to(request.scope).for_the_public().select_related("office")


@everybody()
def publication(request: Any, section: str, slug: str) -> HttpResponse:
    """One publication; 410 with a sentence for one that was withdrawn."""
    kind, _name = LISTS[section]
    found = _public(request).filter(slug=slug, kind=kind).first()
    if found is None and was_withdrawn(kind, slug):
        return render(request, "pages/withdrawn.html", status=410)
    if found is None:
        raise Http404
    countries = Country.objects.in_bulk(found.countries)
    context = {
        "entry": entry(found, get_language() or "en"), "section": section,
        "countries": [countries[code] for code in found.countries if code in countries],
    }  # fmt: skip
    return render(request, "pages/publication.html", context)


@everybody()
def offices(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/offices.html", {"offices": Organisation.objects.offices().order_by("pk")})


@everybody()
def office(request: Any, code: str) -> HttpResponse:
    """One office: what is known of it with sources, the countries it serves today, its stories."""
    found = Organisation.objects.offices().filter(code=code.upper()).first()
    if found is None:
        raise Http404
    served = Jurisdiction.objects.on(timezone.localdate()).filter(office=found).select_related("country")
    context = {
        "office": found, "countries": [row.country for row in served.order_by("country")],
        "opened": Claim.objects.filter(organisation=found, claim="opened").order_by("value"),
        "entries": [entry(each, get_language() or "en") for each in _public(request).filter(office=found)[:5]],
    }  # fmt: skip
    return render(request, "pages/office.html", context)


@everybody()
def feed(request: Any) -> HttpResponse:
    """Atom feed of the newest stories and results in the language of the address."""
    language = get_language() or "en"
    base = f"{request.scheme}://{request.get_host()}"
    atom = Atom1Feed(
        title=_("CLAIR: stories and results"), link=f"{base}/{language}/", description="", language=language,
        feed_url=f"{base}/{language}/feed.atom",
    )  # fmt: skip
    for each in newest(request, PAGE):
        at = each["publication"].changed_at
        atom.add_item(each["title"], base + each["url"], each["summary"], updateddate=at, unique_id=base + each["url"])
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)
