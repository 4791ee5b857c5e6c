from __future__ import annotations

import pytest

from .conftest import Show


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{避難所|ひなんじょ}へ", "<ruby>避難所<rp>(</rp><rt>ひなんじょ</rt><rp>)</rp></ruby>へ"),
        ("{a|あ}{c|う}", "<ruby>a<rp>(</rp><rt>あ</rt><rp>)</rp></ruby><ruby>c<rp>(</rp><rt>う</rt><rp>)</rp></ruby>"),
        ("{<script>|す}", "<ruby>&lt;script&gt;<rp>(</rp><rt>す</rt><rp>)</rp></ruby>"),
        ("{逃|<b>}", "{逃|&lt;b&gt;}"),
        ("{a|b}", "{a|b}"),
        ("{half|", "{half|"),
        ("{no reading}", "{no reading}"),
        ("{a|b|c}", "{a|b|c}"),
        ("a & b", "a &amp; b"),
        ("", ""),
        (None, ""),
    ],
)
def test_furigana_becomes_ruby_and_the_rest_is_escaped(show: Show, text: str | None, expected: str) -> None:
    assert show("{{ text|furigana }}", text=text) == expected


def test_furigana_can_be_switched_off(show: Show) -> None:
    assert show('{{ text|furigana:"off" }}', text="{逃|に}げて<") == "逃げて&lt;"
    assert show("{{ text|furigana:wanted }}", text="{逃|に}げて", wanted=False) == "逃げて"


def test_crumbs_end_at_this_page(show: Show) -> None:
    assert show('{% crumbs "Desk" "/desk/" label url here %}', label="<i>", url="/x/?a=1&b=2", here="<script>") == (
        '<nav aria-label="You are here"><ol class="crumbs"><li><a href="/desk/">Desk</a></li>'
        '<li><a href="/x/?a=1&amp;b=2">&lt;i&gt;</a></li>'
        '<li aria-current="page">&lt;script&gt;</li></ol></nav>'
    )


def test_numbers_of_cases_do_not_break_at_their_hyphens(show: Show) -> None:
    assert show("{{ text|whole }}", text="About R8-支-0412 <now>, H30-調-12345-2, A-R8-支-0412-b, 公-0012") == (
        'About <span class="nowrap">R8-支-0412</span> &lt;now&gt;, <span class="nowrap">H30-調-12345-2</span>, A-R8-支-0412-b, '
        '<span class="nowrap">公-0012</span>'
    )
    assert '<span class="nowrap">R8-支-0412</span></li>' in show('{% crumbs "R8-支-0412" %}')
