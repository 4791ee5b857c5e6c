"""A new portal has nobody who could invite: the operator's command makes the first administrator."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from clair_portal.accounts.models import Invitation, Person, Posting, User
from clair_portal.audit.models import Entry
from clair_portal.audit.sentences import sentence
from clair_portal.outbox.models import Email
from tests.conftest import WebClient
from tests.pages.test_invitations import CHOSEN

WHO = ["First@example.org", "--name=初代 管理", "--name-latin=Kanri Shodai"]


@pytest.fixture
def nobody_administers(cast):
    Posting.objects.filter(role_id="hq_administrator").delete()
    return cast


def link_of(*arguments: str) -> str:
    said = io.StringIO()
    call_command("first_administrator", *(arguments or WHO), stdout=said)
    [link] = re.findall(r"http://localhost:8000(/accounts/invitation/[0-9A-Z-]{24}/)$", said.getvalue(), re.MULTILINE)
    return str(link)


def test_link_makes_an_administrator_of_headquarters_who_can_invite(nobody_administers):
    link = link_of()
    assert WebClient().post(link, CHOSEN)["Location"] == "/accounts/login/"
    posting = Posting.objects.get(person=Person.objects.get(user__email="first@example.org"))
    assert (posting.organisation.code, posting.role_id, posting.starts_on, posting.ends_on) == (
        "HQ", "hq_administrator", timezone.localdate(), None,
    )  # fmt: skip
    assert posting.person.name_latin == "Kanri Shodai"
    client = WebClient()
    client.post("/accounts/login/", {"login": "first@example.org", "password": CHOSEN["password1"]})
    assert client.get("/desk/invitations/new/").status_code == 200


def test_code_is_neither_kept_nor_mailed(nobody_administers):
    code = link_of().split("/")[-2]
    row = Invitation.objects.get()
    assert code not in str(row.__dict__)
    assert code not in str(list(Entry.objects.values()))
    assert Email.objects.count() == 0


def test_log_says_that_the_operator_invited(nobody_administers):
    link_of()
    entry = Entry.objects.get(event="accounts.invitation.made")
    assert entry.person is None
    assert sentence(entry.event, entry.actor, entry.params) == (
        "The operator of the system invited 初代 管理 (first@example.org) to Tokyo headquarters as hq_administrator"
    )


def test_command_repeated_before_the_link_was_used_kills_the_old_link(nobody_administers):
    old, new = link_of(), link_of()
    assert WebClient().get(old).status_code == 410
    assert WebClient().get(new).status_code == 200


def test_it_refuses_where_an_administrator_exists_unless_told_again(cast):
    with pytest.raises(CommandError, match="1 administrators of headquarters can sign in already.*--again"):
        call_command("first_administrator", *WHO)
    assert Invitation.objects.count() == 0
    assert WebClient().get(link_of(*WHO, "--again")).status_code == 200


@pytest.mark.parametrize("gone", ["posting ended", "account closed"])
def test_administrator_who_left_does_not_count(cast, gone):
    if gone == "posting ended":
        Posting.objects.filter(role_id="hq_administrator").update(ends_on="2026-04-02")
    else:
        User.objects.filter(email="hq_approver@example.org").update(is_active=False)
    assert WebClient().get(link_of()).status_code == 200


def test_wrong_address_is_refused_with_a_sentence_and_nothing_is_written(nobody_administers):
    with pytest.raises(CommandError, match="email: Enter a valid email address"):
        call_command("first_administrator", "no address", "--name=初代 管理")
    assert Invitation.objects.count() == 0


def test_without_reference_data_it_says_what_to_do_first(db):
    with pytest.raises(CommandError, match="run manage.py load_reference first"):
        call_command("first_administrator", *WHO)
