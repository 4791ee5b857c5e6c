"""A translation as a workbook, out and in again: the differences are shown first, and nothing of others is overwritten.

The mark of a row says of which source sentence (digest) and of which translated sentence (version) it was made.
"""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from clair_portal.audit.services import record
from clair_portal.publishing.content import notifications, rules, translating
from clair_portal.publishing.content.cutting import as_shown
from clair_portal.publishing.content.names import language_name
from clair_portal.publishing.content.rules import Actor, Refused
from clair_portal.publishing.content.translating import Work
from clair_portal.publishing.enums import SegmentKind, SentenceState
from clair_portal.publishing.models import Item, Segment, Term, Translation
from clair_portal.sheets import cells
from clair_portal.sheets.editable import EditHead, EditRow, about_of, write_editable
from clair_portal.sheets.pages import ENDINGS, Unreadable, open_pages
from clair_portal.sheets.reading import Field, Row, Table, read_pages
from clair_portal.sheets.writing import Head, Paper

LIST, VERSION = "translation", "1"
KEY = pgettext_lazy("of a row", "Key")
MARK = gettext_lazy("Mark of the row")
TEXT, NOTE = gettext_lazy("Translation"), pgettext_lazy("of a translator", "Note")


# --- Out ----------------------------------------------------------------------------------------------------------------
def write(work: Work, *, now: dt.datetime) -> bytes:
    """Key, kind, source, the source it was translated from where that has changed, translation and note."""
    item, translation = work.item, work.translation
    name = language_name(translation.language)
    paper = Paper(
        f"{item.title} – {name}"[:120],
        [
            Head(str(_("Kind")), 12), Head(pgettext("of a translation", "Source"), 50), Head(str(_("Source as it was translated")), 40),
            Head(str(_("State")), 16),
        ],
        [
            _("Version %(number)s of the source, into: %(language)s") % {"number": item.number, "language": name},
            _("Write into the blue columns, save, and send the file back on the page of the translation."),
        ],
    )  # fmt: skip
    edits = [EditHead(str(TEXT), 60), EditHead(str(NOTE), 30)]
    about = {
        "list": LIST, "version": VERSION, "item": str(item.pk), "language": translation.language, "number": str(item.number),
    }  # fmt: skip
    out = io.BytesIO()
    write_editable(
        out, paper, edits, _rows(work), key=str(KEY), mark=str(MARK), about=about, made_at=now, small=True
    )  # fmt: skip
    return out.getvalue()


def _rows(work: Work) -> Iterator[EditRow]:
    for each in work.source:
        state, text = work.standing.sentences[each.key], work.texts.get(each.key)
        stale = state == SentenceState.STALE and text is not None
        source = as_shown(each.text, work.translation.language)
        former = as_shown(text.source_text, work.translation.language) if stale and text else ""
        shown = [str(SegmentKind(each.kind).label), source, former, str(state.label)]
        values = [text.text if text else "", text.note if text else ""]
        yield EditRow(str(each.key), shown, values, [True, True], _mark(each, text.version if text else 0))


def _mark(source: Segment, version: int) -> str:
    return f"{source.digest}:{version}"


# --- In: what it would change ---------------------------------------------------------------------------------------------
@dataclass
class Line:
    """A row of the sheet that would change something. `taken`: it fits; else `why` says what stands against it.

    `remarks`: of the checks; errors stand against the whole sheet, warnings are confirmed. `stale`: the source has changed.
    """

    number: int
    key: str
    source: str = ""
    old: str = ""
    new: str = ""
    note: str = ""
    digest: str = ""
    version: int = 0
    remarks: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    wrong: bool = False
    why: str = ""

    @property
    def taken(self) -> bool:
        return not self.wrong and not self.why


@dataclass
class Plan:
    """What a sheet says. `made_for`: the version of the source it was made for."""

    lines: list[Line]
    made_for: int
    number: int

    @property
    def other_version(self) -> bool:
        return self.made_for != self.number

    @property
    def fits(self) -> int:
        return sum(line.taken for line in self.lines)

    @property
    def left_out(self) -> int:
        return sum(bool(line.why) for line in self.lines)

    @property
    def errors(self) -> int:
        return sum(line.wrong for line in self.lines)

    @property
    def warnings(self) -> int:
        return sum(bool(line.remarks) and line.taken for line in self.lines)


def read(translation: Translation, name: str, content: bytes, *, actor: Actor) -> Plan:
    """The dry run. Raises Refused or sheets.Unreadable with a sentence: another text or language, no such table."""
    rules.need_translator(translation.language, actor)
    if name.rsplit(".", 1)[-1].lower() not in ENDINGS:
        raise Refused(_("Send the sheet as .xlsx, .xls or .csv."))
    pages = open_pages(name, content)
    made_for = _fits(about_of(pages), translation)
    fields = [
        Field("key", KEY, _key, filled=True, once=True), Field("mark", MARK, cells.code, filled=True),
        Field("text", TEXT, cells.text), Field("note", NOTE, cells.at_most(500, cells.line), needed=False),
    ]  # fmt: skip
    table = read_pages(pages, fields, most=2100)
    work, terms = translating.work_of(translation), list(Term.objects.in_use())
    lines = [line for row in table.rows() if (line := _line(row, work, table, terms)) is not None]
    return Plan(lines, made_for, work.item.number)


