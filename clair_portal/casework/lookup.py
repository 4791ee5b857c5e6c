"""A case by its number in the address."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from clair_portal.casework.enums import ReferralState
from clair_portal.casework.models import Case, Referral
from clair_portal.walls.roles import OFFICE


class NoLongerHere(Http404):
    """The reader's office had the case and has it no more; the message is a sentence for the person."""

    @property
    def heading(self) -> str:
        return _("Your office no longer has this case")


def visible_case(request: Any, pk: int, **only: Any) -> Case:
    """The case, or 404: whether a case of somebody else exists is not told. `only`: what else it must be.

    An office hears why it does not see a case any more that was referred to it.
    """
    case = Case.objects.visible_to(request.scope).for_list().filter(pk=pk, **only).first()
    if case is None:
        raise _why_gone(request, pk)
    return case


def _why_gone(request: Any, pk: int) -> Http404:
    if request.scope.role != OFFICE:
        return Http404()
    own = Referral.objects.visible_to(request.scope).filter(case__pk=pk).order_by("-standing", "-pk")
    standing, state = own.values_list("standing", "state").first() or (True, "")
    if standing:  # or never referred to it
        return Http404()
    if state == ReferralState.REVOKED:
        return NoLongerHere(_("This case was called back from your office."))
    if state == ReferralState.RETURNED:
        return NoLongerHere(_("Your office returned this case to headquarters."))
    return NoLongerHere(_("Your office passed this case on, or it has ended."))
