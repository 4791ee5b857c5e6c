from __future__ import annotations

import datetime as dt
import io
import json
import re

import pytest
import python_calamine
import xlsxwriter
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.utils import timezone

from clair_portal.accounts.invitations import code_digest, new_code
from clair_portal.accounts.models import Invitation, Person, Posting, User
from clair_portal.audit.models import Entry
from clair_portal.outbox import jobs
from clair_portal.outbox.models import Email, Job
from clair_portal.pages import invitations as service
from clair_portal.staffing.inviting import invite
from clair_portal.walls.scope import acting
from tests.accounts.conftest import code_in, newest_mail
from tests.cast import PASSWORD, make_cast, reader
from tests.conftest import WebClient

GOOD = {
    "name": "新人 さくら",
    "name_latin": "Sakura Shinjin",
    "email": "Sakura@example.org",
    "language": "ja",
    "role": "member_officer",
    "title": "",
    "starts_on": "令和8年4月1日",
    "ends_on": "２０２９－０３－３１",
}
CHOSEN = {"password1": "a good long one 77", "password2": "a good long one 77"}


def invited(browse, who: str = "otaru_administrator", **changes) -> Invitation:
    answer = browse(who).post("/desk/invitations/new/", {**GOOD, **changes})
    assert answer.status_code == 302, answer.content.decode()
    return Invitation.objects.latest("created_at")


# --- inviting -------------------------------------------------------------------------------------------------------


def test_administrator_invites_and_only_a_hash_of_the_code_is_kept(browse, cast):
    row = invited(browse)
    mail = newest_mail()
    assert (row.email, row.organisation, row.role_id) == ("sakura@example.org", cast.places["otaru"], "member_officer")
    assert (row.starts_on, row.ends_on) == (dt.date(2026, 4, 1), dt.date(2029, 3, 31))
    assert mail.to == "sakura@example.org"
    code = code_in(mail.body)
    assert row.digest == code_digest(code)
    assert code not in str(row.__dict__)
    assert code not in str(list(Entry.objects.values()))
    assert Entry.objects.get(event="accounts.invitation.made").params["email"] == "sakura@example.org"


def test_an_invitation_works_to_the_end_of_the_day_its_mail_names(browse, cast, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: dt.datetime(2026, 11, 26, 6, tzinfo=dt.UTC))
    row = invited(browse)
    assert "2026-12-10" in newest_mail().body
    assert row.expires_at == dt.datetime(2026, 12, 10, 15, tzinfo=dt.UTC)  # midnight in Otaru


def test_code_may_be_typed_as_people_type():
    code = "0A1K-ZZZZ-7777-MMMM-0001"
    assert code_digest(code) == code_digest("oAlk zzzz　7777－ＭＭＭＭ oooi".replace("　", " "))
    assert len({new_code() for _number in range(100)}) == 100


def test_member_without_the_right_cannot_invite_or_see(browse, db):
    client = browse("otaru")
    assert client.get("/desk/invitations/").status_code == 403
    assert client.post("/desk/invitations/new/", GOOD).status_code == 403
    assert Invitation.objects.count() == 0


def test_stranger_is_sent_to_sign_in(browse):
    assert browse(None).get("/desk/invitations/")["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": "2026-03-31"}, "ends_on"),
        ({"starts_on": "1.4.26"}, "starts_on"),
        ({"email": "no address"}, "email"),
        ({"role": "hq_administrator"}, "role"),
        ({"role": "office_administrator"}, "role"),
    ],
)
def test_mistakes_are_named_beside_their_field_and_nothing_is_written(browse, changes, field):
    answer = browse("otaru_administrator").post("/desk/invitations/new/", {**GOOD, **changes})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert (Invitation.objects.count(), Email.objects.count()) == (0, 0)


def test_second_open_invitation_for_the_same_role_is_refused(browse):
    invited(browse)
    answer = browse("otaru_administrator").post("/desk/invitations/new/", GOOD)
    assert set(answer.context["form"].errors) == {"email"}
    assert Invitation.objects.count() == 1


