"""Many cases at once: what will happen is shown, done as a whole, and taken back once while nobody went on."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import translation

from clair_portal.audit.models import Entry
from clair_portal.casework import bulk, services
from clair_portal.casework.checklist import finish_task
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Assignment, BulkAction, Case, Task
from clair_portal.walls.scope import acting
from tests.casework.travel import case_in
from tests.cast import NOW, reader
from tests.conftest import WebClient

Browse = type[WebClient]
LIST = "/desk/cases/many/"


@pytest.fixture
def cases(cast: SimpleNamespace) -> list[Case]:
    """Two at London, and one that is finished."""
    return [case_in(cast, "in_progress"), case_in(cast, "referred"), case_in(cast, "closed")]


def taken(cast: SimpleNamespace, cases: list[Case], expected: int = 2, who: str = "london") -> BulkAction:
    actor = reader(cast, who)
    with acting(actor.scope):
        return bulk.carry_out(bulk.TAKE, cases, values={}, expected=expected, actor=actor, now=NOW)


def undo(cast: SimpleNamespace, made: BulkAction, now: dt.datetime = NOW, who: str = "london") -> int:
    actor = reader(cast, who)
    with translation.override("en"), acting(actor.scope):
        return bulk.undo(made, actor=actor, now=now)


def in_charge(cast: SimpleNamespace) -> dict[int, int]:
    held = Assignment.objects.filter(organisation=cast.places["london"])
    return dict(held.values_list("case", "posting__person"))


def test_the_preview_says_of_each_row_what_will_happen(
    cast: SimpleNamespace, browse: Browse, cases: list[Case]
) -> None:
    answer = browse("london").post(LIST, {"action": "take", "row": [case.pk for case in cases]})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "選んだ3件のうち2件" in page
    assert "対象外: 完了しています。" in page
    assert in_charge(cast) == {}


def test_it_is_done_for_all_that_fit_each_in_the_log_and_taken_back_once(
    cast: SimpleNamespace, browse: Browse, cases: list[Case]
) -> None:
    client = browse("london")
    sent = {"action": "take", "row": [case.pk for case in cases], "expected": "2", "confirm": "1"}
    answer = client.post(LIST, sent)
    made = BulkAction.objects.get()
    assert answer["Location"] == f"{LIST}{made.pk}/"
    london = cast.people["london"].pk
    assert in_charge(cast) == {cases[0].pk: london, cases[1].pk: london}
    assert Entry.objects.filter(event="casework.case.taken_on").count() == 2
    assert "取り消す" in client.get(answer["Location"]).content.decode()
    client.post(answer["Location"])
    assert in_charge(cast) == {}
    client.post(answer["Location"])
    assert "すでに取り消しました。" in client.get(answer["Location"]).content.decode()


def test_whoever_was_in_charge_before_is_so_again(cast: SimpleNamespace, cases: list[Case]) -> None:
    local = reader(cast, "london_local")
    with acting(local.scope):
        services.take_on(cases[0], Holder.OFFICE, actor=local, now=NOW - dt.timedelta(days=3))
    made = taken(cast, cases)
    assert undo(cast, made) == 2
    held = Assignment.objects.get(organisation=cast.places["london"])
    assert (held.posting.person_id, held.since) == (cast.people["london_local"].pk, NOW - dt.timedelta(days=3))


def test_nothing_is_done_when_a_row_changed_between_preview_and_confirmation(
    cast: SimpleNamespace, cases: list[Case]
) -> None:
    with translation.override("en"), pytest.raises(bulk.Refused, match="Some of these changed while you looked"):
        taken(cast, cases, expected=3)
    assert in_charge(cast) == {}
    assert BulkAction.objects.count() == 0


def test_nothing_is_taken_back_once_somebody_went_on(cast: SimpleNamespace, cases: list[Case]) -> None:
    made = taken(cast, cases)
    local = reader(cast, "london_local")
    with acting(local.scope):
        services.take_on(cases[1], Holder.OFFICE, actor=local, now=NOW)
    with pytest.raises(bulk.Refused, match=f"Somebody went on working with {cases[1].number}"):
        undo(cast, made)
    assert in_charge(cast) == {cases[0].pk: cast.people["london"].pk, cases[1].pk: cast.people["london_local"].pk}


def test_after_half_an_hour_it_stays(cast: SimpleNamespace, cases: list[Case]) -> None:
    made = taken(cast, cases)
    with pytest.raises(bulk.Refused, match="within 30 minutes only"):
        undo(cast, made, NOW + dt.timedelta(minutes=30, seconds=1))
    assert undo(cast, made, NOW + dt.timedelta(minutes=30)) == 2


def test_a_task_is_added_to_all_and_a_finished_one_is_not_taken_away(
    cast: SimpleNamespace, browse: Browse, cases: list[Case]
) -> None:
    client = browse("london")
    rows = [case.pk for case in cases[:2]]
    assert client.post(LIST, {"action": "task", "row": rows, "expected": "2", "confirm": "1"}).status_code == 422
    sent = {
        "action": "task",
        "row": rows,
        "expected": "2",
        "confirm": "1",
        "title": "Call the host",
        "due_on": "2026-12-01",
    }
    page = client.post(LIST, sent)["Location"]
    assert sorted(Task.objects.values_list("case", "title")) == [(pk, "Call the host") for pk in sorted(rows)]
    london = reader(cast, "london")
    with acting(london.scope):
        finish_task(Task.objects.earliest("pk"), actor=london, now=NOW)
    client.post(page)
    assert Task.objects.count() == 2
    assert BulkAction.objects.get().undone_at is None


def test_nothing_ticked_and_too_many_are_said(cast: SimpleNamespace, browse: Browse, cases: list[Case]) -> None:
    client = browse("london")
    client.post(LIST, {"action": "take"})
    assert "先に対象の行を選んでください。" in client.get("/desk/cases/").content.decode()
    assert client.post(LIST, {"action": "burn"})["Location"] == "/desk/cases/?"
    page = client.post(f"{LIST}?show=mine", {"action": "take", "everything": "on"}).content.decode()
    assert "選んだ" in page


def test_rows_of_others_are_not_touched_and_what_others_did_is_not_found(
    cast: SimpleNamespace, browse: Browse, cases: list[Case]
) -> None:
    made = taken(cast, cases)
    for person in ("newyork", "otaru", "london_local"):
        assert browse(person).get(f"{LIST}{made.pk}/").status_code == 404
        assert browse(person).post(f"{LIST}{made.pk}/").status_code == 404
    client = browse("newyork")
    assert client.post(LIST, {"action": "take", "row": [cases[0].pk]})["Location"] == "/desk/cases/?"
    assert in_charge(cast)[cases[0].pk] == cast.people["london"].pk
