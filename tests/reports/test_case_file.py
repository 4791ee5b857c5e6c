"""One case on paper: all that the reader's side sees, and nothing that another side keeps to itself."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pypdf import PdfReader

from clair_portal.audit.models import Entry
from clair_portal.audit.services import read_in_emergency
from clair_portal.casework.checklist import add_task
from clair_portal.casework.models import Case
from clair_portal.casework.services import add_file, add_note
from clair_portal.outbox.handlers import do
from clair_portal.outbox.models import Job
from clair_portal.reports import case_file, documents
from clair_portal.reports.models import Report
from clair_portal.walls.scope import acting
from tests.casework.travel import case_in
from tests.cast import NOW, reader
from tests.conftest import WebClient

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = ("otaru", "hokkaido", "hq_officer", "london")
PAPER = b"1. costs"


@pytest.fixture
def case(cast: SimpleNamespace) -> Case:
    """Worked on by four people, each of whom wrote and added a paper to all and to their own side."""
    found = case_in(cast, "in_progress")
    for who in WRITERS:
        actor = reader(cast, who)
        with acting(actor.scope):
            for shared in (True, False):
                word = f"{who}-{'shared' if shared else 'internal'}"
                add_note(found, body=f"{word}-note", shared=shared, actor=actor, now=NOW)
                add_file(found, SimpleUploadedFile(f"{word}-paper.txt", PAPER), shared=shared, actor=actor, now=NOW)
            add_task(found, title=f"{who}-task", actor=actor, now=NOW)
    return found


def printed(cast: SimpleNamespace, case: Case, who: str, language: str = "ja") -> str:
    """The text of the PDF as this person gets it from the worker."""
    job = asked(cast, case, who, language)
    if isinstance(job, Job):
        do("job", job.pk, timezone.now())
        done = Job.objects.get(pk=job.pk)
        assert (done.state, done.error) == ("done", "")
        report = Report.objects.get(pk=done.result["report"])
    else:
        report = job
    with storages["documents"].open(report.file) as stored:
        pages = PdfReader(io.BytesIO(stored.read())).pages
        return "\n".join(page.extract_text() for page in pages).replace("\u200b", "").replace("\xad\n", "")


def asked(cast: SimpleNamespace, case: Case, who: str, language: str = "ja") -> Report | Job:
    actor = reader(cast, who)
    with acting(actor.scope):
        return documents.ask_for(
            case_file.KIND, case_file.params_of(case), actor=actor, user=cast.users[who].pk, language=language,
            now=timezone.now(),
        )  # fmt: skip


def words(kind: str, sides: str) -> set[str]:
    return {f"{who}-{seen}-{kind}" for who, seen in (word.split(":") for word in sides.split())}


SHARED = "otaru:shared hokkaido:shared hq_officer:shared london:shared"
INTERNAL = {
    "otaru": "otaru:internal hokkaido:internal",
    "hokkaido": "otaru:internal hokkaido:internal",
    "hq_officer": "hq_officer:internal",
    "london": "london:internal",
}


@pytest.mark.parametrize("who", WRITERS)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_each_side_gets_the_shared_and_its_own_and_nothing_else(
    cast: SimpleNamespace, case: Case, who: str, language: str
) -> None:
    text = printed(cast, case, who, language)
    for kind in ("note", "paper"):
        everything = words(kind, SHARED) | {f"{writer}-internal-{kind}" for writer in WRITERS}
        assert {word for word in everything if word in text} == words(kind, f"{SHARED} {INTERNAL[who]}")
    mine = {"otaru", "hokkaido"} if who in ("otaru", "hokkaido") else {who}  # requester and branch are one side
    assert {writer for writer in WRITERS if f"{writer}-task" in text} == mine


def test_papers_are_listed_with_size_and_digest(cast: SimpleNamespace, case: Case) -> None:
    text = printed(cast, case, "london", "en").replace("\n", "")
    assert hashlib.sha256(PAPER).hexdigest() in text
    assert "8\xa0bytes" in text or "8 bytes" in text


def test_where_it_stands_the_details_and_the_story_are_told_in_japanese(cast: SimpleNamespace, case: Case) -> None:
    text = printed(cast, case, "hq_officer")
    for part in (
        "R8-支-0001 Canals and warehouses", "小樽市 → 北海道", "いま対応する側 ロンドン事務所", "状態 対応中",
        "【対応中】", "国 イギリス", "日程 令和9年6月1日", "交流分野 文化・芸術", "依頼先", "ロンドン事務所 引受け済み",
        "森下 拓(北海道)が本部に進達しました。", "支部確認中 → 本部受付中", "メッセージ(本部内だけ)",
        "東京本部から見える内容を印刷しています。時刻は東京の時刻です。",
    ):  # fmt: skip
        assert part in text, part


def facts(data: dict[str, Any]) -> dict[str, str]:
    """Of the box that says where the case stands."""
    return dict(data["blocks"][0]["rows"])


def test_a_requester_reads_on_paper_the_words_of_the_page(cast: SimpleNamespace, browse: Any) -> None:
    case = case_in(cast, "needs_information")
    paper = facts(contents(cast, case, "otaru"))
    assert paper["State"] == "Headquarters is waiting for your answer"
    assert paper["What happens next"] == "When you answer, headquarters goes on."
    assert "【Tokyo headquarters is checking it】" in paper["Stages of the case"]
    page, actor = browse("otaru").get(f"/desk/cases/{case.pk}/").text, reader(cast, "otaru")
    with acting(actor.scope), translation.override("ja"):
        in_japanese = case_file.content(actor, case_file.params_of(case))["blocks"][0]["rows"]
    assert all(words in page for label, words in in_japanese[:3])
    assert not {"HQ triage", "Branch check", "Needs information"} & set(re.split(" → |[【】]", str(paper)))
    office = facts(contents(cast, case, "hq_officer"))
    assert (office["State"], "【HQ triage】" in office["Stages of the case"]) == ("Needs information", True)
    assert (
        facts(contents(cast, case, "hokkaido"))["State"] == "Needs information"
    )  # the branch is staff of a town's case


def test_story_is_told_from_the_beginning(cast: SimpleNamespace, case: Case) -> None:
    data = contents(cast, case, "hq_officer")
    story = next(block for block in data["blocks"] if block["kind"] == "timeline")["entries"]
    assert [entry["text"] for entry in story if "→" in entry["text"]] == [
        "Draft → Branch check", "Branch check → HQ triage", "HQ triage → Referred", "Referred → Accepted",
        "Accepted → In progress",
    ]  # fmt: skip


def contents(cast: SimpleNamespace, case: Case, who: str) -> dict[str, Any]:
    actor = reader(cast, who)
    with acting(actor.scope), translation.override("en"):
        return case_file.content(actor, case_file.params_of(case))


def test_same_state_is_printed_once_and_every_change_makes_a_new_one(cast: SimpleNamespace, case: Case) -> None:
    printed(cast, case, "otaru")
    assert isinstance(asked(cast, case, "otaru"), Report)
    assert isinstance(asked(cast, case, "otaru_administrator"), Report)
    assert isinstance(asked(cast, case, "otaru", "en"), Job)
    assert isinstance(asked(cast, case, "hokkaido"), Job)
    actor = reader(cast, "otaru")
    with acting(actor.scope):
        add_note(case, body="one more", shared=False, actor=actor, now=NOW)
    assert isinstance(asked(cast, case, "otaru"), Job)


def test_internal_word_of_another_side_changes_nothing_for_the_first(cast: SimpleNamespace, case: Case) -> None:
    printed(cast, case, "otaru")
    actor = reader(cast, "london")
    with acting(actor.scope):
        add_note(case, body="among us", shared=False, actor=actor, now=NOW)
    assert isinstance(asked(cast, case, "otaru"), Report)


def test_who_does_not_see_the_case_gets_no_paper(cast: SimpleNamespace, case: Case, browse: Any) -> None:
    for person in ("sapporo", "newyork", "hakodate"):
        assert browse(person).post(f"/desk/cases/{case.pk}/pdf/").status_code == 404
        with pytest.raises(LookupError):
            asked(cast, case, person)


def test_office_that_lost_the_case_cannot_fetch_what_it_had_printed(
    cast: SimpleNamespace, case: Case, browse: Any
) -> None:
    printed(cast, case, "london")
    address = f"/desk/reports/{Report.objects.get().pk}/file/"
    client = browse("london")
    assert fetched(client, address)[:4] == b"%PDF"
    case.referrals.update(standing=False)
    assert client.get(address).status_code == 404


def fetched(client: WebClient, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_what_an_emergency_opened_is_for_the_one_who_opened_it(cast: SimpleNamespace, case: Case, browse: Any) -> None:
    actor = reader(cast, "hq_officer")
    with acting(actor.scope):
        read_in_emergency(case, reason="an accident in London", now=timezone.now(), actor=actor.signature)
    text = printed(cast, case, "hq_officer", "en")
    assert "london-internal-note" in text
    assert "an accident in London" in text
    address = f"/desk/reports/{Report.objects.get().pk}/file/"
    assert browse("hq_approver").get(address).status_code == 404
    assert "london-internal-note" not in printed(cast, case, "hq_approver", "en")
    assert fetched(browse("hq_officer"), address)[:4] == b"%PDF"


def test_button_leads_to_the_job_and_then_to_the_file_and_the_side_sees_who_took_it(
    cast: SimpleNamespace, case: Case, browse: Any
) -> None:
    client = browse("london")
    assert f'action="/desk/cases/{case.pk}/pdf/"' in client.get(f"/desk/cases/{case.pk}/").content.decode()
    job_page = client.post(f"/desk/cases/{case.pk}/pdf/")["Location"]
    job = Job.objects.get()
    assert job_page == f"/desk/jobs/{job.pk}/"
    do("job", job.pk, timezone.now())
    file_page = client.post(f"/desk/cases/{case.pk}/pdf/")["Location"]
    assert file_page == f"/desk/reports/{Report.objects.get().pk}/file/"
    assert fetched(client, file_page)[:4] == b"%PDF"
    assert Report.objects.get().file_name == "R8-支-0001.pdf"
    entry = Entry.objects.get(event="casework.case_file.read")
    assert (entry.side, entry.subject_id) == ("office", str(case.pk))
    assert client.post(f"/desk/cases/{case.pk}/pdf/")["Location"] == file_page


def test_draft_of_ones_own_can_be_printed(cast: SimpleNamespace) -> None:
    draft = case_in(cast, "draft")
    text = printed(cast, draft, "otaru")
    assert "下書き Canals and warehouses" in text


def test_queries_do_not_grow_with_the_story(cast: SimpleNamespace, case: Case) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            contents(cast, case, "hq_officer")
        return len(queries)

    contents(cast, case, "hq_officer")
    before, actor = counted(), reader(cast, "hq_officer")
    with acting(actor.scope):
        for number in range(30):
            add_note(case, body=str(number), shared=True, actor=actor, now=NOW + dt.timedelta(minutes=number))
    assert counted() == before
