"""合議, 代決, 専決, 差戻し, 引戻し: every way a route may be gone, each with the names that are on the stamps."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import translation

from clair_portal.accounts.handover import hand_over
from clair_portal.accounts.models import Posting
from clair_portal.approvals import routes, services
from clair_portal.approvals.kinds import KINDS, Content, Fact, Kind
from clair_portal.approvals.models import Approval, ApprovalStep
from clair_portal.approvals.presentation import stamps_of, waiting_for
from clair_portal.approvals.rules import Refused
from clair_portal.walls.scope import acting
from tests.approvals.along import (
    drafted,
    open_step,
    proxy,
    research,
    route,
    sent_back,
    stamped,
    with_staff,
)
from tests.approvals.test_chain import sentence_of, told
from tests.cast import NOW, TODAY, make_person, reader


@pytest.fixture
def staffed(cast: SimpleNamespace) -> SimpleNamespace:
    with_staff(cast)
    return cast


def standing(approval: Approval) -> list[tuple[int, str, str, str]]:
    """Order, post, result and name of the steps that count."""
    return [
        (step.order, step.post_name["ja"], step.result, step.name.get("ja", ""))
        for step in ApprovalStep.objects.filter(approval=approval, struck=False).order_by("order", "place")
    ]


# --- Asked together (合議) ----------------------------------------------------------------------------------------------
def test_two_posts_are_asked_together_and_both_have_to_stamp(staffed: SimpleNamespace) -> None:
    route(staffed, "企画調査課係長", ["企画調査課長", "総務課長"], "事務局長")
    approval = stamped(staffed, drafted(staffed, research(staffed)), "chief")
    assert told(staffed, "approvals.approval.asked") == {"manager", "general"}
    approval = stamped(staffed, approval, "general")
    assert approval.at_order == 2
    approval = stamped(staffed, approval, "manager")
    assert approval.at_order == 3
    assert told(staffed, "approvals.approval.asked") == {"director"}


# --- In the place of somebody (代決) ------------------------------------------------------------------------------------
def test_a_proxy_stamps_with_their_own_name_and_the_mark(staffed: SimpleNamespace) -> None:
    route(staffed, "事務局長")
    proxy(staffed, "事務局長", "総務課長")
    approval = stamped(staffed, drafted(staffed, research(staffed)), "general", "事務局長", comment="局長出張中のため")
    assert approval.state == "approved"
    step = ApprovalStep.objects.get(approval=approval)
    assert (step.proxy, step.name["ja"], step.stamped_as["ja"], step.post_name["ja"]) == (
        True, "白石 恵", "総務課長", "事務局長"
    )  # fmt: skip
    with translation.override("en"):
        [stamp] = stamps_of(approval)
    assert stamp.said == "Stamp of Megumi Shiraishi, 総務課長, 24 Nov 2026, as proxy of 事務局長"
    assert (stamp.surname, stamp.post, stamp.day, stamp.mark) == ("白石", "総務課長", "8.11.24", "代")


@pytest.mark.parametrize(
    "values",
    [
        {"starts_on": dt.date(2026, 4, 1), "ends_on": dt.date(2026, 11, 23)},
        {"starts_on": dt.date(2026, 11, 25)},
        {"kinds": ["offices.something_else"]},
    ],
    ids=["until yesterday", "from tomorrow", "for something else"],
)
def test_an_authority_that_does_not_hold_makes_nobody_a_proxy(
    staffed: SimpleNamespace, values: dict[str, object]
) -> None:
    route(staffed, "事務局長")
    proxy(staffed, "事務局長", "総務課長", **values)
    approval = drafted(staffed, research(staffed))
    with translation.override("en"), pytest.raises(Refused) as refused:
        stamped(staffed, approval, "general", "事務局長")
    assert sentence_of(refused) == "Only “事務局長” or its proxy can decide this step."


def test_the_proxy_of_an_author_may_stamp_but_the_author_is_nobodys_proxy_on_the_own_draft(
    staffed: SimpleNamespace,
) -> None:
    route(staffed, "事務局長")
    proxy(staffed, "事務局長", "総務課長")
    approval = drafted(staffed, research(staffed), "general")
    with translation.override("en"), pytest.raises(Refused, match="nobody approves their own draft"):
        stamped(staffed, approval, "general", "事務局長")
    assert ApprovalStep.objects.get(approval=approval).result == "open"


def test_whoever_was_stamped_for_notes_having_seen_it_and_the_proxy_cannot(staffed: SimpleNamespace) -> None:
    route(staffed, "事務局長")
    proxy(staffed, "事務局長", "総務課長")
    approval = stamped(staffed, drafted(staffed, research(staffed)), "general", "事務局長")
    step = ApprovalStep.objects.get(approval=approval)
    general, director = reader(staffed, "general"), reader(staffed, "director")
    with acting(general.scope), pytest.raises(Refused):
        services.see(step, actor=general, now=NOW)
    with acting(director.scope):
        services.see(step, actor=director, now=NOW)
    assert ApprovalStep.objects.get(pk=step.pk).seen_by["ja"] == "立花 誠(東京本部)"


def test_what_waits_shows_ones_own_stamps_first_and_says_which_are_for_somebody_else(staffed: SimpleNamespace) -> None:
    route(staffed, ["事務局長", "総務課長"])
    proxy(staffed, "事務局長", "総務課長")
    drafted(staffed, research(staffed))
    general = reader(staffed, "general")
    with acting(general.scope):
        assert [(row["post"], row["proxy"]) for row in waiting_for(general)] == [
            ("総務課長", False), ("事務局長", True)
        ]  # fmt: skip


# --- Amounts (専決) -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("amount", "asked"),
    [
        (100_000, ["企画調査課係長", "企画調査課長"]),
        (500_000, ["企画調査課係長", "企画調査課長"]),
        (500_001, ["企画調査課係長", "企画調査課長", "事務局長"]),
        (None, ["企画調査課係長", "企画調査課長", "事務局長"]),
    ],
)
def test_up_to_the_limit_a_post_decides_alone_and_nobody_is_asked_after_it(
    staffed: SimpleNamespace, amount: int | None, asked: list[str]
) -> None:
    made = route(staffed, "企画調査課係長", {"post": "企画調査課長", "final_up_to": 500_000}, "事務局長")
    assert [step.post.removeprefix("title:") for step in routes.asked(made, amount)] == asked


@pytest.fixture
def purchase(monkeypatch: pytest.MonkeyPatch) -> str:
    """A kind of thing with an amount, as a later pillar declares one."""
    kind = Kind(
        code="test.purchase", label="Purchase", subject_type="test.purchase", path=lambda subject: "/desk/",
        content=lambda subject: Content("Ten chairs", (Fact("what", "What", "chairs"),), amount=int(subject)),
        may_draft=lambda subject, reader: "",
    )  # fmt: skip
    monkeypatch.setitem(KINDS, kind.code, kind)
    return kind.code


@pytest.mark.parametrize(("yen", "state"), [(500_000, "approved"), (500_001, "circulating")])
def test_the_stamp_of_who_decides_alone_ends_the_chain(
    staffed: SimpleNamespace, purchase: str, yen: int, state: str
) -> None:
    route(staffed, {"post": "企画調査課長", "final_up_to": 500_000}, "事務局長", kind=purchase)
    officer = reader(staffed, "hq_officer")
    with acting(officer.scope):
        approval = services.draft(kind=purchase, subject_id=str(yen), actor=officer, now=NOW)
    assert stamped(staffed, approval, "manager").state == state
    assert ApprovalStep.objects.filter(approval=approval).count() == (1 if state == "approved" else 2)


def test_the_route_follows_from_amount_and_day(staffed: SimpleNamespace) -> None:
    hq = staffed.places["hq"].pk
    small = route(staffed, "企画調査課長", kind="test", amount_to=1_000_000)
    large = route(staffed, "事務局長", kind="test", amount_from=1_000_001)
    later = route(staffed, "総務課長", kind="test", starts_on=dt.date(2025, 4, 1), ends_on=dt.date(2026, 3, 31))
    assert routes.route_for("test", hq, 1_000_000, TODAY) == small
    assert routes.route_for("test", hq, 1_000_001, TODAY) == large
    assert routes.route_for("test", hq, 1_000_001, dt.date(2026, 3, 31)) == later
    assert routes.route_for("test", hq, 0, dt.date(2025, 3, 31)) is None


def test_a_proxy_with_a_limit_stands_in_up_to_it(staffed: SimpleNamespace) -> None:
    authority = proxy(staffed, "事務局長", "総務課長", limit=300_000)
    assert [routes.covers(authority, "test", amount) for amount in (300_000, 300_001, None)] == [True, False, True]


# --- Back (差戻し, 引戻し) ----------------------------------------------------------------------------------------------
def test_sent_back_to_an_earlier_step_the_stamps_from_there_on_are_struck_and_asked_again(
    staffed: SimpleNamespace,
) -> None:
    route(staffed, "企画調査課係長", "企画調査課長", "事務局長")
    approval = drafted(staffed, research(staffed))
    for who in ("chief", "manager"):
        approval = stamped(staffed, approval, who)
    approval = sent_back(staffed, approval, "director", to=2)
    assert (approval.state, approval.at_order) == ("circulating", 2)
    assert told(staffed, "approvals.approval.returned") <= {"manager", "hq_officer"}
    assert standing(approval) == [
        (1, "企画調査課係長", "approved", "大西 蓮"),
        (2, "企画調査課長", "open", ""),
        (3, "事務局長", "open", ""),
    ]
    struck = ApprovalStep.objects.filter(approval=approval, struck=True).order_by("order")
    assert [(step.name["ja"], step.result) for step in struck] == [("黒田 実", "approved"), ("立花 誠", "sent_back")]
    for who in ("manager", "director"):
        approval = stamped(staffed, approval, who)
    assert approval.state == "approved"


def test_sent_back_to_the_drafter_it_ends_and_can_be_drafted_again(staffed: SimpleNamespace) -> None:
    route(staffed, "企画調査課係長", "企画調査課長")
    case = research(staffed)
    approval = sent_back(staffed, stamped(staffed, drafted(staffed, case), "chief"), "manager", to=0)
    assert (approval.state, approval.why) == ("sent_back", "金額の根拠を足してください。")
    assert told(staffed, "approvals.approval.sent_back") == {"hq_officer"}
    assert drafted(staffed, case).state == "circulating"


def test_it_is_not_sent_forward_nor_without_a_reason(staffed: SimpleNamespace) -> None:
    route(staffed, "企画調査課係長", "企画調査課長", "事務局長")
    approval = stamped(staffed, drafted(staffed, research(staffed)), "chief")
    with translation.override("en"), pytest.raises(Refused) as refused:
        sent_back(staffed, approval, "manager", to=3)
    assert sentence_of(refused) == "It can be sent back to an earlier step or to the drafter. Choose one of them."
    with translation.override("en"), pytest.raises(Refused) as refused:
        sent_back(staffed, approval, "manager", to=1, reason="  ")
    assert sentence_of(refused) == "Write the reason, so that the other side knows what to do."
    assert standing(approval)[1] == (2, "企画調査課長", "open", "")


def test_only_the_drafter_takes_it_back_and_only_while_it_is_under_way(staffed: SimpleNamespace) -> None:
    route(staffed, "企画調査課係長", "企画調査課長")
    approval = stamped(staffed, drafted(staffed, research(staffed)), "chief")
    chief, officer = reader(staffed, "chief"), reader(staffed, "hq_officer")
    with translation.override("en"), acting(chief.scope), pytest.raises(Refused) as refused:
        services.take_back(approval, actor=chief, now=NOW)
    assert sentence_of(refused) == "Only whoever drafted it takes it back."
    with acting(officer.scope):
        services.take_back(approval, reason="資料を差し替えます。", actor=officer, now=NOW)
    assert told(staffed, "approvals.approval.taken_back") == {"manager"}
    with translation.override("en"), pytest.raises(Refused) as refused:
        stamped(staffed, approval, "manager")
    assert sentence_of(refused) == "This approval is no longer under way: Taken back. Nothing was stamped."


# --- People change ------------------------------------------------------------------------------------------------------
def test_the_stamp_keeps_name_and_post_when_the_person_moves_on(staffed: SimpleNamespace) -> None:
    route(staffed, "企画調査課長")
    approval = stamped(staffed, drafted(staffed, research(staffed)), "manager")
    Posting.objects.filter(person=staffed.people["manager"]).update(title="総務部長")
    [stamp] = stamps_of(approval)
    assert (stamp.surname, stamp.post) == ("黒田", "企画調査課長")


def test_open_stamps_and_drafts_go_to_the_successor_of_a_post(staffed: SimpleNamespace) -> None:
    route(staffed, "企画調査課長")
    approval = drafted(staffed, research(staffed))
    make_person(staffed, "heir", "三浦 周", "Shu Miura", "hq", "hq_officer", "ja", None)
    held = {key: Posting.objects.get(person=staffed.people[key]) for key in ("manager", "heir", "hq_officer")}
    admin = reader(staffed, "hq_approver")
    with acting(admin.scope):
        hand_over(from_posting=held["manager"], to_posting=held["heir"], actor=admin, now=NOW)
    step = ApprovalStep.objects.get(approval=approval)
    assert (step.post, step.post_name["ja"]) == (f"posting:{held['heir'].pk}", "企画調査課長")
    heir = reader(staffed, "heir")
    with acting(heir.scope):
        services.approve(step, seal=approval.seal, actor=heir, now=NOW)
    assert Approval.objects.get(pk=approval.pk).state == "approved"


def test_a_title_that_somebody_else_holds_as_well_needs_no_handing_over(staffed: SimpleNamespace) -> None:
    route(staffed, "企画調査課長")
    approval = drafted(staffed, research(staffed))
    make_person(staffed, "heir", "三浦 周", "Shu Miura", "hq", "hq_officer", "ja", None)
    Posting.objects.filter(person=staffed.people["heir"]).update(title="企画調査課長")
    held = {key: Posting.objects.get(person=staffed.people[key]) for key in ("manager", "heir")}
    admin = reader(staffed, "hq_approver")
    with acting(admin.scope):
        hand_over(from_posting=held["manager"], to_posting=held["heir"], actor=admin, now=NOW)
    assert open_step(approval, "企画調査課長").post == "title:企画調査課長"
