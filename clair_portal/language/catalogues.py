"""The message catalogues: what the sources say in English, what locale/ says in Japanese, and whether the two fit.

Needs neither gettext nor settings nor a database, so it also runs alone:
`python -m clair_portal.language.catalogues` brings the catalogues up to date, `--check` says what is wrong with them.
Extracts what `django-admin makemessages` would: its keywords in Python, its own `templatize` for templates.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as extract_with_babel
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from clair_portal.language.public_words import FRAMEWORK, SINGLE, public_files, public_parts
from clair_portal.language.versions import SOURCE, VERSIONS, Version, version_of
from clair_portal.language.words import shortened

ROOT = Path(__file__).resolve().parent.parent.parent
# Source strings are English, so English has no catalogue. That of Japanese has all of them, the others what the public meets.
LANGUAGES = ("ja", *(version.code for version in VERSIONS if version.code not in {"ja", SOURCE}))
NO_SOURCES = {"tests", "node_modules", "migrations", "static", "staticfiles", "build", "docs", "requirements", "locale"}
KEYWORDS: dict[str, Any] = {
    name + lazy: arguments
    for name, arguments in {
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for lazy in ("", "_lazy")
} | {"_": None, "gettext_noop": None}

# An entry that is not ours but a package's, said in our words: "#  override: allauth" above it keeps it.
OVERRIDE = "override:"
HEADER = """\
# Words of the portal. `make_catalogues` collects the strings, people translate them, `check_catalogues` looks after both.
# Sentences of the Japanese catalogue are in です・ます, its labels and buttons without a verb ending where that is natural.
# Checked by: """
UNSTEADY_HEADERS = re.compile(
    rb'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid-Bugs-To|Generated-By):.*\n',
    re.M,
)

PLACEHOLDER = re.compile(r"%(?:\((?P<name>\w+)\))?[#0+-]*\d*(?:\.\d+)?[diouxXeEfFgGcrs]|(?P<percent>%%)")
BRACES = re.compile(r"{\w*(?:\.\w+)*(?:![rsa])?(?::[^{}]*)?}")

SENTENCE = re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}")  # words of a language, not a name or an abbreviation
OTHER_FORMS = set("（）：；？！，．＊％～")  # the portal writes ( ) : 、 。 and 〜

# English term → the Japanese words of which one must stand in the translation (official terms of CLAIR and JET).
TERMS: dict[str, tuple[str, ...]] = {
    "headquarters": ("本部",),
    "branch": ("支部",),
    "overseas office": ("海外事務所",),
    "requester": ("依頼元",),
    "jurisdiction": ("所管",),
    "posting": ("発令", "所属"),
    "support request": ("支援依頼",),
    "question sheet": ("質問票",),
    "commissioned research": ("依頼調査",),
    "feasibility enquiry": ("打診",),
    "prefecture": ("都道府県", "県"),
    "designated city": ("政令指定都市",),
    "special ward": ("特別区",),
    "contracting organisation": ("任用団体",),
    "reappointment": ("再任用",),
    "seconded staff": ("派遣職員",),
    "local staff": ("現地事務員",),
    "sending body": ("派遣元",),
    "fiscal year": ("年度",),
}

Key = tuple[str, str | None]


@dataclass(frozen=True)
class Changes:
    """What `update` did: strings that are new in the sources, and strings that are gone from them."""

    added: list[str]
    removed: list[str]


# --- What the sources say -------------------------------------------------------------------------------------------


def source_files(root: Path) -> Iterator[Path]:
    """Python files and templates, in a steady order; tests, migrations and what others wrote left out."""
    for path in sorted(root.iterdir()):
        if path.name in NO_SOURCES or path.name.startswith("."):
            continue
        if path.is_dir():
            yield from source_files(path)
        elif path.suffix in {".py", ".html", ".txt"}:
            yield path


def found_in(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    """Line, string (or singular and plural) and context of each message of one file."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        source = as_python(source, path)
    for line, message, _comments, context in extract_with_babel("python", BytesIO(source.encode()), KEYWORDS):
        yield line, message, context


def as_python(template: str, path: Path) -> str:
    """Django's own translation of a template into gettext calls, in brackets, where indentation means nothing."""
    return f"({templatize(template, origin=str(path))}\n)"


def extract(root: Path = ROOT, files: Iterable[Path] | None = None) -> Catalog:
    """The messages of all sources, or of `files`, with the files in which they stand."""
    catalog = Catalog(fuzzy=False)
    for path in source_files(root) if files is None else files:
        _add(catalog, root, path)
    return catalog


def _add(catalog: Catalog, root: Path, path: Path, lines: range | None = None) -> None:
    name = path.relative_to(root).as_posix()
    for line, message, context in found_in(path):
        if lines is None or line in lines:
            catalog.add(message, context=context, locations=[(name, line)])


def wanted(language: str, root: Path = ROOT) -> Catalog:
    """What the catalogue of a language must have: everything in Japanese, what the public meets in the others."""
    if language == "ja":
        return extract(root)
    catalog = extract(root, public_files(root))
    for path, lines in public_parts(root):
        _add(catalog, root, path, lines)
    for sentence in FRAMEWORK:
        catalog.add(sentence, locations=[("django", 1)])
    for single in SINGLE:
        catalog.add(single, locations=[("templates/pages/statistics.html", 1)])
    return catalog


# --- Bringing a catalogue up to date ----------------------------------------------------------------------------------


def catalogue_path(language: str, root: Path = ROOT) -> Path:
    return root / "locale" / version_of(language).folder / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    locale = version_of(language).cldr
    if not path.exists():
        return Catalog(locale=locale, fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=locale, abort_invalid=True)


def update(language: str, root: Path = ROOT) -> Changes:
    """Writes the catalogue anew: strings of the sources with the translations they had. Nothing is guessed."""
    path = catalogue_path(language, root)
    old, sources = read(path, language), wanted(language, root)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_po(merged(sources, old, language)))
    known, needed = by_key(old), by_key(sources)
    return Changes(
        added=[said(message) for key, message in needed.items() if key not in known],
        removed=[said(m) for key, m in known.items() if key not in needed and not is_override(m)],
    )


