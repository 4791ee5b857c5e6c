"""Who a row means, and everything that can be wrong with it: one sentence each, with the row and the column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from clair_portal.accounts.invitation_sheet import Fault
from clair_portal.accounts.models import Posting
from clair_portal.calendars.eras import in_words
from clair_portal.language.words import listed
from clair_portal.network.models import Organisation
from clair_portal.staffing.plan import Line, Register, is_called
from clair_portal.staffing.sheet import COLUMNS, Row
from clair_portal.walls.roles import HEADQUARTERS

Faults = list[Fault]


def wrong(faults: Faults, row: Row, column: str, text: str) -> Any:
    """Always None, so that a search may end with it."""
    faults.append(Fault(row.number, str(COLUMNS[column]), text))


# --- Who is meant -----------------------------------------------------------------------------------------------------------
def meant(rows: Sequence[Row], known: Register, faults: Faults) -> list[Line]:
    """A line for every row whose person is found or new. Whoever stands there twice is named at the second row."""
    lines: list[Line] = []
    seen: dict[object, int] = {}
    for row in rows:
        line = _meant(row, known, faults)
        if line is None:
            continue
        who = line.posting.pk if line.posting else line.person.email if line.person else row.email
        if (first := seen.setdefault(who, row.number) if who else 0) and first != row.number:
            words = {"name": line.name, "row": first}
            wrong(faults, row, "name", _("%(name)s stands in row %(row)s already. Keep one of the two rows.") % words)
            continue
        lines.append(line)
    return lines


def _meant(row: Row, known: Register, faults: Faults) -> Line | None:
    if row.key:
        return _by_key(row, known, faults)
    if not row.name:
        return wrong(faults, row, "name", _("Enter the name."))
    if row.email:
        return _by_address(row, known, faults)
    found = [posting for posting in known.postings if is_called(posting.person, row.name)]
    if len(found) == 1:
        return Line(row, found[0], found[0].person)
    if found:
        text = _("%(count)s posts belong to people called %(name)s. Write the key of the post as the template has it.")
        return wrong(faults, row, "name", text % {"count": len(found), "name": row.name})
    text = _("Nobody called %(name)s is posted here. To invite somebody new, write their e-mail address.")
    return wrong(faults, row, "name", text % {"name": row.name})


def _by_key(row: Row, known: Register, faults: Faults) -> Line | None:
    posting = next((posting for posting in known.postings if str(posting.pk) == row.key), None)
    if posting is None:
        text = _(
            "There is no post with the key %(key)s here. Leave keys as the template has them; new people have none."
        )
        return wrong(faults, row, "key", text % {"key": row.key[:20]})
    if row.name and not is_called(posting.person, row.name):
        text = _("The key %(key)s belongs to %(name)s. Correct the name or the key.")
        return wrong(faults, row, "key", text % {"key": row.key, "name": posting.person.display_name()})
    return Line(row, posting, posting.person)


def _by_address(row: Row, known: Register, faults: Faults) -> Line | None:
    try:
        validate_email(row.email)
    except ValidationError:
        return wrong(faults, row, "email", _("“%(text)s” is not an e-mail address.") % {"text": row.email[:80]})
    person = known.people.get(row.email)
    if person is None:
        return Line(row)
    if not is_called(person, row.name):
        text = _("This address belongs to %(name)s. Correct the name or the address.")
        return wrong(faults, row, "email", text % {"name": person.display_name()})
    here = [posting for posting in known.postings if posting.person_id == person.pk]
    if len(here) > 1:
        text = _("%(name)s holds %(count)s posts here. Write the key of the post as the template has it.")
        return wrong(faults, row, "key", text % {"name": row.name, "count": len(here)})
    return Line(row, here[0] if here else None, person)


# --- Whether it can be --------------------------------------------------------------------------------------------------------
def check(lines: list[Line], known: Register, faults: Faults) -> None:
    for line in lines:
        _end(line, known, faults)
        _next(line, known, faults)
    _overlaps(lines, known, faults)


def _end(line: Line, known: Register, faults: Faults) -> None:
    row, posting = line.row, line.posting
    if posting is None:
        if row.ends_on or row.successor:
            wrong(faults, row, "ends_on", _("%(name)s has no post here that could end.") % {"name": line.name})
        return
    if row.ends_on is None:
        if row.successor:
            wrong(faults, row, "ends_on", _("A successor is named, but no last day. Write when the post ends."))
        return
    if row.ends_on < posting.starts_on:
        words = {"day": in_words(row.ends_on), "first": in_words(posting.starts_on)}
        wrong(faults, row, "ends_on", _("The posting ends on %(day)s, before it begins on %(first)s.") % words)
    elif row.ends_on < known.today:
        text = _("%(day)s has passed. Write today or a later day.")
        wrong(faults, row, "ends_on", text % {"day": in_words(row.ends_on)})


def _next(line: Line, known: Register, faults: Faults) -> None:
    row = line.row
    if not row.goes_on:
        if line.posting is None:
            wrong(faults, row, "organisation", _("Write where %(name)s is posted next.") % {"name": line.name})
        return
    line.organisation = _organisation(row, "organisation", known, faults)
    if line.organisation is not None:
        _place(line, line.organisation, known, faults)
    _days(line, known, faults)
    if row.sending_body:
        line.sending_body = _organisation(row, "sending_body", known, faults)


def _organisation(row: Row, column: str, known: Register, faults: Faults) -> Organisation | None:
    text: str = getattr(row, column)
    if not text:
        return wrong(faults, row, column, _("Write the organisation of the next post."))
    found = known.organisation(text)
    if len(found) == 1:
        return found[0]
    if found:
        return wrong(
            faults, row, column, _("Several organisations are called “%(text)s”. Write the code.") % {"text": text}
        )
    sentence = _(
        "There is no organisation with the code or name “%(text)s”. Look it up under Organisations and people."
    )
    return wrong(faults, row, column, sentence % {"text": text[:60]})


def _place(line: Line, place: Organisation, known: Register, faults: Faults) -> None:
    scope = known.reader.scope
    if scope.role != HEADQUARTERS and place.pk != scope.organisation:
        text = _("Only headquarters may fill a post at %(organisation)s.")
        wrong(faults, line.row, "organisation", text % {"organisation": place})
        return
    line.role = known.role(line.row.role, place) if line.row.role else None
    if line.role is None:
        known_roles = listed(str(role) for role in known.roles_at(place))
        words = {"role": line.row.role[:40], "organisation": place, "roles": known_roles}
        text = _("There is no role “%(role)s” at %(organisation)s. There are: %(roles)s.")
        wrong(
            faults,
            line.row,
            "role",
            (text if line.row.role else _("Write the next role. There are: %(roles)s.")) % words,
        )
    elif line.invited and (line.row.email, place.pk, line.role.pk) in known.invited:
        wrong(faults, line.row, "email", _("An invitation for this address and role is open already."))


def _days(line: Line, known: Register, faults: Faults) -> None:
    row = line.row
    if row.starts_on is None:
        wrong(faults, row, "starts_on", _("Write the first day in the next post."))
        return
    if row.next_ends_on and row.next_ends_on < row.starts_on:
        words = {"day": in_words(row.next_ends_on), "first": in_words(row.starts_on)}
        wrong(faults, row, "next_ends_on", _("The posting ends on %(day)s, before it begins on %(first)s.") % words)
    if row.starts_on < known.today:
        text = _("%(day)s has passed. Write today or a later day.")
        wrong(faults, row, "starts_on", text % {"day": in_words(row.starts_on)})
    if line.posting and row.ends_on and row.starts_on <= row.ends_on:
        words = {"first": in_words(row.starts_on), "last": in_words(row.ends_on)}
        text = _(
            "The next post begins on %(first)s, but the post now ends only on %(last)s: they overlap. "
            "For two posts at once leave the last day empty."
        )
        wrong(faults, row, "starts_on", text % words)


def _overlaps(lines: list[Line], known: Register, faults: Faults) -> None:
    """The same role at the same place on the same days, against postings that stand and against other rows."""
    ended = {line.posting.pk: line.row.ends_on for line in lines if line.posting and line.row.ends_on}
    taken: dict[tuple[str, int, str], list[Line]] = {}
    for line in lines:
        if not (line.organisation and line.role and line.row.starts_on):
            continue
        held = known.elsewhere.get(line.person.pk, []) if line.person else []
        same = [p for p in held if (p.organisation_id, p.role_id) == (line.organisation.pk, line.role.pk)]
        for posting in same:
            if line.posting and posting.pk == line.posting.pk and line.row.ends_on:
                continue  # its own last day was compared in _days
            _against(line, posting, ended.get(posting.pk, posting.ends_on), faults)
        key = (line.person.email if line.person else line.row.email, line.organisation.pk, line.role.pk)
        for other in taken.setdefault(key, []):
            if _meet(line.row.starts_on, line.row.next_ends_on, other.row.starts_on, other.row.next_ends_on):
                text = _("Row %(row)s gives %(name)s the same post on some of these days.")
                wrong(faults, line.row, "starts_on", text % {"row": other.row.number, "name": line.name})
        taken[key].append(line)


def _against(line: Line, posting: Posting, last: dt.date | None, faults: Faults) -> None:
    if not _meet(line.row.starts_on, line.row.next_ends_on, posting.starts_on, last):
        return
    words = {"name": line.name, "organisation": posting.organisation, "first": in_words(posting.starts_on)}
    until = _("until %(day)s") % {"day": in_words(last)} if last else _("without an end")
    text = _("%(name)s holds this role at %(organisation)s already, from %(first)s, %(until)s: the two overlap.")
    wrong(faults, line.row, "starts_on", text % {**words, "until": until})


def _meet(first: dt.date | None, last: dt.date | None, other: dt.date | None, other_last: dt.date | None) -> bool:
    if first is None or other is None:
        return False
    return first <= (other_last or dt.date.max) and other <= (last or dt.date.max)
