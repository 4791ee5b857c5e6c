from __future__ import annotations

import pytest

from clair_portal.network.claims import contradict, side_by_side
from clair_portal.network.models import Claim, Organisation


def claim(value: str, as_of: str = "") -> Claim:
    return Claim(subject="CLAIR", claim="opened", value=value, as_of=as_of, source="test")


@pytest.mark.parametrize(
    ("one", "other", "contradicts"),
    [
        (claim("1988"), claim("1989"), True),
        (claim("1990"), claim("1990-10"), False),
        (claim("unknown"), claim("12"), False),
        (claim("50,000", "2011"), claim("65,000", "2019"), False),
        (claim("1988"), claim("1988"), False),
    ],
)
def test_only_different_values_for_the_same_time_contradict(one: Claim, other: Claim, contradicts: bool) -> None:
    assert contradict(one, other) is contradicts


@pytest.mark.django_db
@pytest.mark.parametrize(("office", "disputed"), [("NYC", True), ("LON", True), ("PAR", False), ("BJS", False)])
def test_the_opening_of_two_offices_is_disputed(reference: str, office: str, disputed: bool) -> None:
    facts = side_by_side(Organisation.objects.get(code=office).claims.all())
    opened = next(fact for fact in facts if fact.label == "opened")
    assert opened.disputed is disputed


@pytest.mark.django_db
def test_disputed_facts_come_first(reference: str) -> None:
    facts = side_by_side(Organisation.objects.get(code="NYC").claims.all())
    assert [fact.disputed for fact in facts] == sorted((fact.disputed for fact in facts), reverse=True)
