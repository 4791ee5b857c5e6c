from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.network.enums import Topic

__all__ = ["FORMER", "STANDING", "Holder", "Origin", "ReferralState", "Side", "Topic"]


class Side(TextChoices):
    """The sides of a case. A paper is internal to its side, or shared with everybody who sees the case."""

    APPLICANT = "applicant", _("requester and branch")
    HEADQUARTERS = "headquarters", _("headquarters")
    OFFICE = "office", _("overseas office")


class Holder(TextChoices):
    """Who has the ball."""

    APPLICANT = "applicant", _("requester")
    BRANCH = "branch", _("branch")
    HEADQUARTERS = "headquarters", _("headquarters")
    OFFICE = "office", _("overseas office")
    NOBODY = "nobody", _("nobody")


ALL_SIDES = (Holder.APPLICANT, Holder.BRANCH, Holder.HEADQUARTERS, Holder.OFFICE)


class ReferralState(TextChoices):
    PROPOSED = "proposed", _("waiting for the office")
    ACCEPTED = "accepted", _("accepted")
    RETURNED = "returned", _("returned with a reason")
    REVOKED = "revoked", pgettext_lazy("referral", "revoked")
    DONE = "done", _("answered")
    OFFERED = "offered", _("offered to another office")
    READING = "reading", _("passed on; reads along until it ends")


STANDING = (ReferralState.ACCEPTED, ReferralState.DONE, ReferralState.OFFERED)  # after these the office still sees it
FORMER = (ReferralState.OFFERED, ReferralState.READING)  # they stand, but the office no longer works on the case


class Origin(TextChoices):
    """Where a case came from."""

    PORTAL = "portal", _("filed here")
    FOREIGN_FORM = "foreign_form", _("asked for by a local government abroad")
    PUBLIC_REPORT = "public_report", _("from public reports")
