"""Clocks that stand while the other side is asked, deadlines that are extended, reminders, versions of kinds, tasks, drafts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone, translation

from clair_portal.accounts.handover import hand_over
from clair_portal.accounts.models import Posting, Role
from clair_portal.audit.models import Entry
from clair_portal.calendars.models import Holiday
from clair_portal.casework import presentation
from clair_portal.casework.checklist import add_task, finish_task, take_up_again
from clair_portal.casework.extension import extend
from clair_portal.casework.kind_versions import begin_version
from clair_portal.casework.models import Case, KindVersion, Referral, Task
from clair_portal.casework.rules import Conflict, NotAllowed
from clair_portal.outbox.models import Message, Reminder
from clair_portal.walls.scope import acting
from offices.services import save_draft
from offices.workflow import SUPPORT
from tests.casework.travel import case_in, draft, step
from tests.cast import NOW, reader
from tests.conftest import WebClient

Browse = Callable[..., WebClient]
TOKYO, LONDON = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/London")


@pytest.fixture(autouse=True)
def no_holidays(db: None) -> None:
    Holiday.objects.all().delete()


def at(day: int, hour: int = 10, month: int = 11) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=TOKYO)


# --- The clock stands ---------------------------------------------------------------------------------------------------------
def test_asking_the_requester_stops_the_clock_of_headquarters(cast: SimpleNamespace) -> None:
    """Triage begins on Tuesday the 24th with five days; three are left when it asks on Thursday the 26th."""
    case = case_in(cast, "branch_check")
    case = step(cast, case, "hokkaido", "pass_on", now=at(24))
    assert case.due_at == dt.datetime(2026, 12, 1, 17, tzinfo=TOKYO)
    case = step(cast, case, "hq_officer", "ask", now=at(26))
    assert (case.clock_left, case.due_at) == (3, dt.datetime(2026, 12, 10, 17, tzinfo=TOKYO))
    case = step(cast, case, "otaru", "inform", now=at(7, month=12))
    assert (case.clock_left, case.due_at) == (None, dt.datetime(2026, 12, 10, 17, tzinfo=TOKYO))


def test_the_clock_of_an_office_stands_while_it_asks_and_goes_on_in_its_own_zone(cast: SimpleNamespace) -> None:
    case = step(cast, case_in(cast, "triage"), "hq_officer", "refer", now=at(24))
    assert case.due_at == dt.datetime(2026, 12, 1, 17, tzinfo=LONDON)
    case = step(cast, case, "london", "ask_details", now=at(27))
    assert case.clock_left == 2
    case = step(cast, case, "otaru", "give_details", now=at(10, month=12))
    assert (case.due_at, case.due_zone) == (dt.datetime(2026, 12, 14, 17, tzinfo=LONDON), "Europe/London")


def test_the_ten_days_of_planning_stand_while_the_requester_is_asked(cast: SimpleNamespace) -> None:
    case = step(cast, case_in(cast, "referred"), "london", "accept", now=at(24))
    assert case.due_at == dt.datetime(2026, 12, 8, 17, tzinfo=LONDON)
    case = step(cast, case, "london", "ask_for_plan", now=at(27))
    assert (case.state, case.holder, case.clock_left) == ("plan_asked", "applicant", 7)
    case = step(cast, case, "otaru", "give_for_plan", now=at(10, month=12))
    assert (case.state, case.due_at) == ("accepted", dt.datetime(2026, 12, 21, 17, tzinfo=LONDON))


def test_what_an_earlier_question_left_is_no_deadline_of_the_work(cast: SimpleNamespace) -> None:
    """Called back while London asks: the days that were kept belong to that referral."""
    case = step(cast, case_in(cast, "details_asked"), "hq_officer", "call_back")
    for who, key in (("hq_officer", "refer"), ("london", "accept"), ("london", "begin"), ("london", "ask_more")):
        case = step(cast, case, who, key)
    assert (case.clock_left, case.due_zone) == (None, "Asia/Tokyo")
    case = step(cast, case, "otaru", "give_more")
    assert (case.state, case.due_at) == ("in_progress", None)


def test_a_clock_that_had_run_out_has_one_day_left(cast: SimpleNamespace) -> None:
    case = step(cast, case_in(cast, "branch_check"), "hokkaido", "pass_on", now=at(2))
    assert step(cast, case, "hq_officer", "ask", now=at(26)).clock_left == 1


# --- Extension ------------------------------------------------------------------------------------------------------------------
def test_a_referral_has_the_clock_of_the_first_answer(cast: SimpleNamespace) -> None:
    """Referred on the 24th it is to be answered by the 1st; headquarters gives two days more; London accepts on the 4th, late."""
    case = step(cast, case_in(cast, "triage"), "hq_officer", "refer", now=at(24))
    referral = Referral.objects.get(case=case)
    assert (referral.due_at, referral.answered_at) == (dt.datetime(2026, 12, 1, 17, tzinfo=LONDON), None)
    extended(cast, case, "hq_officer", 2)
    referral.refresh_from_db()
    assert referral.due_at == dt.datetime(2026, 12, 3, 17, tzinfo=LONDON)
    assert presentation.clock_of(referral) == ["Answer by 4 Dec 2026 02:00"]  # in Tokyo
    step(cast, Case.objects.get(pk=case.pk), "london", "accept", now=at(4, 23, month=12))
    referral.refresh_from_db()
    assert referral.due_at == dt.datetime(
        2026, 12, 3, 17, tzinfo=LONDON
    )  # what the office works by now is the case's own clock
    assert presentation.clock_of(referral)[1] == "first answer 4 Dec 2026 23:00, late"


def extended(cast: SimpleNamespace, case: Case, who: str, days: int, reason: str = "Two hosts are ill") -> Case:
    actor = reader(cast, who)
    with acting(actor.scope), translation.override("en"):
        return extend(case, days=days, reason=reason, actor=actor, now=at(25))


def test_whoever_has_the_ball_extends_the_deadline_and_everybody_reads_why(cast: SimpleNamespace) -> None:
    case = step(cast, case_in(cast, "triage"), "hq_officer", "refer", now=at(24))
    Message.objects.all().delete()
    assert extended(cast, case, "london", 3).due_at == dt.datetime(2026, 12, 4, 17, tzinfo=LONDON)
    message = Message.objects.get()
    assert (message.event, message.params["reason"]) == ("casework.deadline.extended", "Two hosts are ill")
    entry = Entry.objects.about(case).last()
    assert entry is not None
    assert (entry.event, entry.params["reason"]) == ("casework.deadline.extended", "Two hosts are ill")


@pytest.mark.parametrize(
    ("who", "days", "reason", "sentence"),
    [
        ("otaru", 3, "because", "Only whoever has the ball, or headquarters, can extend the deadline."),
        ("london", 3, "  ", "Write the reason"),
        ("london", 0, "because", "Extend by 1 to 60 business days."),
        ("london", 61, "because", "Extend by 1 to 60 business days."),
    ],
)
def test_an_extension_is_refused_with_a_sentence(
    cast: SimpleNamespace, who: str, days: int, reason: str, sentence: str
) -> None:
    case = case_in(cast, "referred")
    with pytest.raises(NotAllowed, match=sentence):
        extended(cast, case, who, days, reason)
    assert Case.objects.get(pk=case.pk).due_at == case.due_at


def test_a_case_without_a_deadline_cannot_be_extended(cast: SimpleNamespace) -> None:
    with pytest.raises(NotAllowed, match="This case has no deadline now."):
        extended(cast, case_in(cast, "in_progress"), "london", 3)


def test_a_deadline_that_has_passed_is_extended_from_today(cast: SimpleNamespace, browse: Browse) -> None:
    """Due on 1 December and nearly two weeks late; five days more are five days from today, and everybody can be reminded."""
    cast.people["hq_officer"].language = "en"
    cast.people["hq_officer"].save()
    case = case_in(cast, "triage")
    late = dt.datetime(2026, 12, 14, 10, tzinfo=TOKYO)
    assert case.due_at == dt.datetime(2026, 12, 1, 17, tzinfo=TOKYO)
    actor = reader(cast, "hq_officer")
    with acting(actor.scope), translation.override("en"):
        found = extend(case, days=5, reason="Two hosts are ill", actor=actor, now=late)
    assert found.due_at == dt.datetime(2026, 12, 21, 17, tzinfo=TOKYO)
    assert [event for event, when in reminders() if when > late] == [
        "casework.deadline.near",
        "casework.deadline.passed",
    ]
    Case.objects.update(due_at=timezone.now() - dt.timedelta(days=10))
    page = " ".join(browse("hq_officer").get(f"/desk/cases/{case.pk}/deadline/").content.decode().split())
    assert "has passed: the days are counted from today." in page


def test_two_colleagues_who_extend_together_do_not_add_up(cast: SimpleNamespace, browse: Browse) -> None:
    cast.people["hq_officer"].language = "en"
    cast.people["hq_officer"].save()
    case = case_in(cast, "triage")
    typed = {"days": "3", "reason": "Two hosts are ill", "version": case.version}
    page = f"/desk/cases/{case.pk}/deadline/"
    assert browse("hq_approver").post(page, typed).status_code == 302
    once = Case.objects.get().due_at
    client = browse("hq_officer")
    second = client.post(page, typed)
    shown = second.content.decode()
    assert (second.status_code, Case.objects.get().due_at) == (422, once)
    assert "Somebody else changed this case while you had it open." in shown
    assert "Two hosts are ill" in shown
    knowingly = {**typed, "version": second.context["form"]["version"].value()}
    assert client.post(page, knowingly).status_code == 302
    assert Case.objects.get().due_at > once


def test_somebody_without_the_right_does_not_extend(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "referred")
    Role.objects.filter(code="office_officer").update(rights=["contacts.read"])
    with pytest.raises(NotAllowed, match="Your posting does not give you the right to do this."):
        extended(cast, case, "london", 3)
    assert f"/desk/cases/{case.pk}/deadline/" not in browse("london").get(f"/desk/cases/{case.pk}/").content.decode()
    assert Case.objects.get().due_at == case.due_at


# --- Reminders and escalation ----------------------------------------------------------------------------------------------------
def reminders() -> list[tuple[str, dt.datetime]]:
    return list(Reminder.objects.filter(dropped_at=None).order_by("at").values_list("event", "at"))


def test_whoever_holds_the_case_is_reminded_and_headquarters_hears_when_it_is_late(cast: SimpleNamespace) -> None:
    step(cast, draft(cast), "otaru", "file", now=at(24))
    assert reminders() == [
        ("casework.deadline.near", dt.datetime(2026, 11, 30, 9, tzinfo=TOKYO)),
        ("casework.deadline.passed", dt.datetime(2026, 12, 2, 9, tzinfo=TOKYO)),
    ]
    near, passed = Reminder.objects.order_by("at")
    hokkaido, hq = cast.places["hokkaido"].pk, cast.places["hq"].pk
    assert [post["organisation"] for post in near.addressed] == [hokkaido]
    assert [post["organisation"] for post in passed.addressed] == [hokkaido, hq]


def test_a_move_takes_the_reminders_of_the_step_back(cast: SimpleNamespace) -> None:
    case = step(cast, draft(cast), "otaru", "file", now=at(24))
    case = step(cast, case, "hokkaido", "pass_on", now=at(25))
    assert [when for _event, when in reminders()] == [
        dt.datetime(2026, 12, 1, 9, tzinfo=TOKYO),
        dt.datetime(2026, 12, 3, 9, tzinfo=TOKYO),
    ]
    step(cast, case, "hq_officer", "decline", now=at(26))
    assert reminders() == []


# --- Versions of kinds ----------------------------------------------------------------------------------------------------------
def new_terms(cast: SimpleNamespace, first_day: dt.date, **terms: int | None) -> KindVersion:
    values = {"starts_on": first_day, "fiscal_zone": "America/New_York", "terms": terms, "remind_before": 2,
              "escalate_after": 3, "note": "test"}  # fmt: skip
    return begin_version(SUPPORT, values=values, actor=reader(cast, "hq_officer"), now=NOW)


def test_a_case_keeps_the_version_it_was_opened_under(cast: SimpleNamespace) -> None:
    before = draft(cast)
    assert new_terms(cast, dt.date(2000, 4, 1), branch_check=2).version == 2
    after = draft(cast)
    assert (before.kind_version, after.kind_version) == (1, 2)
    assert step(cast, before, "otaru", "file", now=at(24)).due_at == dt.datetime(2026, 12, 1, 17, tzinfo=TOKYO)
    assert step(cast, after, "otaru", "file", now=at(24)).due_at == dt.datetime(2026, 11, 26, 17, tzinfo=TOKYO)


def test_a_version_that_begins_later_does_not_count_yet(cast: SimpleNamespace) -> None:
    new_terms(cast, dt.date(2099, 4, 1), branch_check=2)
    assert draft(cast).kind_version == 1


def test_a_step_whose_term_was_taken_away_has_no_deadline(cast: SimpleNamespace) -> None:
    new_terms(cast, dt.date(2000, 4, 1), branch_check=None)
    assert step(cast, draft(cast), "otaru", "file").due_at is None


def test_the_zone_of_the_kind_decides_the_fiscal_year(cast: SimpleNamespace) -> None:
    """1 April 08:00 in Tokyo is still 31 March in New York."""
    moment = dt.datetime(2027, 4, 1, 8, tzinfo=TOKYO)
    in_tokyo = step(cast, draft(cast), "otaru", "file", now=moment)
    new_terms(cast, dt.date(2000, 4, 1))
    in_new_york = step(cast, draft(cast), "otaru", "file", now=moment)
    assert (in_tokyo.fiscal_year, in_tokyo.number) == (2027, "R9-支-0001")
    assert (in_new_york.fiscal_year, in_new_york.number) == (2026, "R8-支-0001")


def test_headquarters_keeps_terms_on_a_page_and_others_do_not(cast: SimpleNamespace, browse: type[WebClient]) -> None:
    page = "/desk/kinds/offices.support/"
    typed = {"starts_on": "令和9年4月1日", "fiscal_zone": "Asia/Tokyo", "remind_before": "2", "escalate_after": "１",
             "term_branch_check": "３", "term_triage": "", "note": "FY2027"}  # fmt: skip
    assert browse("otaru").post(page, typed).status_code == 403
    assert browse("hq_officer").post(page, typed).status_code == 302
    kept = KindVersion.objects.get()
    assert (kept.version, kept.starts_on, kept.escalate_after) == (2, dt.date(2027, 4, 1), 1)
    assert (kept.terms["branch_check"], kept.terms["triage"]) == (3, None)
    wrong = browse("hq_officer", **{"Accept-Language": "en"}).post(page, {**typed, "term_triage": "soon"})
    assert wrong.status_code == 422
    assert KindVersion.objects.count() == 1
    assert browse("hq_officer").get("/desk/kinds/no.such/").status_code == 404


def test_everybody_can_read_how_cases_travel(browse: type[WebClient]) -> None:
    page = browse("otaru").get("/desk/help/workflows/").content.decode()
    assert page.count('<svg class="flowchart"') >= 2
    assert "支部確認中" in page


def test_the_documentation_of_the_workflows_is_current() -> None:
    call_command("workflow_docs", "--check")


# --- Tasks ------------------------------------------------------------------------------------------------------------------------
def test_a_task_is_seen_by_its_own_organisation_only(cast: SimpleNamespace) -> None:
    case = case_in(cast, "in_progress")
    actor = reader(cast, "london")
    with acting(actor.scope):
        add_task(case, title="Call the museum", due_on=dt.date(2026, 12, 1), actor=actor, now=NOW)
    seen = {}
    for person in ("london", "otaru", "hokkaido", "hq_officer", "newyork"):
        scope = reader(cast, person).scope
        with acting(scope):
            seen[person] = Task.objects.visible_to(scope).count()
    assert seen == {"london": 1, "otaru": 0, "hokkaido": 0, "hq_officer": 0, "newyork": 0}


def test_a_task_is_finished_once_and_can_be_taken_up_again(cast: SimpleNamespace) -> None:
    case, actor = case_in(cast, "in_progress"), reader(cast, "london")
    with acting(actor.scope):
        task = add_task(case, title="Call", actor=actor, now=NOW)
        assert [finish_task(task, actor=actor, now=NOW), finish_task(task, actor=actor, now=NOW)] == [True, False]
        take_up_again(task, actor=actor)
        assert Task.objects.open().count() == 1
    events = Entry.objects.about(case).values_list("event", flat=True)
    assert list(events)[-3:] == ["casework.task.added", "casework.task.finished", "casework.task.taken_up"]


def test_a_successor_inherits_open_tasks(cast: SimpleNamespace) -> None:
    case, actor = case_in(cast, "in_progress"), reader(cast, "london")
    with acting(actor.scope):
        add_task(case, title="Call", actor=actor, now=NOW)
        finish_task(add_task(case, title="Done", actor=actor, now=NOW), actor=actor, now=NOW)
    former = Posting.objects.get(person=cast.people["london"])
    successor = Posting.objects.get(person=cast.people["london_local"])
    hand_over(from_posting=former, to_posting=successor, actor=reader(cast, "london_local"), now=NOW)
    postings = dict(Task.objects.values_list("title", "posting"))
    assert postings == {"Call": successor.pk, "Done": former.pk}


# --- Two people at one draft -----------------------------------------------------------------------------------------------------
def test_who_saves_an_older_draft_is_told_and_nothing_is_overwritten(cast: SimpleNamespace) -> None:
    case = draft(cast)
    first, second = reader(cast, "otaru"), reader(cast, "otaru_administrator")
    with acting(first.scope):
        save_draft(case, values={"purpose": "First"}, version=case.version)
    with acting(second.scope), translation.override("en"), pytest.raises(Conflict, match="Somebody else changed this"):
        save_draft(case, values={"purpose": "Second"}, version=case.version)
    assert Case.objects.get(pk=case.pk).support_request.purpose == "First"


def test_a_draft_that_was_filed_in_between_is_not_changed(cast: SimpleNamespace) -> None:
    case = draft(cast)
    step(cast, case, "otaru", "file")
    actor = reader(cast, "otaru")
    with acting(actor.scope), translation.override("en"), pytest.raises(NotAllowed, match="was filed or has gone"):
        save_draft(case, values={"purpose": "Late"})
