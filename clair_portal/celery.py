"""The Celery application. State is in PostgreSQL; a task is told ids and makes one service call."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clair_portal.settings.production")
app = Celery("clair_portal", task_cls="clair_portal.accounts.tasks:ScopedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def refuse_unsafe_start(**_: Any) -> None:
    from clair_portal.pages.startup import refuse_unsafe_start as refuse

    refuse()
