"""What a move of a foreign request changes besides the state. Rights, states and telling are the business of the workflow."""

from __future__ import annotations

import datetime as dt
from typing import Any

from clair_portal.accounts.reader import Reader
from clair_portal.casework import passing
from clair_portal.casework.models import Case, Note
from clair_portal.casework.parts import refer_to
from clair_portal.casework.rules import side_for_papers
from clair_portal.network.models import Organisation
from clair_portal.network.services import names
from clair_portal.outbox.services import Post, tell
from offices.models import ForeignRequest


def write_abroad(case: Case, *, actor: Reader, now: dt.datetime, reason: str, **_given: Any) -> dict[str, Any]:
    """The words of the move become a message that both sides read; the log does not repeat them."""
    Note(
        case=case, author_id=actor.scope.organisation, person=actor.person or None, signature=actor.signature,
        side=side_for_papers(actor), shared=True, body=reason.strip(), created_at=now,
    ).save(force_insert=True)  # fmt: skip
    return {}


def introduce(case: Case, *, actor: Reader, now: dt.datetime, partner: Organisation, **_given: Any) -> dict[str, Any]:
    """The people of a Japanese local government are told who abroad asks for what, in full: they get no access to the case."""
    asked = ForeignRequest.objects.get(case=case)
    params: dict[str, Any] = {
        "number": case.number, "government": asked.government, "country": names(asked.country), "title": asked.subject,
        "contact": asked.contact, "email": asked.email, "body": asked.text,
        "office": actor.chosen.names if actor.chosen else {}, "actor": actor.signature,
    }  # fmt: skip
    tell("offices.foreign.partner_asked", asked, posts=[Post(partner.pk, "cases.file")], params=params, path="",
         occasion=f"{partner.pk}.{int(now.timestamp())}")  # fmt: skip
    return {"partner": names(partner)}


# --- From office to office --------------------------------------------------------------------------------------------------
def refer(case: Case, *, now: dt.datetime, office: Organisation, why: str = "", **_given: Any) -> dict[str, Any]:
    """Headquarters passes it to another office; whoever had it before reads along."""
    passing.must_be_open_to(case, office, now)
    refer_to(case, [office], owner=office, why={office.pk: why}, now=now, read_along=True)
    return {"office": names(office)}


def offer(case: Case, *, now: dt.datetime, office: Organisation, why: str = "", **_given: Any) -> dict[str, Any]:
    """The office proposes it to another one, which accepts or returns it."""
    passing.offer(case, office, why=why, now=now)
    return {"office": names(office)}


def give_back(case: Case, *, now: dt.datetime, **_given: Any) -> dict[str, Any]:
    """To the office that works on it; where none does any more, to the one that passed it on last."""
    passing.give_back(case, now=now)
    return {}
