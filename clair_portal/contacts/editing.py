"""The contact book as a sheet: an office brings the hosts it knows up to date in one go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clair_portal.accounts.reader import Reader
from clair_portal.casework.enums import Topic
from clair_portal.contacts.book import change_host
from clair_portal.contacts.forms import LONGEST
from clair_portal.contacts.host_list import HOSTS, source
from clair_portal.contacts.models import Host
from clair_portal.contacts.queries import HostQuerySet
from clair_portal.imports.editing import EditableList, EditColumn, declare, some_of, words_of
from clair_portal.sheets import cells
from clair_portal.sheets.cells import Parser
from clair_portal.walls.roles import OFFICE


def _records(keys: Sequence[int], reader: Reader, lock: bool) -> HostQuerySet:
    seen = source(reader).filter(pk__in=keys).order_by("pk")
    return seen.select_for_update(of=("self",)) if lock else seen


def _write(host: Host, changes: dict[str, Any], *, actor: Reader, now: dt.datetime) -> None:
    values = {name: "" if value is None else value for name, value in changes.items()}
    change_host(host, values=values, actor=actor, now=now)


def _address(cell: Any) -> str | None:
    """A website, with https:// where nothing stands before it."""
    words: str | None = cells.at_most(200, cells.plain)(cell)
    if words is None:
        return None
    address = words if "://" in words else f"https://{words}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError as error:
        raise ValueError(_("Write the address of the website, such as https://www.example.org.")) from error
    return address


def _text(name: str, label: Any, parser: Parser, width: int) -> EditColumn:
    return EditColumn(name, label, lambda host, more: getattr(host, name) or None, lambda context: parser, width=width)


EDITABLE_HOSTS = declare(
    EditableList(
        listing=HOSTS,
        version=1,
        columns=(
            _text("name", gettext_lazy("Name in English"),
                  cells.filled(cells.at_most(200), gettext_lazy("Write the name of the host.")), 36),
            _text("local_name", gettext_lazy("Name in the local language"), cells.at_most(200), 28),
            _text("city", gettext_lazy("City"), cells.at_most(120), 18),
            EditColumn("topics", pgettext_lazy("of exchange", "Field"), lambda host, more: host.topics,
                       lambda context: some_of(Topic), lambda values, context: words_of(Topic, values), width=30),
            _text("good_for", gettext_lazy("Good for"), cells.at_most(LONGEST, cells.text), 50),
            _text("website", gettext_lazy("Website"), _address, 36),
            _text("telephone", gettext_lazy("Telephone"), cells.at_most(60), 18),
            _text("notes", gettext_lazy("Notes"), cells.at_most(LONGEST, cells.text), 50),
        ),
        offered=lambda reader: reader.scope.role == OFFICE and reader.can("cases.work"),
        name=str,
        records=_records,
        write=_write,
    )
)  # fmt: skip
