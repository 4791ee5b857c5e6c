"""Routes of the cast and the way along them: headquarters' officer drafts, people with titles stamp."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from clair_portal.accounts.models import Posting
from clair_portal.approvals import services
from clair_portal.approvals.models import Approval, ApprovalStep, Authority, RouteStep, RouteTemplate
from clair_portal.approvals.rules import Refused
from clair_portal.casework.models import Case
from clair_portal.walls.scope import acting
from offices.research.approval import ACCEPT
from tests.cast import NOW, make_person, reader
from tests.offices.research_travel import case_in

# key: name, Latin name, title of the post
STAFF = {
    "chief": ("大西 蓮", "Ren Onishi", "企画調査課係長"),
    "manager": ("黒田 実", "Minoru Kuroda", "企画調査課長"),
    "general": ("白石 恵", "Megumi Shiraishi", "総務課長"),
    "director": ("立花 誠", "Makoto Tachibana", "事務局長"),
}


def with_staff(cast: SimpleNamespace, password: str | None = None) -> None:
    """Headquarters gets posts with titles; with a password they can sign in by form."""
    for key, (name, latin, title) in STAFF.items():
        make_person(cast, key, name, latin, "hq", "hq_officer", "ja", password)
        Posting.objects.filter(person=cast.people[key]).update(title=title)


def route(cast: SimpleNamespace, *orders: Any, kind: str = ACCEPT, **values: Any) -> RouteTemplate:
    """`orders`: a title, several titles asked together, or a dict of fields."""
    made = RouteTemplate.objects.create(
        organisation=cast.places["hq"], kind=kind, name="依頼調査の受入れ",
        **{"starts_on": dt.date(2026, 4, 1), **values},
    )  # fmt: skip
    for order, posts in enumerate(orders, 1):
        for post in posts if isinstance(posts, list | tuple) else [posts]:
            fields = post if isinstance(post, dict) else {"post": post}
            title = fields["post"] if ":" in fields["post"] else f"title:{fields['post']}"
            RouteStep.objects.create(template=made, order=order, **{**fields, "post": title})
    return made


def proxy(cast: SimpleNamespace, principal: str, stand_in: str, **values: Any) -> Authority:
    return Authority.objects.create(
        organisation=cast.places["hq"], principal=f"title:{principal}", proxy=f"title:{stand_in}",
        **{"starts_on": dt.date(2026, 4, 1), **values},
    )  # fmt: skip


def research(cast: SimpleNamespace) -> Case:
    """A research request whose formal letter is at headquarters."""
    return case_in(cast, "letter_triage")


def drafted(cast: SimpleNamespace, case: Case, who: str = "hq_officer", now: dt.datetime = NOW) -> Approval:
    actor = reader(cast, who)
    with acting(actor.scope):
        return services.draft(kind=ACCEPT, subject_id=str(case.pk), note="伺います。", actor=actor, now=now)


def open_step(approval: Approval, title: str) -> ApprovalStep:
    return ApprovalStep.objects.get(approval=approval, struck=False, post=f"title:{title}")


def stamped(
    cast: SimpleNamespace, approval: Approval, who: str, title: str | None = None, seal: str = "", comment: str = ""
) -> Approval:
    """`title`: the post that is asked; without one the person's own."""
    actor = reader(cast, who)
    step = open_step(approval, title or STAFF[who][2])
    refused: Refused | None = None
    with acting(actor.scope):
        try:
            services.approve(step, seal=seal or approval.seal, comment=comment, actor=actor, now=NOW)
        except (
            Refused
        ) as error:  # as the page does: the sentence is shown, and the transaction of the request ends well
            refused = error
    if refused:
        raise refused
    return Approval.objects.get(pk=approval.pk)


def sent_back(
    cast: SimpleNamespace, approval: Approval, who: str, to: int, reason: str = "金額の根拠を足してください。"
) -> Approval:
    actor = reader(cast, who)
    step = open_step(approval, STAFF[who][2])
    with acting(actor.scope):
        services.send_back(step, to=to, reason=reason, seal=approval.seal, actor=actor, now=NOW)
    return Approval.objects.get(pk=approval.pk)
