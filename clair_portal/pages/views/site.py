"""Pages about CLAIR and about this site: who it is, whom to ask, and how this site works."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clair_portal.accounts.for_everybody import public_page
from clair_portal.language.versions import AUTHORS, VERSIONS, Version
from clair_portal.network.claims import Fact, side_by_side
from clair_portal.network.models import Claim, Organisation
from clair_portal.pages.site import reach
from clair_portal.pages.site.saying import shown
from clair_portal.pages.site.topics import TOPICS, Page

ORGANISATION = (
    "legal form", "membership", "domestic branches", "overseas offices", "secondment", "networks", "tag line",
)  # fmt: skip
YEARS = ("established", "began", "opened")


@public_page
def about(request: Any) -> HttpResponse:
    """History and organisation as sources state them, and the four fields of work."""
    asked = Q(subject="CLAIR", claim__in=(*ORGANISATION, "established")) | Q(claim__in=("began", "opened"))
    facts = side_by_side(Claim.objects.filter(asked).select_related("organisation").order_by("pk"))
    history = sorted((fact for fact in facts if fact.claims[0].claim in YEARS), key=_first_year)
    organisation = {fact.claims[0].claim: fact for fact in facts if fact.subject == "CLAIR"}
    context = {
        "history": [{"what": _event(fact), "fact": shown(fact)} for fact in history],
        "facts": [shown(organisation[name]) for name in ORGANISATION if name in organisation],
    }  # fmt: skip
    return render(request, "site/about.html", context)


def _first_year(fact: Fact) -> str:
    return min(claim.value for claim in fact.claims)


def _event(fact: Fact) -> str:
    """What happened in the year that sources name."""
    claim = fact.claims[0]
    if claim.claim == "established":
        return _("CLAIR was established")
    if claim.claim == "began":
        return _("The JET Programme began")
    return pgettext("history", "Opening: %(office)s") % {"office": claim.organisation or fact.subject}


@public_page
def contact(request: Any) -> HttpResponse:
    """Topic by topic: what to do first, who is responsible, and what is known to reach them."""
    codes = {topic.body for topic in TOPICS if topic.body}
    bodies = {each.code: each for each in Organisation.objects.filter(code__in=codes)}
    rows = [
        {"topic": topic, "body": bodies.get(topic.body), "pages": [link for page in topic.pages if (link := _link(page))]}
        for topic in TOPICS
    ]  # fmt: skip
    lines = reach.known(bodies["HQ"]) if "HQ" in bodies else []
    context = {"rows": rows, "hq": bodies.get("HQ"), "lines": lines, "site_contact": settings.SITE_CONTACT}
    return render(request, "site/contact.html", context)


def _link(page: Page) -> dict[str, Any] | None:
    if page.url_name.startswith("https://"):
        return {"url": page.url_name, "label": page.label}
    try:
        return {"url": reverse(page.url_name) + page.fragment, "label": page.label}
    except NoReverseMatch:
        return None


@public_page
def accessibility(request: Any) -> HttpResponse:
    """What is aimed at, what was tested, what is known not to work, and where to say so."""
    return render(request, "site/accessibility.html", {"site_contact": settings.SITE_CONTACT})


@public_page
def privacy(request: Any) -> HttpResponse:
    """What this site keeps about whoever reads it or writes through it: facts of this software, terms from its settings."""
    context = {
        "days": settings.RETENTION_DAYS, "confirm_hours": settings.GATHERING_CONFIRM_HOURS,
        "idle_minutes": settings.SESSION_IDLE_SECONDS // 60, "session_hours": settings.SESSION_ABSOLUTE_SECONDS // 3600,
        "operator": settings.SITE_OPERATOR, "site_contact": settings.SITE_CONTACT,
        "form_days": settings.CSRF_COOKIE_AGE // 86400,
    }  # fmt: skip
    return render(request, "site/privacy.html", context)


@public_page
def site_policy(request: Any) -> HttpResponse:
    """Links, licence of the data, and who checked which language version."""
    context = {
        "licence_name": settings.OPEN_DATA_LICENCE, "licence_address": settings.OPEN_DATA_LICENCE_ADDRESS,
        "versions": [{"version": each, "url": f"/{each.code}/", "checked": _checked(each)} for each in VERSIONS],
    }  # fmt: skip
    return render(request, "site/policy.html", context)


def _checked(version: Version) -> str:
    """Who read the version as their own language; the two that the authors wrote were translated by nobody."""
    if version.checked_by == AUTHORS:
        return _("written by us")
    return version.checked_by or _("by nobody yet")
