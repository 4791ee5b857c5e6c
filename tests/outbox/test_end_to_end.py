"""The real thing: `manage.py relay` and a Celery worker as processes of their own, Valkey, PostgreSQL and a mail server."""

from __future__ import annotations

import email
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from clair_portal.audit import chain
from clair_portal.audit.models import Entry
from clair_portal.audit.services import record
from clair_portal.outbox.models import Email, Message, Notification
from clair_portal.ui.request_id import use_request_id
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.outbox.conftest import CHECKOUT, Mailbox, running, wait_for

WORKER = [
    "-m",
    "celery",
    "-A",
    "clair_portal.celery",
    "worker",
    "-c",
    "2",
    "--without-gossip",
    "--without-mingle",
    "--without-heartbeat",
]


@pytest.mark.django_db(transaction=True)
def test_a_message_goes_by_relay_and_worker_to_the_portal_and_the_mailbox(
    cast: SimpleNamespace,
    write: Callable[..., Message],
    mailbox: Mailbox,
    broker: Any,
    valkey: str,
    settings: Any,
    tmp_path: Path,
) -> None:
    addresses = {"REDIS_URL": f"unix://{valkey}", "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(settings.EMAIL_PORT)}
    addresses |= {"LOG_HEADS_DIR": str(settings.LOG_HEADS_DIR), "DEFAULT_FROM_EMAIL": settings.DEFAULT_FROM_EMAIL}
    log = tmp_path / "processes.log"
    with running(WORKER, log, **addresses):
        wait_for(lambda: [client for client in broker.client_list() if client["cmd"] == "brpop"], 20)
        with running(["manage.py", "relay"], log, **addresses):
            use_request_id("request-0077")
            started = timezone.now()
            messages = [
                write(("hq", "outbox.manage"), ("london", "cases.work"), occasion=str(number)) for number in range(5)
            ]
            with acting(SYSTEM_SCOPE):
                record("test.thing.done", cast.places["hq"])
            wait_for(
                lambda: Message.objects.filter(state="done").count() == 5, 11
            )  # the relay alone would wait for twelve
            wait_for(lambda: Email.objects.filter(state="done").count() == 15, 11)
            wait_for(lambda: not Entry.objects.filter(sequence=None).exists(), 5)
    assert Notification.objects.count() == 15
    keys = sorted(f"<{mail.key}@portal.example>" for mail in Email.objects.all())
    assert sorted(email.message_from_bytes(raw)["Message-ID"] for raw in mailbox.mails) == keys
    assert set(Email.objects.values_list("request_id", flat=True)) == {"request-0077"}
    told = [message.done_at - started for message in Message.objects.filter(pk__in=[m.pk for m in messages])]
    print(f"told after {max(told).total_seconds():.2f} s at most")
    with acting(SYSTEM_SCOPE):
        assert list(chain.faults()) == []
    assert list(Path(settings.LOG_HEADS_DIR).glob("*.json"))
    assert "Traceback" not in log.read_text()


def test_five_hundred_messages_survive_kills_of_everything() -> None:
    """The small form of `make chaos`: one seed, every kind of process killed at least once."""
    command = [sys.executable, "-m", "tests.chaos", "--messages", "500", "--seeds", "20261124"]
    ran = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=150)
    figures = json.loads(ran.stdout.strip().splitlines()[-1])
    print(figures)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert figures["lost"] == figures["mails_lost"] == figures["entries_lost"] == 0
    assert figures["doubled_in_the_portal"] == figures["mails_doubled"] == figures["entries_doubled"] == 0
    assert figures["recovery_seconds"] <= 60
    assert figures["log"] == "The log is whole: 500 entries sealed, 0 waiting for the relay."
