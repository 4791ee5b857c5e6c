"""The log: who did what is set by the transaction, nobody rewrites it, and it reads as sentences."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone, translation

from clair_portal.audit.models import EmergencyReading, Entry, Reading
from clair_portal.audit.sentences import declare, in_language, moment, sentence
from clair_portal.audit.services import record, record_reading
from clair_portal.casework.models import Case
from clair_portal.ui.request_id import use_request_id
from clair_portal.walls.scope import PUBLIC_SCOPE, SYSTEM_SCOPE, acting
from tests.cast import reader

LONG_AGO = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)


def case_of(cast: SimpleNamespace, place: str = "otaru", **values: object) -> Case:
    organisation = cast.places[place]
    return Case.objects.create(
        kind="offices.request",
        title="運河の視察",
        applicant=organisation,
        branch=organisation.branch,
        state="draft",
        **values,
    )


# --- Who and when ------------------------------------------------------------------------------------------------------
def test_an_entry_names_person_posting_and_time_of_the_transaction(cast: SimpleNamespace) -> None:
    case, haru = case_of(cast), reader(cast, "otaru")
    use_request_id("request-0001")
    before = timezone.now()
    with acting(haru.scope):
        key = record("casework.case.drafted", case, actor=haru.signature, title="運河の視察").pk
    entry = Entry.objects.get(pk=key)
    assert entry.person == cast.people["otaru"].pk
    assert entry.posting == haru.chosen.id
    assert before <= entry.at <= timezone.now()
    assert (entry.subject_type, entry.subject_id) == ("casework.case", str(case.pk))
    assert entry.request_id == "request-0001"
    assert entry.actor == {"ja": "岩倉 はる(小樽市)", "en": "Haru Iwakura (Otaru)"}
    assert (entry.sequence, entry.digest) == (None, None)


def test_person_time_and_place_in_the_chain_cannot_be_forged_by_the_orm(cast: SimpleNamespace) -> None:
    with acting(reader(cast, "otaru").scope):
        forged = Entry(
            event="x",
            subject_type="a.b",
            subject_id="1",
            person=cast.people["osaka"].pk,
            posting=1,
            at=LONG_AGO,
            sequence=1,
            digest=b"x",
        )
        forged.save(force_insert=True)
    entry = Entry.objects.get(pk=forged.pk)
    assert entry.person == cast.people["otaru"].pk
    assert entry.posting == reader(cast, "otaru").chosen.id
    assert entry.at.year == timezone.now().year
    assert (entry.sequence, entry.digest) == (None, None)


def test_person_time_and_place_in_the_chain_cannot_be_forged_by_sql(cast: SimpleNamespace) -> None:
    with acting(reader(cast, "otaru").scope), connection.cursor() as cursor:
        cursor.execute(
            "insert into audit_entry (id, at, person, posting, actor, event, subject_type, subject_id, params, side, request_id, "
            "sequence, digest) "
            "values (gen_random_uuid(), '2001-01-01', %s, 1, '{}', 'forged', 'a.b', '1', '{}', '', '', 7, 'x')",
            [cast.people["osaka"].pk],
        )
    entry = Entry.objects.get(event="forged")
    assert entry.person == cast.people["otaru"].pk
    assert entry.at.year == timezone.now().year
    assert (entry.sequence, entry.digest) == (None, None)


def test_two_entries_of_one_transaction_keep_their_order(cast: SimpleNamespace) -> None:
    case = case_of(cast)
    with acting(reader(cast, "otaru").scope):
        keys = [record(f"test.thing.{step}", case).pk for step in ("begun", "done", "closed")]
    assert list(Entry.objects.about(case).values_list("pk", flat=True)) == keys


def test_an_action_that_is_rolled_back_leaves_no_entry(cast: SimpleNamespace) -> None:
    with acting(reader(cast, "otaru").scope):
        record("test.thing.done", cast.places["otaru"])
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


def test_a_stranger_writes_an_entry_without_a_person(cast: SimpleNamespace) -> None:
    with acting(PUBLIC_SCOPE):
        key = record("test.thing.done", cast.places["otaru"]).pk
    assert Entry.objects.get(pk=key).person is None


# --- Nobody rewrites it ------------------------------------------------------------------------------------------------
LIFTING = [
    "update audit_entry set event = 'harmless'",
    "update audit_entry set params = '{}'",
    "delete from audit_entry",
    "truncate audit_entry",
    "update audit_reading set what = ''",
    "delete from audit_reading",
    "truncate audit_reading",
    "update audit_emergencyreading set reason = ''",
    "update audit_emergencyreading set until = 'infinity'",
    "delete from audit_emergencyreading",
    "drop table audit_entry",
    "alter table audit_entry disable row level security",
    "alter table audit_entry disable trigger all",
    "alter table audit_entry drop column person",
    "drop policy portal_member_select on audit_entry",
    "create policy everything on audit_entry using (true)",
    "drop trigger stamp on audit_entry",
    "create or replace function audit_stamp() returns trigger language plpgsql as $$ begin return new; end $$",
    "alter function audit_stamp() owner to portal_web",
    "grant portal_owner to portal_web",
    "alter role portal_web superuser",
    "set session_replication_role = replica",
    "set role portal_owner",
    "set session authorization portal_owner",
    "set row_security = off; select * from audit_entry",
    "copy audit_entry to program 'cat'",
    "update pg_class set relrowsecurity = false where relname = 'audit_entry'",
]
ROLES = [
    ("portal_web", "none"),
    ("portal_web", "portal_public"),
    ("portal_web", "portal_login"),
    ("portal_web", "portal_member"),
    ("portal_web", "portal_office"),
    ("portal_web", "portal_headquarters"),
    ("portal_worker", "portal_system"),
]


@pytest.mark.second_wall
@pytest.mark.parametrize(("login", "role"), ROLES)
def test_no_role_can_rewrite_the_log_or_lift_the_walls(db: None, login: str, role: str) -> None:
    settings = connection.settings_dict
    with psycopg.connect(host=settings["HOST"], dbname=settings["NAME"], user=login, autocommit=True) as web:
        web.execute("set lock_timeout = '1s'")
        web.execute(f"set role {role}")
        passed = [statement for statement in LIFTING if _passes(web, statement)]
        web.execute("grant all on audit_entry to portal_member, portal_web, public")  # PostgreSQL only warns
        granted = web.execute(
            "select verb from unnest(array['update', 'delete', 'truncate', 'trigger']) verb "
            "where has_table_privilege('audit_entry', verb) or has_table_privilege('portal_member', 'audit_entry', verb)"
        ).fetchall()
    assert passed == []
    assert granted == []


def _passes(web: psycopg.Connection, statement: str) -> bool:
    try:
        web.execute(statement)
    except psycopg.errors.InsufficientPrivilege:  # no other error: a typing mistake in the list would look like a wall
        return False
    return True


@pytest.mark.second_wall
def test_the_web_login_cannot_become_the_system(db: None) -> None:
    settings = connection.settings_dict
    with (
        psycopg.connect(host=settings["HOST"], dbname=settings["NAME"], user="portal_web") as web,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        web.execute("set role portal_system")


# --- Who reads it ------------------------------------------------------------------------------------------------------
@pytest.mark.second_wall
def test_entries_of_a_case_are_read_by_those_who_see_it_and_on_their_side(cast: SimpleNamespace) -> None:
    case = case_of(cast)
    with acting(SYSTEM_SCOPE):
        record("test.thing.done", case)
        record("test.thing.noted", case, side="headquarters")
    seen = {}
    for person in ("otaru", "hokkaido", "osaka", "london", "hq_officer"):
        with acting(reader(cast, person).scope):
            seen[person] = sorted(Entry.objects.about(case).values_list("event", flat=True))
    assert seen == {
        "otaru": ["test.thing.done"],
        "hokkaido": ["test.thing.done"],
        "osaka": [],
        "london": [],
        "hq_officer": ["test.thing.done", "test.thing.noted"],
    }


def test_an_internal_entry_belongs_to_the_organisation_of_the_acting_posting_whatever_is_sent(
    cast: SimpleNamespace,
) -> None:
    case, london = case_of(cast), reader(cast, "london")
    with acting(london.scope):
        own = record("x", case, side="office", internal_to=cast.places["newyork"].pk).pk
        open_to_all = record("y", case, internal_to=cast.places["newyork"].pk).pk
    assert Entry.objects.get(pk=own).organisation == cast.places["london"].pk
    assert Entry.objects.get(pk=open_to_all).organisation is None
    with acting(SYSTEM_SCOPE):
        arrived = record("z", case, side="office", internal_to=cast.places["newyork"].pk).pk
    assert Entry.objects.get(pk=arrived).organisation == cast.places["newyork"].pk


def test_a_person_sees_who_saw_their_record_and_others_do_not(cast: SimpleNamespace) -> None:
    mio = reader(cast, "hq_officer")
    with acting(mio.scope):
        record_reading(cast.people["otaru"], what="postings", reader=mio.signature)
    found = {}
    for key in ("otaru", "osaka", "london", "otaru_administrator"):
        scope = reader(cast, key).scope
        with acting(scope):
            found[key] = [
                (row.what, row.reader["en"], row.person)
                for row in Reading.objects.visible_to(scope).of(cast.people["otaru"])
            ]
    assert found == {
        "otaru": [("postings", "Mio Hayakawa (Tokyo headquarters)", cast.people["hq_officer"].pk)],
        "osaka": [],
        "london": [],
        "otaru_administrator": [],
    }


@pytest.mark.second_wall
def test_the_database_alone_keeps_the_read_log_apart(cast: SimpleNamespace) -> None:
    with acting(reader(cast, "hq_officer").scope):
        record_reading(cast.people["otaru"], what="postings", reader={"ja": "x", "en": "x"})
    with acting(reader(cast, "osaka").scope):
        assert Reading.objects.count() == 0
    with acting(reader(cast, "otaru").scope):
        assert Reading.objects.count() == 1


@pytest.mark.second_wall
def test_a_stranger_can_write_neither_readings_nor_emergency_readings(cast: SimpleNamespace) -> None:
    emergency = EmergencyReading(subject_type="a", subject_id="1", reason="a long reason", until=LONG_AGO)
    for row in (Reading(subject=1, what="x"), emergency):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), acting(PUBLIC_SCOPE):
            row.save(force_insert=True)


# --- Sentences ---------------------------------------------------------------------------------------------------------
def test_an_entry_reads_as_a_sentence_in_english() -> None:
    params = {"title": {"ja": "運河の視察", "en": "Visit to the canal"}}
    actor = {"ja": "岩倉 はる(小樽市)", "en": "Haru Iwakura (Otaru)"}
    with translation.override("en"):
        assert (
            sentence("casework.case.drafted", actor, params) == "Haru Iwakura (Otaru) began a draft: Visit to the canal"
        )


def test_the_values_of_a_sentence_are_chosen_in_the_readers_language() -> None:
    declare({"test.sentence.read": "%(actor)s|%(title)s|%(offices)s|%(missing)s"})
    actor = {"ja": "岩倉 はる(小樽市)", "en": "Haru Iwakura (Otaru)"}
    params = {
        "title": {"ja": "運河の視察"},
        "offices": [{"ja": "ロンドン事務所", "en": "London office"}, {"ja": "パリ事務所", "en": "Paris office"}],
    }
    with translation.override("ja"):
        assert (
            sentence("test.sentence.read", actor, params) == "岩倉 はる(小樽市)|運河の視察|ロンドン事務所、パリ事務所|…"
        )
    with translation.override("en"):
        assert (
            sentence("test.sentence.read", actor, params)
            == "Haru Iwakura (Otaru)|運河の視察|London office, Paris office|…"
        )


def test_an_event_nobody_declared_reads_as_its_key() -> None:
    assert sentence("unknown.thing.done", None, {"share": "50%"}) == "unknown.thing.done"


def test_a_moment_is_shown_on_the_clock_of_the_reader() -> None:
    value = moment(dt.datetime(2026, 11, 24, 1, 0, tzinfo=dt.UTC))
    with translation.override("en"), timezone.override("Europe/London"):
        assert in_language(value) == "Tue 24 Nov 2026 01:00 London"
    with translation.override("ja"), timezone.override("Asia/Tokyo"):
        assert in_language(value).endswith("11月24日(火)10:00 東京")


def test_an_event_cannot_be_declared_twice() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        declare({"casework.case.drafted": "x"})
