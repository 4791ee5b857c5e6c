from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clair_portal.settings.production")
application = get_wsgi_application()

from clair_portal.pages.startup import refuse_unsafe_start  # noqa: E402 - needs the apps

refuse_unsafe_start()
