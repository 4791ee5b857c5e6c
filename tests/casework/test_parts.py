"""One trip, two offices: a part each, one leads, the whole follows, and neither reads the other's papers."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation

from clair_portal.audit.models import Entry
from clair_portal.calendars.business_days import calendar_for, due_after
from clair_portal.casework import presentation
from clair_portal.casework.case_list import CASES
from clair_portal.casework.deadlines import term
from clair_portal.casework.extension import extend
from clair_portal.casework.kind_versions import KindVersionForm
from clair_portal.casework.listing import asked_of
from clair_portal.casework.models import Case, KindVersion, Note, Referral
from clair_portal.casework.parts import parts_of
from clair_portal.casework.rules import Conflict, NotAllowed
from clair_portal.casework.services import add_note, perform
from clair_portal.casework.workflow import workflow_of
from clair_portal.network.models import Organisation
from clair_portal.outbox.models import Message, Reminder
from clair_portal.outbox.services import remind
from clair_portal.walls.row_security import FUNCTIONS, _write_function
from clair_portal.walls.scope import acting
from offices.models import OfficeReport
from offices.workflow import PART, SUPPORT
from tests.casework.travel import case_in, step
from tests.cast import NOW, make_cast, reader

Browse = Callable[..., Any]


def referred_to_two(cast: SimpleNamespace) -> Case:
    case = case_in(cast, "triage")
    offices = [cast.places["london"], cast.places["newyork"]]
    return step(cast, case, "hq_officer", "refer", offices=offices, owner=offices[0])


def part(cast: SimpleNamespace, whole: Case, office: str) -> Case:
    place = cast.places[office]
    return Case.objects.get(parent=whole, pk__in=Referral.objects.filter(office=place).values("case"))


def test_each_office_gets_a_part_with_its_own_number_clock_and_holder(cast: SimpleNamespace) -> None:
    whole = referred_to_two(cast)
    london, newyork = part(cast, whole, "london"), part(cast, whole, "newyork")
    assert (whole.split, whole.state, whole.holding) == (True, "referred", cast.places["london"])
    assert (london.number, newyork.number) == ("R8-支-0001-1", "R8-支-0001-2")
    assert (london.due_zone, newyork.due_zone) == ("Europe/London", "America/New_York")
    for each in (london, newyork):
        on_both = Referral.objects.filter(office=each.holding).values_list("due_at", flat=True)
        assert list(on_both) == [each.due_at, each.due_at]
    assert [(each.office, each.owner, each.state) for each in parts_of(whole)] == [
        (cast.places["london"].pk, True, "referred"),
        (cast.places["newyork"].pk, False, "referred"),
    ]


def _terms(kind: str, version: int, first_day: dt.date, days: int) -> None:
    KindVersion.objects.create(kind=kind, version=version, starts_on=first_day, terms={"referred": days})


def test_a_part_has_the_terms_of_its_own_kind_on_the_day_it_is_opened(cast: SimpleNamespace) -> None:
    """Each kind counts its versions alone: the whole is of version 1, and its parts of version 3."""
    case = case_in(cast, "triage")
    for version, first_day, days in ((2, NOW.date(), 9), (3, NOW.date(), 2), (4, dt.date(2099, 4, 1), 1)):
        _terms("offices.part", version, first_day, days)
    offices = [cast.places["london"], cast.places["newyork"]]
    whole = step(cast, case, "hq_officer", "refer", offices=offices, owner=offices[0])
    london = part(cast, whole, "london")
    assert (whole.kind_version, london.kind_version) == (1, 3)
    assert london.due_at == due_after(2, NOW, calendar_for(offices[0].calendar))


def test_the_terms_of_the_whole_are_not_those_of_its_parts(cast: SimpleNamespace) -> None:
    for version in (2, 3):
        _terms("offices.support", version, dt.date(2000, 4, 1), 1)
    whole = referred_to_two(cast)
    _terms("offices.part", 2, dt.date(2099, 4, 1), 30)
    _terms("offices.part", 3, dt.date(2099, 4, 1), 30)
    london = part(cast, whole, "london")
    assert (whole.kind_version, london.kind_version) == (3, 1)
    assert term(london, workflow_of(london).state("accepted")) == 10


def test_parts_opened_before_get_the_version_that_held_when_they_were_opened(cast: SimpleNamespace) -> None:
    whole = referred_to_two(cast)
    _terms("offices.part", 2, dt.date(2000, 4, 1), 2)
    KindVersion.objects.create(
        kind="offices.part", version=3, starts_on=dt.date(2000, 4, 1), confirmed_at=NOW + dt.timedelta(days=1)
    )
    Case.objects.filter(parent=whole).update(kind_version=7)
    migration = import_module("clair_portal.casework.migrations.0016_parts_keep_a_version_of_their_own")
    with connection.cursor() as cursor:
        cursor.execute(migration.OWN_VERSION)
    assert set(Case.objects.filter(parent=whole).values_list("kind_version", flat=True)) == {2}
    assert Case.objects.get(pk=whole.pk).kind_version == 1


def test_an_office_moves_its_own_part_and_not_the_whole(cast: SimpleNamespace) -> None:
    whole = referred_to_two(cast)
    with translation.override("en"), pytest.raises(NotAllowed, match="This way is not meant for this case."):
        step(cast, whole, "london", "accept")
    assert step(cast, part(cast, whole, "london"), "london", "accept").state == "accepted"


def test_an_office_asks_about_its_part_and_the_whole_stays_at_work(cast: SimpleNamespace) -> None:
    whole = referred_to_two(cast)
    for office, keys in {"london": ["accept", "begin", "ask_more"], "newyork": ["accept", "ask_for_plan"]}.items():
        for key in keys:
            step(cast, part(cast, whole, office), office, key)
    assert [each.state for each in parts_of(whole)] == ["more_asked", "plan_asked"]
    assert Case.objects.get(pk=whole.pk).state == "in_progress"
    assert step(cast, part(cast, whole, "newyork"), "otaru", "give_for_plan").state == "accepted"
    assert step(cast, part(cast, whole, "london"), "otaru", "give_more").state == "in_progress"
    assert Case.objects.get(pk=whole.pk).state == "in_progress"


def test_an_office_does_not_see_the_part_of_the_other(cast: SimpleNamespace) -> None:
    whole = referred_to_two(cast)
    london = part(cast, whole, "london")
    with pytest.raises(Conflict):
        step(cast, london, "newyork", "accept")
    actor = reader(cast, "london")
    with acting(actor.scope):
        add_note(london, body="Only for us", shared=False, actor=actor, now=NOW)
        add_note(london, body="For the requester", shared=True, actor=actor, now=NOW)
    newyork = reader(cast, "newyork")
    with acting(newyork.scope):
        assert list(Note.objects.visible_to(newyork.scope)) == []
        assert [each.state for each in parts_of(whole)] == ["referred", "referred"]  # how far, not what


def test_a_stranger_learns_nothing_of_the_parts(cast: SimpleNamespace) -> None:
    whole = referred_to_two(cast)
    for person in ("osaka", "sapporo", "hakodate"):
        with acting(reader(cast, person).scope):
            assert parts_of(whole) == []


def test_an_office_lists_its_part_and_everybody_else_the_whole(cast: SimpleNamespace) -> None:
    whole = referred_to_two(cast)
    london = part(cast, whole, "london")
    for person, listed in {"london": [london], "otaru": [whole], "hokkaido": [whole], "hq_officer": [whole]}.items():
        scope = reader(cast, person).scope
        with acting(scope):
            assert list(Case.objects.visible_to(scope).listed_for(scope)) == listed, person


def test_the_whole_follows_its_parts_to_the_report(cast: SimpleNamespace) -> None:
    whole = referred_to_two(cast)
    london, newyork = part(cast, whole, "london"), part(cast, whole, "newyork")
    states = []
    for case, who, key in (
        (london, "london", "accept"),
        (newyork, "newyork", "accept"),
        (london, "london", "begin"),
        (london, "london", "report"),
        (newyork, "newyork", "begin"),
        (newyork, "newyork", "report"),
    ):
        step(cast, case, who, key)
        whole.refresh_from_db()
        states.append((whole.state, whole.holder))
    assert states == [
        ("accepted", "office"), ("accepted", "office"), ("in_progress", "office"), ("in_progress", "office"),
        ("in_progress", "office"), ("reported", "headquarters"),
    ]  # fmt: skip
    assert list(OfficeReport.objects.filter(case=whole).values_list("office__code", flat=True)) == ["LON", "NYC"]
    closed = step(cast, whole, "hq_officer", "close")
    assert (closed.state, closed.split) == ("closed", True)
    assert set(Case.objects.filter(parent=whole).values_list("state", flat=True)) == {"closed"}


def test_when_one_office_returns_its_part_the_other_goes_on_alone(cast: SimpleNamespace) -> None:
    whole = referred_to_two(cast)
    step(cast, part(cast, whole, "london"), "london", "return", reason="Not our country")
    newyork = part(cast, whole, "newyork")
    for key in ("accept", "begin", "report"):
        step(cast, newyork, "newyork", key)
    whole.refresh_from_db()
    assert (whole.state, whole.holder) == ("reported", "headquarters")
    scope = reader(cast, "london").scope
    with acting(scope):
        assert Case.objects.visible_to(scope).count() == 0


def test_when_every_office_returns_it_headquarters_has_it_back_in_one_piece(cast: SimpleNamespace) -> None:
    whole = referred_to_two(cast)
    for office in ("london", "newyork"):
        step(cast, part(cast, whole, office), office, "return", reason="No")
    whole.refresh_from_db()
    assert (whole.state, whole.holder, whole.split) == ("triage", "headquarters", False)
    again = step(cast, whole, "hq_officer", "refer", office=cast.places["paris"])
    assert (again.split, again.holding) == (False, cast.places["paris"])


def test_a_withdrawn_request_takes_its_parts_along(cast: SimpleNamespace) -> None:
    whole = referred_to_two(cast)
    london = step(cast, part(cast, whole, "london"), "london", "accept")
    step(cast, whole, "otaru", "withdraw", reason="The mayor is ill")
    assert set(Case.objects.filter(parent=whole).values_list("state", "holder")) == {("withdrawn", "nobody")}
    with translation.override("en"), pytest.raises(NotAllowed, match="in the state “Withdrawn” now"):
        step(cast, london, "london", "report", body="Too late")


def test_headquarters_calls_the_whole_back_and_refers_it_anew(cast: SimpleNamespace) -> None:
    whole = referred_to_two(cast)
    called = step(cast, whole, "hq_officer", "call_back", reason="The trip has changed")
    assert (called.state, called.split) == ("triage", False)
    assert Referral.objects.filter(case=whole, standing=True).count() == 0
    offices = [cast.places["newyork"], cast.places["paris"]]
    step(cast, whole, "hq_officer", "refer", offices=offices, owner=offices[1])
    numbers = Case.objects.filter(parent=whole, state="referred").order_by("pk").values_list("number", flat=True)
    assert list(numbers) == ["R8-支-0001-3", "R8-支-0001-4"]


@pytest.mark.parametrize(("moves", "left_at"), [((), "referred"), (("accept",), "accepted")])
def test_when_the_office_that_was_ahead_is_called_back_the_whole_stands_where_the_other_is(
    cast: SimpleNamespace, moves: tuple[str, ...], left_at: str
) -> None:
    whole = referred_to_two(cast)
    for office, made in (("newyork", moves), ("london", ("accept", "begin"))):
        for key in made:
            step(cast, part(cast, whole, office), office, key)
    step(cast, part(cast, whole, "london"), "hq_officer", "call_back", reason="The trip has changed")
    whole.refresh_from_db()
    assert (whole.state, whole.holding) == (left_at, cast.places["newyork"])
    last = Entry.objects.about(whole).last()
    assert (last.event, last.params["before"], last.params["after"]) == (
        "offices.request.gone_back", "in_progress", left_at,
    )  # fmt: skip


def test_an_office_is_named_once(cast: SimpleNamespace) -> None:
    case, london = case_in(cast, "triage"), cast.places["london"]
    with translation.override("en"), pytest.raises(NotAllowed, match="An office is named twice"):
        step(cast, case, "hq_officer", "refer", offices=[london, london], owner=london)
    assert Referral.objects.count() == 0


def test_every_move_of_a_part_is_told_once_and_the_whole_tells_when_all_have_reported(cast: SimpleNamespace) -> None:
    whole = referred_to_two(cast)
    Message.objects.all().delete()
    for office in ("london", "newyork"):
        for key in ("accept", "begin", "report"):
            step(cast, part(cast, whole, office), office, key)
    events = list(Message.objects.order_by("created_at", "pk").values_list("event", flat=True))
    assert sorted(events) == sorted(
        ["offices.referral.accepted", "offices.request.begun", "offices.request.reported"] * 2
        + ["offices.request.all_reported"]
    )
    about = Entry.objects.about(whole).values_list("event", flat=True)
    assert list(about)[-3:] == [
        "offices.request.accepted_by_one", "offices.request.begun_by_one", "offices.request.all_reported",
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_offices_that_report_at_the_same_moment_bring_the_whole_to_headquarters_once(
    transactional_db: None,
) -> None:
    cast = make_cast()
    whole = referred_to_two(cast)
    for office in ("london", "newyork"):
        for key in ("accept", "begin"):
            step(cast, part(cast, whole, office), office, key)
    barrier, faults = threading.Barrier(2), []

    def report(office: str) -> None:
        try:
            actor: Any = reader(cast, office)
            mine = part(cast, whole, office)
            barrier.wait(timeout=10)
            with acting(actor.scope):
                perform(mine, "report", actor=actor, now=NOW, body="Done")
        except Exception as error:
            faults.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=report, args=(office,)) for office in ("london", "newyork")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole.refresh_from_db()
    assert faults == []
    assert whole.state == "reported"
    assert Message.objects.filter(event="offices.request.all_reported").count() == 1


# --- First answer -------------------------------------------------------------------------------------------------------------
def answered(case: Case, office: Any) -> dt.datetime | None:
    return Referral.objects.get(case=case, office=office).answered_at


def test_the_first_answer_of_an_office_stays_whatever_it_does_later(cast: SimpleNamespace) -> None:
    """London accepts on the second day and reports on the ninth; New York asks on the third and accepts on the sixth."""
    whole, day = referred_to_two(cast), dt.timedelta(days=1)
    london, newyork = part(cast, whole, "london"), part(cast, whole, "newyork")
    for case, who, key, days in (
        (london, "london", "accept", 2), (newyork, "newyork", "ask_details", 3), (newyork, "otaru", "give_details", 4),
        (london, "london", "begin", 5), (newyork, "newyork", "accept", 6), (london, "london", "report", 9),
    ):  # fmt: skip
        step(cast, case, who, key, now=NOW + days * day)
    places = cast.places
    assert answered(london, places["london"]) == answered(whole, places["london"]) == NOW + 2 * day
    assert answered(newyork, places["newyork"]) == answered(whole, places["newyork"]) == NOW + 3 * day


def test_returning_answers_and_being_called_back_does_not(cast: SimpleNamespace) -> None:
    london, later = cast.places["london"], NOW + dt.timedelta(days=2)
    returned = step(cast, case_in(cast, "referred"), "london", "return", now=later)
    assert answered(returned, london) == later
    called_back = step(cast, case_in(cast, "referred"), "hq_officer", "call_back", now=later)
    assert answered(called_back, london) is None


def test_the_log_gives_rows_of_an_earlier_release_their_first_answer(cast: SimpleNamespace) -> None:
    sql = import_module("clair_portal.casework.migrations.0017_first_answer_of_the_office").FIRST_ANSWERS
    whole = referred_to_two(cast)
    london, newyork = part(cast, whole, "london"), part(cast, whole, "newyork")
    for key in ("accept", "begin", "report"):
        step(cast, london, "london", key)
    step(cast, newyork, "newyork", "ask_details")
    told = [Entry.objects.about(case).get(event=f"offices.referral.{event}").at for case, event in
            ((london, "accepted"), (newyork, "asked"))]  # fmt: skip
    overwritten = timezone.now() + dt.timedelta(days=9)
    Referral.objects.filter(office=cast.places["london"]).update(answered_at=overwritten)
    Referral.objects.filter(office=cast.places["newyork"]).update(answered_at=None)
    with connection.cursor() as cursor:
        cursor.execute(sql)
    for case, place, at in ((london, "london", told[0]), (newyork, "newyork", told[1])):
        assert answered(case, cast.places[place]) == answered(whole, cast.places[place]) == at


# --- Ball and clock of the whole ----------------------------------------------------------------------------------------------
def ball_and_clock(whole: Case) -> tuple[str, Any, dt.datetime | None, str]:
    whole.refresh_from_db()
    return whole.holder, whole.holding, whole.due_at, whole.due_zone


def test_a_question_of_one_office_is_on_the_desk_of_the_requester(cast: SimpleNamespace, browse: Browse) -> None:
    whole = referred_to_two(cast)
    newyork = part(cast, whole, "newyork")
    for key in ("accept", "ask_for_plan"):
        step(cast, newyork, "newyork", key)
    actor = reader(cast, "otaru")
    with acting(actor.scope):
        listed = Case.objects.visible_to(actor.scope).listed_for(actor.scope)
        assert list(listed.held_by(actor.scope)) == [whole]
        assert list(listed.held_by_others(actor.scope)) == []
    cast.people["otaru"].language = "en"
    cast.people["otaru"].save()
    client = browse("otaru")
    desk = client.get("/desk/").content.decode()
    mine = desk.split('id="me"')[1].split("</section>")[0]
    assert f'href="/desk/cases/{newyork.pk}/move/give_for_plan/">Answer the office</a>' in mine
    assert f'href="/desk/cases/{newyork.pk}/#next"' in mine
    assert "When you answer, the office goes on." in mine
    assert "When you answer, the office goes on." in client.get(f"/desk/cases/{whole.pk}/").content.decode()
    assert "R8-支-0001" in client.get("/desk/cases/?show=mine").content.decode()
    assert "R8-支-0001" not in client.get("/desk/cases/?show=others").content.decode()
    step(cast, newyork, "otaru", "give_for_plan")
    whole.refresh_from_db()
    assert (whole.state, whole.holder, whole.holding) == ("accepted", "office", cast.places["london"])


def test_the_requester_is_late_with_its_own_answer_only(cast: SimpleNamespace) -> None:
    """London is overdue, the question of New York is not: headquarters sees what is late, the requester its own day."""
    whole = referred_to_two(cast)
    newyork = step(cast, part(cast, whole, "newyork"), "newyork", "ask_details")
    whole.refresh_from_db()
    assert whole.due_at is not None
    assert whole.due_at == part(cast, whole, "london").due_at
    later = whole.due_at + dt.timedelta(hours=1)
    rows = {}
    for who in ("otaru", "hq_officer"):
        actor = reader(cast, who)
        with acting(actor.scope):
            cases = Case.objects.visible_to(actor.scope).listed_for(actor.scope).for_list()
            [rows[who]] = presentation.rows_of(cases, actor, later)
    assert (rows["otaru"].late, rows["otaru"].mine, rows["otaru"].acts_on) == (False, True, newyork)
    assert (rows["hq_officer"].late, rows["hq_officer"].mine, rows["hq_officer"].acts_on) == (True, False, whole)


def test_the_whole_is_due_with_the_first_of_its_parts(cast: SimpleNamespace) -> None:
    """London, which leads, begins and has no day any more; New York, which has not answered, does."""
    whole = referred_to_two(cast)
    london, newyork = part(cast, whole, "london"), part(cast, whole, "newyork")
    assert newyork.due_at is not None  # the day before in New York
    assert london.due_at is not None
    assert newyork.due_at < london.due_at
    assert ball_and_clock(whole) == ("office", cast.places["london"], newyork.due_at, "America/New_York")
    for key in ("accept", "begin"):
        step(cast, london, "london", key)
    assert ball_and_clock(whole) == ("office", cast.places["london"], newyork.due_at, "America/New_York")
    step(cast, newyork, "newyork", "accept")
    for key in ("report",):
        step(cast, london, "london", key)
    newyork.refresh_from_db()
    assert ball_and_clock(whole) == ("office", cast.places["newyork"], newyork.due_at, "America/New_York")


def test_headquarters_lists_a_case_of_which_one_part_is_late(cast: SimpleNamespace, browse: Browse) -> None:
    whole, late = referred_to_two(cast), timezone.now() - dt.timedelta(days=1)
    newyork = part(cast, whole, "newyork")
    Case.objects.filter(pk=newyork.pk).update(due_at=late)
    for key in ("accept", "begin"):
        step(cast, part(cast, whole, "london"), "london", key)
    actor = reader(cast, "hq_officer")
    with acting(actor.scope):
        asked = asked_of(CASES, QueryDict("overdue=1"), actor)
        assert [(case.pk, case.due_at) for case in asked.found] == [(whole.pk, late)]
    shown = browse("hq_officer").get(f"/desk/cases/{whole.pk}/").context["parts"]
    assert [(each["office"].code, each["state"].tone) for each in shown] == [("LON", "move"), ("NYC", "late")]


def test_when_every_office_asks_no_clock_of_an_office_runs(cast: SimpleNamespace) -> None:
    whole = referred_to_two(cast)
    for office in ("london", "newyork"):
        step(cast, part(cast, whole, office), office, "ask_details")
    asked = part(cast, whole, "london")
    assert (asked.holder, asked.due_zone) == ("applicant", "Asia/Tokyo")
    assert ball_and_clock(whole) == ("applicant", cast.places["otaru"], asked.due_at, "Asia/Tokyo")
    step(cast, asked, "otaru", "give_details")
    assert ball_and_clock(whole)[:2] == ("applicant", cast.places["otaru"])
    step(cast, part(cast, whole, "newyork"), "otaru", "give_details")
    assert ball_and_clock(whole)[:2] == ("office", cast.places["london"])


def test_offices_are_reminded_of_their_part_and_not_of_the_whole(cast: SimpleNamespace) -> None:
    whole = referred_to_two(cast)
    open_ones = Reminder.objects.filter(dropped_at=None, told_at=None)
    assert not open_ones.filter(subject_id=str(whole.pk)).exists()
    for office in ("london", "newyork"):
        events = open_ones.filter(subject_id=str(part(cast, whole, office).pk)).values_list("event", flat=True)
        assert sorted(events) == ["casework.deadline.near", "casework.deadline.passed"], office


def test_an_office_that_has_reported_leaves_headquarters_no_deadline_of_its_part(cast: SimpleNamespace) -> None:
    KindVersion.objects.create(kind="offices.part", version=2, starts_on=dt.date(2020, 4, 1), terms={"reported": 5})
    whole = referred_to_two(cast)
    for office in ("london", "newyork"):
        for key in ("accept", "begin", "report"):
            step(cast, part(cast, whole, office), office, key)
        reported = part(cast, whole, office)
        assert (reported.state, reported.due_at) == ("reported", None)
        assert not Reminder.objects.filter(subject_id=str(reported.pk), dropped_at=None).exists()
    assert ball_and_clock(whole)[0] == "headquarters"
    assert whole.due_zone == "Asia/Tokyo"
    assert whole.due_at is not None
    step(cast, whole, "hq_officer", "close")


def test_the_terms_of_a_part_are_asked_where_somebody_can_be_late(cast: SimpleNamespace) -> None:
    names = [field.name for field in KindVersionForm(workflow=PART).term_fields]
    assert "term_reported" not in names
    assert "term_referred" in names
    assert "term_reported" in [field.name for field in KindVersionForm(workflow=SUPPORT).term_fields]


def test_a_deadline_is_extended_on_the_part_and_the_whole_follows(cast: SimpleNamespace, browse: Browse) -> None:
    whole = referred_to_two(cast)
    actor, london = reader(cast, "hq_officer"), part(cast, whole, "london")
    with acting(actor.scope), translation.override("en"):
        with pytest.raises(NotAllowed, match="Each office has a deadline of its own. Extend it on the part"):
            extend(whole, days=3, reason="Strike", actor=actor, now=NOW)
        extend(part(cast, whole, "newyork"), days=20, reason="Strike", actor=actor, now=NOW)
    newyork = part(cast, whole, "newyork")
    assert ball_and_clock(whole) == ("office", cast.places["london"], london.due_at, "Europe/London")
    client = browse("hq_officer")
    for case, offered in ((whole, False), (newyork, True)):
        page = client.get(f"/desk/cases/{case.pk}/").content.decode()
        assert (reverse("case_extension", args=[case.pk]) in page) == offered


def test_when_the_leading_office_returns_its_part_the_other_one_leads(cast: SimpleNamespace, browse: Browse) -> None:
    whole = referred_to_two(cast)
    newyork = step(cast, part(cast, whole, "newyork"), "newyork", "accept")
    step(cast, part(cast, whole, "london"), "london", "return", reason="Not our country")
    places = cast.places
    assert ball_and_clock(whole)[:2] == ("office", places["newyork"])
    assert whole.due_at == newyork.due_at
    assert [(each.office, each.owner, each.state) for each in parts_of(whole)] == [
        (places["newyork"].pk, True, "accepted"),
        (places["london"].pk, False, "returned"),
    ]
    shown = browse("otaru").get(f"/desk/cases/{whole.pk}/").context["parts"]
    assert [(each["office"], each["owner"]) for each in shown] == [(places["newyork"], True), (places["london"], False)]


def test_the_function_of_an_earlier_release_makes_room_for_that_of_today(cast: SimpleNamespace) -> None:
    whole, signature = referred_to_two(cast), "casework_parts(bigint)"
    earlier = """drop function casework_parts(bigint); create function casework_parts(whole bigint)
        returns table (id bigint, office bigint, owner boolean, state varchar, due_at timestamptz) language sql as $$
        select null::bigint, null::bigint, null::boolean, null::varchar, null::timestamptz where false $$"""
    with connection.cursor() as cursor:
        cursor.execute(earlier)
        for _again in range(2):
            _write_function(cursor, FUNCTIONS[signature])
        cursor.execute("select office, standing from casework_parts(%s)", [whole.pk])
        assert cursor.fetchall() == [(cast.places[office].pk, True) for office in ("london", "newyork")]
    actor = reader(cast, "otaru")
    with acting(actor.scope):
        assert len(parts_of(whole)) == 2


# --- What ends with the whole -------------------------------------------------------------------------------------------------
def test_offices_do_not_read_parts_of_a_case_that_was_called_back(cast: SimpleNamespace, browse: Browse) -> None:
    whole = referred_to_two(cast)
    london = part(cast, whole, "london")
    step(cast, whole, "hq_officer", "call_back", reason="The trip has changed")
    assert Referral.objects.filter(standing=True).count() == 0
    client = browse("london")
    assert client.get(f"/desk/cases/{london.pk}/").status_code == 404
    assert "R8-支-0001" not in client.get("/desk/cases/").content.decode()


def test_a_reopened_case_that_goes_to_another_office_is_read_by_that_one_only(
    cast: SimpleNamespace, browse: Browse
) -> None:
    whole = referred_to_two(cast)
    step(cast, whole, "otaru", "withdraw", reason="The mayor is ill")
    london, newyork = part(cast, whole, "london"), part(cast, whole, "newyork")
    assert browse("london").get(f"/desk/cases/{london.pk}/").status_code == 200
    step(cast, whole, "hq_officer", "reopen", reason="The mayor is well again")
    offices = [cast.places["newyork"], cast.places["paris"]]
    step(cast, whole, "hq_officer", "refer", offices=offices, owner=offices[0])
    assert browse("london").get(f"/desk/cases/{london.pk}/").status_code == 404
    client = browse("newyork")
    assert client.get(f"/desk/cases/{newyork.pk}/").status_code == 200  # what it wrote then stays its own
    again = Case.objects.get(parent=whole, state="referred", holding=offices[0])
    step(cast, again, "newyork", "return", reason="No")
    assert client.get(f"/desk/cases/{newyork.pk}/").status_code == 404
    assert Referral.objects.get(case=again).state == "returned"
    step(cast, Case.objects.get(parent=whole, state="referred"), "hq_officer", "call_back", reason="No")
    whole.refresh_from_db()
    assert (whole.state, whole.split) == ("triage", False)


@pytest.mark.django_db(transaction=True)
def test_whoever_moves_a_part_waits_for_the_whole_first(transactional_db: None) -> None:
    """Headquarters holds the whole and takes its parts; an office that moves its part meanwhile has locked nothing."""
    cast = make_cast()
    whole = referred_to_two(cast)
    london, faults = part(cast, whole, "london"), []

    def accept() -> None:
        try:
            step(cast, london, "london", "accept")
        except Exception as error:
            faults.append(repr(error))
        finally:
            connection.close()

    office = threading.Thread(target=accept)
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).get(pk=whole.pk)
        office.start()
        _until_somebody_waits()
        assert Case.objects.select_for_update(of=("self",), nowait=True).get(pk=london.pk) == london
    office.join()
    assert faults == []
    assert part(cast, whole, "london").state == "accepted"


def _until_somebody_waits() -> None:
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    for _attempt in range(200):
        with connection.cursor() as cursor:
            cursor.execute("select pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def test_what_an_earlier_release_left_is_put_right(cast: SimpleNamespace) -> None:
    """The whole had a clock of its own and stayed with London; what was called back was still read."""
    gone, whole = referred_to_two(cast), referred_to_two(cast)
    step(cast, gone, "hq_officer", "call_back", reason="The trip has changed")
    Referral.objects.filter(case__parent=gone).update(standing=True, state="proposed")
    for key in ("accept", "begin", "report"):
        step(cast, part(cast, whole, "london"), "london", key)
    Case.objects.filter(parent=whole, state="reported").update(due_at=NOW)
    newyork = step(cast, part(cast, whole, "newyork"), "newyork", "ask_details")
    right = Case.objects.filter(pk=whole.pk).values_list("holder", "holding", "due_at", "due_zone").get()
    Case.objects.filter(pk=whole.pk).update(holder="office", holding=cast.places["london"], due_at=NOW)
    remind("casework.deadline.near", whole, at=NOW, posts=[], params={}, path="/", occasion="earlier")
    migration = import_module("clair_portal.casework.migrations.0020_whole_follows_its_parts")
    with connection.cursor() as cursor:
        for sql in migration.STEPS:
            cursor.execute(sql)
    assert Case.objects.filter(pk=whole.pk).values_list("holder", "holding", "due_at", "due_zone").get() == right
    assert right[0] == "applicant"
    assert part(cast, whole, "london").due_at is None
    waiting = Reminder.objects.filter(dropped_at=None, told_at=None)
    assert set(waiting.values_list("subject_id", flat=True)) == {str(newyork.pk), str(gone.pk)}  # its own, in triage
    assert Referral.objects.filter(case__parent=gone, standing=True).count() == 0
    assert Referral.objects.filter(case__parent=whole, standing=True).count() == 2


# --- Offices that have ended --------------------------------------------------------------------------------------------------
def test_nothing_is_referred_to_an_office_that_has_ended(cast: SimpleNamespace, browse: Browse) -> None:
    case, london, newyork = case_in(cast, "triage"), cast.places["london"], cast.places["newyork"]
    Organisation.objects.filter(pk=london.pk).update(ends_on=dt.date(2026, 3, 31))
    london.refresh_from_db()
    sentence = "London office does not exist any more. Choose another office."
    with translation.override("en"), pytest.raises(NotAllowed, match=sentence):
        step(cast, case, "hq_officer", "refer", offices=[london, newyork], owner=newyork)
    assert Referral.objects.count() == 0
    cast.people["hq_officer"].language = "en"
    cast.people["hq_officer"].save()
    client, address = browse("hq_officer"), f"/desk/cases/{case.pk}/move/refer/"
    page = client.get(address).content.decode()
    assert f'value="{london.pk}"' not in page
    assert f'value="{newyork.pk}"' in page
    sent = client.post(address, {"version": case.version, "offices": [london.pk, newyork.pk], "owner": newyork.pk})
    assert sent.status_code == 422
    assert sentence in sent.content.decode()
