"""English words that mean two things here are told apart by their context, so that Japanese readers get the right one."""

from __future__ import annotations

import pytest
from django.utils.translation import gettext, override, pgettext

PAIRS = [
    (("", "Accept"), "引き受ける", ("invitation", "Accept"), "招待を受ける"),
    (("", "Close"), "完了にする", ("dialog", "Close"), "閉じる"),
    (("posting", "Successor"), "引継ぎ先", ("organisation", "Successor"), "承継団体"),
    (("place", "Address"), "所在地", ("network", "Address"), "IPアドレス"),
    (("case", "closed"), "完了日時", ("office", "closed"), "時間外"),
    (("", "name"), "氏名", ("thing", "name"), "名称"),
]


def in_japanese(context: str, words: str) -> str:
    with override("ja"):
        return pgettext(context, words) if context else gettext(words)


@pytest.mark.parametrize(("one", "its_japanese", "other", "other_japanese"), PAIRS)
def test_words_with_two_meanings_have_two_translations(one, its_japanese, other, other_japanese):
    assert (in_japanese(*one), in_japanese(*other)) == (its_japanese, other_japanese)
