"""What the public reads of texts: the version in the reader's language where there is one, else another, and it is said which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, QuerySet, Subquery, When
from django.db.models.functions import JSONObject
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from clair_portal.accounts.for_everybody import public_page
from clair_portal.language import cldr
from clair_portal.language.versions import version_of
from clair_portal.publishing.content import kinds
from clair_portal.publishing.content.queries import withdrawn_at
from clair_portal.publishing.content.states import Behind, behind
from clair_portal.publishing.models import OldSlug, PublishedText
from clair_portal.publishing.tree.families import Family, declare

PAGE = 20


@dataclass(frozen=True)
class Shown:
    """`text`: the version that is shown; `source`: that of the source, where it is public; `wanted`: the reader's language."""

    text: PublishedText
    source: PublishedText | None
    wanted: str
    languages: tuple[str, ...]

    @property
    def lang(self) -> str:
        return self.text.language

    @property
    def other(self) -> bool:
        """Whether it is in another language than the page."""
        return self.text.language != self.wanted

    @property
    def url(self) -> str:
        return kinds.path_of(self.text.kind, self.text.slug, self.wanted)

    @property
    def behind(self) -> Behind:
        if self.source is None or self.text.is_source:
            return Behind()
        return behind(self.text.proof, [(row[0], row[2]) for row in self.source.proof])

    @property
    def said(self) -> list[str]:
        """What an honest page says about the version it shows."""
        found = [in_another(self.lang)] if self.other else []
        if not self.text.is_source:
            found.append(self._translated())
        if self.text.machine:
            found.append(_("Some sentences were translated by a machine and checked by a person."))
        return found

    @property
    def approved(self) -> str:
        """Who stands for it: nobody but headquarters can release a text."""
        day = cldr.day(self.text.released_on)
        return _("Approved and published by the headquarters of CLAIR on %(day)s.") % {"day": day}

    def _translated(self) -> str:
        late, words = self.behind, {"day": cldr.day(self.text.source_on)}
        if not late:
            return _of_source(self.text.source_language) % words
        words |= {"count": cldr.number(late.count), "total": cldr.number(late.total)}
        return _late(self.text.source_language, late.count) % words


def in_another(language: str) -> str:
    if language == "ja":
        return _("This page does not exist in your language yet. It is shown in Japanese.")
    if language == "en":
        return _("This page does not exist in your language yet. It is shown in English.")
    return _("This page does not exist in your language yet. It is shown in the language it was written in.")


def _of_source(language: str) -> str:
    if language == "ja":
        return _("This page is a translation of the Japanese version of %(day)s.")
    if language == "en":
        return _("This page is a translation of the English version of %(day)s.")
    return _("This page is a translation. The version it was made from is of %(day)s.")


def _late(language: str, count: int) -> str:
    if language == "ja":
        return ngettext(
            "This page is a translation of the Japanese version of %(day)s. %(count)s of %(total)s sentences has changed since.",
            "This page is a translation of the Japanese version of %(day)s. %(count)s of %(total)s sentences have changed since.",
            count,
        )
    return ngettext(
        "This page is a translation of the version of %(day)s. %(count)s of %(total)s sentences has changed since.",
        "This page is a translation of the version of %(day)s. %(count)s of %(total)s sentences have changed since.",
        count,
    )


def order_of(language: str, source: str) -> list[str]:
    """Which version a reader gets: their own, else Japanese on Japanese pages, else English, else what it was written in."""
    first = [language, "ja"] if version_of(language).japanese else [language, "en"]
    return list(dict.fromkeys([*first, "en", "ja", source]))


def version_for(found: QuerySet[PublishedText], language: str, *names: str) -> Subquery:
    """Of these versions of one text the one such a reader gets: its language and the columns named, as JSON."""
    wanted = order_of(language, "")
    best = Case(
        *(When(language=code, then=place) for place, code in enumerate(wanted)),
        When(language=F("source_language"), then=len(wanted)),
        default=len(wanted) + 1,
    )
    said = JSONObject(language="language", **{name: name for name in names})
    return Subquery(found.order_by(best).values(said=said)[:1])


