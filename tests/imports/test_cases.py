"""The list of cases as a sheet: taken, changed in a spreadsheet, sent back, looked at, confirmed. The whole file or nothing."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from clair_portal.audit.models import Entry
from clair_portal.audit.sentences import sentence
from clair_portal.casework import corrections
from clair_portal.casework.models import Assignment, Case
from clair_portal.imports.models import Import, ImportRow
from clair_portal.imports.services import sweep
from clair_portal.outbox.handlers import do
from clair_portal.outbox.models import Job
from clair_portal.walls.scope import acting
from offices.models import SupportRequest
from tests.casework.test_lists import some_cases
from tests.casework.travel import case_in, step
from tests.cast import reader

Browse = Callable[..., Any]
HEAD = 5  # row of the headings
COLUMNS = {"title": "Subject", "countries": "Countries", "topics": "Field", "charge": "In charge",
           "days": "Extend by business days", "reason": "Reason for the extension"}  # fmt: skip


def requests(cast: SimpleNamespace, number: int) -> list[Case]:
    for person in cast.people.values():
        person.language = "en"
        person.save()
    cases = some_cases(cast, number, countries=["GB"])
    SupportRequest.objects.bulk_create([SupportRequest(case=case, purpose="見本") for case in cases])
    return cases


def taken(browse: Browse, who: str = "hq_officer", query: str = "") -> bytes:
    response = browse(who).post(f"/desk/cases/file/?{query or 'sort=case'}", {"format": "edit"})
    assert response.status_code == 200
    return bytes(response.content)


class Sheet:
    """A workbook as somebody has it open in a spreadsheet."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.page = self.book.worksheets[0]
        self.places = {str(cell.value): cell.column for cell in self.page[HEAD] if cell.value}

    def write(self, row: int, column: str, value: Any) -> None:
        self.page.cell(HEAD + row, self.places[COLUMNS[column]]).value = value

    def read(self, row: int, column: str) -> Any:
        return self.page.cell(HEAD + row, self.places[COLUMNS.get(column, column)]).value

    def saved(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


def sent(browse: Browse, content: bytes, who: str = "hq_officer", name: str = "見本.xlsx") -> Import:
    """Sent and checked."""
    response = browse(who).post("/desk/sheets/new/cases/", {"sheet": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.content.decode()
    sheet = Import.objects.order_by("uploaded_at", "pk").last()
    assert sheet is not None
    return worked(sheet)


def confirmed(browse: Browse, sheet: Import, who: str = "hq_officer") -> Import:
    assert browse(who).post(f"/desk/sheets/{sheet.pk}/confirm/").status_code == 302
    sheet.refresh_from_db()
    return worked(sheet)


def worked(sheet: Import) -> Import:
    assert do("job", sheet.job, timezone.now())
    job = Job.objects.get(pk=sheet.job)
    assert job.state == "done", job.error
    sheet.refresh_from_db()
    return sheet


def returned(sheet: Import) -> bytes:
    with storages["documents"].open(Job.objects.get(pk=sheet.job).file) as kept:
        return bytes(kept.read())


def counts(sheet: Import) -> dict[str, int]:
    return {name: getattr(sheet, name) for name in ("rows", "changes", "conflicts", "errors", "overtaken")}


# --- The main story -----------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_thousand_requests_three_hundred_edited_twenty_of_them_wrong(cast: SimpleNamespace, browse: Browse) -> None:
    requests(cast, 2000)
    sheet = Sheet(taken(browse))
    for row in range(1, 301):
        sheet.write(row, "title", f"訂正 {row}")
    for row in range(1, 21):
        sheet.write(row * 10, "countries", "Atlantis")
    found = sent(browse, sheet.saved())
    assert counts(found) == {"rows": 2000, "changes": 280, "conflicts": 0, "errors": 20, "overtaken": 0}
    assert not Case.objects.filter(title__startswith="訂正").exists()
    back = CalamineWorkbook.from_filelike(io.BytesIO(returned(found)))
    errors = back.get_sheet_by_name("Errors").to_python()
    assert [line[0] for line in errors[1:]] == [HEAD + row * 10 for row in range(1, 21)]
    assert {line[2] for line in errors[1:]} == {"Countries"}
    again = Sheet(returned(found))
    assert again.read(10, "Errors").startswith("Countries: “Atlantis” is not one of the choices here.")
    assert browse("hq_officer").post(f"/desk/sheets/{found.pk}/confirm/").status_code == 302
    found.refresh_from_db()
    assert found.state == "checked"
    for row in range(1, 21):
        again.write(row * 10, "countries", "FR")
    found = sent(browse, again.saved(), name="訂正済.xlsx")
    assert counts(found) == {"rows": 2000, "changes": 300, "conflicts": 0, "errors": 0, "overtaken": 0}
    found = confirmed(browse, found)
    assert (found.state, found.applied_at is not None) == ("applied", True)
    assert Case.objects.filter(title__startswith="訂正").count() == 300
    assert Case.objects.filter(countries=["FR"]).count() == 20
    entries = Entry.objects.filter(event="imports.row.changed")
    assert sorted(entry.params["row"] for entry in entries) == list(range(HEAD + 1, HEAD + 301))
    case = Case.objects.get(title="訂正 10")
    entry = entries.get(subject_id=str(case.pk))
    with translation.override("en"):
        said = sentence(entry.event, entry.actor, entry.params)
    assert said.endswith("changed Subject, Countries by the file 訂正済.xlsx, row 15.")
    assert "訂正" in case.search_text
    assert "見本" in case.search_text


# --- Unchanged, changed by others ------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_row_somebody_else_changed_is_a_conflict_only_where_both_changed_it(
    cast: SimpleNamespace, browse: Browse
) -> None:
    cases = requests(cast, 3)
    sheet = Sheet(taken(browse))
    sheet.write(1, "title", "mine")
    sheet.write(3, "title", "also mine")
    Case.objects.filter(pk__in=[cases[0].pk, cases[1].pk]).update(title="theirs")
    found = sent(browse, sheet.saved())
    assert counts(found) == {"rows": 3, "changes": 1, "conflicts": 1, "errors": 0, "overtaken": 1}
    [conflict] = ImportRow.objects.filter(sheet=found, finding="conflict")
    assert (conflict.details[0]["old"], conflict.details[0]["new"]) == ("theirs", "mine")
    page = browse("hq_officer").get(f"/desk/sheets/{found.pk}/").content.decode()
    assert "Rows changed by somebody else since: 1." in page
    assert "<del>theirs</del>" in page
    browse("hq_officer").post(f"/desk/sheets/{found.pk}/confirm/")
    assert set(Case.objects.values_list("title", flat=True)) == {"theirs", "0002"}


@pytest.mark.django_db(transaction=True)
def test_a_change_between_check_and_confirmation_stops_the_whole_file(cast: SimpleNamespace, browse: Browse) -> None:
    cases = requests(cast, 2)
    sheet = Sheet(taken(browse))
    sheet.write(1, "title", "one")
    sheet.write(2, "title", "two")
    found = sent(browse, sheet.saved())
    assert found.changes == 2
    Case.objects.filter(pk=cases[1].pk).update(title="theirs")
    found = confirmed(browse, found)
    assert (found.state, found.conflicts) == ("checked", 1)
    assert set(Case.objects.values_list("title", flat=True)) == {"0000", "theirs"}
    assert not Entry.objects.filter(event="imports.row.changed").exists()


@pytest.mark.django_db(transaction=True)
def test_a_refusal_in_the_middle_leaves_nothing_behind(
    cast: SimpleNamespace, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests(cast, 2)
    sheet = Sheet(taken(browse))
    sheet.write(1, "title", "one")
    sheet.write(2, "days", 3)
    sheet.write(2, "reason", "a reason")
    found = sent(browse, sheet.saved())
    assert found.changes == 2
    monkeypatch.setattr("clair_portal.casework.extension.MOST_EXTENDED", 2)
    found = confirmed(browse, found)
    assert (found.state, found.errors) == ("checked", 1)
    assert set(Case.objects.values_list("title", flat=True)) == {"0000", "0001"}


# --- What can be changed ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_an_office_extends_its_part_by_a_sheet_and_the_whole_follows(cast: SimpleNamespace, browse: Browse) -> None:
    cast.people["london"].language = "en"
    cast.people["london"].save()
    offices = [cast.places["london"], cast.places["paris"]]
    whole = step(cast, case_in(cast, "triage"), "hq_officer", "refer", offices=offices, owner=offices[0])
    part = Case.objects.get(parent=whole, holding=offices[0])
    sheet = Sheet(taken(browse, "london"))
    sheet.write(1, "days", 3)
    sheet.write(1, "reason", "The host is away.")
    found = confirmed(browse, sent(browse, sheet.saved(), "london"), "london")
    assert (found.state, found.changes) == ("applied", 1)
    before, other = part.due_at, Case.objects.get(parent=whole, holding=offices[1])
    part.refresh_from_db()
    assert before is not None
    assert part.due_at is not None
    assert part.due_at > before
    assert Case.objects.get(pk=whole.pk).due_at == other.due_at


@pytest.mark.django_db(transaction=True)
def test_person_in_charge_and_extension_go_through_the_services_of_cases(cast: SimpleNamespace, browse: Browse) -> None:
    cases = requests(cast, 2)
    content = taken(browse, query="sort=case&columns=case,state,due")
    sheet = Sheet(content)
    people = [cell.value for cell in sheet.book["_choices"]["D"] if cell.value]
    sheet.write(2, "charge", people[0])
    sheet.write(2, "days", "２")
    sheet.write(2, "reason", "The host is away.")
    before = Case.objects.get(pk=cases[1].pk).due_at
    found = confirmed(browse, sent(browse, sheet.saved()))
    assert found.state == "applied"
    case = Case.objects.get(pk=cases[1].pk)
    assert before is not None
    assert case.due_at is not None
    assert case.due_at > before
    assert str(Assignment.objects.get(case=case, side="headquarters").posting.person) == people[0]
    events = Entry.objects.about(case).values_list("event", flat=True)
    assert set(events) == {"casework.case.handed_over", "casework.deadline.extended", "imports.row.changed"}
    again = sent(browse, sheet.saved())  # the same file once more: the term has moved since
    assert counts(again) == {"rows": 2, "changes": 0, "conflicts": 1, "errors": 0, "overtaken": 0}


@pytest.mark.django_db(transaction=True)
def test_cells_somebody_may_not_change_are_locked_and_refused(cast: SimpleNamespace, browse: Browse) -> None:
    requests(cast, 1)
    sheet = Sheet(taken(browse, "otaru"))
    assert sheet.page.protection.sheet
    place = sheet.places["Subject"]
    assert sheet.page.cell(HEAD + 1, place).protection.locked
    sheet.write(1, "title", "mine")
    found = sent(browse, sheet.saved(), "otaru")
    [row] = ImportRow.objects.filter(sheet=found)
    assert row.details[0]["text"] == "Only whoever has the ball, or headquarters, can change this."
    assert corrections.why_not_correct(Case.objects.get(), reader(cast, "hq_officer")) == ""


@pytest.mark.django_db(transaction=True)
def test_rows_of_others_are_not_found_and_sheets_of_others_not_shown(cast: SimpleNamespace, browse: Browse) -> None:
    requests(cast, 1)
    content = taken(browse)
    found = sent(browse, content, "osaka")
    assert counts(found)["errors"] == 1
    text = ImportRow.objects.get(sheet=found).details[0]["text"]
    assert text == "This row is no longer in the list, or you may not see it. Take it out."
    assert browse("hakodate").get(f"/desk/sheets/{found.pk}/").status_code == 404
    assert browse("hakodate").post(f"/desk/sheets/{found.pk}/confirm/").status_code == 404
    assert browse("hakodate").get(f"/desk/sheets/{found.pk}/file/").status_code == 404
    with acting(reader(cast, "hakodate").scope):
        assert not Import.objects.exists()
        assert not ImportRow.objects.exists()


# --- Bad input -------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_bad_input_is_named_explained_and_nothing_half_applied(cast: SimpleNamespace, browse: Browse) -> None:
    requests(cast, 3)
    sheet = Sheet(taken(browse))
    sheet.write(1, "title", "=1+1")
    sheet.page.cell(HEAD + 3, 1).value = sheet.page.cell(HEAD + 2, 1).value
    sheet.write(2, "title", "fine")
    found = sent(browse, sheet.saved())
    rows = {row.number: row.details for row in ImportRow.objects.filter(sheet=found)}
    assert [(number, detail["text"]) for number, details in rows.items() for detail in details if detail["text"]] == [
        (6, "A formula stands here. Replace it by its value (copy, then paste as values)."),
        (8, "The same stands in row 7 already. Leave one of the two rows."),
    ]
    assert counts(found) == {"rows": 3, "changes": 1, "conflicts": 0, "errors": 2, "overtaken": 0}
    back = Sheet(returned(found))
    cell = back.page.cell(HEAD + 1, back.places["Subject"])
    assert (cell.value, cell.data_type, cell.quotePrefix, cell.fill.start_color.rgb) == ("=1+1", "s", True, "00FFC7CE")
    assert set(Case.objects.values_list("title", flat=True)) == {"0000", "0001", "0002"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["renamed", "twice", "list", "version"])
def test_files_that_do_not_fit_are_refused_with_a_sentence(cast: SimpleNamespace, browse: Browse, what: str) -> None:
    requests(cast, 1)
    sheet = Sheet(taken(browse))
    if what == "renamed":
        sheet.page.cell(HEAD, sheet.places["In charge"]).value = "Charge"
        said = (
            "The headings in row 5 lack: In charge. "
            "Column K is called “Charge”. If it is “In charge”, give it that name again."
        )
    elif what == "twice":
        for place in range(1, sheet.page.max_column + 1):
            sheet.page.cell(20, place).value = sheet.page.cell(HEAD, place).value
        said = "Row 5 and row 20 of the sheet “Cases” both look like the headings. Leave one table in the sheet."
    elif what == "list":
        sheet.book["_portal"]["B1"].value = "projects"
        said = "This file was made of another list. Send it on the page of that list, or take the file of this one."
    else:
        sheet.book["_portal"]["B2"].value = "0"
        said = "The columns of this list have changed since the file was made. Take the file for editing once more."
    found = sent(browse, sheet.saved())
    assert (found.state, found.refusal) == ("refused", said)
    assert said in browse("hq_officer").get(f"/desk/sheets/{found.pk}/").content.decode()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", b"%PDF-1.4 %%EOF", "Send the sheet as .xlsx, .xls or .csv."),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "The file is protected by a password. Remove the password and send it again.",
        ),
        ("a.xlsx", b"", "The submitted file is empty."),
    ],
)
def test_files_that_are_no_sheets_are_refused_beside_the_field(
    cast: SimpleNamespace, browse: Browse, name: str, content: bytes, said: str
) -> None:
    requests(cast, 0)
    response = browse("hq_officer").post("/desk/sheets/new/cases/", {"sheet": SimpleUploadedFile(name, content)})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Import.objects.exists()


