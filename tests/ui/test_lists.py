from __future__ import annotations

from .conftest import Show

EVIL = "<script>"
SAFE = "&lt;script&gt;"


def test_tabs_mark_the_current_part(show: Show) -> None:
    items = [
        {"label": EVIL, "url": "?tab=a&b=1", "current": True},
        {"label": "Files", "url": "?tab=b", "current": False, "count": 0},
    ]
    assert show('{% tabs items label="Parts" %}', items=items) == (
        f'<nav class="tabs" aria-label="Parts"><a href="?tab=a&amp;b=1" aria-current="page">{SAFE}</a>'
        '<a href="?tab=b">Files <span class="count">0</span></a></nav>'
    )


def test_seg_marks_the_current_view(show: Show) -> None:
    items = [{"label": EVIL, "url": "?y=1", "current": True}, {"label": "2026", "url": "?y=2", "current": False}]
    assert show('{% seg items label="Year" %}', items=items) == (
        f'<nav class="seg" aria-label="Year"><a href="?y=1" aria-current="true">{SAFE}</a><a href="?y=2">2026</a></nav>'
    )


def test_chip_that_is_on_says_that_its_link_removes_it(show: Show) -> None:
    items = [{"label": "Free", "url": "?a", "on": False}, {"label": EVIL, "url": "?", "on": True}]
    assert show('{% chips items label="Filters" %}', items=items) == (
        '<ul class="row" aria-label="Filters"><li><a class="chip" href="?a">Free</a></li>'
        f'<li><a class="chip chip-on" href="?"><span class="vh">Remove filter: </span>{SAFE} '
        '<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><use href="/static/ui/icons.svg#i-x"/></svg>'
        "</a></li></ul>"
    )


def test_steps_say_what_is_past_in_words(show: Show) -> None:
    items = [
        {"label": "Request", "note": EVIL, "state": "past"},
        {"label": "Triage", "note": "", "state": "now"},
        {"label": "Closed", "note": "", "state": "next"},
    ]
    assert show('{% steps items label="Way" %}', items=items) == (
        '<ol class="steps" aria-label="Way">'
        f'<li class="past">Request<span class="vh"> (done)</span><br><span class="muted">{SAFE}</span></li>'
        '<li aria-current="step">Triage</li><li>Closed</li></ol>'
    )


def test_task_that_cannot_be_begun_has_no_link_and_a_reason(show: Show) -> None:
    items = [
        {"label": "Dates", "url": "/dates/", "state": {"label": "Done", "tone": "done", "fill": 4}},
        {"label": EVIL, "url": "", "hint": "After the dates.", "state": {"label": "Not begun"}},
    ]
    assert show("{% tasks items %}", items=items) == (
        '<ul class="tasks"><li><span><a href="/dates/">Dates</a></span><span class="badge done f4">Done</span></li>'
        f'<li><span>{SAFE}<br><span class="hint">After the dates.</span></span>'
        '<span class="badge">Not begun</span></li></ul>'
    )


def test_progress_shows_a_count_beside_the_bar(show: Show) -> None:
    html = show('{% progress 41200 65000 label note=label cancel_url="/stop/" %}', label=EVIL)
    assert f'<b>{SAFE}</b><span class="num">41,200 / 65,000</span>' in html
    assert f'<progress value="41200" max="65000" aria-label="{SAFE}">63%</progress>' in html
    assert f'<span>{SAFE}</span><a href="/stop/">Stop this work</a>' in html


def test_progress_of_nothing_is_no_division_by_zero(show: Show) -> None:
    assert ">0%</progress>" in show('{% progress 0 0 "Sending" %}')


def test_timeline_tells_internal_notes_from_shared_messages(show: Show) -> None:
    items = [
        {"kind": "internal", "author": EVIL, "when": "9:40", "iso": "2026-11-24T09:40+09:00", "text": "a\n\n<b>"},
        {"kind": "shared", "author": "T", "text": "Bonjour", "lang": "fr", "label": "Shared with Paris"},
    ]
    html = show("{% timeline items %}", items=items)
    assert '<article class="msg msg-in">' in html
    assert f'Internal</b><span>{SAFE}</span><time datetime="2026-11-24T09:40+09:00">9:40</time></header>' in html
    assert '<div class="flow-s"><p>a</p>\n\n<p>&lt;b&gt;</p></div>' in html
    assert '<article class="msg">' in html
    assert "Shared with Paris</b>" in html
    assert '<div class="flow-s" lang="fr"><p>Bonjour</p></div>' in html


def test_timeline_reads_a_change_of_state_aloud(show: Show) -> None:
    change = {"kind": "state", "before": {"label": EVIL}, "after": {"label": "New", "tone": "move", "fill": 1}}
    html = show("{% timeline items %}", items=[change | {"author": "T", "when": "15:02", "iso": ""}])
    assert (
        f'<span class="badge">{SAFE}</span> <span aria-hidden="true">→</span><span class="vh"> became </span> '
        '<span class="badge move f1">New</span></p>'
    ) in html
    assert '<p class="muted">T <time>15:02</time></p>' in html
