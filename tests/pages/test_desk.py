"""The desk: who has the ball, what is due soon, what waits for others, each with the cases that belong there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from clair_portal.casework.models import Case
from tests.casework.travel import case_in

Browse = Callable[..., Any]
HOUR, WEEKS = dt.timedelta(hours=1), dt.timedelta(days=30)
# name: state, due from now. London has the ball where it is referred, Otaru where the office asks.
CASES = {
    "late": ("referred", -WEEKS),
    "at once": ("referred", HOUR),
    "some day": ("accepted", WEEKS),
    "no deadline": ("in_progress", None),
    "asked, at once": ("details_asked", 2 * HOUR),
    "asked, some day": ("more_asked", WEEKS),
    "over": ("closed", None),
}


@pytest.fixture
def held(cast: SimpleNamespace) -> SimpleNamespace:
    now = timezone.now()
    for name, (state, due) in CASES.items():
        Case.objects.filter(pk=case_in(cast, state).pk).update(title=name, due_at=now + due if due else None)
    return cast


@pytest.mark.parametrize(
    ("who", "mine", "others", "soon"),
    [
        (
            "london",
            ["late", "at once", "some day", "no deadline"],
            ["asked, at once", "asked, some day"],
            ["late", "at once", "asked, at once"],
        ),
        (
            "otaru",
            ["asked, at once", "asked, some day"],
            ["late", "at once", "some day", "no deadline"],
            ["late", "at once", "asked, at once"],
        ),
        ("newyork", [], [], []),
    ],
)
def test_each_case_stands_where_it_belongs(
    held: SimpleNamespace, browse: Browse, who: str, mine: list[str], others: list[str], soon: list[str]
) -> None:
    answer = browse(who).get("/desk/")
    for key, expected in (("mine", mine), ("others", others), ("soon", soon)):
        assert [row.case.title for row in answer.context[key]] == expected, key
    page = answer.content.decode()
    for key, expected in (("me", mine), ("others", others), ("soon", soon)):
        section = re.search(rf'id="{key}".*?</section>', page, re.DOTALL)
        assert section, key
        assert [name for name in expected if name not in section[0]] == [], key
    tiles = {tile["url"]: tile["number"] for tile in answer.context["tiles"]}
    assert [tiles[url] for url in ("#me", "#others", "#soon")] == [str(len(each)) for each in (mine, others, soon)]
