"""gunicorn behind nginx: `gunicorn -c deploy/gunicorn.conf.py clair_portal.wsgi`."""

from __future__ import annotations

import os

# A socket that only nginx shares: nothing else can reach the web process, so nothing else can claim to be the proxy.
bind = os.environ.get("BIND", "unix:/run/portal/web.sock")
umask = 0o007  # the socket is for the user and the group, which nginx belongs to
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))  # a transaction per request: one database connection per thread
timeout = 60
graceful_timeout = 30
limit_request_line = 8190  # the most there is; nginx refuses longer ones
limit_request_field_size = 40_000  # more than nginx passes on
keepalive = 75  # longer than nginx keeps an idle connection
max_requests = 5000
max_requests_jitter = 500
worker_tmp_dir = os.environ.get("WORKER_TMP_DIR", "/dev/shm")  # noqa: S108 - memory: a slow disk must not look like a dead worker
control_socket_disable = True

# Who the client is and whether it came by TLS is decided in one place: clair_portal/ui/middleware.py (TRUSTED_PROXY).
forwarded_allow_ips = ""
forwarder_headers = ""  # no request header may set SCRIPT_NAME or PATH_INFO

accesslog = None  # portal.access writes one line a request, with its id
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "clair_portal.ui.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
    "root": {"level": "INFO", "handlers": ["stderr"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False, "qualname": "gunicorn.error"},
        "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": False, "qualname": "gunicorn.access"},
    },
}
