"""What goes out and comes back unchanged changes nothing: every list that can be changed, and a thousand generated sheets."""

from __future__ import annotations

import datetime as dt
import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clair_portal.casework.list_file import FORMATS, written
from clair_portal.casework.listing import LISTINGS, asked_of
from clair_portal.casework.models import Case, Task
from clair_portal.contacts.models import Host
from clair_portal.imports.editing import LISTS
from clair_portal.imports.plan import findings, table_of
from clair_portal.projects.models import Project
from clair_portal.sheets import cells
from clair_portal.sheets.editable import EditHead, EditRow, about_of, write_editable
from clair_portal.sheets.pages import open_pages
from clair_portal.sheets.reading import Field, read, read_pages
from clair_portal.sheets.writing import CP932, UTF8, Head, Paper, write_csv
from clair_portal.walls.scope import acting
from tests.cast import NOW, reader
from tests.walls.scene import make_scene

AWKWARD = [
    "=1+1", "'=1+1", "''=1", "＝HYPERLINK", "+81-3", "-5", "@SUM", "_x000D_", "_x0041_", "ｶﾞｲｺｸ", "10〜12", "①髙﨑", " x ", "a\nb",
    "12345678901234567890", "0012", "1E5", "TRUE", "2026-11-25", "R8.11.25", "#N/A!", "a,b;c\td", '"q"', "Ō é 한 🦊", "%d %(x)s",
]  # fmt: skip


# --- Every list -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["hq_officer", "otaru", "hokkaido", "london", "newyork"])
@pytest.mark.parametrize("languages", [("en", "en"), ("ja", "en"), ("en", "ja")])
@pytest.mark.parametrize("key", sorted(LISTS))
def test_export_and_import_unchanged_change_nothing(
    cast: SimpleNamespace, key: str, languages: tuple[str, str], who: str
) -> None:
    make_scene(cast)
    titles = iter(AWKWARD)
    for case in Case.objects.all():
        Case.objects.filter(pk=case.pk).update(title=next(titles), countries=["GB", "FR"], topics=["culture", "sports"])
    Project.objects.update(title_ja="=1 ", title_en="ｶﾅ", strands=["staff_exchange", "culture"], begun=1998)
    Host.objects.update(good_for="a\nb =1", notes="ｶﾅ", topics=["culture"], website="https://www.example.org/a?b=1")
    Task.objects.update(due_on=NOW.date())
    actor = reader(cast, who)
    editable = LISTS[key]
    if not editable.offered(actor):
        return
    out = io.BytesIO()
    with translation.override(languages[0]), timezone.override(actor.time_zone), acting(actor.scope):
        asked = asked_of(LISTINGS[key], QueryDict(""), actor)
        made = written(asked, out, kind=FORMATS["edit"], now=NOW)
    with translation.override(languages[1]), acting(actor.scope):
        context = editable.context(actor)
        table = table_of(open_pages("x.xlsx", out.getvalue()), editable, context)
        found = list(findings(table, editable, context, lock=False))
    assert len(found) == made.count > 0
    assert [(each.number, each.details) for each in found if each.finding or each.overtaken] == []


def test_lists_that_can_be_changed_are_known() -> None:
    assert set(LISTS) == {"cases", "hosts", "projects", "tasks"}
    assert set(LISTS) <= set(LISTINGS)


# --- A thousand sheets ----------------------------------------------------------------------------------------------------
TEXT = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff"), max_size=20),
).filter(lambda text: text.strip() not in cells.ERRORS)  # such a cell is refused by what it says
ROW = st.tuples(
    TEXT,
    st.lists(st.sampled_from(["gb", "fr", "jp"]), unique=True, max_size=3),
    st.one_of(st.none(), st.integers(-(10**12), 10**12)),
    st.one_of(st.none(), st.dates(dt.date(1900, 3, 1), dt.date(2100, 12, 31))),
)
NAMES = {"Großbritannien": "gb", "フランス": "fr", "日本": "jp"}
WORDS = {value: words for words, value in NAMES.items()}
FIELDS = [
    Field("key", "Key", cells.whole, filled=True, once=True), Field("text", "Text", cells.text),
    Field("several", "Several", cells.some_of(NAMES)), Field("number", "Number", cells.whole),
    Field("day", "Day", cells.day), Field("mark", "Mark", cells.code),
]  # fmt: skip


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(ROW, min_size=1, max_size=5))
def test_a_thousand_workbooks_come_back_as_they_went(rows: list[Any]) -> None:
    out = io.BytesIO()
    edits = [
        EditHead("Text"),
        EditHead("Several", choices=list(NAMES)),
        EditHead("Number", number=True),
        EditHead("Day", number=True),
    ]
    written_rows = [
        EditRow(str(n), ["見本"], [text, "、".join(WORDS[each] for each in several), number, day], [True] * 4, f"m{n}")
        for n, (text, several, number, day) in enumerate(rows, 1)
    ]
    paper = Paper("見本", [Head("shown")], ["a line"])
    about = {"list": "x", "version": "1"}
    write_editable(out, paper, edits, written_rows, key="Key", mark="Mark", about=about, made_at=NOW, small=True)
    pages = open_pages("x.xlsx", out.getvalue())
    assert about_of(pages) == about
    found = list(read_pages(pages, FIELDS).rows())
    assert [row.number for row in found] == list(range(6, 6 + len(rows)))
    for row, given_row in zip(found, rows, strict=True):
        assert row.faults == []
        for key, value in zip(("text", "several", "number", "day"), given_row, strict=True):
            assert cells.same(row.values[key], value), (key, value, row.values[key])


@settings(max_examples=300, deadline=None)
@given(texts=st.lists(TEXT, min_size=1, max_size=5), encoding=st.sampled_from([UTF8, CP932]))
def test_csv_comes_back_as_it_went(texts: list[str], encoding: str) -> None:
    out = io.BytesIO()
    _count, lost = write_csv(
        out, Paper("t", [Head("Key"), Head("Text")]), [[n, text] for n, text in enumerate(texts)], encoding=encoding
    )
    if lost.cells:
        return
    found = list(read("x.csv", out.getvalue(), FIELDS[:2]).rows())
    assert [row.number for row in found if row.faults] == []
    for row, text in zip(found, texts, strict=True):
        assert cells.same(row.values["text"], text), (text, row.values["text"])
