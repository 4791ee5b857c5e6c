"""The projects of a case, beside it on its page."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import Coalesce, JSONObject

from clair_portal.accounts.reader import Reader
from clair_portal.casework.models import Case
from clair_portal.casework.panels import Panel, register
from clair_portal.casework.queries import CaseQuerySet
from clair_portal.language.words import in_japanese
from clair_portal.projects.enums import BADGES
from clair_portal.projects.models import Project, ProjectCase
from clair_portal.projects.services import may_add_cases
from clair_portal.walls.scope import Scope

READ = "in_projects"


def read(cases: CaseQuerySet, scope: Scope) -> CaseQuerySet:
    """A part stands in the projects of the whole."""
    whole = Coalesce(OuterRef("parent"), OuterRef("pk"))
    seen = ProjectCase.objects.filter(case=whole, project__in=Project.objects.visible_to(scope)).order_by("project")
    values = JSONObject(pk="project", ja="project__title_ja", en="project__title_en", state="project__state")
    return cases.annotate(**{READ: ArraySubquery(seen.values(json=values))})


def gather(case: Case, reader: Reader) -> dict[str, Any] | None:
    """`projects`: those the reader sees; `may_add`: an office may add the case to one of its own."""
    if not hasattr(case, READ):
        case = read(Case.objects.visible_to(reader.scope), reader.scope).get(pk=case.pk)
    projects = [_shown(values) for values in vars(case)[READ]]
    may_add = may_add_cases(reader) and case.filed_at is not None
    return {"projects": projects, "may_add": may_add} if projects or may_add else None


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    first, second = ("ja", "en") if in_japanese() else ("en", "ja")
    return {"pk": values["pk"], "title": values[first] or values[second], "badge": BADGES[values["state"]]}


register(Panel("projects/case_panel.html", read, gather))
