"""A table nobody thought about is a red test. So is a view that reads with its owner's rights."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from clair_portal.walls.row_security import FUNCTIONS, TABLES, undeclared

pytestmark = pytest.mark.django_db


def rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return list(cursor.fetchall())


def test_every_table_is_declared() -> None:
    with connection.cursor() as cursor:
        assert undeclared(cursor) == []


def test_nothing_is_declared_that_does_not_exist() -> None:
    existing = {name for (name,) in rows("select relname from pg_class where relnamespace = 'public'::regnamespace")}
    assert sorted(set(TABLES) - existing) == []


@pytest.mark.second_wall
def test_every_declaration_is_in_force() -> None:
    state = dict(rows("select relname, relrowsecurity from pg_class where relnamespace = 'public'::regnamespace"))
    assert [table.name for table in TABLES.values() if table.guarded and not state[table.name]] == []


def test_policies_in_the_database_are_the_declared_ones() -> None:
    """A policy that somebody dropped or added by hand is found by its name."""
    found = {
        (table, policy)
        for table, policy in rows("select tablename, policyname from pg_policies where schemaname = 'public'")
    }
    wanted = set()
    for table in TABLES.values():
        for role, declared in table.roles.items():
            for verb in ("select", "insert", "update", "delete"):
                if getattr(declared, verb) is not None:
                    wanted.add((table.name, f"{role}_{verb}"))
    assert found == wanted


def test_tables_that_point_at_an_organisation_or_at_a_guarded_table_are_guarded() -> None:
    """Follows foreign keys from guarded tables downwards, and columns named like an organisation."""
    pairs = rows("select conrelid::regclass::text, confrelid::regclass::text from pg_constraint where contype = 'f'")
    suspects = {child for child, parent in pairs if parent == "network_organisation"}
    suspects |= {
        table
        for (table,) in rows(
            "select table_name from information_schema.columns where table_schema = 'public' "
            "and column_name ~ '^(organisation|branch|applicant|office|holding|author)(_id)?$'"
        )
    }
    guarded = {name for name, table in TABLES.items() if table.guarded}
    grown = True
    while grown:
        more = {child for child, parent in pairs if parent in (suspects | guarded)} - suspects
        suspects, grown = suspects | more, bool(more)
    public = {"network_organisation", "network_jurisdiction", "network_succession", "network_claim"}
    public |= {"offices_precondition"}  # what offices ask everybody to think of
    public |= {"exchange_tie"}  # published ties
    public |= {"multicultural_municipalitycount"}  # published numbers of residents
    assert suspects - guarded - public == set()


def test_no_view_reads_with_its_owners_rights() -> None:
    assert (
        rows(
            "select relname from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace "
            "and not coalesce(reloptions, '{}') && '{security_invoker=true,security_invoker=on}'::text[]"
        )
        == []
    )
    assert rows("select relname from pg_class where relkind = 'm' and relnamespace = 'public'::regnamespace") == []


def test_definer_functions_fix_their_search_path_and_are_not_public() -> None:
    assert (
        rows(
            "select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace "
            "and not exists (select from unnest(proconfig) s where s like 'search_path=%')"
        )
        == []
    )
    assert (
        rows(
            "select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace "
            "and prorettype <> 'trigger'::regtype and has_function_privilege('public', oid, 'execute')"
        )
        == []
    )


def test_every_definer_function_is_declared() -> None:
    found = {
        name
        for (name,) in rows(
            "select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace and proname not like 'pgtrigger%'"
        )
    }
    assert found == {signature.split("(")[0] for signature in FUNCTIONS}


def test_login_roles_own_nothing_and_inherit_nothing() -> None:
    assert (
        rows(
            "select rolname from pg_roles where rolname in ('portal_web', 'portal_worker') "
            "and (rolinherit or rolsuper or rolbypassrls)"
        )
        == []
    )
    assert (
        rows(
            "select relname from pg_class c join pg_roles r on r.oid = c.relowner "
            "where r.rolname ~ '^portal_(web|worker|member|office|head|public|login|system)'"
        )
        == []
    )


def test_no_role_may_truncate_or_make_triggers_and_web_is_not_system() -> None:
    assert (
        rows(
            "select table_name, grantee from information_schema.role_table_grants where grantee ~ '^portal_' "
            "and grantee <> 'portal_owner' and privilege_type in ('TRUNCATE', 'TRIGGER', 'REFERENCES') and table_schema = 'public'"
        )
        == []
    )
    assert rows("select pg_has_role('portal_web', 'portal_system', 'member')") == [(False,)]
    assert rows("select pg_has_role('portal_worker', 'portal_system', 'member')") == [(True,)]


def test_no_two_policies_of_a_table_can_refer_to_each_other_without_end() -> None:
    """Every role can read every table it may read at all: an infinite recursion of policies would be an error."""
    for role in ("portal_member", "portal_office", "portal_headquarters", "portal_system"):
        for table in TABLES.values():
            if table.guarded and (declared := table.roles.get(role)) and declared.select is not None:
                with connection.cursor() as cursor:
                    cursor.execute("savepoint look")
                    cursor.execute(
                        "select set_config('role', %s, true), set_config('app.organisations', '{1}', true)", [role]
                    )
                    cursor.execute(f'select count(*) from "{table.name}"')
                    cursor.execute("rollback to savepoint look")
