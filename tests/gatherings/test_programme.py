"""Programme, speakers and partners: the host writes them, everybody reads them with the event."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from clair_portal.gatherings.models import Partner, ProgrammeItem, Speaker
from tests.conftest import WebClient
from tests.gatherings.planning import opened

Browse = Callable[..., WebClient]


def test_host_writes_programme_speakers_and_partners_and_the_public_reads_them(
    browse: Browse, cast: SimpleNamespace
) -> None:
    event, host = opened(cast), browse("london_local")
    path = f"/desk/events/{event.pk}/programme"
    host.post(f"{path}/speaker/", {"name": "Ann Smith", "affiliation": "York"})
    host.post(f"{path}/partner/", {"name": "British Council", "role": "co_host"})
    line = {
        "day": "2027-02-10",
        "begins": "14:30",
        "ends": "15:00",
        "title_en": "Flood walls",
        "speaker": Speaker.objects.get().pk,
    }
    assert host.post(f"{path}/programme/", line).status_code == 302
    page = browse(None).get(f"/en/events/{event.pk}/").text
    assert [
        words for words in ("14:30–15:00", "Flood walls", "Ann Smith, York", "British Council") if words not in page
    ] == []
    host.post(f"{path}/speaker/{Speaker.objects.get().pk}/remove/")
    assert (Speaker.objects.count(), ProgrammeItem.objects.get().speaker, Partner.objects.count()) == (0, None, 1)


def test_line_outside_the_event_is_refused_and_kept_in_the_form(browse: Browse, cast: SimpleNamespace) -> None:
    event = opened(cast)
    line = {"day": "2027-02-10", "begins": "16:00", "title_en": "Too late"}
    page = browse("london_local").post(f"/desk/events/{event.pk}/programme/programme/", line)
    assert page.status_code == 422
    assert "This is outside the event. Change the times of the event first." in page.text
    assert "Too late" in page.text
    assert ProgrammeItem.objects.count() == 0


def test_another_office_adds_nothing(browse: Browse, cast: SimpleNamespace) -> None:
    event = opened(cast)
    assert browse("newyork").post(f"/desk/events/{event.pk}/programme/speaker/", {"name": "x"}).status_code == 404