def test_crafted_organisation_is_ignored_for_members(browse, cast):
    row = invited(browse, organisation_code="011002", organisation=cast.places["sapporo"].pk)
    assert row.organisation == cast.places["otaru"]


@pytest.mark.second_wall
def test_invitation_for_another_organisation_is_refused_by_the_database(cast):
    scope = reader(cast, "otaru_administrator").scope
    row = Invitation(
        email="x@example.org", name="x", organisation=cast.places["sapporo"], role_id="member_officer",
        digest="0" * 64, starts_on=dt.date(2026, 4, 1), expires_at=timezone.now() + dt.timedelta(days=1),
    )  # fmt: skip
    with pytest.raises(ProgrammingError, match="row-level security"), acting(scope), transaction.atomic():
        row.save(force_insert=True)


def test_service_refuses_another_organisation_before_the_database_does(cast):
    row = Invitation(email="x@example.org", name="x", organisation=cast.places["sapporo"], role_id="member_officer")
    with pytest.raises(PermissionError):
        invite(row, actor=reader(cast, "otaru_administrator"), now=timezone.now())


def test_headquarters_invites_for_any_organisation(browse, cast):
    row = invited(browse, "hq_approver", organisation_code="０１１００２", role="branch_officer")
    assert row.organisation == cast.places["sapporo"]
    answer = browse("hq_approver").post(
        "/desk/invitations/new/", {**GOOD, "organisation_code": "LON", "role": "branch_officer"}
    )
    assert set(answer.context["form"].errors) == {"role"}
    answer = browse("hq_approver").post("/desk/invitations/new/", {**GOOD, "organisation_code": "nowhere"})
    assert set(answer.context["form"].errors) >= {"organisation_code"}


def test_office_invites_its_own_people(browse, cast):
    row = invited(browse, "london_local", role="office_officer", language="en")
    assert row.organisation == cast.places["london"]
    assert "London office invites you" in newest_mail().subject


def test_list_shows_states_to_the_own_organisation_only(browse, cast):
    invited(browse)
    assert "sakura@example.org" in browse("otaru_administrator").get("/desk/invitations/").content.decode()
    assert "sakura@example.org" in browse("hq_approver").get("/desk/invitations/").content.decode()
    assert "sakura@example.org" not in browse("london_local").get("/desk/invitations/").content.decode()


def test_foreign_invitation_cannot_be_revoked_or_sent_again(browse):
    row = invited(browse)
    for action in ("revoke", "again"):
        assert browse("london_local").post(f"/desk/invitations/{row.pk}/{action}/").status_code == 404
    row.refresh_from_db()
    assert row.revoked_at is None


@pytest.mark.second_wall
def test_without_the_first_wall_foreign_invitations_stay_hidden(browse, cast, settings):
    invited(browse)
    settings.FIRST_WALL = False
    for who in ("hakodate", "sapporo", "london"):
        scope = reader(cast, who).scope
        with acting(scope):
            assert Invitation.objects.visible_to(scope).count() == 0


def test_sending_again_kills_the_old_code(browse):
    row = invited(browse)
    old = code_in(newest_mail().body)
    browse("otaru_administrator").post(f"/desk/invitations/{row.pk}/again/")
    assert Email.objects.count() == 2
    [new] = {code_in(mail.body) for mail in Email.objects.all()} - {old}
    assert WebClient().get(f"/accounts/invitation/{old}/").status_code == 410
    assert WebClient().get(f"/accounts/invitation/{new}/").status_code == 200


# --- accepting ------------------------------------------------------------------------------------------------------


def accepted(code: str, client: WebClient | None = None, **values):
    return (client or WebClient()).post(f"/accounts/invitation/{code}/", {**CHOSEN, **values})


