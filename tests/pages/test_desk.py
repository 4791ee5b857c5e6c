"""The desk: who has the ball, what is due soon, what waits for others, each with the cases that belong there."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from clair_portal.calendars.models import Holiday
from clair_portal.casework.models import Case
from clair_portal.network.models import Organisation
from clair_portal.outbox.models import Notification
from clair_portal.pages.views.desk import clocks
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


@pytest.mark.parametrize(("notices", "number"), [(3, "3"), (8, "8"), (60, "60"), (99, "99"), (130, "99+")])
def test_what_is_not_read_yet_is_counted_beyond_those_shown(
    cast: SimpleNamespace, browse: Browse, notices: int, number: str
) -> None:
    new = [Notification(message=uuid.uuid4(), person=cast.people["london"].pk, event="x") for _each in range(notices)]
    Notification.objects.bulk_create(new)
    answer = browse("london").get("/desk/")
    assert {tile["url"]: tile["number"] for tile in answer.context["tiles"]}["#new"] == number
    assert len(answer.context["notices"]) == min(notices, 8)


def at_work(now: dt.datetime) -> dict[str, bool]:
    return {clock["city"]: clock["working"] for clock in clocks(now, "en")}


def test_a_place_is_not_at_work_on_its_holidays_and_is_on_a_day_worked_instead(cast: SimpleNamespace) -> None:
    monday, saturday = (dt.datetime(2026, 5, day, 9, 30, tzinfo=dt.UTC) for day in (25, 30))  # 10:30 in London
    assert at_work(monday) == {"Tokyo": False, "Paris": True, "London": True, "New York": False}
    assert at_work(saturday)["London"] is False
    Holiday.objects.create(calendar="LON", date=monday.date(), name_en="Spring bank holiday")
    Holiday.objects.create(calendar="LON", date=saturday.date(), name_en="worked instead", working=True)
    assert at_work(monday) == {"Tokyo": False, "Paris": True, "London": False, "New York": False}
    assert at_work(saturday)["London"] is True


def test_an_office_that_moves_or_begins_has_its_clock_on_the_desk(cast: SimpleNamespace, browse: Browse) -> None:
    Organisation.objects.filter(code="PAR").update(time_zone="Asia/Seoul", calendar="SEL")
    Organisation.objects.create(kind="office", code="GRU", name_en="New office", time_zone="America/Sao_Paulo",
                                calendar="GRU")  # fmt: skip
    Organisation.objects.filter(code="NYC").update(ends_on=dt.date(2020, 3, 31))
    monday = dt.datetime(2026, 5, 25, 14, tzinfo=dt.UTC)
    assert at_work(monday) == {"Tokyo": False, "Seoul": False, "London": True, "Sao Paulo": True}
    page = browse("otaru").get("/desk/").content.decode()
    assert re.findall(r'<span class="ball[^>]*>([^<]+)<span', page)[:4] == ["東京", "ソウル", "ロンドン", "Sao Paulo"]
