from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clair_portal.publishing.sentences import sentences, without

JAPANESE = "港を訪ねた。「よい町だ。」と市長は言った!\n\n次の段落。"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (JAPANESE, ["港を訪ねた。", "「よい町だ。」", "と市長は言った!", "次の段落。"]),
        ("They came. It cost 1.5 million yen. Why?\n- first\n- second", ["They came.", "It cost 1.5 million yen.", "Why?", "- first", "- second"]),
        ("no full stop", ["no full stop"]),
    ],
)  # fmt: skip
def test_a_text_is_cut_in_sentences(text: str, found: list[str]) -> None:
    assert sentences(text) == found


def test_a_sentence_left_out_leaves_the_paragraphs_apart() -> None:
    assert without(JAPANESE, {2}) == "港を訪ねた。「よい町だ。」\n\n次の段落。"
    assert without(JAPANESE, {0, 1, 2}) == "次の段落。"
    assert without(JAPANESE, {3}) == "港を訪ねた。「よい町だ。」と市長は言った!"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="あ。！a. \n!?「」", max_size=60))
def test_a_text_with_every_sentence_is_the_text(text: str) -> None:
    assert without(text, ()).split() == text.split()
    assert without(text, range(len(sentences(text)))) == ""
