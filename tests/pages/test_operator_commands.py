"""Commands of the operator about one person: a lost second factor, and what the portal knows about somebody."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command

from clair_portal.audit.models import Entry
from clair_portal.audit.sentences import sentence
from clair_portal.outbox.models import Email
from clair_portal.pages.person_data import data_of
from tests.accounts.conftest import people, sign_in  # noqa: F401 - fixtures
from tests.cast import make_cast
from tests.walls.scene import Scene, make_scene

TWO = ["--asked-by=Yu Saeki by telephone", "--checked-by=Ryo Takase"]


# --- A lost second factor --------------------------------------------------------------------------------------------


@pytest.fixture
def lost(people, sign_in):  # noqa: F811
    for who in ("london", "otaru"):
        Authenticator.objects.create(user=people.users[who], type=Authenticator.Type.WEBAUTHN, data={})
    sign_in("hakodate")
    client = sign_in("newyork")
    session = client.session.session_key
    UserSession.objects.filter(session_key=session).update(user=people.users["london"])
    return people


def test_second_factors_and_sessions_of_one_person_go_and_the_person_is_told(lost):
    before = Session.objects.count()
    call_command("forget_second_factor", "London@example.org", *TWO, stdout=io.StringIO())
    assert list(Authenticator.objects.values_list("user__email", flat=True)) == ["otaru@example.org"]
    assert Session.objects.count() == before - 1
    mail = Email.objects.get(event="accounts.mail.second_factor_forgotten")
    assert (mail.to, mail.subject) == ("london@example.org", "2要素認証の解除のお知らせ")


def test_log_names_both_people(lost):
    call_command("forget_second_factor", "london@example.org", *TWO, stdout=io.StringIO())
    entry = Entry.objects.get(event="accounts.second_factor.forgotten")
    assert sentence(entry.event, entry.actor, entry.params) == (
        "The operator removed the second factors of 佐伯 悠: asked for by Yu Saeki by telephone, identity checked by Ryo Takase"
    )


@pytest.mark.parametrize("names", [("Ryo Takase", "ryo  takase"), ("Ryo Takase", " ")])
def test_one_person_alone_cannot_do_it(lost, names):
    with pytest.raises(CommandError, match="Two different people are needed"):
        call_command("forget_second_factor", "london@example.org", f"--asked-by={names[0]}", f"--checked-by={names[1]}")
    assert Authenticator.objects.count() == 2


def test_unknown_address_is_said(db):
    with pytest.raises(CommandError, match="No account has this address"):
        call_command("forget_second_factor", "nobody@example.net", *TWO)


# --- What the portal knows about somebody ------------------------------------------------------------------------------


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene(make_cast())


def test_everything_about_a_person_is_found_and_nothing_of_others(scene: Scene) -> None:
    data = data_of(scene.cast.users["otaru"])
    assert {table: len(rows) for table, rows in data.items()} == {
        "accounts_apitoken": 1, "accounts_person": 1, "accounts_personevent": 1, "accounts_posting": 1,
        "accounts_postingevent": 2, "accounts_sentonce": 1, "accounts_user": 1, "audit_entry": 1, "audit_reading": 1,
        "casework_assignment": 2, "casework_bulkaction": 1, "casework_savedview": 1, "gatherings_application": 3, "gatherings_registration": 3, "imports_import": 1, "outbox_email": 1, "outbox_job": 1, "outbox_notification": 1,
        "staffing_handoverpack": 1, "staffing_staffline": 1,
    }  # fmt: skip
    assert data["accounts_person"][0]["name"] == "岩倉 はる"
    assert [row["email"] for row in data["accounts_user"]] == ["otaru@example.org"]
    assert "hakodate" not in json.dumps(data, default=str)


def test_secrets_are_left_out(scene: Scene) -> None:
    said = io.StringIO()
    call_command("person_data", "otaru@example.org", stdout=said)
    data: dict[str, Any] = json.loads(said.getvalue())
    columns = {name for rows in data.values() for row in rows for name in row}
    assert columns & {"password", "digest", "session_key", "data"} == set()


def test_person_data_of_an_unknown_address_is_said(db: None) -> None:
    with pytest.raises(CommandError, match="No account has this address"):
        call_command("person_data", "nobody@example.net")
