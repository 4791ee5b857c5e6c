"""What an office logs, what the requester sees of it, the draft of the report, and what the requester says at the end."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from clair_portal.audit.models import Entry
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.models import Case, Task
from clair_portal.casework.overview import MEASURES
from clair_portal.casework.rules import Conflict, NotAllowed
from clair_portal.outbox.models import Message
from clair_portal.walls.scope import acting
from offices.models import Feedback, OfficeReport, WorkEntry
from offices.work.services import give_feedback, hours_of, log_work, save_report, work_on
from tests.casework.travel import case_in, step
from tests.cast import NOW, reader
from tests.conftest import WebClient
from tests.offices import research_travel
from tests.offices.foreign_travel import arrived
from tests.offices.test_annual_report import grid
from tests.offices.test_foreign import move
from tests.reports.test_case_of_two_offices import paper

Browse = Callable[..., WebClient]
DAY = dt.date(2026, 11, 20)


def logged(
    cast: SimpleNamespace, case: Case, who: str = "london", *, shared: bool = True, hours: str = "1.5",
    summary: str = "Wrote to the museum",
) -> WorkEntry:  # fmt: skip
    actor = reader(cast, who)
    with acting(actor.scope), translation.override("en"):
        return log_work(
            case, kind="enquiry", day=DAY, hours=Decimal(hours), summary=summary, shared=shared,
            actor=actor, now=NOW,
        )  # fmt: skip


def seen(cast: SimpleNamespace, case: Case, who: str) -> list[str]:
    scope = reader(cast, who).scope
    with acting(scope):
        return [entry.summary for entry in work_on(case, scope)]


def test_work_is_logged_from_the_case_page(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "in_progress")
    typed = {
        "kind": "appointment",
        "day": "R8/11/20",
        "hours": "２．５",
        "summary": "Two appointments",
        "visibility": "shared",
    }
    assert browse("london").post(f"/desk/cases/{case.pk}/work/", typed).status_code == 302
    entry = WorkEntry.objects.get()
    assert (entry.kind, entry.day, entry.hours, entry.shared) == ("appointment", DAY, Decimal("2.5"), True)
    for person in ("otaru", "hokkaido", "hq_officer", "london"):
        assert "Two appointments" in browse(person).get(f"/desk/cases/{case.pk}/").content.decode(), person


AT_WORK: dict[str, Callable[[SimpleNamespace], Case]] = {
    "support": lambda cast: case_in(cast, "in_progress"),
    "research": lambda cast: research_travel.case_in(cast, "in_progress"),
    "abroad": lambda cast: move(cast, arrived(), "take_up"),
}


@pytest.mark.parametrize("kind", AT_WORK)
def test_work_on_a_case_of_any_kind_is_logged_corrected_printed_and_counted(
    cast: SimpleNamespace, browse: Browse, kind: str
) -> None:
    case, client = AT_WORK[kind](cast), browse("london_local")
    page, form = f"/desk/cases/{case.pk}/", f"/desk/cases/{case.pk}/work/"
    assert f'href="{form}"' in client.get(page).content.decode()
    assert client.get(form).status_code == 200
    typed = {"kind": "enquiry", "day": "2026-11-20", "hours": "2.5", "summary": "Two letters", "visibility": "internal"}
    assert client.post(form, typed).status_code == 302
    entry = WorkEntry.objects.get()
    shown = client.get(page).content.decode()
    assert shown.count("2.5 hours") == 2  # of all entries, and of this one
    assert f'href="/desk/work/{entry.pk}/"' in shown
    assert ("Draft of the report" in shown) == (kind == "support")
    assert client.post(f"/desk/work/{entry.pk}/", {**typed, "hours": "4"}).status_code == 302
    assert '"foot": [["Total", "", "", "4.0"]]' in paper(cast, case, "london_local")
    found = grid(cast, "offices.hours")
    assert found.cell(cast.places["london"].pk, "enquiry").value == 4
    actor = reader(cast, "hq_approver")
    with acting(actor.scope):
        measured = MEASURES["offices.hours"].amounts(actor, FiscalYear(2026))
    assert measured.by_organisation == {cast.places["london"].pk: Decimal("4.0")}


@pytest.mark.parametrize("who", ["otaru", "hokkaido"])
def test_the_requester_of_research_reads_shared_work_only(cast: SimpleNamespace, browse: Browse, who: str) -> None:
    case = research_travel.case_in(cast, "in_progress")
    logged(cast, case, shared=False, hours="7")
    page = f"/desk/cases/{case.pk}/"
    assert "Wrote to the museum" not in browse(who).get(page).content.decode()
    assert "Wrote to the museum" not in paper(cast, case, who)
    logged(cast, case, hours="2")
    read = browse(who).get(page).content.decode()
    assert read.count("Wrote to the museum") >= 1
    assert "/desk/work/" not in read
    assert '"foot": [["Total", "", "", "2.0"]]' in paper(cast, case, who)


@pytest.mark.parametrize("hours", ["100", "-1", "1.55", "some"])
def test_odd_hours_are_named_and_what_was_typed_stays(cast: SimpleNamespace, browse: Browse, hours: str) -> None:
    case = case_in(cast, "in_progress")
    typed = {"kind": "enquiry", "day": "2026-11-20", "hours": hours, "summary": "Kept words", "visibility": "internal"}
    answer = browse("london").post(f"/desk/cases/{case.pk}/work/", typed)
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()
    assert WorkEntry.objects.count() == 0


def test_internal_work_is_read_by_the_office_and_counted_by_headquarters(cast: SimpleNamespace) -> None:
    case = case_in(cast, "in_progress")
    logged(cast, case, shared=False)
    readers = ("london", "hq_officer", "otaru", "hokkaido")
    assert {who: len(seen(cast, case, who)) for who in readers} == {
        "london": 1,
        "hq_officer": 1,
        "otaru": 0,
        "hokkaido": 0,
    }
    scope = reader(cast, "hq_officer").scope
    with acting(scope):
        assert hours_of(work_on(case, scope)) == Decimal("1.5")


def test_shared_work_is_told_to_every_side_and_internal_work_to_nobody(cast: SimpleNamespace) -> None:
    case = case_in(cast, "in_progress")
    Message.objects.all().delete()
    logged(cast, case, shared=False)
    assert Message.objects.count() == 0
    logged(cast, case)
    told = {post["organisation"] for post in Message.objects.get().addressed}
    assert told == {cast.places[place].pk for place in ("otaru", "hokkaido", "hq", "london")}


def test_only_the_office_at_work_logs(cast: SimpleNamespace) -> None:
    case = case_in(cast, "referred")
    with pytest.raises(NotAllowed, match="Work is logged by an office on a request it has accepted."):
        logged(cast, case)
    accepted = step(cast, case, "london", "accept")
    for who in ("otaru", "hq_officer"):
        with pytest.raises(NotAllowed):
            logged(cast, accepted, who)
    assert logged(cast, accepted).pk


def test_each_office_of_a_split_request_logs_on_its_part_and_the_whole_shows_all(cast: SimpleNamespace) -> None:
    offices = [cast.places["london"], cast.places["newyork"]]
    whole = step(cast, case_in(cast, "triage"), "hq_officer", "refer", offices=offices, owner=offices[0])
    part = step(cast, Case.objects.filter(parent=whole).order_by("pk")[0], "london", "accept")
    logged(cast, part)
    assert seen(cast, whole, "otaru") == ["Wrote to the museum"]
    assert seen(cast, whole, "newyork") == []
    with pytest.raises(NotAllowed):
        logged(cast, whole)


def test_an_office_corrects_its_own_entry_and_the_log_says_so(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "in_progress")
    entry = logged(cast, case)
    typed = {"kind": "enquiry", "day": "2026-11-20", "hours": "3", "summary": "Corrected", "visibility": "shared"}
    assert browse("newyork").post(f"/desk/work/{entry.pk}/", typed).status_code == 404
    assert browse("london").post(f"/desk/work/{entry.pk}/", typed).status_code == 302
    entry.refresh_from_db()
    assert (entry.summary, entry.hours) == ("Corrected", Decimal("3"))
    last = Entry.objects.about(case).last()
    assert last is not None
    assert last.event == "offices.work.changed"


# --- The report ---------------------------------------------------------------------------------------------------------------
def test_the_report_grows_as_a_draft_and_is_sent_by_the_move(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "in_progress")
    london = browse("london")
    page = f"/desk/cases/{case.pk}/report/"
    first = london.post(page, {"body": "First day went well", "outcome": ""}, headers={"X-Autosave": "1"})
    assert first.status_code == 204
    typed = {"body": "Both days went well", "outcome": "achieved", "version": first["X-Version"]}
    assert london.post(page, typed).status_code == 302
    kept = OfficeReport.objects.get()
    assert (kept.body, kept.sent_at) == ("Both days went well", None)
    for person in ("otaru", "hq_officer"):
        assert "Both days went well" not in browse(person).get(f"/desk/cases/{case.pk}/").content.decode()
    assert "Both days went well" in london.get(f"/desk/cases/{case.pk}/move/report/").content.decode()
    case.refresh_from_db()
    typed = {"version": case.version, "body": "Both days went well", "outcome": "achieved"}
    assert london.post(f"/desk/cases/{case.pk}/move/report/", typed).status_code == 302
    assert "Both days went well" in browse("otaru").get(f"/desk/cases/{case.pk}/").content.decode()
    assert london.post(page, {"body": "Too late", "outcome": ""}).status_code == 422
    assert OfficeReport.objects.get().body == "Both days went well"


def shown(client: WebClient, page: str, name: str = "version") -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', client.get(page).content.decode())
    assert found
    return found[1]


def test_two_colleagues_who_write_the_report_do_not_overwrite_each_other(cast: SimpleNamespace, browse: Browse) -> None:
    page = f"/desk/cases/{case_in(cast, 'in_progress').pk}/report/"
    first, second = browse("london"), browse("london_local")
    first.post(page, {"body": "An outline", "outcome": "", "version": shown(first, page)})
    seen = shown(first, page)
    assert shown(second, page) == seen
    second.post(page, {"body": "Two pages\r\nof words", "outcome": "", "version": seen}, headers={"X-Autosave": "1"})
    typed = {"body": "An outline and a key", "outcome": "achieved", "version": seen}
    assert first.post(page, typed, headers={"X-Autosave": "1"}).status_code == 409
    answer = first.post(page, typed)
    assert answer.status_code == 422
    both = answer.content.decode()
    assert "Two pages<br>of words" in both
    assert "An outline and a key</textarea>" in both
    assert OfficeReport.objects.get().body == "Two pages\r\nof words"
    knowing = re.search(r'name="version" value="([^"]*)"', both)
    assert knowing
    assert first.post(page, {**typed, "version": knowing[1]}).status_code == 302
    assert (OfficeReport.objects.get().body, OfficeReport.objects.get().outcome) == ("An outline and a key", "achieved")


def test_who_only_chose_the_outcome_keeps_the_words_of_a_colleague(cast: SimpleNamespace, browse: Browse) -> None:
    page = f"/desk/cases/{case_in(cast, 'in_progress').pk}/report/"
    first, second = browse("london"), browse("london_local")
    first.post(page, {"body": "Line\r\nline", "outcome": "", "version": shown(first, page)})
    seen = shown(first, page)
    second.post(page, {"body": "Two pages", "outcome": "", "version": seen})
    chosen = {"body": "Line\r\nline", "outcome": "achieved", "version": seen}
    answer = first.post(page, chosen, headers={"X-Autosave": "1"})
    assert answer.status_code == 204
    assert (OfficeReport.objects.get().body, OfficeReport.objects.get().outcome) == ("Two pages", "achieved")
    later = {
        **chosen,
        "body": "Line and a key",
        "version": answer["X-Version"],
    }  # the colleague's words are still not seen
    assert first.post(page, later, headers={"X-Autosave": "1"}).status_code == 409
    assert OfficeReport.objects.get().body == "Two pages"


@pytest.mark.django_db(transaction=True)
def test_two_first_savings_at_once_leave_one_draft(cast: SimpleNamespace) -> None:
    case, actor, gate = case_in(cast, "in_progress"), reader(cast, "london"), threading.Barrier(2)

    def save(words: str) -> str:
        try:
            gate.wait(10)
            with acting(actor.scope):
                save_report(case, body=words, outcome="", shown={}, actor=actor, now=NOW)
            return "saved"
        except Conflict:
            return "Conflict"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, ["First words", "Second words"])) == ["Conflict", "saved"]
    assert OfficeReport.objects.get().body in ("First words", "Second words")


def test_a_report_is_not_sent_over_words_a_colleague_saved_meanwhile(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "in_progress")
    draft, move = f"/desk/cases/{case.pk}/report/", f"/desk/cases/{case.pk}/move/report/"
    first, second = browse("london"), browse("london_local")
    first.post(draft, {"body": "An outline", "outcome": "", "version": shown(first, draft)})
    case.refresh_from_db()
    typed = {"version": case.version, "body": "An outline", "outcome": "", "drafted": shown(first, move, "drafted")}
    second.post(draft, {"body": "Two pages", "outcome": "", "version": shown(second, draft)})
    answer = first.post(move, typed)
    assert answer.status_code == 422
    assert "An outline</textarea>" in answer.content.decode()
    assert (OfficeReport.objects.get().body, OfficeReport.objects.get().sent_at) == ("Two pages", None)
    seen = re.search(r'name="drafted" value="([^"]*)"', answer.content.decode())
    assert seen
    assert first.post(move, {**typed, "drafted": seen[1]}).status_code == 302


def test_long_work_and_feedback_are_told_by_their_beginning_which_says_that_it_goes_on(cast: SimpleNamespace) -> None:
    case = case_in(cast, "in_progress")
    logged(cast, case, summary="x" * 600)
    case = step(cast, case, "london", "report")
    otaru = reader(cast, "otaru")
    with acting(otaru.scope):
        give_feedback(case, score=4, comment="y" * 600, actor=otaru, now=NOW)
    told = {message.event: message.params for message in Message.objects.all()}
    assert told["offices.work.logged"]["summary"] == "x" * 499 + "…"
    assert told["offices.feedback.given"]["comment"] == "y" * 499 + "…"
    assert Entry.objects.get(event="offices.work.logged").params["summary"] == "x" * 199 + "…"


# --- Feedback -----------------------------------------------------------------------------------------------------------------
def test_the_requester_says_once_how_it_was_and_the_office_reads_it(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "reported")
    page, typed = f"/desk/cases/{case.pk}/feedback/", {"score": "4", "comment": "The interpreter was late."}
    assert browse("otaru").post(page, typed).status_code == 302
    assert Feedback.objects.get().score == 4
    assert browse("otaru").post(page, typed).status_code == 422
    for person in ("london", "hq_officer", "hokkaido"):
        assert "The interpreter was late." in browse(person).get(f"/desk/cases/{case.pk}/").content.decode(), person
    told = {post["organisation"] for post in Message.objects.get(event="offices.feedback.given").addressed}
    assert told == {cast.places["hq"].pk, cast.places["london"].pk}


@pytest.mark.parametrize(("state", "who"), [("in_progress", "otaru"), ("reported", "hokkaido"), ("reported", "london")])
def test_feedback_comes_from_the_requester_and_after_the_report(cast: SimpleNamespace, state: str, who: str) -> None:
    actor = reader(cast, who)
    case = case_in(cast, state)
    with acting(actor.scope), translation.override("en"), pytest.raises(NotAllowed, match="Feedback is given once"):
        give_feedback(case, score=5, comment="", actor=actor, now=NOW)


# --- After a case was opened again ------------------------------------------------------------------------------------------
def judged(cast: SimpleNamespace, case: Case, score: int, now: dt.datetime) -> None:
    actor = reader(cast, "otaru")
    with acting(actor.scope):
        give_feedback(case, score=score, comment=f"We give {score}", actor=actor, now=now)


def test_the_first_report_and_its_answer_stay_when_the_office_reports_again(
    cast: SimpleNamespace, browse: Browse
) -> None:
    case, day = case_in(cast, "reported"), dt.timedelta(days=1)
    judged(cast, case, 2, NOW + day)
    case = step(cast, step(cast, case, "hq_officer", "close"), "hq_officer", "reopen")
    for who, key in (("hq_officer", "refer"), ("london", "accept"), ("london", "begin")):
        case = step(cast, case, who, key, now=NOW + 2 * day)
    london, page = browse("london"), f"/desk/cases/{case.pk}/"
    assert london.post(f"{page}report/", {"body": "A third appointment.", "outcome": "achieved"}).status_code == 302
    assert "A third appointment." in london.get(f"{page}move/report/").content.decode()
    assert "A third appointment." not in browse("otaru").get(page).content.decode()
    assert f"{page}feedback/" not in browse("otaru").get(page).content.decode()
    case = step(cast, case, "london", "report", now=NOW + 3 * day, body="A third appointment.")
    for who in ("otaru", "hq_officer", "london"):
        read = browse(who).get(page).content.decode()
        first, second = read.index("Two appointments."), read.index("A third appointment.")
        assert first < second
        assert read.count("前回の報告") == 1
        assert read.index("前回の報告") < first
        assert "We give 2" in read
    assert f"{page}feedback/" in browse("otaru").get(page).content.decode()
    judged(cast, case, 5, NOW + 4 * day)
    assert list(Feedback.objects.order_by("number").values_list("number", "score")) == [(1, 2), (2, 5)]
    read = browse("otaru").get(page).content.decode()
    assert read.index("We give 2") < read.index("We give 5")
    assert f"{page}feedback/" not in read
    with translation.override("en"), pytest.raises(NotAllowed, match="Feedback is given once"):
        judged(cast, case, 1, NOW + 5 * day)


def test_what_was_sent_is_changed_by_nobody_past_the_first_wall_either(cast: SimpleNamespace) -> None:
    case_in(cast, "reported")
    with acting(reader(cast, "london").scope):
        assert OfficeReport.objects.update(body="blind") == 0
    assert OfficeReport.objects.get().body == "Two appointments."


# --- Tasks and deadlines on their pages -----------------------------------------------------------------------------------------
def test_a_task_is_added_finished_and_taken_up_on_the_page_and_stands_on_the_desk(
    cast: SimpleNamespace, browse: Browse
) -> None:
    case = case_in(cast, "in_progress")
    london = browse("london")
    assert (
        london.post(f"/desk/cases/{case.pk}/tasks/", {"title": "Call the museum", "due_on": "R8/12/1"}).status_code
        == 302
    )
    task = Task.objects.get()
    assert "Call the museum" in london.get("/desk/").content.decode()
    assert "Call the museum" not in browse("otaru").get(f"/desk/cases/{case.pk}/").content.decode()
    answer = london.post(f"/desk/tasks/{task.pk}/done/", {"next": "https://elsewhere.example/"})
    assert answer["Location"] == f"/desk/cases/{case.pk}/#tasks"
    task.refresh_from_db()
    assert task.done_at is not None
    assert browse("otaru").post(f"/desk/tasks/{task.pk}/done/").status_code == 404
    london.post(f"/desk/tasks/{task.pk}/done/", {"again": "1"})
    assert Task.objects.open().count() == 1


def test_a_deadline_is_extended_on_its_page(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "referred")
    page = f"/desk/cases/{case.pk}/deadline/"
    assert browse("london").post(page, {"days": "３", "reason": "Two hosts are ill"}).status_code == 302
    assert Case.objects.get(pk=case.pk).due_at > case.due_at
    for typed in ({"days": "soon", "reason": "x"}, {"days": "99", "reason": "Kept words"}, {"days": "3", "reason": ""}):
        answer = browse("london").post(page, typed)
        assert answer.status_code == 422
        assert typed["reason"] in answer.content.decode()


def test_the_decision_says_in_whole_sentences_what_will_be_told(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "in_progress")
    cast.people["otaru"].language = "en"
    cast.people["otaru"].save()
    shown = browse("london").get(f"/desk/cases/{case.pk}/move/report/").content.decode()
    assert "Report from London office: Canals and warehouses" in shown
    assert "ロンドン事務所からの報告:Canals and warehouses" in shown


def test_the_page_says_what_else_can_happen_and_who_can_do_it(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "triage")
    cast.people["otaru"].language = "en"
    cast.people["otaru"].save()
    page = " ".join(browse("otaru").get(f"/desk/cases/{case.pk}/").content.decode().split())
    assert '<b>Decline</b> <span class="muted">Only the headquarters can do this.</span>' in page


def test_a_case_page_needs_at_most_twelve_queries_and_as_many_for_thirty_entries_as_for_one(
    cast: SimpleNamespace, browse: Browse
) -> None:
    """Counted are those of the view itself; session, reader and scope cost the same on every page."""
    case = case_in(cast, "in_progress")
    london = browse("london")
    counts = []
    london.get(f"/desk/cases/{case.pk}/")  # what the process keeps is read
    for number in (1, 29):
        for _entry in range(number):
            logged(cast, case)
        with CaptureQueriesContext(connection) as captured:
            london.get(f"/desk/cases/{case.pk}/")
        said = [
            query["sql"] for query in captured if "set_config" not in query["sql"] and "SAVEPOINT" not in query["sql"]
        ]
        frame = ("django_session", "accounts_user", "portal_reader", "current_setting", "outbox_notification")
        counts.append(len([sql for sql in said if not any(word in sql.split("WHERE")[0] for word in frame)]))
    assert counts[0] == counts[1] <= 12
