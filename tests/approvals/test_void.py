"""What is approved is frozen: an edit by any way is noticed before the next stamp or the move, and nothing is half done."""

from __future__ import annotations

import datetime as dt
import io
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection, connections, transaction
from django.utils import translation
from pypdf import PdfReader

from clair_portal.approvals import voiding
from clair_portal.approvals.models import Approval, ApprovalDocument, ApprovalStep
from clair_portal.approvals.rules import Refused
from clair_portal.casework.models import Case, CaseFile
from clair_portal.casework.rules import NotAllowed
from clair_portal.casework.services import add_file
from clair_portal.outbox.models import Message
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from offices.models import ResearchRequest
from tests.approvals.along import drafted, proxy, research, route, stamped, with_staff
from tests.approvals.test_chain import sentence_of, told
from tests.cast import NOW, make_cast, reader
from tests.conftest import WebClient
from tests.offices.conftest import Program, secret_of
from tests.offices.research_travel import step as move

Browse = Callable[..., WebClient]
PAPER = ("追加資料.txt", "あとから足した資料です。\n")


@pytest.fixture
def staffed(cast: SimpleNamespace) -> SimpleNamespace:
    with_staff(cast)
    route(cast, "企画調査課長", "事務局長")
    return cast


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile(PAPER[0], PAPER[1].encode())


def by_the_page(cast: SimpleNamespace, browse: Browse, case: Case) -> None:
    answer = browse("otaru").post(f"/desk/cases/{case.pk}/files/", {"file": upload(), "visibility": "shared"})
    assert answer.status_code == 302, answer.status_code


def by_the_api(cast: SimpleNamespace, browse: Browse, case: Case) -> None:
    answer = Program(secret_of(cast, "otaru")).upload(f"requests/{case.pk}/documents/", file=upload())
    assert answer.status_code == 201, answer.text


def by_a_service(cast: SimpleNamespace, browse: Browse, case: Case) -> None:
    actor = reader(cast, "otaru")
    with acting(actor.scope):
        add_file(case, upload(), actor=actor, now=NOW)


def by_a_sheet(cast: SimpleNamespace, browse: Browse, case: Case) -> None:
    """An import writes many rows at once and calls nobody."""
    ResearchRequest.objects.filter(case=case).update(purpose="To write another plan")


