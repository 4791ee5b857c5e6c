from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from clair_portal.accounts.models import ApiToken, Person, Posting
from clair_portal.accounts.reader import reader_of
from clair_portal.audit.models import Entry
from clair_portal.walls.scope import acting
from tests.cast import TODAY, reader
from tests.conftest import WebClient

OWN = {
    "name": "岩倉 はる", "kana": "いわくら はる", "name_latin": "Haru Iwakura", "language": "en", "time_zone": "Europe/London",
    "telephone": "0134-00-0000", "mail": "daily",
}  # fmt: skip


def test_own_settings_are_saved_and_the_name_is_found_by_its_kana(browse, cast):
    client = browse("otaru")
    assert client.get("/desk/settings/").status_code == 200
    assert client.post("/desk/settings/", OWN)["Location"] == "/desk/settings/"
    person = cast.people["otaru"]
    person.refresh_from_db()
    assert (person.language, person.time_zone, person.mail) == ("en", "Europe/London", "daily")
    assert Person.objects.named("いわくら").get() == person
    assert Entry.objects.filter(event="accounts.settings.changed").count() == 1


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"time_zone": "Mars/Olympus"}, {"language": "xx"}, {"mail": "never ever"}]
)
def test_wrong_settings_are_named_and_nothing_is_saved(browse, cast, changes):
    answer = browse("otaru").post("/desk/settings/", {**OWN, **changes})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(changes)
    cast.people["otaru"].refresh_from_db()
    assert cast.people["otaru"].language == "ja"


def test_settings_are_always_ones_own(browse, cast):
    browse("otaru").post("/desk/settings/", {**OWN, "pk": cast.people["hakodate"].pk, "id": cast.people["hakodate"].pk})
    cast.people["hakodate"].refresh_from_db()
    assert cast.people["hakodate"].name == "五十嵐 透"


# --- posting --------------------------------------------------------------------------------------------------------


@pytest.fixture
def second_posting(cast):
    return Posting.objects.create(
        person=cast.people["otaru"],
        organisation=cast.places["london"],
        role_id="office_officer",
        starts_on=dt.date(2026, 4, 1),
    )


def test_person_with_two_postings_switches(browse, cast, second_posting):
    client = browse("otaru")
    own = Posting.objects.get(person=cast.people["otaru"], organisation=cast.places["otaru"])
    answer = client.post("/desk/posting/", {"posting": own.pk, "next": "/desk/settings/"})
    assert answer["Location"] == "/desk/settings/"
    assert client.session["posting"] == own.pk
    assert client.get("/desk/settings/").wsgi_request.scope.organisations == (cast.places["otaru"].pk,)


@pytest.mark.parametrize("which", ["foreign", "future", "nonsense"])
def test_only_own_postings_in_force_can_be_chosen(browse, cast, which):
    future = Posting.objects.create(
        person=cast.people["otaru"], organisation=cast.places["hq"], role_id="hq_officer", starts_on=dt.date(2099, 4, 1)
    )
    foreign = Posting.objects.get(person=cast.people["hq_officer"])
    wanted = {"foreign": foreign.pk, "future": future.pk, "nonsense": "1 or 1=1"}[which]
    client = browse("otaru")
    assert client.post("/desk/posting/", {"posting": wanted})["Location"] == "/desk/"
    assert "posting" not in client.session
    assert client.get("/desk/settings/").wsgi_request.scope.role == "portal_member"


def test_posting_forged_in_the_session_gives_nothing(browse, cast):
    client = browse("otaru")
    session = client.session
    session["posting"] = Posting.objects.get(person=cast.people["hq_officer"]).pk
    session.save()
    assert client.get("/desk/settings/").wsgi_request.scope.organisations == (cast.places["otaru"].pk,)


@pytest.mark.parametrize("path", ["/desk/posting/", "/language/"])
@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\r\nX: y", ""]
)
def test_switches_never_lead_to_another_site(browse, path, address):
    answer = browse("otaru").post(path, {"posting": "0", "language": "en", "next": address})
    assert answer["Location"] in ("/desk/", "/")


