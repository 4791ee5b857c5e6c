"""Old values are kept by the database, whichever way a row is changed, with the person who did it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from clair_portal.accounts.models import Person
from clair_portal.walls.scope import acting
from tests.cast import reader


@pytest.fixture
def osaka(cast: SimpleNamespace) -> Person:
    return cast.people["osaka"]


def events_of(person: Person) -> list[tuple[str, int | None]]:
    """(telephone, who changed it) per recorded version, the first one left out: it is the row as the test made it."""
    model: Any = apps.get_model("accounts", "PersonEvent")
    rows = model.objects.filter(pgh_obj=person.pk).order_by("pgh_id")
    return list(rows.values_list("telephone", "pgh_person"))[1:]


def by_saving(person: Person) -> None:
    person.telephone = "06-1"
    person.save()


def by_queryset(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(telephone="06-1")


def in_bulk(person: Person) -> None:
    person.telephone = "06-1"
    Person.objects.bulk_update([person], ["telephone"])


def by_sql(person: Person) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update accounts_person set telephone = '06-1' where id = %s", [person.pk])


@pytest.mark.parametrize("change", [by_saving, by_queryset, in_bulk, by_sql])
def test_every_way_of_changing_a_row_leaves_one_event_with_the_person_who_did_it(
    cast: SimpleNamespace, osaka: Person, change: Any
) -> None:
    with acting(reader(cast, "hq_officer").scope):
        change(osaka)
    assert events_of(osaka) == [("06-1", cast.people["hq_officer"].pk)]


def test_a_change_of_nothing_leaves_no_event(cast: SimpleNamespace, osaka: Person) -> None:
    with acting(reader(cast, "hq_officer").scope):
        Person.objects.filter(pk=osaka.pk).update(telephone=osaka.telephone)
    assert events_of(osaka) == []


@pytest.mark.parametrize("when", ["true", "false"])
def test_a_member_cannot_switch_the_history_off(cast: SimpleNamespace, osaka: Person, when: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select array_agg(tgname) from pg_trigger where tgrelid = 'accounts_person'::regclass and not tgisinternal"
        )
        triggers = cursor.fetchone()[0]
    assert triggers
    ignored = "{" + ",".join([*triggers, *(f"accounts_person:{name}" for name in triggers)]) + "}"
    with acting(reader(cast, "osaka").scope), connection.cursor() as cursor:
        cursor.execute(f"select set_config('pgtrigger.ignore', %s, {when})", [ignored])
        cursor.execute("update accounts_person set telephone = '06-1' where id = %s", [osaka.pk])
        assert cursor.rowcount == 1
    with connection.cursor() as cursor:
        cursor.execute("select set_config('pgtrigger.ignore', '', false)")
    assert events_of(osaka) == [("06-1", osaka.pk)]


@pytest.mark.second_wall
def test_old_values_of_a_person_are_read_by_headquarters_only(cast: SimpleNamespace, osaka: Person) -> None:
    model: Any = apps.get_model("accounts", "PersonEvent")
    with acting(reader(cast, "hq_officer").scope):
        assert model.objects.filter(pgh_obj=osaka.pk).exists()
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        acting(reader(cast, "osaka").scope),
    ):
        model.objects.filter(pgh_obj=osaka.pk).exists()
