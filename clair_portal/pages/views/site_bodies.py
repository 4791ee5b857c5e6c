"""Headquarters and the 67 branches for the public: what is known with its source, and "not published" for what is not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.for_everybody import public_page
from clair_portal.network.claims import side_by_side
from clair_portal.network.enums import Kind
from clair_portal.network.models import Claim, Organisation
from clair_portal.pages.site import reach
from clair_portal.pages.site.regions import REGIONS, region_of
from clair_portal.pages.site.saying import shown
from exchange.models import Tie

LONGEST = 100
MOST_TIES = 300
SECRETARIAT = ("chairman", "membership", "number of staff", "secondment", "budget")


@public_page
def headquarters(request: Any) -> HttpResponse:
    """Address and ways to reach it, the divisions the network knows, and what sources say of the secretariat."""
    found = Organisation.objects.filter(kind=Kind.HEADQUARTERS).first()
    if found is None:
        raise Http404
    divisions = (
        Organisation.objects.filter(parent=found, kind=Kind.DIVISION).in_being(timezone.localdate()).order_by("pk")
    )
    claims = list(Claim.objects.filter(organisation=found, subject="CLAIR").order_by("pk"))
    facts = side_by_side(claim for claim in claims if claim.claim in SECRETARIAT)
    context = {
        "body": found, "lines": [*reach.lines(found, claims), reach.NO_LANGUAGES], "divisions": divisions,
        "facts": [shown(fact) for fact in facts],
    }  # fmt: skip
    return render(request, "site/headquarters.html", context)


# --- Branches -----------------------------------------------------------------------------------------------------------
class BranchSearch(forms.Form):
    """A prefecture, a city, or a municipality whose branch is looked for."""

    q = forms.CharField(
        label=_("Prefecture, city, town or village"), required=False, max_length=LONGEST, strip=True,
        error_messages={"max_length": _("Search for at most 100 characters.")}, widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip


@public_page
def branches(request: Any) -> HttpResponse:
    """By region; with a name in the address the branches of that name and those of municipalities of that name."""
    form = BranchSearch({"q": request.GET.get("q", "")}, auto_id="by-%s")
    if not form.is_valid():
        return render(request, "site/branches.html", {"form": form}, status=422)
    asked = form.cleaned_data["q"]
    found = list(_branches(asked))
    context = {"form": form, "regions": _by_region(found), "asked": asked, "number": len(found)}
    return render(request, "site/branches.html", context)


def _branches(asked: str) -> QuerySet[Organisation]:
    found = Organisation.objects.branches().in_being(timezone.localdate()).order_by("code")
    if asked:
        named = Organisation.objects.named(asked).in_being(timezone.localdate())
        found = found.filter(Q(pk__in=named.values("pk")) | Q(pk__in=named.values("branch")))
    return found


def _by_region(found: list[Organisation]) -> list[dict[str, Any]]:
    """In the order of the codes, a designated city behind its prefecture."""
    rows: dict[str, list[Organisation]] = {}
    for each in sorted(found, key=lambda each: ((each.code or "")[:2], each.code)):
        rows.setdefault(region_of(each.code or "")[0], []).append(each)
    return [{"key": key, "name": name, "branches": rows[key]} for _last, key, name in REGIONS if key in rows]


@public_page
def branch(request: Any, code: str) -> HttpResponse:
    """One prefecture or designated city: names, website, its municipalities and sister ties."""
    branches = Organisation.objects.branches().select_related("parent")
    found = branches.filter(code=code).first()
    if found is None:
        raise Http404
    ties = Tie.objects.filter(organisation=found).select_related("country").order_by("agreed", "key")[:MOST_TIES]
    context = {
        "body": found, "region": region_of(code), "lines": [*reach.lines(found, ()), reach.NO_LANGUAGES], "ties": list(ties),
        "designated": found.kind == Kind.DESIGNATED_CITY, **_inside(found),
    }  # fmt: skip
    return render(request, "site/branch.html", context)


def _inside(found: Organisation) -> dict[str, Any]:
    """Of a prefecture its municipalities; of a designated city since when it is one."""
    if found.kind == Kind.DESIGNATED_CITY:
        claims = Claim.objects.filter(organisation=found, claim="designated city since").order_by("pk")
        return {"facts": [shown(fact) for fact in side_by_side(claims)]}
    inside = Organisation.objects.filter(parent=found).in_being(timezone.localdate()).order_by("code")
    rows = list(inside.annotate(number=Count("ties", filter=Q(ties__ended=""))).filter(kind__in=MUNICIPAL))
    return {
        "own": [each for each in rows if not each.is_branch], "cities": [each for each in rows if each.is_branch],
        "ties_inside": sum(each.number for each in rows),
    }  # fmt: skip


MUNICIPAL = (Kind.DESIGNATED_CITY, Kind.CITY, Kind.SPECIAL_WARD, Kind.TOWN, Kind.VILLAGE)
