from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficesConfig(AppConfig):
    name = "offices"
    label = "offices"
    verbose_name = _("Overseas offices")

    def ready(self) -> None:
        from clair_portal.accounts import reference as reference_data
        from clair_portal.audit import sentences
        from clair_portal.casework.search import Section, declare
        from clair_portal.casework.text_search import section_of
        from clair_portal.outbox import notices, schedule
        from clair_portal.ui.navigation import Item, register
        from offices import access, brief, kinds, lunch, notifications, printed, reports, similar_panel, workflow
        from offices.foreign import access as foreign_access
        from offices.foreign import kinds as foreign_kinds
        from offices.foreign import landing
        from offices.foreign import notifications as foreign_notices
        from offices.models import OfficeReport, ResearchResult, WorkEntry
        from offices.reference import load_preconditions, public_cases
        from offices.research import approval as research_approval
        from offices.research import kinds as research_kinds
        from offices.research import library
        from offices.research import notifications as research_notices
        from offices.research import publishing as research_publishing

        assert access
        assert brief
        assert kinds
        assert lunch
        assert reports
        assert similar_panel
        assert printed
        assert workflow
        assert research_approval
        assert research_kinds
        assert research_publishing
        assert foreign_access
        assert foreign_kinds
        schedule.register("offices.foreign", landing.run, every=10)
        assert library.LIBRARY
        declare(Section("research", _("Research library"), library.found, 60))
        declare(Section("work", _("Work of offices"), section_of(WorkEntry, "summary", "#work"), 16))
        declare(Section("reports", _("Reports of offices"), section_of(OfficeReport, "body", "#report"), 17))
        declare(Section("results", _("Results of research"), section_of(ResearchResult, "body"), 18))
        register(
            Item(_("Requests to overseas offices"), "cases", "globe", 10),
            Item(_("What offices ask for beforehand"), "preconditions", "", 30, under="cases", right="network.edit"),
            Item(_("Research library"), "research_library", "search", 10, under="cases"),
        )
        reference_data.register("preconditions", load_preconditions)
        reference_data.register("requests from public reports", public_cases.load_cases)
        reference_data.register("published counts of requests", public_cases.load_counts)
        sentences.declare(notifications.SENTENCES)
        sentences.declare(research_notices.SENTENCES)
        sentences.declare(foreign_notices.SENTENCES)
        notices.declare(foreign_notices.NOTICES)
        notices.declare(notifications.NOTICES)
        notices.declare(research_notices.NOTICES)
