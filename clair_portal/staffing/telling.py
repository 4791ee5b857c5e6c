"""What leavers, successors and administrators are told of a change of staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.models import Person, Posting
from clair_portal.accounts.reader import Reader
from clair_portal.calendars.eras import in_words
from clair_portal.calendars.zones import in_both_zones
from clair_portal.language.words import in_both
from clair_portal.network.services import names
from clair_portal.outbox.notices import Notice
from clair_portal.outbox.services import Post, Somebody, tell
from clair_portal.staffing.models import StaffChange, StaffLine
from clair_portal.staffing.plan import Line, Plan

Told = TypeVar("Told", Line, StaffLine)
RIGHT = "organisation.administer"
TOKYO = "Asia/Tokyo"
NOTICES = {
    "staffing.leaver.planned": Notice(
        _("Your posting at %(organisation)s ends on %(day)s"),
        _("Your access ends at %(midnight)s. Please write your handover before then."),
    ),
    "staffing.leaver.ended": Notice(
        _("Your posting at %(organisation)s has ended"),
        _("It ended on %(day)s. Your open work (%(count)s) goes on with %(successor)s. Thank you."),
    ),
    "staffing.leaver.kept": Notice(
        _("Your posting at %(organisation)s goes on as before"),
        _("%(actor)s took back the change that would have ended it on %(day)s."),
    ),
    "staffing.successor.moved": Notice(
        _("You have taken over from %(name)s"),
        _("%(count)s open items of %(name)s are yours now. The handover says what is behind them."),
    ),
    "staffing.change.planned": Notice(
        _("A change of staff is confirmed: %(count)s people"),
        _("%(actor)s confirmed it. It takes effect at %(midnight)s and can be taken back until then."),
    ),
    "staffing.change.happened": Notice(
        _("The change of staff has taken effect"),
        _("Postings that ended: %(people)s. Open items that went to successors: %(count)s."),
    ),
    "staffing.change.waits": Notice(
        _("Work waits for a successor who has not accepted the invitation"),
        _("The open work of %(name)s goes to %(successor)s as soon as the invitation is accepted."),
    ),
    "staffing.change.taken_back": Notice(
        _("A change of staff was taken back"), _("%(actor)s took it back: postings are as they were.")
    ),
}


def moment(at: dt.datetime, zone: str) -> dict[str, str]:
    """An instant in both languages, on the clock of its place and in Tokyo."""
    found = {}
    for language in ("ja", "en"):
        both = in_both_zones(at, zone, TOKYO, language)
        found[language] = f"{both.main}({both.other})" if both.other and language == "ja" else both.main
        if both.other and language == "en":
            found[language] = f"{both.main} ({both.other})"
    return found


def day_in_both(day: dt.date) -> dict[str, str]:
    return in_both(lazy(in_words, str)(day))


def in_both_forms(person: Person) -> dict[str, str]:
    return {"ja": person.name, "en": person.name_latin or person.name}


def tell_administrators(
    event: str,
    change: StaffChange,
    lines: Iterable[Told],
    *,
    params: Callable[[list[Told]], dict[str, Any]],
    occasion: str,
    but_not: int | None = None,
) -> None:
    """Those of the organisation that made the change read of all lines, those of every other place it touches of theirs.

    Only the former may open the change; the others are led to the handovers of their people.
    """
    told = list(lines)
    places: dict[int, list[Told]] = {}
    for line in told:
        place = line.posting.organisation if line.posting else None
        if place and change.organisation_id not in (place.pk, place.parent_id):
            places.setdefault(place.pk, []).append(line)
    tell(
        event, change, posts=[Post(change.organisation_id, RIGHT)], params=params(told), path=path_of(change),
        occasion=occasion, but_not=but_not,
    )  # fmt: skip
    for place_pk, theirs in places.items():
        tell(
            event, change, posts=[Post(place_pk, RIGHT)], params=params(theirs), path=reverse("handovers"),
            occasion=f"{occasion}:{place_pk}", but_not=but_not,
        )  # fmt: skip


def path_of(change: StaffChange) -> str:
    return reverse("staff_change", args=[change.pk])


def tell_confirmed(change: StaffChange, plan: Plan, actor: Reader) -> None:
    for line in plan.lines:
        if line.posting and line.ends and line.ends_at:
            params: dict[str, Any] = {
                "organisation": names(line.posting.organisation), "day": day_in_both(line.ends),
                "midnight": moment(line.ends_at, line.posting.organisation.time_zone),
            }  # fmt: skip
            tell(
                "staffing.leaver.planned", line.posting, posts=[Somebody(line.posting.person_id)], params=params,
                path=reverse("handover", args=[line.posting.pk]), occasion=str(change.pk),
            )  # fmt: skip
    at = moment(plan.takes_effect_at, TOKYO) if plan.takes_effect_at else {}
    tell_administrators(
        "staffing.change.planned", change, plan.lines, occasion="planned", but_not=actor.person,
        params=lambda lines: {"count": len(lines), "actor": actor.signature, "midnight": at},
    )  # fmt: skip


def tell_taken_back(change: StaffChange, actor: Reader) -> None:
    lines = list(change.lines.select_related("posting__organisation", "posting__person"))
    for line in lines:
        if line.posting is None or line.ends_on is None:
            continue
        params = {
            "organisation": names(line.posting.organisation),
            "day": day_in_both(line.ends_on),
            "actor": actor.signature,
        }
        tell(
            "staffing.leaver.kept", line.posting, posts=[Somebody(line.posting.person_id)], params=params, path="",
            occasion=str(change.pk),
        )  # fmt: skip
    tell_administrators(
        "staffing.change.taken_back", change, lines, occasion="taken_back", but_not=actor.person,
        params=lambda _lines: {"actor": actor.signature},
    )  # fmt: skip


# --- On the day -------------------------------------------------------------------------------------------------------------
def tell_moved(line: StaffLine, posting: Posting, successor: Posting | None, count: int) -> None:
    assert line.ends_on
    heir = in_both_forms(successor.person) if successor else {"ja": "担当の団体", "en": "the organisation"}
    params = {
        "organisation": names(posting.organisation),
        "day": day_in_both(line.ends_on),
        "count": count,
        "successor": heir,
    }
    tell(
        "staffing.leaver.ended",
        posting,
        posts=[Somebody(posting.person_id)],
        params=params,
        path="",
        occasion=str(line.pk),
    )
    if successor:
        tell(
            "staffing.successor.moved", posting, posts=[Somebody(successor.person_id)],
            params={"name": in_both_forms(posting.person), "count": count}, path=reverse("handover", args=[posting.pk]),
            occasion=str(line.pk),
        )  # fmt: skip


def tell_waits(line: StaffLine, posting: Posting) -> None:
    heir = line.heir
    successor = {"ja": heir.name, "en": heir.name_latin or heir.name} if heir else {"ja": "", "en": ""}
    params = {"name": in_both_forms(posting.person), "successor": successor}
    tell_administrators(
        "staffing.change.waits", line.change, [line], occasion=str(line.pk), params=lambda _lines: params
    )


def tell_happened(change: StaffChange, lines: list[StaffLine], now: dt.datetime) -> None:
    """Once for everything of a change that happened in one turn."""
    tell_administrators(
        "staffing.change.happened", change, lines, occasion=now.isoformat(),
        params=lambda moved: {"people": len(moved), "count": sum(line.moved for line in moved)},
    )  # fmt: skip
