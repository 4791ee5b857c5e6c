"""One case on paper (起案用): everything its page shows to this reader, with its whole story and the list of its papers.

What decides the content is the content itself: as long as nothing changed for the reader's side, the file stays the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.approvals import voiding
from clair_portal.approvals.kinds import label_of
from clair_portal.approvals.models import Approval
from clair_portal.approvals.presentation import stamps_of
from clair_portal.audit.models import EmergencyReading
from clair_portal.audit.sentences import in_language
from clair_portal.audit.services import record
from clair_portal.calendars.zones import city_name, in_both_zones
from clair_portal.casework import presentation
from clair_portal.casework.kinds import KINDS
from clair_portal.casework.models import Assignment, Case, CaseFile, Note, Referral, Task
from clair_portal.casework.moments import known
from clair_portal.casework.queries import story_of, with_its_parts
from clair_portal.casework.rules import side_for_papers
from clair_portal.casework.workflow import workflow_of
from clair_portal.outbox.jobs import Progress
from clair_portal.reports import blocks, pdf
from clair_portal.reports.blocks import Block, Column, TimelineEntry
from clair_portal.reports.documents import Made, Params, ReportKind, declare
from clair_portal.walls.roles import HEADQUARTERS

KIND = "casework.case_file"
READ = "casework.case_file.read"
NOT_HISTORY = (READ, "casework.file.read")  # who read what is in the log; it does not change the case
Sections = Callable[[Case, Reader], list[Block]]
_SECTIONS: dict[str, Sections] = {}


def add_sections(kind: str, sections: Sections) -> None:
    """What a pillar prints between the details and the papers of its kind of case. Called in ready()."""
    _SECTIONS[kind] = sections


def params_of(case: Case) -> Params:
    return {"case": case.pk}


def _case(reader: Reader, params: Params) -> Case:
    """LookupError: no such case, or not for this reader."""
    found = Case.objects.visible_to(reader.scope).for_list().with_parts(reader.scope).filter(pk=params["case"]).first()
    if found is None:
        raise LookupError(params["case"])
    return found


def title(reader: Reader, params: Params) -> str:
    return _("PDF of the case %(case)s") % {"case": _case(reader, params)}


def is_personal(reader: Reader, params: Params) -> bool:
    """Whoever opened the internal papers of other sides in an emergency sees what colleagues do not."""
    if reader.scope.role != HEADQUARTERS:
        return False
    of_whole = Q(pk=params["case"]) | Q(parent=params["case"])
    keys = Case.objects.visible_to(reader.scope).filter(of_whole).values(key=Cast("pk", TextField()))
    return EmergencyReading.objects.open_to(reader.person).filter(
        subject_type="casework.case", subject_id__in=keys
    ).exists()  # fmt: skip


def content(reader: Reader, params: Params) -> dict[str, Any]:
    """What is printed, in the active language and on the reader's clock."""
    case = _case(reader, params)
    detail, referrals = KINDS[case.kind].detail(case), presentation.referrals_of(case, reader.scope)
    sections = _SECTIONS.get(case.kind)
    return {
        "title": f"{case.number or _('draft')} {case.title}",
        "subtitle": _route(case),
        "running": f"{case.number or _('draft')} {case.title}",
        "blocks": [
            _now(case, reader),
            blocks.heading(_("Details")),
            blocks.facts(KINDS[case.kind].facts(case, detail)),
            *(sections(case, reader) if sections else []),
            *_parts(case, reader),
            *_referrals(case, referrals),
            *_tasks(case, reader),
            *_papers(case, reader),
            *_approvals(case, reader),
            *_story(case, reader),
            _closing(reader),
        ],
    }


def make(reader: Reader, params: Params, at: dt.datetime, progress: Progress) -> Made:
    data = {**content(reader, params), "sample": settings.DEMO}
    case = _case(reader, params)
    printed = pdf.render("document", data, language=get_language() or "en", made_at=at)
    return Made(printed, f"{case.number or _('draft')}.pdf")


