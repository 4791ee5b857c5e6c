"""`make demo`: sample accounts, no TLS, mail into a folder that can be read."""

from __future__ import annotations

import os
import secrets

from django.core.exceptions import ImproperlyConfigured

if os.environ.get("DEMO") != "1":
    raise ImproperlyConfigured("clair_portal.settings.demo needs DEMO=1: it comes with sample accounts.")
os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))

from clair_portal.settings import environment as env
from clair_portal.settings.base import *  # noqa: F403
from clair_portal.settings.base import STATE

DEMO = True
MAIL_IN_DOMAIN = env.text("MAIL_IN_DOMAIN", "cases.localhost")  # a file put into STATE/mail-in/new arrives
REQUIRE_SECOND_FACTOR = env.flag("REQUIRE_SECOND_FACTOR", False)
if "EMAIL_HOST" not in os.environ:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(STATE / "mail")
