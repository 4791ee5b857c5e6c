"""Stories and research results for the public. These pages read publications and the network, never a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import ExtractYear
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.for_everybody import public_page
from clair_portal.language.words import in_japanese, page_language
from clair_portal.network.enums import Topic
from clair_portal.network.models import Country, Organisation
from clair_portal.publishing.content.cutting import bare
from clair_portal.publishing.content.public import Shown, in_another, text_of, texts_of, version_for
from clair_portal.publishing.enums import Kind
from clair_portal.publishing.models import Publication, PublishedText
from clair_portal.publishing.queries import was_withdrawn

PAGE = 20
KINDS = {"stories": Kind.STORY, "research": Kind.RESEARCH_RESULT}
FILTERS = ("office", "country", "topic", "year")
MOST_CHOICES = 2000  # combinations looked at for the filters


def entry(publication: Publication, version: dict[str, Any] | None) -> dict[str, Any]:
    """A publication in the language of the page; `lang`: the one it is in, `other`: whether that is another one.

    `version`: what the public reads of it as a text (title, summary, language), shown where the publication itself is not
    written in that language.
    """
    wanted, lang = get_language() or "en", publication.shown_in(page_language())
    words = {name: getattr(publication, f"{name}_{lang}") for name in ("title", "summary", "body")}
    translated = version is not None and version["language"] not in publication.languages()
    if version is not None and translated:
        lang, words = version["language"], {"title": version["title"], "summary": version["summary"], "body": ""}
    return words | {
        "publication": publication, "lang": lang, "other": lang != wanted, "only": wanted in ("ja", "en"),
        "translated": translated, "url": publication.path(wanted),
        "topics": [Topic(key).label for key in publication.topics if key in Topic.values],
    }  # fmt: skip


def _entries(publications: QuerySet[Publication]) -> list[dict[str, Any]]:
    texts = PublishedText.objects.for_the_public().filter(kind=OuterRef("kind"), slug=OuterRef("slug"))
    version = version_for(texts, get_language() or "en", "title", "summary")
    return [entry(each, each.version_shown) for each in publications.annotate(version_shown=version)]  # type: ignore[attr-defined]


def _public(request: Any) -> QuerySet[Publication]:
    return Publication.objects.visible_to(request.scope).for_the_public().select_related("office")


def newest(request: Any, count: int, *, office: Organisation | None = None) -> list[dict[str, Any]]:
    found = _public(request)
    if office is not None:
        found = found.filter(office=office)
    return _entries(found[:count])


@public_page
def story_list(request: Any, section: str) -> HttpResponse:
    """Newest first, twenty on a page; by office, country, field and year."""
    found = _public(request).filter(kind=KINDS[section])
    choices, asked = _choices(request, KINDS[section]), _asked(request)
    for name, value in asked.items():
        found = found.filter(**{_lookup(name): [value] if name in ("country", "topic") else value})
    page = _page_number(request)
    entries = _entries(found[(page - 1) * PAGE : page * PAGE + 1])
    context = {
        "section": section, "entries": entries[:PAGE], "choices": choices, "asked": asked,
        "previous": _address(asked, page - 1) if page > 1 else "",
        "next": _address(asked, page + 1) if len(entries) > PAGE else "",
    }  # fmt: skip
    return render(request, "pages/publications.html", context)


def _lookup(name: str) -> str:
    lookups = {"office": "office__code", "country": "countries__contains", "topic": "topics__contains"}
    return lookups.get(name, "published_on__year")


def _asked(request: Any) -> dict[str, str]:
    """The filters in the address, as far as they can be right."""
    asked = {name: request.GET.get(name, "")[:30] for name in FILTERS}
    year = asked["year"]
    if not (year.isascii() and year.isdecimal() and 1900 <= int(year) <= 2200):
        asked["year"] = ""
    return {name: value for name, value in asked.items() if value}


def _page_number(request: Any) -> int:
    page = request.GET.get("page", "")
    return max(int(page), 1) if page.isascii() and page.isdecimal() and len(page) < 5 else 1


def _address(asked: dict[str, str], page: int) -> str:
    return "?" + urlencode(asked | ({"page": str(page)} if page > 1 else {}))


def _choices(request: Any, kind: str) -> dict[str, list[tuple[str, str]]]:
    """What can be filtered by: only what occurs."""
    rows = Publication.objects.visible_to(request.scope).for_the_public().order_by().filter(kind=kind)
    combined = list(
        rows.annotate(year=ExtractYear("published_on"))
        .values_list("office__code", "office__name_ja", "office__name_en", "countries", "topics", "year")
        .distinct()[:MOST_CHOICES]
    )
    japanese = in_japanese()
    offices = {code: ja if japanese else en or ja for code, ja, en, *_rest in combined if code}
    countries = Country.objects.in_bulk({code for row in combined for code in row[3]})
    topics = {key for row in combined for key in row[4]}
    return {
        "office": sorted(offices.items()),
        "country": sorted(((code, str(country)) for code, country in countries.items()), key=lambda pair: pair[1]),
        "topic": [(key, str(label)) for key, label in Topic.choices if key in topics],
        "year": [(str(year), str(year)) for year in sorted({row[5] for row in combined}, reverse=True)],
    }


@public_page
def story(request: Any, section: str, slug: str) -> HttpResponse:
    """One publication; 410 with a sentence for one that was withdrawn."""
    kind = KINDS[section]
    found = _public(request).filter(slug=slug, kind=kind).first()
    if found is None and was_withdrawn(kind, slug):
        return render(request, "pages/withdrawn.html", status=410)
    if found is None:
        raise Http404
    version = text_of(kind, slug)
    text = version.text if version else None
    told = {"language": text.language, "title": text.title, "summary": text.summary} if text else None
    read = entry(found, told)
    countries = Country.objects.in_bulk(found.countries)
    named = {each.code: each for each in Organisation.objects.filter(code__in=found.organisations)}
    context = {
        "entry": read, "text": text if read["translated"] else None, "section": section, "said": _said(read, version),
        "languages": [*found.languages(), *(version.languages if version else ())],
        "countries": [countries[code] for code in found.countries if code in countries],
        "organisations": [named[code] for code in found.organisations if code in named],
    }  # fmt: skip
    return render(request, "pages/publication.html", context)


def _said(read: dict[str, Any], version: Shown | None) -> list[str]:
    """Of what is shown: of a translation how old it is, of another language which one. Of what was written in Japanese or
    English only, Japanese and English pages say so themselves."""
    if version is not None and version.lang == read["lang"] and (read["translated"] or not read["only"]):
        return version.said
    return [] if read["only"] else [in_another(read["lang"])]


class Feed(Atom1Feed):
    def latest_post_date(self) -> dt.datetime:
        """An empty feed says the same whenever it is asked."""
        return super().latest_post_date() if self.items else dt.datetime.fromtimestamp(0, dt.UTC)


@public_page
def feed(request: Any) -> HttpResponse:
    """Atom feed of the newest news releases, stories and results in the language of the address, by day of publication."""
    language = get_language() or "en"
    atom = Feed(
        title=f"CLAIR: {_('What is new')}", link=f"{settings.PORTAL_URL}/{language}/", description="", language=language,
        feed_url=f"{settings.PORTAL_URL}/{language}/feed.atom", author_name="CLAIR",
    )  # fmt: skip
    for _day, url, title, summary, at in sorted(_new(request), key=lambda line: line[0], reverse=True)[:PAGE]:
        address = settings.PORTAL_URL + url
        atom.add_item(title, address, summary, updateddate=at, unique_id=address)
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


def _new(request: Any) -> Iterator[tuple[dt.date, str, str, str, dt.datetime]]:
    """Lines of the feed: day, address, title, summary, and when it changed. Of one day releases come first."""
    for each in texts_of("release", limit=PAGE):
        text = each.text
        at = timezone.make_aware(dt.datetime.combine(text.released_on, dt.time()))  # the public knows the day only
        yield text.published_on, each.url, bare(text.title), bare(text.summary), at
    for found in newest(request, PAGE):
        publication = found["publication"]
        yield publication.published_on, found["url"], found["title"], found["summary"], publication.changed_at
