"""A case goes on from one office to another. Whoever passed it on reads it until it ends and writes nothing any more.

An offer is a referral like any other: the other office accepts it or returns it with a reason, and until then whoever
offered it may take it back. Offices write no referrals themselves; functions of the database do and check.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.casework.enums import ReferralState
from clair_portal.casework.models import Case, Referral
from clair_portal.casework.posts import offices_on
from clair_portal.casework.rules import NotAllowed
from clair_portal.casework.workflow import Transition
from clair_portal.network.models import Organisation


def why_not_to(case: Case, office: Organisation, today: dt.date) -> str:
    """Why a case cannot be passed to this office; empty: it can."""
    if not office.is_office:
        return _("Choose an overseas office.")
    if office.pk in {each.office for each in offices_on(case) if not each.former}:
        return _("%(office)s has this case already. Choose another office.") % {"office": office}
    return "" if office.in_being(today) else ended_sentence(office)


def ended_sentence(office: Organisation) -> str:
    return _("%(office)s does not exist any more. Choose another office.") % {"office": office}


def must_be_open_to(case: Case, office: Organisation, now: dt.datetime) -> None:
    """Raises NotAllowed with the reason."""
    if reason := why_not_to(case, office, timezone.localdate(now)):
        raise NotAllowed(reason)


def offer(case: Case, office: Organisation, *, why: str, now: dt.datetime) -> None:
    """The acting office proposes the case to another one, which sees it from now on. Raises NotAllowed."""
    must_be_open_to(case, office, now)
    if not _call("casework_offer(%s, %s, %s, %s)", case.pk, office.pk, why, now):
        raise NotAllowed(_("Only the office that has the case can pass it on."))


def settle(case: Case, move: Transition, *, reason: str, now: dt.datetime) -> None:
    """The offer is answered or taken back: what the move says becomes of both offices."""
    assert move.referral is not None
    assert move.former is not None
    if not _call("casework_settle(%s, %s, %s, %s, %s)", case.pk, move.referral, move.former, reason, now):
        raise NotAllowed(_("Only the two offices or headquarters can settle this."))
    if move.former == ReferralState.READING:
        end_work_of_readers(case, now=now)


def end_work_of_readers(case: Case, *, now: dt.datetime) -> None:
    """Open tasks of offices that only read along end with a note; nobody is in charge of the case there any more."""
    _call("casework_end_work_of_readers(%s, %s)", case.pk, now)


def give_back(case: Case, *, now: dt.datetime) -> None:
    """Headquarters has it and no office works on it: the one that passed it on last does again. Raises NotAllowed."""
    standing = Referral.objects.filter(case=case, standing=True).select_related("office")
    if standing.working().exists():
        return
    last = standing.order_by("-pk").first()
    if last is None or not last.office.in_being(timezone.localdate(now)):
        raise NotAllowed(_("The office that passed it on does not exist any more. Pass it to another office."))
    Referral.objects.filter(pk=last.pk).update(state=ReferralState.ACCEPTED, owner=True)


def end_reading(case: Case) -> None:
    """The case has ended: offices that only read along no longer see it."""
    _call("casework_end_reading(%s)", case.pk)


def _call(function: str, *values: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"select {function}", values)
        return bool(cursor.fetchone()[0])
