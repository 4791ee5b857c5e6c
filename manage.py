#!/usr/bin/env python
"""Django's command line. Commands that change the schema log in to PostgreSQL as the owner, everything else as the web login."""

import os
import sys

OWNER_COMMANDS = {
    "migrate",
    "migrate_safely",
    "makemigrations",
    "flush",
    "sqlmigrate",
    "squashmigrations",
    "load_reference",
    "load_sample",
    "remove_sample_accounts",
    "first_administrator",
    "forget_second_factor",
    "person_data",
    "showmigrations",
    "lintmigrations",
    "createcachetable",
}
WORKER_COMMANDS = {"relay", "verify_log", "seal_log"}


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    login = "owner" if command in OWNER_COMMANDS else "worker" if command in WORKER_COMMANDS else "web"
    os.environ.setdefault("PORTAL_LOGIN", login)
    os.environ.setdefault(
        "DJANGO_SETTINGS_MODULE",
        "clair_portal.settings.demo" if os.environ.get("DEMO") == "1" else "clair_portal.settings.production",
    )
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
