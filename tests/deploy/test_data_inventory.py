"""A column nobody thought about is a red test: is it personal, what is it for, how long does it stay?"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from tests.deploy.data_inventory import DOCUMENT, TABLES, render


def test_every_model_is_in_the_inventory() -> None:
    models = {
        m._meta.db_table for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy
    }
    assert sorted(models - set(TABLES)) == []


@pytest.mark.django_db
def test_every_column_of_the_database_is_in_the_inventory_and_no_other() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select table_name, column_name from information_schema.columns where table_schema = 'public'")
        found = set(cursor.fetchall())
    listed = {(name, column) for name, table in TABLES.items() for column in table.columns}
    assert sorted(found - listed) == []
    assert sorted(listed - found) == []


def test_no_column_is_both() -> None:
    assert {
        name: both for name, table in TABLES.items() if (both := set(table.personal) & set(table.plain.split()))
    } == {}


def test_every_table_with_personal_data_says_how_long_it_is_kept() -> None:
    assert [name for name, table in TABLES.items() if table.personal and not table.retention] == []


def test_the_document_is_what_the_list_says() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == render(), "run: python -m tests.deploy.data_inventory"
