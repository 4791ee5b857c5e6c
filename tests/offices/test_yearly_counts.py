"""A year counted for good: it stays as it was, stands beside the numbers of today, and becomes public in a step of its own."""

from __future__ import annotations

import datetime as dt
import io
import json
from types import SimpleNamespace

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from clair_portal.approvals.models import Approval
from clair_portal.approvals.services import draft as draft_approval
from clair_portal.audit.models import Entry
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.outbox.models import Job
from clair_portal.reports import charts, frozen, snapshots
from clair_portal.reports.collections import COLLECTIONS
from clair_portal.reports.models import Snapshot
from clair_portal.reports.snapshot_approval import PUBLISH
from clair_portal.reports.tables import TABLES, fill
from clair_portal.walls.scope import acting
from tests.approvals.along import route, stamped, with_staff
from tests.casework.travel import case_in
from tests.cast import NOW, reader
from tests.conftest import WebClient

YEAR = FiscalYear(2026)
LATER = dt.datetime(2027, 4, 20, 3, 0, tzinfo=dt.UTC)


def counted(cast: SimpleNamespace, now: dt.datetime = LATER) -> Snapshot:
    actor = reader(cast, "hq_officer")
    with acting(actor.scope):
        return snapshots.freeze(COLLECTIONS["offices.annual"], YEAR, actor=actor, now=now)


def published(cast: SimpleNamespace, snapshot: Snapshot) -> Snapshot:
    actor = reader(cast, "hq_officer")
    with acting(actor.scope):
        return snapshots.publish(snapshot, actor=actor, now=LATER)


@pytest.fixture
def year(cast: SimpleNamespace) -> Snapshot:
    """Two requests of Otaru at London when it was counted; a third was filed afterwards."""
    case_in(cast, "closed")
    case_in(cast, "in_progress")
    made = counted(cast)
    case_in(cast, "in_progress")
    return made


def test_numbers_stay_as_counted_while_those_of_today_go_on(cast: SimpleNamespace, year: Snapshot) -> None:
    actor = reader(cast, "hq_officer")
    with translation.override("en"), acting(actor.scope):
        then = snapshots.grid_of(year, "offices.by_branch")
        now = fill(TABLES["offices.by_branch"], actor, YEAR, now=LATER)
        assert then is not None
        assert [(head.label, cells[-1].value) for head, cells in zip(then.heads, then.body, strict=True)] == [
            ("Hokkaido", 2)
        ]
        assert (then.foot[-1].value, now.foot[-1].value) == (2, 3)
        assert then.foot[-1].url == ""
        different = [pair for pair in frozen.side_by_side(then, now).pairs if pair.differs]
        assert {(pair.row, pair.then.value, pair.now.value) for pair in different if pair.then and pair.now} == {
            ("Hokkaido", 2, 3), ("", 2, 3),
        }  # fmt: skip


def test_what_was_frozen_is_shown_as_it_was_however_it_is_counted_today(cast: SimpleNamespace, year: Snapshot) -> None:
    """An edition of a release that counted and said something else: its numbers, its words and its drawing stay."""
    table = next(each for each in year.tables if each["key"] == "offices.times")
    table |= {"note": {"ja": "以前の注", "en": "An earlier note"}, "foot": [4, 1.5, 2.5]}
    with translation.override("en"):
        then = frozen.thawed(json.loads(json.dumps(table)), YEAR, LATER)
    assert (then.table.note, [cell.value for cell in then.foot]) == ("An earlier note", [4, 1.5, 2.5])
    assert {cell.url for cells in (*then.body, then.foot) for cell in cells} == {""}
    hours = next(each for each in year.tables if each["key"] == "offices.hours")
    hours["body"][0][-1] = hours["foot"][-1] = 4.5
    with translation.override("en"):
        assert ">4.5</text>" in charts.svg(frozen.thawed(hours, YEAR, LATER))


