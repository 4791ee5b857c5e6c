from __future__ import annotations

from types import SimpleNamespace

import pytest

from .conftest import Show

SPRITE = "/static/ui/icons.svg"


def test_badge_says_its_word_tone_and_fill(show: Show) -> None:
    state = SimpleNamespace(label="In progress", tone="move", fill=2)
    assert show("{% badge state %}", state=state) == '<span class="badge move f2">In progress</span>'


def test_badge_takes_a_dict_and_keywords_alike(show: Show) -> None:
    assert show("{% badge state %}", state={"label": "Draft", "tone": ""}) == '<span class="badge">Draft</span>'
    assert show('{% badge label="Closed" tone="done" fill=4 %}') == '<span class="badge done f4">Closed</span>'


def test_badge_escapes_its_label(show: Show) -> None:
    assert show("{% badge label=evil %}", evil="<script>") == '<span class="badge">&lt;script&gt;</span>'


@pytest.mark.parametrize("wrong", ['tone="red"', "fill=5", "fill=-1"])
def test_badge_refuses_what_the_style_sheet_does_not_know(show: Show, wrong: str) -> None:
    with pytest.raises(ValueError, match="badge"):
        show('{% badge label="x" ' + wrong + " %}")


def test_deadline_shows_both_zones_and_what_is_left(show: Show) -> None:
    due = {
        "main": "31 Mar 17:00 London",
        "other": "1 Apr 1:00 Tokyo",
        "iso": "2027-03-31T17:00+01:00",
        "left": "1 working day left",
        "soon": True,
    }
    assert show("{% deadline due %}", due=due) == (
        '<span class="tz"><b><time datetime="2027-03-31T17:00+01:00">31 Mar 17:00 London</time></b>'
        '<span>1 Apr 1:00 Tokyo</span></span><br><span class="left left-soon">1 working day left</span>'
    )


def test_deadline_at_home_with_time_to_spare_stays_quiet(show: Show) -> None:
    due = SimpleNamespace(main="4 Dec 17:00 Tokyo", other="", iso="2026-12-04T17:00+09:00", left="8 days", soon=False)
    assert show("{% deadline due %}", due=due) == (
        '<span class="tz"><b><time datetime="2026-12-04T17:00+09:00">4 Dec 17:00 Tokyo</time></b></span>'
        '<br><span class="left">8 days</span>'
    )


def test_deadline_that_is_not_set_says_so(show: Show) -> None:
    assert show("{% deadline None %}") == '<span class="muted">No deadline</span>'


def test_deadline_escapes_every_part(show: Show) -> None:
    due = {"main": "<b>", "other": "<i>", "iso": '"><x>', "left": "<u>", "soon": False}
    assert show("{% deadline due %}", due=due) == (
        '<span class="tz"><b><time datetime="&quot;&gt;&lt;x&gt;">&lt;b&gt;</time></b><span>&lt;i&gt;</span></span>'
        '<br><span class="left">&lt;u&gt;</span>'
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% ball "London office" %}', '<span class="ball">London office</span>'),
        ('{% ball "Mio" mine=True %}', '<span class="ball ball-me">You (Mio)</span>'),
        ("{% ball mine=True %}", '<span class="ball ball-me">You</span>'),
        ("{% ball %}", '<span class="ball">Nobody</span>'),
        ("{% ball holder %}", '<span class="ball ball-me">You (&lt;script&gt;)</span>'),
        ("{% ball holder mine=False %}", '<span class="ball">&lt;script&gt;</span>'),
    ],
)
def test_ball_says_who_has_to_act(show: Show, source: str, expected: str) -> None:
    assert show(source, holder={"name": "<script>", "mine": True}) == expected


def test_count_groups_thousands_and_says_what_is_counted(show: Show) -> None:
    assert show("{% count 1234 %}") == '<span class="count">1,234</span>'
    assert show('{% count 7 mine=True label="waiting" %}') == (
        '<span class="count count-me">7<span class="vh"> waiting</span></span>'
    )


def test_tag_escapes_its_words(show: Show) -> None:
    assert show("{% tag words %}", words="<script>") == '<span class="tag">&lt;script&gt;</span>'


def test_icon_is_hidden_from_screen_readers_unless_it_means_something(show: Show) -> None:
    assert show('{% icon "globe" %}') == (
        f'<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><use href="{SPRITE}#i-globe"/></svg>'
    )
    assert show('{% icon "lock" label="Internal" big=True %}') == (
        f'<svg class="i big" viewBox="0 0 24 24" role="img" aria-label="Internal"><use href="{SPRITE}#i-lock"/></svg>'
    )


def test_unknown_icon_is_refused(show: Show) -> None:
    with pytest.raises(ValueError, match="'glob' is no icon"):
        show('{% icon "glob" %}')
