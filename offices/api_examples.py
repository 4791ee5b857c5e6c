"""Answers as they look. A test holds their fields against real answers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

REQUEST: dict[str, Any] = {
    "id": 412,
    "number": "R8-支-0412",
    "kind": "offices.support",
    "title": "冬季の公共交通に関する視察(見本)",
    "state": "triage",
    "state_label": "本部受付中",
    "holder": "headquarters",
    "holding": "HQ",
    "applicant": "012033",
    "branch": "010006",
    "countries": ["GB"],
    "topics": ["transport"],
    "fiscal_year": 2026,
    "due_at": "2026-12-02T17:00:00+09:00",
    "late": False,
    "created_at": "2026-11-20T10:12:00+09:00",
    "filed_at": "2026-11-24T09:30:00+09:00",
    "moved_at": "2026-11-25T11:05:00+09:00",
    "closed_at": None,
    "origin": "portal",
    "split": False,
    "parent": None,
    "sample": True,
    "version": 4,
}
DETAIL: dict[str, Any] = {
    "division": "企画課",
    "contact": "岩倉",
    "telephone": "",
    "email": "",
    "kinds": ["appointment"],
    "purpose": "除雪とバスの運行を学ぶ(見本)",
    "starts_on": "2027-06-01",
    "ends_on": "2027-06-03",
    "flexible": False,
    "party": 5,
    "leader": "",
    "hosts": "",
    "questions": "",
    "question_sheet": None,
    "situation": "",
    "wanted": "訪問先の紹介",
    "interpreter": "",
    "costs": {},
    "answers": {},
    "missing": [],
}
MOVES = [{"move": "refer", "label": "事務所に回付する", "target": "referred", "needs_reason": False}]
SUPPORT: dict[str, Any] = {**REQUEST, "detail": DETAIL, "moves": MOVES, "parts": []}
RESEARCH_DETAIL: dict[str, Any] = {
    "division": "消防本部予防課",
    "contact": "岩倉",
    "telephone": "",
    "email": "",
    "purpose": "住宅防火計画の見直し(見本)",
    "not_from_japan": "公表資料では運用が分からないため",
    "questions": "立入検査の担当者と頻度",
    "situation": "",
    "wanted_by": "2027-03-01",
    "exception_wanted": "",
    "exception": "",
    "feasibility": "2月までに回答できます。",
    "letter": None,
    "result": None,
    "missing": [],
}
RESEARCH: dict[str, Any] = {
    **REQUEST, "id": 413, "number": "R8-調-0031", "kind": "offices.research", "title": "住宅の防火対策(見本)", "state": "feasible",
    "state_label": "実施可能(本部で確認中)", "detail": RESEARCH_DETAIL, "parts": [],
    "moves": [{"move": "ask_letter", "label": "了承して依頼文書を求める", "target": "letter_awaited", "needs_reason": False}],
}  # fmt: skip
FOREIGN_DETAIL: dict[str, Any] = {
    "office": "LON",
    "government": "Sample City Council",
    "country": "GB",
    "contact": "A. Sample",
    "email": "abroad@example.org",
    "telephone": "",
    "kinds": ["study_visit"],
    "subject": "Flood walls (sample)",
    "text": "We would like to see how a Japanese city keeps its flood walls.",
    "starts_on": "2027-05-10",
    "ends_on": "2027-05-14",
    "language": "en",
}
FOREIGN: dict[str, Any] = {
    **REQUEST, "id": 414, "number": "R8-外-0007", "kind": "offices.foreign", "title": "Sample City Council: Flood walls (sample)",
    "state": "received", "state_label": "受付", "holder": "office", "holding": "LON", "applicant": "LON", "branch": None,
    "topics": [], "due_at": "2026-12-02T17:00:00+00:00", "origin": "foreign_form", "detail": FOREIGN_DETAIL, "parts": [],
    "moves": [{"move": "offer", "label": "他の事務所に打診する", "target": "offered", "needs_reason": True}],
}  # fmt: skip
BY_KIND = {"support": SUPPORT, "research": RESEARCH, "foreign": FOREIGN}
SIGNATURE = {"ja": "岩倉 はる(小樽市)", "en": "Haru Iwakura (Otaru)"}
MESSAGE: dict[str, Any] = {
    "id": 77,
    "author": "012033",
    "signature": SIGNATURE,
    "side": "applicant",
    "visibility": "shared",
    "body": "日程は動かせます。",
    "created_at": "2026-11-25T13:40:00+09:00",
}
DOCUMENT: dict[str, Any] = {
    "id": "0b0e4a52-6f0c-4a0a-9d3c-0d7a0d0a4c11",
    "author": "012033",
    "signature": SIGNATURE,
    "side": "applicant",
    "visibility": "shared",
    "name": "質問票.pdf",
    "media_type": "application/pdf",
    "size": 48213,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "state": "clean",
    "created_at": "2026-11-25T13:42:00+09:00",
}
LINE: dict[str, Any] = {
    "at": "2026-11-25T11:05:00+09:00",
    "kind": "state",
    "text": "森下 拓(北海道)が申請を本部に進達しました。",
    "author": "",
    "part": None,
    "before": "支部確認中",
    "after": "本部受付中",
}


def answer(name: str, value: Any, status: str = "200") -> OpenApiExample:
    kind = value.get("kind", "") if name.startswith("request") else ""
    return OpenApiExample(name, value=value, summary=kind, response_only=True, status_codes=[status])


def listed(value: dict[str, Any]) -> dict[str, Any]:
    """As a row of the list: without what only one request says."""
    return {name: value[name] for name in REQUEST}


LISTED = [answer(f"requests_{kind}", listed(value)) for kind, value in BY_KIND.items()]
ONE = [answer(f"request_{kind}", value) for kind, value in BY_KIND.items()]
MADE = [answer(f"request_made_{kind}", BY_KIND[kind], "201") for kind in ("support", "research")]
MESSAGES, MESSAGE_MADE = answer("messages", MESSAGE), answer("message_made", MESSAGE, "201")
DOCUMENTS, DOCUMENT_MADE = answer("documents", DOCUMENT), answer("document_made", DOCUMENT, "201")
TIMELINE = answer("timeline", {"reference_date": "2026-11-25", "next": None, "results": [LINE]})
