"""An approval on paper: what is asked, the document as it was frozen, its papers with their hashes, and the stamps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from clair_portal.approvals import printing
from clair_portal.approvals.drawing import Stamp
from clair_portal.approvals.enums import State
from clair_portal.approvals.kinds import label_of
from clair_portal.approvals.models import Approval
from clair_portal.audit.sentences import in_language
from clair_portal.reports import blocks, pdf


def render(approval: Approval, stamps: Sequence[Stamp], language: str, at: dt.datetime) -> bytes:
    """Without stamps it is the document that is frozen; the hash is printed only where there is one already."""
    kept: dict[str, Any] = approval.content
    asked = [
        (_("What is approved"), label_of(approval.kind)),
        (_("Subject"), kept["title"]),
        *([(_("Amount (yen)"), f"{kept['amount']:,}")] if kept["amount"] is not None else []),
        (_("Drafted by"), in_language(approval.drafted_as)),
        (_("What is asked"), approval.note or "–"),
    ]
    content = [
        *([blocks.stamps(stamps)] if stamps else []),
        blocks.facts(asked),
        blocks.heading(_("Document")),
        blocks.facts([(in_language(fact["label"]), fact["value"]) for fact in kept["facts"]]),
        blocks.heading(_("Papers")),
        _papers(kept["papers"]),
        *([blocks.quiet(_("Frozen as SHA-256 %(seal)s") % {"seal": approval.seal})] if approval.seal else []),
    ]
    data = {
        "title": _("Document for approval"), "subtitle": kept["title"], "running": kept["title"],
        "mark": State.VOID.label if approval.state == State.VOID else "", "sample": settings.DEMO, "blocks": content,
    }  # fmt: skip
    return pdf.render("document", data, language=language, made_at=at)


def _papers(papers: list[dict[str, Any]]) -> blocks.Block:
    if not papers:
        return blocks.text(_("No papers."))
    columns = [blocks.Column(_("Name"), 4), blocks.Column(_("Size"), 1, number=True)]
    return blocks.table(columns, [(f"{p['name']}\nSHA-256 {p['sha256']}", filesizeformat(p["size"])) for p in papers])


printing.register(render)
