from __future__ import annotations

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command

from clair_portal.accounts.models import User
from clair_portal.audit.models import Entry
from clair_portal.outbox.models import Email
from tests.accounts.conftest import newest_mail
from tests.accounts.hashers import CountingHasher
from tests.cast import PASSWORD, make_cast
from tests.conftest import WebClient

SECRET = "JBSWY3DPEHPK3PXP"


def app_code(secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def events(event: str) -> list[Entry]:
    return list(Entry.objects.filter(event=event))


# --- password -------------------------------------------------------------------------------------------------------


def test_sign_in_by_password_leads_to_the_desk_and_is_logged(sign_in, people):
    client = sign_in("otaru")
    assert (client.answer.status_code, client.answer["Location"]) == (302, "/desk/")
    assert client.get("/desk/").status_code == 200
    [entry] = events("accounts.session.opened")
    assert entry.actor["ja"] == "岩倉 はる(小樽市)"
    assert entry.params == {"method": "password", "address": "127.0.0.1"}
    assert entry.person == people.people["otaru"].pk


def test_wrong_password_is_refused_with_a_sentence_and_logged_without_the_password(sign_in):
    client = sign_in("otaru", "not the password 99")
    assert client.answer.status_code == 200
    assert "_auth_user_id" not in client.session
    [entry] = events("accounts.session.refused")
    assert entry.subject_type == "accounts.user"
    assert "not the password" not in str(entry.params) + str(entry.actor)


def test_unknown_address_reads_like_a_wrong_password_and_what_was_typed_is_not_kept(sign_in, people):
    known = sign_in("otaru", "not the password 99").answer.content.decode()
    unknown = sign_in("nobody-here", "not the password 99").answer.content.decode()
    tokens = re.compile(r'value="[^"]*"')
    assert tokens.sub("", known) == tokens.sub("", unknown)
    assert "nobody-here" not in str([(e.actor, e.params, e.subject_id) for e in events("accounts.session.refused")])


def test_sign_out_needs_post_and_is_logged(sign_in):
    client = sign_in("otaru")
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/desk/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/desk/").status_code == 302
    assert len(events("accounts.session.closed")) == 1


def test_session_gets_a_new_key_when_somebody_signs_in(people, sign_in):
    client = WebClient()
    client.get("/accounts/invitation/")
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    before = client.cookies["portal_session"].value
    sign_in("otaru", client=client)
    assert client.cookies["portal_session"].value != before
    assert not Session.objects.filter(session_key=before).exists()


def test_inactive_account_cannot_sign_in(sign_in, people):
    User.objects.filter(pk=people.users["otaru"].pk).update(is_active=False)
    client = sign_in("otaru")
    assert "_auth_user_id" not in client.session
    assert client.get("/accounts/inactive/").status_code == 200


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_never_leads_to_another_site(people, address):
    client = WebClient()
    answer = client.post("/accounts/login/", {"login": "otaru@example.org", "password": PASSWORD, "next": address})
    assert answer["Location"] == "/desk/"


def test_form_without_csrf_token_is_refused(people):
    client = WebClient(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "otaru@example.org", "password": PASSWORD})
    assert answer.status_code == 403
    assert "_auth_user_id" not in client.session


def test_there_is_no_sign_up_and_no_managing_of_addresses(db):
    client = WebClient()
    assert client.get("/accounts/signup/").status_code == 404
    assert client.get("/accounts/email/").status_code == 404
    assert client.get("/accounts/login/code/").status_code == 404


