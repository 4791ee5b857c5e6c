"""The contact book of the offices: hosts abroad, the people there, when an office worked with them and how it went."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Case
from clair_portal.casework.rules import NotAllowed, sides_of
from clair_portal.contacts.models import Host, HostPerson, HostUse

FILLED_UP = ("local_name", "city", "website", "telephone", "good_for", "notes", "languages", "topics")


# --- Hosts ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_host(*, values: dict[str, Any], actor: Reader, now: dt.datetime) -> Host:
    host = Host(**values, added_by_id=actor.scope.organisation, changed_at=now)
    host.save(force_insert=True)
    record("contacts.host.added", host, actor=actor.signature, name=host.name)
    return host


@transaction.atomic
def change_host(host: Host, *, values: dict[str, Any], actor: Reader, now: dt.datetime) -> None:
    for name, value in values.items():
        setattr(host, name, value)
    host.changed_at = now
    host.save(update_fields=[*values, "changed_at", "search_text"])
    record("contacts.host.changed", host, actor=actor.signature, name=host.name)


@transaction.atomic
def merge_hosts(host: Host, *, into: Host, actor: Reader, now: dt.datetime) -> None:
    """People, uses and stops of all offices go to the row that goes on, which fills up what it does not know yet.

    The other points at it. Raises NotAllowed for itself or a merged one.
    """
    missing = {name: getattr(host, name) for name in FILLED_UP if not getattr(into, name) and getattr(host, name)}
    with connection.cursor() as cursor:
        cursor.execute("select contacts_merge_hosts(%s, %s)", [host.pk, into.pk])
        if not cursor.fetchone()[0]:
            raise NotAllowed(_("Choose two different hosts that are not merged yet."))
    if missing:
        for name, value in missing.items():
            setattr(into, name, value)
        into.changed_at = now
        into.save(update_fields=[*missing, "changed_at", "search_text"])
    record("contacts.host.merged", host, actor=actor.signature, name=host.name, into=into.name)
    record("contacts.host.merged", into, actor=actor.signature, name=host.name, into=into.name)


# --- People -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def save_person(host: Host, *, values: dict[str, Any], person: HostPerson | None = None, actor: Reader) -> HostPerson:
    """Adds or corrects a person. Of whoever is no longer there, address and telephone are deleted.

    The log names the host, not the person.
    """
    if not values["active"]:
        values = {**values, "email": "", "telephone": ""}
    if person is None:
        person = HostPerson.objects.create(host=host, **values)
        record("contacts.person.added", host, actor=actor.signature, name=host.name)
        return person
    for name, value in values.items():
        setattr(person, name, value)
    person.save(update_fields=list(values))
    record("contacts.person.changed", host, actor=actor.signature, name=host.name)
    return person


# --- How it went --------------------------------------------------------------------------------------------------------
def may_note_use(case: Case, reader: Reader) -> bool:
    """An office, on its own part where a request is split."""
    return Holder.OFFICE in sides_of(case, reader) and not case.split and reader.can("cases.work")


@transaction.atomic
def note_use(host: Host, *, values: dict[str, Any], case: Case | None = None, actor: Reader) -> HostUse:
    """An office worked with a host, for a case or on its own account. Raises NotAllowed for a case of somebody else."""
    if case is not None and not may_note_use(case, actor):
        raise NotAllowed(_("Hosts are noted by the office that works on the request."))
    use = HostUse(host=host, case=case, office_id=actor.scope.organisation, **values)
    use.save(force_insert=True)
    record("contacts.host.used", host, actor=actor.signature, name=host.name)
    return use


@transaction.atomic
def change_use(use: HostUse, *, values: dict[str, Any], actor: Reader) -> None:
    """Raises NotAllowed for what another office has noted."""
    if not HostUse.objects.filter(pk=use.pk, office__in=actor.scope.organisations).update(**values):
        raise NotAllowed(_("Only the office that noted it can change it."))
    record("contacts.host.used", use.host, actor=actor.signature, name=use.host.name)
