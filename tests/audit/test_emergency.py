"""Headquarters opens internal papers of another side: with a reason, for an hour, for all to see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from clair_portal.accounts.reader import Reader
from clair_portal.audit.models import EmergencyReading, Entry
from clair_portal.audit.sentences import sentence
from clair_portal.audit.services import read_in_emergency
from clair_portal.casework.models import Case, Note
from clair_portal.pages.views import emergencies
from clair_portal.walls.scope import acting
from tests.cast import reader
from tests.conftest import WebClient

Browse = Callable[..., WebClient]
REASON = "Traveller missing since Monday"


@pytest.fixture
def case(cast: SimpleNamespace) -> Case:
    """A filed case of Otaru with a note that is internal to the requester's side."""
    otaru = cast.places["otaru"]
    case = Case.objects.create(
        kind="offices.request",
        title="視察",
        applicant=otaru,
        branch=otaru.branch,
        state="filed",
        number="R8-支-0001",
        filed_at=timezone.now(),
    )
    Note.objects.create(case=case, author=otaru, side="applicant", shared=False, body="内部の相談")
    return case


def notes_seen(who: Reader) -> list[str]:
    with acting(who.scope):
        return list(Note.objects.visible_to(who.scope).values_list("body", flat=True))


def notes_the_database_shows(who: Reader) -> list[str]:
    with acting(who.scope):
        return list(Note.objects.values_list("body", flat=True))


def open_in_emergency(who: Reader, case: Case, reason: str = REASON) -> EmergencyReading:
    with acting(who.scope):
        return read_in_emergency(case, reason=reason, now=timezone.now(), actor=who.signature)


def test_internal_papers_of_the_other_side_open_for_the_person_who_gave_a_reason(
    cast: SimpleNamespace, case: Case
) -> None:
    mio, ryo = reader(cast, "hq_officer"), reader(cast, "hq_approver")
    assert notes_seen(mio) == []
    open_in_emergency(mio, case)
    assert notes_seen(mio) == ["内部の相談"]
    assert notes_seen(ryo) == []
    assert notes_seen(reader(cast, "london")) == []


@pytest.mark.second_wall
def test_the_database_alone_opens_them_for_that_person_and_that_hour(cast: SimpleNamespace, case: Case) -> None:
    mio, ryo = reader(cast, "hq_officer"), reader(cast, "hq_approver")
    assert notes_the_database_shows(mio) == []
    open_in_emergency(mio, case)
    assert notes_the_database_shows(mio) == ["内部の相談"]
    assert notes_the_database_shows(ryo) == []
    EmergencyReading.objects.update(until=timezone.now() - dt.timedelta(minutes=1))
    assert notes_the_database_shows(mio) == []


def test_after_an_hour_they_are_closed_again(cast: SimpleNamespace, case: Case) -> None:
    mio = reader(cast, "hq_officer")
    key = open_in_emergency(mio, case).pk
    opened = EmergencyReading.objects.get(pk=key)
    assert opened.until - opened.at == dt.timedelta(hours=1)
    EmergencyReading.objects.update(until=timezone.now() - dt.timedelta(minutes=1))
    assert notes_seen(mio) == []


def test_the_hour_is_counted_by_the_database_not_by_the_caller(cast: SimpleNamespace, case: Case) -> None:
    with acting(reader(cast, "hq_officer").scope):
        reading = EmergencyReading(
            subject_type="casework.case",
            subject_id=str(case.pk),
            reason=REASON,
            until=timezone.now() + dt.timedelta(days=900),
        )
        reading.save(force_insert=True)
    reading.refresh_from_db()
    assert reading.until - reading.at == dt.timedelta(hours=1)
    assert reading.person == cast.people["hq_officer"].pk


@pytest.mark.parametrize("reason", ["", "urgent", "123456789", "   short   ", "a        b"])
def test_a_reason_of_fewer_than_ten_letters_is_refused(cast: SimpleNamespace, case: Case, reason: str) -> None:
    with pytest.raises(ValueError, match="at least ten characters"):
        open_in_emergency(reader(cast, "hq_officer"), case, reason)
    assert not Entry.objects.filter(event="audit.emergency_reading.opened").exists()


def test_the_database_refuses_a_reading_without_a_reason(cast: SimpleNamespace, case: Case) -> None:
    with (
        pytest.raises(IntegrityError, match="emergency_has_a_reason"),
        transaction.atomic(),
        acting(reader(cast, "hq_officer").scope),
    ):
        EmergencyReading(
            subject_type="casework.case", subject_id=str(case.pk), reason="   -   ", until=timezone.now()
        ).save(force_insert=True)


@pytest.mark.second_wall
@pytest.mark.parametrize("person", ["otaru", "london", "osaka"])
def test_nobody_but_headquarters_can_open_papers_in_an_emergency(
    cast: SimpleNamespace, case: Case, person: str
) -> None:
    from django.db import ProgrammingError

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        open_in_emergency(reader(cast, person), case)


def test_everybody_on_the_case_reads_in_the_log_that_it_happened_and_why(cast: SimpleNamespace, case: Case) -> None:
    open_in_emergency(reader(cast, "hq_officer"), case)
    with acting(reader(cast, "otaru").scope):
        entry = Entry.objects.about(case).get(event="audit.emergency_reading.opened")
    with translation.override("en"):
        assert sentence(entry.event, entry.actor, entry.params) == (
            "Mio Hayakawa (Tokyo headquarters) opened internal papers in an emergency. Reason: Traveller missing since Monday"
        )


# --- The monthly review ---------------------------------------------------------------------------------------------------


def test_review_names_who_why_and_about_which_case(browse: Browse, cast: SimpleNamespace, case: Case) -> None:
    open_in_emergency(reader(cast, "hq_officer"), case)
    page = browse("hq_approver").get("/desk/emergencies/").content.decode()
    for words in ("早川 みお", REASON, "R8-支-0001"):
        assert words in page


def test_review_is_for_those_who_read_the_log(browse: Browse) -> None:
    assert browse("hq_approver").get("/desk/emergencies/").status_code == 200
    for person in ("hq_officer", "otaru_administrator", "london_local"):
        assert browse(person).get("/desk/emergencies/").status_code == 403, person


def test_review_is_paged(browse: Browse, cast: SimpleNamespace, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emergencies, "PAGE", 2)
    for number in range(3):
        open_in_emergency(reader(cast, "hq_officer"), case, f"reason number {number}")
    pages = [browse("hq_approver").get(f"/desk/emergencies/?page={number}").content.decode() for number in (1, 2)]
    assert [[f"reason number {number}" in page for number in range(3)] for page in pages] == [
        [False, True, True], [True, False, False],
    ]  # fmt: skip
