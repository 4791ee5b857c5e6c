"""Many cases at once: what will happen is shown, done as a whole, and taken back once while nobody went on."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.audit.models import Entry
from clair_portal.casework import bulk, services
from clair_portal.casework.case_list import CASES
from clair_portal.casework.checklist import finish_task
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Assignment, BulkAction, Case, Task
from clair_portal.outbox.models import Message
from clair_portal.projects.models import ProjectCase
from clair_portal.projects.services import begin_project
from clair_portal.walls.scope import acting
from tests.casework.test_lists import some_cases
from tests.casework.travel import case_in
from tests.cast import NOW, reader
from tests.conftest import WebClient

Browse = type[WebClient]
LIST = "/desk/many/cases/"


@pytest.fixture
def cases(cast: SimpleNamespace) -> list[Case]:
    """Two at London, and one that is finished."""
    return [case_in(cast, "in_progress"), case_in(cast, "referred"), case_in(cast, "closed")]


def seen_by(actor: Reader, cases: list[Case], key: str = "take", **values: Any) -> list[str]:
    """What the preview says of those that fit."""
    kind, rows = bulk.KINDS["cases"][key], list(bulk.rows_named(CASES, [str(case.pk) for case in cases], actor))
    return [line.seen for line in bulk.preview(kind, rows, values, actor) if not line.why_not]


def taken(
    cast: SimpleNamespace, cases: list[Case], who: str = "london", key: str = "take", **values: Any
) -> BulkAction:
    actor = reader(cast, who)
    with acting(actor.scope):
        seen = seen_by(actor, cases, key, **values)
        return bulk.carry_out(CASES, key, seen, values=values, actor=actor, now=NOW)


def sent_for(cast: SimpleNamespace, cases: list[Case], who: str = "london", key: str = "take", **more: Any) -> Any:
    """What the page of the preview sends."""
    actor = reader(cast, who)
    with acting(actor.scope):
        return {"action": key, "seen": seen_by(actor, cases, key), "confirm": "1", **more}


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
    assert "選んだ3行のうち2行" in page
    assert "対象外: 完了しています。" in page
    assert in_charge(cast) == {}


def test_it_is_done_for_all_that_fit_each_in_the_log_and_taken_back_once(
    cast: SimpleNamespace, browse: Browse, cases: list[Case]
) -> None:
    client = browse("london")
    answer = client.post(LIST, sent_for(cast, cases))
    made = BulkAction.objects.get()
    assert answer["Location"] == f"/desk/many/{made.pk}/"
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
    cast: SimpleNamespace, browse: Browse, cases: list[Case]
) -> None:
    sent = sent_for(cast, cases)
    local = reader(cast, "london_local")
    with acting(local.scope):
        services.take_on(cases[1], Holder.OFFICE, actor=local, now=NOW)
    client = browse("london")
    client.post(LIST, sent)
    assert (
        "確認している間に変更された行があるため、何も実行しませんでした。"
        in client.get("/desk/cases/").content.decode()
    )
    assert in_charge(cast) == {cases[1].pk: cast.people["london_local"].pk}
    assert BulkAction.objects.count() == 0


def test_as_many_others_are_not_done_in_place_of_those_shown(cast: SimpleNamespace, cases: list[Case]) -> None:
    other, actor = case_in(cast, "in_progress"), reader(cast, "london")
    with translation.override("en"), acting(actor.scope):
        seen = [*seen_by(actor, cases[:1]), f"{other.pk}~{other.version + 1}."]
        with pytest.raises(bulk.Refused, match="Some of these changed while you looked"):
            bulk.carry_out(CASES, "take", seen, values={}, actor=actor, now=NOW)
    assert in_charge(cast) == {}


@pytest.mark.parametrize("seen", [[], ["~"], ["x~1."], ["9" * 30 + "~1."], ["1"]])
def test_made_up_rows_do_nothing(cast: SimpleNamespace, cases: list[Case], seen: list[str]) -> None:
    actor = reader(cast, "london")
    with acting(actor.scope), pytest.raises(bulk.Refused):
        bulk.carry_out(CASES, "take", seen, values={}, actor=actor, now=NOW)
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
    client, pair = browse("london"), cases[:2]
    rows = [case.pk for case in pair]
    assert client.post(LIST, sent_for(cast, pair, key="task")).status_code == 422
    sent = sent_for(cast, pair, key="task", title="Call the host", due_on="2026-12-01")
    page = client.post(LIST, sent)["Location"]
    assert sorted(Task.objects.values_list("case", "title")) == [(pk, "Call the host") for pk in sorted(rows)]
    london = reader(cast, "london")
    with acting(london.scope):
        finish_task(Task.objects.earliest("pk"), actor=london, now=NOW)
    client.post(page)
    assert Task.objects.count() == 2
    assert BulkAction.objects.get().undone_at is None
    Task.objects.update(done_at=None)
    client.post(page)
    assert Task.objects.count() == 0
    assert Entry.objects.filter(event="casework.task.removed").count() == 2


def test_a_colleague_is_put_in_charge_and_told_once(cast: SimpleNamespace, browse: Browse, cases: list[Case]) -> None:
    local = Posting.objects.get(person=cast.people["london_local"])
    client, elsewhere = browse("london"), Posting.objects.get(person=cast.people["newyork"])
    refused = client.post(LIST, sent_for(cast, cases, key="give", posting=elsewhere.pk))
    assert refused.status_code == 422
    assert in_charge(cast) == {}
    page = client.post(LIST, sent_for(cast, cases, key="give", posting=local.pk))["Location"]
    assert set(in_charge(cast).values()) == {cast.people["london_local"].pk}
    told = Message.objects.get(event="casework.bulk.given")
    assert told.params["count"] == 2
    assert told.addressed == [{"organisation": cast.places["london"].pk, "right": "", "posting": local.pk}]
    assert Entry.objects.filter(event="casework.case.assigned").count() == 2
    client.post(page)
    assert in_charge(cast) == {}


def test_five_hundred_at_most(cast: SimpleNamespace, browse: Browse) -> None:
    more, client = some_cases(cast, 501), browse("hq_officer")
    client.post(LIST, {"action": "take", "everything": "on"})
    assert "一度に扱えるのは500行までです。" in client.get("/desk/cases/").content.decode()
    actor = reader(cast, "hq_officer")
    with acting(actor.scope):
        lines = seen_by(actor, more[:500])
    assert len(lines) == 500
    answer = client.post(LIST, {"action": "take", "seen": lines, "confirm": "1"})
    assert len(BulkAction.objects.get().rows) == 500
    assert "500" in client.get(answer["Location"]).content.decode()


def test_what_was_done_lately_is_found_again(cast: SimpleNamespace, browse: Browse, cases: list[Case]) -> None:
    client = browse("london")
    assert LIST in client.get("/desk/cases/").content.decode()
    assert "この30分間にはありません。" in client.get(LIST).content.decode()
    page = client.post(LIST, sent_for(cast, cases))["Location"]
    shown = client.get(LIST).content.decode()
    assert f'<a href="{page}">' in shown
    assert "取り消せます" in shown
    assert page not in browse("london_local").get(LIST).content.decode()


def test_the_preview_names_who_was_in_charge_and_asks_the_database_once(
    cast: SimpleNamespace, browse: Browse, cases: list[Case]
) -> None:
    local = reader(cast, "london_local")
    client = browse("london")

    def statements(rows: list[Case]) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.post(LIST, {"action": "take", "row": [case.pk for case in rows]})
        return len(asked)

    statements(cases)
    one = statements(cases[:1])
    with acting(local.scope):
        services.take_on(cases[0], Holder.OFFICE, actor=local, now=NOW)
        services.take_on(cases[1], Holder.OFFICE, actor=local, now=NOW)
    assert statements(cases) == one
    page = client.post(LIST, {"action": "take", "row": [case.pk for case in cases]}).content.decode()
    assert page.count(f"· {cast.people['london_local'].name}の代わり") == 2


def test_cases_join_a_project_together_and_leave_it_together(
    cast: SimpleNamespace, browse: Browse, cases: list[Case]
) -> None:
    london = reader(cast, "london")
    with acting(london.scope):
        project = begin_project(
            values={"title_ja": "見本の交流"},
            parties=[],
            state="active",
            day=NOW.date(),
            case=cases[0],
            actor=london,
            now=NOW,
        )
    client = browse("london")
    page = client.post(LIST, sent_for(cast, cases[1:], key="project", project=project.pk))["Location"]
    assert ProjectCase.objects.filter(project=project).count() == 3
    client.post(page)
    assert list(ProjectCase.objects.values_list("case", flat=True)) == [cases[0].parent_id or cases[0].pk]
    assert "プロジェクトに加える" not in browse("otaru").get("/desk/cases/").content.decode()


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
        assert browse(person).get(f"/desk/many/{made.pk}/").status_code == 404
        assert browse(person).post(f"/desk/many/{made.pk}/").status_code == 404
    client = browse("newyork")
    assert client.post(LIST, {"action": "take", "row": [cases[0].pk]})["Location"] == "/desk/cases/?"
    client.post(LIST, sent_for(cast, cases))
    assert BulkAction.objects.count() == 1
    assert in_charge(cast)[cases[0].pk] == cast.people["london"].pk