def test_switches_answer_post_only_and_need_the_csrf_token(cast, browse):
    assert browse("otaru").get("/desk/posting/").status_code == 405
    assert browse("otaru").get("/language/").status_code == 405
    client = WebClient(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(cast.users["otaru"], backend="allauth.account.auth_backends.AuthenticationBackend")
    for path in ("/desk/posting/", "/desk/settings/", "/desk/settings/tokens/", "/language/", "/desk/invitations/new/"):
        assert client.post(path, {}).status_code == 403


# --- language -------------------------------------------------------------------------------------------------------


def test_stranger_switches_the_language_by_cookie(db):
    client = WebClient()
    answer = client.post("/language/", {"language": "en", "next": "/accounts/login/?next=%2Fdesk%2F"})
    assert answer["Location"] == "/accounts/login/?next=%2Fdesk%2F"
    assert client.cookies["portal_language"].value == "en"
    assert client.get("/accounts/login/")["Content-Language"] == "en"


@pytest.mark.parametrize("who", ["otaru", "london", "hq_officer", "leaver", "nobody"])
def test_signed_in_person_keeps_the_language_also_without_a_posting(browse, cast, who):
    browse(who).post("/language/", {"language": "en"})
    cast.people[who].refresh_from_db()
    assert cast.people[who].language == "en"


def test_unknown_language_changes_nothing(browse, cast):
    answer = browse("otaru").post("/language/", {"language": "tlh"})
    assert "portal_language" not in answer.cookies
    cast.people["otaru"].refresh_from_db()
    assert cast.people["otaru"].language == "ja"


# --- tokens ---------------------------------------------------------------------------------------------------------


def token(client: WebClient, **changes):
    values = {
        "label": "export",
        "scopes": ["network.read"],
        "last_day": (timezone.localdate() + dt.timedelta(30)).isoformat(),
    }
    return client.post("/desk/settings/tokens/", {**values, **changes})


def test_token_is_shown_once_and_kept_as_a_hash(browse, cast):
    client = browse("otaru")
    answer = token(client)
    secret = answer.context["secret"]
    assert answer.status_code == 201
    assert secret.startswith("clair_")
    assert secret in answer.content.decode()
    assert secret not in client.get("/desk/settings/tokens/").content.decode()
    row = ApiToken.objects.get()
    assert row.person == cast.people["otaru"]
    assert secret not in str(row.__dict__)
    assert secret not in str(list(Entry.objects.values()))


@pytest.mark.parametrize("changes", [{"scopes": ["everything"]}, {"scopes": []}, {"label": ""}])
def test_token_with_wrong_values_is_not_made(browse, changes):
    assert token(browse("otaru"), **changes).status_code == 422
    assert ApiToken.objects.count() == 0


@pytest.mark.parametrize("days", [-1, 0, 366, 4000])
def test_token_ends_between_tomorrow_and_a_year_from_now(browse, days):
    day = (timezone.localdate() + dt.timedelta(days)).isoformat()
    assert set(token(browse("otaru"), last_day=day).context["form"].errors) == {"last_day"}


def test_token_is_revoked_by_its_owner_only(browse):
    token(browse("otaru"))
    row = ApiToken.objects.get()
    for who in ("hakodate", "otaru_administrator", "hq_approver", "london"):
        assert browse(who).post(f"/desk/settings/tokens/{row.pk}/revoke/").status_code == 404
    browse("otaru").post(f"/desk/settings/tokens/{row.pk}/revoke/")
    row.refresh_from_db()
    assert row.revoked_at is not None


@pytest.mark.second_wall
@pytest.mark.parametrize("who", ["hakodate", "otaru_administrator", "hq_approver", "london"])
def test_without_the_first_wall_tokens_of_others_stay_hidden(browse, cast, settings, who):
    token(browse("otaru"))
    settings.FIRST_WALL = False
    scope = reader(cast, who).scope
    with acting(scope):
        assert ApiToken.objects.visible_to(scope).count() == 0
        assert ApiToken.objects.update(revoked_at=timezone.now()) == 0


def test_authority_follows_the_dates_by_itself(cast):
    """The leaver's posting ended on 31 March 2026."""
    user = cast.users["leaver"].pk
    assert reader_of(user, dt.date(2026, 3, 31)).scope.role == "portal_member"
    assert reader_of(user, dt.date(2026, 4, 1)).scope.role == "portal_public"
    assert reader_of(cast.users["otaru"].pk, dt.date(2026, 3, 31)).chosen is None
    assert reader_of(cast.users["otaru"].pk, TODAY).scope.organisations == (cast.places["otaru"].pk,)


def test_refused_access_leaves_a_line_for_the_operator(browse, cast, caplog):
    browse("otaru").get("/desk/postings/")
    browse("leaver").get("/desk/")
    lines = [record.getMessage() for record in caplog.records if record.name == "portal.refused"]
    own = Posting.objects.get(person=cast.people["otaru"])
    assert lines == [
        f"refused: person {cast.people['otaru'].pk}, GET /desk/postings/: posting {own.pk} does not give organisation.administer",
        f"refused: person {cast.people['leaver'].pk}, GET /desk/: no posting today",
    ]
