"""Who has the work of a post that ends: somebody posted there on the day after, now or by another row of the same sheet."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from clair_portal.accounts.invitation_sheet import Fault
from clair_portal.accounts.models import Posting
from clair_portal.calendars.eras import in_words
from clair_portal.staffing.checks import wrong
from clair_portal.staffing.plan import Line, Plan, Register, is_called

Faults = list[Fault]
NOBODY = "nobody"
LATEST = dt.timedelta(days=92)  # a post may stand empty for a while


def find(lines: list[Line], known: Register, faults: Faults) -> None:
    for line in lines:
        if line.row.successor and line.posting and line.row.ends_on:
            _find(line, lines, known, faults)


def _find(line: Line, lines: list[Line], known: Register, faults: Faults) -> None:
    assert line.posting
    assert line.row.ends_on
    text, words = line.row.successor, {"name": line.row.successor[:60], "organisation": line.posting.organisation}
    if is_called(line.posting.person, text) or text.lower() in (
        line.posting.person.email.lower(),
        str(line.posting.pk),
    ):
        return wrong(
            faults, line.row, "successor",
            _("%(name)s leaves this post and cannot be the successor in it. Name somebody who is there afterwards.")
            % {"name": line.name},
        )  # fmt: skip
    staying = known.called(text, staying_at(line, lines, known))
    coming = [other for other in coming_to(line, lines) if is_line_called(other, text)]
    if len(staying) + len(coming) > 1:
        sentence = _(
            "%(name)s holds several posts at %(organisation)s by then. Write the key of the post that takes over."
        )
        return wrong(faults, line.row, "successor", sentence % words)
    if staying:
        line.successor = staying[0]
    elif coming:
        line.heir = coming[0]
    else:
        sentence = _(
            "Nobody called “%(name)s” has a post at %(organisation)s after %(day)s. Add a row for their next post."
        )
        wrong(faults, line.row, "successor", sentence % {**words, "day": in_words(line.row.ends_on)})
    return None


def staying_at(line: Line, lines: list[Line], known: Register) -> list[Posting]:
    """Postings at the same place that are in force on the day after, the ends of the sheet counted in."""
    assert line.posting
    assert line.row.ends_on
    ended = {other.posting.pk: other.row.ends_on for other in lines if other.posting and other.row.ends_on}
    after = line.row.ends_on + dt.timedelta(days=1)
    return [
        posting for posting in known.postings
        if posting.organisation_id == line.posting.organisation_id and posting.person_id != line.posting.person_id
        and posting.starts_on <= after + LATEST and (ended.get(posting.pk, posting.ends_on) or after) >= after
    ]  # fmt: skip


def coming_to(line: Line, lines: list[Line]) -> list[Line]:
    """Rows that begin a post at the same place and still hold it on the day after."""
    assert line.posting
    assert line.row.ends_on
    after = line.row.ends_on + dt.timedelta(days=1)
    return [
        other for other in lines
        if other is not line and other.organisation and other.organisation.pk == line.posting.organisation_id
        and other.row.starts_on and other.row.starts_on <= after + LATEST and (other.row.next_ends_on or after) >= after
    ]  # fmt: skip


def is_line_called(line: Line, text: str) -> bool:
    if line.person and (is_called(line.person, text) or line.person.email.lower() == text.lower()):
        return True
    mine = Line(line.row)
    return (
        text.lower() == mine.row.email
        or mine.row.name == text
        or (bool(text) and mine.row.name_latin.lower() == text.lower())
    )


# --- Answers of the dry run ---------------------------------------------------------------------------------------------------
def choices(line: Line, plan: Plan, known: Register) -> list[tuple[str, str]]:
    """Whom the work can go to, for the question on the page."""
    found = [
        (f"posting:{p.pk}", f"{p.person.display_name()} · {p.title or p.role}")
        for p in staying_at(line, plan.lines, known)
    ]
    found += [(f"row:{other.row.number}", f"{other.name} · {other.role}") for other in coming_to(line, plan.lines)]
    return [*found, (NOBODY, _("nobody: it stays in the old name, and the administrators are told"))]


def answer(plan: Plan, answers: dict[str, str], known: Register) -> None:
    """Takes the answers that still fit; the others are asked again."""
    for line in plan.lines:
        given = answers.get(str(line.row.number), "")
        if not given or not line.ends or line.successor or line.heir:
            continue
        kind, _colon, key = given.partition(":")
        line.alone = given == NOBODY
        if kind == "posting":
            line.successor = next((p for p in staying_at(line, plan.lines, known) if str(p.pk) == key), None)
        elif kind == "row":
            line.heir = next((other for other in coming_to(line, plan.lines) if str(other.row.number) == key), None)
