"""行程表 on paper: in Japanese for the party, and for hosts with headings in their language or in English."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from clair_portal.contacts import itinerary
from clair_portal.contacts.models import Stop, Visit
from clair_portal.network.models import Organisation
from clair_portal.reports import blocks, pdf
from clair_portal.reports.itinerary_words import Words, day_in, words_in

WIDTHS = (2, 4, 3, 3, 2, 2)


def printed(visit: Visit, stops: Sequence[Stop], *, language: str, made_at: dt.datetime) -> bytes:
    """`language`: ja for the party; for hosts anything else, and then what people wrote is what they wrote for hosts.

    The visit comes with its case, the applicant and the office.
    """
    foreign, words = not language.startswith("ja"), words_in(language)
    title = (visit.title_foreign or visit.title) if foreign else visit.title
    with translation.override("en" if foreign else "ja"):
        data = {
            "title": title, "subtitle": _subtitle(visit, words, language), "landscape": True, "sample": visit.case.sample,
            "running": " ".join(filter(None, (visit.case.number, title))),
            "blocks": [_who(visit, words), *(days(stops, words, language) or [blocks.text(words.nothing)])],
        }  # fmt: skip
        return pdf.render("document", data, language="en" if foreign else "ja", made_at=made_at)


def _subtitle(visit: Visit, words: Words, language: str) -> str:
    ends = dict.fromkeys(day_in(day, language) for day in (visit.starts_on, visit.ends_on))
    return f"{words.itinerary}  {' – '.join(ends)}"


def _who(visit: Visit, words: Words) -> blocks.Block:
    """Whom a host receives, and whom everybody calls when something goes wrong on the way."""
    return blocks.facts([(words.visitors, visit.case.applicant), (words.office, _reached(visit.office))])


def _reached(office: Organisation) -> str:
    return "\n".join(str(part) for part in (office, office.address, office.telephone) if part)


def days(stops: Sequence[Stop], words: Words, language: str, level: int = 1) -> list[blocks.Block]:
    """A heading of this level and a table for each day."""
    heads = (words.time, words.what, words.place, words.host, words.interpreter, words.telephone)
    columns = [blocks.Column(head, width=width) for head, width in zip(heads, WIDTHS, strict=True)]
    made: list[blocks.Block] = []
    for day in itinerary.days_of(stops):
        rows = [_row(line, foreign=not language.startswith("ja")) for line in day.lines]
        made += [blocks.heading(day_in(day.date, language), level), blocks.table(columns, rows)]
    return made


def _row(line: itinerary.Line, *, foreign: bool) -> tuple[str, ...]:
    """Tokyo's time is for the party's own office at home; hosts need none."""
    stop = line.stop
    tokyo = "" if foreign or not line.tokyo else f"({_('Tokyo')} {line.tokyo})"
    what = stop.what_foreign or stop.what if foreign else stop.what
    return (
        _lines(line.clock, line.city, tokyo), _lines(what, stop.note), _lines(stop.place, stop.address),
        _lines(stop.host_name, stop.person), stop.interpreter, stop.telephone,
    )  # fmt: skip


def _lines(*parts: str) -> str:
    return "\n".join(filter(None, parts))
