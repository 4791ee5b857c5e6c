"""Tasks, saved views, hosts and an invitation of the demo, so that its lists are filled."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from clair_portal.accounts.invitations import prepare
from clair_portal.accounts.models import Invitation, Role
from clair_portal.casework import saved_views
from clair_portal.casework.case_list import CASES
from clair_portal.casework.checklist import add_task, finish_task
from clair_portal.casework.models import Case
from clair_portal.contacts.book import add_host
from clair_portal.contacts.models import Host
from clair_portal.network.models import Country, Organisation
from clair_portal.pages.sample_cases import DAY, reader_named
from clair_portal.walls.scope import acting

WINTER, STATION = "冬季の公共交通に関する視察(見本)", "英仏の港湾再生に関する視察(見本)"
TASKS = (  # who, case, task, days until it is due, whether it is done
    ("london", WINTER, "市電の担当課に質問票を送る(見本)", 3, False),
    ("london", WINTER, "通訳の見積もりを頼む(見本)", 9, False),
    ("london", WINTER, "当地の祝日を確認する(見本)", -2, True),
    ("otaru", STATION, "参加者名簿を更新する(見本)", 5, False),
    ("otaru", STATION, "市長室に日程を伝える(見本)", 12, False),
    ("hq", STATION, "両事務所の受入可否を確認する(見本)", -1, False),
)
HOSTS = (
    ("Sample Harbour Trust (見本)", "GB", "Liverpool", "harbour renewal, walking tours with engineers (sample)", ["transport"]),
    ("Sample Snow Research Institute (見本)", "GB", "Inverness", "snow clearing on narrow roads (sample)", ["transport"]),
    ("Port Atelier Échantillon (見本)", "FR", "Le Havre", "harbour renewal seen by architects (sample)", ["transport"]),
)  # fmt: skip


def load(now: dt.datetime) -> None:
    for who, title, task, days, done in TASKS:
        _task(who, title, task, days, done, now)
    for name, country, city, good_for, topics in HOSTS:
        _host(name, country, city, good_for, topics, now)
    _views(now)
    _invitation(now)


def _task(who: str, title: str, task: str, days: int, done: bool, now: dt.datetime) -> None:
    actor = reader_named(who, now)
    with acting(actor.scope):
        case = Case.objects.visible_to(actor.scope).filter(title=title).order_by("pk").first()
        if case is None:
            return
        due = timezone.localdate(now) + days * DAY
        made = add_task(case, title=task, due_on=due, actor=actor, now=now - 4 * DAY)
        if done:
            finish_task(made, actor=actor, now=now - DAY)


def _host(name: str, country: str, city: str, good_for: str, topics: list[str], now: dt.datetime) -> None:
    actor = reader_named("paris" if country == "FR" else "london", now)
    values = {
        "name": name, "country": Country.objects.get(code=country), "city": city, "good_for": good_for, "topics": topics,
    }  # fmt: skip
    with acting(actor.scope):
        host = add_host(values=values, actor=actor, now=now)
    Host.objects.filter(pk=host.pk).update(sample=True)


def _views(now: dt.datetime) -> None:
    views = (
        ("london", "期限の近い順(見本)", "show=mine&sort=due", False), ("london", "担当なし(見本)", "charge=none", True),
        ("hq", "期限を過ぎたもの(見本)", "overdue=1", True),
    )  # fmt: skip
    for who, name, query, shared in views:
        actor = reader_named(who, now)
        with acting(actor.scope):
            saved_views.save(CASES, name=name, query=query, shared=shared, actor=actor, now=now)


def _invitation(now: dt.datetime) -> None:
    """Nothing is mailed; its code is known to nobody."""
    actor = reader_named("otaru.admin", now)
    invitation = Invitation(
        email="new.colleague@sample.example", name="見本 太郎", name_latin="Taro Mihon", language="ja",
        organisation=Organisation.objects.get(code="012033"), role=Role.objects.get(code="member_officer"),
        starts_on=timezone.localdate(now),
    )  # fmt: skip
    with acting(actor.scope):
        prepare(invitation, invited_by=actor.person, now=now)
        invitation.save(force_insert=True)
