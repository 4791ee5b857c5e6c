"""A clock that stands, and sheets of changes as people send them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clair_portal.accounts.models import Posting
from clair_portal.staffing.models import StaffChange
from tests.cast import NOW

HEADS = {
    "name": "氏名", "email": "メールアドレス", "key": "キー", "ends_on": "現在の発令の終了日", "successor": "後任",
    "organisation": "異動先", "role": "異動先の役割", "starts_on": "異動先の開始日", "next_ends_on": "異動先の終了日",
    "sending_body": "派遣元団体", "note": "備考",
}  # fmt: skip


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    """clock(moment) sets the clock that pages read; it stands at 24 November 2026, 10:00 in Tokyo."""

    def set_to(moment: dt.datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    set_to(NOW)
    return set_to


def sheet_of(*rows: dict[str, str]) -> SimpleUploadedFile:
    """Row 1 holds the headings."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(HEADS.values()))
    writer.writeheader()
    for row in rows:
        writer.writerow({HEADS[name]: value for name, value in row.items()})
    return SimpleUploadedFile("changes.csv", out.getvalue().encode("utf-8-sig"), "text/csv")


def post_of(cast: SimpleNamespace, who: str) -> Posting:
    return Posting.objects.get(person=cast.people[who])


def key_of(cast: SimpleNamespace, who: str) -> str:
    return str(post_of(cast, who).pk)


def send(client: Any, *rows: dict[str, str]) -> Any:
    return client.post("/desk/staff-changes/", {"sheet": sheet_of(*rows)})


def confirmed(client: Any, *rows: dict[str, str], **answers: str) -> StaffChange:
    """Sent, looked at and confirmed."""
    answer = send(client, *rows)
    assert answer.status_code == 302, [fault.text for fault in answer.context["faults"]]
    address = answer["Location"]
    done = client.post(address, {f"answer-{row.removeprefix('row')}": value for row, value in answers.items()})
    assert done.status_code == 302, done.content.decode()
    change = StaffChange.objects.get(pk=address.rstrip("/").rpartition("/")[2])
    assert change.state == "confirmed"
    return change
