from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from clair_portal.ui.navigation import Item, Section, public_links, register, staff_sections

pytestmark = [pytest.mark.urls("tests.ui.urls"), pytest.mark.usefixtures("own_navigation")]


def request_of(rf: RequestFactory, path: str, *rights: str) -> HttpRequest:
    request = rf.get(path)
    request.reader = SimpleNamespace(chosen=SimpleNamespace(rights=frozenset(rights)))  # type: ignore[attr-defined]
    return request


def test_items_stand_in_their_sections_in_order(rf: RequestFactory) -> None:
    register(
        Item("Directory", "directory", section="tools"),
        Item("Settings", "settings", order=2),
        Item("Requests", "requests", order=1),
        Item("Desk", "desk", section="desk"),
    )
    sections = staff_sections(rf.get("/"))
    assert [[link.label for link in section] for section in sections] == [
        ["Desk"],
        ["Requests", "Settings"],
        ["Directory"],
    ]


def test_section_of_an_app_finds_its_place(rf: RequestFactory) -> None:
    register(Section("late", 90), Section("early", 1), Item("B", "desk", section="late"))
    register(Item("A", "settings", section="early"))
    assert [section[0].label for section in staff_sections(rf.get("/"))] == ["A", "B"]


def test_item_that_needs_a_right_is_for_those_who_have_it(rf: RequestFactory) -> None:
    register(Item("Requests", "requests", right="requests.triage"))
    assert staff_sections(rf.get("/")) == []
    assert staff_sections(request_of(rf, "/", "other")) == []
    assert staff_sections(request_of(rf, "/", "requests.triage"))[0][0].url == "/desk/requests/"


def test_hidden_items_are_not_counted(rf: RequestFactory) -> None:
    asked = []
    register(Item("Requests", "requests", right="x", count=lambda request: asked.append(1) or 5))
    staff_sections(rf.get("/"))
    assert asked == []
    assert staff_sections(request_of(rf, "/", "x"))[0][0].count == 5


def test_longest_address_is_the_current_one(rf: RequestFactory) -> None:
    register(Item("Desk", "desk", exact=True), Item("Requests", "requests"), Item("Old", "old_requests"))

    def current(path: str) -> dict[str, str]:
        return {str(link.label): link.current for link in staff_sections(rf.get(path))[0]}

    assert current("/desk/requests/old/") == {"Desk": "", "Requests": "", "Old": "page"}
    assert current("/desk/requests/7/") == {"Desk": "", "Requests": "true", "Old": ""}
    assert current("/desk/") == {"Desk": "page", "Requests": "", "Old": ""}
    assert current("/desk/other/") == {"Desk": "", "Requests": "", "Old": ""}


def test_item_stands_under_its_parent_or_alone_without_it(rf: RequestFactory) -> None:
    register(Item("Requests", "requests", right="x"), Item("Old", "old_requests", under="requests"))
    assert [link.label for link in staff_sections(rf.get("/"))[0]] == ["Old"]
    parent = staff_sections(request_of(rf, "/", "x"))[0][0]
    assert [link.label for link in parent.items] == ["Old"]


def test_public_links_are_kept_from_staff_pages(rf: RequestFactory) -> None:
    register(Item("Home", "home", section="public"), Item("Sign in", "account_login", section="foot"))
    assert staff_sections(rf.get("/")) == []
    assert [link.url for link in public_links(rf.get("/en/"), "public")] == ["/en/"]
    assert [link.url for link in public_links(rf.get("/en/"), "foot")] == ["/accounts/login/"]


def test_registering_again_replaces(rf: RequestFactory) -> None:
    register(Item("Old word", "desk"))
    register(Item("New word", "desk"))
    assert [link.label for link in staff_sections(rf.get("/"))[0]] == ["New word"]
