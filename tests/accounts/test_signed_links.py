from __future__ import annotations

import datetime as dt

import pytest
from django.db import ProgrammingError, transaction

from clair_portal.accounts.models import SignedLink
from clair_portal.accounts.signed_links import LinkError, look_at_link, make_link, open_link, revoke_link
from clair_portal.audit.models import Entry
from clair_portal.walls.scope import PUBLIC_SCOPE, acting
from tests.cast import NOW, reader

LATER = NOW + dt.timedelta(days=7)


@pytest.fixture
def link(cast):
    """A link of Otaru to one of its own people, for anybody who has it."""

    def make(uses: int | None = None, who: str = "otaru"):
        actor = reader(cast, who)
        with acting(actor.scope):
            return make_link(
                purpose="test.answer", subject=cast.people["otaru"], organisation=actor.scope.organisation,
                expires_at=LATER, actor=actor, now=NOW, recipient="host@example.org", language="en", uses=uses,
            )  # fmt: skip

    return make


def refused(token: str, purpose: str = "test.answer", now: dt.datetime = NOW) -> str:
    with acting(PUBLIC_SCOPE), pytest.raises(LinkError) as error:
        open_link(token, purpose=purpose, now=now)
    assert str(error.value.sentence)
    return error.value.state


def test_stranger_opens_the_link_and_each_use_is_logged(cast, link):
    row, token = link()
    assert token not in str(row.__dict__)
    with acting(PUBLIC_SCOPE):
        opened = open_link(token, purpose="test.answer", now=NOW)
        open_link(f" {token}\n", purpose="test.answer", now=NOW)
    assert (opened.id, opened.subject_type, opened.subject_id) == (
        row.pk,
        "accounts.person",
        str(cast.people["otaru"].pk),
    )
    assert opened.organisation == cast.places["otaru"].pk
    assert Entry.objects.filter(event="accounts.signed_link.used", subject_id=str(row.pk)).count() == 2
    row.refresh_from_db()
    assert row.last_used_at == NOW


def test_looking_uses_nothing_up(link):
    _row, token = link(uses=1)
    with acting(PUBLIC_SCOPE):
        for _time in range(3):
            look_at_link(token, purpose="test.answer", now=NOW)
        open_link(token, purpose="test.answer", now=NOW)
    assert refused(token) == "used"
    assert Entry.objects.filter(event="accounts.signed_link.used").count() == 1


def test_wrong_expired_and_revoked_links_say_so(cast, link):
    row, token = link()
    assert refused(token + "x") == "unknown"
    assert refused("") == "unknown"
    assert refused(token, purpose="test.other") == "unknown"
    assert refused(token, now=LATER) == "expired"
    actor = reader(cast, "otaru")
    with acting(actor.scope):
        revoke_link(row, actor=actor, now=NOW)
    assert refused(token) == "revoked"


def test_signed_in_people_may_open_a_link_as_well(cast, link):
    _row, token = link()
    for who in ("hakodate", "london", "hq_officer"):
        scope = reader(cast, who).scope
        with acting(scope):
            assert open_link(token, purpose="test.answer", now=NOW)


@pytest.mark.parametrize("ends", [NOW, NOW + dt.timedelta(days=367)])
def test_link_ends_in_the_future_but_within_a_year(cast, ends):
    with pytest.raises(ValueError, match="366 days"):
        make_link(
            purpose="p", subject=cast.people["otaru"], organisation=1, expires_at=ends, actor=reader(cast, "otaru"),
            now=NOW, recipient="",
        )  # fmt: skip


@pytest.mark.second_wall
def test_link_for_another_organisation_is_refused_by_the_database(cast):
    actor = reader(cast, "otaru")
    with pytest.raises(ProgrammingError, match="row-level security"), acting(actor.scope), transaction.atomic():
        make_link(
            purpose="p", subject=cast.people["otaru"], organisation=cast.places["sapporo"].pk, expires_at=LATER,
            actor=actor, now=NOW, recipient="",
        )  # fmt: skip


@pytest.mark.second_wall
def test_strangers_see_no_links_and_change_none(cast, link, settings):
    link()
    settings.FIRST_WALL = False
    scope = reader(cast, "hakodate").scope
    with acting(scope):
        assert SignedLink.objects.visible_to(scope).count() == 0
        assert SignedLink.objects.update(revoked_at=NOW) == 0
    with pytest.raises(ProgrammingError), acting(PUBLIC_SCOPE), transaction.atomic():
        SignedLink.objects.count()


def test_own_organisation_sees_who_holds_links_and_revokes_them(browse, cast, link):
    row, token = link()
    address = f"/desk/links/accounts.person/{cast.people['otaru'].pk}/"
    assert "host@example.org" in browse("otaru_administrator").get(address).content.decode()
    assert "host@example.org" not in browse("hakodate").get(address).content.decode()
    assert browse("hakodate").post(f"/desk/links/{row.pk}/revoke/").status_code == 404
    assert browse("otaru").post(f"/desk/links/{row.pk}/revoke/")["Location"] == address
    assert refused(token) == "revoked"
