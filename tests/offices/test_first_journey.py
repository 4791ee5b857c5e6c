"""The main job at its smallest: Otaru files, Hokkaido passes on, headquarters routes, London answers, Otaru reads it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from clair_portal.casework.models import Case, CaseFile
from clair_portal.outbox.handlers import do
from clair_portal.outbox.models import Email, Message, Notification
from offices.models import OfficeReport
from tests.conftest import WebClient

Browse = Callable[..., WebClient]
SUBJECT = {"title": "運河と倉庫の保存活用に関する視察", "kinds": ["appointment"]}
PAGES: dict[str, dict[str, object]] = {
    "who": {"division": "企画課", "contact": "岩倉"},
    "travel": {"countries": ["GB"], "starts_on": "令和9年6月1日", "ends_on": "R9/6/3"},
    "party": {"party": "５"},
    "purpose": {"purpose": "先進事例を調べる"},
    "support": {"wanted": "訪問先の紹介"},
}


def deliver_everything() -> None:
    """What the relay does, at once."""
    for pk in Message.objects.filter(state="queued").order_by("created_at").values_list("pk", flat=True):
        do("message", pk, timezone.now())


def post(client: WebClient, path: str, **values: object) -> None:
    response = client.post(path, values)
    assert response.status_code == 302, response.content.decode()[:3000]


def move(client: WebClient, case: Case, key: str, **values: object) -> None:
    case.refresh_from_db()
    post(client, f"/desk/cases/{case.pk}/move/{key}/", version=case.version, **values)


@pytest.fixture
def drafted(browse: Browse) -> Case:
    otaru = browse("otaru")
    post(otaru, "/desk/support/new/", **SUBJECT)
    case = Case.objects.get()
    for page, typed in PAGES.items():
        post(otaru, f"/desk/support/{case.pk}/edit/{page}/", **typed)
    paper = SimpleUploadedFile("質問票.txt", "1. 費用の分担".encode())
    post(otaru, f"/desk/cases/{case.pk}/files/", file=paper)
    return case


@pytest.fixture
def answered(browse: Browse, cast: SimpleNamespace, drafted: Case) -> Case:
    move(browse("otaru"), drafted, "file")
    move(browse("hokkaido"), drafted, "pass_on")
    move(browse("hq_officer"), drafted, "refer", offices=cast.places["london"].pk)
    move(browse("london"), drafted, "accept")
    move(browse("london"), drafted, "begin")
    move(browse("london"), drafted, "report", body="2か所の約束が取れました。")
    deliver_everything()
    drafted.refresh_from_db()
    return drafted


def test_a_draft_is_seen_by_its_own_organisation_only(browse: Browse, drafted: Case) -> None:
    assert browse("otaru").get(f"/desk/cases/{drafted.pk}/").status_code == 200
    for person in ("hokkaido", "sapporo", "osaka", "hq_officer", "london", "hakodate"):
        assert browse(person).get(f"/desk/cases/{drafted.pk}/").status_code == 404, person


def test_the_draft_keeps_what_was_typed_in_any_form(drafted: Case) -> None:
    detail = drafted.support_request
    assert (detail.starts_on.isoformat(), detail.ends_on.isoformat(), detail.party) == ("2027-06-01", "2027-06-03", 5)


def test_the_request_travels_to_london_and_back(answered: Case) -> None:
    assert answered.state == "reported"
    assert answered.number == "R8-支-0001"
    assert answered.branch is not None
    assert answered.branch.code == "010006"
    assert OfficeReport.objects.get(case=answered).body == "2か所の約束が取れました。"


def test_otaru_reads_the_notice_in_the_portal_and_by_mail(
    cast: SimpleNamespace, browse: Browse, answered: Case
) -> None:
    page = browse("otaru").get("/desk/notifications/").content.decode()
    assert "運河と倉庫の保存活用に関する視察" in page
    events = Notification.objects.filter(person=cast.people["otaru"].pk).values_list("event", flat=True)
    assert sorted(events) == [
        "offices.referral.accepted",
        "offices.request.begun",
        "offices.request.passed_on",
        "offices.request.referred",
        "offices.request.reported",
    ]
    mails = Email.objects.filter(to="otaru@example.org")
    assert mails.count() == 5
    assert set(mails.values_list("language", flat=True)) == {"ja"}


def test_sapporo_osaka_and_other_offices_see_nothing_of_it(browse: Browse, answered: Case) -> None:
    paper = CaseFile.objects.get()
    for person in ("sapporo", "osaka", "newyork", "hakodate"):
        client = browse(person)
        assert client.get(f"/desk/cases/{answered.pk}/").status_code == 404, person
        assert client.get(f"/desk/files/{paper.pk}/").status_code == 404, person
        assert client.post(f"/desk/cases/{answered.pk}/notes/", {"body": "x", "shared": "shared"}).status_code == 404
        assert "運河と倉庫" not in client.get("/desk/cases/").content.decode()
        assert "運河と倉庫" not in client.get("/desk/").content.decode()


def test_everybody_on_the_case_reads_its_papers_and_its_story(browse: Browse, answered: Case) -> None:
    paper = CaseFile.objects.get()
    for person in ("otaru", "hokkaido", "hq_officer", "london"):
        client = browse(person)
        page = client.get(f"/desk/cases/{answered.pk}/").content.decode()
        assert "質問票.txt" in page, person
        assert "2か所の約束が取れました。" in page, person
        response = client.get(f"/desk/files/{paper.pk}/")
        assert response.status_code == 200
        assert response["Content-Disposition"].startswith("attachment;")
        assert b"".join(response.streaming_content).decode() == "1. 費用の分担"


def test_filing_without_what_is_needed_says_what_is_missing(browse: Browse) -> None:
    otaru = browse("otaru", **{"Accept-Language": "en"})
    post(otaru, "/desk/support/new/", title="ただの題名")
    case = Case.objects.get()
    response = otaru.post(f"/desk/cases/{case.pk}/move/file/", {"version": case.version})
    assert response.status_code == 422
    case.refresh_from_db()
    assert (case.state, case.number, case.filed_at) == ("draft", None, None)


def test_two_people_deciding_at_once_one_is_told(browse: Browse, drafted: Case) -> None:
    move(browse("otaru"), drafted, "file")
    drafted.refresh_from_db()
    seen = drafted.version
    move(browse("hokkaido"), drafted, "pass_on")
    response = browse("hokkaido").post(f"/desk/cases/{drafted.pk}/move/pass_on/", {"version": seen})
    assert response.status_code == 422
    assert Case.objects.get().state == "triage"


def test_an_office_that_returns_a_case_sees_it_no_longer(cast: SimpleNamespace, browse: Browse, drafted: Case) -> None:
    move(browse("otaru"), drafted, "file")
    move(browse("hokkaido"), drafted, "pass_on")
    move(browse("hq_officer"), drafted, "refer", offices=cast.places["london"].pk)
    move(browse("london"), drafted, "return", reason="パリの所管です")
    assert browse("london").get(f"/desk/cases/{drafted.pk}/").status_code == 404
    assert Case.objects.get().state == "triage"
    move(browse("hq_officer"), drafted, "refer", offices=cast.places["paris"].pk)
    assert browse("london").get("/desk/").status_code == 200
    assert browse("london").get(f"/desk/cases/{drafted.pk}/").status_code == 404
