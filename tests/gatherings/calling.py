"""Calls of the cast: planned and published by London, applied to by members, closed by the clock."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from clair_portal.gatherings import call_telling, calling
from clair_portal.gatherings.models import Application, Call
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.cast import reader

DAY = dt.timedelta(days=1)
RULE = "日経平均株価の終値(締切の翌営業日)"
APPLICATION = {
    "people": 1,
    "names": "",
    "reason": "我が市でも始めたい。",
    "contact": "岩倉",
    "email": "otaru@example.org",
}
APPLICANTS = ("otaru", "hakodate", "hokkaido", "sapporo", "osaka")


def a_call(cast: SimpleNamespace, who: str = "london", *, published: bool = True, **changed: Any) -> Call:
    """Open since yesterday and for two weeks; by lottery, two places."""
    now = timezone.now()
    values = {
        "title_ja": "海外自治体視察の参加団体募集", "title_en": "Study visit: organisations wanted", "conditions_ja": "旅費は自己負担。",
        "places": 2, "most_people": 3, "opens_at": now - DAY, "closes_at": now + 14 * DAY, "selection": "lottery",
        "seed_rule_ja": RULE,
    }  # fmt: skip
    actor = reader(cast, who)
    with acting(actor.scope):
        call = calling.plan_call(values=values | changed, actor=actor, now=now)
        if published:
            calling.publish_call(call, actor=actor, now=now)
    return fresh(call)


def fresh(call: Call) -> Call:
    return Call.objects.select_related("organisation").get(pk=call.pk)


def applied(cast: SimpleNamespace, call: Call, who: str, **changed: Any) -> Application:
    actor = reader(cast, who)
    with acting(actor.scope):
        calling.apply(call, values=APPLICATION | changed, version=0, actor=actor)
    return Application.objects.select_related("call", "organisation").get(
        call=call, organisation=actor.scope.organisation
    )


def closed(call: Call, ago: dt.timedelta = 3 * DAY) -> Call:
    """As if the closing moment was then; only the owner of the database can do that."""
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now() - ago, opens_at=timezone.now() - ago - DAY)
    return fresh(call)


def a_turn() -> None:
    with acting(SYSTEM_SCOPE):
        call_telling.run(timezone.now())


def stands(call: Call) -> dict[str, tuple[str, int | None]]:
    """Who → state and reserve number."""
    rows = Application.objects.filter(call=call).select_related("organisation")
    return {row.organisation.name_en: (row.state, row.reserve) for row in rows}