def test_a_list_that_is_not_editable_says_so(cast: SimpleNamespace, browse: Browse) -> None:
    requests(cast, 0)
    page = browse("hq_officer").get("/desk/sheets/new/research/")
    assert "This list is not changed by a sheet" in page.content.decode()
    assert browse("hq_officer").get("/desk/sheets/new/nothing/").status_code == 404
    assert 'value="edit"' not in browse("hq_officer").get("/desk/research/library/").content.decode()
    assert 'value="edit"' in browse("hq_officer").get("/desk/cases/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_colleague_sees_the_sheet_and_whoever_sent_it_confirms(cast: SimpleNamespace, browse: Browse) -> None:
    requests(cast, 1)
    sheet = Sheet(taken(browse))
    sheet.write(1, "title", "mine")
    found = sent(browse, sheet.saved())
    page = browse("hq_approver").get(f"/desk/sheets/{found.pk}/").content.decode()
    assert "<ins>mine</ins>" in page
    assert "Whoever sent the file confirms it." in page
    response = browse("hq_approver").post(f"/desk/sheets/{found.pk}/confirm/", follow=True)
    assert "Whoever sent the file confirms it." in response.content.decode()
    assert Case.objects.get().title == "0000"


# --- Saved as something else, and forgotten ------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_sheet_saved_as_csv_comes_back_as_a_workbook_with_its_errors(
    cast: SimpleNamespace, browse: Browse, encoding: str
) -> None:
    requests(cast, 3)
    sheet = Sheet(taken(browse))
    sheet.write(1, "title", "訂正 ①")
    sheet.write(2, "countries", "Atlantis")
    lines = [["" if value is None else value for value in row] for row in sheet.page.iter_rows(values_only=True)]
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    found = sent(browse, text.getvalue().encode(encoding), name="見本.csv")
    assert counts(found) == {"rows": 3, "changes": 1, "conflicts": 0, "errors": 1, "overtaken": 0}
    back = openpyxl.load_workbook(io.BytesIO(returned(found)))
    page = back.worksheets[0]
    rows = [["" if value is None else value for value in row] for row in page.iter_rows(values_only=True)]
    assert [row[: len(lines[HEAD])] for row in rows[HEAD - 1 :]] == [
        [str(cell) for cell in row] for row in lines[HEAD - 1 :]
    ]
    assert rows[HEAD - 1][len(lines[HEAD])] == "Errors"
    assert rows[HEAD + 1][len(lines[HEAD])].startswith("Countries: “Atlantis” is not one of the choices here.")
    place = sheet.places["Countries"]
    assert page.cell(HEAD + 2, place).fill.start_color.rgb.endswith("FFC7CE")
    assert not Case.objects.filter(title="訂正 ①").exists()


@pytest.mark.django_db(transaction=True)
def test_sheets_go_after_thirty_days_and_their_changes_stay_in_the_log(cast: SimpleNamespace, browse: Browse) -> None:
    requests(cast, 1)
    sheet = Sheet(taken(browse))
    sheet.write(1, "title", "訂正")
    found = confirmed(browse, sent(browse, sheet.saved()))
    sweep(found.uploaded_at + dt.timedelta(days=30))
    assert Import.objects.count() == 1
    sweep(found.uploaded_at + dt.timedelta(days=30, seconds=1))
    assert (Import.objects.count(), ImportRow.objects.count()) == (0, 0)
    assert Case.objects.get().title == "訂正"
    assert Entry.objects.filter(event="imports.row.changed").count() == 1
