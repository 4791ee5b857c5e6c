"""One field of a form with everything that belongs to it, and the summary of what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.forms import BaseForm, BaseFormSet, BoundField, CheckboxInput, FileInput
from django.forms.widgets import CheckboxSelectMultiple, ClearableFileInput, RadioSelect
from django.utils.safestring import SafeString


class Wrong(NamedTuple):
    """One line of the summary: what is wrong, and the id of the control to mend it at ("" for the form as a whole)."""

    text: str
    target: str


def kind(field: BoundField) -> str:
    """How field.html sets the field: choices, checkbox, file, group (several controls) or plain."""
    widget = field.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "checkbox"
    if isinstance(widget, FileInput):
        return "file"
    return "group" if field.use_fieldset else "plain"


def control(field: BoundField) -> SafeString:
    """The bare control with the class of its kind; what the widget already carries (`w-8`) stays."""
    if kind(field) in {"choices", "checkbox", "file"}:
        return field.as_widget()
    own = str(field.field.widget.attrs.get("class", ""))
    return field.as_widget(attrs={"class": f"{own} input".strip()})


def target(field: BoundField) -> str:
    """The id a link in the summary leads to: the control, or the first of several."""
    return field.id_for_label or (f"{field.auto_id}_0" if field.auto_id else "")


def wrong(*forms: BaseForm | BaseFormSet) -> list[Wrong]:
    """Everything wrong in these forms and form sets, in the order of the page: name of the field, and its own words."""
    return [line for form in forms for line in _wrong_in(form)]


def _wrong_in(form: BaseForm | BaseFormSet | None) -> Iterator[Wrong]:
    if form is None or not form.is_bound:
        return
    if isinstance(form, BaseFormSet):
        yield from (Wrong(str(text), "") for text in form.non_form_errors())
        for each in form.forms:
            yield from _wrong_in(each)
        return
    yield from (Wrong(str(text), "") for text in form.non_field_errors())
    for field in form:
        where = "" if field.is_hidden else target(field)
        yield from (Wrong(_at(str(field.label or ""), text), where) for text in field.errors)


def _at(label: str, text: Any) -> str:
    """The words with the field's name before them; a name that is a question has its mark already."""
    return f"{label}{' ' if label.endswith('?') else ': '}{text}" if label else str(text)


def error_summary(*forms: Any, id: str = "errors", focus: bool = True) -> dict[str, Any]:
    """Context of ui/errors.html. `focus` off: only where several summaries stand on one page. `undone`: no field is wrong."""
    lines = wrong(*forms)
    return {"lines": lines, "id": id, "focus": focus, "undone": not any(line.target for line in lines)}


def upload(field: BoundField, *, files: Any = ()) -> dict[str, Any]:
    """Context of ui/upload.html. `files`: what is already there, each with name, url, size, state (badge), note.

    `lost`: the page came back, and browsers send a file only when it is chosen anew. A form with `names_lost_files` says so itself.
    """
    lost = field.form.is_bound and not getattr(field.form, "names_lost_files", False)
    return {
        "field": field,
        "files": files,
        "lost": lost,
        "clearable": isinstance(field.field.widget, ClearableFileInput),
    }
