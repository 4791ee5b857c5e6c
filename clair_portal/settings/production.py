"""Production: behind nginx with TLS. `manage.py check --deploy` is silent, and refuses while a sample account exists."""

from __future__ import annotations

from clair_portal.settings.base import *  # noqa: F403

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by the container's health check, without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-portal_session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-portal_csrf"
LANGUAGE_COOKIE = "__Host-portal_language"
DEVICE_COOKIE = "__Secure-portal_device"  # it has a path of its own, which __Host- does not allow
