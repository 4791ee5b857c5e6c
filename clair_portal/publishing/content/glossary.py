"""Official terms in a source, and whether a translation has them. Japanese has no spaces: the longest term at a place counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from django.utils.translation import gettext as _

from clair_portal.language.folding import fold_characters as fold
from clair_portal.language.folding import search_key
from clair_portal.language.versions import VERSIONS
from clair_portal.network.reference import rows_of
from clair_portal.publishing.content.checks import Remark
from clair_portal.publishing.content.cutting import bare
from clair_portal.publishing.models import Term

read = partial(rows_of, Path(__file__).parent.parent / "reference")
BETWEEN = " / "
LANGUAGES = tuple(version.code for version in VERSIONS if version.code != "ja")  # a term is Japanese


def load() -> str:
    """Terms that are missing are added; what headquarters has changed stays."""
    known = set(Term.objects.values_list("ja", flat=True))
    new = [_term(row) for row in read("terms.csv") if row["ja"] not in known]
    Term.objects.bulk_create(new)
    without_key = list(Term.objects.filter(found_by=""))  # loaded before terms could be searched
    for term in without_key:
        term.found_by = found_by(term)
    Term.objects.bulk_update(without_key, ["found_by"])
    return f"{len(new)} terms added"


def found_by(term: Term) -> str:
    """What search looks in: every form in every language, note and source."""
    every = [form for language in term.words for form in forms(term, language)]
    return search_key(term.ja, *every, term.note, term.source)


def _term(row: dict[str, str]) -> Term:
    words = {"en": row["en"], "ja-simple": row["ja_simple"]}
    words = {code: text for code, text in words.items() if text}
    term = Term(ja=row["ja"], words=words, note=row["note"], source=row["source"])
    term.found_by = found_by(term)
    return term


def forms(term: Term, language: str) -> list[str]:
    """How a term may be written in a language; the first is the one to write."""
    if language == "ja":
        return [term.ja]
    return [each for each in str(term.words.get(language, "")).split(BETWEEN) if each]


def found_in(text: str, language: str, terms: Iterable[Term]) -> list[Term]:
    """Terms in the order of the text, each once; where one holds another, the longer one."""
    by_form = {fold(form): term for term in terms for form in forms(term, language)}
    if not by_form:
        return []
    longest_first = "|".join(re.escape(form) for form in sorted(by_form, key=len, reverse=True))
    pattern = longest_first if language.startswith(("ja", "zh", "th", "my")) else rf"(?<!\w)(?:{longest_first})(?!\w)"
    found = [by_form[each[0]] for each in re.finditer(pattern, fold(bare(text)))]
    return list({term.ja: term for term in found}.values())


def missing(source: str, target: str, *, source_language: str, language: str, terms: Sequence[Term]) -> list[Remark]:
    """A warning for each term of the source that the glossary has in the language and the translation has not."""
    there = fold(bare(target))
    return [
        Remark(f"term:{term.ja}", _term_sentence(term, source_language, wanted[0]))
        for term in found_in(source, source_language, terms)
        if (wanted := forms(term, language)) and not any(fold(form) in there for form in wanted)
    ]


def _term_sentence(term: Term, source_language: str, wanted: str) -> str:
    named = (forms(term, source_language) or [term.ja])[0]
    return _("The glossary has “%(wanted)s” for “%(term)s”.") % {"wanted": wanted, "term": named}
