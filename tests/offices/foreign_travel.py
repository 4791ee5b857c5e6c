"""Takes a request from abroad through the public pages, the schedule and the mail, as its sender sees them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.utils import timezone

from clair_portal.casework.models import Case
from clair_portal.network.models import Organisation
from clair_portal.outbox.models import Email
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from offices.foreign.landing import open_case, run
from offices.models import ForeignRequest
from tests.conftest import WebClient

FILLED_IN = {
    "government": "York City Council", "country": "GB", "contact": "Ann Smith", "email": "ann@york.example.org",
    "telephone": "+44 1904 000000", "kinds": ["introduction", "study_visit"], "subject": "Flood walls",
    "text": "We would like to see how a Japanese city keeps its flood walls.", "starts_on": "2027-05-10",
    "ends_on": "2027-05-14", "consent": "on",
}  # fmt: skip
FORM = "/en/forms/offices/lon/"


def a_turn(now: dt.datetime | None = None) -> None:
    """One turn of the schedule, with the rights of the portal itself."""
    with acting(SYSTEM_SCOPE):
        run(now or timezone.now())


def stranger() -> WebClient:
    return WebClient(raise_request_exception=False)


def mails(to: str = FILLED_IN["email"]) -> list[Email]:  # type: ignore[assignment]
    return list(Email.objects.filter(to=to).order_by("created_at", "pk"))


def link_in(mail: Email) -> str:
    """The path of the address in a mail."""
    found = re.search(r"https?://[^/\s]+(/\S+/requests/\S+)", mail.body)
    assert found, mail.body
    return found[1]


def send(path: str = FORM, **changed: Any) -> Any:
    return stranger().post(path, FILLED_IN | changed)


def arrived(now: dt.datetime | None = None) -> Case:
    """A case of London, without the pages that lead to it."""
    now = now or timezone.now()
    given = {name: value for name, value in FILLED_IN.items() if name not in ("country", "consent")}
    asked = ForeignRequest.objects.create(
        **given,
        office=Organisation.objects.get(code="LON"),
        country_id="GB",
        language="en",
        confirmed_at=now,
    )
    return open_case(asked, now=now)


def confirmed(**changed: Any) -> tuple[Case, str]:
    """A case of London, and the path of the link in the mail that told its number."""
    before = {mail.pk for mail in mails(changed.get("email", FILLED_IN["email"]))}
    assert send(**changed).status_code == 302
    a_turn()
    asked = next(mail for mail in mails(changed.get("email", FILLED_IN["email"])) if mail.pk not in before)
    assert stranger().post(link_in(asked)).status_code == 200
    a_turn()
    told = next(m for m in mails(changed.get("email", FILLED_IN["email"])) if m.pk not in before and m.pk != asked.pk)
    return Case.objects.order_by("-pk")[0], link_in(told)
