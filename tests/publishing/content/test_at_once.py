"""A translator and a reviewer press at the same moment, each on a connection of their own: neither waits for the other for ever."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import pytest
from django.db import connection

from clair_portal.publishing.content import translating
from clair_portal.publishing.models import Translation
from clair_portal.walls.scope import acting
from tests.cast import NOW, make_cast, reader
from tests.publishing.content import along

pytestmark = pytest.mark.django_db(transaction=True)


def begin_to_save(cast: SimpleNamespace, translation: Translation, ended: list[str]) -> threading.Thread:
    """Somebody saves a sentence while the translation is held; comes back once they wait."""

    def save() -> None:
        try:
            row = translation.sentences.get(text="There are 20 places.")
            along.say(cast, translation, row.key, "20 people can come.")
            ended.append("saved")
        except Exception as error:
            ended.append(repr(error))
        finally:
            connection.close()

    thread = threading.Thread(target=save)
    thread.start()
    end = time.monotonic() + 20
    while time.monotonic() < end and not _somebody_waits():
        time.sleep(0.05)
    return thread


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from pg_locks where not granted)")
        return bool(cursor.fetchone()[0])


def test_who_saves_a_sentence_and_who_approves_it_do_not_block_each_other(transactional_db: None) -> None:
    cast, ended = make_cast(), list[str]()
    along.linguists(cast, london="translate", newyork="review")
    found = along.handed_in(cast, along.translated(cast, along.item(cast)))
    newyork, seen = reader(cast, "newyork"), dict(found.sentences.values_list("key", "version"))
    with acting(newyork.scope):
        translating.locked(found)  # the first thing approving does
        thread = begin_to_save(cast, found, ended)
        assert translating.approve(found, seen=seen, actor=newyork, now=NOW) == 9
    thread.join()
    assert ended == ["saved"]
    row = found.sentences.get(text="20 people can come.")
    assert (row.approved_by, found.sentences.exclude(approved_by=None).count()) == (None, 8)
