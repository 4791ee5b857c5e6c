"""The search finds whatever the reader may see, however it is typed, and never a case of somebody else."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict

from clair_portal.casework.case_list import CASES
from clair_portal.casework.listing import asked_of
from clair_portal.casework.models import Case, Referral
from clair_portal.casework.search import Word, ids_of, keys_of, words_of
from clair_portal.walls.scope import Scope, acting
from tests.casework.travel import FILLED_IN, case_in, step
from tests.cast import NOW, reader

Browse = Callable[..., Any]
READERS = ("hq_officer", "hq_approver", "otaru", "hakodate", "hokkaido", "sapporo", "osaka", "london", "newyork")


def found(cast: SimpleNamespace, who: str, text: str) -> list[str]:
    scope = reader(cast, who).scope
    with acting(scope):
        return [Case.objects.get(pk=pk).title for pk in ids_of(words_of(text))]


@pytest.fixture
def requests(cast: SimpleNamespace) -> SimpleNamespace:
    """One of Otaru with London, one of Hakodate with its branch, one of Sapporo in triage, a draft of Otaru."""
    for title, who, state, texts in (
        ("運河と倉庫の保存活用", "otaru", "referred", "Canals of Birmingham; 水辺の再生"),
        ("姉妹都市50周年", "hakodate", "branch_check", "高校生の交流"),
        ("冬季の公共交通", "sapporo", "triage", "トラムと除雪 JICA研修"),
        ("港の再生(下書き)", "otaru", "draft", "水辺"),
    ):
        made = case_in(cast, state)
        text, pairs = keys_of(title, made.number, [texts])
        place = cast.places[who]
        Case.objects.filter(pk=made.pk).update(
            title=title, search_text=text, bigrams=pairs, applicant=place, branch=made.branch and place.checking_branch
        )
    return cast


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("運河", ["運河と倉庫の保存活用"]),
        ("倉庫 運河", ["運河と倉庫の保存活用"]),
        ("運河 交通", []),
        ("水辺", ["運河と倉庫の保存活用"]),
        ("ﾄﾗﾑ", ["冬季の公共交通"]),
        ("とらむ", ["冬季の公共交通"]),
        ("birming", ["運河と倉庫の保存活用"]),
        ("ＪＩＣＡ研修", ["冬季の公共交通"]),
        ("jica", ["冬季の公共交通"]),
        ("50", ["姉妹都市50周年"]),
        ("R8-支-0001", ["運河と倉庫の保存活用"]),
        ("r8支0002", ["姉妹都市50周年"]),
        ("小樽", ["運河と倉庫の保存活用"]),
        ("Otaru 運河", ["運河と倉庫の保存活用"]),
        ("Sapporo", ["冬季の公共交通"]),
        ("x", []),
        ("", []),
        ("   ", []),
    ],
)
def test_headquarters_finds_by_number_subject_text_and_requester(
    requests: SimpleNamespace, text: str, titles: list[str]
) -> None:
    assert found(requests, "hq_officer", text) == titles


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        ("otaru", ["港の再生(下書き)", "運河と倉庫の保存活用"]),
        ("hokkaido", ["運河と倉庫の保存活用"]),
        ("hq_officer", ["運河と倉庫の保存活用"]),
        ("london", ["運河と倉庫の保存活用"]),
        ("hakodate", []),
        ("sapporo", []),
        ("osaka", []),
        ("newyork", []),
    ],
)
def test_each_finds_only_what_they_may_see(requests: SimpleNamespace, who: str, titles: list[str]) -> None:
    assert found(requests, who, "水辺") == titles


def test_an_office_no_longer_finds_what_it_returned(requests: SimpleNamespace) -> None:
    step(requests, Case.objects.get(title="運河と倉庫の保存活用"), "london", "return")
    assert found(requests, "london", "運河") == []


def test_without_a_scope_nothing_is_found(requests: SimpleNamespace) -> None:
    words = [Word(["運河"], [], [])]
    with acting(Scope("portal_member")):
        assert ids_of(words) == []
    assert ids_of(words) == []  # the owner, in no role


def test_the_public_and_the_sign_in_may_not_search(requests: SimpleNamespace) -> None:
    with connection.cursor() as cursor:
        for role in ("portal_public", "portal_login", "portal_web", "portal_worker"):
            cursor.execute(
                "select has_function_privilege(%s, 'casework_search(jsonb, integer, bigint)', 'execute')", [role]
            )
            assert cursor.fetchone() == (False,), role


@pytest.mark.parametrize(
    "text", ["%%%", "___", "\\\\\\", "'; drop table x; --", "$q$ or true", "{}", '"', "\u3000運", "a" * 5000]
)
def test_what_is_typed_is_only_looked_for(requests: SimpleNamespace, text: str) -> None:
    assert found(requests, "hq_officer", text) == []


# --- Brute force ----------------------------------------------------------------------------------------------------------
PIECES = ("運河", "倉庫", "交通", "再生", "水辺", "観光", "Canal", "harbour", "JICA", "50", "姉妹", "雪")


def many_cases(cast: SimpleNamespace, chance: random.Random) -> None:
    places = [cast.places[name] for name in ("otaru", "hakodate", "sapporo", "osaka", "sakai")]
    rows = []
    for number in range(300):
        title = " ".join(chance.sample(PIECES, 2)) + chance.choice(PIECES)
        text, pairs = keys_of(title, f"X-{number:04d}", ["".join(chance.sample(PIECES, 3))])
        applicant, filed = chance.choice(places), chance.random() < 0.8
        rows.append(
            Case(
                kind="offices.support", title=title, number=f"X-{number:04d}", state="triage", holder="headquarters",
                applicant=applicant, branch=applicant.checking_branch if filed else None, filed_at=NOW if filed else None,
                search_text=text, bigrams=pairs,
            )
        )  # fmt: skip
    made = Case.objects.bulk_create(rows)
    offices = [cast.places[name] for name in ("london", "newyork", "paris")]
    Referral.objects.bulk_create(
        Referral(case=case, office=chance.choice(offices), standing=chance.random() < 0.7)
        for case in made
        if case.filed_at and chance.random() < 0.6
    )


def by_reading_everything(scope: Scope, words: list[Word]) -> list[int]:
    cases = Case.objects.visible_to(scope).listed_for(scope).order_by("-pk")
    return [case.pk for case in cases if all(_holds(case, word) for word in words)]


def _holds(case: Case, word: Word) -> bool:
    said = set(word.pairs) <= set(case.bigrams) and (not word.forms or any(f in case.search_text for f in word.forms))
    return said or case.applicant_id in word.bodies


def test_the_search_finds_exactly_what_reading_everything_finds(cast: SimpleNamespace) -> None:
    chance = random.Random(20261125)
    many_cases(cast, chance)
    asked = [*PIECES, "河と", "庫の", "函館", "札幌 交通", "xyz", "ana", "運河倉庫", "X-0017", "0017"]
    asked += [" ".join(chance.sample(PIECES, 2)) for _ in range(20)]
    hits = 0
    for who in READERS:
        scope = reader(cast, who).scope
        with acting(scope):
            for text in asked:
                words = words_of(text)
                expected = by_reading_everything(scope, words)
                assert ids_of(words) == expected, (who, text)
                narrowed = Case.objects.visible_to(scope).listed_for(scope)
                for word in words:
                    narrowed = narrowed.filter(word.condition())
                assert list(narrowed.order_by("-pk").values_list("pk", flat=True)) == expected, (who, text)
                hits += len(expected)
    assert hits > 3000


def test_a_substring_of_any_text_is_found(cast: SimpleNamespace) -> None:
    chance = random.Random(8)
    many_cases(cast, chance)
    scope = reader(cast, "hq_officer").scope
    with acting(scope):
        for case in Case.objects.visible_to(scope)[:100]:
            begin = chance.randrange(len(case.search_text) - 4)
            piece = case.search_text[begin : begin + chance.randint(3, 4)]
            if " " not in piece:
                assert case.pk in ids_of(words_of(piece)), (piece, case.search_text)


# --- The request itself and the page -----------------------------------------------------------------------------------
def test_a_filed_request_is_found_by_its_number_and_its_texts(cast: SimpleNamespace) -> None:
    assert FILLED_IN["purpose"] == "To learn"
    case = case_in(cast, "triage")
    for text in ("R8-支-0001", "learn", "canals", "小樽 canals"):
        assert found(cast, "hq_officer", text) == [case.title], text


def test_the_page_shows_cases_organisations_and_people(requests: SimpleNamespace, browse: Browse) -> None:
    page = browse("london_local").get("/desk/search/?q=otaru").content.decode()
    assert "運河と倉庫の保存活用" in page
    assert '<h2 id="s-organisations">' in page
    assert '<h2 id="s-people">' in page
    assert "Haru Iwakura" in page
    assert "港の再生" not in page


def test_a_stranger_to_the_case_gets_an_empty_page_that_says_what_to_do(
    requests: SimpleNamespace, browse: Browse
) -> None:
    page = browse("newyork").get("/desk/search/?q=運河").content.decode()
    assert "運河と倉庫" not in page
    assert "Type at least two characters" in page


def test_many_hits_lead_to_the_list_with_the_same_words(cast: SimpleNamespace, browse: Browse) -> None:
    many_cases(cast, random.Random(3))
    page = browse("hq_officer").get("/desk/search/?q=運河").content.decode()
    assert 'href="/desk/cases/?q=%E9%81%8B%E6%B2%B3"' in page
    assert "件" in browse("hq_officer").get("/desk/cases/?q=運河").content.decode()


@pytest.fixture
def keys_jump(requests: SimpleNamespace) -> Iterator[None]:
    """Cases from now on have keys beyond a thousand million. A sequence does not roll back: it is put back by hand."""
    sequence = "pg_get_serial_sequence('casework_case', 'id')"
    with connection.cursor() as cursor:
        cursor.execute(f"select nextval({sequence}), setval({sequence}, 1000000000)")
        before = cursor.fetchone()[0]
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"select setval({sequence}, %s)", [before])


@pytest.mark.parametrize("newer", [1, 3], ids=["by the indexes", "reading on"])
@pytest.mark.parametrize(
    ("who", "seen"), [("hq_officer", True), ("otaru", True), ("london", True), ("sapporo", False), ("newyork", False)]
)
def test_beyond_the_newest_stretch_of_keys_the_same_is_found_whichever_way_is_cheaper(
    requests: SimpleNamespace, keys_jump: None, who: str, seen: bool, newer: int
) -> None:
    """With keys of a thousand million one newer case is rare and three are many."""
    for number in range(newer):
        made = case_in(requests, "referred")
        text, pairs = keys_of(f"運河 {number}", made.number)
        Case.objects.filter(pk=made.pk).update(title=f"運河 {number}", search_text=text, bigrams=pairs)
    expected = [*(f"運河 {number}" for number in reversed(range(newer))), "運河と倉庫の保存活用"]
    assert found(requests, who, "運河") == (expected if seen else [])


def test_a_search_that_finds_too_many_is_not_counted_again(cast: SimpleNamespace, browse: Browse) -> None:
    town, hq = cast.places["otaru"], cast.places["hq"]
    text, pairs = keys_of("運河", None)
    Case.objects.bulk_create(
        Case(
            kind="offices.support", title="運河", number=f"T-{number}", applicant=town, branch=town.branch, state="triage",
            holder="headquarters", holding=hq, filed_at=NOW, fiscal_year=2026 - number % 2, search_text=text, bigrams=pairs,
        )
        for number in range(1001)
    )  # fmt: skip

    def shown(address: str) -> tuple[Any, ...]:
        page = browse("hq_officer").get(address).context
        return page["total"], page["more_than"], len(page["lines"]), bool(page["next"]), bool(page["previous"])

    assert shown("/desk/cases/?q=運河") == (None, 100, 50, True, False)
    assert shown("/desk/cases/?q=運河&sort=case") == (None, 100, 50, True, False)
    assert shown("/desk/cases/?q=運河&year=2025") == (None, 100, 50, True, False)
    assert shown("/desk/cases/?q=運河&year=2025&holder=headquarters") == (500, 0, 50, True, False)
    assert shown("/desk/cases/?q=運河&year=2024") == (0, 0, 0, False, False)


@pytest.mark.parametrize(("who", "more"), [("hq_officer", True), ("hokkaido", False), ("london", False)])
def test_pages_of_a_search_show_every_hit_once_and_lead_back(cast: SimpleNamespace, who: str, more: bool) -> None:
    many_cases(cast, random.Random(5))
    actor = reader(cast, who)
    with acting(actor.scope):
        expected = by_reading_everything(actor.scope, words_of("運河"))
        assert (len(expected) > 100) is more
        at, pages, back = "", [], ""
        while not pages or at:
            asked = asked_of(CASES, QueryDict(urlencode({"q": "運河", "after": at})), actor)
            page = asked.page(10)
            assert asked.counted().total == (None if more else len(expected))
            pages.append([case.pk for case in page.rows])
            at, back = page.next, page.previous
        assert [pk for keys in pages for pk in keys] == expected
        before = asked_of(CASES, QueryDict(urlencode({"q": "運河", "before": back})), actor).page(10)
        assert [case.pk for case in before.rows] == pages[-2]


# --- Filters that are asked together ------------------------------------------------------------------------------------
def test_filters_that_are_sought_together_find_what_reading_everything_finds(cast: SimpleNamespace) -> None:
    chance = random.Random(11)
    many_cases(cast, chance)
    for case in Case.objects.all():
        case.countries, case.topics = chance.sample(["GB", "FR", "ES"], 1), chance.sample(["sports", "culture"], 1)
        case.state, case.fiscal_year = chance.choice(["triage", "closed"]), chance.choice([2024, 2025, 2026])
        case.save()
    for who in ("hq_officer", "otaru", "hokkaido", "london"):
        actor = reader(cast, who)
        with acting(actor.scope):
            known = Case.objects.in_bulk()
            for query in (
                "country=GB", "topic=sports", "country=GB&year=2025", "topic=culture&state=closed&year=2026",
                "q=運河&state=triage", "q=運河&topic=sports&country=FR", "state=closed&year=2024", "country=ES&show=ended",
            ):  # fmt: skip
                asked = asked_of(CASES, QueryDict(query), actor)
                said = dict(pair.split("=") for pair in query.split("&"))
                words = words_of(said.get("q", ""))
                expected = [pk for pk in by_reading_everything(actor.scope, words) if _is(known[pk], said)]
                assert [case.pk for case in asked.page(1000).rows] == expected, (who, query)
                assert sorted(asked.found.values_list("pk", flat=True)) == sorted(expected), (who, query)
                total = asked.counted().total
                assert total == len(expected) or (total is None and len(expected) > 100), (who, query)


def _is(case: Case, said: dict[str, str]) -> bool:
    return (
        said.get("country", case.countries[0]) == case.countries[0]
        and said.get("topic", case.topics[0]) == case.topics[0]
        and said.get("state", case.state) == case.state
        and said.get("year", str(case.fiscal_year)) == str(case.fiscal_year)
        and (case.holder == "nobody" or "show" not in said)
    )


def test_words_nobody_looks_for_and_texts_without_end_are_not_kept(cast: SimpleNamespace) -> None:
    case = case_in(cast, "triage")
    _text, terms = keys_of("運河", None, ["x" * 5000, "".join(map(chr, range(0x4E00, 0x9F00))) * 12])
    assert "運河" in terms
    assert max(map(len, terms)) <= 64
    Case.objects.filter(pk=case.pk).update(bigrams=terms, search_text="運河")
    assert case.title in found(cast, "hq_officer", "運河")
