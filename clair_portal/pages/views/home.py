"""The public front page of each language, and the way to it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from clair_portal.accounts.for_everybody import public_page
from clair_portal.accounts.rules import everybody
from clair_portal.network.enums import BRANCH_KINDS, LOCAL_GOVERNMENT_KINDS, Kind
from clair_portal.network.models import Organisation
from clair_portal.pages.site.news import newest
from clair_portal.pages.views.offices import disputed, offices_with_opening, points_of, rows_of, served_today


@everybody()
def front(request: Any) -> HttpResponse:
    """/ leads to the front page in the language of the browser."""
    response = redirect(f"/{request.LANGUAGE_CODE}/")
    response["Vary"] = "Accept-Language, Cookie"
    return response


@public_page
def home(request: Any) -> HttpResponse:
    """Four statements: the offices, the countries they serve, the bodies counted, and what is new."""
    found, served = list(offices_with_opening()), served_today()
    rows = rows_of(found, served)
    counted = _counted() | {"offices": len(found), "countries": sum(len(names) for names in served.values())}
    context = {
        "rows": rows, "disputed": disputed(rows), "map": points_of(found), "counted": counted, "today": timezone.localdate(),
        "news": newest(request.scope, timezone.now(), request.LANGUAGE_CODE),
    }  # fmt: skip
    return render(request, "pages/home.html", context)


def _counted() -> dict[str, int]:
    """Branches, and all municipalities (a prefecture is none)."""
    municipal = LOCAL_GOVERNMENT_KINDS - {Kind.PREFECTURE}
    return Organisation.objects.in_being(timezone.localdate()).aggregate(
        branches=Count("pk", filter=Q(kind__in=sorted(BRANCH_KINDS))),
        municipalities=Count("pk", filter=Q(kind__in=sorted(municipal))),
    )
