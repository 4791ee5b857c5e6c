from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.casework.enums import ALL_SIDES, Holder, Side
from clair_portal.casework.models import Case
from clair_portal.casework.posts import path_of, posts_of
from clair_portal.casework.rules import NotAllowed, over, sides_of, why_not_write
from clair_portal.casework.shown import Shown, changed_values
from clair_portal.casework.texts import terms_of
from clair_portal.language.words import shortened
from clair_portal.outbox.services import tell
from clair_portal.walls.scope import Scope
from offices.models import Feedback, OfficeReport, WorkEntry
from offices.workflow import FINISHED

AT_WORK = {"accepted", "plan_asked", "in_progress", "more_asked", "reported"}
DRAFTED = ("body", "outcome")


def may_log(case: Case, reader: Reader) -> bool:
    """An office logs work on what it has accepted, on its own part where a request is split."""
    return (
        Holder.OFFICE in sides_of(case, reader)
        and not case.split
        and case.state in AT_WORK
        and reader.can("cases.work")
    )


@transaction.atomic
def log_work(
    case: Case, *, kind: str, day: dt.date, hours: Decimal, summary: str, shared: bool, actor: Reader, now: dt.datetime
) -> WorkEntry:
    """One piece of work. A shared one is progress: requester, branch and headquarters are told. Raises NotAllowed."""
    if not may_log(case, actor):
        raise NotAllowed(over(case) or _("Work is logged by an office on a request it has accepted."))
    entry = WorkEntry(
        case=case, author_id=actor.scope.organisation, person=actor.person, signature=actor.signature, side=Side.OFFICE,
        shared=shared, kind=kind, day=day, hours=hours, summary=summary, created_at=now,
    )  # fmt: skip
    entry.save(force_insert=True)
    noted = record(
        "offices.work.logged",
        case,
        actor=actor.signature,
        side="" if shared else Side.OFFICE,
        summary=shortened(summary, 200),
    )
    if shared:
        params = {
            "number": case.number,
            "title": case.title,
            "actor": actor.signature,
            "summary": shortened(summary, 500),
        }
        posts = posts_of(case, ALL_SIDES)
        tell("offices.work.logged", case, posts=posts, params=params, path=path_of(case) + "#work",
             occasion=str(noted.pk), but_not=actor.person)  # fmt: skip
    return entry


def change_work(entry: WorkEntry, *, values: dict[str, object], actor: Reader) -> None:
    """An office corrects its own entry; the log says that it did. Raises NotAllowed for the entry of another office, and
    on a case the office passed on."""
    if reason := why_not_write(entry.case, actor):
        raise NotAllowed(reason)
    changed = WorkEntry.objects.filter(pk=entry.pk, author=actor.scope.organisation).update(
        **values, terms=terms_of(str(values["summary"]))
    )
    if not changed:
        raise NotAllowed(_("Only the office that wrote the entry can change it."))
    side = "" if values.get("shared", entry.shared) else Side.OFFICE
    record(
        "offices.work.changed",
        entry.case,
        actor=actor.signature,
        side=side,
        summary=shortened(str(values["summary"]), 200),
    )


def hours_of(entries: Iterable[WorkEntry]) -> Decimal:
    """Hours of the entries a page or a paper shows."""
    return sum((entry.hours for entry in entries), Decimal(0))


def _of_whole(case: Case) -> Q:
    return Q(case=case) | Q(case__parent=case)


def work_on(case: Case, scope: Scope) -> list[WorkEntry]:
    """Newest first; a whole shows the shared work of its parts."""
    entries = WorkEntry.objects.visible_to(scope).filter(_of_whole(case))
    return list(entries.select_related("author").defer("terms").order_by("-day", "-pk"))


def report_draft(case: Case, scope: Scope) -> OfficeReport:
    """The section the reader's office is writing; an empty one where it has not begun."""
    held = OfficeReport.objects.visible_to(scope).filter(case=case.parent_id or case.pk, sent_at=None)
    return held.filter(office__in=scope.organisations).first() or OfficeReport()


@transaction.atomic
def save_report(
    case: Case, *, body: str, outcome: str, shown: Shown | None = None, actor: Reader, now: dt.datetime
) -> None:
    """Keeps what is written so far; nobody but the office reads it before it is sent.

    `shown`: what the page showed; Conflict when a colleague saved other words since. Raises NotAllowed after the report
    was sent, until the case is opened again: then the next report begins.
    """
    whole, office = case.parent_id or case.pk, actor.scope.organisation
    kept = OfficeReport.objects.filter(case=whole, office=office)
    if case.state in FINISHED and kept.exclude(sent_at=None).exists():
        raise NotAllowed(_("The report was sent already."))
    draft, _new = OfficeReport.objects.select_for_update().get_or_create(
        case_id=whole, office_id=office, sent_at=None, defaults={"signature": actor.signature, "changed_at": now}
    )
    changes = changed_values({"body": body, "outcome": outcome}, shown=shown, stored=draft)
    if "body" in changes:
        changes["terms"] = terms_of(body)
    OfficeReport.objects.filter(pk=draft.pk).update(**changes, signature=actor.signature, changed_at=now)


def is_asked_for_feedback(case: Case, reader: Reader) -> bool:
    """The requester, when there is a report."""
    on_side = Holder.APPLICANT in sides_of(case, reader) and case.parent_id is None
    return on_side and case.state in FINISHED


def may_give_feedback(case: Case, reader: Reader) -> bool:
    """Once a report: another one, after the case was opened again, may be answered again."""
    sent = OfficeReport.objects.visible_to(reader.scope).filter(case=case).aggregate(last=Max("sent_at"))["last"]
    said = Feedback.objects.visible_to(reader.scope).filter(case=case).aggregate(last=Max("created_at"))["last"]
    return is_asked_for_feedback(case, reader) and is_news(sent, said)


def is_news(sent: dt.datetime | None, said: dt.datetime | None) -> bool:
    """Whether the requester has not answered the last report. `sent`: when it was; `said`: when they answered last."""
    return said is None or (sent is not None and sent > said)


@transaction.atomic
def give_feedback(case: Case, *, score: int, comment: str, actor: Reader, now: dt.datetime) -> Feedback:
    """Raises NotAllowed: not the requester, no report yet, or said already."""
    Case.objects.visible_to(actor.scope).select_for_update(of=("self",)).filter(pk=case.pk).first()
    if not may_give_feedback(case, actor):
        raise NotAllowed(_("Feedback is given once, by the requester, when there is a report."))
    number = Feedback.objects.filter(case=case).count() + 1
    feedback = Feedback(
        case=case, number=number, score=score, comment=comment, signature=actor.signature, created_at=now
    )
    feedback.save(force_insert=True)
    noted = record("offices.feedback.given", case, actor=actor.signature, score=str(score))
    params = {
        "number": case.number,
        "title": case.title,
        "actor": actor.signature,
        "score": str(score),
        "comment": shortened(comment, 500),
    }
    tell("offices.feedback.given", case, posts=posts_of(case, [Holder.HEADQUARTERS, Holder.OFFICE]), params=params,
         path=path_of(case), occasion=str(noted.pk), but_not=actor.person)  # fmt: skip
    return feedback
