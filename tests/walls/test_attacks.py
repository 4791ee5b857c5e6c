"""Every field and every parameter of every address is given what attackers type: nothing fails, nothing comes back alive.

The parameters are found in the source of the views, the fields in the forms the pages show.
"""

from __future__ import annotations

import html
import inspect
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction

from tests.conftest import WebClient
from tests.walls.scene import Scene
from tests.walls.test_matrix import OURS, Address, _targets

ATTACKS = (
    "\"'><script>alert(7919)</script><img src=x onerror=alert(7919)>{{ 7919791979|add:7919791979 }}{% now 'Y' %}${7919*7919}",
    "' or 1=1; drop table casework_case; -- %s %(x)s \\",
    "x\r\nX-Injected: yes\r\n\r\n../../../../etc/passwd\u202e\u0000\U0001f4a3" + "あ" * 3000,
)
ALIVE = ("<script>alert(7919)", "<img src=x onerror", "15839583958", "62710561", "root:x:0:0")
PEOPLE = ("hq_approver", "otaru_administrator", "london_local")
PARAMETER = re.compile(r"""GET(?:\.get|\.getlist)?[\[(]\s*["'](\w+)["']""")
FIELD = re.compile(r"<(?:input|select|textarea)\b[^>]*\bname=\"([^\"]+)\"")
CHOSEN_BY = re.compile(r"<button\b[^>]*\bname=\"([^\"]+)\"")


def parameters_of(address: Address) -> list[str]:
    """Names read from the query anywhere in the module of the view, and in the modules of its app that read queries."""
    module = inspect.getmodule(inspect.unwrap(address.view))
    source = inspect.getsource(module) if module else ""
    return sorted({*PARAMETER.findall(source), "q", "page", "next", "show", "on", "sort"})


def client_of(scene: Scene, person: str) -> WebClient:
    client = WebClient(raise_request_exception=False)
    client.force_login(scene.cast.users[person], backend=django_settings.AUTHENTICATION_BACKENDS[0])
    return client


def faults(response: Any, what: str) -> list[str]:
    if getattr(response, "streaming", False):
        b"".join(response.streaming_content)
        return []
    text = response.content.decode(errors="replace")
    page = response.headers.get("Content-Type", "").startswith(
        "text/html"
    )  # JSON is not read as a page (nosniff, tested)
    found = [f"{what}: {word} came back alive" for word in ALIVE if word in text and (page or "<" not in word)]
    if response.status_code >= 500 and response.status_code != 503:
        found.append(f"{what}: {response.status_code}")
    if response.headers.get("X-Injected"):
        found.append(f"{what}: a header was injected")
    return found


def posted(client: WebClient, path: str, attack: str, what: str) -> list[str]:
    """The page's own form, every field filled with the attack; then the page it leads to. Taken back afterwards."""
    with transaction.atomic():
        shown = client.get(path)
        page = "" if getattr(shown, "streaming", False) else shown.content.decode(errors="replace")
        names = {html.unescape(name) for name in [*FIELD.findall(page), *CHOSEN_BY.findall(page)]}
        names |= {"body", "reason", "title", "label", "action", "holiday", "end", "code", "posting", "language"}
        response = client.post(path, dict.fromkeys(names - {"csrfmiddlewaretoken"}, attack))
        found = faults(response, what)
        if response.status_code == 302 and response["Location"].startswith("/"):
            found += faults(client.get(response["Location"]), f"{what}, then {response['Location']}")
        transaction.set_rollback(True)
    return found


@pytest.fixture(autouse=True)
def stored_files(scene: Scene) -> None:
    for file in scene.files.values():
        storages["documents"].save(file.key, ContentFile(b"x"))


@pytest.mark.parametrize("person", PEOPLE)
def test_no_parameter_of_an_address_does_harm(scene: Scene, person: str, caplog: Any) -> None:
    caplog.set_level("CRITICAL")
    client, found, count = client_of(scene, person), [], 0
    for address in OURS:
        for path, _name, _objects in _targets(scene, address)[:1]:
            names = parameters_of(address)
            tries = [([name], ATTACKS[0]) for name in names] + [(names, attack) for attack in ATTACKS[1:]]
            for chosen, attack in tries:
                response = client.get(f"{path}?{urlencode(dict.fromkeys(chosen, attack))}")
                found, count = found + faults(response, f"{person} {address.name} {chosen}"), count + 1
    assert found == []
    assert count > 500


@pytest.mark.parametrize("person", PEOPLE)
def test_no_field_of_a_form_does_harm(scene: Scene, person: str, caplog: Any) -> None:
    caplog.set_level("CRITICAL")
    client, found, count = client_of(scene, person), [], 0
    for address in OURS:
        if address.rule is None or "POST" not in address.rule.methods:
            continue
        for path, _name, _objects in _targets(scene, address)[:2]:
            for attack in ATTACKS:
                found += posted(client, path, attack, f"{person} {address.name}")
                count += 1
    assert found == []
    assert count > 100


@pytest.mark.parametrize("attack", ["\"'><script>alert(7919)</script>", ATTACKS[1]])
def test_what_was_typed_is_kept_and_shown_as_text(scene: Scene, attack: str) -> None:
    """The other half: not thrown away, but escaped."""
    client = client_of(scene, "hq_approver")
    page = client.get("/desk/directory/", {"q": attack}).content.decode()
    assert html.escape(attack, quote=True).replace("&#x27;", "&#39;") in page.replace("&#x27;", "&#39;")