def _fits(about: dict[str, str], translation: Translation) -> int:
    """The version a file was made for; a file without the hidden sheet (CSV) is taken at its marks."""
    if not about:
        return translation.item.number
    if about.get("list") != LIST or about.get("version") != VERSION:
        raise Unreadable(
            _("This file is no sheet of a translation. Take the sheet on this page and send that one back.")
        )
    if about.get("item") != str(translation.item_id):
        known = about.get("item", "")
        other = Item.objects.filter(pk=int(known) if known.isascii() and known.isdigit() and len(known) < 19 else 0)
        title = other.values_list("title", flat=True).first() or known[:20]
        raise Unreadable(_("This sheet was made for another text: “%(title)s”.") % {"title": title})
    language = rules.known_language(about.get("language", ""))
    if language != translation.language:
        raise Unreadable(
            _("This sheet is for %(one)s, and this page is for %(other)s.")
            % {"one": language_name(language), "other": language_name(translation.language)}
        )
    number = about.get("number", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0


def _key(cell: Any) -> str | None:
    words = cells.code(cell)
    try:
        return str(uuid.UUID(words)) if words else None
    except ValueError as error:
        raise ValueError(
            _("“%(text)s” is not a key of this text. Take the row from the sheet again.") % {"text": (words or "")[:20]}
        ) from error


def _line(row: Row, work: Work, table: Table, terms: Sequence[Term]) -> Line | None:
    """None: the row changes nothing."""
    if row.faults:
        line = Line(row.number, str(row.values["key"] or ""), wrong=True)
        line.remarks = [f"{fault.column} {fault.cell}: {fault.text}" for fault in row.faults]
        return line
    line = Line(row.number, row.values["key"], new=row.values["text"] or "", note=row.values.get("note") or "")
    line.digest, _colon, version = row.values["mark"].partition(":")
    line.version = int(version) if version.isdigit() and len(version) < 9 else -1
    source = next((each for each in work.source if str(each.key) == line.key), None)
    if not line.new:
        return None
    text = work.texts.get(uuid.UUID(line.key))
    if source is not None and text is not None and cells.same(line.new, text.text) and cells.same(line.note, text.note):
        return None
    _compare(line, source, work, terms)
    return line


def _compare(line: Line, source: Segment | None, work: Work, terms: Sequence[Term]) -> None:
    """What stands against a row now, and what the checks say about it."""
    if source is None:
        line.why = _("This sentence is no longer in the source.")
        return
    text = work.texts.get(source.key)
    line.source, line.old = source.text, text.text if text else ""
    _against(line, source, text.version if text else 0)
    if not line.why:
        found = translating.all_remarks(work.translation, source.text, line.new, terms)
        line.remarks, line.codes = [each.text for each in found], [each.code for each in found]
        line.wrong = any(each.blocks for each in found)


def _against(line: Line, source: Segment, version: int) -> None:
    if line.digest != source.digest:
        line.why = _("The source of this sentence has changed since the sheet was made.")
    elif line.version != version:
        line.why = _("Somebody changed this sentence after the sheet was made: “%(text)s”") % {"text": line.old}


# --- In: taking it ------------------------------------------------------------------------------------------------------
@transaction.atomic
def take(
    translation: Translation,
    plan: Plan,
    *,
    name: str,
    machine: bool,
    partly: bool,
    warnings: bool,
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Saves what fits, all of it or nothing. Returns how many sentences.

    `partly`: rows that do not fit, or a sheet of another version, are known and left out. `warnings`: they are confirmed.
    Raises Refused.
    """
    if plan.errors:
        raise Refused(
            _("%(count)s rows have errors. Mend them in the sheet and send it again.") % {"count": plan.errors}
        )
    if (plan.left_out or plan.other_version) and not partly:
        raise Refused(_("Confirm that only what still fits is taken."))
    if plan.warnings and not warnings:
        raise Refused(_("Confirm the warnings, or change the sheet."))
    if not plan.fits:
        raise Refused(_("There is nothing in this sheet to take over."))
    terms = list(Term.objects.in_use())
    for line in plan.lines:
        if line.taken:
            translating.translate(
                translation, key=uuid.UUID(line.key), text=line.new, digest=line.digest, seen=line.version,
                machine=machine and not cells.same(line.new, line.old), confirmed=line.codes, note=line.note, terms=terms,
                actor=actor, now=now,
            )  # fmt: skip
    record(
        "publishing.translation.imported", translation.item, actor=rules.signature(actor), sentences=plan.fits,
        file=name[:120], **notifications.said(translation.item, translation.language),
    )  # fmt: skip
    return plan.fits


# --- Between the two ------------------------------------------------------------------------------------------------------
def kept(plan: Plan, name: str, translation: Translation) -> dict[str, Any]:
    """The plan as the page carries it, signed, from the differences to the confirmation."""
    return {
        "translation": translation.pk, "name": name, "made_for": plan.made_for,
        "lines": [[line.number, line.key, line.new, line.note, line.digest, line.version] for line in plan.lines],
        "errors": plan.errors,
    }  # fmt: skip


def unkept(carried: dict[str, Any], translation: Translation) -> tuple[Plan, str]:
    """The same plan compared with what stands now. Raises Refused: it was of another translation, or had errors."""
    if carried["translation"] != translation.pk or carried["errors"]:
        raise Refused(_("Send the sheet again."))
    work, terms = translating.work_of(translation), list(Term.objects.in_use())
    sources = {str(each.key): each for each in work.source}
    lines = []
    for number, key, new, note, digest, version in carried["lines"]:
        line = Line(number, key, new=new, note=note, digest=digest, version=version)
        _compare(line, sources.get(key), work, terms)
        lines.append(line)
    return Plan(lines, carried["made_for"], work.item.number), carried["name"]
