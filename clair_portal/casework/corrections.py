"""What is put right about a filed case without moving it: what it is about, and who is in charge on one's own side."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.casework.enums import Holder
from clair_portal.casework.kinds import KINDS
from clair_portal.casework.models import Assignment, Case
from clair_portal.casework.rules import NotAllowed, over, sides_of
from clair_portal.casework.services import describe, in_both_forms
from clair_portal.casework.workflow import workflow_of


def why_not_correct(case: Case, reader: Reader) -> str:
    """Why the reader cannot change what the case is about; empty: headquarters and whoever has the ball can."""
    if case.filed_at is None:
        return _("A draft is changed on its own page.")
    if case.parent_id is not None:
        return _("This is the part of one office. What the request is about stands in the whole.")
    if ended := over(case):
        return ended
    sides, rights = sides_of(case, reader), workflow_of(case).rights
    acting = sides & {Holder(case.holder), Holder.HEADQUARTERS}
    if not acting:
        return _("Only whoever has the ball, or headquarters, can change this.")
    if not any(reader.can(rights.get(side, "")) for side in acting):
        return _("Your posting does not give you the right to do this.")
    return ""


def own_side(case: Case, reader: Reader) -> Holder | None:
    """The side on which the reader works on the case: where the ball is, if that is one of theirs."""
    sides = sides_of(case, reader)
    return Holder(case.holder) if case.holder in sides else next(iter(sorted(sides)), None)


def why_not_name(case: Case, reader: Reader) -> str:
    """Why the reader cannot say who is in charge on their side; empty: they can."""
    if ended := over(case):
        return ended
    side = own_side(case, reader)
    if side is None or not reader.can(workflow_of(case).rights.get(side, "")):
        return _("Your posting does not give you the right to do this.")
    return ""


@transaction.atomic
def correct(
    case: Case, *, title: str, countries: list[str], topics: list[str], actor: Reader, now: dt.datetime
) -> Case:
    """Subject, countries and fields of a filed case and of its parts. Raises NotAllowed."""
    locked = Case.objects.visible_to(actor.scope).select_for_update(of=("self",)).get(pk=case.pk)
    if reason := why_not_correct(locked, actor):
        raise NotAllowed(reason)
    texts = _texts(locked)
    for each in [locked, *Case.objects.filter(parent=locked)]:
        each.version += 1
        each.save(update_fields=["version"])
        describe(each, title=title, countries=countries, topics=topics, texts=texts)
    record("casework.case.corrected", locked, actor=actor.signature, title=title)
    return locked


def _texts(case: Case) -> list[str]:
    """What else the case is found by."""
    kind = KINDS[case.kind]
    try:
        return list(kind.texts(kind.detail(case)))
    except ObjectDoesNotExist:
        return []


@transaction.atomic
def name_in_charge(case: Case, posting: Posting, *, actor: Reader, now: dt.datetime) -> None:
    """Somebody of the acting organisation is in charge of the case on its side from now on. Raises NotAllowed."""
    if reason := why_not_name(case, actor):
        raise NotAllowed(reason)
    if posting.organisation_id not in _own_organisations(actor):
        raise NotAllowed(_("Only people of your own organisation can be in charge on your side."))
    held = {"case": case, "side": own_side(case, actor), "organisation_id": actor.scope.organisation}
    if not Assignment.objects.filter(**held).update(posting=posting, since=now):
        Assignment.objects.create(**held, posting=posting, since=now)
    successor = in_both_forms(posting.person)
    record("casework.case.handed_over", case, actor=actor.signature, successor=successor)


def _own_organisations(actor: Reader) -> set[int | None]:
    return {actor.scope.organisation, actor.chosen.division if actor.chosen else None}
