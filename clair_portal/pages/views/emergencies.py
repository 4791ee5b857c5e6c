"""The monthly review: who opened another side's internal papers in an emergency, and why."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from clair_portal.accounts.models import Person
from clair_portal.accounts.rules import needs
from clair_portal.audit.models import EmergencyReading
from clair_portal.casework.models import Case
from clair_portal.casework.presentation import when
from clair_portal.language.folding import whole_number

PAGE = 50


@needs("log.read")
def emergencies(request: Any) -> HttpResponse:
    """Newest first, with the reason in the person's own words and the case it was about."""
    page = _page(request.GET.get("page", ""))
    found = list(
        EmergencyReading.objects.visible_to(request.scope).order_by("-at", "id")[(page - 1) * PAGE :][: PAGE + 1]
    )
    rows = found[:PAGE]
    people = Person.objects.visible_to(request.scope).in_bulk({row.person for row in rows if row.person})
    keys = {int(row.subject_id) for row in rows if row.subject_type == "casework.case" and row.subject_id.isdigit()}
    cases = Case.objects.visible_to(request.scope).in_bulk(keys)
    context = {
        "rows": [
            {
                "when": when(row.at) if row.at else "",
                "reason": row.reason,
                "person": people.get(row.person or 0),
                "case": cases.get(int(row.subject_id)) if row.subject_id.isdigit() else None,
            }
            for row in rows
        ],
        "previous": f"?page={page - 1}" if page > 1 else "",
        "next": f"?page={page + 1}" if len(found) > PAGE else "",
    }
    return render(request, "pages/emergencies.html", context)


def _page(text: str) -> int:
    return whole_number(text, 1, 10_000) or 1