def test_labels_of_both_languages_are_kept(cast: SimpleNamespace, year: Snapshot) -> None:
    with translation.override("ja"):
        ja = snapshots.grid_of(year, "offices.by_branch")
    with translation.override("en"):
        en = snapshots.grid_of(year, "offices.by_branch")
    assert ja is not None
    assert en is not None
    assert (ja.heads[0].label, en.heads[0].label) == ("北海道", "Hokkaido")


def test_every_table_of_the_report_is_counted_and_the_hash_is_over_all_numbers(
    cast: SimpleNamespace, year: Snapshot
) -> None:
    assert [table["key"] for table in year.tables] == list(COLLECTIONS["offices.annual"].tables)
    assert snapshots.is_untouched(Snapshot.objects.get(pk=year.pk))
    year.tables[0]["foot"][0] += 1
    assert not snapshots.is_untouched(year)


def test_the_database_refuses_every_change_but_the_publishing(cast: SimpleNamespace, year: Snapshot) -> None:
    for change in ("sha256 = 'x'", "tables = '[]'", "counted_at = now()", "edition = 7"):
        with pytest.raises(IntegrityError, match="a yearly count stays as it was counted"), transaction.atomic():
            _sql(f"update reports_snapshot set {change}")
    with pytest.raises(IntegrityError), transaction.atomic():
        _sql("delete from reports_snapshot")
    published(cast, year)
    with pytest.raises(IntegrityError), transaction.atomic():
        _sql("update reports_snapshot set published_at = null")


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_later_count_is_another_edition(cast: SimpleNamespace, year: Snapshot) -> None:
    again = counted(cast, LATER + dt.timedelta(days=30))
    assert (year.edition, again.edition) == (1, 2)
    assert Entry.objects.filter(event="reports.snapshot.frozen").count() == 2


def test_a_year_that_is_not_over_is_not_counted_for_good(cast: SimpleNamespace) -> None:
    actor, office = reader(cast, "hq_officer"), reader(cast, "london")
    last_day = dt.datetime(2027, 3, 31, 14, 59, 59, tzinfo=dt.UTC)  # 23:59:59 in Tokyo
    with translation.override("en"), acting(actor.scope):
        assert snapshots.may_freeze(YEAR, actor, last_day) == (
            "This fiscal year is not over. It can be counted for good from 1 April on."
        )
        assert snapshots.may_freeze(YEAR, actor, last_day + dt.timedelta(seconds=1)) == ""
        assert snapshots.may_freeze(YEAR, office, LATER) != ""


def test_a_worker_counts_what_was_asked_for_on_the_page_and_the_same_is_asked_once(
    cast: SimpleNamespace, browse: type[WebClient]
) -> None:
    client, address = browse("hq_officer"), "/desk/statistics/reports/offices.annual/counts/"
    assert "確定した年度集計はまだありません" in client.get(address).content.decode()
    first = client.post(f"{address}new/", {"year": "2024"})
    again = client.post(f"{address}new/", {"year": "2024"})
    job = Job.objects.get(kind=snapshots.JOB)
    assert first["Location"] == again["Location"] == f"/desk/jobs/{job.pk}/"
    assert client.post(f"{address}new/", {"year": "2026"})["Location"] == address
    assert client.post(f"{address}new/", {"year": "x"})["Location"] == address
    assert Job.objects.count() == 1
    assert browse("otaru").post(f"{address}new/", {"year": "2024"}).status_code == 403


def test_both_stand_in_one_workbook_a_sheet_each(
    cast: SimpleNamespace, browse: type[WebClient], year: Snapshot
) -> None:
    client, address = browse("hq_officer"), f"/desk/statistics/counts/{year.pk}/beside.xlsx"
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{address}?table=offices.by_branch").content))
    assert book.sheet_names[:2] == ["確定時の数値", "今日の数値"]
    then, now = (book.get_sheet_by_name(name).to_python()[-1] for name in book.sheet_names[:2])
    assert (then[0], then[-1], now[-1]) == ("計", 2.0, 3.0)
    assert client.get(f"{address}?table=nothing").status_code == 404


