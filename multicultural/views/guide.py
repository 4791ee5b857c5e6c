"""What the pillar is, the chapters of the living guide, and which service spoke which languages."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.for_everybody import public_page
from clair_portal.network.claims import Fact, linked, side_by_side, written
from clair_portal.network.models import Claim
from clair_portal.publishing.content.public import text_of, texts_of
from multicultural import queries, reading
from multicultural.loading import SUBJECT, part

DISASTERS, CONSULTATION = 16, 17
DESKS = {
    part("consultation desks"): _("Desks and consultations"),
    part("topics of consultations"): _("Topics of consultations"),
    part("languages of consultations"): _("Languages of consultations"),
}


@public_page
def landing(request: Any) -> HttpResponse:
    """What the pillar does, from sources, and the way to its pages."""
    found = queries.in_all_of_japan()
    years = sorted(queries.totals(found).get("", {}).items())
    stated = _stated(SUBJECT, part("difficulties of residents"), part("survey of residents"))
    surveyed = {
        fact.claims[0].claim: written(fact.claims[0].value) for fact in stated.get(part("survey of residents"), [])
    }
    context = {
        "newest": years[-1] if years else None, "about": queries.statistics(), "facts": stated.get(SUBJECT, []),
        "difficulties": stated.get(part("difficulties of residents"), []), "largest": queries.by_nationality(found)[:5],
        "chapters": len(reading.chapters()), "surveyed": surveyed,
    }  # fmt: skip
    return render(request, "multicultural/landing.html", context)


def _stated(*subjects: str) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in side_by_side(Claim.objects.filter(subject__in=subjects).order_by("subject", "id")):
        found.setdefault(fact.subject, []).append(fact)
    return found


@public_page
def guide(request: Any) -> HttpResponse:
    """The chapters in their order, with the text of each where there is one."""
    written = {each.text.slug: each for each in texts_of(reading.GUIDE)}
    rows = [(each, written.get(str(each.order))) for each in reading.chapters().values()]
    return render(
        request, "multicultural/guide.html", {"rows": rows, "all_written": all(entry for _chapter, entry in rows)}
    )


@public_page
def chapter(request: Any, order: int) -> HttpResponse:
    """One chapter: its text where it is written, what other guides have on it, and official pages."""
    chapters = reading.chapters()
    if order not in chapters:
        raise Http404
    entry = text_of(reading.GUIDE, str(order))
    context = {
        "chapter": chapters[order], "entry": entry, "text": entry.text if entry else None,
        "before": chapters.get(order - 1), "after": chapters.get(order + 1),
        "topics": reading.topics().get(order, []), "source": linked(chapters[order].source),
        "stages": reading.disaster_topics() if order == DISASTERS else [],
        "desks": _desks() if order == CONSULTATION else [],
    }  # fmt: skip
    return render(request, "multicultural/chapter.html", context)


def _desks() -> list[tuple[Promise, list[Fact]]]:
    found = _stated(*DESKS)
    return [(title, found[subject]) for subject, title in DESKS.items() if subject in found]


@public_page
def languages(request: Any) -> HttpResponse:
    rows = [each | {"source": linked(str(each["source"]))} for each in reading.services()]
    return render(request, "multicultural/languages.html", {"services": rows})