def test_new_colleague_accepts_and_signs_in(browse, cast):
    invited(browse)
    code = code_in(newest_mail().body)
    page = WebClient().get(f"/accounts/invitation/{code}/").content.decode()
    assert "小樽市" in page
    assert "新人 さくら" in page
    assert accepted(code)["Location"] == "/accounts/login/"
    person = Person.objects.get(user__email="sakura@example.org")
    posting = Posting.objects.get(person=person)
    assert (posting.organisation, posting.role_id) == (cast.places["otaru"], "member_officer")
    assert EmailAddress.objects.get(user=person.user).verified
    assert "shinjin" in person.search_text
    assert Entry.objects.get(event="accounts.invitation.accepted").person == person.pk
    client = WebClient()
    client.post("/accounts/login/", {"login": "sakura@example.org", "password": CHOSEN["password1"]})
    assert client.get("/desk/").status_code == 200


def untouched() -> tuple[int, int, int]:
    return User.objects.count(), Person.objects.count(), Posting.objects.count()


def test_code_works_once(browse):
    invited(browse)
    code = code_in(newest_mail().body)
    accepted(code)
    before = untouched()
    again = accepted(code)
    assert again.status_code == 410
    assert untouched() == before


@pytest.mark.parametrize("state", ["expired", "revoked"])
def test_expired_and_revoked_codes_open_nothing(browse, state):
    row = invited(browse)
    code = code_in(newest_mail().body)
    before = untouched()
    field = "expires_at" if state == "expired" else "revoked_at"
    Invitation.objects.filter(pk=row.pk).update(**{field: timezone.now()})
    answer = accepted(code)
    assert answer.status_code == 410
    assert answer.context["state"] == state
    assert untouched() == before


def test_wrong_code_gets_404_and_a_sentence(browse, db):
    before = untouched()
    answer = accepted("AAAA-AAAA-AAAA-AAAA-AAAA")
    assert answer.status_code == 404
    assert "<h1>" in answer.content.decode()
    assert untouched() == before


def test_code_from_paper_is_typed_into_a_form(browse):
    invited(browse)
    code = code_in(newest_mail().body)
    typed = code.lower().replace("-", " ")
    answer = WebClient().post("/accounts/invitation/", {"code": typed}, follow=True)
    assert answer.status_code == 200
    assert "小樽市" in answer.content.decode()


def test_weak_or_different_passwords_are_refused(browse):
    invited(browse)
    code = code_in(newest_mail().body)
    before = untouched()
    assert accepted(code, password1="short", password2="short").status_code == 422
    assert accepted(code, password2="another one 123").status_code == 422
    assert untouched() == before


def test_person_with_an_account_signs_in_and_gets_the_posting(browse, cast):
    user = cast.users["hakodate"]
    user.set_password(PASSWORD)
    user.save()
    invited(browse, email="HAKODATE@example.org")
    code = code_in(newest_mail().body)
    address = f"/accounts/invitation/{code}/"
    client = WebClient()
    assert "/accounts/login/?next=" in client.get(address).content.decode()
    assert client.post(address, CHOSEN).status_code == 403, "a password was set for somebody else's account"
    signed = client.post("/accounts/login/", {"login": "hakodate@example.org", "password": PASSWORD, "next": address})
    assert signed["Location"] == address
    assert client.post(address)["Location"] == "/desk/"
    places = Posting.objects.filter(person=cast.people["hakodate"]).values_list("organisation__code", flat=True)
    assert sorted(places) == ["012025", "012033"]
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_somebody_else_who_is_signed_in_cannot_accept(browse, cast):
    invited(browse, email="hakodate@example.org")
    code = code_in(newest_mail().body)
    before = untouched()
    assert browse("sapporo").get(f"/accounts/invitation/{code}/").context["other"]
    assert accepted(code, browse("sapporo")).status_code == 403
    assert untouched() == before


