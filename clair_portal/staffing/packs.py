"""The handover pack of a desk: what its panels hold, what the leaver writes, and the desk as it was when it was handed over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clair_portal.accounts import handover_pack
from clair_portal.accounts.ending import ends_at, zones_of
from clair_portal.accounts.handover_pack import Cell, Table
from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader, reader_now
from clair_portal.audit.services import record, record_reading
from clair_portal.calendars.eras import in_words
from clair_portal.staffing.models import HandoverPack
from clair_portal.walls.scope import LOGIN_SCOPE, acting

LANGUAGES = ("ja", "en")
MOST_LETTERS = 50_000
DATES_SHOWN = 100


class Conflict(Exception):
    """Somebody saved the notes in another window meanwhile."""


@dataclass(frozen=True)
class Shown:
    """A panel as page and paper have it."""

    title: str
    heads: list[str]
    rows: list[list[Cell]]
    nothing: str
    widths: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        rows = [[[cell.text, cell.url] for cell in row] for row in self.rows]
        return {
            "title": self.title, "heads": self.heads, "rows": rows, "nothing": self.nothing, "widths": self.widths,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Shown:
        return cls(**{**data, "rows": [[Cell(*cell) for cell in row] for row in data["rows"]]})


# --- What the desk holds ------------------------------------------------------------------------------------------------------
def live_panels(posting: Posting, reader: Reader, now: dt.datetime) -> list[Shown]:
    """The desk as it is, as far as the reader may see it, in the active language."""
    found = [
        (panel.order, panel.label, panel.rows(posting, reader, now), panel.nothing)
        for panel in handover_pack.PANELS.values()
    ]
    found.append((20, _("Dates ahead"), _dates(posting, reader, now), _("No dates are known.")))
    found.sort(key=lambda panel: panel[0])
    return [
        Shown(
            str(label),
            [str(head) for head in table.heads],
            [list(row) for row in table.rows],
            str(nothing),
            list(table.widths),
        )
        for _order, label, table, nothing in found
    ]


def _dates(posting: Posting, reader: Reader, now: dt.datetime) -> Table:
    dates = [date for of in handover_pack.DATES.values() for date in of(posting, reader, now)]
    dates.sort(key=lambda date: (date.day, date.what))
    rows = [[Cell(in_words(date.day, weekday=True)), Cell(date.what, date.url)] for date in dates[:DATES_SHOWN]]
    return Table([_("Day"), _("What")], rows, (2, 7))


def panels(posting: Posting, pack: HandoverPack | None, reader: Reader, now: dt.datetime, language: str) -> list[Shown]:
    """As they were kept when the work was handed over; until then as they are."""
    kept = (pack.panels if pack else {}).get("ja" if language.startswith("ja") else "en")
    return [Shown.from_json(data) for data in kept] if kept else live_panels(posting, reader, now)


def keep_desk(posting: Posting, now: dt.datetime) -> None:
    """Puts the desk into the pack as its holder saw it in the last second, before the work leaves it."""
    person, zone = posting.person, zones_of([posting.organisation])[posting.organisation_id]
    last = min(now, ends_at(posting.ends_on, zone) - dt.timedelta(seconds=1)) if posting.ends_on else now
    with acting(LOGIN_SCOPE):  # who somebody is may be asked before anybody acts, and by nobody who does
        reader = reader_now(person.user_id, last, posting.pk) if person.user_id else None
    if reader is None or reader.chosen is None or reader.chosen.id != posting.pk:
        return
    kept = {}
    for language in LANGUAGES:
        with acting(reader.scope), translation.override(language), timezone.override(reader.time_zone):
            kept[language] = [panel.as_json() for panel in live_panels(posting, reader, last)]
    pack = HandoverPack.objects.filter(posting=posting).first() or _new(posting, now)
    pack.panels, pack.kept_at = kept, now
    pack.save()


def _new(posting: Posting, now: dt.datetime) -> HandoverPack:
    return HandoverPack(
        posting=posting, person_id=posting.person_id, organisation_id=posting.organisation_id, changed_at=now
    )


# --- What the leaver writes ---------------------------------------------------------------------------------------------------
@transaction.atomic
def write_notes(posting: Posting, *, body: str, version: int, actor: Reader, now: dt.datetime) -> HandoverPack:
    """The notes so far. PermissionError: another person's desk, or signed off. Conflict: saved elsewhere meanwhile."""
    if posting.person_id != actor.person:
        raise PermissionError("only the holder of a posting writes its handover")
    pack = HandoverPack.objects.visible_to(actor.scope).filter(posting=posting).select_for_update().first()
    if pack is None:
        pack = _new(posting, now)
        pack.body = body
        pack.save(force_insert=True)
        return pack
    if pack.signed_at:
        raise PermissionError("signed off")
    if pack.version != version:
        raise Conflict
    pack.body, pack.version, pack.changed_at = body, pack.version + 1, now
    pack.save(update_fields=["body", "version", "changed_at"])
    return pack


@transaction.atomic
def sign_off(pack: HandoverPack, *, actor: Reader, now: dt.datetime) -> None:
    """The notes are finished. PermissionError: another person's; ValueError: there are none."""
    if pack.person_id != actor.person:
        raise PermissionError("only the holder of a posting signs its handover off")
    if not pack.body.strip():
        raise ValueError("no notes")
    if pack.signed_at is None:
        pack.signed_at = now
        pack.save(update_fields=["signed_at"])
        record("staffing.pack.signed", pack, actor=actor.signature, name=actor.name_as_written)


@transaction.atomic
def write_on(pack: HandoverPack, *, actor: Reader) -> None:
    """Takes the signature back to go on writing. PermissionError: another person's."""
    if pack.person_id != actor.person:
        raise PermissionError("only the holder of a posting writes its handover")
    if pack.signed_at:
        pack.signed_at = None
        pack.save(update_fields=["signed_at"])
        record("staffing.pack.reopened", pack, actor=actor.signature, name=actor.name_as_written)


def note_reading(posting: Posting, reader: Reader) -> None:
    """Whoever opens another person's pack reads what that person wrote and whom they know: it is noted."""
    if posting.person_id != reader.person:
        record_reading(posting.person, what="staffing.pack", reader=reader.signature)
