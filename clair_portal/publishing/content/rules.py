"""Who may do what with texts: nothing, or a sentence that says why not."""

from __future__ import annotations

from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.language.versions import VERSIONS
from clair_portal.publishing.models import Linguist
from clair_portal.walls.roles import HEADQUARTERS

WRITE, RELEASE = "publications.prepare", "publications.release"
TRANSLATE, REVIEW, MANAGE = "translations.translate", "translations.review", "translations.manage"
READ = "translations.read"


class Refused(Exception):
    """The action is refused; the message is a sentence for the person."""


class Overtaken(Refused):
    """Somebody else changed the same since the page was shown; nothing of theirs was overwritten."""


Actor = Reader | None  # None: the portal itself, for example reference data that is loaded


def languages() -> dict[str, str]:
    return {version.code: version.endonym for version in VERSIONS}


def place_of(code: str) -> int:
    """Where a language stands in lists; one the portal no longer has, after all others."""
    known = list(languages())
    return known.index(code) if code in known else len(known)


def known_language(code: str) -> str:
    """The code itself. Raises Refused for one that is no language version of the portal."""
    if code in languages():
        return code
    raise Refused(
        _("“%(code)s” is not a language of this portal. Its languages are: %(known)s.")
        % {"code": code[:20], "known": ", ".join(languages())}
    )


def need(right: str, actor: Actor) -> None:
    if actor is not None and not actor.can(right):
        raise Refused(_("Your posting does not give you the right to do this."))


def need_source(actor: Actor) -> None:
    """Sources are written at headquarters."""
    need(WRITE, actor)
    if actor is not None and actor.scope.role != HEADQUARTERS:
        raise Refused(_("Headquarters writes and changes the source. Tell them what should change."))


def _linguist(language: str, actor: Reader, **what: bool) -> bool:
    return (
        actor.chosen is not None
        and Linguist.objects.filter(posting=actor.chosen.id, language=language, **what).exists()
    )


def may_translate(language: str, actor: Reader) -> str:
    """Why not; empty: they may."""
    if not actor.can(TRANSLATE) or not _linguist(language, actor, translates=True):
        return _("You are not a translator for this language. Headquarters decides who translates into which language.")
    return ""


def may_review(language: str, actor: Reader) -> str:
    if not actor.can(REVIEW) or not _linguist(language, actor, reviews=True):
        return _("You are not a reviewer for this language. Headquarters decides who reviews which language.")
    return ""


def need_translator(language: str, actor: Actor) -> None:
    """Whoever translates or reviews a language may write its sentences; what one wrote oneself one cannot approve."""
    if actor is not None and (why := may_translate(language, actor)) and may_review(language, actor):
        raise Refused(why)


def need_reviewer(language: str, actor: Actor) -> None:
    if actor is not None and (why := may_review(language, actor)):
        raise Refused(why)


def signature(actor: Actor) -> dict[str, str]:
    return actor.signature if actor is not None else {"ja": "ポータル", "en": "The portal"}


def person(actor: Actor) -> int | None:
    return actor.person if actor is not None else None