def by_sql(cast: SimpleNamespace, browse: Browse, case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update casework_case set title = 'Another title' where id = %s", [case.pk])


def by_taking_a_paper_away(cast: SimpleNamespace, browse: Browse, case: Case) -> None:
    ResearchRequest.objects.filter(case=case).update(letter=None)
    CaseFile.objects.filter(case=case).delete()


WAYS: dict[str, tuple[Callable[..., None], str]] = {
    "page": (by_the_page, "追加資料.txt"),
    "api": (by_the_api, "追加資料.txt"),
    "service": (by_a_service, "追加資料.txt"),
    "sheet": (by_a_sheet, "Purpose"),
    "sql": (by_sql, "title “Another title”"),
    "paper taken away": (by_taking_a_paper_away, "正式依頼文.txt"),
}


def changed(what: str) -> str:
    return (
        f"Since it was frozen this was changed: {what}. So the approval is void and nothing was stamped or done. "
        "Look at the change, then draft it again."
    )


@pytest.mark.parametrize("way", WAYS)
def test_an_edit_by_any_way_is_noticed_when_the_next_stamp_is_set(
    staffed: SimpleNamespace, browse: Browse, way: str
) -> None:
    case = research(staffed)
    approval = stamped(staffed, drafted(staffed, case), "manager")
    edit, what = WAYS[way]
    edit(staffed, browse, case)
    with translation.override("en"), pytest.raises(Refused) as refused:
        stamped(staffed, approval, "director")
    assert sentence_of(refused) == changed(what)
    approval.refresh_from_db()
    assert approval.state == "void"
    assert list(ApprovalStep.objects.filter(approval=approval).values_list("result", flat=True)) == ["approved", "open"]
    assert told(staffed, "approvals.approval.voided") == {"hq_officer", "manager", "director"}


@pytest.mark.parametrize("way", WAYS)
def test_an_edit_by_any_way_is_noticed_when_the_move_is_made(
    staffed: SimpleNamespace, browse: Browse, way: str
) -> None:
    case = research(staffed)
    approval = drafted(staffed, case)
    for who in ("manager", "director"):
        approval = stamped(staffed, approval, who)
    edit, what = WAYS[way]
    edit(staffed, browse, case)
    with translation.override("en"), pytest.raises(NotAllowed) as refused:
        move(staffed, case, "hq_officer", "refer")
    assert str(refused.value) == changed(what)
    assert Case.objects.get(pk=case.pk).state == "letter_triage"


def test_showing_it_is_enough_to_notice(staffed: SimpleNamespace, browse: Browse) -> None:
    case = research(staffed)
    approval = stamped(staffed, drafted(staffed, case), "manager")
    by_a_sheet(staffed, browse, case)
    page = browse("hq_officer").get(f"/desk/approvals/{approval.pk}/").text
    assert "この決裁は無効です。" in page
    assert Approval.objects.get(pk=approval.pk).changes == [{"ja": "目的", "en": "Purpose"}]


def test_the_stamps_of_a_void_chain_are_pale_and_its_paper_says_void_across(
    staffed: SimpleNamespace, browse: Browse
) -> None:
    case = research(staffed)
    approval = stamped(staffed, drafted(staffed, case), "manager")
    manager = browse("manager")
    assert "stamps-void" not in manager.get(f"/desk/approvals/{approval.pk}/").text
    by_a_sheet(staffed, browse, case)
    assert "stamps-void" in manager.get(f"/desk/approvals/{approval.pk}/").text
    paper = manager.get(f"/desk/approvals/{approval.pk}/sheet/").getvalue()
    assert "無効" in "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)


def test_the_relay_notices_a_noted_edit_and_tells_everybody_on_it(staffed: SimpleNamespace, browse: Browse) -> None:
    case = research(staffed)
    approval = stamped(staffed, drafted(staffed, case), "manager")
    by_a_service(staffed, browse, case)
    assert Approval.objects.get(pk=approval.pk).touched_at is not None
    with acting(SYSTEM_SCOPE):
        voiding.look_at_touched(NOW)
    assert Approval.objects.get(pk=approval.pk).state == "void"
    assert told(staffed, "approvals.approval.voided") == {"hq_officer", "manager", "director"}


def test_a_paper_of_another_side_changes_nothing_of_what_is_frozen(staffed: SimpleNamespace, browse: Browse) -> None:
    case = research(staffed)
    approval = stamped(staffed, drafted(staffed, case), "manager")
    actor = reader(staffed, "hq_officer")
    with acting(actor.scope):
        add_file(case, upload(), shared=False, actor=actor, now=NOW)
    with acting(SYSTEM_SCOPE):
        voiding.look_at_touched(NOW)
    approval.refresh_from_db()
    assert (approval.state, approval.touched_at) == ("circulating", None)


def test_after_it_is_void_it_is_drafted_and_stamped_anew(staffed: SimpleNamespace, browse: Browse) -> None:
    case = research(staffed)
    first = stamped(staffed, drafted(staffed, case), "manager")
    by_a_service(staffed, browse, case)
    with pytest.raises(Refused):
        stamped(staffed, first, "director")
    second = drafted(staffed, case, now=NOW + dt.timedelta(hours=1))
    for who in ("manager", "director"):
        second = stamped(staffed, second, who)
    assert move(staffed, case, "hq_officer", "refer").state == "referred"
    assert first.seal != second.seal


def test_what_was_carried_out_stays_approved_whatever_happens_later(staffed: SimpleNamespace, browse: Browse) -> None:
    case = research(staffed)
    approval = drafted(staffed, case)
    for who in ("manager", "director"):
        approval = stamped(staffed, approval, who)
    move(staffed, case, "hq_officer", "refer")
    by_a_service(staffed, browse, case)
    assert "決裁され、実行されました。" in browse("hq_officer").get(f"/desk/approvals/{approval.pk}/").text
    assert Approval.objects.get(pk=approval.pk).state == "approved"


# --- The move -----------------------------------------------------------------------------------------------------------
def test_without_a_route_the_move_is_made_as_before(cast: SimpleNamespace) -> None:
    assert move(cast, research(cast), "hq_officer", "refer").state == "referred"


def test_where_a_route_holds_the_move_says_what_is_missing(staffed: SimpleNamespace) -> None:
    case = research(staffed)
    with translation.override("en"), pytest.raises(NotAllowed) as refused:
        move(staffed, case, "hq_officer", "refer")
    assert str(refused.value) == (
        "This has to be approved first: a route of approval holds for it. Draft the approval."
    )
    stamped(staffed, drafted(staffed, case), "manager")
    with translation.override("en"), pytest.raises(NotAllowed) as refused:
        move(staffed, case, "hq_officer", "refer")
    assert str(refused.value) == "It is on its way to be approved. Wait until all stamps are set."


# --- The kept document --------------------------------------------------------------------------------------------------
def test_a_stored_document_that_was_exchanged_is_not_handed_out(staffed: SimpleNamespace, browse: Browse) -> None:
    approval = drafted(staffed, research(staffed))
    document = ApprovalDocument.objects.get(approval=approval)
    with open(storages["documents"].path(document.key), "wb") as stored:
        stored.write(b"%PDF- something else")
    answer = browse("manager").get(f"/desk/approvals/{approval.pk}/document/")
    assert answer.status_code == 403
    assert "ハッシュ値が起案時と違います" in answer.text


@pytest.mark.django_db
def test_nobody_rewrites_what_was_frozen_not_even_by_sql(staffed: SimpleNamespace) -> None:
    drafted(staffed, research(staffed))
    scope = reader(staffed, "hq_approver").scope
    for column, value in (("content", "{}"), ("seal", "0"), ("drafted_by", "1"), ("amount", "5")):
        with pytest.raises(Exception, match="permission denied"), acting(scope), connection.cursor() as cursor:
            cursor.execute(f"update approvals_approval set {column} = %s", [value])


# --- At the same time ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_an_edit_under_way_makes_the_stamp_wait_and_then_refuses_it() -> None:
    """The edit has begun and is not committed; the stamp waits for it and finds the chain void: nothing is half applied."""
    cast = make_cast()
    with_staff(cast)
    route(cast, "企画調査課長")
    case = research(cast)
    approval = drafted(cast, case)
    results: list[Any] = []

    def set_the_stamp() -> None:
        try:
            with translation.override("en"):
                stamped(cast, approval, "manager")
        except Refused as refused:
            results.append(str(refused))
        finally:
            connections.close_all()

    stamp = threading.Thread(target=set_the_stamp)
    with transaction.atomic():
        by_a_service(cast, lambda: None, case)
        stamp.start()
        stamp.join(timeout=1)
        assert (stamp.is_alive(), results) == (True, [])
    stamp.join(timeout=10)
    assert results == [changed("追加資料.txt")]
    assert Approval.objects.get(pk=approval.pk).state == "void"
    assert ApprovalStep.objects.get(approval=approval).result == "open"
    assert Message.objects.filter(event="approvals.approval.approved").count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_who_stamp_the_same_step_at_once_one_stamp_is_set() -> None:
    cast = make_cast()
    with_staff(cast)
    route(cast, "企画調査課長")
    proxy(cast, "企画調査課長", "総務課長")
    approval = drafted(cast, research(cast))
    start, results = threading.Barrier(2), []

    def set_the_stamp(who: str) -> None:
        try:
            start.wait(timeout=5)
            stamped(cast, approval, who, "企画調査課長")
            results.append("stamped")
        except Refused:
            results.append("refused")
        finally:
            connections.close_all()

    both = [threading.Thread(target=set_the_stamp, args=(who,)) for who in ("manager", "general")]
    for one in both:
        one.start()
    for one in both:
        one.join(timeout=10)
    assert sorted(results) == ["refused", "stamped"]
    assert Approval.objects.get(pk=approval.pk).state == "approved"
    assert ApprovalStep.objects.filter(approval=approval, result="approved").count() == 1
    assert Message.objects.filter(event="approvals.approval.approved").count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("name = '{}' where result = 'approved'", "a stamp that was set stays as it is"),
        ("result = 'open' where result = 'approved'", "a stamp that was set stays as it is"),
        (
            "result = 'approved', decided_at = now(), person = 1, seal = (select seal from approvals_approval) where result = 'open'",
            "a stamp is set by whoever acts, on what is frozen",
        ),
        (
            "result = 'approved', decided_at = now(), person = current_setting('app.person')::bigint, seal = 'x' where result = 'open'",
            "a stamp is set by whoever acts, on what is frozen",
        ),
    ],
    ids=["another name", "taken off", "for somebody else", "on another hash"],
)
def test_the_database_lets_nobody_forge_a_stamp(staffed: SimpleNamespace, change: str, said: str) -> None:
    stamped(staffed, drafted(staffed, research(staffed)), "manager")
    scope = reader(staffed, "director").scope
    with pytest.raises(ProgrammingError, match=said), acting(scope), connection.cursor() as cursor:
        cursor.execute(f"update approvals_approvalstep set {change}")
