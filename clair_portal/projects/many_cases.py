"""Many cases of the list join a project of the office at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clair_portal.accounts.reader import Reader
from clair_portal.casework.bulk import Kind, Line, Values, offer
from clair_portal.casework.case_list import CASES
from clair_portal.casework.models import Case
from clair_portal.projects.models import Project, ProjectCase
from clair_portal.projects.services import add_case, may_add_cases, remove_case


class ProjectForm(forms.Form):
    project: forms.ModelChoiceField[Project] = forms.ModelChoiceField(
        Project.objects.none(), label=gettext_lazy("Project")
    )

    def __init__(self, data: Mapping[str, Any] | None, reader: Reader) -> None:
        super().__init__(data)
        own = Project.objects.visible_to(reader.scope).written_by(reader.scope)
        self.fields["project"].queryset = own.order_by("-changed_at", "pk")  # type: ignore[attr-defined]


def look(cases: Sequence[Case], values: Values, reader: Reader) -> Iterator[Line]:
    """A part stands for the whole it belongs to."""
    project = values.get("project")
    wholes = [_whole(case) for case in cases]
    there = set(ProjectCase.objects.filter(project=project, case__in=wholes).values_list("case", flat=True))
    for case in cases:
        if case.filed_at is None:
            yield Line(case, _("A draft cannot join a project. File it first."))
        else:
            yield Line(case, _("It is in the project already.") if _whole(case) in there else "")


def _whole(case: Case) -> int:
    return case.parent_id or case.pk


def do(cases: Sequence[Case], values: Values, reader: Reader, now: dt.datetime) -> Iterator[Values]:
    for case in cases:
        joined = add_case(values["project"], case, actor=reader, now=now)
        yield {"project": str(values["project"].pk), "joined": joined}


def undo(pairs: Sequence[tuple[Case, Values]], reader: Reader, now: dt.datetime) -> Iterator[Case]:
    keys = {kept["project"] for _case, kept in pairs}
    projects = {str(each.pk): each for each in Project.objects.visible_to(reader.scope).filter(pk__in=keys)}
    for case, kept in pairs:
        project = projects.get(kept["project"])
        if project is None or not ProjectCase.objects.filter(project=project, case=_whole(case)).exists():
            yield case
        elif kept["joined"]:
            remove_case(project, case, actor=reader)


offer(CASES.key, "project", Kind(gettext_lazy("Add to a project"), look, do, undo, ProjectForm, offered=may_add_cases))
