"""States to choose from in lists of cases of several kinds: each wording once, under its kind where only one kind has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter

from django.db.models import Q

from clair_portal.accounts.reader import Reader
from clair_portal.casework.enums import Holder
from clair_portal.casework.presentation import is_requester
from clair_portal.casework.queries import CaseQuerySet
from clair_portal.casework.search import Among
from clair_portal.casework.workflow import WORKFLOWS, State, Workflow
from clair_portal.walls.roles import MEMBER, OFFICE


@dataclass
class Choice:
    """A wording, and of which states of which kinds it is said. `kinds`: without parts, which count as their whole."""

    words: str
    keys: dict[str, None] = field(default_factory=dict)
    of: dict[str, None] = field(default_factory=dict)
    kinds: dict[str, None] = field(default_factory=dict)
    value: str = ""

    @property
    def heading(self) -> str:
        """The kind, where only one has it."""
        return next(iter(self.kinds)) if len(self.kinds) == 1 else ""


def workflows_for(reader: Reader) -> list[Workflow]:
    """Parts of a whole stand in the lists of offices only; a requester has only what is drafted here."""
    parts = {workflow.part for workflow in WORKFLOWS.values()}
    if reader.scope.role == OFFICE:
        return list(WORKFLOWS.values())
    wholes = [each for each in WORKFLOWS.values() if each.kind not in parts]
    return [each for each in wholes if reader.scope.role != MEMBER or any(map(_is_draft, each.states))]


def _is_draft(state: State) -> bool:
    return state.step == 0 and state.holder == Holder.APPLICANT


def choices_for(reader: Reader) -> list[Choice]:
    """In the words of the reader's side and the order of the workflows: first what several kinds have, then each kind's own."""
    workflows, public = workflows_for(reader), is_requester(reader)
    wholes = {each.part: each for each in WORKFLOWS.values() if each.part}
    found: dict[str, Choice] = {}
    for workflow in workflows:
        for state in workflow.states:
            if _is_draft(state) and reader.scope.role != MEMBER:
                continue  # a draft is the requester's own
            words = str(state.public if public else state.label)
            choice = found.setdefault(words, Choice(words))
            choice.keys[state.key] = choice.of[workflow.kind] = None
            choice.kinds[str(wholes.get(workflow.kind, workflow).label)] = None
    for choice in found.values():
        choice.value = _value(choice, workflows)
    order = {str(each.label): number for number, each in enumerate(workflows)}
    return sorted(found.values(), key=lambda choice: order.get(choice.heading, -1))


def _value(choice: Choice, workflows: Iterable[Workflow]) -> str:
    """The keys; with the kinds, where another kind says something else of one of them."""
    having = {each.kind for each in workflows if choice.keys.keys() & set(map(attrgetter("key"), each.states))}
    value = ",".join(choice.keys)
    return value if having == choice.of.keys() else f"{value}@{','.join(choice.of)}"


def headings_for(reader: Reader) -> dict[str, str]:
    """The kind above each value, "" above those of several kinds."""
    choices = choices_for(reader)
    several = any(choice.heading != choices[0].heading for choice in choices)
    return {choice.value: choice.heading for choice in choices} if several else {}


def narrow(rows: CaseQuerySet, values: list[str], reader: Reader) -> CaseQuerySet:
    """`values`: of choices, or single keys."""
    wanted = Q()
    for value in values:
        keys, _at, kinds = value.partition("@")
        wanted |= Q(state__in=keys.split(",")) & (Q(kind__in=kinds.split(",")) if kinds else Q())
    return rows.filter(wanted)


def sought(values: list[str]) -> list[Among] | None:
    """The same for the search, which knows keys of states alone."""
    keys = [key for value in values for key in value.split(",")]
    return None if any("@" in value for value in values) else [Among("state", keys)]
