"""What the schedule does with stored files: those that wait are scanned again, those that no row names are removed.

Concrete tables are found by their base class, so no place that keeps papers can be forgotten.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import time

from django.apps import apps
from django.core.files.storage import storages

from clair_portal.documents.models import Check, StoredFile
from clair_portal.documents.services import scan_again
from clair_portal.walls.roles import SYSTEM
from clair_portal.walls.row_security import TABLES

log = logging.getLogger("portal.documents")
AT_ONCE, SECONDS = 20, 20.0  # of one turn: the relay has other work, and a scanner that hangs takes its time
FOLDERS, EVERY = 256, 300  # one folder of the storage each five minutes: all of them within a day
YOUNG = dt.timedelta(days=1)  # the transaction that stored it may still be on its way
KEY = re.compile(r"[0-9a-f]{32}")  # names made by services.receive(); other files of the storage have other keepers


def kept_in() -> list[type[StoredFile]]:
    """The tables of files. LookupError: one whose rows the schedule does not see - it would take its files for orphans."""
    found = [model for model in apps.get_models() if issubclass(model, StoredFile)]
    for model in found:
        table = model._meta.db_table
        rows = TABLES[table].roles.get(SYSTEM) if table in TABLES else None
        if rows is None or rows.select != "true":
            raise LookupError(f"{table} must be readable as a whole for {SYSTEM}: it holds the keys of stored files")
    return found


def scan_waiting(now: dt.datetime) -> None:
    """Every two minutes: files in quarantine, in any order, so that a few the scanner cannot decide stop no other."""
    until = time.monotonic() + SECONDS
    for model in kept_in():
        for file in model._default_manager.filter(check_state=Check.QUARANTINED).order_by("?")[:AT_ONCE]:
            if time.monotonic() > until:
                return
            try:
                scan_again(file)
            except OSError as error:
                log.warning("%s %s cannot be read from the storage: %s", model._meta.db_table, file.pk, error)


def sweep_orphans(now: dt.datetime) -> None:
    """Each five minutes: files of one folder that no row names, older than a day - their transaction was rolled back,
    the row is gone, or the virus check refused them."""
    store, folder = storages["documents"], f"{int(now.timestamp()) // EVERY % FOLDERS:02x}"
    if not store.exists(folder):
        return
    keys = {f"{folder}/{name}" for name in store.listdir(folder)[1] if KEY.fullmatch(name)}
    for model in kept_in():
        named = model._default_manager.filter(key__in=keys).exclude(check_state=Check.INFECTED)
        keys -= set(named.values_list("key", flat=True))
    for key in sorted(keys):
        if store.get_modified_time(key) < now - YOUNG:
            store.delete(key)
            log.info("removed a stored file that no row names: %s", key)
