"""One approval along its route: who is asked when, what is frozen, and what nobody may do."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import translation

from clair_portal.approvals.models import Approval, ApprovalStep
from clair_portal.approvals.rules import Refused
from clair_portal.audit.models import Entry
from clair_portal.outbox.delivery import deliver
from clair_portal.outbox.models import Message, Notification
from tests.approvals.along import drafted, research, route, stamped, with_staff
from tests.cast import NOW


@pytest.fixture
def staffed(cast: SimpleNamespace) -> SimpleNamespace:
    with_staff(cast)
    return cast


def told(cast: SimpleNamespace, event: str) -> set[str]:
    """Who hears of the newest event of that name."""
    Notification.objects.all().delete()
    message = Message.objects.filter(event=event).order_by("-created_at").first()
    assert message is not None
    deliver(message.pk, NOW.replace(year=2030))
    names = {person.pk: name for name, person in cast.people.items()}
    return {names[pk] for pk in Notification.objects.values_list("person", flat=True)}


def sentence_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return str(refused.value)


def test_a_serial_route_asks_one_post_after_the_other_and_ends_approved(staffed: SimpleNamespace) -> None:
    route(staffed, "企画調査課係長", "企画調査課長", "事務局長")
    approval = drafted(staffed, research(staffed))
    assert (approval.state, approval.at_order) == ("circulating", 1)
    assert told(staffed, "approvals.approval.asked") == {"chief"}
    approval = stamped(staffed, approval, "chief")
    assert (approval.state, approval.at_order) == ("circulating", 2)
    assert told(staffed, "approvals.approval.asked") == {"manager"}
    approval = stamped(staffed, approval, "manager")
    approval = stamped(staffed, approval, "director", comment="異議なし")
    assert (approval.state, approval.ended_by["ja"]) == ("approved", "立花 誠(東京本部)")
    assert told(staffed, "approvals.approval.approved") == {"hq_officer"}
    steps = ApprovalStep.objects.filter(approval=approval).order_by("order")
    assert [(step.name["ja"], step.stamped_as["ja"], step.proxy) for step in steps] == [
        ("大西 蓮", "企画調査課係長", False),
        ("黒田 実", "企画調査課長", False),
        ("立花 誠", "事務局長", False),
    ]
    assert {step.seal for step in steps} == {approval.seal}
    assert list(Entry.objects.about(approval).values_list("event", flat=True)) == [
        "approvals.approval.drafted", "approvals.approval.stamped", "approvals.approval.stamped",
        "approvals.approval.stamped", "approvals.approval.approved",
    ]  # fmt: skip


def test_a_later_step_waits_for_the_earlier_one(staffed: SimpleNamespace) -> None:
    route(staffed, "企画調査課係長", "企画調査課長")
    approval = drafted(staffed, research(staffed))
    with translation.override("en"), pytest.raises(Refused) as refused:
        stamped(staffed, approval, "manager")
    assert sentence_of(refused) == (
        "This step is not waiting for a stamp now. Look at the approval again; nothing was stamped."
    )


def test_somebody_without_the_post_stamps_nothing(staffed: SimpleNamespace) -> None:
    route(staffed, "企画調査課係長")
    approval = drafted(staffed, research(staffed))
    with translation.override("en"), pytest.raises(Refused) as refused:
        stamped(staffed, approval, "director", "企画調査課係長")
    assert sentence_of(refused) == "Only “企画調査課係長” or its proxy can decide this step."


def test_nobody_approves_their_own_draft_and_is_told_why(staffed: SimpleNamespace) -> None:
    route(staffed, "企画調査課長")
    approval = drafted(staffed, research(staffed), "manager")
    with translation.override("en"), pytest.raises(Refused) as refused:
        stamped(staffed, approval, "manager")
    assert sentence_of(refused) == (
        "You drafted this yourself, and nobody approves their own draft. "
        "Somebody else who holds the post “企画調査課長”, or its proxy, has to stamp it."
    )
    assert Approval.objects.get(pk=approval.pk).state == "circulating"
    assert ApprovalStep.objects.get(approval=approval).result == "open"


def test_the_route_may_say_that_the_author_approves(staffed: SimpleNamespace) -> None:
    route(staffed, {"post": "企画調査課長", "own_draft": True})
    approval = stamped(staffed, drafted(staffed, research(staffed), "manager"), "manager")
    assert approval.state == "approved"


def test_a_second_draft_of_the_same_thing_is_refused(staffed: SimpleNamespace) -> None:
    route(staffed, "企画調査課長")
    case = research(staffed)
    drafted(staffed, case)
    with translation.override("en"), pytest.raises(Refused) as refused:
        drafted(staffed, case, "chief")
    assert sentence_of(refused) == "An approval of this stands already. Open it instead of drafting another."
    assert Approval.objects.count() == 1


def test_without_a_route_nothing_can_be_drafted(staffed: SimpleNamespace) -> None:
    with translation.override("en"), pytest.raises(Refused) as refused:
        drafted(staffed, research(staffed))
    assert sentence_of(refused) == (
        "No route of approval holds for this today. Headquarters' administrators set one up."
    )


def test_a_stamp_on_an_older_hash_is_refused(staffed: SimpleNamespace) -> None:
    route(staffed, "企画調査課長")
    approval = drafted(staffed, research(staffed))
    with translation.override("en"), pytest.raises(Refused) as refused:
        stamped(staffed, approval, "manager", seal="0" * 64)
    assert sentence_of(refused) == "What you saw is not what is frozen now. Look at it again; nothing was stamped."


def test_two_who_stamp_the_same_step_leave_one_stamp(staffed: SimpleNamespace) -> None:
    route(staffed, "企画調査課長", "事務局長")
    approval = stamped(staffed, drafted(staffed, research(staffed)), "manager")
    with translation.override("en"), pytest.raises(Refused, match="This step is not waiting for a stamp now"):
        stamped(staffed, approval, "manager")
    assert ApprovalStep.objects.filter(approval=approval, result="approved").count() == 1
