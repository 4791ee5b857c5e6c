"""Which fields a role may read or change, as PostgreSQL sees it: by column, whatever a view or a form allows."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
# Who made a row, when, for whom, and what proves it: written once.
WRITTEN_ONCE = {
    "id", "created_at", "created_by", "person", "person_id", "user", "user_id", "signature", "author_id", "case_id", "applicant_id",
    "organisation_id", "office_id", "side", "digest", "sequence", "actor", "params", "event", "subject_type", "subject_id",
    "uploaded_by", "uploaded_at", "sha256", "key", "code", "kind", "rights", "kinds", "invited_by", "scopes", "expires_at",
}  # fmt: skip
# Table -> columns with a reason. The detail row is copied from its case by a trigger whatever is sent; a holiday and a work
# entry are one's own statement; a report and a publication are signed anew by whoever changes them; the person of a stop or a use is who receives at a host, that of a step whoever sets its stamp; the cache holds nothing about anybody.
NOT_MEANT = {
    "offices_supportrequest": {"case_id", "applicant_id", "kinds"},
    "calendars_holiday": {"id"},
    "offices_workentry": {"kind"},
    "offices_officereport": {"signature"},
    "offices_researchresult": {"signature"},
    "publishing_publication": {"signature"},
    "gatherings_event": {"kind"},  # a seminar that becomes a meeting
    "contacts_stop": {"person"},
    "contacts_hostuse": {"person_id"},
    "approvals_approvalstep": {"person"},
}
OUTSIDE = ("portal_public", "portal_member", "portal_office")


def allowed(verb: str, *roles: str) -> set[tuple[str, str, str]]:
    """(role, table, column) of everything these roles may `verb`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.rolname, c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid "
            "and a.attnum > 0 and not a.attisdropped cross join pg_roles r "
            "where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and r.rolname = any (%s) "
            "and has_column_privilege(r.oid, c.oid, a.attnum, %s)",
            [list(roles), verb],
        )
        return set(cursor.fetchall())


def test_who_made_a_row_and_for_whom_cannot_be_changed_by_members_and_offices() -> None:
    changeable = [
        (role, table, column)
        for role, table, column in sorted(allowed("update", *OUTSIDE))
        if column in WRITTEN_ONCE - NOT_MEANT.get(table, set())
    ]
    assert changeable == []


def test_exceptions_are_still_needed() -> None:
    found = {(table, column) for _role, table, column in allowed("update", *OUTSIDE)}
    assert {(table, column) for table, columns in NOT_MEANT.items() for column in columns} - found == set()


def test_nobody_changes_the_log_and_only_sealing_adds_to_it() -> None:
    everybody = (*OUTSIDE, "portal_headquarters", "portal_system", "portal_login", "portal_web", "portal_worker")
    changes = {row for row in allowed("update", *everybody) if row[1].startswith("audit_") or row[1].endswith("event")}
    no_history = {"gatherings_event", "projects_projectevent"}  # what takes place
    changes = {row for row in changes if row[1] not in no_history}
    assert changes == {("portal_system", "audit_entry", "sequence"), ("portal_system", "audit_entry", "digest")}


def test_a_person_reads_a_notice_and_changes_nothing_else_in_it() -> None:
    for table, column in (
        ("outbox_notification", "read_at"),
        ("outbox_job", "cancel_asked_at"),
        ("accounts_apitoken", "revoked_at"),
    ):
        mine = {
            name
            for _role, found, name in allowed("update", "portal_member", "portal_office", "portal_headquarters")
            if found == table
        }
        assert mine == {column}, table


@pytest.mark.parametrize(
    ("table", "column", "readers"),
    [
        ("accounts_user", "password", {"portal_login", "portal_web"}),
        ("outbox_email", "body", {"portal_system", "portal_web", "portal_worker"}),
        ("mfa_authenticator", "data", {"portal_login", "portal_web"}),
        ("django_session", "session_data", {"portal_login", "portal_web", "portal_system"}),
    ],
)
def test_secrets_are_readable_where_they_are_needed_only(table: str, column: str, readers: set[str]) -> None:
    """portal_web and portal_worker are the logins themselves; where a table has policies they see no row of it."""
    everybody = (*OUTSIDE, "portal_headquarters", "portal_system", "portal_login", "portal_web", "portal_worker")
    found = {role for role, name, field in allowed("select", *everybody) if (name, field) == (table, column)}
    assert found == readers
