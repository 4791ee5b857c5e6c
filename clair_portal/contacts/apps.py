from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "clair_portal.contacts"
    label = "contacts"
    verbose_name = _("Contacts abroad")

    def ready(self) -> None:
        from clair_portal.accounts import handover_pack
        from clair_portal.audit import sentences
        from clair_portal.casework.search import Section, declare
        from clair_portal.contacts import access, editing, handover_panels, host_list, search
        from clair_portal.outbox import notices
        from clair_portal.ui.navigation import Item, register

        assert access
        declare(Section("hosts", _("Contact book"), search.hosts, 40))
        assert host_list.HOSTS
        assert editing.EDITABLE_HOSTS
        register(Item(_("Contact book"), "hosts", "user", 50, section="tools", right="contacts.read"))
        handover_pack.register(
            "contacts.used", _("Contacts of these cases"), handover_panels.contacts, order=40,
            nothing=_("No host abroad was used for these cases."),
        )  # fmt: skip
        handover_pack.register_dates("contacts.visits", handover_panels.visits)
        sentences.declare(
            {
                "contacts.host.added": _("%(actor)s added the host %(name)s."),
                "contacts.host.changed": _("%(actor)s changed the host %(name)s."),
                "contacts.host.used": _("%(actor)s noted work with the host %(name)s."),
                "contacts.person.added": _("%(actor)s added a person at %(name)s."),
                "contacts.person.changed": _("%(actor)s corrected a person at %(name)s."),
                "contacts.host.merged": _("%(actor)s merged %(name)s into %(into)s."),
                "contacts.visit.planned": _("%(actor)s planned the itinerary “%(title)s”."),
                "contacts.visit.shared": _("%(actor)s shared the itinerary “%(title)s”."),
                "contacts.visit.changed": _("%(actor)s told of changes in the itinerary “%(title)s”."),
            }
        )
        notices.declare(
            {
                "contacts.visit.shared": notices.Notice(
                    _("Itinerary for %(number)s: %(title)s"), _("%(actor)s shared the itinerary “%(visit)s”.")
                ),
                "contacts.visit.changed": notices.Notice(
                    _("Itinerary changed, %(number)s: %(title)s"), _("The itinerary “%(visit)s” has changed.")
                ),
            }
        )
