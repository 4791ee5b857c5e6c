"""Sample requests of the demo, each really filed and moved by the people of the sample; all say 見本."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from clair_portal.accounts.models import User
from clair_portal.accounts.reader import Reader, reader_of
from clair_portal.casework.checklist import add_task
from clair_portal.casework.models import Case, Referral
from clair_portal.casework.services import add_file, add_note, perform
from clair_portal.contacts.book import add_host
from clair_portal.contacts.services import plan_visit, save_stop, share_visit
from clair_portal.network.models import Organisation
from clair_portal.publishing.services import change, prepare, release
from clair_portal.walls.scope import acting
from offices import services
from offices.work.services import give_feedback, log_work

DAY = dt.timedelta(days=1)


def reader_named(key: str, now: dt.datetime) -> Reader:
    found = reader_of(User.objects.get(email=f"{key}@sample.example").pk, timezone.localdate(now))
    assert found is not None
    return found


def move(case: Case, key: str, by: str, now: dt.datetime, **given: Any) -> None:
    actor = reader_named(by, now)
    with acting(actor.scope):
        perform(case, key, actor=actor, now=now, **given)
    case.refresh_from_db()


def refer(case: Case, now: dt.datetime, *codes: str) -> None:
    offices = [Organisation.objects.get(code=code) for code in codes]
    move(case, "refer", "hq", now, offices=offices, owner=offices[0])


def request(key: str, title: str, countries: list[str], now: dt.datetime, **more: Any) -> Case:
    """A filled-in draft with a question sheet."""
    actor = reader_named(key, now)
    first_day = timezone.localdate(now) + dt.timedelta(days=120)
    with acting(actor.scope):
        case = services.begin_request(title=title, actor=actor, now=now)
        values = {
            "title": title, "division": "企画課", "kinds": ["appointment"], "topics": ["culture"], "countries": countries,
            "contact": actor.name_as_written, "party": 5, "purpose": "先進事例を調べ、市の計画に生かします。",
            "wanted": "訪問先の紹介とアポイントメントの取付け", "questions": "建物の所有と管理\n費用の分担\n市民の参加",
            "starts_on": first_day, "ends_on": first_day + 3 * DAY,
        }  # fmt: skip
        case = services.save_draft(case, values={**values, **more})
        paper = SimpleUploadedFile("質問票.txt", "1. 建物の所有と管理\n2. 費用の分担\n3. 市民の参加\n".encode())
        add_file(case, paper, actor=actor, now=now)
    Case.objects.filter(pk=case.pk).update(sample=True)
    case.refresh_from_db()
    return case


def load(now: dt.datetime) -> None:
    """In every state a newcomer should meet; times lie a few weeks back, so that one is overdue."""
    _with_the_branch(now)
    _in_london(now - 20 * DAY)
    _in_london_and_paris(now - 15 * DAY)
    _asked(now - 10 * DAY)
    _overdue(now - 40 * DAY)
    _reported(now - 30 * DAY)
    _closed(now - 300 * DAY)


def _with_the_branch(now: dt.datetime) -> None:
    case = request("otaru", "運河と倉庫の保存活用に関する視察(見本)", ["GB"], now)
    move(case, "file", "otaru", now)


def _in_london(now: dt.datetime) -> None:
    case = request("sapporo", "冬季の公共交通に関する視察(見本)", ["GB"], now, topics=["transport"])
    move(case, "file_directly", "sapporo", now)
    refer(case, now + DAY, "LON")
    move(case, "accept", "london", now + 2 * DAY)
    move(case, "begin", "london", now + 2 * DAY)
    actor = reader_named("london", now)
    with acting(actor.scope):
        note = "訪問先の候補を2か所にしぼりました。日程が決まりしだいお知らせします。"
        add_note(case, body=note, shared=True, actor=actor, now=now + 3 * DAY)
        add_task(case, title="通訳の候補に確認", due_on=timezone.localdate(now) + 30 * DAY, actor=actor, now=now)
        for days, kind, hours, summary, shared in (
            (3, "enquiry", "1.5", "交通局に問い合わせ", False),
            (5, "appointment", "2", "交通局との面会を取り付けました", True),
        ):
            log_work(case, kind=kind, day=timezone.localdate(now) + days * DAY, hours=Decimal(hours), summary=summary,
                     shared=shared, actor=actor, now=now + days * DAY)  # fmt: skip
        _visit(case, actor, now + 6 * DAY)


def _visit(case: Case, actor: Reader, now: dt.datetime) -> None:
    first = case.support_request.starts_on  # type: ignore[attr-defined]
    assert first is not None
    host = add_host(
        values={"name": "Sample transport authority", "country_id": "GB", "city": "London", "sample": True},
        actor=actor,
        now=now,
    )
    visit = plan_visit(
        case, values={"title": "冬季の公共交通 視察行程(見本)", "title_foreign": "Study visit on winter transport (sample)",
                      "starts_on": first, "ends_on": first + DAY}, actor=actor, now=now,
    )  # fmt: skip
    common = {"zone": "Europe/London", "interpreter": "手配中(見本)"}
    for days, begins, ends, what, foreign in (
        (0, 10, 11, "交通局での意見交換", "Exchange of views at the transport authority"),
        (0, 14, 16, "バス車庫の視察", "Visit to a bus depot"),
        (1, 9, 11, "除雪基地の視察", "Visit to a winter service depot"),
    ):
        values = {"day": first + days * DAY, "begins": dt.time(begins), "ends": dt.time(ends), "what": what,
                  "what_foreign": foreign, "place": "London", "host": host, **common}  # fmt: skip
        save_stop(visit, values=values, now=now)
    visit.refresh_from_db()
    share_visit(visit, actor=actor, now=now)


def _in_london_and_paris(now: dt.datetime) -> None:
    case = request("otaru", "英仏の港湾再生に関する視察(見本)", ["GB", "FR"], now, topics=["tourism", "transport"],
                   kinds=["appointment", "briefing"])  # fmt: skip
    move(case, "file", "otaru", now)
    move(case, "pass_on", "hokkaido", now + DAY)
    refer(case, now + 2 * DAY, "LON", "PAR")
    for part, office in _parts(case):
        move(part, "accept", office, now + 4 * DAY)
    part, office = _parts(case)[0]
    move(part, "begin", office, now + 5 * DAY)


def _parts(whole: Case) -> list[tuple[Case, str]]:
    names = {"LON": "london", "PAR": "paris"}
    referrals = Referral.objects.filter(case__parent=whole).select_related("case", "office").order_by("pk")
    return [(referral.case, names[referral.office.code or ""]) for referral in referrals]


def _asked(now: dt.datetime) -> None:
    case = request(
        "otaru", "姉妹都市の高校生の受入れに関する情報提供(見本)", ["US"], now, topics=["education"], kinds=["briefing"]
    )
    move(case, "file", "otaru", now)
    move(case, "pass_on", "hokkaido", now + DAY)
    move(case, "ask", "hq", now + 2 * DAY, reason="訪問を希望する州を教えてください。")


def _overdue(now: dt.datetime) -> None:
    case = request("osaka", "美術館の夜間開館に関する視察(見本)", ["FR"], now)
    move(case, "file_directly", "osaka", now)
    refer(case, now + DAY, "PAR")


def _reported(now: dt.datetime) -> None:
    case = request(
        "sapporo", "食と観光の見本市への出展相談(見本)", ["US"], now, topics=["tourism"], kinds=["promotion"]
    )
    _through_one_office(case, "sapporo", "NYC", "newyork", now)


def _through_one_office(case: Case, who: str, code: str, office: str, now: dt.datetime) -> None:
    move(case, "file_directly", who, now)
    refer(case, now + DAY, code)
    move(case, "accept", office, now + 3 * DAY)
    move(case, "begin", office, now + 4 * DAY)
    body = "訪問先2か所と面会し、資料を入手しました。要点は添付のとおりです(見本)。"
    move(case, "report", office, now + 20 * DAY, body=body, outcome="achieved")


def _closed(now: dt.datetime) -> None:
    """Last fiscal year or early in this one: told to the public, with feedback."""
    case = request(
        "sapporo",
        "雪まつりの海外発信に関する意見交換(見本)",
        ["GB"],
        now,
        topics=["culture"],
        kinds=["exchange_of_views"],
    )
    _through_one_office(case, "sapporo", "LON", "london", now)
    sapporo, hq = reader_named("sapporo", now), reader_named("hq", now)
    with acting(sapporo.scope):
        give_feedback(
            case, score=5, comment="準備から当日までよく支えていただきました(見本)。", actor=sapporo, now=now + 22 * DAY
        )
    move(case, "close", "hq", now + 23 * DAY)
    with acting(hq.scope):
        story = prepare(
            values={"title_ja": "雪まつりをロンドンで語る(見本)", "title_en": "Snow festival told in London (sample)",
                    "countries": ["GB"], "office_id": Organisation.objects.get(code="LON").pk, "sample": True},
            subject=case, actor=hq, now=now + 30 * DAY,
        )  # fmt: skip
        change(story, values={
            "summary_ja": "見本の記事です。実際の出来事ではありません。", "summary_en": "A sample. It did not happen.",
            "body_ja": "札幌市の担当者がロンドンで雪まつりについて話し、意見を交わしました。\n\nこの記事は見本です。",
            "body_en": "Staff of Sapporo spoke about the snow festival in London and exchanged views.\n\nThis story is a sample.",
            "topics": case.topics, "organisations": ["011002"],
        }, version=story.version, actor=hq, now=now + 30 * DAY)  # fmt: skip
        story.refresh_from_db()
        on = timezone.localdate(now + 31 * DAY)
        release(story, version=story.version, left_out={}, consent="札幌市(見本)", consent_on=on, on=on, actor=hq,
                now=now + 31 * DAY)  # fmt: skip
