from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "clair_portal.publishing"
    label = "publishing"
    verbose_name = _("Publications")

    def ready(self) -> None:
        from clair_portal.audit import sentences
        from clair_portal.publishing import access
        from clair_portal.publishing.content.declared import declare_texts
        from clair_portal.publishing.tree.declared import declare_tree
        from clair_portal.ui.navigation import Item, register

        assert access
        declare_tree(self)
        declare_texts()
        register(Item(_("Publications"), "publications", "book", 60, section="tools", right="publications.prepare"))
        register(Item(_("Translations"), "translations", "lang", 62, section="tools", right="translations.read"))
        register(Item(_("Seven overseas offices"), "offices", "", 20, section="public"))
        register(Item(_("Stories"), "stories", "", 30, section="public"))
        register(Item(_("News releases"), "releases", "", 35, section="public"))
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
