"""What a move of a foreign request changes besides the state. Rights, states and telling are the business of the workflow."""

from __future__ import annotations

import datetime as dt
from typing import Any

from clair_portal.accounts.reader import Reader
from clair_portal.casework.models import Case, Note
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
    """The people of a Japanese local government are told who abroad asks for what. They get no access to the case."""
    asked = ForeignRequest.objects.get(case=case)
    params: dict[str, Any] = {
        "number": case.number, "government": asked.government, "country": asked.country.name, "title": asked.subject,
        "contact": asked.contact, "email": asked.email, "body": asked.text[:2000],
        "office": actor.chosen.names if actor.chosen else {}, "actor": actor.signature,
    }  # fmt: skip
    tell("offices.foreign.partner_asked", asked, posts=[Post(partner.pk, "cases.file")], params=params, path="",
         occasion=f"{partner.pk}.{int(now.timestamp())}")  # fmt: skip
    return {"partner": names(partner)}
