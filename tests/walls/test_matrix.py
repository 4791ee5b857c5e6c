"""The permission matrix, made from the table of addresses: every person × address × method × whose object it is.

An address whose view declares no rule is a red test, and so is an argument nobody gave an object for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import URLPattern, URLResolver
from django.utils import timezone
from rest_framework.views import APIView

from clair_portal import urls
from clair_portal.accounts.login_urls import ALLAUTH_VIEWS
from clair_portal.accounts.models import ApiToken, Invitation, Posting, SignedLink
from clair_portal.accounts.rules import Rule
from clair_portal.casework.models import Case, CaseFile, Referral
from clair_portal.outbox.models import Email, Job, Notification
from offices.models import SupportRequest
from offices.workflow import KIND
from tests.cast import reader
from tests.conftest import WebClient

PEOPLE: tuple[str | None, ...] = (
    None, "otaru", "otaru_administrator", "hakodate", "hokkaido", "sapporo", "osaka", "hq_officer", "hq_approver", "london",
    "london_local", "newyork", "leaver", "nobody",
)  # fmt: skip
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOBODYS_PAGES = {"healthz", "readyz"}


@dataclass(frozen=True)
class Address:
    route: str
    name: str
    rule: Rule | None
    api: bool


def addresses(patterns: list[Any], before: str = "") -> Iterator[Address]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            view = pattern.callback
            api = issubclass(getattr(view, "cls", object), APIView)
            yield Address(before + str(pattern.pattern), str(pattern.name), getattr(view, "rule", None), api)


EVERY = list(addresses(urls.urlpatterns))
OURS = [address for address in EVERY if address.rule is not None]


def test_every_address_declares_who_may_come() -> None:
    silent = {a.name for a in EVERY if a.rule is None and not a.api}
    assert silent == set(ALLAUTH_VIEWS)
    assert all(a.route.startswith("api/v1/") for a in EVERY if a.api)


@dataclass(frozen=True)
class Thing:
    """An object in an address. `seen_by`: who may be shown it; None: everybody who may use the address at all."""

    value: str
    seen_by: frozenset[str] | None = None


def build(cast: SimpleNamespace) -> dict[str, list[Thing]]:
    """Objects per address argument: what is Otaru's, and what is Osaka's or somebody else's."""
    otaru_case, otaru_file = _case(cast, "otaru", "hokkaido", "london")
    osaka_case, osaka_file = _case(cast, "osaka", "osaka", "newyork")
    on_otaru = frozenset(
        {"otaru", "otaru_administrator", "hokkaido", "hq_officer", "hq_approver", "london", "london_local"}
    )
    on_osaka = frozenset({"osaka", "hq_officer", "hq_approver", "newyork"})
    keepers = frozenset({"otaru_administrator", "hq_approver"})
    now = timezone.now()
    soon = now + dt.timedelta(days=9)
    person, place = cast.people["otaru"].pk, cast.places["otaru"]
    notification = Notification.objects.create(
        message="0" * 8 + "-0000-4000-8000-" + "0" * 12, person=person, event="x"
    )
    email = Email.objects.create(key="m", to="a@example.org", language="ja", subject="s", body="b", state="failed")
    job = Job.objects.create(kind="x", title="x", person=person, user=cast.users["otaru"].pk, state="failed")
    invitation = Invitation.objects.create(
        digest="i",
        email="b@example.org",
        name="n",
        organisation=place,
        role_id="member_officer",
        starts_on="2026-11-01",
        expires_at=soon,
    )
    token = ApiToken.objects.create(digest="t", start="t", label="t", person_id=person, expires_at=soon)
    link = SignedLink.objects.create(
        digest="l",
        purpose="x",
        subject_type="casework.case",
        subject_id=str(otaru_case.pk),
        organisation=place,
        expires_at=soon,
    )
    posting = Posting.objects.get(person=person)
    case_things = [Thing(str(otaru_case.pk), on_otaru), Thing(str(osaka_case.pk), on_osaka)]
    own = frozenset({"otaru"})
    return {
        "case": case_things,
        "support_edit": [
            Thing(str(otaru_case.pk), frozenset()),
            Thing(str(osaka_case.pk), frozenset()),
        ],  # no drafts any more
        "case_emergency": [Thing(case_things[0].value, on_otaru & {"hq_officer", "hq_approver"})],
        "file": [Thing(str(otaru_file.pk), on_otaru), Thing(str(osaka_file.pk), on_osaka)],
        "notice": [Thing(str(notification.pk), own)],
        "mail_again": [Thing(str(email.pk))],
        "job": [Thing(str(job.pk), own)],
        "job_file": [Thing(str(job.pk), frozenset())],  # it has no file
        "invitation": [Thing(str(invitation.pk), keepers)],
        "token_revoke": [Thing(str(token.pk), own)],
        "signed_link_revoke": [
            Thing(str(link.pk), frozenset({"otaru", "otaru_administrator", "hq_officer", "hq_approver"}))
        ],
        "posting": [Thing(str(posting.pk), keepers)],
        "organisation": [Thing(str(place.pk)), Thing(str(cast.places["london"].pk))],
        "person": [
            Thing(
                str(person), frozenset(p for p in PEOPLE if p not in (None, "osaka", "sapporo")) - {"leaver", "nobody"}
            )
        ],  # type: ignore[arg-type]
        "calendar": [Thing("LON"), Thing("HQ")],
        "session_end": [Thing("1")],
        "invitation_accept": [Thing("WRNG-WRNG-WRNG-WRNG-WRNG", frozenset())],
    }


