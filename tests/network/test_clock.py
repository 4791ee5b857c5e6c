from __future__ import annotations

import datetime as dt

import pytest

from clair_portal.network.clock import clock_of
from clair_portal.network.models import Organisation

pytestmark = pytest.mark.django_db


def at(office: str, instant: str) -> tuple[bool, str, str]:
    clock = clock_of(Organisation.objects.get(code=office), now=dt.datetime.fromisoformat(instant), language="en")
    return clock.open, clock.reason, clock.next_day.isoformat()


def test_london_is_open_on_a_tuesday_morning(reference: str) -> None:
    assert at("LON", "2026-11-24T10:00+00:00") == (True, "", "2026-11-25")


def test_london_is_closed_in_the_evening_when_tokyo_sleeps(reference: str) -> None:
    assert at("LON", "2026-11-24T17:00+00:00") == (False, "Outside working hours", "2026-11-25")


def test_before_nine_an_office_opens_the_same_day(reference: str) -> None:
    assert at("LON", "2026-11-24T01:06+00:00") == (False, "Outside working hours", "2026-11-24")


def test_new_york_is_closed_on_thanksgiving(reference: str) -> None:
    assert at("NYC", "2026-11-26T15:00+00:00") == (False, "Thanksgiving Day", "2026-11-27")


def test_seoul_is_closed_on_a_saturday_and_opens_on_monday(reference: str) -> None:
    assert at("SEL", "2026-11-21T03:00+00:00") == (False, "Weekend", "2026-11-23")


def test_the_same_moment_stands_in_both_zones(reference: str) -> None:
    office = Organisation.objects.get(code="LON")
    clock = clock_of(office, now=dt.datetime(2027, 3, 31, 16, 0, tzinfo=dt.UTC), language="en")
    assert clock.times.main == "Wed 31 Mar 2027 17:00 London"
    assert clock.times.other == "Thu 1 Apr 01:00 Tokyo"
