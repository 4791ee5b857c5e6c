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
        schedule.register("outbox.digests", digest.write_digests, local_time=dt.time(8, 0))
        schedule.register("outbox.old_jobs", jobs.clear_old, local_time=dt.time(3, 30))
