"""The handover pack on paper: the same panels and notes as the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from clair_portal.accounts.models import Posting
from clair_portal.calendars.eras import in_words
from clair_portal.reports import blocks, pdf
from clair_portal.staffing.models import HandoverPack
from clair_portal.staffing.packs import Shown


def title_of(posting: Posting) -> str:
    return _("Handover: %(name)s") % {"name": posting.person.display_name()}


def subtitle_of(posting: Posting) -> str:
    post = f"{posting.organisation} {posting.title or posting.role}"
    if posting.ends_on is None:
        return post
    return _("%(post)s, until %(day)s") % {"post": post, "day": in_words(posting.ends_on)}


def printed(
    posting: Posting, pack: HandoverPack | None, panels: Sequence[Shown], *, language: str, now: dt.datetime
) -> bytes:
    found = [blocks.heading(_("Notes for the successor")), *_notes(pack)]
    for panel in panels:
        found.append(blocks.heading(panel.title))
        if not panel.rows:
            found.append(blocks.text(panel.nothing))
            continue
        widths: Sequence[int | None] = panel.widths or [None] * len(panel.heads)
        columns = [blocks.Column(head, width=width) for head, width in zip(panel.heads, widths, strict=True)]
        found.append(blocks.table(columns, [[cell.text for cell in row] for row in panel.rows]))
    data = {
        "title": title_of(posting), "subtitle": subtitle_of(posting), "blocks": found,
        "sample": settings.DEMO or bool(pack and pack.sample),
    }  # fmt: skip
    return pdf.render("document", data, language=language, made_at=now)


def _notes(pack: HandoverPack | None) -> list[blocks.Block]:
    if pack is None or not pack.body.strip():
        return [blocks.text(_("No notes were written."))]
    signed = (
        _("Signed off on %(day)s.") % {"day": in_words(pack.signed_at.date())}
        if pack.signed_at
        else _("Not signed off yet.")
    )
    return [blocks.text(pack.body.replace("\r\n", "\n")), blocks.quiet(signed)]
