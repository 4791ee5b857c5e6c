"""The change of staff by a sheet: what is wrong is named by row, what is confirmed happens once, at the midnight that counts."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
import python_calamine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from clair_portal.accounts import handover
from clair_portal.accounts.invitations import accept_with_new_account
from clair_portal.accounts.models import Invitation, Person, Posting
from clair_portal.approvals.models import ApprovalStep
from clair_portal.audit.models import Entry
from clair_portal.casework.models import Assignment, Case
from clair_portal.outbox.delivery import deliver
from clair_portal.outbox.models import Email, Job, Message, Notification
from clair_portal.staffing import moving
from clair_portal.staffing.dry_run import make_plan
from clair_portal.staffing.inviting import run_invitations
from clair_portal.staffing.models import HandoverPack, StaffChange, StaffLine
from clair_portal.staffing.sheet import Row
from clair_portal.walls.scope import LOGIN_SCOPE, SYSTEM_SCOPE, acting
from tests.approvals.along import drafted, research, route, with_staff
from tests.cast import NOW, TODAY, reader
from tests.conftest import WebClient, logged_in_to_database_as
from tests.staffing.conftest import HEADS, confirmed, key_of, post_of, send

Browse = Callable[..., WebClient]
Clock = Callable[[dt.datetime], None]
MIDNIGHT = dt.datetime(2027, 3, 31, 15, 0, tzinfo=dt.UTC)  # 1 April 00:00 in Tokyo
LONDON_MIDNIGHT = dt.datetime(2027, 3, 31, 23, 0, tzinfo=dt.UTC)  # 1 April 00:00 in London, in summer time
SECOND = dt.timedelta(seconds=1)
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def standing_clock(clock: Clock) -> None:
    Person.objects.all()


def faults_of(answer: Any) -> list[tuple[int, str, str]]:
    assert answer.status_code == 422
    return [(fault.row, fault.column, fault.text) for fault in answer.context["faults"]]


def in_charge(cast: SimpleNamespace, who: str, *titles: str) -> None:
    """Open cases that a person is in charge of."""
    posting = post_of(cast, who)
    for title in titles:
        case = Case.objects.create(
            kind="offices.support", title=title, applicant=cast.places["otaru"], branch=cast.places["hokkaido"],
            state="in_progress", holder="office", holding=posting.organisation, filed_at=NOW, number=f"2026-{title}",
        )  # fmt: skip
        Assignment.objects.create(case=case, side="office", posting=posting, organisation=posting.organisation)


def turn(now: dt.datetime) -> None:
    """One turn of the schedule, as the relay runs it."""
    with logged_in_to_database_as("portal_worker"), acting(SYSTEM_SCOPE):
        moving.run(now)


def invited(cast: SimpleNamespace, change: StaffChange) -> dict[str, Any]:
    """What the job of the invitations does; how jobs run is in tests/outbox."""
    actor = reader(cast, "hq_approver")
    with logged_in_to_database_as("portal_worker"), acting(actor.scope):
        return run_invitations(Job.objects.get(pk=change.job), actor, lambda done, total: None)  # type: ignore[arg-type]


def english(cast: SimpleNamespace, who: str = "hq_approver") -> None:
    Person.objects.filter(pk=cast.people[who].pk).update(language="en")


# --- The sheet that goes out ------------------------------------------------------------------------------------------------
def rows_of(answer: Any) -> list[list[Any]]:
    return list(
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    )


def test_the_sheet_holds_everybody_of_headquarters_and_the_offices(browse: Browse, cast: SimpleNamespace) -> None:
    rows = rows_of(browse("hq_approver").get("/desk/staff-changes/sheet.xlsx"))
    assert rows[4][:4] == ["名前", "ローマ字", "メールアドレス", "キー"]
    assert sorted(row[0] for row in rows[5:]) == sorted(
        ["早川 みお", "高瀬 亮", "佐伯 悠", "Alice Brown", "David Chen"]
    )


def test_a_branch_gets_its_own_people_only(browse: Browse, cast: SimpleNamespace) -> None:
    rows = rows_of(browse("otaru_administrator").get("/desk/staff-changes/sheet.xlsx"))
    assert sorted(row[0] for row in rows[5:]) == ["岩倉 はる", "西村 圭"]


def test_the_sheet_sent_back_untouched_changes_nothing(browse: Browse, cast: SimpleNamespace) -> None:
    english(cast)
    client = browse("hq_approver")
    sheet = io.BytesIO(client.get("/desk/staff-changes/sheet.xlsx").content)
    sheet.name = "staff-changes.xlsx"
    answer = client.post("/desk/staff-changes/", {"sheet": sheet})
    assert answer.context["form"].errors["sheet"] == [
        "Nothing changes by this sheet: no row has a new last day or a next post."
    ]
    assert not StaffChange.objects.exists()


# --- What is wrong is named, all at once --------------------------------------------------------------------------------------
def test_every_line_that_is_wrong_is_named_with_row_and_sentence_and_nothing_is_kept(
    browse: Browse, cast: SimpleNamespace
) -> None:
    english(cast)
    london, alice = key_of(cast, "london"), key_of(cast, "london_local")
    answer = send(
        browse("hq_approver"),
        {"name": "佐伯 悠", "key": london, "ends_on": "2026-03-31"},  # 2
        {"name": "佐伯 悠", "key": london, "ends_on": "2027-03-31"},  # 3: twice
        {"name": "Alice Brown", "key": alice, "ends_on": "2027-03-31", "successor": "Alice Brown"},  # 4
        {"name": "新任 一", "email": "one@example.org", "organisation": "LDN", "role": "office_officer", "starts_on": "2027-04-01"},  # 5
        {"name": "新任 二", "email": "two@example.org", "organisation": "LON", "role": "office_officer",
         "starts_on": "2027-04-01", "next_ends_on": "2027-03-01"},  # 6
        {"name": "David Chen", "ends_on": "2027-04-05", "organisation": "NYC", "role": "office_administrator",
         "starts_on": "2027-04-01"},  # 7
        {"name": "早川 みお", "ends_on": "31.2.2027"},  # 8
        {"name": "高瀬 亮", "ends_on": "2027-03-31", "successor": "誰か"},  # 9
        {"name": "知らない 人", "ends_on": "2027-03-31"},  # 10
        {"name": "新任 三", "email": "three@example.org", "organisation": "LON", "role": "hq_officer", "starts_on": "2027-04-01"},  # 11
    )  # fmt: skip
    assert faults_of(answer) == [
        (2, "Last day in the post now", "The posting ends on 31 Mar 2026, before it begins on 1 Apr 2026."),
        (3, "Name", "Yu Saeki stands in row 2 already. Keep one of the two rows."),
        (4, "Successor in the post now",
         "Alice Brown leaves this post and cannot be the successor in it. Name somebody who is there afterwards."),
        (5, "Next organisation",
         "There is no organisation with the code or name “LDN”. Look it up under Organisations and people."),
        (6, "Last day in the next post", "The posting ends on 1 Mar 2027, before it begins on 1 Apr 2027."),
        (7, "First day in the next post",
         "The next post begins on 1 Apr 2027, but the post now ends only on 5 Apr 2027: they overlap. "
         "For two posts at once leave the last day empty."),
        (8, "Last day in the post now",
         "Day and month can be mistaken for each other here. Write the year first: 2026-11-22."),
        (9, "Successor in the post now",
         "Nobody called “誰か” has a post at Tokyo headquarters after 31 Mar 2027. Add a row for their next post."),
        (10, "Name", "Nobody called 知らない 人 is posted here. To invite somebody new, write their e-mail address."),
        (11, "Next role",
         "There is no role “hq_officer” at London office. There are: office_administrator, office_officer."),
    ]  # fmt: skip
    assert not StaffChange.objects.exists()
    assert Posting.objects.filter(ends_on__year=2027).count() == 0
    assert not Invitation.objects.exists()


def test_a_post_that_overlaps_one_that_is_held_is_named(browse: Browse, cast: SimpleNamespace) -> None:
    english(cast)
    answer = send(
        browse("hq_approver"),
        {"name": "佐伯 悠", "organisation": "ロンドン事務所", "role": "office_officer", "starts_on": "2027-04-01"},
    )
    assert faults_of(answer) == [
        (2, "First day in the next post",
         "Yu Saeki holds this role at London office already, from 1 Apr 2026, without an end: the two overlap."),
    ]  # fmt: skip


def test_dates_of_an_era_and_wide_digits_are_read(browse: Browse, cast: SimpleNamespace) -> None:
    answer = send(
        browse("hq_approver"),
        {"name": "佐伯　悠", "ends_on": "令和９年３月３１日", "organisation": "ＨＱ", "role": "hq_officer", "starts_on": "Ｒ９．４．１"},
        {"name": "新任 一", "email": "ＯＮＥ@example.org", "organisation": "LON", "role": "office_officer",
         "starts_on": "２０２７／４／１", "next_ends_on": "令和11年3月31日"},
    )  # fmt: skip
    assert answer.status_code == 302
    rows = StaffChange.objects.get().rows
    assert [(row["ends_on"], row["starts_on"], row["next_ends_on"]) for row in rows] == [
        ("2027-03-31", "2027-04-01", None), (None, "2027-04-01", "2029-03-31"),
    ]  # fmt: skip
    assert [row["email"] for row in rows] == ["", "one@example.org"]


def test_a_branch_cannot_fill_a_post_elsewhere(browse: Browse, cast: SimpleNamespace) -> None:
    english(cast, "otaru_administrator")
    answer = send(
        browse("otaru_administrator"),
        {
            "name": "岩倉 はる",
            "ends_on": "2027-03-31",
            "organisation": "HQ",
            "role": "hq_officer",
            "starts_on": "2027-04-01",
        },
    )
    assert faults_of(answer) == [(2, "Next organisation", "Only headquarters may fill a post at Tokyo headquarters.")]


# --- The dry run ----------------------------------------------------------------------------------------------------------------
def test_the_dry_run_says_what_happens_and_changes_nothing(browse: Browse, cast: SimpleNamespace) -> None:
    english(cast)
    in_charge(cast, "london", "001", "002")
    answer = send(
        browse("hq_approver"),
        {"name": "佐伯 悠", "ends_on": "2027-03-31", "successor": "Alice Brown", "organisation": "HQ", "role": "hq_officer",
         "starts_on": "2027-04-01"},
    )  # fmt: skip
    page = browse("hq_approver").get(answer["Location"]).content.decode()
    assert "Open cases 2" in page
    assert "→ Alice Brown" in page
    assert "Access goes over at Thu 1 Apr 2027 00:00 London (same day 08:00 Tokyo)." in page
    assert post_of(cast, "london").ends_on is None
    assert Assignment.objects.filter(posting=post_of(cast, "london")).count() == 2
    assert not Message.objects.exists()


def test_a_post_with_open_work_and_no_successor_must_be_answered(browse: Browse, cast: SimpleNamespace) -> None:
    english(cast)
    in_charge(cast, "london", "001")
    client = browse("hq_approver")
    address = send(client, {"name": "佐伯 悠", "ends_on": "2027-03-31"})["Location"]
    answer = client.post(address, {})
    assert answer.status_code == 422
    assert "Nothing was changed: say for each post below who has its open work." in answer.content.decode()
    assert post_of(cast, "london").ends_on is None
    assert client.post(address, {"answer-2": f"posting:{key_of(cast, 'london_local')}"}).status_code == 302
    assert post_of(cast, "london").ends_on == dt.date(2027, 3, 31)
    assert StaffLine.objects.get().successor == post_of(cast, "london_local")


def test_an_answer_given_stays_while_another_is_asked_for(browse: Browse, cast: SimpleNamespace) -> None:
    in_charge(cast, "london", "001")
    in_charge(cast, "newyork", "002")
    client = browse("hq_approver")
    address = send(
        client, {"name": "佐伯 悠", "ends_on": "2027-03-31"}, {"name": "David Chen", "ends_on": "2027-03-31"}
    )["Location"]
    answer = client.post(address, {"answer-2": f"posting:{key_of(cast, 'london_local')}"})
    assert answer.status_code == 422
    assert [(item["row"], item["chosen"], item["asks"]) for item in answer.context["lines"]] == [
        (2, f"posting:{key_of(cast, 'london_local')}", False), (3, "", True),
    ]  # fmt: skip
    assert f'<option value="posting:{key_of(cast, "london_local")}" selected>' in answer.content.decode()


def forty(cast: SimpleNamespace) -> list[Row]:
    """Forty people of London: ten leave, ten go to headquarters, ten are new, ten stay with a second post."""
    rows = []
    for number in range(1, 41):
        row: dict[str, Any] = {"name": f"職員 {number:02}", "email": f"staff{number}@example.org"}
        if number <= 20 or number > 30:
            person = Person.objects.create(name=row["name"], email=row["email"])
            Posting.objects.create(
                person=person,
                organisation=cast.places["london"],
                role_id="office_officer",
                starts_on=dt.date(2025, 4, 1),
            )
        if number <= 20:
            row |= {"ends_on": dt.date(2027, 3, 31), "successor": f"職員 {number + 20:02}"}
        if 10 < number <= 20:
            row |= {"organisation": "HQ", "role": "hq_officer", "starts_on": dt.date(2027, 4, 1)}
        if 20 < number <= 30:
            row |= {"organisation": "LON", "role": "office_officer", "starts_on": dt.date(2027, 4, 1)}
        if number > 30:
            row |= {"organisation": "PAR", "role": "office_officer", "starts_on": dt.date(2027, 4, 1)}
        rows.append(Row(number + 1, **row))
    return rows


def test_the_1_april_change_for_40_people_in_one_dry_run(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = {name: kind for name, kind in handover.KINDS.items() if kind.waiting}  # the others are tried post by post
    monkeypatch.setattr(handover, "KINDS", counted)
    rows = forty(cast)
    for number, row in enumerate(rows[:20]):
        posting = Posting.objects.get(person__name=row.name)
        case = Case.objects.create(
            kind="offices.support", title=str(number), applicant=cast.places["otaru"], state="in_progress", holder="office",
            holding=posting.organisation, filed_at=NOW, number=f"2026-{number}",
        )  # fmt: skip
        Assignment.objects.create(case=case, side="office", posting=posting, organisation=posting.organisation)
    actor = reader(cast, "hq_approver")
    with (
        acting(actor.scope),
        translation.override("en"),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        plan = make_plan(rows, answers={}, reader=actor, now=NOW)
    assert plan.faults == []
    from clair_portal.staffing.presentation import sums

    with translation.override("en"):
        assert [(str(label), number) for label, number in sums(plan)] == [
            ("People", 40), ("Postings that end", 20), ("Postings that begin", 30), ("People who leave", 10), ("Invitations", 10),
            ("Open items that go to a successor", 20), ("Posts with open work and no successor", 0),
        ]  # fmt: skip
    assert len(asked) <= 12
    with acting(actor.scope), CaptureQueriesContext(connection) as asked_for_two:
        make_plan(rows[:2], answers={}, reader=actor, now=NOW)
    assert abs(len(asked) - len(asked_for_two)) <= 3  # the number of people does not matter


def as_sent(row: Row) -> dict[str, str]:
    data = row.as_json()
    return {name: str(data[name]) for name in HEADS if data[name]}


def test_the_change_of_40_people_is_confirmed_as_a_whole_and_moves_in_one_turn(
    browse: Browse, cast: SimpleNamespace
) -> None:
    rows = forty(cast)
    for row in rows[:20]:
        posting = Posting.objects.get(person__name=row.name)
        case = Case.objects.create(
            kind="offices.support", title=row.name, applicant=cast.places["otaru"], branch=cast.places["hokkaido"],
            state="in_progress", holder="office", holding=posting.organisation, filed_at=NOW, number=f"2026-{row.number}",
        )  # fmt: skip
        Assignment.objects.create(case=case, side="office", posting=posting, organisation=posting.organisation)
    confirmed(browse("hq_approver"), *map(as_sent, rows))
    assert Posting.objects.filter(ends_on=dt.date(2027, 3, 31)).count() == 20
    assert Posting.objects.filter(starts_on=dt.date(2027, 4, 1)).count() == 20  # the ten who are new begin by accepting
    assert Message.objects.filter(event="staffing.leaver.planned").count() == 20
    turn(LONDON_MIDNIGHT)
    turn(LONDON_MIDNIGHT + dt.timedelta(minutes=1))
    assert StaffLine.objects.exclude(moved_at=None).count() == 10
    assert StaffLine.objects.exclude(waits_since=None).count() == 10  # their successors have not accepted yet
    assert HandoverPack.objects.count() == 0  # nobody of the forty has an account: there is no desk they saw
    assert Message.objects.filter(event="staffing.change.happened").count() == 2


def test_hours_without_access_between_two_zones_are_said(browse: Browse, cast: SimpleNamespace) -> None:
    english(cast)
    client = browse("hq_approver")
    address = send(
        client,
        {
            "name": "早川 みお",
            "ends_on": "2027-03-31",
            "organisation": "NYC",
            "role": "office_officer",
            "starts_on": "2027-04-01",
        },
    )["Location"]
    assert (
        "There is no access from Thu 1 Apr 2027 00:00 Tokyo until Thu 1 Apr 2027 00:00 New York (same day 13:00 Tokyo)."
        in client.get(address).content.decode()
    )


# --- Confirmed: the days at once, the work on the day ---------------------------------------------------------------------------
def test_postings_are_written_at_once_and_work_moves_at_midnight_in_london_once(
    browse: Browse, cast: SimpleNamespace
) -> None:
    in_charge(cast, "london", "001", "002")
    confirmed(
        browse("hq_approver"),
        {"name": "佐伯 悠", "ends_on": "2027-03-31", "successor": "Alice Brown", "organisation": "HQ", "role": "hq_officer",
         "starts_on": "2027-04-01"},
    )  # fmt: skip
    old, new = Posting.objects.filter(person=cast.people["london"]).order_by("starts_on")
    assert (old.ends_on, new.organisation.code, new.starts_on) == (dt.date(2027, 3, 31), "HQ", dt.date(2027, 4, 1))
    alice = post_of(cast, "london_local")
    turn(LONDON_MIDNIGHT - SECOND)
    assert Assignment.objects.filter(posting=old).count() == 2
    turn(LONDON_MIDNIGHT)
    assert Assignment.objects.filter(posting=alice).count() == 2
    moved = StaffLine.objects.get()
    assert (moved.moved, moved.moved_at) == (2, LONDON_MIDNIGHT)
    turn(LONDON_MIDNIGHT + dt.timedelta(minutes=1))
    turn(LONDON_MIDNIGHT + dt.timedelta(days=1))
    assert Entry.objects.filter(event="accounts.posting.handed_over").count() == 1
    assert Entry.objects.get(event="accounts.posting.handed_over").actor["ja"] == "高瀬 亮(東京本部)"
    told = Message.objects.order_by("event", "path").values_list("event", "path")
    change, pack = f"/desk/staff-changes/{moved.change_id}/", f"/desk/handovers/{old.pk}/"
    assert list(told) == [
        ("staffing.change.happened", "/desk/handovers/"), ("staffing.change.happened", change),
        ("staffing.change.planned", "/desk/handovers/"), ("staffing.change.planned", change),
        ("staffing.leaver.ended", ""), ("staffing.leaver.planned", pack), ("staffing.successor.moved", pack),
    ]  # fmt: skip


def test_the_midnight_is_a_setting_of_the_organisation(browse: Browse, cast: SimpleNamespace) -> None:
    client = browse("london_local")
    assert client.post("/desk/staff-changes/terms/", {"zone": "Asia/Tokyo", "weeks": "6"}).status_code == 302
    confirmed(browse("hq_approver"), {"name": "佐伯 悠", "ends_on": "2027-03-31"})
    assert StaffLine.objects.get().due_at == MIDNIGHT


def test_a_zone_that_does_not_exist_is_refused_with_what_was_typed(browse: Browse, cast: SimpleNamespace) -> None:
    english(cast, "london_local")
    answer = browse("london_local").post("/desk/staff-changes/terms/", {"zone": "Europe/Atlantis", "weeks": "6"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["zone"] == [
        "There is no time zone “Europe/Atlantis”. Write it like Europe/London."
    ]


def test_a_new_successor_is_invited_and_gets_the_work_with_the_acceptance(
    browse: Browse, cast: SimpleNamespace
) -> None:
    in_charge(cast, "london", "001")
    change = confirmed(
        browse("hq_approver"),
        {"name": "佐伯 悠", "ends_on": "2027-03-31", "successor": "新任 花"},
        {"name": "新任 花", "email": "hana@example.org", "organisation": "LON", "role": "office_officer",
         "starts_on": "2027-04-01", "next_ends_on": "2029-03-31", "sending_body": "小樽市"},
    )  # fmt: skip
    assert invited(cast, change)["count"] == 1
    mail = Email.objects.get(to="hana@example.org")
    code = next(line for line in mail.body.splitlines() if line.startswith("http")).rstrip("/").rpartition("/")[2]
    turn(LONDON_MIDNIGHT)
    assert Assignment.objects.filter(posting=post_of(cast, "london")).count() == 1  # it waits
    assert Message.objects.filter(event="staffing.change.waits").count() == 2
    late = LONDON_MIDNIGHT + dt.timedelta(days=3)
    with acting(LOGIN_SCOPE):
        accept_with_new_account(code, password="correct horse battery", now=late)
    turn(late)
    begun = Posting.objects.get(person__name="新任 花")
    assert (begun.ends_on, str(begun.sending_body.name_ja)) == (dt.date(2029, 3, 31), "小樽市")  # type: ignore[union-attr]
    assert Assignment.objects.get().posting == begun
    assert Message.objects.filter(event="staffing.change.waits").count() == 2


def test_an_invitation_works_to_the_end_of_its_last_day_two_weeks_into_the_own_post(
    browse: Browse, cast: SimpleNamespace, clock: Clock
) -> None:
    client = browse("hq_approver")
    rows = [
        {
            "name": name,
            "email": f"{email}@example.org",
            "organisation": "LON",
            "role": "office_officer",
            "starts_on": day,
        }
        for name, email, day in (("新任 花", "hana", "2027-04-01"), ("新任 二", "two", "2027-07-01"))
    ]
    change = confirmed(client, {"name": "早川 みお", "ends_on": "2027-03-31"}, *rows)
    assert change.takes_effect_at == MIDNIGHT
    invited(cast, change)
    assert "2027-04-15" in Email.objects.get(to="hana@example.org").body
    assert "2027-07-15" in Email.objects.get(to="two@example.org").body
    first, second = (Invitation.objects.get(email=row["email"]) for row in rows)
    assert first.expires_at == dt.datetime(2027, 4, 15, 23, tzinfo=dt.UTC)  # midnight in London, in summer time
    assert second.expires_at == dt.datetime(2027, 7, 15, 23, tzinfo=dt.UTC)
    english(cast)
    clock(first.expires_at - SECOND)
    assert "15 Apr 2027" in browse("hq_approver").get("/desk/invitations/").content.decode()
    assert first.state(first.expires_at - SECOND) == "open"


def test_it_can_be_taken_back_until_the_day(browse: Browse, cast: SimpleNamespace, clock: Clock) -> None:
    client = browse("hq_approver")
    rows = (
        {
            "name": "佐伯 悠",
            "ends_on": "2027-03-31",
            "organisation": "HQ",
            "role": "hq_officer",
            "starts_on": "2027-04-01",
        },
        {
            "name": "新任 花",
            "email": "hana@example.org",
            "organisation": "LON",
            "role": "office_officer",
            "starts_on": "2027-04-01",
        },
        {
            "name": "新任 二",
            "email": "two@example.org",
            "organisation": "LON",
            "role": "office_officer",
            "starts_on": "2027-04-01",
        },
    )
    change = confirmed(client, *rows)
    assert change.takes_effect_at == MIDNIGHT  # the first one: headquarters is earlier than London
    assert invited(cast, change)["count"] == 2
    mail = Email.objects.get(to="hana@example.org")
    code = next(line for line in mail.body.splitlines() if line.startswith("http")).rstrip("/").rpartition("/")[2]
    with acting(LOGIN_SCOPE):
        accept_with_new_account(code, password="correct horse battery", now=NOW)
    assert Posting.objects.filter(person__name="新任 花").count() == 1
    clock(MIDNIGHT - SECOND)
    client = browse("hq_approver")
    assert client.post(f"/desk/staff-changes/{change.pk}/take-back/").status_code == 302
    change.refresh_from_db()
    assert change.state == "taken_back"
    assert post_of(cast, "london").ends_on is None  # and the one at headquarters is gone
    assert Posting.objects.filter(person__name="新任 花").count() == 0
    assert Invitation.objects.get(name="新任 二").revoked_at == MIDNIGHT - SECOND
    turn(LONDON_MIDNIGHT)
    assert not StaffLine.objects.exclude(moved_at=None).exists()


def test_from_the_first_midnight_on_it_stands(browse: Browse, cast: SimpleNamespace, clock: Clock) -> None:
    english(cast)
    change = confirmed(browse("hq_approver"), {"name": "高瀬 亮", "ends_on": "2027-03-31", "organisation": "HQ",
                                               "role": "hq_officer", "starts_on": "2027-04-01"})  # fmt: skip
    Posting.objects.create(  # somebody must still be there to press
        person=cast.people["nobody"], organisation=cast.places["hq"], role_id="hq_administrator", starts_on=TODAY
    )
    clock(MIDNIGHT)
    english(cast, "nobody")
    answer = browse("nobody").post(f"/desk/staff-changes/{change.pk}/take-back/", follow=True)
    assert (
        "The change has taken effect or was taken back already. Correct it by a new sheet." in answer.content.decode()
    )
    assert Posting.objects.filter(person=cast.people["hq_approver"]).count() == 2


def test_a_last_day_corrected_after_the_confirmation_moves_the_work_on_that_day(
    browse: Browse, cast: SimpleNamespace
) -> None:
    in_charge(cast, "london", "001")
    confirmed(browse("hq_approver"), {"name": "佐伯 悠", "ends_on": "2027-03-31", "successor": "Alice Brown"})
    old = post_of(cast, "london")
    Posting.objects.filter(pk=old.pk).update(ends_on=dt.date(2027, 4, 30))
    turn(LONDON_MIDNIGHT)
    assert Assignment.objects.get().posting == old
    turn(LONDON_MIDNIGHT + dt.timedelta(days=30))
    assert Assignment.objects.get().posting == post_of(cast, "london_local")


def test_a_place_that_would_be_left_without_an_administrator_is_said(browse: Browse, cast: SimpleNamespace) -> None:
    english(cast)
    client = browse("hq_approver")
    address = send(client, {"name": "Alice Brown", "ends_on": "2027-03-31"})["Location"]
    text = "After this change nobody at London office may administer it: postings and invitations are left to headquarters."
    assert client.get(address).context["plan"].warnings == [text]


def test_stamps_asked_for_go_to_the_successor_with_the_title(browse: Browse, cast: SimpleNamespace) -> None:
    with_staff(cast)
    route(cast, "企画調査課長", {"post": f"posting:{Posting.objects.get(person=cast.people['director']).pk}"})
    approval = drafted(cast, research(cast))
    confirmed(
        browse("hq_approver"),
        {"name": "黒田 実", "ends_on": "2027-03-31", "successor": "新任 長"},
        {"name": "立花 誠", "ends_on": "2027-03-31", "successor": "白石 恵"},
        {
            "name": "新任 長",
            "email": "new@example.org",
            "organisation": "HQ",
            "role": "hq_officer",
            "starts_on": "2027-04-01",
        },
    )
    assert StaffLine.objects.get(email="new@example.org").title == "企画調査課長"
    turn(MIDNIGHT)
    posts = list(ApprovalStep.objects.filter(approval=approval).order_by("order").values_list("post", flat=True))
    general = Posting.objects.get(person=cast.people["general"])
    assert posts == ["title:企画調査課長", f"posting:{general.pk}"]  # the title waits for whoever is invited


def test_a_line_that_fails_stops_no_other_and_is_tried_again(
    browse: Browse, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_charge(cast, "london", "001")
    in_charge(cast, "newyork", "002")
    alice = post_of(cast, "london_local")
    answers = {"row2": f"posting:{alice.pk}", "row3": "nobody"}
    confirmed(
        browse("hq_approver"),
        {"name": "佐伯 悠", "ends_on": "2027-03-30"},
        {"name": "David Chen", "ends_on": "2027-03-30"},
        **answers,
    )
    broken = [post_of(cast, "london").pk]

    def move(from_posting: Posting, to_posting: Posting, actor: Any, now: dt.datetime) -> int:
        if from_posting.pk in broken:
            raise RuntimeError("cannot be moved just now")
        return 0

    monkeypatch.setattr(handover, "KINDS", {**handover.KINDS, "test.broken": handover.Kind("broken", move)})
    turn(LONDON_MIDNIGHT)
    assert dict(StaffLine.objects.values_list("row", "moved_at")) == {2: None, 3: LONDON_MIDNIGHT}
    assert Assignment.objects.filter(posting=alice).count() == 0  # of the line that failed nothing has moved
    broken.clear()
    turn(LONDON_MIDNIGHT + dt.timedelta(minutes=1))
    assert Assignment.objects.filter(posting=alice).count() == 1


def test_two_who_confirm_write_once(browse: Browse, cast: SimpleNamespace) -> None:
    client = browse("hq_approver")
    address = send(client, {"name": "佐伯 悠", "organisation": "HQ", "role": "hq_officer", "starts_on": "2027-04-01"})[
        "Location"
    ]
    assert [client.post(address, {}).status_code for _time in range(2)] == [302, 302]
    assert Posting.objects.filter(person=cast.people["london"]).count() == 2
    assert StaffLine.objects.count() == 1


def test_a_posting_written_meanwhile_is_found_at_the_confirmation(browse: Browse, cast: SimpleNamespace) -> None:
    english(cast)
    client = browse("hq_approver")
    address = send(
        client,
        {
            "name": "佐伯 悠",
            "key": key_of(cast, "london"),
            "organisation": "HQ",
            "role": "hq_officer",
            "starts_on": "2027-04-01",
        },
    )["Location"]
    Posting.objects.create(
        person=cast.people["london"],
        organisation=cast.places["hq"],
        role_id="hq_officer",
        starts_on=dt.date(2027, 4, 1),
    )
    answer = client.post(address, {})
    assert answer.status_code == 422
    assert "holds this role at Tokyo headquarters already" in answer.content.decode()
    assert not StaffLine.objects.exists()


def test_a_branch_changes_its_own_staff(browse: Browse, cast: SimpleNamespace) -> None:
    confirmed(
        browse("otaru_administrator"),
        {"name": "岩倉 はる", "ends_on": "2027-03-31", "successor": "西村 圭", "organisation": "012033",
         "role": "organisation_administrator", "starts_on": "2027-04-01"},
    )  # fmt: skip
    begun = Posting.objects.get(person=cast.people["otaru"], starts_on=dt.date(2027, 4, 1))
    assert (begun.organisation.code, begun.role_id) == ("012033", "organisation_administrator")


@pytest.mark.parametrize("person", ["otaru", "london", "hq_officer", "hokkaido"])
def test_who_does_not_administer_neither_reads_nor_sends_sheets(
    browse: Browse, cast: SimpleNamespace, person: str
) -> None:
    assert browse(person).get("/desk/staff-changes/").status_code == 403
    assert send(browse(person), {"name": "岩倉 はる", "ends_on": "2027-03-31"}).status_code == 403


def test_the_database_gives_nobody_a_role_that_does_not_exist_there(cast: SimpleNamespace) -> None:
    change = StaffChange.objects.create(
        organisation=cast.places["otaru"], state="confirmed", prepared_by=1, takes_effect_at=MIDNIGHT
    )
    StaffLine.objects.create(
        change=change, row=2, person=cast.people["otaru"], name="x", organisation=cast.places["otaru"],
        role_id="hq_administrator", starts_on=dt.date(2027, 4, 1),
    )  # fmt: skip
    with acting(reader(cast, "otaru_administrator").scope), connection.cursor() as cursor:
        cursor.execute("select staffing_write_postings(%s)", [change.pk])
        assert cursor.fetchone()[0] == 0


def test_headquarters_sees_no_drafts_of_a_branch(browse: Browse, cast: SimpleNamespace) -> None:
    row = {"name": "岩倉 はる", "ends_on": "2027-03-31"}
    address = send(browse("otaru_administrator"), row)["Location"]
    assert browse("otaru_administrator").get(address).status_code == 200
    assert browse("hq_approver").get(address).status_code == 404


def test_the_leaver_alone_is_told_by_notice_and_mail_at_once(browse: Browse, cast: SimpleNamespace) -> None:
    confirmed(browse("hq_approver"), {"name": "佐伯 悠", "ends_on": "2027-03-31"})
    message = Message.objects.get(event="staffing.leaver.planned")
    with logged_in_to_database_as("portal_worker"):
        assert deliver(message.pk, message.due_at)
    assert list(Notification.objects.values_list("person", flat=True)) == [cast.people["london"].pk]
    mail = Email.objects.get()
    assert (mail.to, mail.subject) == ("london@example.org", "ロンドン事務所での発令は令和9年3月31日で終わります")
    assert (
        "この発令での利用は、次の時刻に終わります:2027年4月1日(木)0:00 ロンドン(同日8:00 東京)。それまでに引継書を書いてください。"
        in mail.body
    )


def test_the_sheet_filled_in_with_a_spreadsheet_comes_back(browse: Browse, cast: SimpleNamespace) -> None:
    client = browse("hq_approver")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/desk/staff-changes/sheet.xlsx").content))
    page = book.active
    place = {cell.value: cell.column for cell in page[5]}
    row = next(cells[0].row for cells in page.iter_rows(min_row=6) if cells[0].value == "佐伯 悠")
    page.cell(row, place["現在の発令の終了日"], dt.datetime(2027, 3, 31))
    page.cell(row, place["現在の発令の後任"], "Alice Brown")
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "異動.xlsx"
    answer = client.post("/desk/staff-changes/", {"sheet": out})
    assert answer.status_code == 302
    plan = client.get(answer["Location"]).context["plan"]
    assert [(line.row.number, line.ends, line.inherits) for line in plan.lines] == [
        (row, dt.date(2027, 3, 31), "Alice Brown")
    ]
    assert plan.untouched == 4


def test_the_database_writes_no_postings_for_somebody_elses_change(cast: SimpleNamespace) -> None:
    """The function that writes postings asks again: an administrator, and of the organisation of the change."""
    change = StaffChange.objects.create(
        organisation=cast.places["hokkaido"], state="confirmed", prepared_by=1, takes_effect_at=MIDNIGHT
    )
    StaffLine.objects.create(
        change=change, row=2, person=cast.people["otaru"], name="x", organisation=cast.places["hokkaido"],
        role_id="branch_officer", starts_on=dt.date(2027, 4, 1),
    )  # fmt: skip
    for who in ("otaru_administrator", "london_local", "hokkaido", "hq_officer"):
        with acting(reader(cast, who).scope), connection.cursor() as cursor:
            cursor.execute("select staffing_write_postings(%s)", [change.pk])
            assert cursor.fetchone()[0] == 0, who
    with acting(reader(cast, "hq_approver").scope), connection.cursor() as cursor:
        cursor.execute("select staffing_write_postings(%s)", [change.pk])
        assert cursor.fetchone()[0] == 1


# --- Access ends at the midnight that counts ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("person", "address", "midnight"),
    [("otaru", "/desk/", MIDNIGHT), ("london", "/desk/", LONDON_MIDNIGHT), ("hq_officer", "/desk/", MIDNIGHT)],
)
def test_a_leaver_is_let_in_until_a_second_before_midnight_there(
    browse: Browse, cast: SimpleNamespace, clock: Clock, person: str, address: str, midnight: dt.datetime
) -> None:
    Posting.objects.filter(person=cast.people[person]).update(ends_on=dt.date(2027, 3, 31))
    clock(midnight - SECOND)
    client = browse(person)
    assert client.get(address).status_code == 200
    clock(midnight)
    assert client.get(address).status_code == 403


def test_sessions_and_tokens_of_a_leaver_end_with_the_posting(
    browse: Browse, cast: SimpleNamespace, clock: Clock
) -> None:
    from allauth.usersessions.models import UserSession

    from clair_portal.accounts.models import ApiToken
    from clair_portal.accounts.tokens import make_token

    Posting.objects.filter(person=cast.people["london"]).update(ends_on=dt.date(2027, 3, 31))
    actor = reader(cast, "london")
    with acting(actor.scope):
        _row, secret = make_token(
            person=actor.person, label="t", scopes=["network.read"], expires_at=LONDON_MIDNIGHT + dt.timedelta(days=90)
        )
    clock(LONDON_MIDNIGHT - SECOND)
    client = browse("london")
    client.get("/desk/")
    UserSession.objects.get_or_create(
        user=cast.users["london"], session_key=client.session.session_key, defaults={"ip": "127.0.0.1"}
    )

    def ask() -> int:
        return int(WebClient().get("/api/v1/offices/", headers={"Authorization": f"Bearer {secret}"}).status_code)

    turn(LONDON_MIDNIGHT - SECOND)
    assert (ask(), UserSession.objects.count(), ApiToken.objects.get().revoked_at) == (200, 1, None)
    clock(LONDON_MIDNIGHT)
    assert ask() == 401
    turn(LONDON_MIDNIGHT)
    assert (UserSession.objects.count(), ApiToken.objects.get().revoked_at) == (0, LONDON_MIDNIGHT)
    assert client.get("/desk/").status_code == 302  # to the sign-in page
    assert Entry.objects.get(event="accounts.access.ended").params == {"name": "佐伯 悠", "sessions": 1, "tokens": 1}


def test_a_leaver_with_two_postings_keeps_the_other(browse: Browse, cast: SimpleNamespace, clock: Clock) -> None:
    english(cast)
    Posting.objects.create(
        person=cast.people["london"],
        organisation=cast.places["hq"],
        role_id="hq_officer",
        starts_on=dt.date(2026, 4, 1),
    )
    key = str(Posting.objects.get(person=cast.people["london"], organisation=cast.places["london"]).pk)
    client = browse("hq_approver")
    address = send(client, {"name": "佐伯 悠", "key": key, "ends_on": "2027-03-31"})["Location"]
    page = client.get(address).content.decode()
    assert (
        "This access ends at Thu 1 Apr 2027 00:00 London (same day 08:00 Tokyo); Tokyo headquarters hq_officer stays."
        in page
    )
    client.post(address, {})
    clock(LONDON_MIDNIGHT)
    leaver = browse("london")
    assert leaver.get("/desk/").status_code == 200
    assert leaver.get("/desk/").context["reader"]["posting"].startswith("東京本部")
