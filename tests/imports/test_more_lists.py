"""Contact book and tasks as sheets: changed in a spreadsheet, sent back, whole or not at all."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clair_portal.audit.models import Entry
from clair_portal.casework.checklist import add_task, finish_task
from clair_portal.casework.models import Task
from clair_portal.contacts.models import Host
from clair_portal.imports.models import Import
from clair_portal.walls.scope import acting
from tests.casework.travel import case_in
from tests.cast import NOW, reader
from tests.imports.test_cases import HEAD, Browse, counts, returned, worked

pytestmark = pytest.mark.django_db(transaction=True)


class Sheet:
    """What London took from a list, as it is open in a spreadsheet."""

    def __init__(self, browse: Browse, cast: SimpleNamespace, key: str, path: str) -> None:
        self.key, self.client = key, browse("london")
        cast.people["london"].language = "en"
        cast.people["london"].save()
        content = self.client.post(f"{path}file/", {"format": "edit"}).content
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.page = self.book.worksheets[0]
        # What can be changed stands after what is only shown, so the last column of a name counts.
        self.places = {str(cell.value): cell.column for cell in self.page[HEAD] if cell.value}

    def row_of(self, words: str) -> int:
        return next(row for row in range(HEAD + 1, self.page.max_row + 1) if words in self._values(row))

    def _values(self, row: int) -> list[Any]:
        return [cell.value for cell in self.page[row]]

    def write(self, words: str, **values: Any) -> None:
        row = self.row_of(words)
        for name, value in values.items():
            self.page.cell(row, self.places[name.replace("_", " ")]).value = value

    def sent(self) -> Import:
        out = io.BytesIO()
        self.book.save(out)
        sheet = SimpleUploadedFile("見本.xlsx", out.getvalue())
        answer = self.client.post(f"/desk/sheets/new/{self.key}/", {"sheet": sheet})
        assert answer.status_code == 302, answer.content.decode()
        return worked(Import.objects.latest("uploaded_at"))

    def confirmed(self, sheet: Import) -> None:
        assert self.client.post(f"/desk/sheets/{sheet.pk}/confirm/").status_code == 302
        sheet.refresh_from_db()
        worked(sheet)


def two_hosts(cast: SimpleNamespace) -> None:
    for name in ("Camden Council", "Port of Hull"):
        Host.objects.create(name=name, country_id="GB", added_by=cast.places["london"])


def test_the_contact_book_is_brought_up_to_date_by_a_sheet(cast: SimpleNamespace, browse: Browse) -> None:
    two_hosts(cast)
    sheet = Sheet(browse, cast, "hosts", "/desk/hosts/")
    sheet.write("Camden Council", City="London", Website="www.camden.example", Telephone="020 7946 0000")
    sheet.write("Port of Hull", Name_in_English="Port of Hull Authority", Notes="Ask a month before.\nNot in August.")
    found = sheet.sent()
    assert counts(found) == {"rows": 2, "changes": 2, "conflicts": 0, "errors": 0, "overtaken": 0}
    sheet.confirmed(found)
    camden, hull = Host.objects.order_by("name")
    assert (camden.city, camden.website, camden.telephone) == ("London", "https://www.camden.example", "020 7946 0000")
    assert (hull.name, hull.notes) == ("Port of Hull Authority", "Ask a month before.\nNot in August.")
    assert "authority" in hull.search_text
    assert Entry.objects.filter(event="contacts.host.changed").count() == 2


def test_what_is_wrong_with_a_host_comes_back_and_nothing_is_changed(cast: SimpleNamespace, browse: Browse) -> None:
    two_hosts(cast)
    sheet = Sheet(browse, cast, "hosts", "/desk/hosts/")
    row, other = sheet.row_of("Camden Council"), sheet.row_of("Port of Hull")
    sheet.write("Port of Hull", Website="javascript:alert(1)", Notes="あ" * 2001)
    sheet.write("Camden Council", Name_in_English=None, City="London")
    found = sheet.sent()
    assert counts(found)["changes"] == 0
    errors = openpyxl.load_workbook(io.BytesIO(returned(found)))["Errors"]
    said = {(line[0], line[2]): line[3] for line in errors.iter_rows(min_row=2, values_only=True)}
    assert said == {
        (row, "Name in English"): "Write the name of the host.",
        (other, "Website"): "Write the address of the website, such as https://www.example.org.",
        (other, "Notes"): "2001 characters stand here; at most 2000 fit.",
    }
    assert Host.objects.filter(city="London").count() == 0


def test_tasks_get_other_days_by_a_sheet_and_finished_ones_stay(cast: SimpleNamespace, browse: Browse) -> None:
    london, case = reader(cast, "london"), case_in(cast, "in_progress")
    with acting(london.scope):
        add_task(case, title="Call the host", actor=london, now=NOW)
        done = add_task(case, title="Book the room", actor=london, now=NOW)
        finish_task(done, actor=london, now=NOW)
    sheet = Sheet(browse, cast, "tasks", "/desk/tasks/")
    sheet.write("Call the host", To_be_done_by="令和8年12月1日")
    found = sheet.sent()
    assert counts(found) == {"rows": 2, "changes": 1, "conflicts": 0, "errors": 0, "overtaken": 0}
    sheet.confirmed(found)
    assert [str(day) for day in Task.objects.order_by("pk").values_list("due_on", flat=True)] == ["2026-12-01", "None"]
    sheet.write("Book the room", Task="Book two rooms")
    refused = sheet.sent()
    assert counts(refused)["errors"] == 1
    assert Task.objects.get(pk=done.pk).title == "Book the room"
