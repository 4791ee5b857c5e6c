from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clair_portal.publishing.content.cutting import Piece, bare, cut, digest
from clair_portal.publishing.content.identity import followed


def test_a_text_is_cut_in_title_summary_headings_paragraphs_and_list() -> None:
    found = cut("題名", "要約。", "一つ目。二つ目。\n三つ目。\n\n## 見出し\n- 一\n- 二。三。")
    assert [(each.kind, each.block, each.text, each.fresh_line) for each in found] == [
        ("title", 0, "題名", False),
        ("summary", 1, "要約。", False),
        ("paragraph", 2, "一つ目。", False),
        ("paragraph", 2, "二つ目。", False),
        ("paragraph", 2, "三つ目。", True),
        ("heading", 3, "見出し", False),
        ("item", 4, "一", False),
        ("item", 5, "二。", False),
        ("item", 5, "三。", False),
    ]


def test_a_link_and_a_reading_are_never_cut() -> None:
    assert [each.text for each in cut("", "", "See [Dr. No. A page](https://x.jp/a). Then go.")] == [
        "See [Dr. No. A page](https://x.jp/a).",
        "Then go.",
    ]


def test_readings_are_no_part_of_what_a_sentence_says() -> None:
    assert bare("{避難所|ひなんじょ}へ 行く") == "避難所へ 行く"
    assert digest("{避難所|ひなんじょ}へ行く。") == digest("避難所へ行く。")
    assert digest("避難所へ行く。") != digest("避難所に行く。")


def places(old: list[str], new: list[str]) -> list[int | None]:
    return followed([Piece("paragraph", 0, text) for text in old], [Piece("paragraph", 0, text) for text in new])


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("ABC", "ABC", [0, 1, 2]),
        ("ABC", "CAB", [2, 0, 1]),  # moved
        ("ABC", "AC", [0, 2]),  # taken away
        ("ABC", "AXBC", [0, None, 1, 2]),  # put in
        ("AAB", "BAA", [2, 0, 1]),  # the same sentence twice
        ("", "A", [None]),
    ],
)
def test_an_unchanged_sentence_stays_itself_also_when_it_moved(old: str, new: str, found: list[int | None]) -> None:
    assert places(list(old), list(new)) == found


def test_a_changed_sentence_stands_in_the_place_of_the_old_one() -> None:
    old = ["We open at 9.", "The fee is 500 yen.", "Bring a pen."]
    assert places(old, ["We open at 9.", "The fee is 800 yen.", "Bring a pen."]) == [0, 1, 2]
    assert places(old, ["We open at 9.", "Call us first.", "The fee is 800 yen.", "Bring a pen."]) == [0, None, 1, 2]
    assert places(old, ["Bring a pen.", "The fee is 900 yen.", "We open at 9."]) == [2, 1, 0]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from("ABCDE"), max_size=8), st.lists(st.sampled_from("ABCDE"), max_size=8))
def test_no_sentence_is_followed_twice_and_none_that_stayed_is_lost(old: list[str], new: list[str]) -> None:
    found = [place for place in places(old, new) if place is not None]
    assert len(found) == len(set(found))
    for letter in "ABCDE":
        kept = sum(
            place is not None and old[place] == text == letter
            for place, text in zip(places(old, new), new, strict=True)
        )
        assert kept == min(old.count(letter), new.count(letter))
