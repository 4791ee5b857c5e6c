"""The list of projects as a sheet: titles, strands, beginning and source of an office's own projects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clair_portal.accounts.reader import Reader
from clair_portal.imports.editing import EditableList, EditColumn, declare, some_of, words_of
from clair_portal.network.models import Organisation
from clair_portal.projects.enums import YEARS, Strand
from clair_portal.projects.models import Project, ProjectParty
from clair_portal.projects.project_list import PROJECTS
from clair_portal.projects.queries import ProjectQuerySet
from clair_portal.projects.services import change_project, may_write
from clair_portal.sheets import cells
from clair_portal.walls.roles import OFFICE


def _not_ours(project: Project, reader: Reader) -> str:
    return "" if may_write(project, reader) else _("Only the office that keeps the project can change it.")


def _year(cell: Any) -> int | None:
    year = cells.whole(cell)
    if year is not None and not YEARS[0] <= year <= YEARS[1]:
        raise ValueError(_("Write the year in four digits, such as 1998."))
    return year


def _check(project: Project, changes: dict[str, Any], reader: Reader) -> list[tuple[str, str]]:
    ja, en = (changes.get(name, getattr(project, name)) for name in ("title_ja", "title_en"))
    return [] if ja or en else [("title_ja", _("Write a title in Japanese or in English."))]


def _records(keys: Sequence[int], reader: Reader, lock: bool) -> ProjectQuerySet:
    seen = Project.objects.visible_to(reader.scope).filter(pk__in=keys).select_related("office").order_by("pk")
    return seen.select_for_update(of=("self",)) if lock else seen


def _write(project: Project, changes: dict[str, Any], *, actor: Reader, now: dt.datetime) -> None:
    values = {name: value if value is not None or name == "begun" else "" for name, value in changes.items()}
    kept = ProjectParty.objects.filter(project=project).values("organisation")
    parties = list(Organisation.objects.filter(pk__in=kept))
    change_project(project, values=values, parties=parties, version=project.version, actor=actor, now=now)


def _plain(name: str, label: Any, length: int, width: int) -> EditColumn:
    return EditColumn(
        name, label, lambda project, more: getattr(project, name) or None, lambda context: cells.at_most(length),
        refused=_not_ours, width=width,
    )  # fmt: skip


EDITABLE_PROJECTS = declare(
    EditableList(
        listing=PROJECTS,
        version=1,
        columns=(
            _plain("title_ja", gettext_lazy("Title (Japanese)"), 200, 40),
            _plain("title_en", gettext_lazy("Title (English)"), 200, 40),
            EditColumn("strands", gettext_lazy("Strands"), lambda project, more: project.strands,
                       lambda context: some_of(Strand), lambda values, context: words_of(Strand, values), refused=_not_ours, width=30,
                       help=gettext_lazy("As they are called on the page of a project, with commas between.")),
            EditColumn("begun", gettext_lazy("Begun in"), lambda project, more: project.begun, lambda context: _year,
                       refused=_not_ours, width=10, number=True),
            _plain("source", gettext_lazy("Source"), 300, 40),
        ),
        offered=lambda reader: reader.scope.role == OFFICE and reader.can("cases.work"),
        name=str,
        records=_records,
        write=_write,
        stamp=lambda project: project.version,
        check=_check,
    )
)  # fmt: skip