def test_signing_in_works_with_valkey_stopped(sign_in, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert sign_in("otaru").get("/desk/").status_code == 200


def test_pages_carry_no_inline_script_and_are_not_stored(people, sign_in):
    client = sign_in("otaru")
    for path in ("/accounts/login/", "/accounts/2fa/", "/accounts/2fa/webauthn/", "/accounts/sessions/"):
        answer = (WebClient() if "login" in path else client).get(path)
        assert answer.status_code == 200, path
        inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", answer.content.decode())
        assert inline == []
        assert " onclick=" not in answer.content.decode()
        assert " style=" not in answer.content.decode()
        assert answer["Cache-Control"].find("no-store") >= 0


# --- guessing -------------------------------------------------------------------------------------------------------


@pytest.fixture
def hasher(settings):
    settings.PASSWORD_HASHERS = ["tests.accounts.hashers.CountingHasher"]
    CountingHasher.calls = 0
    return CountingHasher


def guess(number: int, client: WebClient | None = None, account: str | None = None, address: str | None = None):
    client = client or WebClient()
    email = account or f"victim{number % 50}@example.org"
    values = {"login": email, "password": f"guess number {number}"}
    return client.post("/accounts/login/", values, REMOTE_ADDR=address or f"198.51.100.{number % 100}")


def test_spread_guesses_hardly_reach_the_hasher(db, hasher):
    """200 guesses from 100 addresses at 50 accounts; the limit over all is 20."""
    for number in range(50):
        User.objects.create(email=f"victim{number}@example.org", password="md5$salt$0")
    CountingHasher.calls = 0
    answers = [guess(number) for number in range(200)]
    assert hasher.calls <= 20
    assert "失敗" in answers[-1].content.decode() or "Too many" in answers[-1].content.decode()


def test_one_account_takes_five_guesses_in_five_minutes(people, hasher):
    for number in range(8):
        guess(number, account="otaru@example.org")
    assert hasher.calls == 5


def test_device_that_signed_in_before_is_not_locked_out_by_strangers(sign_in, people):
    client = sign_in("otaru")
    client.post("/accounts/logout/")
    for number in range(40):
        guess(number, account=None if number % 2 else "otaru@example.org")
    assert sign_in("otaru").answer.status_code == 200  # an unknown device waits
    assert sign_in("otaru", client=client, REMOTE_ADDR="203.0.113.9").answer["Location"] == "/desk/"


def test_known_device_has_a_limit_of_its_own(sign_in, people, hasher):
    from django.contrib.auth.hashers import make_password

    User.objects.update(password=make_password(PASSWORD))
    client = sign_in("otaru")
    client.post("/accounts/logout/")
    CountingHasher.calls = 0
    for number in range(9):
        guess(number, client=client, account="otaru@example.org")
    assert hasher.calls == 5


@pytest.mark.parametrize("email", ["otaru@example.org", "nobody.here@example.org"])
def test_a_guess_costs_one_hash_whether_the_account_exists_or_not(people, hasher, email):
    """What takes the time is the hash: how long the answer takes does not tell who has an account."""
    from django.contrib.auth.hashers import make_password

    User.objects.update(password=make_password(PASSWORD))
    CountingHasher.calls = 0
    guess(1, account=email)
    assert hasher.calls == 1


def test_forged_device_cookie_opens_nothing(people, hasher):
    for number in range(9):
        client = WebClient()
        client.cookies["portal_device"] = f"forged:{number}"
        guess(number, client=client, account="otaru@example.org")
    assert hasher.calls == 5


def test_right_passwords_do_not_use_up_the_limits(sign_in):
    for number in range(8):
        client = sign_in("otaru", REMOTE_ADDR=f"192.0.2.{number}")
        assert client.answer["Location"] == "/desk/"


def test_too_many_posts_from_one_address_get_a_page_of_ours(people):
    answers = [guess(number, address="192.0.2.1") for number in range(122)]
    assert answers[-1].status_code == 429
    assert b"<h1>" in answers[-1].content


# --- second factor --------------------------------------------------------------------------------------------------


@pytest.fixture
def second_factor(settings):
    settings.REQUIRE_SECOND_FACTOR = True


def test_town_hall_without_app_proves_its_mailbox(second_factor, sign_in, people):
    client = sign_in("otaru")
    assert client.answer["Location"] == "/accounts/login/code/confirm/"
    assert client.get("/desk/").status_code == 302
    mail = newest_mail()
    assert mail.to == "otaru@example.org"
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.body, re.MULTILINE)[1]
    assert client.post("/accounts/login/code/confirm/", {"code": code})["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200
    assert events("accounts.session.opened")[0].params["method"] == "password, code"


def test_wrong_mailed_code_is_refused_and_logged_and_ends_after_three(second_factor, sign_in):
    client = sign_in("otaru")
    for _attempt in range(3):
        client.post("/accounts/login/code/confirm/", {"code": "WRONG1"})
    assert len(events("accounts.second_factor.refused")) == 3
    assert client.get("/accounts/login/code/confirm/")["Location"] == "/accounts/login/"


def test_headquarters_must_set_up_a_factor_before_going_on(second_factor, sign_in):
    client = sign_in("hq_officer")
    code = re.search(r"^([A-Z0-9-]{6,})$", newest_mail().body, re.MULTILINE)[1]
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert client.get("/desk/")["Location"] == "/accounts/2fa/"
    assert client.get("/accounts/2fa/").status_code == 200


def test_app_is_set_up_with_the_password_asked_again_and_logged(sign_in, people, django_capture_on_commit_callbacks):
    client = sign_in("otaru")
    asked = client.get("/accounts/2fa/totp/activate/")
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    client.post(asked["Location"], {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page.content.decode())[1]
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/accounts/2fa/totp/activate/", {"code": app_code(secret)})
    assert done["Location"] == "/accounts/2fa/recovery-codes/"
    kept = Authenticator.objects.get(user=people.users["otaru"], type="totp")
    assert secret not in str(kept.data), "the secret lies encrypted in the database"
    assert {entry.params["kind"]["en"] for entry in events("accounts.second_factor.added")} == {"app", "recovery codes"}
    codes = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert len(re.findall(r"<li><code>\d{8}</code></li>", codes)) == 10


def test_what_allauth_says_after_commit_is_written_as_well(transactional_db):
    """There the transaction and its scope are gone, and the web login alone may write neither mails nor the log."""
    user = make_cast(PASSWORD).users["otaru"]
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = WebClient()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/?next=/accounts/2fa/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)[1]
    client.post("/accounts/2fa/totp/activate/", {"code": app_code(secret)})
    client.post("/accounts/2fa/recovery-codes/generate/")
    assert len(events("accounts.second_factor.added")) == 2
    assert len(events("accounts.recovery_codes.renewed")) == 1
    assert [mail.to for mail in Email.objects.all()] == [user.email, user.email]


def test_app_code_is_asked_after_the_password_and_works_once(sign_in, people):
    TOTP.activate(people.users["otaru"], SECRET)
    client = sign_in("otaru")
    assert client.answer["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    assert client.get("/desk/").status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert len(events("accounts.second_factor.refused")) == 1
    code = app_code()
    assert client.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/desk/"
    again = sign_in("otaru")
    assert again.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200, "a code was accepted twice"


def test_recovery_code_opens_once(sign_in, people):
    TOTP.activate(people.users["otaru"], SECRET)
    code = RecoveryCodes.activate(people.users["otaru"]).get_unused_codes()[0]
    assert sign_in("otaru").post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/desk/"
    assert sign_in("otaru").post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200


def test_removing_the_app_is_logged(sign_in, people):
    TOTP.activate(people.users["otaru"], SECRET)
    client = sign_in("otaru")
    client.post("/accounts/2fa/authenticate/", {"code": app_code()})
    client.post("/accounts/reauthenticate/?next=/accounts/2fa/", {"password": PASSWORD})
    assert client.get("/accounts/2fa/totp/deactivate/").status_code == 200
    assert client.post("/accounts/2fa/totp/deactivate/")["Location"] == "/accounts/2fa/"
    assert [entry.params["kind"]["en"] for entry in events("accounts.second_factor.removed")] == ["app"]


# --- password, sessions ---------------------------------------------------------------------------------------------


def test_new_password_by_mail(people):
    client = WebClient()
    client.post("/accounts/password/reset/", {"email": "otaru@example.org"})
    mail = newest_mail()
    assert mail.to == "otaru@example.org"
    path = re.search(r"http://localhost:8000(/accounts/password/reset/key/\S+)", mail.body)[1]
    form = client.get(path)
    done = client.post(form["Location"], {"password1": "another good one 77", "password2": "another good one 77"})
    assert done["Location"] == "/accounts/password/reset/key/done/"
    assert len(events("accounts.password.reset")) == 1
    assert client.get(path).status_code == 200
    assert "form" not in client.get(path).context or client.get(path).context["token_fail"]


def test_mailed_link_does_not_follow_a_forged_host(people, settings):
    settings.ALLOWED_HOSTS = ["*"]
    WebClient().post("/accounts/password/reset/", {"email": "otaru@example.org"}, HTTP_HOST="evil.example")
    assert "evil.example" not in newest_mail().body


def test_unknown_address_gets_no_mail_and_the_same_answer(people):
    answer = WebClient().post("/accounts/password/reset/", {"email": "stranger@example.org"})
    assert answer["Location"] == "/accounts/password/reset/done/"
    assert Email.objects.count() == 0


def test_password_change_signs_out_every_device(sign_in, people):
    one, other = sign_in("otaru"), sign_in("otaru")
    values = {"oldpassword": PASSWORD, "password1": "another good one 77", "password2": "another good one 77"}
    assert one.post("/accounts/password/change/", values).status_code == 302
    assert one.get("/desk/").status_code == 302
    assert other.get("/desk/").status_code == 302
    assert len(events("accounts.password.changed")) == 1
    assert newest_mail().to == "otaru@example.org"


def test_short_and_common_passwords_are_refused(sign_in):
    client = sign_in("otaru")
    values = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    assert client.post("/accounts/password/change/", values).status_code == 200
    assert client.get("/desk/").status_code == 200


def test_one_session_is_ended_from_another_device(sign_in, people):
    here, there = sign_in("otaru"), sign_in("otaru", HTTP_USER_AGENT="Other browser")
    row = UserSession.objects.get(user_agent="Other browser")
    assert "Other browser" in here.get("/accounts/sessions/").content.decode()
    assert here.post(f"/accounts/sessions/{row.pk}/end/").status_code == 302
    assert there.get("/desk/").status_code == 302, "a revoked session was used"
    assert here.get("/desk/").status_code == 200
    assert len(events("accounts.session.ended")) == 1


def test_sessions_of_others_cannot_be_ended(sign_in, people):
    otaru, hakodate = sign_in("otaru"), sign_in("hakodate")
    row = UserSession.objects.get(user=people.users["hakodate"])
    assert otaru.post(f"/accounts/sessions/{row.pk}/end/").status_code == 404
    assert hakodate.get("/desk/").status_code == 200
    assert WebClient().post(f"/accounts/sessions/{row.pk}/end/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(("key", "ago"), [("seen_at", 31 * 60), ("signed_in_at", 12 * 3600 + 1)])
def test_session_ends_when_idle_and_after_twelve_hours(sign_in, key, ago):
    client = sign_in("otaru")
    client.get("/desk/")
    session = client.session
    session[key] = int(time.time()) - ago
    session.save()
    assert client.get("/desk/")["Location"].startswith("/accounts/login/")
    assert len(events("accounts.session.closed")) == 1


# --- sample accounts ------------------------------------------------------------------------------------------------


def test_production_refuses_to_start_with_sample_accounts(people, settings):
    from clair_portal.pages.startup import UnsafeStart, refuse_unsafe_start

    refuse_unsafe_start()
    settings.DEMO = False
    with pytest.raises(UnsafeStart, match=r"accounts\.E001: 13 sample accounts"):
        refuse_unsafe_start()
    call_command("remove_sample_accounts", verbosity=0)
    refuse_unsafe_start()
    assert not User.objects.filter(sample=True).exists()
