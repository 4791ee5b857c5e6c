"""What can be approved. An app further up declares a kind in ready(); this app knows no case and no report.

What is frozen is what `content` says, in the language of the draft and on the clock of Tokyo. It must read the same for
every reader, so it asks for rows by what they are and not by who looks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.functional import Promise

from clair_portal.accounts.reader import Reader
from clair_portal.language.words import in_both

if TYPE_CHECKING:
    import datetime as dt

    from clair_portal.approvals.models import Approval

Text = Promise | str
Names = dict[str, str]


@dataclass(frozen=True)
class Fact:
    """A line of the document. `key` tells it apart from others, whatever the label says in a language."""

    key: str
    label: Text
    value: str


@dataclass(frozen=True)
class Paper:
    """A file that is approved with the document. `url`: where it is read; not a part of what is frozen."""

    name: str
    sha256: str
    size: int = 0
    url: str = ""


@dataclass(frozen=True)
class Content:
    title: str
    facts: tuple[Fact, ...]
    papers: tuple[Paper, ...] = ()
    amount: int | None = None  # yen; None: the kind has no amounts


Effect = Callable[["Approval", "dt.datetime"], None]


@dataclass(frozen=True)
class Kind:
    """`content`: of a subject by its key; None where it is gone. `path`: its page. `may_draft`: an empty text, or the
    reason why this reader cannot have it approved now. `offers`: whether the page of the subject shows the way to draft one.
    `approved`, `ended`: what happens then, in the same transaction (`ended`: sent back to the drafter, taken back or void).
    """

    code: str
    label: Text
    subject_type: str
    content: Callable[[str], Content | None]
    path: Callable[[str], str]
    may_draft: Callable[[str, Reader], str]
    offers: Callable[[Any], bool] = field(default=lambda subject: False, compare=False)
    approved: Effect = field(default=lambda approval, now: None, compare=False)
    ended: Effect = field(default=lambda approval, now: None, compare=False)


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Called in ready(). The same code again replaces the earlier kind."""
    KINDS[kind.code] = kind


def label_of(code: str) -> str:
    return str(KINDS[code].label) if code in KINDS else code


def page_of(code: str, subject_id: str) -> str:
    """The page of what is approved; the list of approvals where nobody declares the kind any more."""
    return KINDS[code].path(subject_id) if code in KINDS else "/desk/approvals/"


def content_of(code: str, subject_id: str, language: str) -> Content | None:
    """What there is to approve now. None: it is gone, or nobody declares the kind any more."""
    kind = KINDS.get(code)
    if kind is None:
        return None
    with translation.override(language), timezone.override("Asia/Tokyo"):
        try:
            return kind.content(subject_id)
        except (ValueError, ValidationError):  # a key that cannot be one
            return None


# --- Frozen form --------------------------------------------------------------------------------------------------------
def frozen(content: Content) -> dict[str, Any]:
    """As a row keeps it: plain values, labels in both languages, papers in order of their names."""
    papers = sorted(content.papers, key=lambda paper: (paper.name, paper.sha256))
    return {
        "title": content.title,
        "amount": content.amount,
        "facts": [{"key": fact.key, "label": in_both(fact.label), "value": fact.value} for fact in content.facts],
        "papers": [{"name": p.name, "sha256": p.sha256, "size": p.size, "url": p.url} for p in papers],
    }


def digest(kept: dict[str, Any]) -> str:
    """SHA-256 of what is said, not of how lines are called: a better translation of a label voids nothing."""
    said = {
        "title": kept["title"],
        "amount": kept["amount"],
        "facts": [[fact["key"], fact["value"]] for fact in kept["facts"]],
        "papers": [[paper["name"], paper["sha256"]] for paper in kept["papers"]],
    }
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def sealed(content_digest: str, document_sha256: str) -> str:
    """The one hash a stamp is set on: the document as printed, and what it says with its papers."""
    return hashlib.sha256(f"{document_sha256} {content_digest}".encode()).hexdigest()


def differences(before: dict[str, Any], after: dict[str, Any] | None) -> list[Names]:
    """What was changed, in words of both languages: labels of lines, names of papers. `after` None: all of it is gone."""
    if after is None:
        return [{"ja": before["title"], "en": before["title"]}]
    changed: list[Names] = []
    if before["title"] != after["title"]:
        changed.append({"ja": f"件名「{after['title']}」", "en": f"title “{after['title']}”"})
    if before["amount"] != after["amount"]:
        changed.append({"ja": "金額", "en": "amount"})
    was, is_now = ({fact["key"]: fact for fact in kept["facts"]} for kept in (before, after))
    changed += [
        (is_now.get(key) or was[key])["label"]
        for key in [*was, *(key for key in is_now if key not in was)]
        if was.get(key, {}).get("value") != is_now.get(key, {}).get("value")
    ]
    had, has = ({(paper["name"], paper["sha256"]) for paper in kept["papers"]} for kept in (before, after))
    return changed + [{"ja": name, "en": name} for name in dict.fromkeys(name for name, _sha in sorted(had ^ has))]
