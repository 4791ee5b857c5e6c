from __future__ import annotations

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GatheringsConfig(AppConfig):
    name = "clair_portal.gatherings"
    label = "gatherings"
    verbose_name = _("Events")

    def ready(self) -> None:
        from clair_portal.accounts import handover
        from clair_portal.audit import sentences
        from clair_portal.gatherings import (
            access,
            call_access,
            call_approval,
            call_telling,
            notifications,
            published,
            queue_access,
            succession,
            telling,
        )
        from clair_portal.network import moving
        from clair_portal.outbox import notices, schedule
        from clair_portal.ui.navigation import Item, register

        assert access
        assert queue_access
        assert call_access
        assert call_approval
        published.declare_pages()
        register(
            Item(_("Events"), "events", "cal", 42, section="tools"),
            Item(_("Calls for participants"), "calls", "", 10, section="tools", under="events"),
            Item(_("Events"), "public_events", "", 40, section="public"),
        )
        handover.register(
            "gatherings.events", succession.hand_over, label=_("Events to come"), waiting=succession.waiting
        )
        handover.register(
            "gatherings.calls",
            succession.hand_over_calls,
            label=_("Calls that are not decided"),
            waiting=succession.waiting_calls,
        )
        moving.register("gatherings.applications", succession.move_applications, label=_("Applications to calls"))
        sentences.declare(notifications.SENTENCES)
        notices.declare(notifications.NOTICES)
        schedule.register("gatherings.telling", telling.run, every=30)
        schedule.register("gatherings.forgetting", telling.forget, local_time=dt.time(4, 0))
        schedule.register("gatherings.calls", call_telling.run, every=30)
        schedule.register("gatherings.calls_forgetting", call_telling.forget, local_time=dt.time(4, 10))
