"""Puts pages and records into the index and takes them out. Runs as the portal itself: nobody else may write here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import connection, transaction

from clair_portal.language.versions import language_in
from clair_portal.search import kinds, names, words
from clair_portal.search.extraction import Page, read
from clair_portal.search.models import NO_DAY, Document, Term
from clair_portal.search.names import Names, Spelled
from clair_portal.search.records import SOURCES, Record, Source

TITLE, DESCRIPTION = 300, 1000
SAME = (
    "path",
    "record",
    "kind",
    "title",
    "description",
    "text",
    "readings",
    "head",
    "folded",
    "terms",
    "weight",
    "day",
)


def page_of(address: str) -> tuple[str, str]:
    """Language and path of a public address: /ja/offices/ -> ja, /offices/."""
    _nothing, language, rest = address.split("/", 2)
    return language, f"/{rest}"


def is_page(address: str) -> bool:
    """Pages of a language; files with an ending (feeds, tables, calendars) are not searched."""
    return address.endswith("/") and bool(language_in(address))


def published(address: str, language: str, html: str) -> None:
    """A page was written to the tree: the index says the same in the same transaction."""
    if is_page(address):
        put_page(address, html)


def removed(address: str, language: str) -> None:
    """A page was withdrawn, or is no longer there."""
    if is_page(address):
        remove_page(address)


def put_page(address: str, html: str) -> bool:
    """Keeps what a published page says; one that asks to be left out, or says nothing, goes, and so does one that shows a
    text of another language: it is found in that language. Returns whether it is kept."""
    page = read(html)
    if page.kept_out or not page.title or page.language not in ("", page_of(address)[0]):
        remove_page(address)
        return False
    _save(document_of_page(address, page, names.of_the_network()))
    return True


def remove_page(address: str) -> None:
    language, path = page_of(address)
    Document.objects.filter(key=path, language=language).delete()


def document_of_page(address: str, page: Page, known: Names) -> Document:
    language, path = page_of(address)
    kind, weight = kinds.of(path)
    return document(
        key=path, language=language, path=path, kind=kind, weight=weight, day=page.day, title=page.title,
        description=page.description, text=page.text, spelled=_read_as(page), known=known,
    )  # fmt: skip


def _read_as(page: Page) -> list[Spelled]:
    return [(word, words.spoken([reading])) for word, reading in dict.fromkeys(page.readings) if word and reading]


def document(
    *, key: str, language: str, path: str, kind: str, title: str, description: str = "", text: str = "", weight: int = 0,
    day: dt.date = NO_DAY, record: bool = False, spelled: Iterable[Spelled] = (), known: Names,
) -> Document:  # fmt: skip
    """A row with all it is found by. `spelled`: words with their other spellings besides the names in `known`."""
    title, description = title[:TITLE], description[:DESCRIPTION]
    pairs = [*spelled, *known.standing_in("\n".join((title, description, text)))]
    in_title = [other for word, other in pairs if word in title]
    folded = words.folded(title, description, text, *(other for _word, other in pairs))
    return Document(
        key=key, language=language, path=path, record=record, kind=kind, title=title, description=description, text=text,
        readings="\n".join(f"{word}\t{other}" for word, other in pairs), head=words.folded(title, *in_title), folded=folded,
        terms=[*words.terms(folded), f"kind:{kind}", f"lang:{language}"], weight=weight, day=day,
    )  # fmt: skip


def _save(new: Document) -> None:
    """In place, so that its place among equals stays; untouched when nothing changed."""
    old = Document.objects.filter(key=new.key, language=new.language).first()
    if old is None:
        new.save(force_insert=True)
    elif _differs(old, new):
        _instead(old, new).save(force_update=True)


# --- Records ------------------------------------------------------------------------------------------------------------
def put_records() -> int:
    """Every registered record as it is now; those no longer listed go. Returns how many documents there are."""
    known = names.of_the_network()
    return sum(_put_source(source, known) for source in SOURCES.values())


@transaction.atomic
def _put_source(source: Source, known: Names) -> int:
    kind = source.kind.key
    old = {(each.key, each.language): each for each in Document.objects.filter(kind=kind, record=True)}
    new = {(each.key, each.language): each for row in source.rows() for each in _documents(row, source, known)}
    gone = [each.pk for place, each in old.items() if place not in new]
    Document.objects.filter(pk__in=gone).delete()
    Document.objects.bulk_create([each for place, each in new.items() if place not in old], batch_size=500)
    changed = [_instead(old[place], each) for place, each in new.items() if place in old and _differs(old[place], each)]
    Document.objects.bulk_update(changed, SAME, batch_size=500)
    return len(new)


def _differs(old: Document, new: Document) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in SAME)


def _instead(old: Document, new: Document) -> Document:
    new.pk = old.pk
    return new


def _documents(row: Record, source: Source, known: Names) -> Iterator[Document]:
    for language, title in row.titles.items():
        if title:
            yield document(
                key=row.key, language=language, path=row.path, kind=source.kind.key, title=title, record=True,
                description=row.texts.get(language, ""), weight=source.kind.weight + row.weight,
                spelled=[(title, words.spoken(row.spellings))], known=known,
            )  # fmt: skip


# --- How frequent terms are ---------------------------------------------------------------------------------------------
FREQUENT = 200  # documents of one language; rarer terms are not kept
SAMPLED = 20_000  # rows looked at in a big table
_COUNT = """insert into search_term (term, language, documents)
select term, language, ceil(count(*) * %(times)s) from (
  select language, unnest(terms) term from search_document {sample}
) t group by 1, 2 having count(*) * %(times)s >= %(frequent)s
union all select '', language, count(*) from search_document group by 2"""


@transaction.atomic
def count_terms() -> int:
    """Counts anew how often terms stand in the documents of each language, in a big table from a sample of its pages."""
    rows = Document.objects.count()
    share = min(SAMPLED / rows, 1) if rows else 1
    sample = f"tablesample system ({share * 100:.4f})" if share < 1 else ""
    Term.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(sample=sample), {"times": 1 / share, "frequent": FREQUENT})
    return Term.objects.count()


def refresh(now: dt.datetime) -> None:
    """Schedule: what no page tells the index."""
    put_records()
    count_terms()
