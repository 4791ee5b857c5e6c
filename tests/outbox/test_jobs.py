"""Long jobs: seen while they run, stopped when asked, whole or nothing, and with their owner's authority of today."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, connections
from django.utils import timezone

from clair_portal.accounts.models import Person, Posting, User
from clair_portal.accounts.reader import Reader
from clair_portal.outbox import jobs
from clair_portal.outbox.claiming import claim
from clair_portal.outbox.handlers import do
from clair_portal.outbox.jobs import Progress, clear_old
from clair_portal.outbox.models import Job
from clair_portal.outbox.services import start_job
from clair_portal.walls.scope import SYSTEM_SCOPE, acting, current_scope
from tests.cast import reader
from tests.outbox.conftest import in_threads, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
Runner = Callable[[Job, Reader, Progress], dict[str, Any]]


@pytest.fixture
def start(cast: SimpleNamespace) -> Iterator[Callable[..., Job]]:
    """start(runner) queues a job of Haru of Otaru that runs this function."""

    def start(runner: Runner, person: str = "otaru", **params: Any) -> Job:
        jobs.RUNNERS["test.job"] = runner
        owner = reader(cast, person)
        with acting(owner.scope):
            return start_job("test.job", title="一覧表", person=owner.person, user=cast.users[person].pk, params=params)

    yield start
    jobs.RUNNERS.pop("test.job", None)


Start = Callable[..., Job]


def run(job: Job, now: dt.datetime | None = None) -> bool:
    return do("job", job.pk, now or timezone.now())


def now_of(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def telephone(cast: SimpleNamespace, key: str = "otaru") -> str:
    return Person.objects.get(pk=cast.people[key].pk).telephone


def writes_a_telephone_number(job: Job, owner: Reader, progress: Progress) -> dict[str, Any]:
    Person.objects.filter(pk=owner.person).update(telephone="0134-1")
    progress(1, 2)
    return {"rows": 2}


def test_a_job_runs_as_its_owner_and_keeps_its_result(cast: SimpleNamespace, start: Start) -> None:
    seen: list[Any] = []

    def runner(job: Job, owner: Reader, progress: Progress) -> dict[str, Any]:
        scope = current_scope()
        seen.extend([scope.role, scope.person, owner.person, job.params])
        return writes_a_telephone_number(job, owner, progress)

    job = start(runner, year=2026)
    assert run(job) is True
    assert seen == ["portal_member", cast.people["otaru"].pk, cast.people["otaru"].pk, {"year": 2026}]
    found = now_of(job)
    assert (found.state, found.result, found.done, found.total, found.error) == ("done", {"rows": 2}, 1, 2, "")
    assert telephone(cast) == "0134-1"


def test_progress_is_seen_from_outside_while_the_jobs_transaction_is_open(cast: SimpleNamespace, start: Start) -> None:
    counted, looked = threading.Event(), threading.Event()

    def runner(job: Job, owner: Reader, progress: Progress) -> dict[str, Any]:
        Person.objects.filter(pk=owner.person).update(telephone="0134-1")
        progress(30, 120)
        counted.set()
        assert looked.wait(10)
        return {}

    job = start(runner)

    def worker() -> None:
        run(job)
        connections.close_all()

    thread = threading.Thread(target=worker)
    thread.start()
    assert counted.wait(10)
    found = now_of(job)
    assert (found.state, found.done, found.total) == ("in_flight", 30, 120)
    assert found.lease_until - timezone.now() > dt.timedelta(seconds=100)
    assert telephone(cast) == ""
    looked.set()
    thread.join()
    assert now_of(job).state == "done"
    assert telephone(cast) == "0134-1"


def test_the_owner_sees_and_cancels_their_own_job_and_nobody_elses(cast: SimpleNamespace, start: Start) -> None:
    job = start(writes_a_telephone_number)
    for person, seen in (("otaru", 1), ("otaru_administrator", 0), ("hq_officer", 0)):
        scope = reader(cast, person).scope
        with acting(scope):
            assert Job.objects.visible_to(scope).filter(pk=job.pk).update(cancel_asked_at=None) == seen


@pytest.mark.second_wall
def test_the_database_alone_keeps_the_jobs_of_others_apart(cast: SimpleNamespace, start: Start) -> None:
    job = start(writes_a_telephone_number)
    for person, seen in (("otaru", 1), ("otaru_administrator", 0), ("hq_officer", 0)):
        with acting(reader(cast, person).scope):
            assert Job.objects.filter(pk=job.pk).update(cancel_asked_at=None) == seen


def test_a_job_that_is_cancelled_leaves_nothing_behind(cast: SimpleNamespace, start: Start) -> None:
    def runner(job: Job, owner: Reader, progress: Progress) -> dict[str, Any]:
        Person.objects.filter(pk=owner.person).update(telephone="0134-1")
        in_threads(1, lambda: Job.objects.filter(pk=job.pk).update(cancel_asked_at=timezone.now()))
        progress(1, 2)
        raise AssertionError("went on after it was cancelled")

    job = start(runner)
    assert run(job) is False
    assert (now_of(job).state, now_of(job).error) == ("cancelled", "")
    assert telephone(cast) == ""


def test_a_job_cancelled_before_it_began_does_not_begin(cast: SimpleNamespace, start: Start) -> None:
    job = start(writes_a_telephone_number)
    Job.objects.update(cancel_asked_at=timezone.now())
    assert run(job) is False
    assert now_of(job).state == "cancelled"
    assert telephone(cast) == ""


def test_a_job_that_fails_says_why_leaves_nothing_behind_and_is_not_tried_again(
    cast: SimpleNamespace, start: Start
) -> None:
    runs: list[int] = []

    def runner(job: Job, owner: Reader, progress: Progress) -> dict[str, Any]:
        runs.append(1)
        Person.objects.filter(pk=owner.person).update(telephone="0134-1")
        raise LookupError("no such year")

    job = start(runner)
    assert run(job) is False
    assert (now_of(job).state, now_of(job).error) == ("failed", "LookupError: no such year")
    assert telephone(cast) == ""
    run(job, timezone.now() + dt.timedelta(days=1))
    assert runs == [1]


def test_a_job_of_an_unknown_kind_fails_with_a_name(cast: SimpleNamespace, start: Start) -> None:
    job = start(writes_a_telephone_number)
    Job.objects.update(kind="no.such.kind")
    run(job)
    assert (now_of(job).state, now_of(job).error) == ("failed", "KeyError: 'no.such.kind'")


def test_an_owner_whose_posting_has_ended_gets_no_job_done(cast: SimpleNamespace, start: Start) -> None:
    job = start(writes_a_telephone_number)
    Posting.objects.filter(person=cast.people["otaru"]).update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    assert run(job) is False
    assert (now_of(job).state, now_of(job).error) == (
        "failed",
        "PermissionError: the posting this job was started from has ended",
    )
    assert telephone(cast) == ""


def test_a_job_started_from_one_posting_does_not_go_on_with_another(cast: SimpleNamespace, start: Start) -> None:
    job = start(writes_a_telephone_number)
    Posting.objects.filter(person=cast.people["otaru"]).update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    Posting.objects.create(
        person=cast.people["otaru"],
        organisation=cast.places["hq"],
        role_id="hq_officer",
        starts_on=timezone.localdate(),
    )
    assert run(job) is False
    assert now_of(job).error == "PermissionError: the posting this job was started from has ended"


def test_an_owner_with_two_postings_has_the_job_done_in_the_one_it_was_started_from(
    cast: SimpleNamespace, start: Start
) -> None:
    roles: list[str] = []

    def runner(job: Job, owner: Reader, progress: Progress) -> dict[str, Any]:
        roles.append(owner.scope.role)
        return {}

    job = start(runner)
    Posting.objects.create(
        person=cast.people["otaru"],
        organisation=cast.places["hq"],
        role_id="hq_officer",
        starts_on=timezone.localdate(),
    )
    assert run(job) is True
    assert roles == ["portal_member"]


def test_an_owner_whose_account_was_closed_gets_no_job_done(cast: SimpleNamespace, start: Start) -> None:
    job = start(writes_a_telephone_number)
    User.objects.filter(pk=cast.users["otaru"].pk).update(is_active=False)
    assert run(job) is False
    assert now_of(job).error == "PermissionError: the owner of this job has no account any more"


def test_a_job_whose_worker_died_begins_again_three_times_at_most(cast: SimpleNamespace, start: Start) -> None:
    job, now = start(writes_a_telephone_number), timezone.now()
    for turn in range(3):
        with acting(SYSTEM_SCOPE):
            assert claim(Job, job.pk, now + turn * dt.timedelta(minutes=3), jobs.LEASE)
    assert run(job, now + dt.timedelta(minutes=9)) is False
    assert (now_of(job).state, now_of(job).error) == ("failed", "The job stopped three times.")


def test_a_job_that_another_worker_began_anew_is_rolled_back_in_the_first(cast: SimpleNamespace, start: Start) -> None:
    def runner(job: Job, owner: Reader, progress: Progress) -> dict[str, Any]:
        Person.objects.filter(pk=owner.person).update(telephone="0134-1")
        in_threads(1, lambda: taken_over(job))
        progress(1, 2)
        raise AssertionError("went on although another worker had the job")

    job = start(runner)
    assert run(job) is False
    assert now_of(job).state == "in_flight"
    assert telephone(cast) == ""


def test_a_job_taken_over_just_before_its_end_is_rolled_back_as_well(cast: SimpleNamespace, start: Start) -> None:
    def runner(job: Job, owner: Reader, progress: Progress) -> dict[str, Any]:
        Person.objects.filter(pk=owner.person).update(telephone="0134-1")
        in_threads(1, lambda: taken_over(job))
        return {}

    job = start(runner)
    assert run(job) is False
    assert now_of(job).state == "in_flight"
    assert telephone(cast) == ""


def taken_over(job: Job) -> None:
    with acting(SYSTEM_SCOPE):
        assert claim(Job, job.pk, timezone.now() + dt.timedelta(minutes=5), jobs.LEASE)


def test_a_result_file_is_kept_for_seven_days_and_then_removed(cast: SimpleNamespace, start: Start) -> None:
    def runner(job: Job, owner: Reader, progress: Progress) -> dict[str, Any]:
        key = storages["documents"].save("exports/list", ContentFile(b"a,b"))
        return {"rows": 2, "file": key, "file_name": "一覧.csv"}

    job = start(runner)
    assert run(job) is True
    found = now_of(job)
    assert (found.result, found.file_name) == ({"rows": 2}, "一覧.csv")
    with storages["documents"].open(found.file) as stored:
        assert stored.read() == b"a,b"
    assert found.expires_at - found.done_at == dt.timedelta(days=7)
    with acting(SYSTEM_SCOPE):
        clear_old(found.done_at + dt.timedelta(days=6, hours=23))
    assert storages["documents"].exists(found.file)
    with acting(SYSTEM_SCOPE):
        clear_old(found.done_at + dt.timedelta(days=7, seconds=1))
    assert not storages["documents"].exists(found.file)
    assert not Job.objects.exists()


def test_no_connection_of_a_progress_stays_open(cast: SimpleNamespace, start: Start) -> None:
    before = other_connections()  # a server of an earlier test may still have some
    for _turn in range(3):
        run(start(writes_a_telephone_number))
    wait_for(lambda: other_connections() <= before, 2)


def other_connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() "
            "and backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])
