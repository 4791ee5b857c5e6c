"""After a merger headquarters moves what is open to the successor: people, invitations, cases, and who is in charge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from clair_portal.accounts.models import Invitation, Posting
from clair_portal.audit.models import Entry
from clair_portal.audit.sentences import sentence
from clair_portal.casework.models import Assignment, Case, CaseFile, Note, Referral, Task
from clair_portal.network.models import Succession
from clair_portal.outbox.delivery import holders
from clair_portal.walls.scope import acting
from tests.cast import NOW, PEOPLE, make_cast, reader
from tests.conftest import WebClient
from tests.walls.scene import Scene, make_scene

pytestmark = pytest.mark.django_db
FIRST_DAY, LONG_AGO = dt.date(2026, 11, 1), dt.date(2026, 4, 1)
Browse = Callable[..., WebClient]


@pytest.fixture
def scene() -> Scene:
    return make_scene(make_cast())


def succeeded(
    cast: SimpleNamespace, former: str, heir: str, on: dt.date = FIRST_DAY, kind: str = "merger"
) -> Succession:
    places = cast.places
    return Succession.objects.create(
        predecessor=places[former], successor=places[heir], kind=kind, on=on, source="官報"
    )


def move(succession: Succession, cast: SimpleNamespace, person: str = "hq_officer") -> Any:
    client = WebClient(raise_request_exception=False, headers={"accept-language": "en"})
    client.force_login(cast.users[person], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.post(f"/desk/directory/successions/{succession.pk}/work/")


def page(succession: Succession, cast: SimpleNamespace) -> Any:
    client = WebClient(raise_request_exception=False)
    client.force_login(cast.users["hq_officer"], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(f"/desk/directory/successions/{succession.pk}/work/")


def titles(person: str, scene: Scene) -> set[str]:
    scope = reader(scene.cast, person).scope
    with acting(scope):
        return set(Case.objects.visible_to(scope).values_list("title", flat=True))


# --- People ---------------------------------------------------------------------------------------------------------


def test_people_go_on_at_the_successor_from_its_first_day(scene: Scene) -> None:
    move(succeeded(scene.cast, "otaru", "hakodate"), scene.cast)
    person = scene.cast.people["otaru"]
    held = Posting.objects.filter(person=person).order_by("starts_on")
    assert [(row.organisation.code, row.role_id, row.starts_on, row.ends_on) for row in held] == [
        ("012033", "member_officer", LONG_AGO, dt.date(2026, 10, 31)),
        ("012025", "member_officer", FIRST_DAY, None),
    ]
    entry = Entry.objects.filter(event="accounts.posting.succeeded", params__name="岩倉 はる").get()
    assert sentence(entry.event, entry.actor, entry.params) == (
        "Mio Hayakawa (Tokyo headquarters) let the posting of 岩倉 はる go on at Hakodate from 2026-11-01, after Otaru"
    )


def test_posting_that_was_to_begin_later_begins_at_the_successor(scene: Scene) -> None:
    later = Posting.objects.create(
        person=scene.cast.people["nobody"], organisation=scene.cast.places["otaru"], role_id="member_officer",
        starts_on=dt.date(2027, 4, 1),
    )  # fmt: skip
    move(succeeded(scene.cast, "otaru", "hakodate"), scene.cast)
    later.refresh_from_db()
    assert (later.organisation.code, later.starts_on, later.ends_on) == ("012025", dt.date(2027, 4, 1), None)


def test_person_who_holds_the_role_at_the_successor_already_gets_no_second_posting(scene: Scene) -> None:
    person = scene.cast.people["otaru"]
    Posting.objects.create(
        person=person, organisation=scene.cast.places["hakodate"], role_id="member_officer", starts_on=LONG_AGO
    )
    move(succeeded(scene.cast, "otaru", "hakodate"), scene.cast)
    assert Posting.objects.filter(person=person, organisation__code="012025").count() == 1
    assert Posting.objects.get(person=person, organisation__code="012033").ends_on == dt.date(2026, 10, 31)


def test_role_the_successor_does_not_know_stays_and_is_named_on_the_page(scene: Scene) -> None:
    succession = succeeded(scene.cast, "sapporo", "otaru")
    shown = page(succession, scene.cast).content.decode()
    assert "藤田 葵" in shown.split("手作業で登録してください")[1]
    move(succession, scene.cast)
    [posting] = Posting.objects.filter(person=scene.cast.people["sapporo"])
    assert (posting.organisation.code, posting.ends_on) == ("011002", None)


def test_open_invitation_leads_to_the_successor(scene: Scene) -> None:
    move(succeeded(scene.cast, "otaru", "hakodate"), scene.cast)
    assert Invitation.objects.get(digest="invitation otaru").organisation == scene.cast.places["hakodate"]
    assert Invitation.objects.get(digest="invitation osaka").organisation == scene.cast.places["osaka"]


def test_people_sent_elsewhere_belong_to_the_successor(scene: Scene) -> None:
    Posting.objects.filter(title="london@london").update(sending_body=scene.cast.places["otaru"])
    move(succeeded(scene.cast, "otaru", "hakodate"), scene.cast)
    assert Posting.objects.get(title="london@london").sending_body == scene.cast.places["hakodate"]


# --- Cases ----------------------------------------------------------------------------------------------------------


def test_open_cases_and_drafts_go_and_finished_ones_stay(scene: Scene) -> None:
    Case.objects.filter(pk=scene.cases["otaru_returned"].pk).update(holder="nobody", state="closed")
    before = titles("hakodate", scene)
    move(succeeded(scene.cast, "otaru", "hakodate"), scene.cast)
    requester = {name: Case.objects.get(pk=case.pk).applicant.code for name, case in scene.cases.items()}
    assert (requester["otaru_draft"], requester["otaru_london"]) == ("012025", "012025")
    assert (requester["otaru_returned"], requester["sapporo_draft"]) == ("012033", "011002")
    assert titles("hakodate", scene) - before == {"otaru_draft", "otaru_london"}


def test_people_of_the_former_body_go_on_with_the_same_cases(scene: Scene) -> None:
    assert "otaru_london" in titles("otaru", scene)
    move(succeeded(scene.cast, "otaru", "hakodate"), scene.cast)
    assert {"otaru_draft", "otaru_london"} <= titles("otaru", scene)
    assert scene.cast.places["otaru"].pk not in reader(scene.cast, "otaru").scope.organisations


def test_papers_and_messages_of_a_case_go_with_it(scene: Scene) -> None:
    move(succeeded(scene.cast, "otaru", "hakodate"), scene.cast)
    for model in (Note, CaseFile):
        copies = model.objects.filter(case=scene.cases["otaru_london"]).values_list("applicant__code", flat=True)
        assert set(copies) == {"012025"}, model
    scope = reader(scene.cast, "hakodate").scope
    with acting(scope):
        bodies = Note.objects.visible_to(scope).filter(case=scene.cases["otaru_london"])
        assert "otaru_london:a" in set(bodies.values_list("body", flat=True))


def test_whoever_was_in_charge_stays_in_charge_with_the_new_posting(scene: Scene) -> None:
    move(succeeded(scene.cast, "otaru", "hakodate"), scene.cast)
    row = Assignment.objects.get(pk=scene.in_charge["otaru_london/applicant"])
    assert (row.organisation.code, row.posting.organisation.code) == ("012025", "012025")
    assert row.posting.person == scene.cast.people["otaru"]
    branch = Assignment.objects.get(pk=scene.in_charge["otaru_london/branch"])
    assert branch.posting.title == "hokkaido@hokkaido"


def test_where_the_person_does_not_go_along_nobody_is_in_charge(scene: Scene) -> None:
    Posting.objects.filter(title="otaru@otaru").update(ends_on=dt.date(2026, 10, 1))
    move(succeeded(scene.cast, "otaru", "hakodate"), scene.cast)
    assert not Assignment.objects.filter(pk=scene.in_charge["otaru_london/applicant"]).exists()


def test_open_tasks_go_along_and_finished_ones_stay(scene: Scene) -> None:
    tasks = Task.objects.filter(title__in=["otaru_london:A", "otaru_draft:A", "otaru_london:H"])
    tasks.filter(title="otaru_london:A").update(posting=Posting.objects.get(title="otaru@otaru"))
    tasks.filter(title="otaru_draft:A").update(done_at=NOW)
    move(succeeded(scene.cast, "otaru", "hakodate"), scene.cast)
    where = dict(tasks.values_list("title", "organisation__code"))
    assert where == {"otaru_london:A": "012025", "otaru_draft:A": "012033", "otaru_london:H": "HQ"}
    assert Task.objects.get(title="otaru_london:A").posting.organisation.code == "012025"  # type: ignore[union-attr]


def test_branch_and_office_hand_their_side_over_as_well(scene: Scene) -> None:
    move(succeeded(scene.cast, "hokkaido", "osaka_prefecture"), scene.cast)
    assert Case.objects.get(pk=scene.cases["otaru_london"].pk).branch == scene.cast.places["osaka_prefecture"]
    move(succeeded(scene.cast, "newyork", "paris"), scene.cast)
    standing = Referral.objects.filter(case=scene.cases["hakodate_newyork"], standing=True)
    assert [(row.office.code, row.state) for row in standing] == [("PAR", "proposed")]  # it only read along before


def test_office_that_has_the_case_already_is_not_asked_twice(scene: Scene) -> None:
    move(succeeded(scene.cast, "paris", "london"), scene.cast)
    standing = Referral.objects.filter(case=scene.cases["osaka_two"], office=scene.cast.places["london"], standing=True)
    assert standing.count() == 1


def test_story_of_a_case_says_where_it_went(scene: Scene) -> None:
    move(succeeded(scene.cast, "otaru", "hakodate"), scene.cast)
    entry = Entry.objects.get(event="casework.case.succeeded", subject_id=str(scene.cases["otaru_london"].pk))
    assert sentence(entry.event, entry.actor, entry.params) == (
        "Mio Hayakawa (Tokyo headquarters) moved the case from Otaru to its successor Hakodate."
    )
    summary = Entry.objects.get(event="network.succession.work_moved")
    assert summary.params["count"] > 5


def test_page_shown_before_the_move_cannot_overwrite_the_case_after_it(scene: Scene) -> None:
    before = Case.objects.get(pk=scene.cases["otaru_london"].pk).version
    move(succeeded(scene.cast, "otaru", "hakodate"), scene.cast)
    assert Case.objects.get(pk=scene.cases["otaru_london"].pk).version == before + 1


# --- The page -------------------------------------------------------------------------------------------------------


def test_page_counts_what_would_move_and_moves_nothing(scene: Scene) -> None:
    succession = succeeded(scene.cast, "otaru", "hakodate")
    counts = dict(page(succession, scene.cast).context["counts"])
    assert counts == {
        "所属": 3,
        "他団体への派遣者": 0,
        "未使用の招待": 1,
        "有効な署名付きリンク": 1,
        "募集への応募": 0,
        "完了していない案件": 3,
        "続いている交流プロジェクト": 0,
    }
    assert Case.objects.get(pk=scene.cases["otaru_london"].pk).applicant.code == "012033"
    assert Posting.objects.filter(organisation=scene.cast.places["otaru"], ends_on=None).count() == 3
    assert not Entry.objects.filter(event="casework.case.succeeded").exists()


def test_second_press_moves_nothing(scene: Scene) -> None:
    succession = succeeded(scene.cast, "otaru", "hakodate")
    move(succession, scene.cast)
    assert [number for _label, number in page(succession, scene.cast).context["counts"]] == [0, 0, 0, 0, 0, 0, 0]
    move(succession, scene.cast)
    assert Entry.objects.filter(event="network.succession.work_moved").count() == 1


def test_before_the_first_day_only_postings_move(scene: Scene) -> None:
    first_day = dt.date.today() + dt.timedelta(days=30)
    succession = succeeded(scene.cast, "otaru", "hakodate", first_day)
    answer = page(succession, scene.cast)
    assert [label for label, _number in answer.context["counts"]] == ["所属"]
    assert answer.context["waiting"] == [
        "他団体への派遣者",
        "未使用の招待",
        "有効な署名付きリンク",
        "募集への応募",
        "完了していない案件",
        "続いている交流プロジェクト",
    ]
    move(succession, scene.cast)
    assert Case.objects.get(pk=scene.cases["otaru_london"].pk).applicant.code == "012033"
    last_day = first_day - dt.timedelta(days=1)
    assert Posting.objects.get(title="otaru@otaru", organisation=scene.cast.places["otaru"]).ends_on == last_day
    assert "otaru_london" in titles("otaru", scene)


def test_recording_a_merger_leads_to_the_page_and_the_former_body_links_to_it(browse: Browse, cast: Any) -> None:
    former = f"/desk/directory/organisations/{cast.places['hakodate'].pk}/"
    sent = {"successor": "012033", "kind": "merger", "on": "2026-11-01", "source": "官報"}
    answer = browse("hq_officer").post(f"{former}succession/", sent)
    address = f"/desk/directory/successions/{Succession.objects.get().pk}/work/"
    assert answer["Location"] == address
    assert address in browse("hq_officer").get(former).content.decode()
    assert address not in browse("otaru").get(former).content.decode()


@pytest.mark.parametrize("person", sorted(set(PEOPLE) - {"hq_officer", "hq_approver"}))
def test_only_headquarters_moves_work(scene: Scene, person: str) -> None:
    assert move(succeeded(scene.cast, "otaru", "hakodate"), scene.cast, person).status_code == 403
    assert Case.objects.get(pk=scene.cases["otaru_london"].pk).applicant.code == "012033"


# --- The database ---------------------------------------------------------------------------------------------------


def called_as(person: str, scene: Scene, former: str, heir: str) -> list[tuple[int]]:
    with acting(reader(scene.cast, person).scope), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select casework_move_to_successor(%s, %s)", [scene.place(former), scene.place(heir)])
        return list(cursor.fetchall())


def test_database_moves_nothing_without_a_succession_or_before_its_day(scene: Scene) -> None:
    assert called_as("hq_officer", scene, "otaru", "sapporo") == []
    succeeded(scene.cast, "otaru", "sapporo", dt.date.today() + dt.timedelta(days=2))
    assert called_as("hq_officer", scene, "otaru", "sapporo") == []
    assert Case.objects.get(pk=scene.cases["otaru_london"].pk).applicant.code == "012033"


@pytest.mark.parametrize("person", ["otaru_administrator", "hokkaido", "london"])
def test_database_lets_nobody_else_move_cases(scene: Scene, person: str) -> None:
    succeeded(scene.cast, "otaru", "hakodate")
    with pytest.raises(ProgrammingError, match="permission denied for function casework_move_to_successor"):
        called_as(person, scene, "otaru", "hakodate")


# --- Messages that are on their way ---------------------------------------------------------------------------------


def told(cast: SimpleNamespace, place: str) -> set[str]:
    people = holders([{"organisation": cast.places[place].pk, "right": "cases.file"}], NOW)
    return {person.email.removesuffix("@example.org") for person in people}


def test_message_to_the_former_body_reaches_the_successor(cast: SimpleNamespace) -> None:
    succeeded(cast, "otaru", "hakodate")
    Posting.objects.filter(organisation=cast.places["otaru"]).update(ends_on=dt.date(2026, 10, 31))
    assert told(cast, "otaru") == {"hakodate"}
    assert told(cast, "sapporo") == {"sapporo"}


def test_message_does_not_reach_a_successor_that_has_not_begun_or_one_of_several(cast: SimpleNamespace) -> None:
    succeeded(cast, "otaru", "hakodate", dt.date(2027, 4, 1))
    succeeded(cast, "otaru", "sapporo", kind="division")
    assert told(cast, "otaru") == {"otaru", "otaru_administrator"}
