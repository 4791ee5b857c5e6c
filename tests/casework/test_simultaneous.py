"""Several people press at once, each on a connection of their own: one wins, the others read why."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from django.db import connection

from clair_portal.audit.models import Entry
from clair_portal.casework import bulk
from clair_portal.casework.case_list import CASES
from clair_portal.casework.models import Assignment, Case, Referral
from clair_portal.casework.rules import NotAllowed
from clair_portal.casework.services import perform
from clair_portal.outbox.models import Message
from clair_portal.walls.scope import acting
from tests.casework.travel import case_in, given_for
from tests.cast import NOW, make_cast, reader

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(cast: SimpleNamespace, case: Case, attempts: list[tuple[str, str]]) -> list[str]:
    """What each attempt ended with: "done", or the kind of refusal."""
    barrier, ended = threading.Barrier(len(attempts)), []

    def attempt(who: str, key: str) -> None:
        try:
            actor = reader(cast, who)
            barrier.wait(timeout=10)
            with acting(actor.scope):
                perform(case, key, actor=actor, now=NOW, version=case.version, **given_for(cast, key))
            ended.append("done")
        except NotAllowed as refusal:
            ended.append(type(refusal).__name__)
        except Exception as error:
            ended.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=pair) for pair in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ended)


@pytest.mark.parametrize("turn", range(3))
def test_of_four_simultaneous_attempts_exactly_one_wins(transactional_db: None, turn: int) -> None:
    cast = make_cast()
    case = case_in(cast, "branch_check")
    version, entries, messages = case.version, Entry.objects.count(), Message.objects.count()
    assert all_at_once(cast, case, [("hokkaido", "pass_on")] * 4) == ["Conflict", "Conflict", "Conflict", "done"]
    case.refresh_from_db()
    assert (case.state, case.version) == ("triage", version + 1)
    assert (Entry.objects.count(), Message.objects.count()) == (entries + 1, messages + 1)


def test_of_four_different_decisions_one_counts(transactional_db: None) -> None:
    cast = make_cast()
    case = case_in(cast, "triage")
    decisions = [("hq_officer", "refer"), ("hq_approver", "decline"), ("hq_officer", "ask"), ("otaru", "withdraw")]
    assert all_at_once(cast, case, decisions) == ["Conflict", "Conflict", "Conflict", "done"]
    case.refresh_from_db()
    assert case.state in ("referred", "declined", "needs_information", "withdrawn")
    assert Referral.objects.count() == (1 if case.state == "referred" else 0)


def test_of_two_colleagues_who_return_a_case_at_once_one_reads_that_it_is_gone(transactional_db: None) -> None:
    cast = make_cast()
    case = case_in(cast, "referred")
    assert all_at_once(cast, case, [("london", "return"), ("london_local", "return")]) == ["Conflict", "done"]
    assert list(Referral.objects.values_list("state", "standing")) == [("returned", False)]


def test_cases_filed_at_once_get_different_numbers_without_a_gap(transactional_db: None) -> None:
    cast = make_cast()
    drafts = [case_in(cast, "draft") for _turn in range(4)]
    barrier = threading.Barrier(4)

    def file(case: Case) -> None:
        try:
            actor = reader(cast, "otaru")
            barrier.wait(timeout=10)
            with acting(actor.scope):
                perform(case, "file", actor=actor, now=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=file, args=(case,)) for case in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = sorted(Case.objects.values_list("number", flat=True))
    assert numbers == ["R8-支-0001", "R8-支-0002", "R8-支-0003", "R8-支-0004"]


def test_of_two_who_take_the_same_cases_at_once_one_is_told(transactional_db: None) -> None:
    cast = make_cast()
    cases = [case_in(cast, "in_progress"), case_in(cast, "referred")]
    barrier, ended = threading.Barrier(2), []

    def take(who: str) -> None:
        try:
            actor = reader(cast, who)
            with acting(actor.scope):
                rows = list(bulk.rows_named(CASES, [str(case.pk) for case in cases], actor))
                seen = [line.seen for line in bulk.preview(bulk.KINDS["cases"]["take"], rows, {}, actor)]
                barrier.wait(timeout=10)
                bulk.carry_out(CASES, "take", seen, values={}, actor=actor, now=NOW)
            ended.append("done")
        except bulk.Refused:
            ended.append("refused")
        except Exception as error:
            ended.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(who,)) for who in ("london", "london_local")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["done", "refused"]
    assert Assignment.objects.values("posting").distinct().count() == 1