def note_reading(reader: Reader, params: Params) -> None:
    """A PDF carries the whole case out of the portal: its side sees in the log who took it along."""
    case = _case(reader, params)
    record(READ, case, actor=reader.signature, side=side_for_papers(reader))


# --- Parts of the document ----------------------------------------------------------------------------------------------
def _route(case: Case) -> str:
    """From whom it came through whom: 小樽市 → 北海道."""
    through = [case.branch] if case.branch is not None and case.branch != case.applicant else []
    return " → ".join(str(place) for place in (case.applicant, *through))


def _now(case: Case, reader: Reader) -> Block:
    """Where the case stands, in the words its page has for this reader."""
    state, public = workflow_of(case).state(case.state), presentation.reads_public_words(case, reader)
    in_charge = Assignment.objects.visible_to(reader.scope).filter(case__in=with_its_parts(case)).order_by("since")
    people = [
        f"{at.posting.person} ({at.organisation})" for at in in_charge.select_related("posting__person", "organisation")
    ]
    pairs = [
        (_("State"), presentation.shown_state(state, public=public).label),
        (_("Who has the ball"), presentation.holder_name(case) or _("nobody")),
        (_("What happens next"), state.next_for(public=public) or "–"),
        (_("Deadline"), _deadline(case, reader)),
        (_("Stages of the case"), _stages(case, public)),
        (_("Filed"), _moment(case.filed_at)),
        *([(pgettext("case", "Closed on"), _moment(case.closed_at))] if case.closed_at else []),
        (_("In charge"), "\n".join(people) or "–"),
    ]
    return blocks.facts(pairs)


def _moment(moment: dt.datetime | None) -> str:
    if moment is None:
        return "–"
    return presentation.when(moment) if known(moment) else _("not known")


def _deadline(case: Case, reader: Reader) -> str:
    """In the zone of whoever holds the case, with the reader's zone beside it; no count of days left, which paper cannot keep."""
    if case.due_at is None or case.holding is None:
        return "–"
    there = reader.time_zone if reader.time_zone != case.due_zone else "Asia/Tokyo"
    both = in_both_zones(case.due_at, case.due_zone, there, get_language() or "en", now=case.moved_at)
    return " = ".join(part for part in (both.main, both.other) if part)


def _stages(case: Case, public: bool) -> str:
    marks = {"past": "%s", "now": "【%s】", "next": "%s"}
    return " → ".join(marks[step["state"]] % step["label"] for step in presentation.steps_of(case, public=public))


def _parts(case: Case, reader: Reader) -> list[Block]:
    """How far each office is with its part of a split case."""
    shown = presentation.parts_shown(case, reader.scope, public=presentation.reads_public_words(case, reader))
    rows = [(part["office"], part["state"].label) for part in shown if part["state"]]
    columns = [Column(_("Office"), 1), Column(_("State"), 1)]
    return _table(_("Offices working on it"), columns, rows)


def _referrals(case: Case, referrals: list[Referral]) -> list[Block]:
    rows = [
        (
            referral.office,
            "\n".join((referral.get_state_display(), *presentation.clock_of(referral))),
            "\n".join(filter(None, (presentation.why_of(case, referral.why), referral.reason))),
        )
        for referral in referrals
    ]
    return _table(_("Referred to"), [Column(_("Office"), 2), Column(_("State"), 2), Column(_("Reason"), 4)], rows)


def _tasks(case: Case, reader: Reader) -> list[Block]:
    language = get_language() or "en"
    rows = [
        (
            _of_part(case, task.case_id, task.title),
            pdf.written_day(task.due_on, language) if task.due_on else "–",
            f"{presentation.when(task.done_at)} {in_language(task.done_by)}" if task.done_at else _("open"),
        )
        for task in Task.objects.visible_to(reader.scope)
        .filter(case__in=with_its_parts(case))
        .order_by("created_at", "id")
    ]
    return _table(_("Tasks"), [Column(_("Task"), 3), Column(_("To be done by"), 2), Column(_("Done"), 3)], rows)


