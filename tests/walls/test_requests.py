"""What one request is: one transaction, one role, all or nothing, and nothing left behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import reader_of
from clair_portal.accounts.tokens import make_token
from clair_portal.casework.models import Case
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.cast import NOW
from tests.conftest import WebClient, logged_in_to_database_as
from tests.walls.scene import Scene
from tests.walls.urls import state_of_connection

OWNERS = ["none", "", "", ""]
Browse = Callable[..., WebClient]


@pytest.fixture(autouse=True)
def provoking_urls(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.walls.urls"


@pytest.fixture
def browse(scene: Scene) -> Browse:
    def sign_in(person: str | None, posting: str = "", **headers: str) -> WebClient:
        client = WebClient(raise_request_exception=False, headers=headers or None)
        if person:
            client.force_login(scene.cast.users[person], backend=django_settings.AUTHENTICATION_BACKENDS[0])
        if posting:
            assert client.post("/desk/posting/", {"posting": posting_of(posting)}).status_code == 302
        return client

    return sign_in


def posting_of(title: str) -> int:
    return int(Posting.objects.get(title=title).pk)


# --- All or nothing -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "status", "kept"),
    [
        ("exception", 500, 0),
        ("missing", 404, 0),
        ("denied", 403, 0),
        ("answers 500", 500, 0),
        ("answers 503", 503, 0),
        ("caught", 500, 0),  # COMMIT would silently be a ROLLBACK while the page says "saved"
        ("caught in a savepoint", 200, 3),
        ("answers 422", 422, 3),  # an answer below 500 is the view's own decision
        ("fine", 200, 3),
    ],
)
def test_what_a_view_leaves_behind(browse: Browse, scene: Scene, kind: str, status: int, kept: int) -> None:
    response = browse("otaru").get(f"/desk/trial/{kind}/")
    assert (response.status_code, Case.objects.filter(title="half done").count()) == (status, kept)
    assert (b"saved" in response.content) == (kept == 3)


@pytest.mark.parametrize("kind", ["exception", "caught", "denied", "fine"])
def test_after_a_request_the_connection_has_its_former_role_and_settings(browse: Browse, kind: str) -> None:
    browse("otaru").get(f"/desk/trial/{kind}/")
    assert state_of_connection()[1:] == OWNERS


def test_a_failed_view_keeps_the_session_it_changed_before_nothing_else(browse: Browse) -> None:
    """The session is saved outside, after COMMIT, as the web login."""
    client = browse("otaru")
    assert [client.get("/desk/remember/").content for _turn in range(3)] == [b"1", b"2", b"3"]


# --- What runs inside the scope ---------------------------------------------------------------------------------------------
@pytest.mark.second_wall
def test_a_view_acts_as_the_readers_role_and_organisations(browse: Browse, scene: Scene) -> None:
    found = browse("otaru").get("/desk/who/").json()
    assert found["state"] == [
        "portal_member", "portal_member", str(scene.person("otaru")), str(posting_of("otaru@otaru")),
        "{%d}" % scene.place("otaru"),
    ]  # fmt: skip
    assert found["cases"] == ["otaru_draft", "otaru_london", "otaru_returned"]


@pytest.mark.parametrize(
    ("person", "titles"),
    [
        ("otaru", ["otaru_draft", "otaru_london", "otaru_returned"]),
        ("london", ["osaka_two", "otaru_london"]),
        ("sapporo", ["sapporo_draft"]),
    ],
)
def test_a_view_sees_the_readers_rows_whichever_wall_stands(browse: Browse, person: str, titles: list[str]) -> None:
    assert browse(person).get("/desk/who/").json()["sees by filter"] == titles


@pytest.mark.parametrize(("person", "role"), [("london", "portal_office"), ("hq_officer", "portal_headquarters")])
def test_other_kinds_of_people_act_as_other_roles(browse: Browse, person: str, role: str) -> None:
    assert browse(person).get("/desk/who/").json()["state"][0] == role


def test_session_and_user_are_read_before_the_scope_opens(browse: Browse, scene: Scene) -> None:
    found = browse("otaru").get("/desk/who/").json()
    assert (found["email"], found["has a session"], found["queries for user and session"]) == (
        "otaru@example.org",
        True,
        0,
    )
    with acting(scene.scope("otaru")), pytest.raises(ProgrammingError, match="permission denied"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select session_data from django_session")


@pytest.mark.second_wall
def test_a_template_that_queries_late_is_rendered_inside_the_scope(browse: Browse) -> None:
    words = browse("sapporo").get("/desk/lazy/").content.decode().split()
    assert words == ["sapporo_draft"]


@pytest.mark.second_wall
def test_a_stream_runs_after_the_transaction_and_is_empty_without_an_error(browse: Browse) -> None:
    """The trap: HTTP 200 and an empty file. Big exports are jobs."""
    response = browse("otaru").get("/desk/stream/naive/")
    with logged_in_to_database_as("portal_web"):
        assert (response.status_code, b"".join(response.streaming_content)) == (200, b"")


@pytest.mark.second_wall
def test_a_stream_that_opens_its_own_scope_sends_the_readers_rows(browse: Browse) -> None:
    response = browse("otaru").get("/desk/stream/scoped/")
    with logged_in_to_database_as("portal_web"):
        sent = b"".join(response.streaming_content).decode().split()
    assert sorted(sent) == ["otaru_draft", "otaru_london", "otaru_returned"]


@pytest.mark.second_wall
def test_what_runs_on_commit_sees_nothing(scene: Scene, django_capture_on_commit_callbacks: Any) -> None:
    seen: list[int] = []
    with django_capture_on_commit_callbacks() as callbacks, acting(scene.scope("otaru")):
        transaction.on_commit(lambda: seen.append(Case.objects.count()))
    with logged_in_to_database_as("portal_web"):
        callbacks[0]()
    assert seen == [0]


# --- A scope inside a scope --------------------------------------------------------------------------------------------------
def test_a_scope_inside_a_scope_gives_the_former_one_back(scene: Scene) -> None:
    otaru = scene.scope("otaru")
    with acting(otaru):
        before = state_of_connection()
        with acting(SYSTEM_SCOPE):
            assert state_of_connection() == ["portal_system", "portal_system", "", "", "{}"]
            assert Case.objects.count() == 8
        assert state_of_connection() == before
        with pytest.raises(ZeroDivisionError), acting(SYSTEM_SCOPE):
            raise ZeroDivisionError
        assert state_of_connection() == before
    assert state_of_connection()[1:] == OWNERS


def test_a_role_set_by_hand_leaks_out_of_its_savepoint(scene: Scene) -> None:
    """Why `acting` puts the former values back itself."""
    with acting(scene.scope("otaru")):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local role portal_headquarters")
        assert state_of_connection()[0] == "portal_headquarters"


# --- Who gets in ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/desk/", "/desk/cases/", "/desk/who/?show=mine"])
def test_a_stranger_is_sent_to_sign_in_and_back(browse: Browse, path: str) -> None:
    response = browse(None).get(path)
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=" + path.replace("/", "%2F").replace("?", "%3F").replace(
        "=", "%3D"
    )


@pytest.mark.parametrize("person", ["nobody", "leaver", "beginner"])
def test_a_person_without_a_posting_today_reads_a_sentence_and_no_row(browse: Browse, person: str) -> None:
    client = browse(person, **{"Accept-Language": "en"})
    Case.objects.update(title="SECRET")
    for path in ("/desk/", "/desk/cases/", "/desk/who/", "/desk/lazy/", f"/desk/cases/{Case.objects.first().pk}/"):  # type: ignore[union-attr]
        response = client.get(path)
        assert response.status_code == 403
        assert "SECRET" not in response.content.decode()
    assert "<h1" in client.get("/desk/").content.decode()


def test_a_posting_that_begins_tomorrow_gives_nothing_today(scene: Scene) -> None:
    user = scene.cast.users["beginner"].pk
    Posting.objects.filter(title="beginner@osaka").update(starts_on=dt.date(2026, 11, 25))
    before, after = reader_of(user, dt.date(2026, 11, 24)), reader_of(user, dt.date(2026, 11, 25))
    assert before is not None
    assert (before.chosen, before.scope.role, before.scope.organisations) == (None, "portal_public", ())
    assert [post.title for post in before.posts] == ["beginner@osaka"]
    assert after is not None
    assert (after.scope.role, after.scope.organisations) == ("portal_member", (scene.place("osaka"),))


def test_a_posting_holds_on_its_last_day_and_not_on_the_day_after(scene: Scene) -> None:
    Posting.objects.filter(title="osaka@osaka").update(ends_on=dt.date(2026, 12, 31))
    user = scene.cast.users["osaka"].pk
    last, after = reader_of(user, dt.date(2026, 12, 31)), reader_of(user, dt.date(2027, 1, 1))
    assert last is not None
    assert last.scope.role == "portal_member"
    assert after is not None
    assert (after.scope.role, after.posts) == ("portal_public", ())


def test_access_is_gone_with_the_next_request_after_a_posting_ended(browse: Browse) -> None:
    client = browse("otaru")
    assert client.get("/desk/who/").status_code == 200
    Posting.objects.filter(title="otaru@otaru").update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    assert client.get("/desk/who/").status_code == 403


def test_access_is_gone_with_the_next_request_after_an_account_was_closed(browse: Browse, scene: Scene) -> None:
    client = browse("otaru")
    user = scene.cast.users["otaru"]
    user.is_active = False
    user.save()
    assert client.get("/desk/who/")["Location"].startswith("/accounts/login/")


# --- Two hats ---------------------------------------------------------------------------------------------------------------------
@pytest.mark.second_wall
def test_of_two_kinds_the_stronger_is_worn_until_another_is_chosen(browse: Browse) -> None:
    client = browse("two_hats")
    assert client.get("/desk/who/").json()["cases"] == ["hakodate_newyork"]
    client.post("/desk/posting/", {"posting": posting_of("two_hats@otaru")})
    found = client.get("/desk/who/").json()
    assert (found["state"][0], found["cases"]) == ("portal_member", ["otaru_draft", "otaru_london", "otaru_returned"])
    client.post("/desk/posting/", {"posting": posting_of("two_hats@newyork")})
    found = client.get("/desk/who/").json()
    assert (found["state"][0], found["cases"]) == ("portal_office", ["hakodate_newyork"])


def test_two_hats_never_mix_organisations_of_two_kinds(browse: Browse, scene: Scene) -> None:
    for title, place in (("two_hats@otaru", "otaru"), ("two_hats@newyork", "newyork")):
        client = browse("two_hats", posting=title)
        assert client.get("/desk/who/").json()["state"][4] == "{%d}" % scene.place(place)


@pytest.mark.second_wall
def test_two_postings_of_one_kind_see_both_and_act_for_the_chosen_one(browse: Browse, scene: Scene) -> None:
    for title, first, second in (
        ("coordinator@hakodate", "hakodate", "sakai"),
        ("coordinator@sakai", "sakai", "hakodate"),
    ):
        found = browse("coordinator", posting=title).get("/desk/who/").json()
        assert found["cases"] == ["hakodate_newyork", "sakai_declined"]
        assert found["state"][4] == "{%d,%d}" % (scene.place(first), scene.place(second))


@pytest.mark.parametrize("posting", ["hq_approver@hq", "leaver@osaka"])
def test_a_posting_of_somebody_else_cannot_be_chosen(browse: Browse, posting: str) -> None:
    client = browse("two_hats")
    assert client.post("/desk/posting/", {"posting": posting_of(posting)}).status_code == 302
    assert client.get("/desk/who/").json()["state"][0] == "portal_office"


def test_a_chosen_posting_that_ended_falls_back_to_another(browse: Browse) -> None:
    client = browse("two_hats", posting="two_hats@otaru")
    Posting.objects.filter(title="two_hats@otaru").update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    assert client.get("/desk/who/").json()["state"][0] == "portal_office"


def test_a_token_opens_no_staff_page(browse: Browse, scene: Scene) -> None:
    _row, secret = make_token(
        person=scene.person("hq_approver"), label="x", scopes=["cases.read"], expires_at=NOW + dt.timedelta(days=30)
    )
    response = browse(None, Authorization=f"Bearer {secret}").get("/desk/who/")
    assert response["Location"].startswith("/accounts/login/")
