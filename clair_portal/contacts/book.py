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
from clair_portal.casework.shown import Shown, changed_values
from clair_portal.contacts.models import Host, HostPerson, HostUse

FILLED_UP = ("local_name", "city", "website", "telephone", "good_for", "notes", "languages", "topics")
REACHED = ("active", "email", "telephone")  # whoever is no longer there has no address


# --- Hosts ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_host(*, values: dict[str, Any], actor: Reader, now: dt.datetime) -> Host:
    host = Host(**values, added_by_id=actor.scope.organisation, changed_at=now)
    host.save(force_insert=True)
    record("contacts.host.added", host, actor=actor.signature, name=host.name)
    return host


@transaction.atomic
def change_host(
    host: Host, *, values: dict[str, Any], shown: Shown | None = None, actor: Reader, now: dt.datetime
) -> Host:
    """`shown`: what the page showed; Conflict when somebody changed the same since. Of a merged host, the one that goes on."""
    host = _going_on(host)
    changes = changed_values(values, shown=shown, stored=host)
    for name, value in changes.items():
        setattr(host, name, value)
    host.changed_at = now
    host.save(update_fields=[*changes, "changed_at", "search_text"])
    record("contacts.host.changed", host, actor=actor.signature, name=host.name)
    return host


def _going_on(host: Host) -> Host:
    """The host, or the one it was merged into, as it is now; nobody merges it before this is written."""
    found = Host.objects.select_for_update().get(pk=host.pk)
    return found if found.merged_into_id is None else Host.objects.select_for_update().get(pk=found.merged_into_id)


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
def add_person(host: Host, *, values: dict[str, Any], actor: Reader) -> HostPerson:
    """At the host, or at the one it was merged into. The log names the host, not the person."""
    host = _going_on(host)
    person = HostPerson.objects.create(host=host, **_reachable(values))
    record("contacts.person.added", host, actor=actor.signature, name=host.name)
    return person


@transaction.atomic
def change_person(
    person: HostPerson, *, values: dict[str, Any], shown: Shown | None = None, actor: Reader
) -> HostPerson:
    """`shown`: what the page showed; Conflict when somebody changed the same since. The log names the host."""
    kept = HostPerson.objects.select_for_update(of=("self",)).select_related("host").get(pk=person.pk)
    changes = changed_values(_reachable(values), shown=shown, stored=kept, together=(REACHED,))
    for name, value in changes.items():
        setattr(kept, name, value)
    kept.save(update_fields=list(changes))
    record("contacts.person.changed", kept.host, actor=actor.signature, name=kept.host.name)
    return kept


def _reachable(values: dict[str, Any]) -> dict[str, Any]:
    """Of whoever is no longer there, address and telephone are deleted."""
    return values if values["active"] else {**values, "email": "", "telephone": ""}


# --- How it went --------------------------------------------------------------------------------------------------------
def may_note_use(case: Case, reader: Reader) -> bool:
    """An office, on its own part where a request is split."""
    return Holder.OFFICE in sides_of(case, reader) and not case.split and reader.can("cases.work")


@transaction.atomic
def note_use(host: Host, *, values: dict[str, Any], case: Case | None = None, actor: Reader) -> HostUse:
    """An office worked with a host, for a case or on its own account; with a merged one: with the one that goes on.

    Raises NotAllowed for a case of somebody else.
    """
    if case is not None and not may_note_use(case, actor):
        raise NotAllowed(_("Hosts are noted by the office that works on the request."))
    host = _going_on(host)
    use = HostUse(host=host, case=case, office_id=actor.scope.organisation, **values)
    use.save(force_insert=True)
    record("contacts.host.used", host, actor=actor.signature, name=host.name)
    return use


@transaction.atomic
def change_use(use: HostUse, *, values: dict[str, Any], shown: Shown | None = None, actor: Reader) -> None:
    """`shown`: what the page showed; Conflict when a colleague changed the same since.

    Raises NotAllowed for what another office has noted.
    """
    own = HostUse.objects.filter(office__in=actor.scope.organisations).select_related("host")
    if (kept := own.select_for_update(of=("self",)).filter(pk=use.pk).first()) is None:
        raise NotAllowed(_("Only the office that noted it can change it."))
    for name, value in changed_values(values, shown=shown, stored=kept).items():
        setattr(kept, name, value)
    kept.save(update_fields=list(values))
    record("contacts.host.used", kept.host, actor=actor.signature, name=kept.host.name)