def shown(rows: Iterable[PublishedText], language: str) -> Shown | None:
    """The best of the versions of one item; None where nothing is public."""
    by_language = {row.language: row for row in rows}
    for row in by_language.values():
        best = next((by_language[code] for code in order_of(language, row.source_language) if code in by_language), row)
        source = by_language.get(row.source_language)
        return Shown(best, source, language, tuple(sorted(by_language)))
    return None


def text_of(kind: str, slug: str, language: str | None = None) -> Shown | None:
    """One text for a page, one statement. Pages of other apps ask this."""
    rows = PublishedText.objects.for_the_public().filter(kind=kind, slug=slug)
    return shown(rows, language or get_language() or "en")


def texts_of(kind: str, language: str | None = None, *, limit: int | None = None, offset: int = 0) -> list[Shown]:
    """Every public text of a kind, in its order (`place`), then the newest first; two statements, without the long parts."""
    found = PublishedText.objects.for_the_public().filter(kind=kind).defer("blocks", "proof")
    items = list(
        found.order_by("place", "-published_on", "-item").values_list("item", flat=True).distinct()
        if limit is None
        else _page(kind, limit, offset)
    )
    items = list(dict.fromkeys(items))
    rows: dict[int, list[PublishedText]] = {item: [] for item in items}
    for row in found.filter(item__in=items):
        rows[row.item_id].append(row)
    wanted = language or get_language() or "en"
    return [best for each in rows.values() if (best := shown(each, wanted)) is not None]


def _page(kind: str, limit: int, offset: int) -> list[int]:
    """Items by their source versions: a text is public in its own language before it is in another."""
    sources = PublishedText.objects.for_the_public().filter(kind=kind, language=F("source_language"))
    rows = sources.order_by("place", "-published_on", "-item").values_list("item", flat=True)
    return list(rows[offset : offset + limit])


def addresses(kind: str) -> Iterator[dict[str, Any]]:
    """For the tree: what is public, and what was - its address says so."""
    slugs = PublishedText.objects.filter(kind=kind).values_list("slug", flat=True)
    for slug in sorted(set(slugs)):
        yield {"slug": slug}


def gone_or_moved(request: Any, kind: str, slug: str) -> HttpResponse:
    """Where no text stands: another address it has now, 410 for what was withdrawn. Raises Http404."""
    old = OldSlug.objects.visible_to(request.scope).filter(kind=kind, slug=slug).first()
    now = old and PublishedText.objects.for_the_public().filter(item=old.item_id).first()
    address = now.slug if now else withdrawn_at(kind, slug)
    if address == slug:
        return render(request, "site/withdrawn.html", status=410)
    path = kinds.path_of(kind, address, get_language() or "en") if address else ""
    if not path:
        raise Http404
    return redirect(path, permanent=True)


# --- News releases --------------------------------------------------------------------------------------------------------
@public_page
def releases(request: Any) -> HttpResponse:
    """Newest first, twenty on a page."""
    asked = request.GET.get("page", "")
    page = max(int(asked), 1) if asked.isascii() and asked.isdecimal() and len(asked) < 5 else 1
    entries = texts_of("release", limit=PAGE + 1, offset=(page - 1) * PAGE)
    context = {
        "entries": entries[:PAGE], "previous": f"?page={page - 1}" if page > 2 else "?" if page == 2 else "",
        "next": f"?page={page + 1}" if len(entries) > PAGE else "",
    }  # fmt: skip
    return render(request, "publishing/texts/releases.html", context)


@public_page
def release(request: Any, slug: str) -> HttpResponse:
    found = text_of("release", slug)
    if found is None:
        return gone_or_moved(request, "release", slug)
    return render(request, "publishing/texts/release.html", {"entry": found, "text": found.text})


def declare_pages() -> None:
    declare(
        Family("releases", reads=("publishing_publishedtext:of:release",)),
        Family("release", lambda: addresses("release"), ("publishing_publishedtext:release:{slug}",)),
    )
