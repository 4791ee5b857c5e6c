from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from clair_portal.walls.roles import statements


class Command(BaseCommand):
    help = "Print the SQL a database administrator runs where the owner may not create roles."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(";\n".join(statements()) + ";")
