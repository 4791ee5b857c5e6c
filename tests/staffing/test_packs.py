"""The handover pack of a desk: what it holds, who reads it, and that it stays as it was when the work has gone."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from clair_portal.accounts.models import Person, Posting
from clair_portal.audit.models import Reading
from clair_portal.casework.models import Assignment, Case, Referral, Task
from clair_portal.contacts.models import Host, HostPerson, HostUse, Visit
from clair_portal.staffing import moving
from clair_portal.staffing.models import HandoverPack
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from offices.models import SupportRequest
from tests.cast import NOW
from tests.conftest import WebClient, logged_in_to_database_as
from tests.staffing.conftest import confirmed, post_of

Browse = Callable[..., WebClient]
Clock = Callable[[dt.datetime], None]
LONDON_MIDNIGHT = dt.datetime(2027, 3, 31, 23, 0, tzinfo=dt.UTC)


@pytest.fixture
def desk(cast: SimpleNamespace, clock: Clock) -> Posting:
    """Yu Saeki's in London: an open case with a task, a visit and a host, and one that was finished in June."""
    Person.objects.update(language="en")
    posting = post_of(cast, "london")
    open_case, done = (
        case_of(cast, posting, title, holder) for title, holder in (("視察", "office"), ("済み", "nobody"))
    )
    Case.objects.filter(pk=done.pk).update(state="closed", closed_at=dt.datetime(2026, 6, 1, tzinfo=dt.UTC))
    Case.objects.filter(pk=open_case.pk).update(
        due_at=dt.datetime(2026, 12, 10, 17, tzinfo=dt.UTC), due_zone="Europe/London"
    )
    Task.objects.create(
        case=open_case, side="office", organisation=posting.organisation, title="Book the hall", due_on=dt.date(2026, 12, 1),
        posting=posting,
    )  # fmt: skip
    Visit.objects.create(
        case=open_case,
        office=posting.organisation,
        title="Winter visit",
        starts_on=dt.date(2027, 1, 20),
        ends_on=dt.date(2027, 1, 22),
    )
    host = Host.objects.create(name="City Hall", country_id="GB", added_by=posting.organisation)
    reached = HostPerson.objects.create(host=host, name="Jane Doe", title="Clerk", email="jane@example.org")
    HostUse.objects.create(
        host=host, person=reached, case=open_case, office=posting.organisation, day=dt.date(2026, 10, 1), remark="kind"
    )
    return posting


def case_of(cast: SimpleNamespace, posting: Posting, title: str, holder: str) -> Case:
    case = Case.objects.create(
        kind="offices.support", title=title, applicant=cast.places["otaru"], branch=cast.places["hokkaido"], state="in_progress",
        holder=holder, holding=posting.organisation, filed_at=NOW, number=f"2026-{title}",
    )  # fmt: skip
    SupportRequest.objects.create(case=case)
    Referral.objects.create(case=case, office=posting.organisation, standing=True)
    Assignment.objects.create(case=case, side="office", posting=posting, organisation=posting.organisation)
    return case


def panels(client: WebClient, posting: Posting) -> dict[str, list[list[str]]]:
    answer = client.get(f"/desk/handovers/{posting.pk}/")
    assert answer.status_code == 200
    return {
        panel["title"]: [[cell.text for _head, cell in row] for row in panel["rows"]]
        for panel in answer.context["panels"]
    }


def test_the_pack_holds_open_work_dates_contacts_and_what_was_finished(browse: Browse, desk: Posting) -> None:
    assert panels(browse("london"), desk) == {
        "Cases in charge": [["2026-視察", "視察", "In progress", "London office", "Thu 10 Dec 2026 17:00 London"]],
        "Tasks": [["Book the hall", "2026-視察 視察", "1 Dec 2026"]],
        "Dates ahead": [
            ["Tue 1 Dec 2026", "Task: Book the hall"],
            ["Thu 10 Dec 2026", "Deadline: 2026-視察 視察"],
            ["Wed 20 Jan 2027", "Visit: Winter visit"],
        ],
        "Contacts of these cases": [["City Hall", "Jane Doe Clerk", "1 Oct 2026", "kind"]],
        "Finished this year": [["2026-済み", "済み", "Closed", "1 Jun 2026"]],
    }