def test_role_held_already_is_said_and_the_invitation_stays_open(browse, cast):
    invited(browse, email="otaru@example.org")
    code = code_in(newest_mail().body)
    answer = browse("otaru").post(f"/accounts/invitation/{code}/")
    assert answer.status_code == 409
    assert Invitation.objects.get().used_at is None


# --- by a sheet -----------------------------------------------------------------------------------------------------

HEADS = ["氏名", "ローマ字", "メールアドレス", "役割", "開始日", "終了日"]


def xlsx(rows: list[list], heads: list[str] | None = None) -> SimpleUploadedFile:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate([heads or HEADS, *rows]):
            for place, cell in enumerate(row):
                page.write_datetime(number, place, cell, day) if isinstance(cell, dt.date) else page.write(
                    number, place, cell
                )
    return SimpleUploadedFile("people.xlsx", out.getvalue())


def people_rows(count: int) -> list[list]:
    days = [dt.date(2027, 4, 1), "令和9年4月1日", "R9.4.1", "２０２７/４/１", "2027-04-01"]
    return [
        [
            f"見本 {n}番",
            f"Sample {n}",
            f"person{n}@example.org",
            "member_officer",
            days[n % 5],
            "" if n % 2 else "R11.3.31",
        ]
        for n in range(count)
    ]


def upload(browse, file, who: str = "otaru_administrator", **values):
    client = browse(who)
    client.answer = client.post("/desk/invitations/bulk/", {"sheet": file, **values})
    return client


def test_dry_run_names_every_error_by_its_row_and_makes_nothing(browse):
    rows = people_rows(5)
    rows[1][2] = "no address"
    rows[2][3] = "hq_administrator"
    rows[3][4] = "1.4.27"
    rows[4][5] = "2020-01-01"
    rows.append(rows[0])
    client = upload(browse, xlsx(rows))
    assert client.answer.status_code == 422
    faults = client.answer.context["sheet"].faults
    assert [(fault.row, fault.column) for fault in faults] == [
        (3, "E-mail"), (4, "Role"), (5, "From"), (6, "Until"), (7, "E-mail"),
    ] or [fault.row for fault in faults] == [3, 4, 5, 6, 7]  # fmt: skip
    assert client.post("/desk/invitations/bulk/confirm/")["Location"] == "/desk/invitations/bulk/"
    assert (Invitation.objects.count(), Job.objects.count()) == (0, 0)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_csv_with_english_or_japanese_headings(browse, encoding):
    heads = "Name,Name in Latin letters,E-mail,Role,From,Until" if encoding == "utf-8-sig" else ",".join(HEADS)
    body = f"{heads}\r\n高橋 一,Hajime Takahashi,ｈａｊｉｍｅ＠example.org,member_officer,令和９年４月１日,\r\n"
    client = upload(browse, SimpleUploadedFile("people.csv", body.encode(encoding)))
    assert client.answer.status_code == 200
    [row] = client.answer.context["sheet"].rows
    assert (row.email, row.starts_on) == ("hajime@example.org", dt.date(2027, 4, 1))


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("people.xlsx", b"not a workbook"),
        SimpleUploadedFile("people.pdf", b"%PDF-1.4"),
        SimpleUploadedFile("people.csv", b"a,b,c\r\n1,2,3\r\n"),
        SimpleUploadedFile("people.csv", b"Name,E-mail,Role,From\r\n"),
    ],
)
def test_unreadable_files_get_a_sentence_beside_the_field(browse, file):
    file.seek(0)
    client = upload(browse, file)
    assert client.answer.status_code == 422
    assert client.answer.context["form"].errors["sheet"]


def test_sheet_of_another_session_cannot_be_confirmed(browse):
    upload(browse, xlsx(people_rows(2)))
    assert (
        browse("otaru_administrator").post("/desk/invitations/bulk/confirm/")["Location"] == "/desk/invitations/bulk/"
    )
    assert Job.objects.count() == 0


