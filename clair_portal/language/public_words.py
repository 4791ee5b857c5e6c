"""Which strings of the sources the public meets: these stand in the catalogues of all versions, the others in Japanese only.

A template is public when it extends the frame of public pages, or is included by one that does; a Python file, or a part of
one, when it is named here. tests/walls/test_words_of_the_public.py walks the public pages, the forms, the links and the mails
that follow them, and fails on a string that is asked for and not found this way.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

FRAMES = {"base_public.html", "error.html"}
BY_TAG = {"ui/errors.html", "ui/upload.html"}  # put into public pages by a tag, not by an include
PYTHON = (
    "clair_portal/accounts/same_site.py",
    "clair_portal/accounts/signed_links.py",
    "clair_portal/accounts/strangers.py",
    "clair_portal/calendars/eras.py",
    "clair_portal/documents/sniffing.py",
    "clair_portal/gatherings/asking.py",
    "clair_portal/gatherings/calendar_file.py",
    "clair_portal/gatherings/call_presentation.py",
    "clair_portal/gatherings/enums.py",
    "clair_portal/gatherings/forms.py",
    "clair_portal/gatherings/presentation.py",
    "clair_portal/gatherings/registering.py",
    "clair_portal/gatherings/telling.py",
    "clair_portal/gatherings/views/public.py",
    "clair_portal/gatherings/views/strangers.py",
    "clair_portal/language/readings/*.py",
    "clair_portal/network/claims.py",
    "clair_portal/network/enums.py",
    "clair_portal/open_data/apps.py",
    "clair_portal/open_data/dictionary.py",
    "clair_portal/open_data/network_sets.py",
    "clair_portal/pages/search_kinds.py",
    "clair_portal/pages/site/*.py",
    "clair_portal/pages/views/api_reference.py",
    "clair_portal/pages/views/display.py",
    "clair_portal/pages/views/errors.py",
    "clair_portal/pages/views/home.py",
    "clair_portal/pages/views/offices.py",
    "clair_portal/pages/views/site*.py",
    "clair_portal/pages/views/statistics.py",
    "clair_portal/pages/views/stories.py",
    "clair_portal/publishing/content/public.py",
    "clair_portal/reports/layout.py",
    "clair_portal/search/forms.py",
    "clair_portal/search/kinds.py",
    "clair_portal/search/views.py",
    "clair_portal/ui/components/heads.py",
    "clair_portal/ui/components/messages.py",
    "clair_portal/ui/fields.py",
    "clair_portal/ui/forms.py",
    "exchange/*.py",
    "jet/*.py",
    "multicultural/*.py",
    "multicultural/views/*.py",
    "offices/foreign/forms.py",
    "offices/foreign/landing.py",
    "offices/foreign/letterbox.py",
    "offices/foreign/views.py",
)
# Of files that are otherwise read by staff: what stands at their top level under these names.
PARTS: dict[str, tuple[str, ...]] = {
    "clair_portal/documents/services.py": ("inspect", "hand_out"),
    "clair_portal/gatherings/question_forms.py": ("SCORES", "AnswerForm"),
    "offices/enums.py": ("ForeignKind",),
    "offices/foreign/workflow.py": ("SAID",),
}
# Single strings of files that are otherwise read by staff.
SINGLE = ("Annual activity report of the overseas offices", "Published yearly counts")
# Sentences of Django that a form of the public can answer with; where Django has no translation of its own, ours stands.
FRAMEWORK: tuple[str | tuple[str, str], ...] = (
    ("%(size)d byte", "%(size)d bytes"),
    "%s KB",
    "%s MB",
    "This field is required.",
    "Enter a valid email address.",
    "Enter a valid date.",
    "Enter a whole number.",
    "Select a valid choice. %(value)s is not one of the available choices.",
    "Select a valid choice. That choice is not one of the available choices.",
    "No file was submitted. Check the encoding type on the form.",
    "The submitted file is empty.",
    "Null characters are not allowed.",
    (
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    ),
)
_USED = re.compile(r"{%\s*(?P<how>extends|include)\s+[\"'](?P<name>[^\"']+)[\"']")


def public_files(root: Path) -> Iterator[Path]:
    """Templates and Python files whose strings the public meets, in a steady order."""
    yield from sorted(public_templates(root / "templates"))
    for pattern in PYTHON:
        yield from sorted(root.glob(pattern))


def public_parts(root: Path) -> Iterator[tuple[Path, range]]:
    """The lines of each of PARTS. Raises KeyError for a name that does not stand in its file any more."""
    for file, names in PARTS.items():
        if not (path := root / file).exists():
            continue
        lines = {name: range(first, last + 1) for name, first, last in _top_level(path)}
        yield from ((path, lines[name]) for name in names)


def _top_level(path: Path) -> Iterator[tuple[str, int, int]]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        named = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", node)]
        for each in named:
            if name := getattr(each, "id", getattr(each, "name", "")):
                yield name, node.lineno, node.end_lineno or node.lineno


def public_templates(folder: Path) -> set[Path]:
    """Templates that extend a public frame, directly or through others, those put there by a tag, and all they use themselves."""
    uses = {path.relative_to(folder).as_posix(): _used(path) for path in folder.rglob("*.html")}
    found = FRAMES | BY_TAG
    while more := {name for name, used in uses.items() if used["extends"] & found} - found:
        found |= more
    while more := {name for each in found & set(uses) for used in uses[each].values() for name in used} - found:
        found |= more
    return {folder / name for name in found if name in uses}


def _used(path: Path) -> dict[str, set[str]]:
    used: dict[str, set[str]] = {"extends": set(), "include": set()}
    for match in _USED.finditer(path.read_text(encoding="utf-8")):
        used[match["how"]].add(match["name"])
    return used