@pytest.mark.parametrize(
    ("person", "status"),
    [("london", 200), ("london_local", 200), ("hq_approver", 200), ("hq_officer", 404), ("newyork", 404), ("otaru", 404),
     ("hokkaido", 404), ("nobody", 403)],
)  # fmt: skip
def test_leaver_and_administrators_read_it_and_nobody_else(
    browse: Browse, desk: Posting, person: str, status: int
) -> None:
    client = browse(person)
    assert client.get(f"/desk/handovers/{desk.pk}/").status_code == status
    assert client.get(f"/desk/handovers/{desk.pk}/pack.pdf").status_code == status


def test_a_colleague_of_the_same_office_does_not_read_it(browse: Browse, cast: SimpleNamespace, desk: Posting) -> None:
    Posting.objects.create(
        person=cast.people["nobody"],
        organisation=cast.places["london"],
        role_id="office_officer",
        starts_on=dt.date(2026, 4, 1),
    )
    assert browse("nobody").get(f"/desk/handovers/{desk.pk}/").status_code == 404


def test_opening_somebody_elses_pack_is_recorded_for_the_leaver_and_for_the_person_abroad(
    browse: Browse, cast: SimpleNamespace, desk: Posting
) -> None:
    browse("london").get(f"/desk/handovers/{desk.pk}/")
    assert not Reading.objects.exists()
    browse("london_local").get(f"/desk/handovers/{desk.pk}/")
    assert sorted(Reading.objects.values_list("subject_type", "subject", "what")) == [
        ("accounts.person", cast.people["london"].pk, "staffing.pack"),
        ("contacts.hostperson", HostPerson.objects.get().pk, "contacts.handover"),
    ]


def test_notes_are_saved_by_themselves_and_signed_off(browse: Browse, desk: Posting) -> None:
    client, address = browse("london"), f"/desk/handovers/{desk.pk}/notes/"
    answer = client.post(address, {"body": "一", "version": 0}, headers={"X-Autosave": "1"})
    assert (answer.status_code, answer["X-Version"]) == (204, "1")
    answer = client.post(address, {"body": "一\n\n二", "version": 1}, headers={"X-Autosave": "1"})
    assert (answer.status_code, answer["X-Version"]) == (204, "2")
    assert client.post(f"/desk/handovers/{desk.pk}/sign/").status_code == 302
    refused = client.post(address, {"body": "三", "version": 2})
    assert refused.status_code == 422
    assert refused.context["form"].non_field_errors() == ["The handover is signed off. Choose “Go on writing” first."]
    pack = HandoverPack.objects.get()
    assert (pack.body, pack.signed_at) == ("一\n\n二", NOW)
    client.post(f"/desk/handovers/{desk.pk}/sign/", {"again": "1"})
    assert client.post(address, {"body": "三", "version": 2}).status_code == 302


def test_notes_saved_in_another_window_are_not_overwritten(browse: Browse, desk: Posting) -> None:
    client, address = browse("london"), f"/desk/handovers/{desk.pk}/notes/"
    client.post(address, {"body": "一", "version": 0})
    client.post(address, {"body": "二", "version": 1})
    late = client.post(address, {"body": "mine", "version": 1})
    assert late.status_code == 422
    assert "mine" in late.content.decode()
    assert HandoverPack.objects.get().body == "二"


def test_the_administrator_reads_the_notes_and_writes_none(browse: Browse, desk: Posting) -> None:
    browse("london").post(f"/desk/handovers/{desk.pk}/notes/", {"body": "The mayor prefers mornings.", "version": 0})
    client = browse("london_local")
    assert "The mayor prefers mornings." in client.get(f"/desk/handovers/{desk.pk}/").content.decode()
    assert client.post(f"/desk/handovers/{desk.pk}/notes/", {"body": "x", "version": 1}).status_code == 404