def run_the_job(browse, count: int) -> Job:
    client = upload(browse, xlsx(people_rows(count)))
    assert client.answer.status_code == 200
    client.post("/desk/invitations/bulk/confirm/")
    job = Job.objects.get()
    assert jobs.run(job.pk, timezone.now())
    job.refresh_from_db()
    return job


@pytest.fixture
def committed_browse(transactional_db):
    cast = make_cast()

    def sign_in(person: str) -> WebClient:
        client = WebClient()
        client.force_login(cast.users[person], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


def test_three_hundred_rows_become_invitations_with_printable_codes(committed_browse):
    job = run_the_job(committed_browse, 300)
    assert (job.state, job.done, job.total, job.result["count"]) == ("done", 300, 300, 300)
    with storages["documents"].open(job.file) as file:
        rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.read())).get_sheet_by_index(0).to_python()
    assert len(rows) == 301
    codes = {row[7] for row in rows[1:]}
    assert len(codes) == 300
    assert all(re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){4}", code) for code in codes)
    assert set(Invitation.objects.values_list("digest", flat=True)) == {code_digest(code) for code in codes}
    assert set(Invitation.objects.values_list("starts_on", flat=True)) == {dt.date(2027, 4, 1)}
    assert Email.objects.count() == 0
    assert WebClient().get(f"/accounts/invitation/{rows[1][7]}/").status_code == 200
    assert storages["documents"].listdir("invitation-sheets")[1] == [f"{job.pk}.xlsx"], (
        "the checked sheet was left behind"
    )


def confirmed(browse, count: int) -> Job:
    client = upload(browse, xlsx(people_rows(count)))
    client.post("/desk/invitations/bulk/confirm/")
    return Job.objects.get()


def test_one_bad_row_at_the_end_leaves_nothing_behind(committed_browse):
    job = confirmed(committed_browse, 120)
    with storages["documents"].open(job.params["file"]) as file:
        rows = json.load(file)
    rows[-1]["role"] = "deleted meanwhile"
    storages["documents"].delete(job.params["file"])
    storages["documents"].save(job.params["file"], ContentFile(json.dumps(rows).encode()))
    jobs.run(job.pk, timezone.now())
    job.refresh_from_db()
    assert (job.state, Invitation.objects.count()) == ("failed", 0)
    assert not Entry.objects.filter(event="accounts.invitations.imported").exists()


def test_administrator_whose_posting_ended_before_the_job_ran_makes_nothing(committed_browse):
    job = confirmed(committed_browse, 3)
    Posting.objects.filter(person__user__email="otaru_administrator@example.org").update(ends_on=dt.date(2026, 4, 2))
    jobs.run(job.pk, timezone.now())
    job.refresh_from_db()
    assert (job.state, Invitation.objects.count()) == ("failed", 0)


def test_cells_that_look_like_formulas_stay_texts(committed_browse):
    rows = people_rows(1)
    rows[0][0] = "=HYPERLINK(0)"
    client = upload(committed_browse, xlsx(rows))
    client.post("/desk/invitations/bulk/confirm/")
    job = Job.objects.get()
    jobs.run(job.pk, timezone.now())
    job.refresh_from_db()
    with storages["documents"].open(job.file) as file:
        rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.read())).get_sheet_by_index(0).to_python()
    assert rows[1][0] == "'=HYPERLINK(0)"


def test_empty_sheet_can_be_downloaded_and_read_again(browse):
    answer = browse("otaru_administrator").get("/desk/invitations/bulk/sheet.xlsx")
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert len(rows[0]) == 6


def test_sheets_never_confirmed_are_swept_away(browse, settings):
    upload(browse, xlsx(people_rows(1)))
    [name] = storages["documents"].listdir("invitation-sheets")[1]
    service.sweep_sheets(timezone.now())
    assert storages["documents"].exists(f"invitation-sheets/{name}")
    service.sweep_sheets(timezone.now() + dt.timedelta(days=2))
    assert not storages["documents"].exists(f"invitation-sheets/{name}")
