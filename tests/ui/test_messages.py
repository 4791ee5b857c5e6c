from __future__ import annotations

import pytest

from .conftest import Show

USE = '<use href="/static/ui/icons.svg#i-{}"/></svg>'


@pytest.mark.parametrize(
    ("kind", "classes", "icon", "said"),
    [
        ("info", "notice", "info", "Information:"),
        ("ok", "notice notice-ok", "ok", "Done:"),
        ("warn", "notice notice-warn", "alert", "Caution:"),
        ("err", "notice notice-err", "stop", "Error:"),
    ],
)
def test_notice_says_its_kind_in_shape_and_word(show: Show, kind: str, classes: str, icon: str, said: str) -> None:
    assert show("{% notice kind title=title %}<p>a</p>{% endnotice %}", kind=kind, title="<script>") == (
        f'<div class="{classes}"><svg class="i" viewBox="0 0 24 24" role="img" aria-label="{said}">{USE.format(icon)}'
        '<div class="flow-s"><p class="strong">&lt;script&gt;</p><p>a</p></div></div>'
    )


def test_notice_escapes_variables_in_its_content(show: Show) -> None:
    assert "<p>&lt;script&gt;</p>" in show("{% notice %}<p>{{ x }}</p>{% endnotice %}", x="<script>")


@pytest.mark.parametrize("wrong", ['"red"', '"info" role="button"'])
def test_notice_refuses_unknown_kinds_and_roles(show: Show, wrong: str) -> None:
    with pytest.raises(ValueError, match="notice"):
        show("{% notice " + wrong + " %}x{% endnotice %}")


@pytest.mark.parametrize(
    ("level", "kind"),
    [("debug", "info"), ("info", "info"), ("success", "ok"), ("warning", "warn"), ("error", "err"), ("own", "info")],
)
def test_messages_of_django_find_their_kind(show: Show, level: str, kind: str) -> None:
    assert show("{{ level|notice_kind }}", level=level) == kind


def test_toast_undoes_by_post_with_the_token(show: Show) -> None:
    html = show('{% toast "Sent" action="Undo" url="/undo/" %}', csrf_token="tok")
    assert html.startswith('<div class="toast" role="status">')
    assert '<form method="post" action="/undo/">' in html
    assert '<input type="hidden" name="csrfmiddlewaretoken" value="tok">' in html
    assert '<button class="as-link" type="submit">Undo</button>' in html


def test_toast_may_lead_on_by_a_link(show: Show) -> None:
    html = show("{% toast text action=text url=text post=False %}", text='<">')
    assert '<a href="&lt;&quot;&gt;">&lt;&quot;&gt;</a>' in html
    assert "<form" not in html


def test_toast_without_a_way_on_is_words_only(show: Show) -> None:
    assert show('{% toast "Saved" %}').endswith("</svg> Saved</div>")


def test_dialog_asks_in_a_popover_and_posts(show: Show) -> None:
    html = show(
        '{% dialog "d" title=title button="Delete" action="/x/" submit="Yes" tone="stop" button_tone="stop" %}'
        "<p>{{ title }}</p>{% enddialog %}",
        title="<script>",
        csrf_token="tok",
    )
    assert '<button class="btn btn-stop" type="button" popovertarget="d">Delete</button>' in html
    assert '<div class="dialog flow" id="d" popover role="dialog" aria-labelledby="d-head">' in html
    assert '<h2 id="d-head" tabindex="-1" autofocus>&lt;script&gt;</h2>' in html
    assert '<form class="flow" method="post" action="/x/">' in html
    assert 'value="tok"' in html
    assert "<p>&lt;script&gt;</p>" in html
    assert '<button class="btn btn-stop" type="submit">Yes</button>' in html
    assert '<button class="btn" type="button" popovertarget="d" popovertargetaction="hide">Cancel</button>' in html


def test_dialog_without_action_only_closes(show: Show) -> None:
    html = show('{% dialog "d" title="T" button="B" %}x{% enddialog %}')
    assert "<form" not in html
    assert 'popovertargetaction="hide">Close</button>' in html


def test_dialog_refuses_unknown_tones(show: Show) -> None:
    with pytest.raises(ValueError, match="tone of a button"):
        show('{% dialog "d" title="T" button="B" tone="red" %}x{% enddialog %}')


def test_empty_state_stands_inside_a_loop_too(show: Show) -> None:
    source = "{% for x in xs %}{% empty_state title %}<p>{{ x }}</p>{% endempty_state %}{% empty %}none{% endfor %}"
    assert show(source, xs=["<"], title="<b>") == (
        '<div class="empty flow-s"><p class="strong">&lt;b&gt;</p><p>&lt;</p></div>'
    )


def test_copy_button_is_hidden_until_there_is_javascript(show: Show) -> None:
    assert show("{% copy_button text %}", text='"><script>') == (
        '<button class="btn btn-s" type="button" data-copy="&quot;&gt;&lt;script&gt;" hidden>'
        f'<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{USE.format("copy")} '
        '<span role="status" data-copied="Copied">Copy</span></button>'
    )


def test_autosave_status_brings_the_words_for_the_script(show: Show) -> None:
    assert show('{% autosave_status "16:21" %}') == (
        '<p class="muted"><span role="status" data-saved="Saved {time}" '
        'data-failed="Not saved. Your entries are still here; the next change tries again.">Saved 16:21</span> '
        "<span data-unsaved hidden>Not saved yet</span></p>"
    )


def test_autosave_status_may_say_that_somebody_else_saved_meanwhile(show: Show) -> None:
    assert 'data-elsewhere="A colleague saved."></span>' in show('{% autosave_status elsewhere="A colleague saved." %}')
