"""Whom to ask about what. Declared here, because no published list of it was found; divisions: docs/data-sources.md."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Page:
    """A page that helps before anybody is asked; `url_name` may be an address. One that does not exist is left out."""

    url_name: str
    label: Promise
    fragment: str = ""


@dataclass(frozen=True)
class Topic:
    """`body`: code of the organisation that is responsible, as sources name it ("" where they name none)."""

    key: str
    title: Promise
    advice: Promise
    body: str = ""
    pages: tuple[Page, ...] = ()


OFFICES = Page("offices", _("Seven overseas offices"))
BRANCHES = Page("branches", _("Branches in Japan"))

TOPICS: tuple[Topic, ...] = (
    Topic(
        "abroad", _("Support abroad for local governments of Japan"),
        _("Ask your branch first: it passes your request on to headquarters, and headquarters to the office."),
        "HQ-PLANNING", (Page("support_new", _("Ask an overseas office for support")), BRANCHES),
    ),
    Topic(
        "from-abroad", _("Local governments outside Japan"),
        _("Ask the office that is responsible for your country. No account is needed."),
        "", (Page("offices", _("Ask an office as a local government"), "#ask"),),
    ),
    Topic(
        "jet", _("JET Programme"),
        _("Look at the site of the programme first."),
        "HQ-JET", (Page("https://jetprogramme.org/", _("Site of the JET Programme")), Page("jet", _("Participants since 1987"))),
    ),
    Topic(
        "ties", _("Sister and friendship ties"),
        _("Search the list of ties first. Local governments ask through their branch."),
        "HQ-EXCHANGE", (Page("ties", _("Sister and friendship ties")),),
    ),
    Topic(
        "living", _("Living in Japan"),
        _("Ask your city, town or village first, then your prefecture."),
        "HQ-MULTICULTURAL", (Page("guide", _("Guide to living in Japan")), BRANCHES),
    ),
    Topic(
        "disaster", _("Disaster"),
        _("In danger call 119 (fire, ambulance) or 110 (police). Your city, town or village says where it is safe."),
        "HQ-MULTICULTURAL", (BRANCHES,),
    ),
    Topic("press", _("Press"), _("Who answers the press is not published. Headquarters is named here."), "HQ"),
)  # fmt: skip
