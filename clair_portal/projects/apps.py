from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProjectsConfig(AppConfig):
    name = "clair_portal.projects"
    label = "projects"
    verbose_name = pgettext_lazy("of partners", "Projects")

    def ready(self) -> None:
        from clair_portal.accounts import reference as reference_data
        from clair_portal.audit import sentences
        from clair_portal.casework.search import Section, declare
        from clair_portal.network import moving
        from clair_portal.outbox import schedule
        from clair_portal.projects import (
            access,
            case_panel,
            editing,
            many_cases,
            project_list,
            reference,
            search,
            services,
        )
        from clair_portal.ui.navigation import Item, register

        assert access
        assert case_panel.READ
        assert many_cases.ProjectForm.base_fields
        assert project_list.PROJECTS
        assert editing.EDITABLE_PROJECTS
        register(Item(pgettext_lazy("of partners", "Projects"), "projects", "swap", 40, section="tools"))
        declare(Section("projects", pgettext_lazy("of partners", "Projects"), search.projects, 50))
        moving.register(
            "projects.parties", services.move_parties, label=pgettext_lazy("of partners", "Projects that go on")
        )
        schedule.register("projects.states", services.follow_the_calendar, every=900)
        reference_data.register("projects", reference.load)
        sentences.declare(
            {
                "projects.project.begun": _("%(actor)s began the project “%(title)s”."),
                "projects.project.changed": _("%(actor)s changed the project “%(title)s”."),
                "projects.state.changed": _("%(actor)s wrote down how the project “%(title)s” stands as of %(day)s."),
                "projects.sentence.written": _("%(actor)s wrote a sentence of %(day)s about the project “%(title)s”."),
                "projects.sentence.corrected": _("%(actor)s corrected a sentence about the project “%(title)s”."),
                "projects.case.added": _("%(actor)s added %(number)s to the project “%(title)s”."),
                "projects.case.removed": _("%(actor)s took %(number)s out of the project “%(title)s”."),
                "projects.event.added": _("%(actor)s added the event “%(called)s” to the project “%(title)s”."),
                "projects.event.removed": _("%(actor)s took the event “%(called)s” out of the project “%(title)s”."),
                "projects.party.succeeded": _(
                    "%(actor)s put the successor %(successor)s in the place of %(predecessor)s in the project “%(title)s”."
                ),
            }
        )
