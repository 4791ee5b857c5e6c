"""How texts on cases are found by their words: messages here, the work and the reports of a pillar where it declares them.

A row keeps the terms of its text (`TermsOf`), and an index holds them with requester and branch: a member's rows are asked for by
those. Under a row policy the operator of such an index runs after it, so a function looks with the owner's rights and holds the
rule of each role itself: the very predicates of the policies. It returns keys only; the rows are read under the policies.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Model

from clair_portal.casework.terms import APPLICANT, BRANCH, kept
from clair_portal.language import folding
from clair_portal.walls.roles import GROUPS
from clair_portal.walls.row_security import TABLES, definer_function

TERMS = (
    f"array_to_tsvector(terms || ARRAY['{APPLICANT}' || coalesce(applicant_id, 0)::text, "
    f"'{BRANCH}' || coalesce(branch_id, 0)::text])"
)

AT_ONCE = 1000


class TermsOf(ArrayField):
    """What the text in another column is found by. Kept whenever a row is saved; an `update()` names it (`terms_of`)."""

    def __init__(self, of: str = "", **options: Any) -> None:
        self.of = of
        fixed: dict[str, Any] = {
            "base_field": models.TextField(), "default": list, "db_default": [], "editable": False, "blank": True,
        }  # fmt: skip
        super().__init__(**fixed | options)

    def deconstruct(self) -> Any:
        name, _path, arguments, options = super().deconstruct()
        return name, "django.contrib.postgres.fields.ArrayField", arguments, options

    def pre_save(self, model_instance: Model, add: bool) -> Any:
        if self.of:
            setattr(model_instance, self.attname, terms_of(getattr(model_instance, self.of)))
        return super().pre_save(model_instance, add)


def terms_of(text: str) -> list[str]:
    """Pairs of characters and words, each once."""
    return kept(folding.bigrams(text))


def keep_terms(model: Any, column: str) -> None:
    """For migrations: rows that were written before they had terms."""
    without, last = model._default_manager.filter(terms=[]).exclude(**{column: ""}).order_by("pk"), None
    while rows := list((without if last is None else without.filter(pk__gt=last)).only("pk", column)[:AT_ONCE]):
        for row in rows:
            row.terms = terms_of(getattr(row, column))
        model._default_manager.bulk_update(rows, ["terms"])
        last = rows[-1].pk


def index_of_terms(name: str) -> GinIndex:
    return GinIndex(Func(template=TERMS), name=name)


def declare_search(table: str, key: str = "id") -> None:
    """The function `<table>_found(text, integer)`: keys of the newest rows that hold what a tsquery asks for, of those the acting
    role reads by the policies of the table, which are declared before. `key`: its primary key."""
    looks = "".join(
        f"when '{role}' then return query select {key} from {table} where {TERMS} @@ words::tsquery and ({rows.select}) order by {key} desc limit most; "  # noqa: S608, E501
        for role, rows in TABLES[table].roles.items()
        if rows.select
    )
    definer_function(
        f"{table}_found(text, integer)",
        f"""create or replace function {table}_found(words text, most integer) returns setof bigint language plpgsql stable
security definer set search_path = public, pg_temp as $$
begin
  case current_setting('role') {looks} else return; end case;
end $$""",
        *GROUPS,
    )
