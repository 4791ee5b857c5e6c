"""Cases as people see them: who has the ball, until when, what happens next."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.audit.models import Entry
from clair_portal.audit.sentences import in_language, sentence
from clair_portal.calendars.business_days import WorkingCalendar, calendars_for
from clair_portal.calendars.zones import in_both_zones
from clair_portal.casework.enums import Holder, Side, Topic
from clair_portal.casework.kinds import KINDS
from clair_portal.casework.mail.addresses import address
from clair_portal.casework.models import Case, CaseFile, Note, Referral
from clair_portal.casework.parts import Part, parts_of
from clair_portal.casework.posts import path_of
from clair_portal.casework.queries import with_its_parts
from clair_portal.casework.rules import may_move, moves_for, why_not_write
from clair_portal.casework.workflow import WORKFLOWS, State, Text, Transition, in_parts, workflow_of
from clair_portal.language.words import in_japanese, listed, page_language
from clair_portal.network.enums import BRANCH_KINDS
from clair_portal.network.models import Country, Organisation
from clair_portal.walls.roles import HEADQUARTERS, MEMBER, OFFICE
from clair_portal.walls.scope import Scope


@dataclass(frozen=True)
class Due:
    """A deadline for the {% deadline %} tag."""

    main: str
    other: str
    iso: str
    left: str
    soon: bool


def due_of(case: Case, reader: Reader, now: dt.datetime, calendars: dict[str, WorkingCalendar]) -> Due | None:
    """The deadline in the zone of whoever holds the case, with the reader's zone beside it."""
    if case.due_at is None or case.holding is None:
        return None
    there = reader.time_zone if reader.time_zone != case.due_zone else "Asia/Tokyo"
    both = in_both_zones(case.due_at, case.due_zone, there, get_language() or "en", now=now)
    calendar = calendars[case.holding.calendar]
    left, soon = _left(case.due_at, now, calendar)
    return Due(both.main, both.other, both.main_iso, left, soon)


def _left(due_at: dt.datetime, now: dt.datetime, calendar: WorkingCalendar) -> tuple[str, bool]:
    zone = zoneinfo.ZoneInfo(calendar.zone)
    today, last = timezone.localdate(now, zone), timezone.localdate(due_at, zone)
    if due_at < now:
        late = max(calendar.between(last, today), 1)
        return ngettext("%(days)s business day late", "%(days)s business days late", late) % {"days": late}, True
    days = calendar.between(today, last)
    if days == 0:
        return _("today"), True
    return ngettext("%(days)s business day left", "%(days)s business days left", days) % {"days": days}, days <= 2


def is_requester(reader: Reader) -> bool:
    """Whether the reader only files: such people read the public words for states, everybody else those of the staff."""
    return reader.scope.role == MEMBER and reader.chosen is not None and reader.chosen.kind not in BRANCH_KINDS


def reads_public_words(case: Case, reader: Reader) -> bool:
    """A requester reads the public words; so does a branch on what it files itself."""
    return reader.scope.role == MEMBER and case.applicant_id in reader.scope.organisations


@dataclass(frozen=True)
class ShownState:
    """A state as a badge."""

    label: Text
    tone: str
    fill: int


def shown_state(state: State, *, public: bool, late: bool = False) -> ShownState:
    """A badge in the words of the reader's side."""
    return ShownState(state.public if public else state.label, "late" if late else state.tone, state.fill)


def state_words(case: Case, reader: Reader) -> str:
    """The state in the words this reader's side has for it."""
    return str(shown_state(workflow_of(case).state(case.state), public=reads_public_words(case, reader)).label)


