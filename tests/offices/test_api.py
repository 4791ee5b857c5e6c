"""Requests by program: what a person may do on the desk, a token of theirs may do here, and nothing else."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clair_portal.audit.models import Entry
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Case, CaseFile, Note
from clair_portal.casework.services import add_note, take_on
from clair_portal.network.models import Organisation
from clair_portal.outbox.models import Message
from clair_portal.walls.scope import acting
from offices import api_examples
from offices.models import OfficeReport, SupportRequest
from tests.casework.travel import FILLED_IN, case_in, draft, step
from tests.cast import NOW, reader
from tests.conftest import WebClient
from tests.offices.conftest import Program

Programs = Callable[..., Program]
SENT = {
    "title": "Canals and warehouses", "division": "Planning", "contact": "Iwakura", "purpose": "To learn", "countries": ["gb"],
    "starts_on": "令和9年6月1日", "ends_on": "2027-06-03", "party": 5, "kinds": ["appointment"], "topics": ["culture"],
    "wanted": "Appointments", "costs": {"venue": "office"},
}  # fmt: skip


def error_of(answer: Any) -> tuple[int, str, list[str]]:
    error = answer.json()["error"]
    assert set(error) == {"status", "code", "message", "fields", "request_id"}
    assert error["status"] == answer.status_code
    return error["status"], error["code"], sorted(error["fields"])


# --- The whole way -------------------------------------------------------------------------------------------------------------
def test_a_request_travels_from_a_town_to_london_and_back(cast: SimpleNamespace, program: Programs) -> None:
    otaru, hokkaido, hq, london = (program(who) for who in ("otaru", "hokkaido", "hq_officer", "london"))
    made = otaru.post("requests/", SENT)
    assert made.status_code == 201
    pk = made.json()["id"]
    assert made["Location"] == f"/api/v1/requests/{pk}/"
    assert made.json()["detail"]["starts_on"] == "2027-06-01"
    assert [move["move"] for move in made.json()["moves"]] == ["file"]
    assert hokkaido.get(f"requests/{pk}/").status_code == 404

    filed = otaru.move(pk, "file")
    assert (filed.status_code, filed.json()["state"], filed.json()["number"]) == (200, "branch_check", "R8-支-0001")
    assert hokkaido.move(pk, "pass_on").json()["state"] == "triage"
    referred = hq.move(pk, "refer")
    assert (referred.json()["state"], referred.json()["holding"]) == ("referred", "LON")
    for key in ("accept", "begin"):
        assert london.move(pk, key).status_code == 200
    reported = london.move(pk, "report", body="Two appointments.", outcome="achieved")
    assert reported.json()["state"] == "reported"
    assert hq.move(pk, "close").json()["state"] == "closed"

    assert OfficeReport.objects.get().body == "Two appointments."
    events = list(Entry.objects.about(Case.objects.get()).values_list("event", flat=True))
    assert events == [
        "casework.case.drafted", "offices.request.filed", "offices.request.passed_on", "offices.request.referred",
        "offices.referral.accepted", "offices.request.begun", "offices.request.reported", "offices.request.closed",
    ]  # fmt: skip
    assert set(Message.objects.values_list("event", flat=True)) == set(events) - {"casework.case.drafted"}


def test_a_program_does_not_send_a_report_over_a_draft_it_has_not_seen(
    cast: SimpleNamespace, program: Programs, browse: Callable[..., Any]
) -> None:
    case, london = case_in(cast, "in_progress"), program("london")
    browse("london").post(f"/desk/cases/{case.pk}/report/", {"body": "Two pages", "outcome": "", "version": ""})
    refused = london.move(case.pk, "report", body="A line")
    assert refused.status_code == 400
    assert "事務所には別の文面の下書きがあります。" in refused.content.decode()
    assert (OfficeReport.objects.get().body, OfficeReport.objects.get().sent_at) == ("Two pages", None)
    assert london.move(case.pk, "report", outcome="achieved").status_code == 200
    assert (OfficeReport.objects.get().body, OfficeReport.objects.get().outcome) == ("Two pages", "achieved")


def test_several_offices_get_a_part_each(cast: SimpleNamespace, program: Programs) -> None:
    case = case_in(cast, "triage")
    answer = program("hq_officer").move(case.pk, "refer", offices=["par", "LON"], owner="LON")
    assert answer.status_code == 200
    assert [(part["office"], part["owner"]) for part in answer.json()["parts"]] == [("LON", True), ("PAR", False)]
    [own] = program("london").get("requests/").json()["results"]
    assert (own["parent"], own["kind"]) == (case.pk, "offices.part")
    assert program("london").get(f"requests/{own['id']}/").json()["detail"]["purpose"] == "To learn"


def test_a_question_on_a_part_is_among_what_waits_for_the_requester(cast: SimpleNamespace, program: Programs) -> None:
    case = case_in(cast, "triage")
    program("hq_officer").move(case.pk, "refer", offices=["LON", "NYC"], owner="LON")
    [own] = program("newyork").get("requests/").json()["results"]
    assert program("newyork").move(own["id"], "ask_details", reason="How many?").status_code == 200
    mine = program("otaru").get("requests/?show=mine").json()["results"]
    assert [(row["id"], row["holder"], row["holding"]) for row in mine] == [
        (case.pk, "applicant", mine[0]["applicant"])
    ]
    assert program("otaru").get("requests/?show=others").json()["results"] == []


def test_nothing_of_a_case_that_was_called_back_is_left_with_its_offices(
    cast: SimpleNamespace, program: Programs
) -> None:
    case = case_in(cast, "triage")
    program("hq_officer").move(case.pk, "refer", offices=["LON", "NYC"], owner="LON")
    [own] = program("london").get("requests/").json()["results"]
    assert program("hq_officer").move(case.pk, "call_back", reason="The trip has changed").status_code == 200
    assert program("london").get("requests/").json()["results"] == []
    assert program("london").get(f"requests/{own['id']}/").status_code == 404


def test_a_request_is_not_referred_to_an_office_that_has_ended(cast: SimpleNamespace, program: Programs) -> None:
    case = case_in(cast, "triage")
    Organisation.objects.filter(code="PAR").update(ends_on=dt.date(2026, 3, 31))
    answer = program("hq_officer").move(case.pk, "refer", offices=["LON", "PAR"], owner="LON")
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"]["offices"] == [
        "パリ事務所はすでに廃止されています。別の事務所を選んでください。"
    ]


def test_an_office_that_returns_a_request_no_longer_sees_it(cast: SimpleNamespace, program: Programs) -> None:
    case, london = case_in(cast, "referred"), program("london")
    assert london.move(case.pk, "return", reason="Not our country").status_code == 204
    assert london.get(f"requests/{case.pk}/").status_code == 404


# --- Who may do what -----------------------------------------------------------------------------------------------------------
SEES = [
    ("otaru", 200), ("otaru_administrator", 200), ("hokkaido", 200), ("hq_officer", 200), ("hq_approver", 200), ("london", 200),
    ("london_local", 200), ("newyork", 404), ("sapporo", 404), ("osaka", 404), ("hakodate", 404), ("nobody", 401),
]  # fmt: skip


@pytest.mark.parametrize(("person", "status"), SEES)
def test_who_is_not_on_a_request_does_not_find_it(
    cast: SimpleNamespace, program: Programs, person: str, status: int
) -> None:
    case, client = case_in(cast, "referred"), program(person)
    for path in ("", "messages/", "documents/", "timeline/"):
        assert client.get(f"requests/{case.pk}/{path}").status_code == status, path
    assert client.post(f"requests/{case.pk}/messages/", {"body": "x"}).status_code == (201 if status == 200 else status)
    assert client.upload(f"requests/{case.pk}/documents/", file=text_file()).status_code == (
        201 if status == 200 else status
    )
    listed = client.get("requests/")
    if status == 401:
        assert listed.status_code == 401
    else:
        assert [row["id"] for row in listed.json()["results"]] == ([case.pk] if status == 200 else [])


MOVES = [
    ("draft", "file", {"otaru", "otaru_administrator"}),
    ("branch_check", "pass_on", {"hokkaido"}),
    ("triage", "refer", {"hq_officer", "hq_approver"}),
    ("referred", "accept", {"london", "london_local"}),
    ("referred", "withdraw", {"otaru", "otaru_administrator"}),
    ("reported", "close", {"hq_officer", "hq_approver"}),
]


@pytest.mark.parametrize(("state", "key", "may"), MOVES)
def test_a_move_is_made_by_those_whose_move_it_is(
    cast: SimpleNamespace, program: Programs, state: str, key: str, may: set[str]
) -> None:
    case = case_in(cast, state)
    for person in ("newyork", "sapporo", "hakodate", "otaru", "hokkaido", "hq_officer", "london", "nobody"):
        if person in may:
            continue
        answer = program(person).post(
            f"requests/{case.pk}/transitions/", {"move": key, "reason": "x"}, if_match=f'"{case.version}"'
        )
        assert answer.status_code in (401, 403, 404), person
    assert Case.objects.get(pk=case.pk).state == state
    for person in sorted(may)[:1]:
        assert program(person).move(case.pk, key, reason="because").status_code == 200


@pytest.mark.parametrize(
    ("person", "said"),
    [("hq_officer", (403, "forbidden", [])), ("london", (403, "forbidden", [])), ("nobody", (401, "unauthorized", []))],
)
def test_only_who_may_file_begins_a_request(
    cast: SimpleNamespace, program: Programs, person: str, said: tuple[int, str, list[str]]
) -> None:
    assert error_of(program(person).post("requests/", SENT)) == said
    assert Case.objects.count() == 0


def test_a_branch_does_not_change_what_a_town_has_drafted(cast: SimpleNamespace, program: Programs) -> None:
    case = step(cast, case_in(cast, "branch_check"), "hokkaido", "send_back")
    tag = f'"{case.version}"'
    assert program("hokkaido").send("patch", f"requests/{case.pk}/", {"title": "X"}, if_match=tag).status_code == 403
    assert program("otaru").send("patch", f"requests/{case.pk}/", {"title": "X"}, if_match=tag).status_code == 200


@pytest.mark.parametrize(
    ("scopes", "reads", "writes", "counts"),
    [
        (("network.read",), 403, 403, 403),
        (("cases.read",), 200, 403, 403),
        (("cases.write",), 403, 201, 403),
        (("statistics.read",), 403, 403, 200),
    ],
)
def test_a_token_does_what_its_scopes_say(
    cast: SimpleNamespace, program: Programs, scopes: tuple[str, ...], reads: int, writes: int, counts: int
) -> None:
    client = program("otaru", scopes)
    assert client.get("requests/").status_code == reads
    assert client.post("requests/", SENT).status_code == writes
    assert client.get("statistics/").status_code == counts


def test_a_browser_that_is_signed_in_is_no_program(cast: SimpleNamespace, browse: Callable[..., WebClient]) -> None:
    client = browse("otaru")
    assert client.get("/api/v1/requests/").status_code == 401
    assert client.post("/api/v1/requests/", SENT, content_type="application/json").status_code == 401
    assert Case.objects.count() == 0


def test_internal_papers_stay_on_their_side(cast: SimpleNamespace, program: Programs) -> None:
    case = case_in(cast, "referred")
    said = {"body": "Internal.", "visibility": "internal"}
    assert program("london").post(f"requests/{case.pk}/messages/", said).status_code == 201
    program("london").upload(f"requests/{case.pk}/documents/", file=text_file(), visibility="internal")
    for person, count in (("london", 1), ("hq_officer", 0), ("otaru", 0)):
        assert len(program(person).get(f"requests/{case.pk}/messages/").json()["results"]) == count, person
        assert len(program(person).get(f"requests/{case.pk}/documents/").json()["results"]) == count, person
        assert ("Internal." in program(person).get(f"requests/{case.pk}/timeline/").content.decode()) == bool(count)


# --- Over the version that was read ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("tag", ["", "*", "yesterday", '"-"'])
def test_without_the_version_nothing_is_changed(cast: SimpleNamespace, program: Programs, tag: str) -> None:
    case, otaru = draft(cast), program("otaru")
    headers = {"if_match": tag} if tag else {}
    assert error_of(otaru.post(f"requests/{case.pk}/transitions/", {"move": "file"}, **headers))[0] == 428
    assert error_of(otaru.send("patch", f"requests/{case.pk}/", {"title": "X"}, **headers))[0] == 428
    assert Case.objects.get().state == "draft"


@pytest.mark.parametrize("tag", ['"1"', '"1-0123456789abcdef"', 'W/"1"', "1"])
def test_over_an_older_version_nothing_is_changed(cast: SimpleNamespace, program: Programs, tag: str) -> None:
    case, otaru = draft(cast), program("otaru")
    assert case.version == 2
    assert error_of(otaru.post(f"requests/{case.pk}/transitions/", {"move": "file"}, if_match=tag))[0] == 412
    assert error_of(otaru.send("patch", f"requests/{case.pk}/", {"title": "X"}, if_match=tag))[0] == 412
    assert Case.objects.get().title == "Canals and warehouses"


def test_of_two_programs_with_the_same_version_one_wins(cast: SimpleNamespace, program: Programs) -> None:
    case, london = case_in(cast, "referred"), program("london")
    tag = london.get(f"requests/{case.pk}/")["ETag"]
    ask = [london.post(f"requests/{case.pk}/transitions/", {"move": "accept"}, if_match=tag) for _turn in range(2)]
    assert [answer.status_code for answer in ask] == [200, 409]
    other = london.post(f"requests/{case.pk}/transitions/", {"move": "begin"}, if_match=tag)
    assert other.status_code == 412


def test_what_did_not_change_is_not_sent_again(cast: SimpleNamespace, program: Programs) -> None:
    case, otaru = case_in(cast, "referred"), program("otaru")
    for path in ("requests/", f"requests/{case.pk}/", f"requests/{case.pk}/timeline/", "statistics/"):
        first = otaru.get(path)
        assert first["Cache-Control"] == "private, no-cache"
        assert otaru.get(path, if_none_match=first["ETag"]).status_code == 304, path
    before = otaru.get(f"requests/{case.pk}/")["ETag"]
    step(cast, case, "london", "accept")
    after = otaru.get(f"requests/{case.pk}/", if_none_match=before)
    assert (after.status_code, after.json()["state"]) == (200, "accepted")


# --- Wrong input ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"kind": "offices.part"}, "kind"),
        ({"kind": ["offices.support"]}, "kind"),
        ({"title": "x" * 201}, "title"),
        ({"party": 0}, "party"),
        ({"party": "five"}, "party"),
        ({"countries": ["GB", "ZZ"]}, "countries"),
        ({"countries": "GB"}, "countries"),
        ({"starts_on": "2027-02-30"}, "starts_on"),
        ({"starts_on": 20270601}, "starts_on"),
        ({"ends_on": "2027-05-31"}, "ends_on"),
        ({"ends_on": "9999-12-31"}, "ends_on"),
        ({"kinds": ["holiday"]}, "kinds.0"),
        ({"costs": {"venue": "nobody"}}, "costs.venue"),
        ({"costs": {"fireworks": "office"}}, "costs"),
        ({"answers": {"nothing": "x"}}, "answers"),
        ({"email": "nobody"}, "email"),
        ({"purpose": "x" * 4001}, "purpose"),
        ({"state": "closed"}, "state"),
        ({"applicant": "271004"}, "applicant"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_made(
    cast: SimpleNamespace, program: Programs, changed: dict[str, Any], field: str
) -> None:
    answer = program("otaru").post("requests/", SENT | changed)
    assert error_of(answer) == (400, "bad_request", [field])
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        '"text"',
        "null",
        "[" * 100_000,
        '{"title": "\\ud800"}',
        '{"interpreter": "\\ud800"}',
        '{"\\ud800": 1}',
        '{"title": "\\u0000"}',
        "\xff",
        "1e999",
    ],
)
def test_what_is_no_object_is_refused(cast: SimpleNamespace, program: Programs, body: str) -> None:
    answer = program("otaru").post("requests/", body.encode("latin-1"))
    assert error_of(answer)[0] == 400
    assert Case.objects.count() == 0


def test_a_draft_that_was_never_filed_is_thrown_away(cast: SimpleNamespace, program: Programs) -> None:
    case, otaru = draft(cast), program("otaru")
    address = f"requests/{case.pk}/"
    assert error_of(otaru.send("delete", address, {}))[0] == 428
    assert error_of(otaru.send("delete", address, {}, if_match='"1"'))[0] == 412
    assert program("hokkaido").send("delete", address, {}, if_match=f'"{case.version}"').status_code == 404
    assert otaru.send("delete", address, {}, if_match=f'"{case.version}"').status_code == 204
    assert Case.objects.count() == 0
    filed = case_in(cast, "branch_check")
    assert error_of(otaru.send("delete", f"requests/{filed.pk}/", {}, if_match=f'"{filed.version}"'))[0] == 409
    refused = program("hokkaido").send("delete", f"requests/{filed.pk}/", {}, if_match=f'"{filed.version}"')
    assert error_of(refused)[0] == 403
    assert Case.objects.get() == filed


def test_a_draft_is_changed_field_by_field(cast: SimpleNamespace, program: Programs) -> None:
    case, otaru = draft(cast), program("otaru")
    changed = otaru.send(
        "patch", f"requests/{case.pk}/", {"party": 6, "countries": ["FR"]}, if_match=f'"{case.version}"'
    )
    assert (changed.status_code, changed.json()["detail"]["party"], changed.json()["countries"]) == (200, 6, ["FR"])
    assert changed.json()["detail"]["purpose"] == "To learn"
    late = otaru.send("patch", f"requests/{case.pk}/", {"ends_on": "2027-05-01"}, if_match=changed["ETag"])
    assert error_of(late) == (400, "bad_request", ["ends_on"])
    assert otaru.send("patch", f"requests/{case.pk}/", {"party": None}, if_match=changed["ETag"]).json()["detail"][
        "missing"
    ] == ["人数"]


def test_an_unfinished_draft_is_not_filed_and_the_answer_says_what_is_missing(
    cast: SimpleNamespace, program: Programs
) -> None:
    otaru = program("otaru")
    pk = otaru.post("requests/", {"title": "Only a title"}).json()["id"]
    answer = otaru.move(pk, "file")
    assert error_of(answer)[0] == 409
    assert "人数" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("state", "given", "status", "field"),
    [
        ("triage", {"move": "fly"}, 400, "move"),
        ("triage", {"move": "refer", "offices": ["HQ"]}, 400, "offices.0"),
        ("triage", {"move": "refer", "offices": []}, 400, "offices"),
        ("triage", {"move": "refer", "offices": ["LON"], "owner": "PAR"}, 400, "owner"),
        ("triage", {"move": "decline"}, 400, "reason"),
        ("triage", {"move": "close"}, 409, ""),
        ("closed", {"move": "refer", "offices": ["LON"]}, 409, ""),
        ("triage", {"move": "refer", "colour": "red"}, 400, "colour"),
    ],
)
def test_a_move_that_cannot_be_made_is_refused_with_a_sentence(
    cast: SimpleNamespace, program: Programs, state: str, given: dict[str, Any], status: int, field: str
) -> None:
    case = case_in(cast, state)
    answer = program("hq_officer").post(f"requests/{case.pk}/transitions/", given, if_match=f'"{case.version}"')
    assert error_of(answer)[0::2] == (status, [field] if field else [])
    assert answer.json()["error"]["message"]
    assert Case.objects.get(pk=case.pk).state == state


def text_file(name: str = "質問票.txt", content: bytes = "質問です。".encode()) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_paper_goes_in_and_comes_out_and_its_reading_is_in_the_log(cast: SimpleNamespace, program: Programs) -> None:
    case = case_in(cast, "referred")
    made = program("otaru").upload(f"requests/{case.pk}/documents/", file=text_file())
    assert (made.status_code, made.json()["name"], made.json()["visibility"]) == (201, "質問票.txt", "shared")
    read = program("london").get(f"requests/{case.pk}/documents/{made.json()['id']}/")
    assert b"".join(read.streaming_content) == "質問です。".encode()
    assert read["Content-Disposition"].startswith("attachment")
    assert Entry.objects.about(case).last().event == "casework.file.read"  # type: ignore[union-attr]
    assert program("newyork").get(f"requests/{case.pk}/documents/{made.json()['id']}/").status_code == 404


def test_a_paper_of_the_draft_becomes_its_question_sheet(cast: SimpleNamespace, program: Programs) -> None:
    case, otaru = draft(cast), program("otaru")
    paper = otaru.upload(f"requests/{case.pk}/documents/", file=text_file()).json()["id"]
    tag = otaru.get(f"requests/{case.pk}/")["ETag"]
    other = otaru.send("patch", f"requests/{case.pk}/", {"question_sheet": str(uuid.uuid4())}, if_match=tag)
    assert error_of(other) == (400, "bad_request", ["question_sheet"])
    kept = otaru.send("patch", f"requests/{case.pk}/", {"question_sheet": paper}, if_match=tag)
    assert (kept.status_code, kept.json()["detail"]["question_sheet"]) == (200, paper)


def test_a_hostile_paper_is_refused(cast: SimpleNamespace, program: Programs) -> None:
    case, otaru = case_in(cast, "referred"), program("otaru")
    for upload in (text_file("run.exe", b"MZ\x90"), text_file("empty.txt", b"")):
        assert error_of(otaru.upload(f"requests/{case.pk}/documents/", file=upload)) == (400, "bad_request", ["file"])
    assert error_of(otaru.upload(f"requests/{case.pk}/documents/")) == (400, "bad_request", ["file"])
    assert otaru.post(f"requests/{case.pk}/documents/", {"file": "x"}).status_code == 415
    assert CaseFile.objects.count() == 0


def test_a_message_is_told_like_one_of_the_screen(cast: SimpleNamespace, program: Programs) -> None:
    case = case_in(cast, "referred")
    made = program("otaru").post(f"requests/{case.pk}/messages/", {"body": "Please call."})
    assert made.json()["signature"] == {"ja": "岩倉 はる(小樽市)", "en": "Haru Iwakura (Otaru)"}
    assert Note.objects.get().shared
    assert Message.objects.filter(event="casework.note.written").count() == 1
    assert error_of(program("otaru").post(f"requests/{case.pk}/messages/", {"body": " "})) == (
        400,
        "bad_request",
        ["body"],
    )


# --- Lists ---------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def many(cast: SimpleNamespace) -> list[Case]:
    return [case_in(cast, state) for state in ("referred", "triage", "closed", "branch_check", "draft")]


@pytest.mark.parametrize(
    ("question", "states"),
    [
        ("", ["branch_check", "closed", "triage", "referred"]),
        ("?show=mine", ["branch_check"]),
        ("?show=others", ["triage", "referred"]),
        ("?show=ended", ["closed"]),
        ("?state=triage", ["triage"]),
        ("?show=open", ["branch_check", "triage", "referred"]),
        ("?holder=office", ["referred"]),
        ("?branch=010006&origin=portal", ["branch_check", "closed", "triage", "referred"]),
        ("?origin=public_report", []),
        ("?overdue=1", []),
        ("?office=LON", ["closed", "referred"]),
        ("?country=gb&topic=culture&year=2026", ["branch_check", "closed", "triage", "referred"]),
        ("?country=US", []),
        ("?applicant=012033&q=canals", ["branch_check", "closed", "triage", "referred"]),
        ("?q=R8-支-0002", ["triage"]),
    ],
)
def test_a_list_is_narrowed(
    cast: SimpleNamespace, program: Programs, many: list[Case], question: str, states: list[str]
) -> None:
    answer = program("hokkaido").get(f"requests/{question}").json()
    assert [row["state"] for row in answer["results"]] == states


def test_a_list_is_narrowed_to_a_person_in_charge_or_to_nobody(
    cast: SimpleNamespace, program: Programs, many: list[Case]
) -> None:
    actor = reader(cast, "london")
    referred = next(case for case in many if case.state == "referred")
    with acting(actor.scope):
        take_on(referred, Holder.OFFICE, actor=actor, now=NOW)
    assert actor.chosen is not None
    london = program("london")
    mine = london.get(f"requests/?charge={actor.chosen.id}").json()["results"]
    assert [row["id"] for row in mine] == [referred.pk]
    rest = london.get("requests/?charge=none").json()["results"]
    assert referred.pk not in [row["id"] for row in rest]
    assert len(rest) == len(london.get("requests/").json()["results"]) - 1


@pytest.mark.parametrize(
    "question", ["?office=TYO", "?country=ZZ", "?show=all", "?colour=red", "?size=0", "?year=1", "?charge=x"]
)
def test_a_wrong_filter_is_an_error(cast: SimpleNamespace, program: Programs, question: str) -> None:
    assert error_of(program("otaru").get(f"requests/{question}"))[0] == 400


def test_pages_go_by_cursor_and_double_nothing(cast: SimpleNamespace, program: Programs, many: list[Case]) -> None:
    otaru = program("otaru")
    first = otaru.get("requests/?size=2").json()
    draft(cast)
    seen, following = first["results"], first["next"]
    while following:
        page = otaru.client.get(following).json()
        seen, following = seen + page["results"], page["next"]
    assert [row["id"] for row in seen] == [case.pk for case in reversed(many)]


def test_a_list_asks_the_database_as_often_for_one_row_as_for_many(
    cast: SimpleNamespace, program: Programs, many: list[Case]
) -> None:
    otaru = program("otaru")
    counts = []
    for size in (1, 5):
        with CaptureQueriesContext(connection) as seen:
            otaru.get(f"requests/?size={size}")
        counts.append(len([query for query in seen if '"casework_' in query["sql"]]))
    assert counts == [1, 1]


def test_a_timeline_is_paged_and_holds_every_line_once(cast: SimpleNamespace, program: Programs) -> None:
    case, otaru = case_in(cast, "closed"), program("otaru")
    whole = otaru.get(f"requests/{case.pk}/timeline/").json()
    assert whole["next"] is None
    seen, following = [], f"/api/v1/requests/{case.pk}/timeline/?size=1"
    while following:
        page = otaru.client.get(following).json()
        seen, following = seen + page["results"], page["next"]
    assert seen == whole["results"]
    assert seen[0]["after"] == "完了"
    assert [line["kind"] for line in seen].count("state") == 7


def test_the_timeline_of_a_whole_tells_its_parts_as_far_as_the_reader_sees_them(
    cast: SimpleNamespace, program: Programs
) -> None:
    case, offices = case_in(cast, "triage"), [cast.places["london"], cast.places["newyork"]]
    step(cast, case, "hq_officer", "refer", offices=offices, owner=offices[0])
    for office in ("london", "newyork"):
        part = Case.objects.get(parent=case, holding=cast.places[office])
        step(cast, part, office, "accept")
        actor = reader(cast, office)
        with acting(actor.scope):
            add_note(part, body=f"We are {office}.", shared=True, actor=actor, now=NOW)

    def told(who: str) -> dict[str, set[str]]:
        lines = program(who).get(f"requests/{case.pk}/timeline/?size=100").json()["results"]
        return {
            part: {line["text"] for line in lines if line["part"] == part} for part in {line["part"] for line in lines}
        }

    for who in ("otaru", "hq_officer"):
        by_part = told(who)
        assert len(by_part) == 3
        assert {f"We are {office}." for office in ("london", "newyork")} <= set.union(*by_part.values())
        assert not any(text.startswith("We are") for text in by_part[None])  # type: ignore[index]
    assert "We are newyork." not in set.union(*told("london").values())


# --- The examples of the reference page ---------------------------------------------------------------------------------------------
def test_the_examples_have_the_fields_of_real_answers(cast: SimpleNamespace, program: Programs) -> None:
    case, otaru = case_in(cast, "triage"), program("otaru")
    otaru.post(f"requests/{case.pk}/messages/", {"body": "x"})
    otaru.upload(f"requests/{case.pk}/documents/", file=text_file())
    one = program("hq_officer").get(f"requests/{case.pk}/").json()
    assert one.keys() == api_examples.SUPPORT.keys()
    assert one["detail"].keys() == api_examples.DETAIL.keys()
    assert one["moves"][0].keys() == api_examples.MOVES[0].keys()
    for path, example in (
        ("", api_examples.REQUEST), (f"{case.pk}/messages/", api_examples.MESSAGE),
        (f"{case.pk}/documents/", api_examples.DOCUMENT), (f"{case.pk}/timeline/", api_examples.LINE),
    ):  # fmt: skip
        assert otaru.get(f"requests/{path}").json()["results"][0].keys() == example.keys(), path


def test_every_field_of_the_filing_pages_can_be_sent(cast: SimpleNamespace) -> None:
    """A field that is added to the pages and forgotten here would be found."""
    from offices.api_support import SupportSerializer
    from offices.filing.steps import COST, STEPS

    typed = {name for step in STEPS for name in step.form.base_fields} - {"version", "elsewhere"}
    sent = set(SupportSerializer().fields) - {"kind"}
    assert {name for name in typed if not name.startswith(COST)} - sent == {"sheet"}  # a paper, then question_sheet
    columns = {field.name for field in SupportRequest._meta.get_fields()} | {"title", "countries", "topics"}
    assert sent - columns == set()
    for page in STEPS:
        for name, field in page.form.base_fields.items():
            if getattr(field, "max_length", None) and name in sent:
                assert SupportSerializer().fields[name].max_length == field.max_length, name


def test_every_field_of_a_move_can_be_sent(cast: SimpleNamespace) -> None:
    from clair_portal.casework.kinds import KINDS
    from offices.api_kinds import BY_KIND
    from offices.api_serializers import TransitionWithPaperSerializer

    typed = {name for kind in BY_KIND for form in KINDS[kind].forms.values() for name in form.base_fields}
    assert typed - {"version"} - set(TransitionWithPaperSerializer().fields) == set()


def test_what_is_filed_by_program_is_what_is_filed_on_the_screen(cast: SimpleNamespace, program: Programs) -> None:
    pk = program("otaru").post("requests/", SENT).json()["id"]
    detail = SupportRequest.objects.select_related("case").get(pk=pk)
    for name, value in FILLED_IN.items():
        assert getattr(detail.case if name in ("title", "countries", "topics") else detail, name) == value, name
    assert detail.case.bigrams
    assert detail.costs == {"venue": "office"}
