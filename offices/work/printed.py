"""The work of the offices in the printed case, of whatever kind it is."""

from __future__ import annotations

from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.eras import in_words
from clair_portal.casework.models import Case
from clair_portal.reports import blocks
from offices.models import WorkEntry
from offices.work.services import hours_of, work_on


def work(case: Case, reader: Reader) -> list[blocks.Block]:
    """What the offices did and how long it took, oldest first."""
    entries = work_on(case, reader.scope)[::-1]
    if not entries:
        return []
    columns = [
        blocks.Column(_("Day"), 3),
        blocks.Column(_("Office"), 3),
        blocks.Column(_("What was done"), 7),
        blocks.Column(_("Hours"), 2, number=True),
    ]
    rows = [(in_words(entry.day), entry.author, _done(entry), entry.hours) for entry in entries]
    total = (_("Total"), "", "", hours_of(entries))
    return [blocks.heading(_("Work of the office")), blocks.table(columns, rows, foot=[total])]


def _done(entry: WorkEntry) -> str:
    kind = entry.get_kind_display()
    return "\n".join((kind if entry.shared else f"{kind} ({_('internal')})", entry.summary))
