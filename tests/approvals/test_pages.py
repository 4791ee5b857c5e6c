"""What people see of approvals, page by page."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from clair_portal.approvals.models import Approval, ApprovalStep
from tests.approvals.along import drafted, research, route, with_staff
from tests.conftest import WebClient
from tests.offices.research_travel import step

Browse = Callable[..., WebClient]
ENGLISH = {"accept-language": "en"}


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
