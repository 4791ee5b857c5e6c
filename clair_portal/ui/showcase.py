"""Invented values for the component page: every component in every state."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

YES_NO = [("yes", gettext_lazy("Needed")), ("no", gettext_lazy("Not needed"))]
COUNTRIES = [("gb", gettext_lazy("United Kingdom")), ("fr", gettext_lazy("France"))]


class SampleForm(forms.Form):
    """One field of each kind."""

    organisation = forms.CharField(
        label=gettext_lazy("Organisation"), help_text=gettext_lazy("Its full official name"), max_length=60
    )
    division = forms.ChoiceField(
        label=gettext_lazy("Division in charge"),
        required=False,
        choices=[("", "—"), ("plan", gettext_lazy("City Planning Division"))],
    )
    number = forms.CharField(
        label=gettext_lazy("Case number"),
        required=False,
        disabled=True,
        initial="R8-0412",
        widget=forms.TextInput(attrs={"class": "w-16"}),
    )
    people = forms.IntegerField(
        label=gettext_lazy("Number of visitors"),
        min_value=1,
        error_messages={
            "min_value": gettext_lazy("Enter the number of visitors as 1 or more."),
            "required": gettext_lazy("Enter the number of visitors."),
        },
        widget=forms.NumberInput(attrs={"class": "w-8"}),
    )
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"),
        help_text=gettext_lazy("Up to 800 characters"),
        error_messages={"required": gettext_lazy("Enter what the visit is for.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    interpreter = forms.ChoiceField(
        label=gettext_lazy("Interpreter"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether an interpreter is needed.")},
    )
    countries = forms.MultipleChoiceField(
        label=gettext_lazy("Countries to visit"),
        help_text=gettext_lazy("More than one may be chosen"),
        choices=COUNTRIES,
        error_messages={"required": gettext_lazy("Choose at least one country.")},
        widget=forms.CheckboxSelectMultiple,
    )
    sheet = forms.FileField(
        label=gettext_lazy("Question sheet"),
        required=False,
        help_text=gettext_lazy(
            "Word, PDF or Excel, up to 20 MB each. Files are checked for viruses before they are sent."
        ),
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("The branch has been told"),
        error_messages={"required": gettext_lazy("Tell the branch first, then tick this box.")},
    )


PLACE = SimpleNamespace(name_ja="神戸市", name_en="Kobe")


def sample_form() -> SampleForm:
    return SampleForm(
        prefix="good",
        initial={
            "organisation": _("Shioji City"),
            "division": "plan",
            "people": 6,
            "purpose": _("For the reorganisation of local transport."),
            "interpreter": "yes",
            "countries": ["gb"],
            "agreed": True,
        },
    )


def wrong_form() -> SampleForm:
    form = SampleForm({"bad-organisation": _("Shioji City"), "bad-people": "0"}, prefix="bad")
    form.add_error(None, _("The visit ends before it begins. Correct one of the two dates."))
    return form


def states() -> list[dict[str, Any]]:
    rows = [
        (pgettext("state", "Draft"), "", 0, _("Requester")),
        (pgettext("state", "Branch check"), "move", 1, _("Branch")),
        (pgettext("state", "In progress"), "move", 2, _("Overseas office")),
        (pgettext("state", "Reported"), "move", 3, _("Headquarters")),
        (pgettext("state", "Needs information"), "wait", 0, _("Requester")),
        (pgettext("state", "Closed"), "done", 4, ""),
        (pgettext("state", "Declined"), "stop", 0, ""),
        (pgettext("state", "Overdue"), "late", 0, _("Overseas office")),
    ]
    return [{"label": label, "tone": tone, "fill": fill, "holder": holder} for label, tone, fill, holder in rows]


def rows() -> list[dict[str, Any]]:
    late, near, far = deadlines()
    return [
        {
            "title": _("Local transport (London, Paris)"),
            "due": near,
            "state": {"label": pgettext("state", "HQ triage"), "tone": "move", "fill": 1},
            "holder": {"name": "", "mine": True},
            "people": 6,
        },
        {
            "title": _("Support for older people on the move (commissioned research)"),
            "due": late,
            "state": {"label": pgettext("state", "Feasibility enquiry"), "tone": "late", "fill": 1},
            "holder": {"name": _("Seoul office"), "mine": False},
            "people": 12,
        },
        {
            "title": _("School visit (22 people)"),
            "due": far,
            "state": {"label": pgettext("state", "Needs information"), "tone": "wait", "fill": 0},
            "holder": {"name": _("Hoshimi branch"), "mine": False},
            "people": 22,
        },
    ]


def deadlines() -> list[dict[str, Any]]:
    return [
        {
            "main": _("Fri 20 Nov 2026, 17:00 Tokyo"),
            "other": _("the same time in Seoul"),
            "iso": "2026-11-20T17:00+09:00",
            "left": _("1 working day over"),
            "soon": True,
        },
        {
            "main": _("Wed 31 Mar 2027, 17:00 London"),
            "other": _("Thu 1 Apr, 1:00 Tokyo"),
            "iso": "2027-03-31T17:00+01:00",
            "left": _("1 working day left"),
            "soon": True,
        },
        {
            "main": _("Fri 4 Dec 2026, 17:00 Tokyo"),
            "other": "",
            "iso": "2026-12-04T17:00+09:00",
            "left": _("8 working days left"),
            "soon": False,
        },
    ]


def story() -> list[dict[str, Any]]:
    return [
        {
            "kind": "internal",
            "author": _("Mio Hayakawa"),
            "when": "9:40",
            "iso": "2026-11-24T09:40+09:00",
            "label": _("Headquarters only"),
            "text": _("A dashed yellow frame: this text stays inside."),
        },
        {
            "kind": "shared",
            "author": _("Taku Morishita"),
            "when": "15:05",
            "iso": "2026-11-20T15:05+09:00",
            "text": _("A white frame: the other side reads this text too."),
            "files": [{"name": _("question-sheet.docx"), "url": "#time"}],
        },
        {
            "kind": "state",
            "before": {"label": pgettext("state", "Branch check"), "tone": "move", "fill": 1},
            "after": {"label": pgettext("state", "HQ triage"), "tone": "move", "fill": 1},
            "author": _("Taku Morishita"),
            "when": "15:02",
            "iso": "2026-11-20T15:02+09:00",
        },
        {"kind": "event", "author": _("Haru Iwakura"), "when": "11:48", "text": _("Dates of the visit changed.")},
    ]


def steps() -> list[dict[str, str]]:
    return [
        {"label": _("Request"), "note": _("18 Nov"), "state": "past"},
        {"label": pgettext("state", "Branch check"), "note": _("20 Nov"), "state": "past"},
        {"label": pgettext("state", "HQ triage"), "note": "", "state": "now"},
        {"label": pgettext("state", "In progress"), "note": "", "state": "next"},
        {"label": pgettext("state", "Closed"), "note": "", "state": "next"},
    ]


def tasks() -> list[dict[str, Any]]:
    return [
        {
            "label": _("Dates of the visit"),
            "url": "#step",
            "state": {"label": pgettext("state", "Finished"), "tone": "done", "fill": 4},
        },
        {
            "label": _("Places to visit"),
            "url": "#step",
            "state": {"label": pgettext("state", "Begun"), "tone": "move", "fill": 2},
        },
        {
            "label": _("Send"),
            "url": "",
            "hint": _("Possible when the dates and the places are finished."),
            "state": {"label": pgettext("state", "Not begun"), "tone": "", "fill": 0},
        },
    ]


def tabs() -> list[dict[str, Any]]:
    return [
        {"label": _("Messages"), "url": "#tab", "current": True},
        {"label": _("Files"), "url": "#tab", "count": 3, "current": False},
        {"label": _("History"), "url": "#tab", "icon": "history", "current": False},
    ]


def years() -> list[dict[str, Any]]:
    return [
        {"label": _("FY 2025"), "url": "#tab", "current": True},
        {"label": _("FY 2026"), "url": "#tab", "current": False},
    ]


def chips() -> list[dict[str, Any]]:
    return [
        {"label": _("Visits this month"), "url": "#filter", "on": False},
        {"label": _("Office: London"), "url": "#filter", "on": True},
    ]


def files() -> list[dict[str, Any]]:
    return [
        {
            "name": _("question-sheet.docx"),
            "url": "#file",
            "size": "84 kB",
            "state": {"label": pgettext("state", "Checked"), "tone": "done", "fill": 4},
        },
        {
            "name": "photos.zip",
            "size": "6.2 MB",
            "state": {"label": pgettext("state", "Being checked"), "tone": "move", "fill": 2},
        },
        {
            "name": "budget.pdf",
            "note": _("The content is a program, not a PDF."),
            "state": {"label": pgettext("state", "Refused"), "tone": "late", "fill": 0},
        },
    ]