def _case(cast: SimpleNamespace, applicant: str, branch: str, office: str) -> tuple[Case, CaseFile]:
    case = Case.objects.create(
        kind=KIND, number=f"X-{applicant}", title=applicant, applicant=cast.places[applicant], branch=cast.places[branch],
        state="in_progress", holder="office", holding=cast.places[office], filed_at=timezone.now(),
    )  # fmt: skip
    SupportRequest.objects.create(case=case)
    Referral.objects.create(case=case, office=cast.places[office], state="accepted")
    paper = CaseFile.objects.create(
        case=case, author=cast.places[applicant], side="applicant", name="a.txt", media_type="text/plain", size=1,
        sha256="0", key="none", check_state="quarantined",
    )  # fmt: skip
    return case, paper


KEYS = {
    "case_move": "case", "case_take": "case", "case_note": "case", "case_file": "case", "job_cancel": "job",
    "invitation_revoke": "invitation", "invitation_again": "invitation", "posting_end": "posting", "posting_successor": "posting",
    "organisation_edit": "organisation", "succession_add": "organisation", "jurisdiction_edit": "office", "holidays": "calendar",
}  # fmt: skip


def paths(address: Address, things: dict[str, list[Thing]]) -> Iterator[tuple[str, Thing]]:
    if "<" not in address.route:
        yield "/" + address.route, Thing("")
        return
    if address.name == "signed_links":
        for thing in things["case"]:
            yield f"/desk/links/casework.case/{thing.value}/", Thing(thing.value)
        return
    for thing in things[KEYS.get(address.name, address.name)]:
        route = address.route.replace("<slug:key>", "answer")
        start, rest = route.index("<"), route.index(">")
        yield "/" + route[:start] + thing.value + route[rest + 1 :], thing


def expected(address: Address, who: str | None, method: str, thing: Thing, cast: SimpleNamespace) -> set[int]:
    """The answers that are right. A page that exists answers 200, leads on, or refuses what was sent with 4xx."""
    rule = address.rule
    assert rule is not None
    if rule.audience != "everybody":
        if who is None:
            return {302}
        posted = reader(cast, who, timezone.localdate()).chosen
        if posted is None or (rule.right and rule.right not in posted.rights):
            return {403}
    if method not in rule.methods:
        return {405}
    if thing.seen_by is not None and who not in thing.seen_by:
        return {403, 404}
    if method == "GET":
        return {200, 302, 403} if thing.value else {200, 302, 503}
    return {200, 302, 400, 403, 404, 422} if thing.value else {200, 302, 400, 422}


@pytest.mark.parametrize("who", PEOPLE, ids=str)
def test_matrix(cast: SimpleNamespace, who: str | None) -> None:
    things = build(cast)
    client = WebClient(raise_request_exception=False)
    if who:
        client.force_login(cast.users[who], backend=settings.AUTHENTICATION_BACKENDS[0])
    wrong, asked = [], 0
    for address in OURS:
        for path, thing in paths(address, things):
            for method in METHODS:
                with transaction.atomic():
                    response = client.generic(method, path)
                    transaction.set_rollback(True)
                asked += 1
                if response.status_code not in expected(address, who, method, thing, cast):
                    wrong.append(f"{method} {path} ({address.name}): {response.status_code}")
                elif (
                    who is None
                    and response.status_code == 302
                    and address.rule
                    and address.rule.audience != "everybody"
                ):
                    assert response["Location"].startswith("/accounts/login/?next="), path
    assert wrong == []
    assert asked >= 300
