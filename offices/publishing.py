"""From a finished request to a story: an editor begins with a proposal and chooses what the public sees."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import signed_in
from clair_portal.casework.models import Case, Referral
from clair_portal.publishing.services import may_prepare, prepare
from clair_portal.walls.roles import OFFICE
from offices.workflow import KIND

FINISHED = {"reported", "closed"}


@signed_in("POST")
def tell_the_public(request: Any, pk: int) -> HttpResponse:
    """A draft with the subject and the countries of the case and nothing else: what is told is written by a person."""
    case = get_object_or_404(Case.objects.visible_to(request.scope).for_list(), pk=pk, kind=KIND, state__in=FINISHED)
    if not may_prepare(request.reader):
        raise PermissionDenied(_("Only headquarters and offices prepare publications."))
    office = request.scope.organisation if request.scope.role == OFFICE else _leading_office(case)
    values = {"title_ja": case.title, "countries": case.countries, "office_id": office, "sample": case.sample}
    made = prepare(values=values, subject=case, actor=request.reader, now=timezone.now())
    return redirect("publication", pk=made.pk)


def _leading_office(case: Case) -> int | None:
    standing = Referral.objects.filter(case=case, standing=True).order_by("-owner", "pk")
    return standing.values_list("office_id", flat=True).first()