def _papers(case: Case, reader: Reader) -> list[Block]:
    """With the digest of each, so that a copy can be compared with what the portal has."""
    papers = (
        CaseFile.objects.visible_to(reader.scope)
        .filter(case__in=with_its_parts(case))
        .select_related("author")
        .order_by("created_at", "id")
    )
    rows = [
        (
            f"{paper.name}\nSHA-256 {paper.sha256}",
            _of_part(case, paper.case_id, f"{paper.author}\n{presentation.when(paper.created_at)}"),
            filesizeformat(paper.size),
            "\n".join([_("shared") if paper.shared else _("internal"), *_not_yet_checked(paper)]),
        )
        for paper in papers
    ]
    columns = [
        Column(_("Name"), 6),
        Column(pgettext("paper", "From"), 3),
        Column(_("Size"), 2, number=True),
        Column(_("Who sees it"), 2),
    ]
    return _table(_("Papers"), columns, rows, _("No papers yet."))


def _approvals(case: Case, reader: Reader) -> list[Block]:
    """Each with its stamps as they are; only the organisation that decides sees them."""
    together = with_its_parts(case)
    approvals = Approval.objects.visible_to(reader.scope).of("casework.case", *together)
    found = sorted(approvals, key=lambda each: together.index(int(each.subject_id)))
    content = [blocks.heading(pgettext("decision", "Approvals"))] if found else []
    for approval in found:
        shown = voiding.look_again(approval, now=timezone.now())
        drafted = _("Drafted by %(name)s, %(when)s.") % {
            "name": in_language(shown.drafted_as), "when": presentation.when(shown.created_at)
        }  # fmt: skip
        label = _of_part(case, int(shown.subject_id), str(label_of(shown.kind)), " – ")
        content += [blocks.heading(label, 2), blocks.quiet(f"{shown.get_state_display()}  {drafted}")]
        content += [blocks.stamps(stamps_of(shown))]
    return content


def _of_part(case: Case, key: int, words: str, between: str = "\n") -> str:
    """With the office whose part of a split case it hangs on."""
    return between.join(filter(None, (words, presentation.part_label(case, key))))


def _not_yet_checked(paper: CaseFile) -> list[str]:
    return [] if paper.may_be_read else [paper.get_check_state_display()]


def _table(heading: str, columns: list[Column], rows: Iterable[tuple[Any, ...]], empty: str = "") -> list[Block]:
    """A section with a table; without rows only `empty`, and nothing at all where that is not given."""
    lines = list(rows)
    if not lines:
        return [blocks.heading(heading), blocks.text(empty)] if empty else []
    return [blocks.heading(heading), blocks.table(columns, lines)]


def _story(case: Case, reader: Reader) -> list[Block]:
    """The log and the messages, oldest first, as far as this reader's side sees them."""
    entries = story_of(case, reader.scope).exclude(event__in=NOT_HISTORY)
    if not is_personal(reader, params_of(case)):  # headquarters reads the whole log, but paper leaves the portal
        entries = entries.filter(side__in=("", side_for_papers(reader)))
    notes = Note.objects.visible_to(reader.scope).filter(case__in=with_its_parts(case)).defer("terms")
    told = [_told(item) for item in reversed(presentation.timeline_of(case, entries, notes, reader))]
    return [blocks.heading(_("Story of the case")), blocks.timeline(told)]


def _told(item: dict[str, Any]) -> TimelineEntry:
    if item["kind"] in ("shared", "internal"):
        label = item["label"] or _("shared")
        said = " – ".join(filter(None, (_("Message (%(who)s)") % {"who": label}, item["part"])))
        return TimelineEntry(item["when"], item["author"], said, item["text"])
    change = f"{item['before'].label} → {item['after'].label}" if item["kind"] == "state" else ""
    return TimelineEntry(item["when"], item["part"], item["text"], change)


def _closing(reader: Reader) -> Block:
    seen = _("Printed is what %(organisation)s sees of this case. Times are those of %(city)s.") % {
        "organisation": reader.chosen.organisation_name if reader.chosen else "–",
        "city": city_name(reader.time_zone, get_language() or "en"),
    }
    return blocks.quiet(seen + " " + _("Who read papers is in the log of the portal and not in this story."))


declare(ReportKind(KIND, title, content, make, is_personal, note_reading))
