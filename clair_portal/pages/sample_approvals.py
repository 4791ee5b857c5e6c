"""A route of approval, a proxy, and one research half way along it; all say 見本."""

from __future__ import annotations

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from clair_portal.approvals import services
from clair_portal.approvals.models import Approval, ApprovalStep, Authority, RouteStep, RouteTemplate
from clair_portal.casework.models import Case
from clair_portal.network.models import Organisation
from clair_portal.pages import sample_research
from clair_portal.pages.sample_cases import DAY, move, reader_named
from clair_portal.walls.scope import acting
from offices.research.approval import ACCEPT

MANAGER, DIRECTOR = "title:企画調査課長", "title:事務局長"


def load(now: dt.datetime) -> None:
    """Headquarters accepts research with two stamps; the first is set, the second is asked for."""
    case = _letter_at_headquarters(now - 12 * DAY)
    _route(timezone.localdate(now))
    officer, manager = reader_named("hq", now), reader_named("hq.manager", now)
    note = "依頼文のとおり受け入れ、ロンドン事務所に回付してよろしいか伺います(見本)。"
    with acting(officer.scope), translation.override("ja"):
        approval = services.draft(kind=ACCEPT, subject_id=str(case.pk), note=note, actor=officer, now=now - DAY)
    with acting(manager.scope):
        first = ApprovalStep.objects.get(approval=approval, post=MANAGER)
        services.approve(first, seal=approval.seal, comment="異議ありません(見本)。", actor=manager, now=now - DAY / 2)
    Approval.objects.filter(pk=approval.pk).update(sample=True)


def _route(today: dt.date) -> None:
    hq = Organisation.objects.headquarters()
    begun = dt.date(today.year - 1, 4, 1)
    route = RouteTemplate.objects.create(
        organisation=hq, kind=ACCEPT, name="依頼調査の受入れ(見本)", starts_on=begun, sample=True
    )
    for order, post in enumerate((MANAGER, DIRECTOR), 1):
        RouteStep.objects.create(template=route, order=order, post=post)
    Authority.objects.create(
        organisation=hq, principal=DIRECTOR, proxy="role:hq_administrator", starts_on=begun, sample=True
    )


def _letter_at_headquarters(now: dt.datetime) -> Case:
    questions = "夜間の見守りの担い手\n利用者の費用負担\n自治体の役割"
    case = sample_research.filled_in(
        "sapporo", "高齢者の夜間見守りに関する調査(見本)", "GB", now, topics=["health"], questions=questions
    )
    sample_research.asked(case, now, "sapporo", "LON", "london")
    letter = SimpleUploadedFile("正式依頼文(見本).txt", "調査を依頼します(見本)。\n".encode())
    move(case, "send_letter_directly", "sapporo", now + 8 * DAY, letter=letter)
    return case
