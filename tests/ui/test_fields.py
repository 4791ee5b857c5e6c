"""Label, mark, hint, error and control belong together, for every kind of control."""

from __future__ import annotations

import re

import pytest
from django import forms

from .conftest import Show


class Visit(forms.Form):
    place = forms.CharField(label="<script>", help_text="Its <b> name")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"class": "w-16", "rows": 2}))
    office = forms.ChoiceField(label="Office", choices=[("l", "London")])
    way = forms.ChoiceField(label="Way", choices=[("t", "Train"), ("b", "<b>")], widget=forms.RadioSelect)
    days = forms.MultipleChoiceField(
        label="Days", help_text="Any", choices=[("1", "Mon")], widget=forms.CheckboxSelectMultiple
    )
    sheet = forms.FileField(label="Sheet", help_text="PDF")
    agreed = forms.BooleanField(label="Agreed")
    fixed = forms.CharField(label="Fixed", required=False, disabled=True)
    start = forms.SplitDateTimeField(label="Start", required=False)
    secret = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> None:
        raise forms.ValidationError("The <i> whole is wrong.")


def flat(html: str) -> str:
    return re.sub(r">\s+<", "><", re.sub(r"\s+", " ", html)).strip()


@pytest.fixture
def free() -> Visit:
    return Visit()


@pytest.fixture
def bound() -> Visit:
    return Visit({})


def test_text_field_is_wired_and_escaped(show: Show, free: Visit) -> None:
    assert flat(show("{% field f.place %}", f=free)) == (
        '<div class="field">'
        '<label class="label" for="id_place">&lt;script&gt; <span class="req">Required</span></label>'
        '<div class="hint" id="id_place_helptext">Its &lt;b&gt; name</div>'
        '<input type="text" name="place" class="input" required '
        'aria-describedby="id_place_helptext" id="id_place"></div>'
    )


def test_wrong_text_field_names_hint_and_error(show: Show, bound: Visit) -> None:
    assert flat(show("{% field f.place %}", f=bound)) == (
        '<div class="field has-error">'
        '<label class="label" for="id_place">&lt;script&gt; <span class="req">Required</span></label>'
        '<div class="hint" id="id_place_helptext">Its &lt;b&gt; name</div>'
        '<div class="error" id="id_place_error"><p><span class="vh">Error: </span>This field is required.</p></div>'
        '<input type="text" name="place" class="input" required aria-invalid="true" '
        'aria-describedby="id_place_helptext id_place_error" id="id_place"></div>'
    )


def test_class_of_the_widget_stays_beside_the_class_of_the_control(show: Show, free: Visit) -> None:
    html = flat(show("{% field f.note %}", f=free))
    assert '<textarea name="note" cols="40" rows="2" class="w-16 input" id="id_note">' in html
    assert '<span class="opt">Optional</span>' in html


def test_select_is_wired(show: Show, bound: Visit) -> None:
    html = flat(show("{% field f.office %}", f=bound))
    assert '<label class="label" for="id_office">' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_office_error"' in html


def test_radios_stand_in_a_fieldset_with_their_legend(show: Show, bound: Visit) -> None:
    html = flat(show("{% field f.way %}", f=bound))
    assert html.startswith(
        '<fieldset class="field has-error" aria-describedby="id_way_error"><legend class="label">Way '
        '<span class="req">Required</span></legend><div class="error" id="id_way_error">'
    )
    assert re.search(
        r'<label class="choice" for="id_way_1"><input type="radio" [^>]*id="id_way_1"[^>]*> &lt;b&gt;</label>', html
    )


def test_boxes_stand_in_a_fieldset_described_by_hint_and_error(show: Show, bound: Visit) -> None:
    html = flat(show("{% field f.days %}", f=bound))
    assert html.startswith('<fieldset class="field has-error" aria-describedby="id_days_helptext id_days_error">')
    assert '<label class="choice" for="id_days_0"><input type="checkbox"' in html


def test_single_box_is_its_own_label(show: Show, bound: Visit) -> None:
    html = flat(show("{% field f.agreed %}", f=bound))
    assert html.startswith('<div class="field has-error"><div class="error" id="id_agreed_error">')
    assert '<label class="choice" for="id_agreed"><input type="checkbox" name="agreed"' in html
    assert 'aria-describedby="id_agreed_error"' in html
    assert '<span>Agreed <span class="req">Required</span></span></label>' in html


