from __future__ import annotations

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "clair_portal.outbox"
    label = "outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        from clair_portal.accounts import context
        from clair_portal.outbox import access, digest, jobs, queries, schedule  # noqa: F401

        if queries.unread not in context.UNREAD:
            context.UNREAD.append(queries.unread)

        schedule.register("outbox.reminders", schedule.tell_reminders, every=20)
        # The former turn "outbox.digests" was one at eight in Tokyo; its row stays where there is one, and nobody runs it.
        schedule.register("outbox.summaries", digest.write_digests, every=600)
        schedule.register("outbox.old_jobs", jobs.clear_old, local_time=dt.time(3, 30))
