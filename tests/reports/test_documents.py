"""Asked for twice, made once; seen only by whom it was made for; gone after seven days or with what it was about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone
from django.utils.translation import get_language

from clair_portal.accounts.models import Person
from clair_portal.accounts.reader import Reader
from clair_portal.outbox import jobs
from clair_portal.outbox.claiming import claim
from clair_portal.outbox.handlers import do
from clair_portal.outbox.jobs import Progress
from clair_portal.outbox.models import Job
from clair_portal.reports import documents
from clair_portal.reports.documents import Made, ReportKind, ask_for
from clair_portal.reports.models import Report
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.cast import reader
from tests.conftest import WebClient
from tests.outbox.conftest import in_threads

pytestmark = pytest.mark.django_db(transaction=True)


def card(owner: Reader, params: dict[str, Any]) -> str:
    """What the report is about: a name in the directory, which the reader may see or not."""
    found = Person.objects.visible_to(owner.scope).filter(pk=params["person"]).values_list("telephone", flat=True)
    if not found:
        raise LookupError("nobody there")
    return str(found[0])


@pytest.fixture
def made() -> Iterator[list[str]]:
    """Declares the kind "test.card"; the list grows by one line each time a card is made."""
    lines: list[str] = []

    def make(owner: Reader, params: dict[str, Any], at: dt.datetime, progress: Progress) -> Made:
        lines.append(f"{get_language()} {timezone.get_current_timezone_name()} {card(owner, params)}")
        return Made(lines[-1].encode(), f"card-{len(lines)}.txt", "text/plain")

    documents.declare(ReportKind("test.card", lambda owner, params: "名刺", card, make))
    yield lines
    documents.KINDS.pop("test.card")


def ask(cast: SimpleNamespace, asker: str = "otaru", about: str = "hokkaido", language: str = "ja") -> Report | Job:
    actor, user = reader(cast, asker), cast.users[asker].pk
    with acting(actor.scope):
        params = {"person": cast.people[about].pk}
        return ask_for("test.card", params, actor=actor, user=user, language=language, now=timezone.now())


def run(job: Report | Job) -> Job:
    do("job", job.pk, timezone.now())
    return Job.objects.get(pk=job.pk)


def content(report: Report) -> bytes:
    with storages["documents"].open(report.file) as stored:
        return bytes(stored.read())


def stored() -> list[str]:
    return sorted(storages["documents"].listdir("reports")[1])


def test_report_is_made_by_the_worker_in_the_askers_language_and_on_their_clock(
    cast: SimpleNamespace, made: list[str]
) -> None:
    Person.objects.filter(pk=cast.people["london_local"].pk).update(time_zone="Europe/London")
    job = run(ask(cast, "london_local", "otaru", language="en"))
    assert (job.state, job.title, job.done, job.total, job.error) == ("done", "名刺", 3, 3, "")
    report = Report.objects.get()
    assert job.result == {"report": str(report.pk), "report_name": "card-1.txt"}
    assert made == ["en Europe/London "]
    assert content(report) == b"en Europe/London "
    assert (report.language, report.size, report.media_type) == ("en", 17, "text/plain")
    assert report.organisation == cast.places["london"]
    assert report.expires_at - report.made_at == dt.timedelta(days=7)


def test_same_thing_asked_for_again_is_handed_back_and_not_made_again(cast: SimpleNamespace, made: list[str]) -> None:
    run(ask(cast))
    again = ask(cast)
    colleague = ask(cast, "otaru_administrator")
    assert again == colleague == Report.objects.get()
    assert len(made) == 1


def test_second_click_finds_the_job_that_is_on_its_way(cast: SimpleNamespace, made: list[str]) -> None:
    assert ask(cast) == ask(cast)
    assert Job.objects.count() == 1


def test_colleague_who_asks_meanwhile_gets_the_sameContentFile(cast: SimpleNamespace, made: list[str]) -> None:
    first, second = ask(cast), ask(cast, "otaru_administrator")
    assert first != second
    assert run(first).result == run(second).result
    assert len(made) == len(stored()) == 1


@pytest.mark.parametrize(
    "other",
    [{"language": "en"}, {"asker": "hokkaido"}, {"about": "otaru_administrator"}],
    ids=["language", "organisation", "subject"],
)
def test_another_language_organisation_or_subject_is_another_report(
    cast: SimpleNamespace, made: list[str], other: dict[str, str]
) -> None:
    run(ask(cast))
    assert isinstance(ask(cast, **other), Job)


def test_changed_content_is_made_anew_and_the_former_file_stays_for_who_has_its_address(
    cast: SimpleNamespace, made: list[str]
) -> None:
    run(ask(cast))
    Person.objects.filter(pk=cast.people["hokkaido"].pk).update(telephone="011-1")
    run(ask(cast))
    assert made == ["ja Asia/Tokyo ", "ja Asia/Tokyo 011-1"]
    assert sorted(map(content, Report.objects.all())) == [b"ja Asia/Tokyo ", b"ja Asia/Tokyo 011-1"]


def test_content_that_changed_while_the_job_waited_is_the_newer_one(cast: SimpleNamespace, made: list[str]) -> None:
    job = ask(cast)
    Person.objects.filter(pk=cast.people["hokkaido"].pk).update(telephone="011-1")
    run(job)
    assert ask(cast) == Report.objects.get()
    assert made == ["ja Asia/Tokyo 011-1"]


def test_what_the_asker_does_not_see_is_not_reported_on(cast: SimpleNamespace, made: list[str]) -> None:
    with pytest.raises(LookupError):
        ask(cast, "otaru", about="osaka")
    assert not Job.objects.exists()


def test_worker_that_died_after_writing_the_file_is_followed_by_one_that_leaves_oneContentFile(
    cast: SimpleNamespace, made: list[str]
) -> None:
    job = ask(cast)
    with acting(SYSTEM_SCOPE):
        assert claim(Job, job.pk, timezone.now(), jobs.LEASE)
    key = job.params["key"] if isinstance(job, Job) else ""
    storages["documents"].save(f"reports/{key}", ContentFile(b"half"))
    do("job", job.pk, timezone.now() + dt.timedelta(minutes=5))
    assert Job.objects.get(pk=job.pk).state == "done"
    assert stored() == [key]
    assert content(Report.objects.get()) == b"ja Asia/Tokyo "


def test_workers_that_make_the_same_at_once_leave_oneContentFile(cast: SimpleNamespace, made: list[str]) -> None:
    waiting = [ask(cast), ask(cast, "otaru_administrator")]
    in_threads(2, lambda: [do("job", job.pk, timezone.now()) for job in waiting])
    assert {job.state for job in Job.objects.all()} == {"done"}
    assert len(made) == len(stored()) == Report.objects.count() == 1


def test_cancelled_job_leaves_no_report(cast: SimpleNamespace, made: list[str]) -> None:
    job = ask(cast)
    Job.objects.update(cancel_asked_at=timezone.now())
    assert run(job).state == "cancelled"
    assert not Report.objects.exists()
    assert isinstance(ask(cast), Job)


def test_failed_job_can_be_asked_for_again(cast: SimpleNamespace, made: list[str]) -> None:
    def out_of_paper(owner: Reader, params: dict[str, Any], at: dt.datetime, progress: Progress) -> Made:
        raise RuntimeError("out of paper")

    plain = documents.KINDS["test.card"]
    documents.declare(ReportKind("test.card", plain.title, plain.version, out_of_paper))
    assert run(ask(cast)).error == "RuntimeError: out of paper"
    documents.declare(plain)
    assert run(ask(cast)).state == "done"


def test_report_whose_file_is_gone_is_made_again(cast: SimpleNamespace, made: list[str]) -> None:
    run(ask(cast))
    storages["documents"].delete(Report.objects.get().file)
    run(ask(cast))
    assert content(Report.objects.get()) == b"ja Asia/Tokyo "


def test_reports_go_after_seven_days_and_so_do_files_that_no_row_names(cast: SimpleNamespace, made: list[str]) -> None:
    run(ask(cast))
    lost = storages["documents"].save("reports/lost", ContentFile(b"x"))
    at = Report.objects.get().expires_at
    with acting(SYSTEM_SCOPE):
        documents.clear_old(at - dt.timedelta(minutes=1))
    assert len(stored()) == 1
    assert not storages["documents"].exists(lost)
    with acting(SYSTEM_SCOPE):
        documents.clear_old(at)
    assert (stored(), Report.objects.count()) == ([], 0)


def test_expired_report_that_nobody_swept_yet_is_made_anew(cast: SimpleNamespace, made: list[str]) -> None:
    run(ask(cast))
    Report.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    run(ask(cast))
    assert (len(made), Report.objects.count()) == (2, 1)
    assert Report.objects.get().expires_at > timezone.now()


def test_personal_report_is_for_its_asker_alone(cast: SimpleNamespace, made: list[str]) -> None:
    plain = documents.KINDS["test.card"]
    documents.declare(ReportKind("test.card", plain.title, plain.version, plain.make, lambda owner, params: True))
    run(ask(cast))
    assert isinstance(ask(cast), Report)
    assert isinstance(ask(cast, "otaru_administrator"), Job)


def status(client: WebClient, address: str) -> int:
    response = client.get(address)
    if response.streaming:
        b"".join(response.streaming_content)
    return int(response.status_code)


def browser(cast: SimpleNamespace, person: str) -> WebClient:
    client = WebClient(raise_request_exception=False)
    client.force_login(cast.users[person], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_page_of_the_job_shows_the_bar_and_then_the_download(cast: SimpleNamespace, made: list[str]) -> None:
    job, client = ask(cast), browser(cast, "otaru")
    page = client.get(f"/desk/jobs/{job.pk}/").content.decode()
    assert "<progress" in page
    assert 'http-equiv="refresh"' in page
    run(job)
    page = client.get(f"/desk/jobs/{job.pk}/").content.decode()
    address = f"/desk/reports/{Report.objects.get().pk}/file/"
    assert f'href="{address}"' in page
    assert "card-1.txt" in page
    response = client.get(address)
    assert b"".join(response.streaming_content) == b"ja Asia/Tokyo "
    assert response["Content-Disposition"] == 'attachment; filename="card-1.txt"'
    assert response["Cache-Control"] == "private, no-store"


def test_download_is_for_the_organisation_it_was_made_for(cast: SimpleNamespace, made: list[str]) -> None:
    run(ask(cast))
    address = f"/desk/reports/{Report.objects.get().pk}/file/"
    found = {
        person: status(browser(cast, person), address) for person in ("otaru_administrator", "hokkaido", "hq_officer")
    }
    assert found == {"otaru_administrator": 200, "hokkaido": 404, "hq_officer": 404}


def test_download_ends_when_its_subject_is_taken_away_or_it_expires(cast: SimpleNamespace, made: list[str]) -> None:
    run(ask(cast, about="otaru_administrator"))
    report, client = Report.objects.get(), browser(cast, "otaru")
    address = f"/desk/reports/{report.pk}/file/"
    assert status(client, address) == 200
    Report.objects.update(expires_at=timezone.now())
    assert status(client, address) == 404
    Report.objects.update(expires_at=timezone.now() + dt.timedelta(days=1), params={"person": 0})
    assert status(client, address) == 404
