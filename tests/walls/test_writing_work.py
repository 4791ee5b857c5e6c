"""What nobody may write, continued: tasks, work of offices, their reports, feedback, kept reports.

Rows are inserted without RETURNING and updated without WHERE, as in test_writing.py: PostgreSQL asks the policy of that verb alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import ProgrammingError, connection, models, transaction

from clair_portal.accounts.models import Posting
from clair_portal.casework.models import Task
from clair_portal.reports.models import Report
from clair_portal.walls.scope import acting
from offices.models import Feedback, OfficeReport, ResearchCopy, ResearchResult, SharedResearch, WorkEntry
from tests.cast import NOW, TODAY
from tests.walls.scene import Scene
from tests.walls.test_writing import REFUSED

pytestmark = pytest.mark.second_wall


# --- Rows as somebody might send them -----------------------------------------------------------------------------------
def task(scene: Scene, case: str, place: str, side: str, post: str = "") -> Task:
    posting = Posting.objects.get(title=post) if post else None
    return Task(
        case=scene.cases[case], side=side, organisation=scene.cast.places[place], title="x", posting=posting, filed=True
    )


def entry(scene: Scene, case: str, place: str, side: str = "office") -> WorkEntry:
    return WorkEntry(
        case=scene.cases[case], author=scene.cast.places[place], side=side, kind="enquiry", day=TODAY, summary="x"
    )


def office_report(scene: Scene, case: str, place: str) -> OfficeReport:
    return OfficeReport(case=scene.cases[case], office=scene.cast.places[place], body="x")


def feedback(scene: Scene, case: str) -> Feedback:
    return Feedback(case=scene.cases[case], score=5, comment="x")


def result(scene: Scene, case: str, place: str) -> ResearchResult:
    """A result nobody has written yet; the scene's own is taken away."""
    ResearchResult.objects.filter(case=scene.cases[case]).delete()
    return ResearchResult(case=scene.cases[case], office=scene.cast.places[place], body="x")


def line_of_the_list(scene: Scene, case: str) -> SharedResearch:
    return SharedResearch(
        case=scene.cases[case],
        office=scene.cast.places["london"],
        title="x",
        summary="x",
        fiscal_year=2026,
        shared_on=TODAY,
    )


def copy(scene: Scene, of: str, place: str, released: str = "") -> ResearchCopy:
    research = SharedResearch.objects.get(title=of)
    return ResearchCopy(research=research, organisation=scene.cast.places[place], released_at=NOW if released else None)


def kept(scene: Scene, place: str, person: str) -> Report:
    return Report(
        key="x", kind="test", language="ja", organisation=scene.cast.places[place], person=scene.person(person), file_name="x",
        media_type="application/pdf", size=1, sha256="0" * 64, expires_at=NOW + dt.timedelta(days=7),
    )  # fmt: skip


