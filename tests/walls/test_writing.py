"""What nobody may write. Plain SQL without RETURNING and, where it matters, without WHERE: then PostgreSQL asks the policy
of that verb alone, and a hole in it cannot hide behind the policy for reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error, IntegrityError, ProgrammingError, connection, transaction

from clair_portal.accounts.models import Invitation, Posting
from clair_portal.casework.models import Case, Note
from clair_portal.walls.scope import SYSTEM_SCOPE, Scope, acting
from offices.models import SupportRequest
from offices.workflow import KIND
from tests.cast import NOW, TODAY
from tests.walls.scene import Scene

pytestmark = pytest.mark.second_wall

REFUSED = "violates row-level security policy"
DENIED = "permission denied"


@pytest.fixture
def run(scene: Scene) -> Callable[..., int]:
    """run("otaru", sql, ...) does one statement as that person and returns how many rows it touched."""
    values: dict[str, Any] = {f"at_{name}": place.pk for name, place in scene.cast.places.items()}
    values |= {f"who_{name}": person.pk for name, person in scene.cast.people.items()}
    values |= {f"case_{name}": case.pk for name, case in scene.cases.items()}
    values |= {f"event_{name}": pk for name, pk in scene.rows["event"].items()}
    values |= {f"post_{p.title.partition('@')[0]}": p.pk for p in Posting.objects.all()}

    def execute(actor: str | Scope, sql: str, **more: Any) -> int:
        scope = actor if isinstance(actor, Scope) else scene.scope(actor)
        with transaction.atomic(), acting(scope), connection.cursor() as cursor:
            cursor.execute(sql, {**values, **more})
            return int(cursor.rowcount)

    return execute


@pytest.fixture
def bare(scene: Scene) -> dict[str, int]:
    """Cases without a detail row: a filed one of Hakodate, and a draft of Otaru."""
    places = scene.cast.places
    filed = Case.objects.create(
        kind=KIND, title="bare", applicant=places["hakodate"], branch=places["hokkaido"], state="triage", filed_at=NOW,
        number="R8-支-0090",
    )  # fmt: skip
    draft = Case.objects.create(kind=KIND, title="bare draft", applicant=places["otaru"], state="draft")
    return {"filed": filed.pk, "draft": draft.pk}


# --- Papers -------------------------------------------------------------------------------------------------------------
NOTE = (
    "insert into casework_note (case_id, author_id, side, shared, body, signature, created_at, filed, applicant_id) "
    "values (%(case_{case})s, %(at_{author})s, '{side}', true, 'x', '{{}}', now(), true, %(at_{author})s)"
)
FILE = (
    "insert into casework_casefile (id, case_id, author_id, side, shared, signature, created_at, filed, applicant_id, name, "
    "media_type, size, sha256, key, check_state, uploaded_at) values (gen_random_uuid(), %(case_{case})s, %(at_{author})s, "
    "'{side}', true, '{{}}', now(), true, %(at_{author})s, 'x', 'text/plain', 1, '0', '0', 'clean', now())"
)
FORGED = [
    ("otaru", "hakodate_newyork", "otaru", "applicant", "a case of the neighbour"),
    ("otaru", "otaru_london", "hokkaido", "applicant", "in the name of the branch"),
    ("otaru", "otaru_london", "otaru", "headquarters", "on the side of headquarters"),
    ("otaru", "otaru_london", "otaru", "office", "on the side of the office"),
    ("osaka", "otaru_london", "osaka", "applicant", "a case of a stranger"),
    ("hokkaido", "otaru_draft", "hokkaido", "applicant", "a draft that is not filed yet"),
    ("hokkaido", "otaru_london", "otaru", "applicant", "in the name of the requester"),
    ("london", "hakodate_newyork", "london", "office", "a case referred to another office"),
    ("london", "otaru_returned", "london", "office", "a case whose referral has ended"),
    ("paris", "hakodate_newyork", "paris", "office", "a case it passed on and reads along"),
    ("london", "otaru_london", "paris", "office", "in the name of another office"),
    ("london", "otaru_london", "london", "headquarters", "on the side of headquarters"),
    ("london", "otaru_london", "london", "applicant", "on the side of the requester"),
    ("hq_officer", "otaru_draft", "hq", "headquarters", "a draft of a member"),
    ("hq_officer", "otaru_london", "hq", "office", "on the side of the office"),
    ("hq_officer", "otaru_london", "hq", "applicant", "on the side of the requester"),
    ("hq_officer", "otaru_london", "otaru", "headquarters", "in the name of the requester"),
]


@pytest.mark.parametrize("statement", [NOTE, FILE], ids=["message", "paper"])
@pytest.mark.parametrize(("actor", "case", "author", "side", "what"), FORGED, ids=[f"{f[0]}: {f[4]}" for f in FORGED])
def test_a_paper_cannot_be_forged(
    run: Callable[..., int], statement: str, actor: str, case: str, author: str, side: str, what: str
) -> None:
    with pytest.raises(ProgrammingError, match=REFUSED):
        run(actor, statement.format(case=case, author=author, side=side))


@pytest.mark.parametrize("statement", [NOTE, FILE], ids=["message", "paper"])
@pytest.mark.parametrize(
    ("actor", "case", "author", "side"),
    [
        ("otaru", "otaru_draft", "otaru", "applicant"),
        ("otaru", "otaru_london", "otaru", "applicant"),
        ("hokkaido", "otaru_london", "hokkaido", "applicant"),
        ("hq_officer", "otaru_london", "hq", "headquarters"),
        ("london", "otaru_london", "london", "office"),
    ],
)
def test_a_paper_of_ones_own_side_can_be_written(
    run: Callable[..., int], statement: str, actor: str, case: str, author: str, side: str
) -> None:
    assert run(actor, statement.format(case=case, author=author, side=side)) == 1


def test_a_paper_on_a_foreign_case_fails_like_one_on_no_case(scene: Scene) -> None:
    """Else the foreign key would tell which cases exist."""
    outcomes = []
    for pk in (scene.cases["hakodate_newyork"].pk, 10**9):
        with (
            pytest.raises(Error) as caught,
            transaction.atomic(),
            acting(scene.scope("otaru")),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                NOTE.format(case="x", author="x", side="applicant"), {"case_x": pk, "at_x": scene.place("otaru")}
            )
            cursor.execute("set constraints all immediate")
        outcomes.append(str(caught.value))
    assert outcomes[0] == outcomes[1]
    assert REFUSED in outcomes[0]


# --- Blind updates: how many rows a statement without WHERE reaches ---------------------------------------------------------
REACHES = [
    ("casework_case", "title = 'blind'", {
        "otaru": 3, "hakodate": 1, "hokkaido": 4, "sapporo": 1, "osaka": 1, "coordinator": 2, "london": 2, "newyork": 1,
        "hq_officer": 6, "two_hats as otaru": 3, "paris": 1,  # it reads along on another
    }),
    ("offices_supportrequest", "wanted = 'blind'", {
        "otaru": 3, "hakodate": 1, "hokkaido": 4, "sapporo": 1, "london": 2, "newyork": 1, "hq_officer": 6, "paris": 1,
    }),
    ("casework_referral", "reason = 'blind'", {"london": 2, "newyork": 1, "hq_officer": 6, "paris": 1}),
    ("casework_referral", "standing = true", {"london": 2}),  # what has ended stays ended
    ("casework_assignment", "since = now()", {
        "otaru": 2, "hokkaido": 1, "sapporo": 1, "hakodate": 0, "london": 3, "newyork": 0, "hq_officer": 1,
    }),
    ("accounts_person", "telephone = '1'", {"otaru": 1, "london": 1, "otaru signing in": 1, "hq_officer": 17}),
    ("accounts_posting", "ends_on = '2030-03-31'", {"otaru_administrator": 3, "london_local": 2, "osaka": 3}),
    ("accounts_invitation", "revoked_at = now()", {"otaru": 1, "hakodate": 0, "london": 1, "newyork": 0, "hq_officer": 5}),
    ("accounts_signedlink", "revoked_at = now()", {"otaru": 1, "hakodate": 0, "london": 1, "newyork": 0, "hq_officer": 5}),
    ("accounts_apitoken", "revoked_at = now()", {"otaru": 1, "hakodate": 0, "london": 1, "london_local": 0, "hq_officer": 1}),
    ("outbox_notification", "read_at = now()", {"otaru": 1, "hakodate": 0, "london": 1, "london_local": 0, "hq_officer": 1}),
    ("staffing_staffchange", "answers = '{}'", {
        "otaru": 0, "otaru_administrator": 1, "london": 0, "london_local": 1, "hq_officer": 0, "hq_approver": 3,
    }),
    ("staffing_handoverpack", "body = 'blind'", {
        "otaru": 1, "otaru_administrator": 0, "coordinator": 0, "london": 1, "london_local": 0, "hq_approver": 0,
    }),
    ("accounts_postingterms", "weeks = 5", {"otaru": 1, "hakodate": 0, "london": 1, "newyork": 0, "hq_officer": 2}),
    ("projects_project", "source = 'blind'", {"london": 1, "newyork": 1}),
    ("projects_projectnote", "source = 'blind'", {"london": 1, "newyork": 1}),
    ("gatherings_call", "event_id = null", {"london": 2, "newyork": 0, "hq_officer": 1}),
    ("gatherings_application", "proposed = 0", {"london": 4, "newyork": 0, "hq_officer": 2}),
    ("outbox_job", "cancel_asked_at = now()", {"otaru": 1, "hakodate": 0, "london": 1, "london_local": 0, "hq_officer": 1}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "change", "actor", "rows"),
    [(table, change, actor, rows) for table, change, reach in REACHES for actor, rows in reach.items()],
)
def test_an_update_without_where_reaches_ones_own_rows_only(
    run: Callable[..., int], table: str, change: str, actor: str, rows: int
) -> None:
    assert run(actor, f"update {table} set {change}") == rows


def test_a_sealed_log_entry_is_not_sealed_again(run: Callable[..., int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update audit_entry set sequence = 1 where event = 'by:otaru'")
        cursor.execute("select count(*) from audit_entry")
        assert cursor.fetchone() == (44,)
    assert run(SYSTEM_SCOPE, "update audit_entry set digest = 'x'") == 43


# --- Rows for or of somebody else ---------------------------------------------------------------------------------------------
CASE = (
    "insert into casework_case (kind, title, applicant_id, branch_id, state, holder, due_zone, created_at, moved_at, version, "
    "search_text, bigrams, countries, topics, split, kind_version, origin, source, sample) values ('offices.support', 'x', %(at_{applicant})s, %(at_{branch})s, 'draft', 'applicant', 'Asia/Tokyo', "
    "now(), now(), 1, '', '{{}}', '{{}}', '{{}}', false, 1, 'portal', '', false)"
)
INVITATION = (
    "insert into accounts_invitation (id, digest, email, name, name_latin, language, organisation_id, role_id, title, starts_on, "
    "created_at, expires_at) values (gen_random_uuid(), 'x', 'x@example.org', 'x', '', 'ja', %(at_{at})s, 'member_officer', '', "
    "now(), now(), now())"
)
LINK = (
    "insert into accounts_signedlink (id, digest, purpose, subject_type, subject_id, organisation_id, recipient, language, "
    "created_at, expires_at) values (gen_random_uuid(), 'x', 'x', 'x', '1', %(at_{at})s, '', 'en', now(), now())"
)
TOKEN = (
    "insert into accounts_apitoken (id, digest, start, label, person_id, scopes, created_at, expires_at) "
    "values (gen_random_uuid(), 'x', 'x', 'x', %(who_{who})s, '{{}}', now(), now())"
)
KEY = (
    "insert into accounts_sentonce (id, person_id, key, digest, made, sent_at) "
    "values (gen_random_uuid(), %(who_{who})s, 'x', 'x', '1', now())"
)
JOB = (
    'insert into outbox_job (id, state, created_at, due_at, attempts, error, request_id, kind, title, person, "user", params, '
    "done, total, result, file, file_name) values (gen_random_uuid(), 'queued', now(), now(), 0, '', '', 'x', 'x', "
    "%(who_{who})s, 1, '{{}}', 0, 0, '{{}}', '', '')"
)
CHARGE = (
    "insert into casework_assignment (case_id, side, posting_id, organisation_id, since, filed) "
    "values (%(case_{case})s, '{side}', %(post_{post})s, %(at_{at})s, now(), true)"
)
PROJECT = (
    "insert into projects_project (title, title_en, office_id, strands, state, state_on, source, sample, version, created_at, "
    "changed_at, search_text) values ('x', 'x', %(at_{office})s, '{{}}', 'active', now(), '', false, 1, now(), now(), '')"
)
OF_PROJECT = "(select id from projects_project where title_en = '{project}')"
PARTY = f"insert into projects_projectparty (project_id, organisation_id) values ({OF_PROJECT}, %(at_{{at}})s)"
SENTENCE = (
    "insert into projects_projectnote (project_id, day, text_ja, text_en, state, source, author_id, signature, created_at) "
    f"values ({OF_PROJECT}, now(), '', 'x', '', '', %(at_{{at}})s, '{{{{}}}}', now())"
)
IN_PROJECT = (
    f"insert into projects_projectcase (project_id, case_id, added_at) values ({OF_PROJECT}, %(case_{{case}})s, now())"
)
EVENT_IN_PROJECT = f"insert into projects_projectevent (project_id, event_id, added_at) values ({OF_PROJECT}, %(event_{{event}})s, now())"
CALL = (
    "insert into gatherings_call (id, title_ja, title_en, summary_ja, summary_en, organisation_id, conditions_ja, conditions_en, "
    "fee_note_ja, fee_note_en, places, most_people, opens_at, closes_at, selection, seed_rule_ja, seed_rule_en, state, seed, "
    "seed_source, lots, version, sample, created_at, changed_at) values (gen_random_uuid(), 'x', '', '', '', %(at_{at})s, '', '', "
    "'', '', 1, 1, now(), now() + interval '1 day', 'approval', '', '', 'planned', '', '', '{{}}', 1, false, now(), now())"
)
OWN_ONES = [
    ("london", CALL.format(at="london")),
    ("hq_officer", CALL.format(at="hq")),
    ("otaru", CASE.format(applicant="otaru", branch="hokkaido")),
    ("otaru_administrator", INVITATION.format(at="otaru")),
    ("london_local", INVITATION.format(at="london")),
    ("otaru", LINK.format(at="otaru")),
    ("london", LINK.format(at="london")),
    ("otaru", TOKEN.format(who="otaru")),
    ("otaru", KEY.format(who="otaru")),
    ("london", TOKEN.format(who="london")),
    ("hq_officer", TOKEN.format(who="hq_officer")),
    ("otaru", JOB.format(who="otaru")),
    ("london", JOB.format(who="london")),
    ("hq_officer", JOB.format(who="hq_officer")),
    ("otaru", CHARGE.format(case="otaru_returned", side="applicant", post="otaru", at="otaru")),
    ("newyork", CHARGE.format(case="hakodate_newyork", side="office", post="newyork", at="newyork")),
    ("hq_officer", CHARGE.format(case="otaru_returned", side="headquarters", post="hq_officer", at="hq")),
    ("london", PROJECT.format(office="london")),
    ("london", PARTY.format(project="osaka_project", at="sakai")),
    ("london", SENTENCE.format(project="osaka_project", at="london")),
    ("newyork", EVENT_IN_PROJECT.format(project="hakodate_project", event="shown_event")),
]
FOREIGN_ONES = [
    ("london", CALL.format(at="newyork")),
    ("hq_officer", CALL.format(at="london")),
    ("london", PROJECT.format(office="newyork")),
    ("london", PARTY.format(project="hakodate_project", at="sakai")),
    ("london", SENTENCE.format(project="hakodate_project", at="london")),
    ("london", SENTENCE.format(project="osaka_project", at="newyork")),
    ("london", IN_PROJECT.format(project="hakodate_project", case="otaru_london")),
    ("london", IN_PROJECT.format(project="osaka_project", case="hakodate_newyork")),
    ("london", EVENT_IN_PROJECT.format(project="hakodate_project", event="london_event")),
    ("newyork", EVENT_IN_PROJECT.format(project="hakodate_project", event="london_event")),
    ("otaru", CASE.format(applicant="hakodate", branch="hokkaido")),
    ("otaru", CASE.format(applicant="hokkaido", branch="otaru")),
    ("hokkaido", CASE.format(applicant="otaru", branch="hokkaido")),
    ("otaru_administrator", INVITATION.format(at="hokkaido")),
    ("otaru_administrator", INVITATION.format(at="hq")),
    ("london_local", INVITATION.format(at="newyork")),
    ("otaru", LINK.format(at="hakodate")),
    ("london", LINK.format(at="paris")),
    ("otaru", TOKEN.format(who="hq_officer")),
    ("otaru", KEY.format(who="hq_officer")),
    ("london", TOKEN.format(who="london_local")),
    ("hq_officer", TOKEN.format(who="hq_approver")),
    ("otaru", JOB.format(who="otaru_administrator")),
    ("london", JOB.format(who="hq_officer")),
    ("hq_officer", JOB.format(who="otaru")),
    ("otaru", CHARGE.format(case="hakodate_newyork", side="applicant", post="otaru", at="otaru")),
    ("otaru", CHARGE.format(case="otaru_returned", side="branch", post="otaru", at="hokkaido")),
    ("otaru", CHARGE.format(case="otaru_returned", side="headquarters", post="otaru", at="otaru")),
    ("otaru", CHARGE.format(case="otaru_returned", side="applicant", post="hokkaido", at="otaru")),
    ("london", CHARGE.format(case="hakodate_newyork", side="office", post="london", at="london")),
    ("london", CHARGE.format(case="otaru_returned", side="office", post="london_local", at="london")),
    ("newyork", CHARGE.format(case="hakodate_newyork", side="headquarters", post="newyork", at="newyork")),
    ("newyork", CHARGE.format(case="hakodate_newyork", side="office", post="london", at="newyork")),
    ("hq_officer", CHARGE.format(case="otaru_draft", side="headquarters", post="hq_officer", at="hq")),
    ("hq_officer", CHARGE.format(case="otaru_returned", side="branch", post="hq_officer", at="hq")),
    ("hq_officer", CHARGE.format(case="otaru_returned", side="headquarters", post="otaru", at="otaru")),
]


@pytest.mark.parametrize(("actor", "sql"), OWN_ONES)
def test_a_row_of_ones_own_can_be_made(run: Callable[..., int], actor: str, sql: str) -> None:
    assert run(actor, sql) == 1


@pytest.mark.parametrize(("actor", "sql"), FOREIGN_ONES)
def test_a_row_for_somebody_else_is_refused(run: Callable[..., int], actor: str, sql: str) -> None:
    with pytest.raises(ProgrammingError, match=REFUSED):
        run(actor, sql)


DETAIL = (
    "insert into offices_supportrequest (case_id, division, contact, purpose, wanted, telephone, email, kinds, flexible, leader, "
    "hosts, questions, situation, interpreter, costs, answers, filed) "
    "values (%(bare)s, '', 'x', '', '', '', '', '{}', false, '', '', '', '', '', '{}', '{}', true)"
)


@pytest.mark.parametrize(
    ("actor", "case", "allowed"),
    [
        ("otaru", "draft", True),
        ("otaru", "filed", False),
        ("hq_officer", "filed", True),
        ("hq_officer", "draft", False),
    ],
)
def test_a_detail_row_belongs_to_a_case_one_sees(
    run: Callable[..., int], bare: dict[str, int], actor: str, case: str, allowed: bool
) -> None:
    if allowed:
        assert run(actor, DETAIL, bare=bare[case]) == 1
        return
    with pytest.raises(ProgrammingError, match=REFUSED):
        run(actor, DETAIL, bare=bare[case])


# --- Moving rows away, or towards oneself ---------------------------------------------------------------------------------------
MOVES = [
    ("hokkaido", "update casework_case set branch_id = %(at_osaka)s"),
    ("hokkaido", "update casework_case set branch_id = %(at_osaka)s where title = 'otaru_london'"),
    ("hokkaido", "update casework_case set branch_id = null where title = 'otaru_london'"),
    ("hq_officer", "update casework_case set filed_at = null"),
    ("otaru", "update offices_supportrequest set case_id = %(bare_filed)s where contact = 'otaru_london'"),
    ("otaru", "update offices_supportrequest set case_id = %(bare_filed)s"),
    ("london", "update offices_supportrequest set case_id = %(bare_filed)s"),
    ("hq_officer", "update offices_supportrequest set case_id = %(bare_draft)s"),
    ("otaru", "update casework_assignment set posting_id = %(post_hokkaido)s"),
    ("london", "update casework_assignment set posting_id = %(post_newyork)s"),
]


@pytest.mark.parametrize(("actor", "sql"), MOVES)
def test_a_row_cannot_be_moved_to_somebody_else(
    run: Callable[..., int], bare: dict[str, int], actor: str, sql: str
) -> None:
    with pytest.raises(ProgrammingError, match=REFUSED):
        run(actor, sql, bare_filed=bare["filed"], bare_draft=bare["draft"])


@pytest.mark.parametrize(
    ("actor", "place"), [("otaru_administrator", "otaru"), ("london_local", "london"), ("hq_approver", "hq")]
)
def test_being_in_charge_is_given_back_by_ones_own_organisation_only(
    run: Callable[..., int], actor: str, place: str
) -> None:
    others = f"delete from casework_assignment where organisation_id <> %(at_{place})s"
    assert run(actor, others) == 0
    assert run(actor, "delete from casework_task where organisation_id <> %(at_" + place + ")s") == 0


# --- A draft goes by the hand of its own organisation only ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("actor", "case", "gone"),
    [
        ("otaru", "bare_draft", True), ("hakodate", "bare_draft", False), ("osaka", "bare_draft", False),
        ("hakodate", "bare_filed", False), ("hokkaido", "bare_filed", False),
    ],
)  # fmt: skip
def test_only_a_draft_of_ones_own_that_was_never_filed_is_thrown_away(
    run: Callable[..., int], bare: dict[str, int], actor: str, case: str, gone: bool
) -> None:
    key = bare[case.removeprefix("bare_")]
    run(actor, "select casework_throw_away(%(key)s)", key=key)
    assert Case.objects.filter(pk=key).exists() is not gone


@pytest.mark.parametrize("actor", ["london", "hq_officer"])
def test_offices_and_headquarters_throw_no_draft_away(
    run: Callable[..., int], bare: dict[str, int], actor: str
) -> None:
    with pytest.raises(ProgrammingError, match="permission denied for function casework_throw_away"):
        run(actor, "select casework_throw_away(%(key)s)", key=bare["draft"])


# --- Verbs and columns nobody of that kind has --------------------------------------------------------------------------------------
MEMBER_OFFICE_AND_HEADQUARTERS = ("otaru_administrator", "london_local", "hq_approver")
NOT_GRANTED = {
    MEMBER_OFFICE_AND_HEADQUARTERS: (
        "delete from casework_case",
        "update casework_note set body = 'x'",
        "delete from casework_note",
        "update casework_casefile set name = 'x'",
        "delete from casework_casefile",
        "delete from offices_supportrequest",
        "update casework_assignment set organisation_id = 1",
        "insert into casework_caseevent (pgh_obj_id) values (1)",
        "update casework_caseevent set title = 'x'",
        "delete from casework_caseevent",
        "update casework_numbering set last = 0",
        "update audit_entry set params = '{}'",
        "delete from audit_entry",
        "update audit_reading set what = 'x'",
        "delete from audit_reading",
        "update audit_emergencyreading set until = now()",
        "delete from audit_emergencyreading",
        "update accounts_user set password = 'x'",
        "insert into accounts_user (email) values ('x')",
        "delete from accounts_posting",
        "delete from accounts_person",
        "update accounts_apitoken set scopes = '{}'",
        "update accounts_apitoken set person_id = 1",
        "delete from accounts_apitoken",
        "update accounts_sentonce set digest = ''",
        "delete from accounts_sentonce",
        "update accounts_personevent set name = 'x'",
        "update accounts_postingevent set title = 'x'",
        "update network_organisationevent set code = 'x'",
        "select 1 from outbox_message",
        "update outbox_message set addressed = '[]'",
        "select 1 from outbox_reminder",
        "update outbox_reminder set at = now()",
        "insert into outbox_notification (id) values (gen_random_uuid())",
        "update outbox_notification set person = 1",
        "update outbox_job set state = 'done'",
        "update outbox_job set person = 1",
        "delete from outbox_job",
        "update outbox_email set body = 'x'",
        "delete from outbox_email",
        "update django_session set session_data = ''",
    ),
    ("otaru_administrator", "london_local"): (
        "update casework_case set applicant_id = %(at_osaka)s",
        "update casework_case set kind = 'x'",
        "update casework_case set created_by = 1",
        "insert into casework_referral (case_id, office_id, standing) values (%(case_otaru_london)s, %(at_london)s, true)",
        "delete from casework_referral",
        "select 1 from audit_emergencyreading",
        "insert into audit_emergencyreading (id) values (gen_random_uuid())",
        "insert into accounts_person (name) values ('x')",
        "update accounts_person set user_id = 1",
        "insert into accounts_posting (person_id) values (1)",
        "update accounts_posting set organisation_id = 1",
        "update accounts_posting set role_id = 'hq_administrator'",
        "update accounts_posting set starts_on = '2020-04-01'",
        "update accounts_role set rights = '{organisation.administer}'",
        "update accounts_invitation set organisation_id = 1",
        "update accounts_invitation set used_at = null",
        "delete from accounts_invitation",
        "update accounts_signedlink set subject_id = '1'",
        "delete from accounts_signedlink",
        "select 1 from accounts_personevent",
        "select 1 from outbox_email",
        "update network_organisation set code = 'x'",
        "update network_jurisdiction set source = 'x'",
    ),
    ("otaru_administrator",): ("update casework_referral set standing = true", "delete from calendars_holiday"),
    ("london_local",): (
        CASE.format(applicant="london", branch="london"),
        DETAIL.replace("%(bare)s", "%(case_otaru_london)s"),
        "update casework_referral set case_id = %(case_hakodate_newyork)s",
        "update casework_referral set office_id = %(at_paris)s",
        "update casework_referral set due_at = null",
    ),
}


@pytest.mark.parametrize(
    ("actor", "sql"), [(actor, sql) for actors, group in NOT_GRANTED.items() for sql in group for actor in actors]
)
def test_what_is_not_granted_is_an_error(run: Callable[..., int], actor: str, sql: str) -> None:
    with pytest.raises(ProgrammingError, match=DENIED):
        run(actor, sql)


@pytest.mark.parametrize("actor", ["otaru", "london", "hq_officer"])
def test_nobody_steps_up_from_a_scope_to_system_by_the_web_login(scene: Scene, actor: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_has_role('portal_web', 'portal_system', 'usage') or pg_has_role('portal_web', 'portal_system', 'set')"
                       if connection.pg_version >= 160000 else "select pg_has_role('portal_web', 'portal_system', 'member')")  # fmt: skip
        assert cursor.fetchone() == (False,)
    with acting(scene.scope(actor)), pytest.raises(ProgrammingError, match="must be owner|permission denied"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("alter table casework_case disable row level security")


# --- Through the ORM, as services write ---------------------------------------------------------------------------------------------
def new_case(scene: Scene, place: str) -> Case:
    return Case(kind=KIND, title="new", applicant=scene.cast.places[place], state="draft")


def test_a_batch_with_one_foreign_case_is_refused_as_a_whole(scene: Scene) -> None:
    with acting(scene.scope("otaru")):
        with pytest.raises(ProgrammingError, match=REFUSED), transaction.atomic():
            Case.objects.bulk_create([new_case(scene, "otaru"), new_case(scene, "hakodate")])
        assert Case.objects.filter(title="new").count() == 0
        assert len(Case.objects.bulk_create([new_case(scene, "otaru"), new_case(scene, "otaru")])) == 2


def test_a_batch_with_one_foreign_message_is_refused_as_a_whole(scene: Scene) -> None:
    own, foreign = (
        Note(case=scene.cases[name], author_id=scene.place("otaru"), side="applicant", body="batch")
        for name in ("otaru_london", "hakodate_newyork")
    )
    with acting(scene.scope("otaru")), pytest.raises(ProgrammingError, match=REFUSED), transaction.atomic():
        Note.objects.bulk_create([own, foreign])
    assert Note.objects.filter(body="batch").count() == 0


def test_a_batch_with_one_invitation_to_somebody_elses_organisation_is_refused(scene: Scene) -> None:
    batch = [
        Invitation(
            digest=name, email="x@example.org", name=name, organisation=scene.cast.places[name], role_id="member_officer",
            starts_on=TODAY, expires_at=NOW,
        )
        for name in ("otaru", "hakodate")
    ]  # fmt: skip
    with (
        acting(scene.scope("otaru_administrator")),
        pytest.raises(ProgrammingError, match=REFUSED),
        transaction.atomic(),
    ):
        Invitation.objects.bulk_create(batch)
    assert Invitation.objects.filter(name="hakodate").count() == 0


def test_update_and_lock_of_a_foreign_case_find_nothing(scene: Scene) -> None:
    with acting(scene.scope("sapporo")):
        assert Case.objects.filter(pk=scene.cases["otaru_london"].pk).update(title="mine") == 0
        assert list(Case.objects.select_for_update(of=("self",)).values_list("title", flat=True)) == ["sapporo_draft"]


def test_a_draft_is_out_of_reach_of_branch_and_headquarters_for_writing_too(scene: Scene) -> None:
    draft = scene.cases["otaru_draft"].pk
    for actor in ("hokkaido", "hq_officer", "hq_approver", "london", "sapporo"):
        with acting(scene.scope(actor)):
            assert Case.objects.filter(pk=draft).update(title=actor) == 0
            assert SupportRequest.objects.filter(pk=draft).update(wanted=actor) == 0
            assert list(Case.objects.filter(pk=draft).select_for_update(of=("self",))) == []
    assert Case.objects.get(pk=draft).title == "otaru_draft"


def test_an_office_that_returned_a_case_reads_and_writes_nothing_of_it_any_more(scene: Scene) -> None:
    case = scene.cases["otaru_london"]
    with acting(scene.scope("london")):
        assert Case.objects.filter(pk=case.pk).update(state="triage") == 1  # the case first, then the referral
        referral = scene.referrals["otaru_london>london"]
        assert type(referral).objects.filter(pk=referral.pk).update(state="returned", standing=False) == 1
        assert Case.objects.filter(pk=case.pk).count() == 0
        assert Note.objects.filter(case=case).count() == 0
        assert Case.objects.filter(pk=case.pk).update(title="late") == 0
        assert type(referral).objects.filter(pk=referral.pk).update(standing=True) == 0
        with pytest.raises(ProgrammingError, match=REFUSED), transaction.atomic():
            Note.objects.create(case=case, author_id=scene.place("london"), side="office", body="late")


def test_a_number_somebody_chooses_tells_that_it_is_taken(scene: Scene) -> None:
    """The leak that no policy closes, and why case numbers come from the database and never from a person."""
    case = new_case(scene, "otaru")
    case.number = scene.cases["hakodate_newyork"].number
    with acting(scene.scope("otaru")), pytest.raises(IntegrityError, match="duplicate key"), transaction.atomic():
        case.save()


def test_copies_on_papers_follow_the_case_whatever_the_writer_says(scene: Scene) -> None:
    note = scene.notes["otaru_london:A"]
    assert (note.applicant_id, note.branch_id, note.filed) == (None, None, False)  # as Python left them
    note.refresh_from_db()
    assert (note.applicant_id, note.branch_id, note.filed) == (scene.place("otaru"), scene.place("hokkaido"), True)


def test_filing_a_draft_shows_its_papers_to_the_branch(scene: Scene) -> None:
    case = scene.cases["otaru_draft"]
    with acting(scene.scope("otaru")):
        Case.objects.filter(pk=case.pk).update(
            branch=scene.cast.places["hokkaido"], filed_at=NOW + dt.timedelta(days=1), number="R8-支-0099"
        )
    with acting(scene.scope("hokkaido")):
        assert set(Note.objects.filter(case=case).values_list("body", flat=True)) == {"otaru_draft:A", "otaru_draft:a"}
    with acting(scene.scope("hq_officer")):
        assert set(Note.objects.filter(case=case).values_list("body", flat=True)) == {"otaru_draft:A"}