@dataclass(frozen=True)
class Row:
    """One line of a list of cases. `public`: the reader is on the requester's side and reads the public words.
    `part`: the part of it on which an office waits for the reader."""

    case: Case
    state: State
    public: bool
    late: bool
    due: Due | None
    holder: str
    mine: bool
    move: Transition | None
    part: Case | None = None

    @property
    def acts_on(self) -> Case:
        """What the reader's move is made on."""
        return self.part or self.case

    @property
    def url(self) -> str:
        return f"/desk/cases/{self.case.pk}/"

    @property
    def again(self) -> str:
        """Where the requester begins a new draft from this one, once it has ended."""
        name = KINDS[self.case.kind].copy_url if self.public and self.case.holder == Holder.NOBODY else ""
        return reverse(name, args=[self.case.pk]) if name else ""

    @property
    def edit_url(self) -> str:
        """Name of the address where its draft is written."""
        return KINDS[self.case.kind].edit_url

    @property
    def address(self) -> str:
        """The page of the case; where the reader can do something, the place where that begins."""
        return f"{path_of(self.acts_on)}#next" if self.move else self.url

    @property
    def badge(self) -> ShownState:
        return shown_state(self.state, public=self.public, late=self.late)

    @property
    def said_to_requester(self) -> str:
        """The state in the words the requester reads."""
        return self.state.public_for(self.holder)

    @property
    def next_step(self) -> Text:
        acts_on = self.acts_on
        return workflow_of(acts_on).state(acts_on.state).next_for(public=self.public)

    @property
    def kind(self) -> Text:
        return workflow_of(self.case).label


def is_mine(case: Case, reader: Reader) -> bool:
    if reader.scope.role == HEADQUARTERS:
        return case.holder == Holder.HEADQUARTERS
    return case.holding_id in reader.scope.organisations and case.holder != Holder.NOBODY and not case.waits_abroad


def holder_name(case: Case) -> str:
    if case.holder == Holder.NOBODY or case.holding is None:
        return ""
    if case.waits_abroad:
        return _("whoever asked abroad")
    return str(case.holding)


def rows_of(cases: Iterable[Case], reader: Reader, now: dt.datetime) -> list[Row]:
    """Rows for cases that were read with `for_list()`; one query for the calendars they need."""
    listed = list(cases)
    parts = _parts_that_wait(listed, reader)
    timed = [case for case in (*listed, *parts.values()) if case.holding is not None and case.due_at is not None]
    calendars = calendars_for({case.holding.calendar for case in timed if case.holding is not None})
    return [_row(case, parts.get(case.pk), reader, now, calendars) for case in listed]


def _parts_that_wait(cases: list[Case], reader: Reader) -> dict[int, Case]:
    """Of cases in parts the part on which an office waits for the reader, the one that is due first."""
    asked = [case.pk for case in cases if in_parts(case) and is_mine(case, reader)]
    if not asked or reader.scope.role != MEMBER:
        return {}
    waiting = Case.objects.visible_to(reader.scope).filter(parent__in=asked, holder=Holder.APPLICANT)
    return {part.parent_id or 0: part for part in waiting.for_list().order_by("-due_at", "-pk")}


def _row(case: Case, part: Case | None, reader: Reader, now: dt.datetime, calendars: dict[str, WorkingCalendar]) -> Row:
    mine, acts_on = is_mine(case, reader), part or case
    moves = moves_for(acts_on, reader) if mine else []
    return Row(
        case=case,
        state=workflow_of(case).state(case.state),
        public=reads_public_words(case, reader),
        late=acts_on.due_at is not None and acts_on.due_at < now and case.holder != Holder.NOBODY,
        due=due_of(acts_on, reader, now, calendars),
        holder=holder_name(case),
        mine=mine,
        move=moves[0] if moves else None,
        part=part,
    )


def country_names(case: Case) -> list[str]:
    """Names of the countries of a case in its order; a case read by `for_page()` has them already."""
    return list(countries_by_code(case).values())


def topic_names(case: Case) -> list[str]:
    """Labels of the fields of exchange of a case, in its order."""
    return [str(Topic(topic).label) for topic in case.topics if topic in Topic.values]


