"""The public front page of each language, and the way to it."""

from __future__ import annotations

import zoneinfo
from typing import Any

from babel.lists import format_list
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language

from clair_portal.accounts.rules import everybody
from clair_portal.network.models import Jurisdiction, Organisation
from clair_portal.pages.views.public import newest


@everybody()
def front(request: Any) -> HttpResponse:
    """/ leads to the front page in the language of the browser."""
    response = redirect(f"/{request.LANGUAGE_CODE}/")
    response["Vary"] = "Accept-Language, Cookie"
    return response


@everybody()
def home(request: HttpRequest) -> HttpResponse:
    today, now = timezone.localdate(), timezone.now()
    served: dict[int, list[str]] = {}
    for row in Jurisdiction.objects.on(today).select_related("country"):
        served.setdefault(row.office_id, []).append(str(row.country))
    offices = [
        {
            "office": office,
            "countries": format_list(served.get(office.pk, []), locale=(get_language() or "en").split("-")[0]),
            "time": timezone.localtime(now, zoneinfo.ZoneInfo(office.time_zone)).strftime("%H:%M"),
        }
        for office in Organisation.objects.offices().order_by("pk")
    ]
    branches = Organisation.objects.branches().in_being(today).count()
    return render(request, "pages/home.html", {"offices": offices, "branches": branches, "entries": newest(request, 3)})
