"""Programs find what the page finds, under the same rules."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clair_portal.search import api, indexing
from clair_portal.search.forms import MOST_WORDS
from clair_portal.search.models import Miss
from tests.conftest import WebClient
from tests.search.test_search_page import FRAME, page

pytestmark = pytest.mark.django_db


def ask(typed: str = "", client: Any = None, headers: dict[str, str] | None = None, **more: Any) -> Any:
    given = {"q": typed, **more} if typed else more
    return (client or WebClient()).get("/api/v1/search/", given, headers=headers)


def test_the_example_of_the_reference_is_a_real_answer() -> None:
    page("/en/offices/LON/", "London Office", "For the United Kingdom and Ireland. London is one of seven offices.")
    said = json.dumps(ask("london", language="en").json()).replace("http://testserver", "https://portal.example")
    assert json.loads(said) == api.EXAMPLE


def test_marks_are_the_places_of_the_words_in_plain_text() -> None:
    page("/ja/guide/", "𠮷野家の防災 &lt;b&gt;", "{避難所|ひなんじょ}へ行く。")
    (hit,) = ask("ひなんじょ", language="ja").json()["results"]
    assert hit["title"] == {"text": "𠮷野家の防災 <b>", "marks": []}
    assert hit["snippet"] == {"text": "避難所へ行く。", "marks": [[0, 3]]}
    (hit,) = ask("防災", language="ja").json()["results"]
    assert hit["title"]["marks"] == [[4, 6]]


def test_the_language_asked_for_comes_first_and_else_that_of_the_header() -> None:
    for language in ("ja", "en"):
        page(f"/{language}/jet/", "JET", "")
    page("/ja/stories/only/", "JET in Japanese only", "")

    def found(**more: Any) -> list[str]:
        return [hit["address"].split("/", 3)[3] for hit in ask("jet", **more).json()["results"]]

    assert found(language="en") == ["en/jet/", "ja/stories/only/"]
    assert found(language="ja") == ["ja/jet/", "ja/stories/only/"]
    assert found(headers={"accept-language": "en"}) == ["en/jet/", "ja/stories/only/"]
    assert found(headers={"accept-language": "ja"}, language="en") == ["en/jet/", "ja/stories/only/"]


def test_what_was_not_searched_is_named() -> None:
    page("/en/about/", "About the harbour", "")
    many = " ".join(["harbour", *(f"word{number}" for number in range(MOST_WORDS))])
    assert ask(many, language="en").json()["left_out"] == [f"word{MOST_WORDS - 1}"]
    assert ask("harbour", language="en").json()["left_out"] == []


def test_kinds_narrow_and_pages_follow_each_other() -> None:
    for number in range(45):
        page(f"/en/stories/{number}/", f"Story {number}", "harbour")
    page("/en/about/", "About the harbour", "")
    assert ask("harbour", language="en", kind="page").json()["count"] == 1
    first = ask("harbour", language="en", kind="story").json()
    every = list(first["results"])
    following = first["next"]
    while following:
        answer = WebClient().get(following).json()
        every += answer["results"]
        following = answer["next"]
    assert (first["count"], first["more"], len(first["results"])) == (45, False, 20)
    assert len({hit["address"] for hit in every}) == len(every) == 45


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({}, "q", "This field is required."),
        ({"q": " "}, "q", "This field may not be blank."),
        ({"q": "県"}, "q", "Type at least two characters."),
        ({"q": "🗾🎌"}, "q", "Type a word: signs and pictures alone cannot be searched."),
        ({"q": "x" * 5000}, "q", "Search for at most 200 characters."),
        ({"q": "office", "language": "xx"}, "language", '"xx" is not a valid choice.'),
        ({"q": "office", "kind": "planet"}, "kind", '"planet" is not a valid choice.'),
        ({"q": "office", "page": "0"}, "page", "Ensure this value is greater than or equal to 1."),
        ({"q": "office", "page": "51"}, "page", "Ensure this value is less than or equal to 50."),
        ({"q": "office", "cursor": "x"}, "cursor", "There is no such parameter."),
    ],
)
def test_what_cannot_be_searched_is_named_with_a_sentence(given: dict[str, str], field: str, sentence: str) -> None:
    answer = ask(**given, headers={"accept-language": "en"})
    assert (answer.status_code, answer.json()["error"]["fields"]) == (400, {field: [sentence]})


def test_a_nul_is_bad_input() -> None:
    assert Client(raise_request_exception=False).get("/api/v1/search/?q=a%00b").status_code == 400


def test_a_search_in_vain_is_written_down_without_who() -> None:
    for _time in range(3):
        assert ask("木星探査", language="ja").json()["results"] == []
    (miss,) = Miss.objects.all()
    assert (miss.word, miss.language, miss.times, miss.day) == ("木星探査", "ja", 3, timezone.localdate())
    ask("hanako@example.org", language="ja")
    ask("金星探査", language="ja", kind="page")
    assert Miss.objects.count() == 1


def test_page_and_api_share_one_limit(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SEARCHES_A_MINUTE = 2
    monkeypatch.setattr("time.time", lambda: 1_800_000_000.0)
    assert WebClient().get("/en/search/?q=office").status_code == 200
    assert [ask("office").status_code for _time in range(2)] == [200, 429]
    answer = ask("office")
    assert (answer["Retry-After"], answer.json()["error"]["code"]) == ("60", "too_many_requests")
    assert ask("office", client=WebClient(REMOTE_ADDR="10.0.0.9")).status_code == 200


def test_it_asks_little_and_an_answer_that_did_not_change_is_not_sent_again() -> None:
    page("/en/a/", "An office", "")
    with CaptureQueriesContext(connection) as captured:
        answer = ask("office", language="en")
    assert len([query for query in captured if "search_" in query["sql"] and not FRAME.search(query["sql"])]) == 2
    assert (answer.cookies, answer["Cache-Control"]) == ({}, "private, max-age=0")
    again = ask("office", language="en", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_that_goes_is_found_no_more() -> None:
    page("/ja/stories/a/", "港の再生", "")
    assert ask("港の再生").json()["count"] == 1
    indexing.remove_page("/ja/stories/a/")
    assert ask("港の再生").json()["count"] == 0
