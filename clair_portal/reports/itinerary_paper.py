"""行程表 on paper: in Japanese for the party, in English for hosts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from clair_portal.contacts import itinerary
from clair_portal.contacts.models import Stop, Visit
from clair_portal.reports import blocks, pdf

WIDTHS = (2, 4, 3, 3, 2, 2)


def printed(visit: Visit, stops: Sequence[Stop], *, language: str, made_at: dt.datetime) -> bytes:
    content = itinerary.rows(stops, language)
    foreign = not language.startswith("ja")
    columns = [blocks.Column(head, width=width) for head, width in zip(content["heads"], WIDTHS, strict=True)]
    with translation.override(language):
        days: list[blocks.Block] = []
        for words, rows in content["days"]:
            days += [blocks.heading(words), blocks.table(columns, rows)]
        span = " – ".join(dict.fromkeys([itinerary.written(visit.starts_on), itinerary.written(visit.ends_on)]))
        data = {
            "title": (visit.title_foreign or visit.title) if foreign else visit.title,
            "subtitle": f"{_('Itinerary')} {span}", "landscape": True, "sample": settings.DEMO,
            "blocks": days or [blocks.text(_("No stops yet."))],
        }  # fmt: skip
        return pdf.render("document", data, language=language, made_at=made_at)
