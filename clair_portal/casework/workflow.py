"""Workflows are data: frozen dataclasses that say who may move a case from where to where, and who is told.

Diagrams, buttons, badges and the "who will be told" table are all read from here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clair_portal.casework.enums import Holder, ReferralState

if TYPE_CHECKING:
    from clair_portal.casework.models import Case

Text = Promise | str
Effect = Callable[..., dict[str, Any] | None]


@dataclass(frozen=True)
class State:
    """One status with two names: `label` for staff, `public` for the requester. `tone` and `fill` draw the badge.
    `next_step`: what happens next, said to everybody; `public_next`: said to the requester, where that is other words."""

    key: str
    label: Text
    public: Text
    holder: Holder
    tone: str = ""
    fill: int = 0
    next_step: Text = ""
    business_days: int | None = None  # term in business days of whoever holds the case
    step: int | None = None  # place in the step bar; None: beside it
    public_next: Text = ""

    def next_for(self, *, public: bool) -> Text:
        return (public and self.public_next) or self.next_step

    @property
    def ended(self) -> bool:
        return self.holder == Holder.NOBODY

    def public_for(self, office: object) -> str:
        """What the requester reads; `office`: the one that has the case, where the words name it."""
        return str(self.public).replace("%(office)s", str(office))


@dataclass(frozen=True)
class Transition:
    """An allowed move. `by`: which side moves it; `right`: what the posting must give; `told`: which sides hear of it."""

    key: str
    label: Text
    sources: tuple[str, ...]
    target: str
    by: Holder
    right: str
    event: str
    told: tuple[Holder, ...] = ()
    reason: bool = False
    main: bool = False
    stop: bool = False
    explanation: Text = ""
    referral: ReferralState | None = None  # what becomes of the standing referrals
    applies: Callable[[Case], bool] | None = field(default=None, compare=False)  # None: to every case
    effect: Effect | None = field(default=None, compare=False)
    form: str = ""  # name of a pillar's form that collects what the effect needs
    suspends: bool = False  # the other side is asked: the clock of whoever asks stands until `resumes`
    resumes: bool = False  # leads back to the step that asked, its clock goes on; any other step begins its own term
    parts: str = ""  # state into which the open parts of a split case go with it
    by_former: bool = False  # made by the office that offered the case to another, as long as that has not answered
    told_former: bool = False  # offices that passed the case on and read along hear of it as well
    former: ReferralState | None = (
        None  # what becomes of the office that offered the case: it works again, or reads along
    )

    @property
    def who(self) -> Text:
        """Who makes it, in words."""
        return _("office that passed it on") if self.by_former else self.by.label

    @property
    def hearers(self) -> list[Text]:
        """Who hears of it, in words."""
        former = [_("offices that passed it on")] if self.told_former else []
        return [*(side.label for side in self.told), *former]


@dataclass(frozen=True)
class Following:
    """A split case goes to `target` as soon as `when(states of its parts)` holds; the first that holds counts.

    The rules begin with the furthest state. `back`: the event where the case comes from a further one, because the office
    that was ahead is out of it.
    """

    when: Callable[[list[str]], bool]
    target: str
    event: str
    told: tuple[Holder, ...] = ()
    back: str = ""


@dataclass(frozen=True)
class Workflow:
    """`part`: the kind of the parts of a split case, and `following` how the whole follows them. `proposed`: its
    terms are those of the portal, until headquarters confirms them by keeping a version."""

    kind: str
    label: Text
    series: str  # letter of the case number
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    rights: dict[Holder, str]  # the right whose holders are told, per side
    path: str = "/desk/cases/{pk}/"
    part: str = ""
    following: tuple[Following, ...] = ()
    proposed: bool = False

    def state(self, key: str) -> State:
        return next(state for state in self.states if state.key == key)

    def transition(self, key: str) -> Transition:
        """Raises LookupError for a key that is not in this workflow."""
        for transition in self.transitions:
            if transition.key == key:
                return transition
        raise LookupError(key)

    def out_of(self, state: str) -> list[Transition]:
        return [transition for transition in self.transitions if state in transition.sources]

    @property
    def finished(self) -> list[str]:
        """The states of a case that was carried through: it ended, and was neither declined, withdrawn nor given back."""
        return [state.key for state in self.states if state.ended and state.tone == "done"]

    @property
    def passes_on(self) -> bool:
        """Whether an office can pass a case of this kind to another and read along."""
        return any(move.told_former for move in self.transitions)

    @property
    def steps(self) -> list[State]:
        return sorted((state for state in self.states if state.step is not None), key=lambda state: state.step or 0)


WORKFLOWS: dict[str, Workflow] = {}


def register(workflow: Workflow) -> None:
    keys = {state.key for state in workflow.states}
    for transition in workflow.transitions:
        if not {*transition.sources, transition.target} <= keys:
            raise ValueError(f"{workflow.kind}: {transition.key} names a state that does not exist")
    WORKFLOWS[workflow.kind] = workflow


def workflow_of(case: Case) -> Workflow:
    return WORKFLOWS[case.kind]


def in_parts(case: Case) -> bool:
    """Whether a case is in the hands of several offices: ball and clock are then those of its parts."""
    return case.split and workflow_of(case).state(case.state).holder == Holder.OFFICE
