#!/bin/sh
# One-shot before every start: schema, roles, passwords of the two logins, reference data; then the files for nginx.
# Several at once are safe: the command takes a lock, and copying the same files twice gives the same files.
set -eu
python manage.py migrate_safely --reference
cp -R staticfiles/. /srv/static/  # older names stay, for pages that are still open in somebody's browser
