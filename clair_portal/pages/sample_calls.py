"""Sample calls of the demo: one that is open, one drawn by lottery, one decided by the host; all say 見本."""

from __future__ import annotations

import datetime as dt
from typing import Any

from clair_portal.calendars.fiscal import TOKYO, tokyo_date
from clair_portal.gatherings import calling, deciding
from clair_portal.gatherings.models import Application, Call
from clair_portal.pages.sample_cases import DAY, reader_named
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

APPLICANTS = ("sapporo", "otaru", "osaka", "hokkaido")
COMMON = {
    "conditions_ja": "地方公共団体の職員であること。全日程に参加し、帰国後に報告書を提出すること(見本)。",
    "conditions_en": "Staff of local governments who take part on all days and write a report afterwards (sample).",
    "fee_note_ja": "参加費は無料。旅費と宿泊費は参加団体の負担です(見本)。",
    "fee_note_en": "Taking part is free; organisations pay for travel and hotels (sample).", "fee": 0, "most_people": 2,
}  # fmt: skip
VISIT = {
    "title_ja": "英国自治体視察の参加団体募集(見本)", "title_en": "Study visit to local governments in the UK (sample)",
    "summary_ja": "英国の自治体を3日間で訪ね、住民参加と行政のデジタル化の取組を聞きます(見本)。",
    "summary_en": "Three days with local governments in the United Kingdom: participation and digital services (sample).",
}  # fmt: skip
FAIR = {
    "title_ja": "物産展の出展団体募集(見本)", "title_en": "Stalls at a fair of regional products (sample)",
    "summary_ja": "ロンドンの物産展に、地域の産品を紹介する区画を用意します(見本)。",
    "summary_en": "Stalls where organisations show products of their region at a fair in London (sample).", "places": 2,
    "selection": "lottery", "seed_rule_ja": "締切の翌日に公表される見本の数",
    "seed_rule_en": "the sample number published on the day after closing",
}  # fmt: skip
FORUM = {
    "title_ja": "自治体国際交流フォーラムの事例発表団体募集(見本)", "title_en": "Speakers for a forum on exchange (sample)",
    "summary_ja": "自団体の交流の事例を15分で発表する団体を募ります(見本)。",
    "summary_en": "Organisations that present an example of their exchange in fifteen minutes (sample).", "places": 1,
    "selection": "approval",
}  # fmt: skip


def load(now: dt.datetime) -> None:
    host = reader_named("london", now)
    with acting(host.scope):
        window = {"opens_at": _at(now - 5 * DAY, 0), "closes_at": _at(now + 20 * DAY, 17)}
        visit = calling.plan_call(
            values={**COMMON, **VISIT, "places": 5, "selection": "approval", **window}, actor=host, now=now - 6 * DAY
        )
        calling.publish_call(visit, actor=host, now=now - 5 * DAY)
    for key in APPLICANTS[:2]:
        _applies(visit, key, now)
    fair, forum = _past(FAIR, 12, now), _past(FORUM, 30, now)
    with acting(host.scope):
        day = tokyo_date(fair.closes_at) + DAY
        deciding.draw(fair, seed="38915.87", source="見本の公表元", day=day, actor=host, now=now)
        order = (2, 0, None, 1)
        standing = Application.objects.visible_to(host.scope).filter(call=forum).standing()
        deciding.choose(forum, choice=dict(zip(standing, order, strict=True)), actor=host, now=now)
        deciding.confirm(forum, actor=host, now=now)
    with acting(SYSTEM_SCOPE):
        Call.objects.update(sample=True)
        Application.objects.update(sample=True)


def _at(day: dt.datetime, hour: int) -> dt.datetime:
    return day.astimezone(TOKYO).replace(hour=hour, minute=0, second=0, microsecond=0)


def _applies(call: Call, key: str, now: dt.datetime) -> None:
    actor = reader_named(key, now)
    with acting(actor.scope):
        calling.apply(call, values=_given(key, actor), version=0, actor=actor)


def _given(key: str, actor: Any) -> dict[str, Any]:
    return {
        "people": 1 + (key == "otaru"), "names": "", "contact": actor.name_as_written, "email": actor.email,
        "reason": "来年度の事業に生かしたいので応募します(見本)。",
    }  # fmt: skip


def _past(texts: dict[str, Any], days: int, now: dt.datetime) -> Call:
    """As it was when it closed: the portal itself writes it, because nobody can apply to what is closed."""
    host, closed = reader_named("london", now), _at(now - days * DAY, 17)
    applicants = [(key, reader_named(key, now)) for key in APPLICANTS]
    with acting(SYSTEM_SCOPE):
        call = Call.objects.create(
            **{**COMMON, **texts}, organisation_id=host.scope.organisation, opens_at=closed - 20 * DAY, closes_at=closed,
            state="closed", released_at=closed - 20 * DAY, created_at=closed - 21 * DAY, changed_at=closed - 20 * DAY,
        )  # fmt: skip
        for lot, (key, actor) in enumerate(applicants, 1):
            sent = closed - (10 - lot) * DAY
            Application.objects.create(
                call=call, organisation_id=actor.scope.organisation, person=actor.person, lot=lot, consented_at=sent,
                sent_at=sent, changed_at=sent, **_given(key, actor),
            )  # fmt: skip
    return call
