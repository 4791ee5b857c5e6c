"""Projects: begun and kept by an office, told in dated sentences. Each call is one action: check, change, log."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import Names, record
from clair_portal.casework.models import Case
from clair_portal.casework.rules import Conflict, NotAllowed
from clair_portal.gatherings.models import Event
from clair_portal.language import folding
from clair_portal.network.models import Organisation, Succession
from clair_portal.network.services import names
from clair_portal.projects.enums import State
from clair_portal.projects.models import Project, ProjectCase, ProjectEvent, ProjectNote, ProjectParty
from clair_portal.walls.roles import OFFICE

FIRST = zoneinfo.ZoneInfo("Pacific/Kiritimati")  # where every day comes first
# What stands in the story when a state is changed without a sentence of one's own: Japanese, English.
SENTENCES: dict[str, tuple[str, str]] = {
    State.PLANNED: ("準備を始めました。", "Planning has begun."),
    State.ACTIVE: ("活動しています。", "It is active."),
    State.DORMANT: ("休止しました。", "It is dormant."),
    State.ENDED: ("終了しました。", "It has ended."),
}


def may_write(project: Project, reader: Reader) -> bool:
    """An office writes its own."""
    return may_add_cases(reader) and project.office_id in reader.scope.organisations


def may_add_cases(reader: Reader) -> bool:
    """People of offices who work on cases, to projects of their own office."""
    return reader.scope.role == OFFICE and reader.can("cases.work")


def _must_be_ours(project: Project, actor: Reader) -> None:
    if not may_write(project, actor):
        raise NotAllowed(_("Only the office that keeps the project can change it."))


def title_of(project: Project) -> Names:
    """The title per language."""
    ja, en = project.title_ja, project.title_en  # type: ignore[attr-defined]
    return {"ja": ja or en or "", "en": en or ja or ""}


@transaction.atomic
def begin_project(
    *, values: dict[str, Any], parties: Iterable[Organisation], state: str, day: dt.date, case: Case | None = None,
    actor: Reader, now: dt.datetime,
) -> Project:  # fmt: skip
    """A project of the acting office with its first dated sentence; `case`: the first case of it."""
    project = Project(
        office_id=actor.scope.organisation, state=state, state_on=day, created_at=now, changed_at=now, **values
    )
    _must_be_ours(project, actor)
    project.save(force_insert=True)
    _set_parties(project, list(parties))
    _note(project, day=day, text_ja="", text_en="", state=state, source="", actor=actor, now=now)
    record("projects.project.begun", project, actor=actor.signature, title=title_of(project))
    if case is not None:
        add_case(project, case, actor=actor, now=now)
    return project


@transaction.atomic
def change_project(
    project: Project, *, values: dict[str, Any], parties: Iterable[Organisation], version: int, actor: Reader,
    now: dt.datetime,
) -> Project:  # fmt: skip
    """Title, strands, beginning, source and parties. `version`: the one the person saw; Conflict when another one holds."""
    _must_be_ours(project, actor)
    locked = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    if version != locked.version:
        raise Conflict(_("Somebody else changed this project while you had it open. Look at it again."))
    for name, value in values.items():
        setattr(locked, name, value)
    locked.version, locked.changed_at = locked.version + 1, now
    locked.save(update_fields=[*values, "version", "changed_at"])
    _set_parties(locked, list(parties))
    record("projects.project.changed", locked, actor=actor.signature, title=title_of(locked))
    return locked


def _set_parties(project: Project, parties: list[Organisation]) -> None:
    wanted = {party.pk for party in parties}
    known = set(ProjectParty.objects.filter(project=project).values_list("organisation_id", flat=True))
    ProjectParty.objects.filter(project=project, organisation__in=known - wanted).delete()
    missing = [party for party in parties if party.pk not in known]
    ProjectParty.objects.bulk_create([ProjectParty(project=project, organisation=party) for party in missing])
    keys = (*title_of(project).values(), *(party.folded_names() for party in parties))
    project.search_text = folding.search_key(*keys)
    project.save(update_fields=["search_text"])


# --- Dated sentences --------------------------------------------------------------------------------------------------
@transaction.atomic
def write_sentence(
    project: Project, *, day: dt.date, text_ja: str = "", text_en: str = "", state: str = "", source: str = "",
    actor: Reader, now: dt.datetime,
) -> ProjectNote:  # fmt: skip
    """What happened on a day. With another `state` than the project has then, it changes on that day, which may still
    come; then no words are needed."""
    _must_be_ours(project, actor)
    locked = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    state = "" if state == _state_on(locked, day) else state
    if not (state or text_ja or text_en):
        raise NotAllowed(_("Write what happened, or choose another state."))
    note = _note(locked, day=day, text_ja=text_ja, text_en=text_en, state=state, source=source, actor=actor, now=now)
    _follow_sentences(locked, now)
    event = "projects.state.changed" if state else "projects.sentence.written"
    record(event, locked, actor=actor.signature, title=title_of(locked), day=day.isoformat(), state=state)
    return note


def _note(
    project: Project, *, day: dt.date, text_ja: str, text_en: str, state: str, source: str, actor: Reader,
    now: dt.datetime,
) -> ProjectNote:  # fmt: skip
    if not (text_ja or text_en):
        text_ja, text_en = SENTENCES[state]
    note = ProjectNote(
        project=project, day=day, text_ja=text_ja, text_en=text_en, state=state, source=source,
        author_id=actor.scope.organisation, person=actor.person, signature=actor.signature, created_at=now,
    )  # fmt: skip
    note.save(force_insert=True)
    return note


def _with_state(project: Project) -> QuerySet[Any]:
    """Sentences that say how it stands, the latest first."""
    return ProjectNote.objects.filter(project=project).exclude(state="").order_by("-day", "-pk")


def _state_on(project: Project, day: dt.date) -> str:
    """How the project stands on a day, as far as is known now; "" before its first sentence."""
    return _with_state(project).filter(day__lte=day).values_list("state", flat=True).first() or ""


def _follow_sentences(project: Project, now: dt.datetime) -> None:
    _stand_as_said(project, now)
    project.changed_at = now
    project.save(update_fields=["state", "state_on", "changed_at"])


def _stand_as_said(project: Project, now: dt.datetime) -> bool:
    """The project stands as the latest sentence with a state says whose day has come where the office is; one of an
    earlier day changes nothing. Where none has come yet, the first one holds. Says whether it stood otherwise before."""
    said, before = _with_state(project), (project.state, project.state_on)
    latest = said.filter(day__lte=today_at(project, now)).first() or said.last()
    if latest is not None:
        project.state, project.state_on = latest.state, latest.day
    return (project.state, project.state_on) != before


def today_at(project: Project, now: dt.datetime) -> dt.date:
    """The day it is where its office is, by which its sentences count."""
    return timezone.localdate(now, zoneinfo.ZoneInfo(project.office.time_zone))


def follow_the_calendar(now: dt.datetime) -> None:
    """Schedule: a sentence of a day that was still to come counts when the day has come where the office is."""
    newest = now.astimezone(FIRST).date()
    come = ProjectNote.objects.exclude(state="").filter(day__gt=F("project__state_on"), day__lte=newest)
    due = Q(pk__in=come.values("project")) | Q(state_on__gt=newest)  # these were once changed before their day
    for project in Project.objects.select_for_update(of=("self",)).select_related("office").filter(due).order_by("pk"):
        if _stand_as_said(project, now):
            project.changed_at = now
            project.save(update_fields=["state", "state_on", "changed_at"])


@transaction.atomic
def correct_sentence(note: ProjectNote, *, values: dict[str, Any], actor: Reader, now: dt.datetime) -> None:
    """Day, words and source of a sentence; the state it brought stays."""
    _must_be_ours(note.project, actor)
    project = Project.objects.select_for_update(of=("self",)).get(pk=note.project_id)
    for name, value in values.items():
        setattr(note, name, value)
    note.save(update_fields=list(values))
    _follow_sentences(project, now)
    record("projects.sentence.corrected", project, actor=actor.signature, title=title_of(project))


# --- Cases ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_case(project: Project, case: Case, *, actor: Reader, now: dt.datetime) -> bool:
    """The whole case joins the project, also when a part of it is given; whether it was not there yet."""
    _must_be_ours(project, actor)
    if case.filed_at is None:
        raise NotAllowed(_("A draft cannot join a project. File it first."))
    whole = case.parent_id or case.pk
    if ProjectCase.objects.filter(project=project, case=whole).exists():
        return False
    ProjectCase(project=project, case_id=whole, added_at=now).save(force_insert=True)
    record("projects.case.added", project, actor=actor.signature, title=title_of(project), number=_number(case))
    return True


def _number(case: Case) -> str:
    return (case.number if case.parent_id is None or case.parent is None else case.parent.number) or ""


@transaction.atomic
def remove_case(project: Project, case: Case, *, actor: Reader) -> None:
    """Takes a whole case out of a project, also when a part of it is given; the case itself stays as it is."""
    _must_be_ours(project, actor)
    gone, _rows = ProjectCase.objects.filter(project=project, case=case.parent_id or case.pk).delete()
    if gone:
        record("projects.case.removed", project, actor=actor.signature, title=title_of(project), number=_number(case))


# --- Events -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_event(project: Project, event: Event, *, actor: Reader, now: dt.datetime) -> bool:
    """An event joins the project; whether it was not there yet."""
    _must_be_ours(project, actor)
    if ProjectEvent.objects.filter(project=project, event=event).exists():
        return False
    ProjectEvent(project=project, event=event, added_at=now).save(force_insert=True)
    record("projects.event.added", project, actor=actor.signature, title=title_of(project), called=event.titles)
    return True


@transaction.atomic
def remove_event(project: Project, event: Event, *, actor: Reader) -> None:
    """Takes an event out of a project; the event itself stays as it is."""
    _must_be_ours(project, actor)
    gone, _rows = ProjectEvent.objects.filter(project=project, event=event).delete()
    if gone:
        record("projects.event.removed", project, actor=actor.signature, title=title_of(project), called=event.titles)


# --- After a merger ---------------------------------------------------------------------------------------------------
def move_parties(succession: Succession, actor: Names, now: dt.datetime) -> int:
    """The successor takes the place of the former body in projects that go on; ended ones keep who took part."""
    former, heir = succession.predecessor_id, succession.successor_id
    there = ProjectParty.objects.filter(organisation=heir).values("project")
    open_ones = ProjectParty.objects.filter(organisation=former).exclude(project__state=State.ENDED)
    moving = list(open_ones.exclude(project__in=there).select_related("project"))
    ProjectParty.objects.filter(pk__in=[party.pk for party in moving]).update(organisation_id=heir)
    for party in moving:
        record(
            "projects.party.succeeded", party.project, actor=actor, predecessor=names(succession.predecessor),
            successor=names(succession.successor), title=title_of(party.project),
        )  # fmt: skip
    return len(moving)