def insert(row: models.Model) -> int:
    """One row by plain SQL, every column as the model would send it."""
    fields = [field for field in row._meta.concrete_fields if not isinstance(field, models.AutoField)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with transaction.atomic(), connection.cursor() as cursor:
        places = ", ".join(["%s"] * len(values))
        cursor.execute(f'insert into "{row._meta.db_table}" ({columns}) values ({places})', values)
        return int(cursor.rowcount)


def inserted(scene: Scene, actor: str, build: Callable[..., models.Model], *what: str) -> int:
    row = build(scene, *what)
    with acting(scene.scope(actor)):
        return insert(row)


def reached(scene: Scene, actor: str, sql: str, **values: Any) -> int:
    with transaction.atomic(), acting(scene.scope(actor)), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


OWN_ONES: list[tuple[Any, ...]] = [
    ("otaru", task, "otaru_london", "otaru", "applicant"),
    ("otaru", task, "otaru_draft", "otaru", "applicant", "otaru@otaru"),
    ("london", task, "otaru_london", "london", "office", "london@london"),
    ("hq_officer", task, "otaru_london", "hq", "headquarters", "hq_approver@hq"),
    ("london", entry, "otaru_london", "london"),
    ("hq_officer", office_report, "otaru_london", "hq"),
    ("london", result, "otaru_london", "london"),
    ("hq_officer", line_of_the_list, "otaru_london"),
    ("osaka", copy, "hakodate_newyork", "osaka"),
    ("otaru", kept, "otaru", "otaru"),
    ("london", kept, "london", "london"),
    ("hq_officer", kept, "hq", "hq_officer"),
]
FOREIGN_ONES: list[tuple[Any, ...]] = [
    ("otaru", task, "otaru_london", "hokkaido", "applicant"),
    ("otaru", task, "hakodate_newyork", "otaru", "applicant"),
    ("otaru", task, "otaru_london", "otaru", "office"),
    ("otaru", task, "otaru_london", "otaru", "applicant", "hokkaido@hokkaido"),
    ("london", task, "otaru_london", "paris", "office"),
    ("london", task, "hakodate_newyork", "london", "office"),
    ("london", task, "otaru_london", "london", "applicant"),
    ("london", task, "otaru_london", "london", "office", "newyork@newyork"),
    ("hq_officer", task, "otaru_london", "otaru", "headquarters"),
    ("hq_officer", task, "otaru_draft", "hq", "headquarters"),
    ("hq_officer", task, "otaru_london", "hq", "office"),
    ("hq_officer", task, "otaru_london", "hq", "headquarters", "otaru@otaru"),
    ("london", entry, "otaru_london", "paris"),
    ("london", entry, "hakodate_newyork", "london"),
    ("london", entry, "otaru_returned", "london"),
    ("london", entry, "otaru_london", "london", "headquarters"),
    ("london", office_report, "hakodate_newyork", "london"),
    ("london", office_report, "otaru_london", "newyork"),
    ("london", office_report, "otaru_returned", "london"),
    ("hq_officer", office_report, "otaru_london", "newyork"),
    ("hq_officer", office_report, "otaru_draft", "hq"),
    ("otaru", feedback, "hakodate_newyork"),
    ("otaru", feedback, "otaru_draft"),
    ("hokkaido", feedback, "otaru_london"),
    ("london", result, "otaru_london", "newyork"),
    ("london", result, "hakodate_newyork", "london"),
    ("osaka", copy, "hakodate_newyork", "sakai"),
    ("osaka", copy, "hakodate_newyork", "osaka", "released"),
    ("osaka", copy, "otaru_returned", "osaka"),  # taken off the list
    ("otaru", kept, "hakodate", "otaru"),
    ("otaru", kept, "otaru", "otaru_administrator"),
    ("london", kept, "paris", "london"),
    ("london", kept, "london", "london_local"),
    ("hq_officer", kept, "otaru", "hq_officer"),
    ("hq_officer", kept, "hq", "hq_approver"),
]


def named(rows: list[tuple[Any, ...]]) -> list[str]:
    return [f"{actor}: {build.__name__} {' '.join(what)}" for actor, build, *what in rows]


@pytest.mark.parametrize("sent", OWN_ONES, ids=named(OWN_ONES))
def test_a_row_of_ones_own_can_be_made(scene: Scene, sent: tuple[Any, ...]) -> None:
    assert inserted(scene, *sent) == 1


@pytest.mark.parametrize("sent", FOREIGN_ONES, ids=named(FOREIGN_ONES))
def test_a_row_for_somebody_else_is_refused(scene: Scene, sent: tuple[Any, ...]) -> None:
    with pytest.raises(ProgrammingError, match=REFUSED):
        inserted(scene, *sent)


def test_a_requester_writes_no_result_and_no_line_of_the_list(scene: Scene) -> None:
    for build, what in ((result, ("otaru_london", "london")), (line_of_the_list, ("otaru_london",))):
        with pytest.raises(ProgrammingError, match="permission denied"):
            inserted(scene, "otaru", build, *what)


def test_the_requester_gives_feedback_on_a_filed_case(scene: Scene) -> None:
    Feedback.objects.filter(case=scene.cases["otaru_london"]).delete()
    assert inserted(scene, "otaru", feedback, "otaru_london") == 1


def test_an_office_writes_its_report_while_the_referral_stands(scene: Scene) -> None:
    OfficeReport.objects.filter(case=scene.cases["otaru_london"]).delete()
    assert inserted(scene, "london", office_report, "otaru_london", "london") == 1


@pytest.mark.parametrize(
    ("table", "change", "actor", "rows"),
    [
        ("casework_task", "title = 'blind'", "otaru", 3),
        ("casework_task", "title = 'blind'", "hakodate", 1),
        ("casework_task", "title = 'blind'", "hokkaido", 1),
        ("casework_task", "title = 'blind'", "london", 3),
        ("casework_task", "title = 'blind'", "newyork", 1),
        ("casework_task", "title = 'blind'", "hq_officer", 6),
        ("offices_workentry", "summary = 'blind'", "london", 4),
        ("offices_workentry", "summary = 'blind'", "newyork", 2),
        ("offices_officereport", "body = 'blind'", "london", 0),  # theirs are sent
        ("offices_officereport", "body = 'blind'", "newyork", 0),
        ("offices_officereport", "body = 'blind'", "hq_officer", 0),
        ("offices_researchresult", "body = 'blind'", "london", 0),  # what was sent stays
        ("offices_researchresult", "released_at = now()", "hq_officer", 4),
    ],
)
def test_an_update_without_where_reaches_ones_own_rows_only(
    scene: Scene, table: str, change: str, actor: str, rows: int
) -> None:
    assert reached(scene, actor, f"update {table} set {change}") == rows


def test_an_office_changes_its_own_draft_and_neither_what_it_sent_nor_what_another_writes(scene: Scene) -> None:
    for office in ("london", "newyork"):
        OfficeReport.objects.create(case=scene.cases["otaru_london"], office=scene.cast.places[office], body="draft")
    assert reached(scene, "london", "update offices_officereport set body = 'blind', sent_at = now()") == 1
    assert set(OfficeReport.objects.filter(body="blind").values_list("office__code", flat=True)) == {"LON"}
    assert reached(scene, "london", "update offices_officereport set body = 'blind again'") == 0


def test_the_draft_of_a_result_is_its_offices_own(scene: Scene) -> None:
    for office in ("london", "newyork"):
        place = scene.cast.places[office]
        ResearchResult.objects.create(case=scene.cases["otaru_london"], office=place, body="draft", sent_at=None)
    drafts = "select from offices_researchresult where body = 'draft'"
    assert {who: reached(scene, who, drafts) for who in ("london", "hq_officer", "otaru", "newyork")} == {
        "london": 1, "hq_officer": 0, "otaru": 0, "newyork": 0,
    }  # fmt: skip
    assert (
        reached(scene, "hq_officer", "update offices_researchresult set released_at = now() where body = 'draft'") == 0
    )
    assert reached(scene, "london", "update offices_researchresult set body = 'blind', sent_at = now()") == 1
    assert set(ResearchResult.objects.filter(body="blind").values_list("office__code", flat=True)) == {"LON"}
    assert reached(scene, "london", "update offices_researchresult set body = 'blind again'") == 0


def test_headquarters_changes_its_own_report_and_no_other(scene: Scene) -> None:
    OfficeReport.objects.create(case=scene.cases["otaru_returned"], office=scene.cast.places["hq"], body="ours")
    assert reached(scene, "hq_officer", "update offices_officereport set body = 'blind'") == 1
    assert set(OfficeReport.objects.filter(body="blind").values_list("office__code", flat=True)) == {"HQ"}


@pytest.mark.parametrize(
    ("actor", "post"),
    [("otaru", "hokkaido@hokkaido"), ("london", "newyork@newyork"), ("hq_officer", "otaru@otaru")],
)
def test_a_task_cannot_be_given_to_somebody_of_another_organisation(scene: Scene, actor: str, post: str) -> None:
    foreign = Posting.objects.get(title=post).pk
    with pytest.raises(ProgrammingError, match=REFUSED):
        reached(scene, actor, "update casework_task set posting_id = %(post)s", post=foreign)


@pytest.mark.parametrize("build", [entry, feedback], ids=["work", "feedback"])
def test_headquarters_reads_nothing_that_hangs_on_a_draft(scene: Scene, build: Callable[..., models.Model]) -> None:
    """No office works on a draft; were there ever such a row, it would be the requester's own."""
    row = build(scene, *(("otaru_draft", "london") if build is entry else ("otaru_draft",)))
    row.save(force_insert=True)
    assert reached(scene, "hq_officer", f'select 1 from "{row._meta.db_table}" where case_id = {row.case_id}') == 0
