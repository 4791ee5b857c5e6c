"""The draft on paper: all answers, room for the town hall's own stamps, and the list of papers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from clair_portal.casework.models import CaseFile, OnCase
from clair_portal.reports import blocks, pdf

STAMPS = 5  # empty, because each town hall has its own order of approval
WIDE, USUAL = 22, 13  # letters of a label: the questions of the offices are sentences


def render(
    detail: OnCase,
    sections: Sequence[dict[str, Any]],
    papers: Sequence[CaseFile],
    warnings: Sequence[str],
    *,
    title: str,
    sheets: Sequence[CaseFile],
    where: str,
    language: str,
    now: dt.datetime,
) -> bytes:
    """`sections`: pages with their answers; `warnings`: what an office would ask about; `where`: who will get it.

    `sheets`: those of the papers that are a question sheet."""
    case = detail.case
    content = [
        blocks.notice(_("Draft. It has not been filed."), level="warn"),
        blocks.facts(
            [(_("Requester"), case.applicant), (_("Subject"), case.title), (_("Where it goes"), where or "–")]
        ),
        blocks.boxes(STAMPS, caption=_("Approval of the requester")),
    ]
    if warnings:
        content.append(blocks.notice("\n".join(warnings), title=_("Worth knowing before it is sent")))
    for section in sections:
        width = WIDE if section["step"].given else USUAL
        content += [blocks.heading(str(section["step"].label)), blocks.facts(section["rows"], width)]
    content += [blocks.heading(_("Papers")), _papers(papers, sheets)]
    data = {
        "title": title, "subtitle": str(case.applicant),
        "running": f"{title} {case.title}", "mark": _("Draft"), "sample": settings.DEMO, "blocks": content,
    }  # fmt: skip
    return pdf.render("document", data, language=language, made_at=now)


def _papers(papers: Sequence[CaseFile], sheets: Sequence[CaseFile]) -> blocks.Block:
    if not papers:
        return blocks.text(_("No papers yet."))
    marks = {paper.pk: _("question sheet") for paper in sheets}
    columns = [
        blocks.Column(_("Paper"), width=3),
        blocks.Column(_("Kind"), width=1),
        blocks.Column(_("Size"), width=1, number=True),
    ]
    rows = [(paper.name, marks.get(paper.pk, ""), filesizeformat(paper.size)) for paper in papers]
    return blocks.table(columns, rows)
