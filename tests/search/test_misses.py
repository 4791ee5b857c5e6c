"""What nobody found is told to headquarters, and nothing about who searched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from clair_portal.pages.forgetting import forgettable
from clair_portal.search.models import Miss
from tests.cast import NOW
from tests.conftest import WebClient

Browse = Callable[..., WebClient]


def ask(typed: str, language: str = "ja", **more: str) -> Any:
    return WebClient().get(f"/{language}/search/", {"q": typed, **more})


def words() -> list[tuple[str, str, int]]:
    return list(Miss.objects.values_list("word", "language", "times"))


def test_a_word_is_written_down_when_it_was_searched_for_the_third_time(db: None) -> None:
    ask("木星探査")
    ask("木星探査")
    assert words() == [("", "ja", 2)]
    ask("モクセイ探査")
    ask("木星探査")
    ask("木星探査", "en")
    assert sorted(words()) == [("", "en", 1), ("", "ja", 1), ("木星探査", "ja", 3)]
    assert {field.name for field in Miss._meta.get_fields()} == {"id", "digest", "word", "language", "day", "times"}


@pytest.mark.parametrize(
    "typed",
    [
        "hanako@example.org",
        "03-5213-1730",
        "０３５２１３１７３０",
        "https://example.org/x",
        "あ" * 41,
        "one two three four five",
        "県",
        "",
        "😀",
    ],
)
def test_what_may_be_personal_or_is_no_search_is_not_kept(db: None, typed: str) -> None:
    for _time in range(3):
        ask(typed)
    assert words() == []


def test_a_narrowed_search_says_nothing_about_missing_pages(db: None) -> None:
    ask("木星探査", kind="story")
    ask("木星探査", page="2")
    assert words() == []


def test_headquarters_reads_them_by_language_and_month(cast: SimpleNamespace, browse: Browse) -> None:
    for day, word, language, times in (
        ("2026-11-20", "木星探査", "ja", 3), ("2026-11-21", "木星探査", "ja", 4), ("2026-11-21", "jupiter", "en", 5),
        ("2026-10-02", "昔の語", "ja", 9), ("2026-11-21", "", "ja", 2),
    ):  # fmt: skip
        Miss.objects.create(digest=f"{word}{day}", word=word, language=language, day=day, times=times)
    page = browse("hq_officer").get("/desk/public-search/?month=2026-11-01").content.decode()
    assert page.index("木星探査") < page.index("jupiter")
    assert "昔の語" not in page
    assert "<span>7</span>" in page
    english = browse("hq_officer").get("/desk/public-search/?month=2026-11-01&language=en").content.decode()
    assert ("木星探査" in english, "jupiter" in english) == (False, True)
    assert browse("london").get("/desk/public-search/").status_code == 403


def test_they_are_forgotten_after_their_time(db: None) -> None:
    today = timezone.localdate(NOW)
    for days, word in ((29, ""), (31, ""), (399, "kept"), (401, "gone")):
        Miss.objects.create(digest=f"{days}", word=word, language="ja", day=today - dt.timedelta(days=days), times=1)
    gone = [row.digest for rows in forgettable(NOW) if rows.model is Miss for row in rows]
    assert sorted(gone) == ["31", "401"]


def test_too_many_searches_from_one_address_are_asked_to_wait(
    db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SEARCHES_A_MINUTE = 2
    monkeypatch.setattr("time.time", lambda: 1_800_000_000.0)
    assert [ask("office", "en").status_code for _time in range(3)] == [200, 200, 429]
    answer = ask("office", "en")
    assert answer["Retry-After"] == "60"
    assert (
        "Too many searches came from your network within a minute. Wait a minute and search again."
        in answer.content.decode()
    )
    assert 'value="office"' in answer.content.decode()
    assert WebClient().get("/en/search/?q=office", REMOTE_ADDR="10.0.0.9").status_code == 200
    monkeypatch.setattr("time.time", lambda: 1_800_000_061.0)
    assert ask("office", "en").status_code == 200
