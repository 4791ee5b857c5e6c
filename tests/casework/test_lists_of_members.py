"""Lists of towns and branches: what they hold, body by body, and how the database reads them."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.http import QueryDict

from clair_portal.casework.case_list import CASES
from clair_portal.casework.keyset import every_page
from clair_portal.casework.listing import asked_of
from clair_portal.casework.models import Case
from clair_portal.casework.search import ids_of, words_of
from clair_portal.walls.roles import MEMBER
from clair_portal.walls.scope import Scope, acting
from tests.cast import NOW


def case(cast: SimpleNamespace, title: str, applicant: str, branch: str | None, **more: Any) -> Case:
    number = f"T-{Case.objects.count():04d}"
    filed = {"filed_at": NOW, "number": number} if branch else {}
    return Case.objects.create(
        kind="offices.support", title=title, applicant=cast.places[applicant], state="triage" if branch else "draft",
        branch=cast.places[branch] if branch else None, holder="headquarters" if branch else "applicant",
        search_text=title, fiscal_year=2026, closed_at=NOW if "ended" in title else None, **filed, **more,
    )  # fmt: skip


@pytest.fixture
def cases(cast: SimpleNamespace) -> SimpleNamespace:
    for title, applicant, branch in (
        ("otaru filed", "otaru", "hokkaido"),
        ("otaru draft", "otaru", None),
        ("hakodate ended", "hakodate", "hokkaido"),
        ("hokkaido filed", "hokkaido", "hokkaido"),
        ("hokkaido draft", "hokkaido", None),
        ("sapporo filed", "sapporo", "sapporo"),
        ("sapporo before it was its own branch", "sapporo", "hokkaido"),
        ("osaka ended", "osaka", "osaka"),
    ):
        case(cast, title, applicant, branch)
    return cast


def scope(cast: SimpleNamespace, *places: str) -> Scope:
    return Scope(MEMBER, organisations=tuple(cast.places[place].pk for place in places))


def listed(scope: Scope, query: str = "") -> tuple[list[str], int]:
    with acting(scope):
        asked = asked_of(CASES, QueryDict(query), SimpleNamespace(scope=scope, chosen=None))  # type: ignore[arg-type]
        return [each.title for each in asked.page().rows], asked.counted().total or 0


HOKKAIDO = [
    "sapporo before it was its own branch", "hokkaido draft", "hokkaido filed", "hakodate ended", "otaru filed",
]  # fmt: skip
BOTH = ["sapporo before it was its own branch", "sapporo filed", *HOKKAIDO[1:]]


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        (["otaru"], ["otaru draft", "otaru filed"]),
        (["hakodate"], ["hakodate ended"]),
        (["hokkaido"], HOKKAIDO),
        (["sapporo"], ["sapporo before it was its own branch", "sapporo filed"]),
        (["osaka"], ["osaka ended"]),
        (["sakai"], []),
        (["sapporo", "hokkaido"], BOTH),
        (["otaru", "hakodate", "sakai", "osaka"], ["osaka ended", "hakodate ended", "otaru draft", "otaru filed"]),
    ],
)
def test_each_body_lists_its_own_and_those_it_passes_on_once(
    cases: SimpleNamespace, places: list[str], expected: list[str]
) -> None:
    assert listed(scope(cases, *places)) == (expected, len(expected))


def test_filters_and_orders_narrow_both_halves(cases: SimpleNamespace) -> None:
    hokkaido = scope(cases, "hokkaido")
    assert listed(hokkaido, "sort=-closed")[0] == ["hakodate ended", HOKKAIDO[0], *HOKKAIDO[1:3], "otaru filed"]
    assert listed(hokkaido, "state=draft") == (["hokkaido draft"], 1)
    assert listed(hokkaido, "show=mine") == ([], 0)
    assert listed(scope(cases, "otaru"), "year=2026&state=triage") == (["otaru filed"], 1)


def test_a_successor_lists_what_was_moved_to_it_and_the_former_body_nothing(cases: SimpleNamespace) -> None:
    Case.objects.filter(applicant=cases.places["otaru"]).update(applicant=cases.places["hakodate"])
    assert listed(scope(cases, "hakodate"))[0] == ["hakodate ended", "otaru draft", "otaru filed"]
    assert listed(scope(cases, "otaru")) == ([], 0)


def test_every_page_of_a_branch_is_what_both_walls_let_through(cases: SimpleNamespace) -> None:
    hokkaido = scope(cases, "hokkaido")
    with acting(hokkaido):
        asked = asked_of(CASES, QueryDict("sort=filed"), SimpleNamespace(scope=hokkaido, chosen=None))  # type: ignore[arg-type]
        paged = [each.title for part in every_page(asked.found, asked.order, 2) for each in part]
        assert sorted(paged) == sorted(Case.objects.values_list("title", flat=True)) == sorted(HOKKAIDO)


def test_counting_stops_where_it_is_told(cases: SimpleNamespace) -> None:
    hokkaido = scope(cases, "hokkaido")
    with acting(hokkaido):
        rows = Case.objects.visible_to(hokkaido)
        assert [rows.counted_to(most) for most in (1, 4, 5, 100)] == [1, 4, 5, 5]
        assert Case.objects.all().counted_to(3) == 3


def test_a_search_finds_in_both_halves_and_nothing_of_others(cases: SimpleNamespace) -> None:
    def found(*places: str) -> list[str]:
        with acting(scope(cases, *places)):
            keys = ids_of(words_of("filed")), ids_of(words_of("ended")), ids_of(words_of("draft"))
            return sorted(Case.objects.get(pk=pk).title for part in keys for pk in part)

    assert found("hokkaido") == ["hakodate ended", "hokkaido draft", "hokkaido filed", "otaru filed"]
    assert found("otaru") == ["otaru draft", "otaru filed"]
    assert found("sapporo") == ["sapporo filed"]
    assert found("sapporo", "hokkaido") == [
        "hakodate ended", "hokkaido draft", "hokkaido filed", "otaru filed", "sapporo filed",
    ]  # fmt: skip


# --- How they are read --------------------------------------------------------------------------------------------------
def steps(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(each for child in node.get("Plans", []) for each in steps(child))]


def plan_of(rows: Any) -> list[dict[str, Any]]:
    return steps(json.loads(rows.explain(format="json", analyze=True))[0]["Plan"])


@pytest.mark.parametrize("place", ["hokkaido", "otaru"])
def test_a_list_of_thousands_is_read_by_its_indexes_and_no_further_than_its_page(
    cast: SimpleNamespace, settings: Any, place: str
) -> None:
    settings.FIRST_WALL = True
    call_command("seed_scale", "--cases", "4000", stdout=io.StringIO())
    body = scope(cast, place)
    with acting(body):
        mine = Case.objects.visible_to(body).listed_for(body).order_by("-pk")
        assert mine.count() > 150
        read = [step for step in plan_of(mine.beginning(51)) if step.get("Relation Name") == "casework_case"]
    in_order = {"case_of_branch", "case_requester_only", "case_applicant", "casework_case_pkey"}
    assert {step.get("Index Name") for step in read} <= in_order  # a whole table or bitmaps have no name there
    assert max(step["Actual Rows"] for step in read) <= 51
    assert sum(step.get("Rows Removed by Filter", 0) for step in read) == 0
