"""What PostgreSQL itself refuses about translations, whatever a view or a service does."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from clair_portal.publishing.models import Translation
from clair_portal.walls.scope import acting
from tests.cast import reader
from tests.publishing.content import along

pytestmark = pytest.mark.second_wall


@pytest.fixture
def spring(cast: SimpleNamespace) -> Translation:
    along.linguists(cast, london="translate", newyork="review")
    return along.translated(cast, along.item(cast))


def run(cast: SimpleNamespace, who: str, sql: str, **values: Any) -> int:
    people = {f"who_{name}": person.pk for name, person in cast.people.items()}
    with transaction.atomic(), acting(reader(cast, who).scope), connection.cursor() as cursor:
        cursor.execute(sql, people | values)
        return int(cursor.rowcount)


def test_an_office_without_the_language_writes_no_sentence_of_it(cast: SimpleNamespace, spring: Translation) -> None:
    change = "update publishing_translatedsegment set text = 'x', made_by = %(who_{0})s, approved_by = null"
    assert run(cast, "london", change.format("london")) == 9
    assert run(cast, "london_local", change.format("london_local")) == 0


def test_nobody_writes_in_the_name_of_another(cast: SimpleNamespace, spring: Translation) -> None:
    with pytest.raises(ProgrammingError, match="violates row-level security policy"):
        run(cast, "london", "update publishing_translatedsegment set text = 'x', made_by = %(who_newyork)s")


def test_nobody_approves_their_own_sentence(cast: SimpleNamespace, spring: Translation) -> None:
    with pytest.raises(IntegrityError, match="translatedsegment_two_people"):
        run(cast, "london", "update publishing_translatedsegment set approved_by = made_by, approved_at = now()")


@pytest.mark.parametrize("who", ["london", "hq_officer"])
def test_the_mark_of_machine_translation_cannot_be_taken_off(
    cast: SimpleNamespace, spring: Translation, who: str
) -> None:
    spring.sentences.update(machine=True)
    with pytest.raises(ProgrammingError, match="the mark of machine translation stays"):
        run(cast, who, "update publishing_translatedsegment set machine = false")


@pytest.mark.parametrize("table", ["item", "sourceversion", "segment", "publishedtext", "linguist", "term"])
def test_offices_read_and_do_not_write_sources_and_what_is_public(
    cast: SimpleNamespace, spring: Translation, table: str
) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(cast, "london", f"delete from publishing_{table}")


def test_only_who_has_the_language_writes_a_note_and_nothing_else_is_changed(
    cast: SimpleNamespace, spring: Translation
) -> None:
    row = spring.sentences.order_by("pk")[0]
    for who, note in (("newyork", "?"), ("london_local", "!"), ("hq_officer", "!")):
        run(cast, who, "select publishing_note_sentence(%(sentence)s, %(words)s)", sentence=row.pk, words=note)
    after = spring.sentences.get(pk=row.pk)
    assert (after.note, after.version, after.text, after.made_by) == ("?", row.version + 1, row.text, row.made_by)
    assert spring.sentences.exclude(note="").count() == 1
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(cast, "otaru", "select publishing_note_sentence(1, 'x')")
