"""What people see of approvals, page by page."""

from __future__ import annotations

import io
from collections.abc import Callable
from types import SimpleNamespace

from django.utils import translation
from pypdf import PdfReader

from clair_portal.approvals import printing
from clair_portal.approvals.models import Approval, ApprovalStep, Authority, RouteTemplate
from clair_portal.approvals.presentation import stamps_of
from clair_portal.reports import case_file
from clair_portal.walls.scope import acting
from tests.approvals.along import drafted, proxy, research, route, stamped, with_staff
from tests.cast import NOW, reader
from tests.conftest import WebClient
from tests.offices.research_travel import case_in, step

Browse = Callable[..., WebClient]


def test_from_the_page_of_the_case_to_the_last_stamp(cast: SimpleNamespace, browse: Browse) -> None:
    with_staff(cast)
    route(cast, "企画調査課長")
    case = research(cast)
    officer, manager = browse("hq_officer"), browse("manager")
    assert f"/desk/approvals/new/offices.research.accept/{case.pk}/" in officer.get(f"/desk/cases/{case.pk}/").text
    preview = officer.get(f"/desk/approvals/new/offices.research.accept/{case.pk}/").text
    assert "黒田 実" in preview
    assert "正式依頼文.txt" in preview
    sent = officer.post(f"/desk/approvals/new/offices.research.accept/{case.pk}/", {"note": "伺います。"})
    approval = Approval.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, f"/desk/approvals/{approval.pk}/")
    assert "Fire safety for people who need care" in manager.get("/desk/approvals/").text
    page = manager.get(f"/desk/approvals/{approval.pk}/").text
    assert "伺います。" in page
    found = ApprovalStep.objects.get()
    done = manager.post(f"/desk/approvals/{approval.pk}/{found.pk}/stamp/", {"seal": approval.seal, "comment": ""})
    assert done.status_code == 302
    page = manager.get(f"/desk/approvals/{approval.pk}/").text
    assert '<svg class="stamp"' in page
    assert ">黒田</text>" in page
    assert step(cast, case, "hq_officer", "refer").state == "referred"


def test_the_document_and_the_sheet_with_stamps_are_pdfs(cast: SimpleNamespace, browse: Browse) -> None:
    with_staff(cast)
    route(cast, "企画調査課長")
    approval = drafted(cast, research(cast))
    manager = browse("manager")
    for page in ("document", "sheet"):
        answer = manager.get(f"/desk/approvals/{approval.pk}/{page}/")
        assert answer.getvalue()[:5] == b"%PDF-"


def test_an_approval_by_its_author_is_refused_with_the_sentence(cast: SimpleNamespace, browse: Browse) -> None:
    with_staff(cast)
    route(cast, "企画調査課長")
    approval = drafted(cast, research(cast), "manager")
    found = ApprovalStep.objects.get()
    answer = browse("manager").post(
        f"/desk/approvals/{approval.pk}/{found.pk}/stamp/", {"seal": approval.seal, "comment": "よい"}
    )
    assert answer.status_code == 422
    assert "起案した本人" in answer.text
    assert ApprovalStep.objects.get().result == "open"


# --- Routes and proxies ---------------------------------------------------------------------------------------------------
TYPED = {
    "kind": "offices.research.accept", "name": "依頼調査の受入れ", "starts_on": "令和8年4月1日", "ends_on": "", "amount_from": "",
    "amount_to": "", "step0-order": "1", "step0-post": "title:企画調査課係長", "step1-order": "3",
    "step1-post": "title:企画調査課長", "step1-final_up_to": "500,000円", "step2-order": "5", "step2-post": "title:事務局長",
}  # fmt: skip