def merged(sources: Catalog, old: Catalog, language: str) -> Catalog:
    version = version_of(language)
    header = HEADER + (version.checked_by or "nobody yet; the pages say so (clair_portal/language/versions.py)")
    new = Catalog(locale=version.cldr, fuzzy=False, project="CLAIR portal", version="1", header_comment=header)
    known = by_key(old)
    for key, message in by_key(sources).items():
        before = known.get(key)
        fits = before is not None and before.pluralizable == message.pluralizable
        new.add(
            message.id,
            before.string if before and fits else None,
            locations=message.locations,
            context=message.context,
            user_comments=before.user_comments if before else (),
            flags=before.flags if before else (),
        )
    for message in known.values():
        if is_override(message):
            new.add(message.id, message.string, context=message.context, user_comments=message.user_comments)
    return new


def as_po(catalog: Catalog) -> bytes:
    """The catalogue as a file: by place in the sources, without what changes although no string does."""
    out = BytesIO()
    write_po(out, catalog, width=0, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    return UNSTEADY_HEADERS.sub(b"", out.getvalue())


def by_key(catalog: Catalog) -> dict[Key, Message]:
    return {(first(message.id), message.context): message for message in catalog if message.id}


def first(forms: str | Iterable[str]) -> str:
    return forms if isinstance(forms, str) else next(iter(forms))


def is_override(message: Message) -> bool:
    return any(comment.startswith(OVERRIDE) for comment in message.user_comments)


# --- Whether it fits --------------------------------------------------------------------------------------------------


def faults(language: str, root: Path = ROOT) -> list[str]:
    """One line per fault of the catalogue; empty when all is well."""
    catalog, sources = read(catalogue_path(language, root), language), by_key(wanted(language, root))
    known = by_key(catalog)
    lines = [f"not in the catalogue: {said(m)}" for key, m in sources.items() if key not in known]
    lines += [f"obsolete: {said(message)}" for message in catalog.obsolete.values()]
    for key, message in known.items():
        if key not in sources and not is_override(message):
            lines.append(f"obsolete: {said(message)}")
        elif key in sources and sources[key].pluralizable != message.pluralizable:
            lines.append(f"singular and plural differ from the source: {said(message)}")
        else:
            lines += [f"{fault}: {said(message)}" for fault in faults_of(message, language)]
    return lines


def faults_of(message: Message, language: str = "ja") -> Iterator[str]:
    """What is wrong with one translation."""
    translations = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if message.fuzzy:
        yield "fuzzy"
    if not translations or not all(translations):
        yield "not translated"
        return
    source = message.id if isinstance(message.id, str) else message.id[-1]
    for translation in translations:
        if placeholders(source) != placeholders(translation):
            yield f"placeholders differ ({', '.join(sorted(placeholders(source) ^ placeholders(translation)))})"
        if edges(source) != edges(translation):
            yield "line breaks at the beginning or the end differ"
        yield from foreign_writing(source, translation, version_of(language))
        if language == "ja":
            yield from wrong_terms(source, translation)


def foreign_writing(source: str, translation: str, version: Version) -> Iterator[str]:
    """Signs the portal does not use in Japanese, and a sentence without one letter of the language's own script."""
    if version.japanese and (foreign := sorted(set(translation) & OTHER_FORMS)):
        yield f"written otherwise in the portal ({' '.join(foreign)})"
    if version.script and SENTENCE.search(source) and not re.search(f"[{version.script}]", translation):
        yield "no letter of the language's script"


def placeholders(text: str) -> frozenset[str]:
    """%(name)s and {name} by what they are; %s and {} with their number, because their order counts."""
    found, nameless = set(), 0
    for match in PLACEHOLDER.finditer(text):
        if not match["name"] and not match["percent"]:
            nameless += 1
        if not match["percent"]:
            found.add(match[0] if match["name"] else f"{match[0]} no. {nameless}")
    braces = BRACES.findall(text)
    found |= {f"{brace} no. {i}" if brace == "{}" else brace for i, brace in enumerate(braces, 1)}
    return frozenset(found)


def edges(text: str) -> tuple[bool, bool]:
    return text.startswith("\n"), text.endswith("\n")


def wrong_terms(source: str, translation: str) -> Iterator[str]:
    text = PLACEHOLDER.sub(" ", source)
    for term, words in TERMS.items():
        plural = f"{term[:-1]}ies" if term.endswith("y") else f"{term}e?s"
        if re.search(rf"\b(?:{term}|{plural})\b", text, re.I) and not any(word in translation for word in words):
            yield f"“{term}” is {' or '.join(words)} in Japanese"


def said(message: Message) -> str:
    """How a message is named in a list: where it stands, its context, its beginning."""
    place = f"{message.locations[0][0]}: " if message.locations else ""
    context = f"[{message.context}] " if message.context else ""
    text = " ".join(first(message.id).split())
    return f"{place}{context}“{shortened(text, 100)}”"


def main(arguments: list[str]) -> int:
    lines = []
    for language in LANGUAGES:
        if "--check" in arguments:
            lines += [f"{language}: {fault}" for fault in faults(language)]
        else:
            update(language)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 1 if lines else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
