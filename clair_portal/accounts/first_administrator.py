"""The first person of a new portal: there is no sign-up, so the operator invites an administrator of headquarters."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from clair_portal.accounts.invitations import save_invitation
from clair_portal.accounts.models import Invitation, Posting, Role
from clair_portal.network.enums import HEADQUARTERS_KINDS
from clair_portal.network.models import Organisation

ROLE, RIGHT = "hq_administrator", "organisation.administer"
OPERATOR = {"ja": "システム運用担当", "en": "The operator of the system"}


class NotPossible(ValueError):
    """Nobody was invited; the message is a sentence for the operator."""


@transaction.atomic
def invite_first_administrator(
    *, email: str, name: str, name_latin: str, language: str, again: bool, now: dt.datetime
) -> tuple[Invitation, str]:
    """An invitation that begins today and its code, which is kept nowhere; an older open one of this address is dead.

    `again`: also where an administrator can sign in already. Raises NotPossible, and ValidationError for bad values.
    """
    role, headquarters = Role.objects.filter(pk=ROLE).first(), Organisation.objects.filter(kind="headquarters").first()
    if role is None or headquarters is None:
        raise NotPossible("Headquarters and its roles are not loaded yet: run manage.py load_reference first.")
    if not again and (there := administrators(now).count()):
        raise NotPossible(
            f"{there} administrators of headquarters can sign in already; they invite everybody else. "
            "Where none of them is left in truth, repeat the command with --again."
        )
    invitation = Invitation(
        email=email.strip().lower(), name=name, name_latin=name_latin, language=language,
        organisation=headquarters, role=role, starts_on=timezone.localdate(now),
    )  # fmt: skip
    invitation.full_clean(exclude=["digest", "expires_at"])
    older = Invitation.objects.filter(email=invitation.email, role=role, used_at=None, revoked_at=None)
    older.update(revoked_at=now)
    return invitation, save_invitation(invitation, invited_by=None, signature=OPERATOR, now=now)


def administrators(now: dt.datetime) -> QuerySet[Posting]:
    """Postings of active accounts, today or later, that may invite people at headquarters."""
    not_over = Q(ends_on=None) | Q(ends_on__gte=timezone.localdate(now))
    return Posting.objects.filter(
        not_over, organisation__kind__in=sorted(HEADQUARTERS_KINDS), role__rights__contains=[RIGHT], person__user__is_active=True
    )  # fmt: skip
