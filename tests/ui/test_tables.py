from __future__ import annotations

from django.test import RequestFactory

from .conftest import Show

LEFT = '<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><use href="/static/ui/icons.svg#i-left"/></svg>'
RIGHT = '<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><use href="/static/ui/icons.svg#i-right"/></svg>'


def test_plain_head_needs_no_request(show: Show) -> None:
    assert show("{% th label %}", label="<script>") == '<th scope="col">&lt;script&gt;</th>'
    assert show('{% th "People" num=True %}') == '<th scope="col" class="num">People</th>'
    assert show('{% th "Actions" hide=True %}') == '<th scope="col"><span class="vh">Actions</span></th>'


def test_sort_link_keeps_the_filters_and_forgets_the_page(show: Show, rf: RequestFactory) -> None:
    html = show('{% th "Due" key="due" %}', request=rf.get("/", {"q": 'a"&b', "page": "3"}))
    assert html == '<th scope="col"><a href="?q=a%22%26b&amp;sort=due">Due</a></th>'


def test_sorted_column_says_so_and_turns_round(show: Show, rf: RequestFactory) -> None:
    up = show('{% th "Due" key="due" %}', request=rf.get("/?sort=due"))
    assert up == (
        '<th scope="col" aria-sort="ascending"><a href="?sort=-due">Due <span aria-hidden="true">▲</span></a></th>'
    )
    down = show('{% th "Due" key="due" num=True %}', request=rf.get("/?sort=-due"))
    assert down == (
        '<th scope="col" class="num" aria-sort="descending">'
        '<a href="?sort=due">Due <span aria-hidden="true">▼</span></a></th>'
    )


def test_cell_repeats_its_head_for_phones(show: Show) -> None:
    assert show("{% cell label num=True %}{{ x }}{% endcell %}", label='"', x="<") == (
        '<td data-l="&quot;" class="num"><span>&lt;</span></td>'
    )
    assert show("{% cell %}x{% endcell %}") == "<td><span>x</span></td>"


def test_pager_leads_back_and_on_and_counts(show: Show) -> None:
    html = show('{% pager previous="?page=1" next="?page=3" size=50 first=51 last=100 total=1234 %}')
    assert html == (
        '<nav class="pager" aria-label="Pages of this list">'
        f'<a class="btn" rel="prev" href="?page=1">{LEFT} Previous 50</a>'
        f'<a class="btn" rel="next" href="?page=3">Next 50 {RIGHT}</a>'
        '<span class="muted">51 to 100 of 1,234</span></nav>'
    )


def test_pager_that_stopped_counting_offers_to_count(show: Show) -> None:
    html = show("{% pager next=url more_than=1000 count_url=url label=url %}", url='?a=1&b="')
    assert html == (
        '<nav class="pager" aria-label="?a=1&amp;b=&quot;">'
        f'<a class="btn" rel="next" href="?a=1&amp;b=&quot;">Next {RIGHT}</a>'
        '<span class="muted">More than 1,000 <a href="?a=1&amp;b=&quot;">Count exactly</a></span></nav>'
    )


def test_pager_with_nothing_to_say_is_not_there(show: Show) -> None:
    assert show("{% pager %}") == ""
    assert show("{% pager total=0 %}") == (
        '<nav class="pager" aria-label="Pages of this list"><span class="muted">0 in all</span></nav>'
    )
