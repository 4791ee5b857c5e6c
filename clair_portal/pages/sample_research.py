"""Sample research of the demo, each really filed and moved by the people of the sample; all say 見本."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from clair_portal.casework.models import Case
from clair_portal.network.models import Organisation
from clair_portal.pages.sample_cases import DAY, move, reader_named
from clair_portal.walls.scope import acting
from offices.research import services


def load(now: dt.datetime) -> None:
    """One waits for its formal letter; one was answered last month and stands on the shared list, asked for by Osaka."""
    _waits_for_the_letter(now - 12 * DAY)
    shared = _shared(now - 45 * DAY)
    osaka = reader_named("osaka", now)
    with acting(osaka.scope):
        services.ask_for_copy(shared.shared_research, actor=osaka, now=now - DAY)  # type: ignore[attr-defined]


def filled_in(key: str, title: str, country: str, now: dt.datetime, **more: Any) -> Case:
    """A filled-in draft."""
    actor = reader_named(key, now)
    values = {
        "title": title, "division": "企画課", "contact": actor.name_as_written, "countries": [country],
        "purpose": "市の計画を見直す際の参考にします(見本)。", "situation": "市内では年1回の点検にとどまっています(見本)。",
        "not_from_japan": "公表資料は概要だけで、運用の実際は日本からは分かりません(見本)。",
    }  # fmt: skip
    with acting(actor.scope):
        case = services.begin_request(title=title, actor=actor, now=now)
        case = services.save_draft(case, values={**values, **more})
    Case.objects.filter(pk=case.pk).update(sample=True)
    case.refresh_from_db()
    return case


def asked(case: Case, now: dt.datetime, who: str, code: str, office: str) -> None:
    """Filed, the office asked, and yes said: the requester is to send the formal letter."""
    if case.applicant.branch_id:
        move(case, "file", who, now)
        move(case, "pass_on", "hokkaido", now + DAY)
    else:
        move(case, "file_directly", who, now)
    move(case, "ask_office", "hq", now + 2 * DAY, office=Organisation.objects.get(code=code))
    move(
        case,
        "say_feasible",
        office,
        now + 5 * DAY,
        feasibility="照会先2か所の見込みがあり、2か月ほどで回答できます(見本)。",
    )
    move(case, "ask_letter", "hq", now + 6 * DAY)


def _waits_for_the_letter(now: dt.datetime) -> None:
    questions = "誰が点検するか\n費用を誰が負担するか\n住民にどう知らせるか"
    case = filled_in(
        "otaru", "高齢者施設の防火対策に関する調査(見本)", "GB", now, topics=["disaster"], questions=questions
    )
    asked(case, now, "otaru", "LON", "london")


def _shared(now: dt.datetime) -> Case:
    questions = "運賃の決め方\n冬季の運行体制\n自治体の財政負担"
    case = filled_in(
        "sapporo", "路面電車の冬季運行に関する調査(見本)", "FR", now, topics=["transport"], questions=questions
    )
    asked(case, now, "sapporo", "PAR", "paris")
    letter = SimpleUploadedFile("正式依頼文(見本).txt", "調査を依頼します(見本)。\n".encode())
    move(case, "send_letter_directly", "sapporo", now + 8 * DAY, letter=letter)
    move(case, "refer", "hq", now + 9 * DAY, office=Organisation.objects.get(code="PAR"))
    move(case, "begin", "paris", now + 10 * DAY)
    body = "2都市に照会しました。\n\n1. 運賃は広域の組合が決めています。\n2. 除雪は委託で行われています。\n\nこの結果は見本です。"
    move(case, "answer", "paris", now + 30 * DAY, body=body)
    move(case, "send_answer", "hq", now + 32 * DAY)
    summary = "フランス2都市の路面電車について、運賃の決め方と除雪の体制をまとめました。見本であり、実際の調査ではありません。"
    move(case, "share", "hq", now + 33 * DAY, title="フランスの路面電車の冬季運行(見本)", summary=summary)
    return case
