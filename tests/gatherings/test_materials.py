"""Materials of an event: for everybody, or for those who have a place."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile

from clair_portal.gatherings.models import Event, Material
from tests.conftest import WebClient
from tests.documents.files import with_part
from tests.gatherings.planning import opened

Browse = Callable[..., WebClient]


def added(browse: Browse, event: Event, audience: str) -> str:
    """The address it is handed out at."""
    upload = SimpleUploadedFile(f"{audience}.txt", b"flood walls\n")
    path = f"/desk/events/{event.pk}/materials/new/"
    assert browse("london_local").post(path, {"upload": upload, "audience": audience}).status_code == 302
    return f"/en/events/materials/{Material.objects.get(audience=audience).pk}/"


def statuses(browse: Browse, path: str) -> dict[str, int]:
    found = {}
    for who in (None, "otaru", "hakodate", "newyork", "london_local"):
        response = browse(who).get(path)
        found[str(who)] = response.status_code
        if response.streaming:
            assert b"".join(response.streaming_content) == b"flood walls\n"
    return found


def test_public_material_is_read_by_everybody(browse: Browse, cast: SimpleNamespace) -> None:
    event = opened(cast)
    path = added(browse, event, "public")
    assert set(statuses(browse, path).values()) == {200}
    assert "public.txt" in browse(None).get(f"/en/events/{event.pk}/").text


def test_material_for_those_registered_is_read_by_them_and_by_the_host(browse: Browse, cast: SimpleNamespace) -> None:
    event = opened(cast, capacity=1)
    path = added(browse, event, "registered")
    browse("otaru").post(f"/desk/events/{event.pk}/register/")
    browse("hakodate").post(f"/desk/events/{event.pk}/register/")  # waits
    assert statuses(browse, path) == {
        "None": 404, "otaru": 200, "hakodate": 404, "newyork": 404, "london_local": 200,
    }  # fmt: skip
    assert "registered.txt" not in browse(None).get(f"/en/events/{event.pk}/").text


def test_file_with_a_macro_is_refused_with_a_sentence(browse: Browse, cast: SimpleNamespace) -> None:
    event = opened(cast)
    upload = SimpleUploadedFile("plan.docx", with_part("word/vbaProject.bin"))
    page = browse("london_local").post(
        f"/desk/events/{event.pk}/materials/new/", {"upload": upload, "audience": "public"}
    )
    assert page.status_code == 422
    assert "macro" in page.text
    assert Material.objects.count() == 0


def test_host_removes_a_material_and_another_office_does_not(browse: Browse, cast: SimpleNamespace) -> None:
    event = opened(cast)
    added(browse, event, "public")
    path = f"/desk/events/{event.pk}/materials/{Material.objects.get().pk}/remove/"
    assert browse("newyork").post(path).status_code == 404
    assert browse("london").post(path).status_code == 302
    assert Material.objects.count() == 0