def test_the_page_shows_then_and_today_side_by_side(
    cast: SimpleNamespace, year: Snapshot, browse: type[WebClient]
) -> None:
    page = browse("hq_officer").get(f"/desk/statistics/counts/{year.pk}/?table=offices.by_branch&beside=today")
    text = page.content.decode()
    assert text.count("本日 3") == 4  # at London and in all, and both in the last line
    assert "件の数値のうち4件が確定時と異なります" in text
    assert "records/?year=2026" in text


def test_nobody_else_reads_it_before_it_is_published(
    cast: SimpleNamespace, year: Snapshot, browse: type[WebClient]
) -> None:
    for person in ("otaru", "hokkaido", "london"):
        assert browse(person).get(f"/desk/statistics/counts/{year.pk}/").status_code == 404
    assert browse(None).get("/en/statistics/offices.annual/2026/").status_code == 404
    assert browse(None).get(f"/en/statistics/files/{year.pk}/en.pdf").status_code == 404
    assert "Nothing has been published here yet" in browse(None).get("/en/statistics/").content.decode()


def test_what_is_published_is_read_by_everybody_with_its_files(
    cast: SimpleNamespace, year: Snapshot, browse: type[WebClient]
) -> None:
    answer = browse("hq_officer").post(f"/desk/statistics/counts/{year.pk}/publish/")
    assert answer["Location"] == f"/desk/statistics/counts/{year.pk}/"
    assert Entry.objects.filter(event="reports.snapshot.published").count() == 1
    public = browse(None)
    page = public.get("/en/statistics/offices.annual/2026/").content.decode()
    assert "Hokkaido" in page
    assert "edition 1" in page
    assert "/desk/" not in page.split("</main>")[0]
    assert "/en/statistics/offices.annual/2026/" in public.get("/en/statistics/").content.decode()
    made = public.get(f"/en/statistics/files/{year.pk}/en.pdf")
    content = b"".join(made.streaming_content)
    assert "Hokkaido" in " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert public.get(f"/en/statistics/files/{year.pk}/en.exe").status_code == 404
    assert browse("otaru").get(f"/desk/statistics/counts/{year.pk}/").status_code == 200


def test_a_second_publishing_and_a_file_that_was_changed_are_refused(
    cast: SimpleNamespace, year: Snapshot, browse: type[WebClient]
) -> None:
    again = counted(cast)
    name = again.file_at("ja", "pdf")
    storages["documents"].delete(name)
    page = browse("hq_officer").post(f"/desk/statistics/counts/{again.pk}/publish/")
    assert page.status_code == 422
    assert "数値またはファイルが集計時のものと異なります" in page.content.decode()
    published(cast, year)
    with translation.override("en"), pytest.raises(snapshots.Refused, match="This edition is public already."):
        published(cast, year)


def test_where_a_route_holds_it_has_to_be_approved_first(
    cast: SimpleNamespace, year: Snapshot, browse: type[WebClient]
) -> None:
    with_staff(cast)
    route(cast, "事務局長", kind=PUBLISH)
    with translation.override("en"), pytest.raises(snapshots.Refused, match="This has to be approved first"):
        published(cast, year)
    page = browse("hq_officer").get(f"/desk/statistics/counts/{year.pk}/").content.decode()
    assert f"/desk/approvals/new/{PUBLISH}/{year.pk}/" in page
    drafter = reader(cast, "hq_officer")
    with acting(drafter.scope):
        asked = draft_approval(kind=PUBLISH, subject_id=str(year.pk), actor=drafter, now=NOW)
    with translation.override("en"), pytest.raises(snapshots.Refused, match="on its way to be approved"):
        published(cast, year)
    stamped(cast, asked, "director")
    assert published(cast, year).published_at == LATER
    assert Approval.objects.get().carried_out_at == LATER
