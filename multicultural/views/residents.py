"""Foreign residents for everybody: by nationality, status, prefecture, year and municipality, each with day and source."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clair_portal.accounts.for_everybody import public_page
from clair_portal.open_data.files import csv_file
from clair_portal.reports import charts
from clair_portal.sheets.writing import Value
from multicultural import queries
from multicultural.loading import IMMIGRATION, REGISTER
from multicultural.models import MunicipalityCount
from multicultural.words import STATUSES

LONGEST = 100
SHOWN = 100  # municipalities a search shows; the file has all


class ResidentSearch(forms.Form):
    """A municipality by name, or a prefecture to go to."""

    q = forms.CharField(
        label=gettext_lazy("City, town or village"), required=False, max_length=LONGEST, strip=True,
        error_messages={"max_length": gettext_lazy("Search for at most 100 characters.")},
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    prefecture = forms.ChoiceField(
        label=gettext_lazy("Prefecture"), required=False,
        error_messages={"invalid_choice": gettext_lazy("There is no such prefecture. Choose one from the list.")},
    )  # fmt: skip

    def __init__(self, request: Any, names: dict[str, Any]) -> None:
        super().__init__(
            {name: request.GET.get(name, "").replace("\0", "") for name in ("q", "prefecture")}, auto_id="by-%s"
        )
        field = self.fields["prefecture"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All")), *((code, str(each)) for code, each in names.items())]


@public_page
def residents(request: Any) -> HttpResponse:
    """All of Japan; with `q` the municipalities it finds, with `prefecture` the way to its page."""
    names = queries.prefectures()
    form = ResidentSearch(request, names)
    if not form.is_valid():
        return render(request, "multicultural/residents.html", {"form": form, "wrong": True}, status=422)
    if (code := form.cleaned_data["prefecture"]) and not form.cleaned_data["q"]:
        return redirect("residents_prefecture", code=code)
    found, asked = queries.in_all_of_japan(), form.cleaned_data["q"]
    context = (
        {"form": form, "about": queries.statistics(), "asked": asked} | _national(found) | _by_prefecture(found, names)
    )
    if asked:
        context |= _found(asked, code)
    return render(request, "multicultural/residents.html", context)


def _national(found: list[queries.Count]) -> dict[str, Any]:
    rows = queries.by_nationality(found)
    statuses = [(label, _of_status(found, status)) for status, label in STATUSES.items()]
    parts = [(str(label), number) for label, number in statuses[1:]]
    return {
        "rows": [(row, [row.by_status.get(status) for status in STATUSES]) for row in rows], "statuses": statuses,
        "all_of_them": _of_status(found, ""), "day": queries.newest(found),
        "chart": charts.bars("nationalities", _("Foreign residents by nationality"), [(row.name, row.number) for row in rows]),
        "status_chart": charts.bars("statuses", _("Foreign residents by status of residence"), parts),
    }  # fmt: skip


def _of_status(found: list[queries.Count], status: str) -> int:
    """All nationalities together on the newest day."""
    day = queries.newest(found)
    of = (each for each in found if not each.prefecture and not each.nationality and each.as_of == day)
    return next((each.number for each in of if each.status == status), 0)


def _by_prefecture(found: list[queries.Count], names: dict[str, Any]) -> dict[str, Any]:
    by_place = queries.totals(found)
    days = sorted(by_place.get("", {}))
    lines = [(code, names[code], [of.get(day) for day in days]) for code, of in by_place.items() if code in names]
    newest = [(str(name), numbers[-1] or 0) for _code, name, numbers in lines]
    return {
        "days": days, "lines": lines, "sums": [by_place.get("", {}).get(day) for day in days],
        "prefecture_chart": charts.bars("prefectures", _("Foreign residents by prefecture"), newest),
    }  # fmt: skip


def _found(asked: str, code: str) -> dict[str, Any]:
    places = list(queries.search(asked).filter(code__startswith=code)[: SHOWN + 1])
    return {"places": places[:SHOWN], "more": len(places) > SHOWN}


@public_page
def prefecture(request: Any, code: str) -> HttpResponse:
    """One prefecture: nationalities, years and municipalities."""
    names = queries.prefectures()
    if code not in names:
        raise Http404
    found = queries.counts(Q(prefecture=code))
    rows = queries.by_nationality(found, code)
    years = sorted(queries.totals(found).get(code, {}).items())
    form = ResidentSearch(request, names)
    context = {
        "form": form, "here": names[code], "code": code, "rows": rows, "years": years, "day": queries.newest(found),
        "about": queries.statistics(), "places": queries.municipalities(code),
        "chart": charts.bars("nationalities", _("Foreign residents by nationality"), [(row.name, row.number) for row in rows]),
    }  # fmt: skip
    return render(request, "multicultural/prefecture.html", context)


# --- Files: what the tables show ----------------------------------------------------------------------------------------
@public_page
def nationalities_file(request: Any) -> HttpResponse:
    found = queries.in_all_of_japan()
    about = queries.statistics().get(IMMIGRATION)
    heads = [_("Nationality"), _("Foreign residents"), *(str(label) for label in STATUSES.values()), *_ends()]
    rows = [
        [row.name, row.number, *(row.by_status.get(status) for status in STATUSES)]
        for row in queries.by_nationality(found)
    ]
    rows.append([_("Total"), _of_status(found, ""), *(_of_status(found, status) for status in STATUSES)])
    return csv_file("foreign_residents_by_nationality", heads, ([*row, *_end(about)] for row in rows))


@public_page
def prefectures_file(request: Any) -> HttpResponse:
    shown = _by_prefecture(queries.in_all_of_japan(), queries.prefectures())
    about = queries.statistics().get(IMMIGRATION)
    heads = [_("Code"), _("Prefecture"), *(str(day) for day in shown["days"]), *_ends()]
    rows: list[list[Value]] = [[code, str(name), *numbers] for code, name, numbers in shown["lines"]]
    rows.append(["", _("Total"), *shown["sums"]])
    return csv_file("foreign_residents_by_prefecture", heads, ([*row, *_end(about)] for row in rows))


@public_page
def prefecture_file(request: Any, code: str) -> HttpResponse:
    if code not in queries.prefectures():
        raise Http404
    about = queries.statistics().get(IMMIGRATION)
    heads = [_("Nationality"), _("Foreign residents"), *_ends()]
    rows = queries.by_nationality(queries.counts(Q(prefecture=code)), code)
    return csv_file(f"foreign_residents_{code}", heads, ([row.name, row.number, *_end(about)] for row in rows))


@public_page
def municipalities_file(request: Any, code: str = "") -> HttpResponse:
    """The municipalities of a prefecture, or those a search finds; all of them without either."""
    names = queries.prefectures()
    if code and code not in names:
        raise Http404
    form = ResidentSearch(request, names)
    if not form.is_valid():
        return render(request, "multicultural/residents.html", {"form": form, "wrong": True}, status=422)
    about = queries.statistics().get(REGISTER)
    heads = [_("Code"), _("Municipality"), _("Foreign residents"), _("Men"), _("Women"), _("Population"), *_ends()]
    found = queries.search(form.cleaned_data["q"]).filter(code__startswith=code or form.cleaned_data["prefecture"])
    return csv_file("foreign_residents_by_municipality", heads, ([*_place(each), *_end(about)] for each in found))


def _place(each: MunicipalityCount) -> list[Value]:
    name = str(each.organisation or each.name_ja)
    return [each.code, name, each.total, each.men, each.women, each.population]


def _ends() -> list[str]:
    return [_("As of"), _("Statistic"), _("Source")]


def _end(about: dict[str, Any] | None) -> list[Value]:
    as_of: dt.date | None = about["as_of"] if about else None
    return [as_of, about["name"], about["source"]] if about else [None, "", ""]