def countries_by_code(case: Case) -> dict[str, str]:
    """Their names as `country_names`, by code."""
    if (read := vars(case).get("country_names")) is not None:
        language = page_language()
        return {names["code"]: names[language] or names["ja"] for names in read}
    found = Country.objects.in_bulk(case.countries)
    return {code: str(found[code]) for code in case.countries if code in found}


def papers_of(case: Case, scope: Scope) -> list[CaseFile]:
    """The papers of a case and its parts the reader may see, oldest first; read once, however often the page asks."""
    kept: dict[str, Any] = vars(case)
    if "_papers" not in kept:
        kept["_papers"] = list(
            CaseFile.objects.visible_to(scope).filter(case__in=with_its_parts(case)).order_by("created_at", "pk")
        )
    papers: list[CaseFile] = kept["_papers"]
    return papers


def referrals_of(case: Case, scope: Scope) -> list[Referral]:
    """To whom a case was referred, as far as the reader sees it; notes on the way which part is whose (`part_label`)."""
    found = Referral.objects.visible_to(scope).filter(case__in=with_its_parts(case)).select_related("office")
    ordered = list(found.order_by("created_at", "pk"))
    for each in ordered:
        vars(each)["said_why"] = why_of(case, each.why)
        vars(each)["clock"] = clock_of(each)
    vars(case)["_offices_of_parts"] = {each.case_id: each.office for each in ordered if each.case_id != case.pk}
    return [each for each in ordered if each.case_id == case.pk]


def clock_of(referral: Referral) -> list[str]:
    """What the clock of a referral says: until when the office was to answer, and when it did. Empty without a term."""
    said = []
    if referral.due_at and (referral.standing or referral.answered_at):
        said.append(_("Answer by %(day)s") % {"day": when(referral.due_at)})
    if referral.answered_at:
        late = referral.due_at is not None and referral.answered_at > referral.due_at
        words = _("first answer %(day)s, late") if late else _("first answer %(day)s")
        said.append(words % {"day": when(referral.answered_at)})
    return said


# What a referral keeps as its reason may be data, "countries: GB IE": it is said in the language of whoever reads it.
REASONS: dict[str, Callable[[Case, str], str]] = {}


def why_of(case: Case, why: str) -> str:
    """The reason of a referral in the reader's language; what somebody wrote is said as it was written."""
    word, between, data = why.partition(": ")
    said = REASONS.get(word) if between else None
    return said(case, data) if said else why


def _because_of_countries(case: Case, codes: str) -> str:
    named = countries_by_code(case)
    return _("Responsible for %(countries)s") % {"countries": listed(named.get(code, code) for code in codes.split())}


REASONS["countries"] = _because_of_countries


def part_label(case: Case, key: int) -> str:
    """Whose part a line of the whole hangs on; empty: on the whole itself. After `referrals_of`."""
    office = vars(case).get("_offices_of_parts", {}).get(key)
    return _("Part of %(office)s") % {"office": office} if office else ""


def what_others_can_do(case: Case, reader: Reader) -> list[dict[str, str]]:
    """Moves out of this state that the reader cannot make, with the reason; ways not meant for the case are left out."""
    found = []
    for move in workflow_of(case).out_of(case.state):
        if move.applies is not None and not move.applies(case):
            continue
        answer = may_move(case, move, reader)
        if not answer.allowed:
            found.append({"label": str(move.label), "reason": answer.reason})
    return found


def mail_addresses(case: Case, reader: Reader) -> list[dict[str, str]]:
    """The reader's organisation's own signed addresses of a case; none where no mail comes in, or for a draft."""
    if case.filed_at is None or not reader.scope.organisations or why_not_write(case, reader):
        return []
    mine = next((o for o in reader.scope.organisations if o in (case.applicant_id, case.branch_id)), None)
    organisation = mine or reader.scope.organisation
    ways = ((False, _("Only our side")), (True, _("Everybody on the case")))
    found = [{"label": label, "address": address(case.pk, organisation, shared=shared)} for shared, label in ways]
    return [each for each in found if each["address"]]