def test_an_administrator_sets_up_a_route_and_sees_who_would_be_asked(cast: SimpleNamespace, browse: Browse) -> None:
    with_staff(cast)
    admin = browse("hq_approver")
    assert admin.post("/desk/approvals/routes/new/", TYPED).status_code == 302
    made = RouteTemplate.objects.get()
    steps = list(made.steps.values_list("order", "post", "final_up_to"))
    assert steps == [
        (1, "title:企画調査課係長", None), (2, "title:企画調査課長", 500_000), (3, "title:事務局長", None)
    ]  # fmt: skip
    asked = {"kind": "offices.research.accept", "day": "R8.11.24"}
    shown = admin.get("/desk/approvals/routes/", {**asked, "amount": "500000"}).text
    assert ("黒田 実" in shown, "立花 誠" in shown) == (True, False)
    shown = admin.get("/desk/approvals/routes/", {**asked, "amount": "500001"}).text
    assert ("黒田 実" in shown, "立花 誠" in shown) == (True, True)
    shown = admin.get("/desk/approvals/routes/", {**asked, "day": "2026-03-31"}).text
    assert "その日に有効な経路がないため、誰の決裁も要りません。" in shown


def test_a_route_that_overlaps_is_refused_and_everything_typed_stays(cast: SimpleNamespace, browse: Browse) -> None:
    with_staff(cast)
    admin = browse("hq_approver")
    admin.post("/desk/approvals/routes/new/", TYPED)
    answer = admin.post("/desk/approvals/routes/new/", {**TYPED, "name": "二つ目", "starts_on": "2027-04-01"})
    assert answer.status_code == 422
    assert "この対象には、期間と金額が重なる決裁経路がすでにあります。" in answer.text
    assert 'value="二つ目"' in answer.text
    assert RouteTemplate.objects.count() == 1


def test_bad_steps_are_named(cast: SimpleNamespace, browse: Browse) -> None:
    with_staff(cast)
    admin = browse("hq_approver")
    empty = {**TYPED, "step0-post": "", "step1-post": "", "step2-post": ""}
    assert "経路には1つ以上の段階が必要です。" in admin.post("/desk/approvals/routes/new/", empty).text
    twice = {**TYPED, "step1-order": "1", "step1-post": "title:企画調査課係長"}
    assert "同じ職が同じ順番に2度" in admin.post("/desk/approvals/routes/new/", twice).text
    wrong = {**TYPED, "step1-final_up_to": "五十万"}
    assert "金額は500,000のように数字で" in admin.post("/desk/approvals/routes/new/", wrong).text
    assert RouteTemplate.objects.count() == 0


def test_a_changed_route_leaves_what_is_under_way_alone(cast: SimpleNamespace, browse: Browse) -> None:
    with_staff(cast)
    made = route(cast, "企画調査課長", "事務局長")
    approval = drafted(cast, research(cast))
    changed = {**TYPED, "step0-post": "title:総務課長", "step1-post": "", "step2-post": ""}
    assert browse("hq_approver").post(f"/desk/approvals/routes/{made.pk}/", changed).status_code == 302
    made.refresh_from_db()
    assert (made.version, list(made.steps.values_list("post", flat=True))) == (2, ["title:総務課長"])
    assert approval.template_version == 1
    assert list(ApprovalStep.objects.values_list("post", flat=True)) == ["title:企画調査課長", "title:事務局長"]


def test_a_proxy_is_named_for_a_time_and_nobody_is_their_own(cast: SimpleNamespace, browse: Browse) -> None:
    with_staff(cast)
    admin = browse("hq_approver")
    typed = {"principal": "title:事務局長", "proxy": "title:総務課長", "starts_on": "2026-11-01", "limit": "300,000"}
    assert admin.post("/desk/approvals/proxies/new/", typed).status_code == 302
    row = Authority.objects.get()
    assert (row.principal, row.proxy, row.limit, row.kinds) == ("title:事務局長", "title:総務課長", 300_000, [])
    answer = admin.post("/desk/approvals/proxies/new/", {**typed, "proxy": "title:事務局長"})
    assert answer.status_code == 422
    assert "自分自身の代決者にはなれません。" in answer.text
    ended = admin.post(f"/desk/approvals/proxies/{row.pk}/", {**typed, "ends_on": "2026-11-30"})
    assert ended.status_code == 302
    assert str(Authority.objects.get().ends_on) == "2026-11-30"


