"""Everything the database says about one person, found by the columns themselves, so that a new table is not forgotten.

Keys into secrets are left out: hashes of passwords and codes, second factors, sessions' contents.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from clair_portal.accounts.models import Person, Posting, User

# Columns that hold the number of a person without a foreign key.
NUMBERS = {"person", "subject", "created_by", "drafted_by", "uploaded_by", "invited_by", "pgh_person", "but_not"}
ADDRESSES = {"email", "to", "recipient"}
SECRET = {"password", "digest", "session_key", "session_data", "data", "start", "key", "search_text"}


def data_of(user: User) -> dict[str, list[dict[str, Any]]]:
    """Table -> its rows that name the account, the person, one of the postings, or the address. Tables without any are left out."""
    person = Person.objects.filter(user=user).first()
    keys = _Keys(user, person)
    found = {model._meta.db_table: _rows(model, keys.about(model)) for model in apps.get_models()}
    return {table: rows for table, rows in sorted(found.items()) if rows}


class _Keys:
    def __init__(self, user: User, person: Person | None) -> None:
        self.user, self.person = user, person
        self.postings = list(Posting.objects.filter(person=person).values_list("pk", flat=True)) if person else []
        self.addresses = {user.email, *([person.email] if person and person.email else [])}

    def about(self, model: type[models.Model]) -> Q | None:
        """What finds this person's rows in a table; None: the table has no such column."""
        parts = [part for field in model._meta.concrete_fields for part in self._by(model, field)]
        if not parts:
            return None
        wanted = parts[0]
        for part in parts[1:]:
            wanted |= part
        return wanted

    def _by(self, model: type[models.Model], field: Any) -> Iterator[Q]:
        name, target = field.attname, field.related_model
        if field.primary_key and model in (User, Person):
            yield Q(pk=self.user.pk if model is User else self.person.pk if self.person else None)
        elif target is User or (model._meta.label == "outbox.Job" and name == "user"):
            yield Q(**{name: self.user.pk})
        elif target is Posting or (name in ("posting", "pgh_obj_id") and _is_about_postings(model, name)):
            yield Q(**{f"{name}__in": self.postings})
        elif self.person and (target is Person or self._is_number(field)):
            yield Q(**{name: self.person.pk})
        elif name in ADDRESSES and isinstance(field, models.CharField):
            yield Q(**{f"{name}__in": self.addresses})

    @staticmethod
    def _is_number(field: Any) -> bool:
        return field.attname in NUMBERS and isinstance(field, models.BigIntegerField)


def _is_about_postings(model: type[models.Model], name: str) -> bool:
    return name == "posting" or model._meta.db_table == "accounts_postingevent"


def _rows(model: type[models.Model], wanted: Q | None) -> list[dict[str, Any]]:
    if wanted is None:
        return []
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in SECRET]
    return list(model._default_manager.filter(wanted).order_by("pk").values(*names))
