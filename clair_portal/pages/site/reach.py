"""How a body is reached, line by line: what is published with its source, and "not published" for everything else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clair_portal.language.lists import joined
from clair_portal.language.versions import cldr, version_of
from clair_portal.network.models import Claim, Organisation
from clair_portal.pages.site.saying import Said, said, source_of

NOTHING = Said("")


@dataclass(frozen=True)
class Line:
    """`value` is empty where nothing is published. `link`: where the value leads (a website, a telephone number)."""

    label: Promise | str
    value: Said = NOTHING
    source: Said = NOTHING
    as_of: Said = NOTHING
    link: str = ""


# label, column of the organisation ("" where it has none), what sources call it, how a link to it begins
FAX, MAIL = _("Fax"), _("E-mail")
IF_KNOWN = (FAX, MAIL)  # nobody misses them where they are not published
FIELDS: tuple[tuple[Promise, str, str, str], ...] = (
    (pgettext_lazy("place", "Address"), "address", "headquarters address", ""),
    (_("Telephone"), "telephone", "telephone", "tel:"),
    (FAX, "", "fax", ""),
    (MAIL, "email", "", "mailto:"),
    (_("Website"), "website", "web site", "{}"),
    (_("Way there"), "", "access", ""),
    (_("Opening hours"), "", "opening hours", ""),
)


def lines(body: Organisation, claims: Iterable[Claim]) -> list[Line]:
    """The same fields for every body, in one order."""
    found = {claim.claim: claim for claim in claims}
    all_of_them = [_line(body, found.get(name), label, column, begins) for label, column, name, begins in FIELDS]
    return [line for line in all_of_them if line.value.text or line.label not in IF_KNOWN]


def known(body: Organisation) -> list[Line]:
    """Only what is published."""
    return [line for line in lines(body, ()) if line.value.text]


def _line(body: Organisation, claim: Claim | None, label: Promise, column: str, begins: str) -> Line:
    """What an editor entered comes before what a source said; the source is named where it says the same."""
    text = (getattr(body, column) if column else "") or (claim.value if claim else "")
    if not text:
        return Line(label)
    link = "" if not begins else text if begins == "{}" else begins + text.replace(" ", "")
    if claim and claim.value == text:
        return Line(label, said(text), source_of(claim.source), said(claim.as_of), link)
    return Line(label, _as_written(text, bool(link)), source_of(body.source), NOTHING, link)


def _as_written(text: str, link: bool) -> Said:
    return Said(text) if link else said(text)


NO_LANGUAGES = Line(_("Languages"))


def languages(body: Organisation) -> Line:
    """The languages a body works in, in the words of CLDR."""
    names = cldr(get_language()).languages
    words = joined([names.get(version_of(code).cldr.partition("_")[0], code) for code in body.working_languages])
    return Line(NO_LANGUAGES.label, Said(words), source_of(body.source) if words else NOTHING)