def test_file_field_says_what_is_already_there(show: Show, bound: Visit) -> None:
    files = [{"name": "<a>.pdf", "url": "/d/1/", "size": "84 kB", "state": {"label": "Checked", "tone": "done"}}]
    html = flat(show("{% upload f.sheet files=files %}", f=bound, files=files))
    assert html.startswith('<div class="field has-error"><div class="upload"><label class="label" for="id_sheet">Sheet')
    assert 'aria-describedby="id_sheet_helptext id_sheet_error"' in html
    assert '<a href="/d/1/">&lt;a&gt;.pdf</a><span class="badge done">Checked</span>' in html
    assert '<span class="muted end">84 kB</span>' in html
    assert flat(show("{% field f.sheet %}", f=bound)).startswith('<div class="field has-error"><div class="upload">')


def test_what_cannot_be_changed_is_neither_required_nor_optional(show: Show, free: Visit) -> None:
    html = show("{% field f.fixed %}", f=free)
    assert "Optional" not in html
    assert "disabled" in html


def test_form_may_leave_the_marks_out(show: Show, free: Visit) -> None:
    free.hide_marks = True  # type: ignore[attr-defined]
    assert "Required" not in show("{% field f.place %}", f=free)


def test_field_of_several_controls_stands_in_a_fieldset(show: Show, free: Visit) -> None:
    html = flat(show("{% field f.start %}", f=free))
    assert html.startswith('<fieldset class="field"><legend class="label">Start')
    assert 'id="id_start_0"' in html


def test_summary_names_each_field_and_repeats_its_words(show: Show, bound: Visit) -> None:
    html = flat(show("{% error_summary f %}", f=bound))
    assert html.startswith(
        '<div class="errors flow-s" role="alert" aria-labelledby="errors-head" id="errors" tabindex="-1" '
        'data-error-summary autofocus><h2 id="errors-head">Correct 8 entries</h2>'
    )
    assert "<li>The &lt;i&gt; whole is wrong.</li>" in html
    links = re.findall(r'<a href="#([^"]+)">[^<]+: This field is required.</a>', html)
    assert links == ["id_place", "id_office", "id_way_0", "id_days_0", "id_sheet", "id_agreed"]
    assert "What you entered is still here." in html


def test_every_link_of_the_summary_has_its_target(show: Show, bound: Visit) -> None:
    html = show("{{ f }}", f=bound)
    for target in re.findall(r'<a href="#([^"]+)">', html):
        assert f'id="{target}"' in html


def test_described_by_names_only_what_is_there(show: Show, bound: Visit) -> None:
    html = show("{{ f }}", f=bound)
    named = {name for names in re.findall(r'aria-describedby="([^"]+)"', html) for name in names.split()}
    assert len(named) == 9
    for name in named:
        assert html.count(f'id="{name}"') == 1


def test_summary_of_several_forms_is_one(show: Show) -> None:
    html = flat(
        show("{% error_summary a b id='wrong' focus=False %}", a=Visit({}, prefix="a"), b=Visit({}, prefix="b"))
    )
    assert "Correct 16 entries" in html
    assert 'href="#id_a-place"' in html
    assert 'href="#id_b-place"' in html
    assert 'id="wrong"' in html
    assert "autofocus" not in html


def test_summary_of_one_error_speaks_in_the_singular(show: Show) -> None:
    class One(forms.Form):
        name = forms.CharField()

    assert "Correct 1 entry<" in show("{% error_summary f %}", f=One({}))


def test_summary_reaches_into_form_sets(show: Show) -> None:
    class One(forms.Form):
        name = forms.CharField()

    many = forms.formset_factory(One, extra=0, min_num=2, validate_min=True)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "a", "form-1-name": ""}
    html = show("{% error_summary forms %}", forms=many(data))
    assert "<li>Please submit at least 2 forms.</li>" in html


def test_nothing_wrong_means_no_summary(show: Show, free: Visit) -> None:
    assert show("{% error_summary f %}", f=free) == ""
    assert show("{% error_summary f %}", f=None) == ""


def test_whole_form_brings_summary_fields_and_hidden_inputs(show: Show, bound: Visit) -> None:
    html = show("{{ f }}", f=bound)
    assert html.index("data-error-summary") < html.index("id_place")
    assert '<input type="hidden" name="secret" id="id_secret">' in html
