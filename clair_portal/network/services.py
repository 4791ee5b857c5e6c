"""Keeping the directory: each call is one action - lock, check, change, log. Who may do it is decided by the caller.

`actor`: name and organisation per language, as the log keeps them. A refusal is a ValidationError with sentences.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clair_portal.audit.services import Names, record
from clair_portal.calendars.business_days import KEPT_AT, ZONES
from clair_portal.calendars.models import Holiday
from clair_portal.language.words import in_both
from clair_portal.network.enums import Kind, SuccessionKind
from clair_portal.network.history import version_of
from clair_portal.network.models import Country, Jurisdiction, Organisation, Succession

ENTERED_HERE = "entered in the portal"
ONE_DAY = dt.timedelta(days=1)


def names(row: Organisation | Country) -> Names:
    """The name per language."""
    ja, en = row.name_ja, row.name_en  # type: ignore[union-attr]
    return {"ja": ja or en or "", "en": en or ja or ""}


# --- Organisations ----------------------------------------------------------------------------------------------------


@transaction.atomic
def add_organisation(*, organisation: Organisation, actor: Names) -> Organisation:
    organisation.full_clean()
    organisation.save(force_insert=True)
    record("network.organisation.added", organisation, actor=actor, name=names(organisation))
    return organisation


@transaction.atomic
def add_body_abroad(*, name: str, country: str, zone: str, actor: Names) -> Organisation:
    """A local government abroad that is not in the directory yet; whoever may write nothing else there can name it.

    `zone`: until somebody knows better. One of that name in that country is taken instead of a second one.
    """
    japanese = any("\u3040" <= letter <= "\u9fff" for letter in name)
    ja, en = (name, None) if japanese else (None, name)
    known = Organisation.objects.filter(Q(name_ja__iexact=name) | Q(name_en__iexact=name), country_id=country).first()  # type: ignore[misc]
    if known is not None:
        return known
    found_by = Organisation(name_ja=ja, name_en=en).folded_names()  # type: ignore[misc]
    with connection.cursor() as cursor:
        cursor.execute(
            "select network_add_body_abroad(%s, %s, %s, %s, %s, %s)", [ja, en, country, zone, ENTERED_HERE, found_by]
        )
        made = Organisation.objects.get(pk=cursor.fetchone()[0])
    record("network.organisation.added", made, actor=actor, name=names(made))
    return made


@transaction.atomic
def change_organisation(*, organisation: Organisation, fields: Iterable[str], version: int, actor: Names) -> None:
    """Saves an organisation whose `fields` were changed by a form that was shown at `version`.

    Raises ValidationError when somebody else changed the row in between.
    """
    Organisation.objects.select_for_update().only("pk").get(pk=organisation.pk)
    if version != version_of(organisation):
        raise ValidationError(
            _("Somebody else changed this organisation while you had the form open. Look at it again before you save.")
        )
    changed = list(fields)
    if changed:
        organisation.save()
        labels = [_label(name) for name in changed]
        record("network.organisation.changed", organisation, actor=actor, name=names(organisation), fields=labels)


def _label(name: str) -> Names:
    field: Any = Organisation._meta.get_field(name)
    return in_both(capfirst(field.verbose_name))


@transaction.atomic
def declare_succession(
    *,
    predecessor: Organisation,
    successor: Organisation,
    kind: SuccessionKind,
    on: dt.date,
    source: str,
    actor: Names,
) -> Succession:
    """`successor` takes over on day `on`; the former body keeps its row, its postings and cases, and ends the day before.

    A body may have several successors (division) if all begin on the same day.
    """
    former = Organisation.objects.select_for_update(of=("self",)).get(pk=predecessor.pk)
    last_day = on - ONE_DAY
    _check_succession(former, successor, on)
    succession = Succession(predecessor=former, successor=successor, kind=kind, on=on, source=source)
    succession.full_clean()
    succession.save(force_insert=True)
    if former.ends_on != last_day:
        former.ends_on = last_day
        former.save()
    record(
        "network.succession.declared", former, actor=actor,
        predecessor=names(former), successor=names(successor), on=on.isoformat(),
    )  # fmt: skip
    return succession


def _check_succession(former: Organisation, successor: Organisation, on: dt.date) -> None:
    if former.pk == successor.pk:
        raise ValidationError({"successor": _("An organisation cannot succeed itself.")})
    if former.ends_on is not None and former.ends_on != on - ONE_DAY:
        words = {"name": former, "day": former.ends_on.isoformat()}
        raise ValidationError(
            {"on": _("%(name)s already ended on %(day)s, so its successor begins the day after.") % words}
        )
    if former.starts_on is not None and on <= former.starts_on:
        raise ValidationError({"on": _("That is before the former organisation began.")})
    if not successor.in_being(on):
        raise ValidationError({"successor": _("%(name)s does not exist on that day.") % {"name": successor}})
    if Organisation.objects.in_being(on).filter(branch=former).exists():
        raise ValidationError(
            _("Municipalities still file through %(name)s. Give them another branch first.") % {"name": former}
        )


# --- Jurisdictions ----------------------------------------------------------------------------------------------------


@transaction.atomic
def add_jurisdiction(*, jurisdiction: Jurisdiction, actor: Names) -> Jurisdiction:
    """Raises ValidationError when another office is responsible for the country on some of the days."""
    if other := overlapping(jurisdiction):
        raise ValidationError(_sentence_about(other))
    jurisdiction.full_clean()
    try:
        with transaction.atomic():
            jurisdiction.save(force_insert=True)
    except IntegrityError as error:  # somebody else wrote the same country at the same moment
        raise ValidationError(_("Another office is responsible for this country on some of these days.")) from error
    starts_on = jurisdiction.starts_on.isoformat() if jurisdiction.starts_on else "–"
    record(
        "network.jurisdiction.added", jurisdiction.office, actor=actor,
        office=names(jurisdiction.office), country=names(jurisdiction.country), starts_on=starts_on,
    )  # fmt: skip
    return jurisdiction


def overlapping(jurisdiction: Jurisdiction) -> Jurisdiction | None:
    """A jurisdiction for the same country on some of the same days."""
    others = Jurisdiction.objects.select_related("office", "country").filter(country=jurisdiction.country_id)
    return next((other for other in others.exclude(pk=jurisdiction.pk) if _overlap(jurisdiction, other)), None)


def _overlap(one: Jurisdiction, other: Jurisdiction) -> bool:
    starts = [row.starts_on or dt.date.min for row in (one, other)]
    ends = [row.ends_on or dt.date.max for row in (one, other)]
    return max(starts) <= min(ends)


def _sentence_about(other: Jurisdiction) -> str:
    words: dict[str, object] = {"office": other.office, "country": other.country}
    if other.ends_on is None:
        return _("%(office)s is responsible for %(country)s, and no last day is written. End that first.") % words
    words["day"] = other.ends_on.isoformat()
    return _("%(office)s is responsible for %(country)s until %(day)s. Choose days after that.") % words


@transaction.atomic
def end_jurisdiction(*, jurisdiction: Jurisdiction, ends_on: dt.date, actor: Names) -> None:
    """Writes the last day. The row stays, so that older cases still know who was responsible."""
    row = (
        Jurisdiction.objects.select_for_update(of=("self",)).select_related("office", "country").get(pk=jurisdiction.pk)
    )
    if row.starts_on is not None and ends_on < row.starts_on:
        raise ValidationError({"ends_on": _("The last day must not be before the first day.")})
    row.ends_on = ends_on
    row.save(update_fields=["ends_on"])
    record(
        "network.jurisdiction.ended", row.office, actor=actor,
        office=names(row.office), country=names(row.country), ends_on=ends_on.isoformat(),
    )  # fmt: skip


# --- Holidays ---------------------------------------------------------------------------------------------------------


def country_of(calendar: str) -> Country | None:
    """The country a calendar is of, where it is not kept as that of headquarters or an office."""
    return None if calendar in ZONES or calendar in KEPT_AT else Country.objects.filter(code=calendar).first()


def keeper_of(calendar: str) -> Organisation:
    """Headquarters or the office whose calendar it is; of a country without one, the office that looks after it today, or
    headquarters."""
    if calendar in ZONES:
        return Organisation.objects.get(kind__in=[Kind.OFFICE, Kind.HEADQUARTERS], calendar=calendar)
    office = Jurisdiction.objects.office_for(calendar, timezone.localdate())
    return office or Organisation.objects.headquarters()


@transaction.atomic
def add_holiday(*, holiday: Holiday, actor: Names) -> Holiday:
    holiday.source = ENTERED_HERE
    holiday.full_clean()
    holiday.save(force_insert=True)
    _record_holiday("network.holiday.added", holiday, actor)
    return holiday


@transaction.atomic
def remove_holiday(*, holiday: Holiday, actor: Names) -> None:
    """Takes out a day that was entered here. One of the reference data becomes a working day instead: a deleted row would
    come back with the next load."""
    if holiday.source == ENTERED_HERE:
        _record_holiday("network.holiday.removed", holiday, actor)
        holiday.delete()
        return
    _set_working(holiday, True)
    _record_holiday("network.holiday.cancelled", holiday, actor)


@transaction.atomic
def restore_holiday(*, holiday: Holiday, actor: Names) -> None:
    """A cancelled holiday is a day off again."""
    _set_working(holiday, False)
    _record_holiday("network.holiday.restored", holiday, actor)


def _set_working(holiday: Holiday, working: bool) -> None:
    holiday.working = working
    holiday.save(update_fields=["working"])


def _record_holiday(event: str, holiday: Holiday, actor: Names) -> None:
    name = {"ja": holiday.name_ja or holiday.name_en, "en": holiday.name_en}
    values: dict[str, Any] = {"date": holiday.date.isoformat(), "name": name, "calendar": holiday.calendar}
    record(event, keeper_of(holiday.calendar), actor=actor, **values)
