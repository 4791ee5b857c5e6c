"""Settings that every way of running shares. demo, production and test add the little that differs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django.conf.locale
from csp.constants import NONE, SELF

from clair_portal.language import versions
from clair_portal.settings import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# --- Applications: the foundation, then the four pillars -------------------------------------------------------------
INSTALLED_APPS = [
    "modeltranslation",
    "django.forms",  # the form renderer finds the fields of Django through it
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",  # allauth's security-key pages load it; `check` does not notice when it is missing
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "pgtrigger",
    "pghistory",
    "csp",
    "clair_portal.language",
    "clair_portal.calendars",
    "clair_portal.ui",
    "clair_portal.walls",
    "clair_portal.audit",
    "clair_portal.network",
    "clair_portal.accounts",
    "clair_portal.outbox",
    "clair_portal.documents",
    "clair_portal.publishing",
    "clair_portal.furigana",
    "clair_portal.search",
    "clair_portal.approvals",
    "clair_portal.open_data",
    "clair_portal.gatherings",
    "clair_portal.casework",
    "clair_portal.imports",
    "clair_portal.contacts",
    "clair_portal.projects",
    "clair_portal.reports",
    "clair_portal.staffing",
    "offices",
    "jet",
    "exchange",
    "multicultural",
    "clair_portal.pages",
]

MIDDLEWARE = [
    "clair_portal.ui.middleware.RequestIdMiddleware",
    "clair_portal.ui.middleware.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "clair_portal.ui.middleware.HeadersMiddleware",
    "clair_portal.ui.middleware.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clair_portal.ui.middleware.NoNulMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clair_portal.accounts.middleware.ReaderMiddleware",
    "django.middleware.common.CommonMiddleware",  # adds a missing slash where the language is active
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "clair_portal.accounts.middleware.ScopeMiddleware",  # inside it: nothing but views, templates and the next
    "clair_portal.furigana.middleware.FinishedPageMiddleware",
]

ROOT_URLCONF = "clair_portal.urls"
WSGI_APPLICATION = "clair_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clair_portal.ui.context.frame",
                "clair_portal.accounts.context.reader",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "clair_portal.ui.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "clair_portal.ui.forms.Renderer"

# --- Database: one alias; which login it uses is decided by the process, never by the code ---------------------------
PORTAL_LOGIN = env.text("PORTAL_LOGIN", "web")  # owner | web | worker
DATABASE_URL = env.text("DATABASE_URL")
LOGIN_URLS = {"web": env.text("DATABASE_WEB_URL", ""), "worker": env.text("DATABASE_WORKER_URL", "")}


def _database() -> dict[str, Any]:
    if PORTAL_LOGIN == "owner":
        return env.database(DATABASE_URL)
    if own := LOGIN_URLS[PORTAL_LOGIN]:
        return env.database(own)
    return env.database(DATABASE_URL, startup_role=f"portal_{PORTAL_LOGIN}")


DATABASES = {"default": _database()}
FIRST_WALL = env.flag("FIRST_WALL", True)  # off: only in the test run that proves the second wall
PGHISTORY_APPEND_ONLY = False  # grants do it; the pgtrigger way can be switched off by a setting
PGHISTORY_MIDDLEWARE_METHODS = ()

# Sessions, throttles and the default cache live in the database: signing in works with Valkey stopped.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "walls_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},  # so that guessing cannot push the throttles' counters out
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- Background work: PostgreSQL holds the state, Celery is muscle -----------------------------------------------------
REDIS_URL = env.text("REDIS_URL", "")
CELERY_BROKER_URL = env.broker(REDIS_URL) if REDIS_URL else "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False  # the lease in the row, not the broker, decides who repeats a lost piece of work
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# --- People -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "clair_portal.accounts.breached.BreachedPasswordValidator"},
]
BREACHED_PASSWORDS_FILE = env.text("BREACHED_PASSWORDS_FILE", "")  # empty: only the list above is asked
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_ADAPTER = "clair_portal.pages.adapter.AccountAdapter"
MFA_ADAPTER = "clair_portal.pages.adapter.MFAAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # invitations prove the address; there is no open sign-up
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # there is no sign-up to point at
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Many town halls share the one address of their closed network; the limit per account and the global one do the work.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "30/m/ip,5/300s/key", "reset_password": "20/m/ip,5/m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "CLAIR Portal"
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_IDLE_SECONDS = 30 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 60 * 60
SECOND_FACTOR_KINDS = {"headquarters", "division", "office"}  # organisations whose people must have a second factor
REQUIRE_SECOND_FACTOR = env.flag("REQUIRE_SECOND_FACTOR", True)

# --- Languages and time -------------------------------------------------------------------------------------------------
for version in versions.VERSIONS:
    django.conf.locale.LANG_INFO.setdefault(
        version.code, {"bidi": False, "code": version.code, "name": version.endonym, "name_local": version.endonym}
    )
LANGUAGE_CODE = "en"  # source strings are English; staff pages prefer Japanese by the reader's own setting
LANGUAGES = [(version.code, version.endonym) for version in versions.VERSIONS]  # of public pages
STAFF_LANGUAGES = [(code, versions.BY_CODE[code].endonym) for code in versions.STAFF]
STAFF_LANGUAGE = "ja"
MODELTRANSLATION_LANGUAGES = ("ja", "en")
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"  # what versions other than ja and ja-simple show
MODELTRANSLATION_FALLBACK_LANGUAGES = ("ja", "en")
READINGS = env.flag("READINGS", True)  # furigana over the kanji of Japanese public pages
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = "clair_portal.language.formats"
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

# --- This site: said on its public pages; empty: "not published", "not decided" -------------------------------------------
SITE_OPERATOR = env.text("SITE_OPERATOR", "")  # who runs this site and answers for it
SITE_CONTACT = env.text("SITE_CONTACT", "")  # address for mistakes, accessibility and personal data on this site

# --- Files ----------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATE = Path(env.text("STATE", str(BASE_DIR / ".state")))
FONT_CACHE = Path(env.text("FONT_CACHE", str(BASE_DIR / "build" / "fonts")))  # made once from static/vendor/fonts
PUBLISHED_TREE = env.text("PUBLISHED_TREE", str(STATE / "published"))  # public pages as files; empty: none are kept
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing may use it: papers go to "documents"
    "documents": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(STATE / "documents")},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if bucket := env.text("DOCUMENTS_BUCKET", ""):
    STORAGES["documents"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.text("DOCUMENTS_ENDPOINT", "") or None,
            "default_acl": "private",
            "querystring_auth": True,
            "file_overwrite": False,
        },
    }
DOCUMENT_MAX_BYTES = 20 * 1024 * 1024
DOCUMENT_DAILY_BYTES = int(env.text("DOCUMENT_DAILY_BYTES", str(1024**3)))  # of one person
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a release has a tick for each sentence of both languages
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
CLAMAV_ADDRESS = env.text("CLAMAV_ADDRESS", "")  # host:port of clamd, or a socket's path; empty: visible as absent
# Days until mails, notices and used-up codes are forgotten (pages/forgetting.py).
RETENTION_DAYS = {
    kind: int(env.text(f"RETENTION_DAYS_{kind.upper()}", days))
    for kind, days in {"mail": "90", "notice": "400", "code": "400", "registration": "1095", "search": "400"}.items()
}
# Public search: how often something must be searched in vain before its words are written down, and searches that one address
# of the net may send to one process in a minute.
SEARCH_MISSES_NEEDED = int(env.text("SEARCH_MISSES_NEEDED", "3"))
SEARCHES_A_MINUTE = int(env.text("SEARCHES_A_MINUTE", "60"))
# Mail into cases: the domain whose mail comes here (empty: no addresses are shown), and where it waits.
MAIL_IN_DOMAIN = env.text("MAIL_IN_DOMAIN", "")
MAIL_IN_SPOOL = Path(env.text("MAIL_IN_SPOOL", str(STATE / "mail-in")))
MAIL_IN_MAX_BYTES = 30 * 1024 * 1024
# Requests of local governments abroad: time to confirm the address, how long a link works, what one address of the net may
# send in an hour, papers at once, and the kinds that go to headquarters instead of the office of the form.
FOREIGN_CONFIRM_HOURS = 72
FOREIGN_LINK_DAYS = 180
STRANGER_SENDS_AN_HOUR = int(env.text("STRANGER_SENDS_AN_HOUR", "10"))
STRANGER_BYTES_AN_HOUR = int(env.text("STRANGER_BYTES_AN_HOUR", str(100 * 1024 * 1024)))  # of papers
STRANGER_BUTTONS_AN_HOUR = 100  # behind links of mails: everybody in a hall may come from one address of the net
FOREIGN_PAPERS = 3
FOREIGN_PAPER_BYTES = 10 * 1024 * 1024
FOREIGN_KINDS_TO_HEADQUARTERS: tuple[str, ...] = ()
GATHERING_CONFIRM_HOURS = 72  # until a registration through the public form is forgotten
# Many town halls, or a whole school, share one address of the net; how often one mail address is written to is bounded by the
# registrations of it that wait for confirmation.
REGISTRATIONS_AN_HOUR = int(env.text("REGISTRATIONS_AN_HOUR", "100"))
# Licence of the open data, as a name and an address. Empty: not decided yet, which pages and files then say.
OPEN_DATA_LICENCE = env.text("OPEN_DATA_LICENCE", "")  # "": not decided, and pages say so (docs/runbook.md)
OPEN_DATA_LICENCE_ADDRESS = env.text("OPEN_DATA_LICENCE_ADDRESS", "")
LOG_HEADS_DIR = Path(env.text("LOG_HEADS_DIR", str(STATE / "log-heads")))

# --- Mail -------------------------------------------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = int(env.text("EMAIL_PORT", "25"))
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "portal@localhost")
PORTAL_URL = env.text("PORTAL_URL", "http://localhost:8000")  # how links in mails begin

# --- Security ------------------------------------------------------------------------------------------------------------
# The first line is the key; further lines are former keys, which are still read while the new one takes over.
SECRET_KEY, *SECRET_KEY_FALLBACKS = env.lines("SECRET_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1")
DEBUG = False
DEMO = False
TRUSTED_PROXY = env.text("TRUSTED_PROXY", "")  # the one address whose X-Forwarded-For is believed
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = 7 * 24 * 3600  # each form renews it; one that stays open over some days can still be sent
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "clair_portal.pages.views.errors.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "portal_session"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
LANGUAGE_COOKIE = "portal_language"  # what a visitor without an account chose
DEVICE_COOKIE = "portal_device"  # accounts/devices.py
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SILENCED_SYSTEM_CHECKS: list[str] = []
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- API -----------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["clair_portal.accounts.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["clair_portal.accounts.authentication.PublicRead"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["clair_portal.network.api_parsers.JsonParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "clair_portal.pages.api.one_error_shape",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
        "clair_portal.accounts.authentication.WriteThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "120/min", "user": "600/min", "write": "120/min"},
    "NUM_PROXIES": 0,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CLAIR portal API",
    "VERSION": "1",
    "DESCRIPTION": "The network, read by everybody; requests and statistics, with a token.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,  # the reference page lists the keys
    "ENUM_NAME_OVERRIDES": {  # fields of the same name with other choices
        "KindsEnum": "offices.enums.SupportKind",
        "ForeignKindsEnum": "offices.enums.ForeignKind",
    },
}

# --- Log -----------------------------------------------------------------------------------------------------------------
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "clair_portal.ui.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"propagate": True, "handlers": []}},
}
