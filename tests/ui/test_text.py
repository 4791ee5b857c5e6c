from __future__ import annotations

from .conftest import Show


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
