"""The seven offices for the public: what is known, and "not published" for what is not."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from clair_portal.accounts.for_everybody import public_page
from clair_portal.language.lists import joined
from clair_portal.network.claims import side_by_side
from clair_portal.network.models import Claim, Jurisdiction, Organisation
from clair_portal.pages.site import reach
from clair_portal.pages.site.saying import shown
from clair_portal.pages.views.stories import newest
from clair_portal.ui.world_map import HEIGHT, project

HEADQUARTERS = (35.685, 139.74)  # Chiyoda, Tokyo
# Where the name stands beside its point, where the right-hand side is taken: moved by, and which end of it.
BESIDE = {
    "LON": (-16, -4, "end"), "PAR": (-16, 24, "end"), "BJS": (-14, -8, "end"), "SEL": (-14, 26, "end"), "SIN": (14, 6, "start"),
    "NYC": (18, 8, "start"), "SYD": (16, 8, "start"), "HQ": (22, 6, "start"),
}  # fmt: skip


def offices_with_opening() -> QuerySet[Organisation]:
    """`opened`: the years sources give, each once."""
    years = ArrayAgg("claims__value", filter=Q(claims__claim="opened"), distinct=True, default=[])
    return Organisation.objects.offices().annotate(opened=years).order_by("pk")


def served_today() -> dict[int, list[str]]:
    """Names of the countries of each office as of today."""
    served: dict[int, list[str]] = {}
    for row in Jurisdiction.objects.on(timezone.localdate()).select_related("country"):
        served.setdefault(row.office_id, []).append(str(row.country))
    return {office: sorted(names) for office, names in served.items()}


def rows_of(offices: list[Any], served: dict[int, list[str]]) -> list[dict[str, Any]]:
    return [_row(office, served.get(office.pk, [])) for office in offices]


def _row(office: Any, countries: list[str]) -> dict[str, Any]:
    """Years only: 1990 and 1990-10 do not contradict each other."""
    years = sorted({value[:4] for value in office.opened})
    opened = " / ".join(years)
    return {"office": office, "opened": opened, "disputed": len(years) > 1, "countries": joined(countries)}


def points_of(offices: list[Any]) -> dict[str, Any]:
    """Headquarters and the offices on the map."""
    placed = [office for office in offices if office.latitude is not None and office.longitude is not None]
    points = [_point(str(each), float(each.latitude), float(each.longitude), each.code) for each in placed]
    return {"points": points, "hq": _point("", *HEADQUARTERS, "HQ"), "height": HEIGHT}


def _point(name: str, latitude: float, longitude: float, code: str) -> dict[str, str]:
    """Numbers as SVG writes them, in any language."""
    x, y = project(latitude, longitude)
    across, down, anchor = BESIDE.get(code, (16, 8, "start"))
    city = name.removesuffix(" office").removesuffix("事務所")
    return {
        "city": city, "x": f"{x}", "y": f"{y}", "text_x": f"{x + across:.1f}", "text_y": f"{y + down:.1f}", "anchor": anchor,
    }  # fmt: skip


def disputed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["disputed"]]


@public_page
def offices(request: Any) -> HttpResponse:
    found = list(offices_with_opening())
    rows = rows_of(found, served_today())
    return render(request, "pages/offices.html", {"rows": rows, "disputed": disputed(rows), "map": points_of(found)})


@public_page
def office(request: Any, code: str) -> HttpResponse:
    """One office: what is known of it with sources, the countries it serves today, its stories and results."""
    found = Organisation.objects.offices().filter(code=code.upper()).first()
    if found is None:
        raise Http404
    if code != code.lower():
        return redirect("office", code.lower(), permanent=True)
    served = Jurisdiction.objects.on(timezone.localdate()).filter(office=found).select_related("country")
    claims = list(Claim.objects.filter(organisation=found, subject__startswith="Office").order_by("pk"))
    facts, entries = side_by_side(claims), newest(request, 5, office=found)
    context = {
        "office": found, "served": sorted(served, key=lambda row: str(row.country)), "facts": [shown(fact) for fact in facts],
        "opened": " / ".join(sorted({claim.value[:4] for claim in claims if claim.claim == "opened"})),
        "disputed": any(fact.disputed and fact.claims[0].claim == "opened" for fact in facts),
        "lines": [*reach.lines(found, claims), reach.languages(found)],
        "zone": zone_today(found.time_zone), "entries": entries, "kinds": {each["publication"].kind for each in entries},
    }  # fmt: skip
    return render(request, "pages/office.html", context)


def zone_today(name: str) -> str:
    """Europe/London (UTC+00:00): at noon there, so that the page stays the same all day."""
    noon = dt.datetime.combine(timezone.localdate(), dt.time(12), zoneinfo.ZoneInfo(name))
    offset = noon.strftime("%z")
    return f"{name} (UTC{offset[:3]}:{offset[3:]})"
