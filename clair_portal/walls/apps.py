from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WallsConfig(AppConfig):
    name = "clair_portal.walls"
    label = "walls"

    def ready(self) -> None:
        from clair_portal.walls import access, checks  # noqa: F401

        post_migrate.connect(write_policies, sender=self, dispatch_uid="row_security")


def write_policies(using: str, **_: Any) -> None:
    from clair_portal.walls.row_security import synchronise

    synchronise(using=using)