def parts_shown(
    case: Case, scope: Scope, referrals: Iterable[Referral] = (), *, public: bool = False
) -> list[dict[str, Any]]:
    """How far each office is with its part of a split case; `url` only where the reader may open the part.

    `referrals`: what the page has read already, so that their offices need not be read again.
    """
    if not case.split or case.parent_id is not None:
        return []
    parts = parts_of(case)
    offices = {referral.office_id: referral.office for referral in referrals}
    if missing := {part.office for part in parts} - offices.keys():
        offices |= Organisation.objects.in_bulk(missing)
    states = WORKFLOWS[workflow_of(case).part].state if parts else None
    return [
        {
            "office": offices[part.office],
            "owner": part.owner,
            "state": _of_part(states(part.state), part, public=public) if states else None,
            "due": when(part.due_at) if part.due_at else "",
            "url": path_of(Case(pk=part.id, kind=case.kind))
            if scope.role != OFFICE or part.office in scope.organisations
            else "",
        }
        for part in parts
    ]


def _of_part(state: State, part: Part, *, public: bool) -> ShownState:
    late = part.due_at is not None and part.due_at < timezone.now() and not state.ended
    return shown_state(state, public=public, late=late)


def steps_of(case: Case, *, public: bool = False) -> list[dict[str, str]]:
    """The step bar: past, now, next. A state beside the bar (waiting for information) stays at the step it left."""
    workflow = workflow_of(case)
    now = workflow.state(case.state)
    place = now.step if now.step is not None else _step_beside(case)
    found = []
    for state in workflow.steps:
        assert state.step is not None
        kind = (
            "past"
            if state.step < place or (now.ended and now.step == state.step)
            else "now"
            if state.step == place
            else "next"
        )
        found.append({"label": str(state.public if public else state.label), "state": kind, "note": ""})
    return found


def _step_beside(case: Case) -> int:
    sources = [t for t in workflow_of(case).transitions if t.target == case.state]
    steps = [workflow_of(case).state(source).step for t in sources for source in t.sources]
    return max((step for step in steps if step is not None), default=0)


def timeline_of(case: Case, entries: Iterable[Entry], notes: Iterable[Note], reader: Reader) -> list[dict[str, Any]]:
    """Log and messages as one story, newest first."""
    told = [_told(case, entry, reader) for entry in entries if entry.event != "casework.note.written"]
    said = [_said(case, note) for note in notes]
    return sorted(told + said, key=lambda item: item["at"], reverse=True)


def when(moment: dt.datetime) -> str:
    """A moment in the reader's zone, as the page's language writes it."""
    local = timezone.localtime(moment)
    if in_japanese():
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    return date_format(local, "j M Y H:i")


def _told(case: Case, entry: Entry, reader: Reader) -> dict[str, Any]:
    at = entry.at or timezone.now()
    item = {
        "at": at,
        "when": when(at),
        "iso": timezone.localtime(at).isoformat(timespec="minutes"),
        "author": "",
        "kind": "event",
        "text": sentence(entry.event, entry.actor, entry.params),
        "part": part_label(case, int(entry.subject_id)),
    }
    if entry.params.get("after"):
        whole, public = workflow_of(case), reads_public_words(case, reader)
        workflow = whole if entry.subject_id == str(case.pk) else WORKFLOWS[whole.part]
        before, after = (workflow.state(entry.params[name]) for name in ("before", "after"))
        item |= {
            "kind": "state",
            "before": shown_state(before, public=public),
            "after": shown_state(after, public=public),
        }
    return item


def _said(case: Case, note: Note) -> dict[str, Any]:
    return {
        "at": note.created_at,
        "when": when(note.created_at),
        "iso": timezone.localtime(note.created_at).isoformat(timespec="minutes"),
        "author": in_language(note.signature),
        "kind": "shared" if note.shared else "internal",
        "label": "" if note.shared else _("Only %(side)s") % {"side": Side(note.side).label},
        "text": note.body,
        "part": part_label(case, note.case_id),
    }
