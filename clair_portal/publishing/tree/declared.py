"""What the tree of files tells the rest of the portal when it starts."""

from __future__ import annotations

import datetime as dt

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from clair_portal.outbox import handlers, notices, relay, schedule
from clair_portal.publishing import access
from clair_portal.publishing.models import Page
from clair_portal.publishing.tree import changes, checking, everything, families, triggers, work
from clair_portal.ui.navigation import Item, register
from clair_portal.walls import row_security

# Two workers write the 17 versions of what was saved, and the first of its lists.
ON_THE_WAY, AT_ONCE = 27, 9
NOTICES = {
    "publishing.pages.differed": notices.Notice(
        _("Public pages differed from what they should say"),
        _(
            "The comparison of %(day)s found %(count)s public pages that differed, %(example)s among them. They are published "
            "again. If it happens often, something changes pages without being declared."
        ),
    ),
    "publishing.pages.failing": notices.Notice(
        _("Public pages cannot be written"),
        _(
            "%(count)s public pages could not be written for more than an hour, %(example)s among them. The reason: %(error)s. "
            "What was last written stays public, except for texts that were withdrawn. They are tried again by themselves."
        ),
    ),
}
_OF_OFFICE = "'of:' || (select lower(o.code) from network_organisation o where o.id = office_id)"


def declare_tree(app: AppConfig) -> None:
    """Called in ready()."""
    assert everything.JOB  # workers must know its job as well
    handlers.HANDLERS["page"] = handlers.Handler(Page, work.publish_next, ON_THE_WAY, batch=AT_ONCE)
    relay.FIRST.append(relay.Step("marking public pages", "exists (select from publishing_change)", changes.take))
    schedule.register(changes.TURN, changes.pass_time, every=1)
    schedule.register("publishing.check", checking.begin, local_time=dt.time(2, 30))
    schedule.register("publishing.checked", checking.end, every=30)
    schedule.register("publishing.faults", checking.tell_of_faults, every=600)
    notices.declare(NOTICES)
    register(Item(_("Published pages"), "published", "globe", 32, section="tools", right=checking.KEEPS))
    families.rows(  # that one is withdrawn is said as well, past the policy
        "publishing_publication", "kind || ':' || slug", shown="state <> 'draft'", columns=access.READABLE
    )
    families.rows("publishing_publication", "'of:' || kind")
    families.rows("publishing_publication", _OF_OFFICE)
    families.rows("network_organisation", "code")
    families.rows("publishing_page", shown="status = 200", columns=access.PAGES_READABLE)
    row_security.LATE.append(triggers.declare_functions)
    post_migrate.connect(triggers.synchronise, sender=app, dispatch_uid="publishing_triggers")
