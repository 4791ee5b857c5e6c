"""What people without an account may send in an hour, whatever they send at once."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from clair_portal.accounts.strangers import Refusal, network_of, papers_within_the_hour, within_the_hour
from clair_portal.walls.scope import PUBLIC_SCOPE, acting

AT_ONCE = 16


@pytest.mark.django_db(transaction=True)
def test_of_sixteen_sends_at_once_ten_are_taken(settings: Any) -> None:
    settings.STRANGER_SENDS_AN_HOUR = 10
    cache.clear()
    barrier, ended = threading.Barrier(AT_ONCE), []

    def send() -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            with acting(PUBLIC_SCOPE):
                within_the_hour("203.0.113.5", "form")
                time.sleep(0.02)  # what is done with it, before the transaction ends
            ended.append("taken")
        except Refusal:
            ended.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _each in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["refused"] * 6 + ["taken"] * 10


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
    ],
)
def test_a_household_with_its_own_network_is_one_sender(address: str, network: str) -> None:
    assert network_of(address) == network


def test_papers_of_one_network_are_counted_in_bytes(cast: SimpleNamespace, settings: Any) -> None:
    settings.STRANGER_BYTES_AN_HOUR = 1000
    paper = SimpleUploadedFile("a.txt", b"x" * 400)
    with acting(PUBLIC_SCOPE):
        papers_within_the_hour("203.0.113.5", [paper, paper])
        with pytest.raises(Refusal, match="Wait an hour and send it again"):
            papers_within_the_hour("203.0.113.5", [paper])
        papers_within_the_hour("203.0.113.6", [paper])
        papers_within_the_hour("203.0.113.5", [])
