"""pytest-django reads settings before any conftest: the owner's login must be chosen here."""

from __future__ import annotations

import os

os.environ["PORTAL_LOGIN"] = "owner"
os.environ.setdefault("SECRET_KEY", "only-for-tests-and-of-no-use-anywhere-else-0123456789")
os.environ.setdefault("DATABASE_URL", "postgresql://portal_owner@/portal")

from clair_portal.settings.base import *  # noqa: F403

DEMO = True
READINGS = (
    False  # so that tests find whole sentences in pages; tests/language/test_readings_on_pages.py switches them on
)
MAIL_IN_DOMAIN = "cases.example"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
REQUIRE_SECOND_FACTOR = False
WHITENOISE_AUTOREFRESH = True  # nothing is collected before tests
PUBLISHED_TREE = ""  # tests about the tree name a folder of their own
REDIS_URL = ""  # without a broker unless a test is about one; those start their own
CELERY_BROKER_URL = "memory://"
