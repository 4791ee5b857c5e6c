from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils import translation

from clair_portal.network.claims import contradict, side_by_side, time_written
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


@pytest.mark.parametrize(
    ("as_of", "english", "russian"),
    [
        ("2024", '<time datetime="2024">2024</time>', '<time datetime="2024">2024</time>'),
        ("2017-12", '<time datetime="2017-12">December 2017</time>', '<time datetime="2017-12">декабрь 2017 года</time>'),
        ("2019-06-01", '<time datetime="2019-06-01">1 June 2019</time>', '<time datetime="2019-06-01">1 июня 2019 года</time>'),
        ("2017-13", "2017-13", "2017-13"),
        ("2017-02-30", "2017-02-30", "2017-02-30"),
        ("<b>", "<b>", "<b>"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_a_time_is_written_as_exactly_as_its_source_gives_it(as_of: str, english: str, russian: str) -> None:
    for language, expected in (("en", english), ("ru", russian)):
        with translation.override(language):
            assert time_written(as_of) == expected


def test_what_is_no_time_is_escaped_on_the_page() -> None:
    assert Template("{{ text|when }}").render(Context({"text": "<b>"})) == "&lt;b&gt;"