def test_only_administrators_of_headquarters_keep_routes(cast: SimpleNamespace, browse: Browse) -> None:
    for person in ("hq_officer", "london", "otaru"):
        assert browse(person).get("/desk/approvals/routes/").status_code == 403


# --- Desk and paper -------------------------------------------------------------------------------------------------------
def test_the_desk_shows_what_waits_for_my_stamp_to_nobody_else(cast: SimpleNamespace, browse: Browse) -> None:
    with_staff(cast)
    route(cast, "企画調査課長", "事務局長")
    proxy(cast, "企画調査課長", "総務課長")
    approval = drafted(cast, research(cast))
    link = f'href="/desk/approvals/{approval.pk}/"'
    assert {who: link in browse(who).get("/desk/").text for who in ("manager", "general", "director", "hq_officer")} == {
        "manager": True, "general": True, "director": False, "hq_officer": False
    }  # fmt: skip
    assert "企画調査課長の代決" in browse("general").get("/desk/").text


def test_the_printed_case_carries_the_stamps_for_headquarters_only(cast: SimpleNamespace) -> None:
    with_staff(cast)
    route(cast, "企画調査課長", "事務局長")
    case = research(cast)
    stamped(cast, drafted(cast, case), "manager")
    seen = {}
    for who in ("hq_officer", "otaru"):
        actor = reader(cast, who)
        with acting(actor.scope), translation.override("ja"):
            printed = case_file.content(actor, case_file.params_of(case))["blocks"]
        seen[who] = [block["items"] for block in printed if block["kind"] == "stamps"]
    [[first, second]] = seen["hq_officer"]
    assert (first["surname"], first["day"], first["said"]) == (
        "黒田", "8.11.24", "企画調査課長 黒田 実の印(令和8年11月24日)"
    )  # fmt: skip
    assert (second["post"], second["day"], second["said"]) == ("事務局長", "", "事務局長:未押印")
    assert seen["otaru"] == []


def test_the_document_with_stamps_can_be_read_as_text(cast: SimpleNamespace) -> None:
    with_staff(cast)
    route(cast, "企画調査課長", "事務局長")
    proxy(cast, "事務局長", "総務課長")
    approval = stamped(cast, drafted(cast, research(cast)), "manager")
    approval = stamped(cast, approval, "general", "事務局長")
    actor = reader(cast, "manager")
    with acting(actor.scope), translation.override("ja"):
        made = printing.printed(approval, stamps_of(approval), "ja", NOW)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).replace("\n", "")
    assert "黒田" in text
    assert "総務課長 白石 恵の印(令和8年11月24日)、事務局長の代決" in text
    assert "Fire safety for people who need care" in text
    assert "正式依頼文.txt" in text


def test_nothing_typed_at_all_is_answered_with_what_is_missing(cast: SimpleNamespace, browse: Browse) -> None:
    admin = browse("hq_approver")
    for page in ("routes", "proxies"):
        assert admin.post(f"/desk/approvals/{page}/new/", {}).status_code == 422


# --- Addresses that were typed --------------------------------------------------------------------------------------------
def test_what_cannot_be_drafted_shows_the_reason_and_nothing_of_the_thing(
    cast: SimpleNamespace, browse: Browse
) -> None:
    with_staff(cast)
    route(cast, "企画調査課長")
    case = case_in(cast, "draft")
    officer = browse("hq_officer")
    for key in ("abc", "99999999999999999999", str(case.pk)):  # a draft of Otaru is not there for headquarters
        assert officer.get(f"/desk/approvals/new/offices.research.accept/{key}/").status_code == 404, key
    early = case_in(cast, "triage")
    page = officer.get(f"/desk/approvals/new/offices.research.accept/{early.pk}/")
    assert page.status_code == 200
    assert "のため、この操作はできません。" in page.text
    assert "Nothing is published in Japan" not in page.text
