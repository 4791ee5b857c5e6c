from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "clair_portal.publishing"
    label = "publishing"
    verbose_name = _("Publications")

    def ready(self) -> None:
        from clair_portal.audit import sentences
        from clair_portal.outbox import handlers, relay, schedule
        from clair_portal.publishing import access
        from clair_portal.publishing.content.declared import declare_texts
        from clair_portal.publishing.models import Page
        from clair_portal.publishing.tree import changes, families, triggers, work
        from clair_portal.ui.navigation import Item, register
        from clair_portal.walls import row_security

        assert access
        handlers.HANDLERS["page"] = handlers.Handler(Page, work.publish, 200)
        families.rows("publishing_publication", "kind || ':' || slug")
        families.rows("network_organisation", "code")
        families.rows("publishing_page", shown="status = 200", columns=access.PAGES_READABLE)
        relay.FIRST.append(relay.Step("marking public pages", "exists (select from publishing_change)", changes.take))
        schedule.register(changes.TURN, changes.pass_time, every=1)
        if triggers.declare_functions not in row_security.LATE:
            row_security.LATE.append(triggers.declare_functions)
        post_migrate.connect(triggers.synchronise, sender=self, dispatch_uid="publishing_triggers")
        declare_texts()
        register(Item(_("Publications"), "publications", "book", 60, section="tools", right="publications.prepare"))
        register(Item(_("Seven overseas offices"), "offices", "", 20, section="public"))
        register(Item(_("Stories"), "stories", "", 30, section="public"))
        register(Item(_("Research results"), "research_results", "", 40, section="public"))
        sentences.declare(
            {
                "publishing.publication.prepared": _("%(actor)s prepared the publication “%(title)s”."),
                "publishing.publication.changed": _("%(actor)s changed the publication “%(title)s”."),
                "publishing.publication.corrected": _(
                    "%(actor)s changed the public text of “%(title)s” (%(sentences)s sentences)."
                ),
                "publishing.publication.released": _(
                    "%(actor)s released “%(title)s” to the public: %(sentences)s sentences, %(left_out)s left out. "
                    "Agreed by: %(consent)s, %(on)s"
                ),
                "publishing.publication.withdrawn": _(
                    "%(actor)s took “%(title)s” off the public pages. Reason: %(reason)s"
                ),
            }
        )
