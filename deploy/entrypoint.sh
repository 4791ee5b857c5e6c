#!/bin/sh
# Web, worker and relay start through here: first what must be true, then the process itself.
set -eu
python manage.py check --deploy --fail-level WARNING --database default
exec "$@"
