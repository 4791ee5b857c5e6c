"""The JET Programme for everybody: what it is, its numbers since 1987, and where they come from."""

from __future__ import annotations

import io
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clair_portal.accounts.for_everybody import public_page
from clair_portal.network.claims import side_by_side
from clair_portal.network.models import Claim
from clair_portal.sheets.writing import Head, Paper, Value, write_csv
from jet.chart import svg
from jet.loading import SUBJECT
from jet.models import YearlyTotal

COLUMNS = ("year", "total", "alt", "cir", "sea", "countries", "cumulative")


@public_page
def programme(request: Any) -> HttpResponse:
    years = list(YearlyTotal.objects.all())
    counted = [year for year in years if year.total]
    claims = Claim.objects.filter(subject=SUBJECT).exclude(claim__in=("began", "ministries")).order_by("claim", "id")
    context = {
        "years": years[::-1], "newest": counted[-1] if counted else None, "chart": svg(years),
        "facts": side_by_side(claims),
    }  # fmt: skip
    return render(request, "jet/programme.html", context)


@public_page
def participants_file(request: Any) -> HttpResponse:
    """The table as CSV (UTF-8 with BOM), each line with its source."""
    heads = [Head(_heading(name)) for name in COLUMNS] + [Head(_("Note")), Head(_("Source"))]
    out = io.BytesIO()
    paper = Paper(_("Participants of the JET Programme by year"), heads)
    write_csv(out, paper, (_line(year) for year in YearlyTotal.objects.all()))
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="jet_participants.csv"'
    return response


def _heading(name: str) -> str:
    label = next(str(field.verbose_name) for field in YearlyTotal._meta.fields if field.name == name)
    return label[:1].upper() + label[1:]


def _line(year: YearlyTotal) -> list[Value]:
    return [*(getattr(year, name) for name in COLUMNS), year.note, year.source]
