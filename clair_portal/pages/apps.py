from __future__ import annotations

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "clair_portal.pages"
    label = "pages"

    def ready(self) -> None:
        from clair_portal.documents import keeping
        from clair_portal.outbox import schedule
        from clair_portal.pages import (
            directory_lists,
            forgetting,
            invitation_list,
            invitations,
            publication_list,
            published,
            search_kinds,
        )
        from clair_portal.ui.navigation import Item, register

        assert invitations.BULK  # workers must know its job as well
        assert directory_lists.PEOPLE
        assert invitation_list.INVITATIONS
        assert publication_list.PUBLICATIONS
        published.declare_pages()
        search_kinds.declare_kinds()
        schedule.register("pages.sessions", forgetting.clear_sessions, local_time=dt.time(3, 40))
        schedule.register("pages.forgetting", forgetting.forget, local_time=dt.time(3, 50))
        schedule.register("documents.quarantine", keeping.scan_waiting, every=120)
        schedule.register("documents.orphans", keeping.sweep_orphans, every=keeping.EVERY)
        register(
            Item(_("Desk"), "desk", "desk", 10, "desk", exact=True),
            Item(_("Organisations and people"), "directory", "book", 20, "tools"),
            Item(_("Post room"), "mails", "mail", 30, "tools", right="outbox.manage"),
            Item(_("Emergency readings"), "emergencies", "lock", 35, "tools", right="log.read"),
            Item(_("Components"), "components", "help", 90, "tools", right="network.edit"),
            Item(_("About CLAIR"), "about", "", 10, "foot"),
            Item(_("Contact by topic"), "contact", "", 20, "foot"),
            Item(_("Accessibility"), "accessibility", "", 30, "foot"),
            Item(_("Privacy"), "privacy", "", 40, "foot"),
            Item(_("Site policy"), "site_policy", "", 50, "foot"),
            Item(_("Addresses for programs (API)"), "api_reference", "", 60, "foot"),
            Item(_("Statistics"), "public_statistics", "", 5, "foot"),
        )