def test_the_pack_is_a_pdf_with_notes_and_panels(browse: Browse, desk: Posting) -> None:
    client = browse("london")
    client.post(f"/desk/handovers/{desk.pk}/notes/", {"body": "市長は朝がよい。", "version": 0})
    answer = client.get(f"/desk/handovers/{desk.pk}/pack.pdf")
    assert answer["Content-Type"] == "application/pdf"
    found = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    for words in ("Handover: Yu Saeki", "市長は朝がよい。", "Book the hall", "Winter visit", "City Hall"):
        assert words in found, words


def test_after_the_move_the_successor_reads_the_desk_as_it_was(
    browse: Browse, cast: SimpleNamespace, desk: Posting, clock: Clock
) -> None:
    browse("london").post(f"/desk/handovers/{desk.pk}/notes/", {"body": "Good luck.", "version": 0})
    Posting.objects.create(
        person=cast.people["nobody"],
        organisation=cast.places["london"],
        role_id="office_officer",
        starts_on=dt.date(2026, 4, 1),
    )
    confirmed(browse("hq_approver"), {"name": "佐伯 悠", "ends_on": "2027-03-31", "successor": "所属 なし"})
    before = panels(browse("nobody"), desk)  # the successor, even before the day
    assert before["Tasks"] == [["Book the hall", "2026-視察 視察", "1 Dec 2026"]]
    with logged_in_to_database_as("portal_worker"), acting(SYSTEM_SCOPE):
        moving.run(LONDON_MIDNIGHT)
    clock(LONDON_MIDNIGHT)
    assert Task.objects.get().posting == Posting.objects.get(person=cast.people["nobody"])
    after = panels(browse("nobody"), desk)
    assert after["Cases in charge"] == before["Cases in charge"]
    assert after["Contacts of these cases"] == [["City Hall", "Jane Doe Clerk", "1 Oct 2026", "kind"]]
    assert "Good luck." in browse("nobody").get(f"/desk/handovers/{desk.pk}/").content.decode()
    assert browse("london").get(f"/desk/handovers/{desk.pk}/").status_code == 403


# --- The desk -------------------------------------------------------------------------------------------------------------------
def test_the_desk_asks_for_the_handover_in_the_weeks_before_the_end(
    browse: Browse, desk: Posting, clock: Clock
) -> None:
    Posting.objects.filter(pk=desk.pk).update(ends_on=dt.date(2027, 3, 31))
    asks, missing = "ends on 31 Mar 2027: write your handover", "1 posting that ends soon has no signed-off handover"
    clock(dt.datetime(2027, 3, 2, 12, tzinfo=dt.UTC))
    assert asks not in browse("london").get("/desk/").content.decode()
    clock(dt.datetime(2027, 3, 3, 12, tzinfo=dt.UTC))
    client = browse("london")
    assert asks in client.get("/desk/").content.decode()
    assert missing in browse("london_local").get("/desk/").content.decode()
    assert "none yet" in browse("hq_approver").get("/desk/handovers/").content.decode()
    client.post(f"/desk/handovers/{desk.pk}/notes/", {"body": "x", "version": 0})
    client.post(f"/desk/handovers/{desk.pk}/sign/")
    assert asks not in client.get("/desk/").content.decode()
    assert missing not in browse("london_local").get("/desk/").content.decode()


def test_on_the_last_day_the_handover_is_written_until_midnight_there(
    browse: Browse, desk: Posting, clock: Clock
) -> None:
    """From 16:00 in London on it is the next day in Tokyo."""
    Posting.objects.filter(pk=desk.pk).update(ends_on=dt.date(2027, 3, 31))
    clock(LONDON_MIDNIGHT - dt.timedelta(minutes=1))
    client, address = browse("london"), f"/desk/handovers/{desk.pk}/"
    assert 'name="body"' in client.get(address).content.decode()
    client.post(f"{address}notes/", {"body": "Keys are with Jane.", "version": 0})
    assert "Sign off" in client.get(address).content.decode()
    assert "begun, not signed off" in browse("london_local").get("/desk/handovers/").content.decode()
