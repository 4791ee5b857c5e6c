"""What arrives at a signed address becomes a message with papers on the case, once, however often it is delivered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import override

from clair_portal.audit.services import record
from clair_portal.casework.enums import ALL_SIDES, Side
from clair_portal.casework.mail.addresses import Destination
from clair_portal.casework.mail.reading import Attachment, Mail
from clair_portal.casework.models import Case, CaseFile, Note, ReceivedMail, Referral
from clair_portal.casework.posts import path_of, posts_of
from clair_portal.documents.services import receive
from clair_portal.documents.sniffing import Refused
from clair_portal.language.words import shortened
from clair_portal.network.models import Organisation
from clair_portal.outbox.services import Post, tell

MOST_TEXT = 10_000  # characters of a message; what is longer is kept whole as a paper
EVENT, REFUSED = "casework.mail.landed", "casework.mail.refused"
# What the portal says in a message is stored in it, so it is written for those who read it: in Japan Japanese is read.
LANGUAGES = {Side.HEADQUARTERS: ("ja", "en"), Side.OFFICE: ("ja", "en"), Side.APPLICANT: ("ja",)}
RIGHTS = {Side.HEADQUARTERS: "cases.triage", Side.OFFICE: "cases.work", Side.APPLICANT: "cases.file"}


class NotTaken(Exception):
    """The mail does not land; the message says why, for the operator's log."""


class NoLongerOn(NotTaken):
    """The organisation of the address, which is signed, has left the case: it is told."""


def land(mail: Mail, where: Destination, *, now: dt.datetime) -> Note | None:
    """Puts a mail on a case; None: it was there already. Acts for the portal itself (system).

    Raises NotTaken: automatic answer, or unknown case; NoLongerOn: an organisation that is no longer on it.
    """
    if mail.automatic:
        raise NotTaken("an automatic answer")
    case = Case.objects.select_related("applicant", "branch").filter(pk=where.case).first()
    organisation = Organisation.objects.filter(pk=where.organisation).first()
    if case is None or organisation is None:
        raise NotTaken("no such case")
    side = _side(case, organisation)
    received, new = ReceivedMail.objects.get_or_create(
        case=case, organisation=organisation, digest=mail.digest,
        defaults={"sender": mail.sender, "subject": mail.subject, "received_at": now},
    )  # fmt: skip
    if not new:
        return None
    note = _write(case, organisation, side, mail, shared=where.shared, now=now)
    received.note = note
    received.save(update_fields=["note"])
    _tell(case, organisation, note, mail)
    return note


def _side(case: Case, organisation: Organisation) -> Side:
    if organisation.is_headquarters:
        return Side.HEADQUARTERS
    if organisation.is_office:
        if not Referral.objects.filter(case=case, office=organisation).working().exists():
            raise NoLongerOn("the office is no longer on the case")
        return Side.OFFICE
    if organisation.pk not in (case.applicant_id, case.branch_id):
        raise NoLongerOn("the organisation is not on the case")
    return Side.APPLICANT


def tell_of_refusal(mail: Mail, where: Destination) -> None:
    """People of the organisation hear that a mail to its address did not land, once. Nothing goes to the address the mail
    came from, which nobody has verified; and nothing of the case is told but its number."""
    case, organisation = Case.objects.get(pk=where.case), Organisation.objects.get(pk=where.organisation)
    side = Side.OFFICE if organisation.is_office else Side.APPLICANT
    params = {"number": case.number or "", "sender": mail.sender_name, "subject": mail.subject}
    posts = [Post(organisation.pk, RIGHTS[side])]
    tell(REFUSED, organisation, posts=posts, params=params, path="", occasion=f"{case.pk}.{mail.digest}")


def _write(case: Case, organisation: Organisation, side: Side, mail: Mail, *, shared: bool, now: dt.datetime) -> Note:
    signature = {
        language: f"{mail.sender_name} ({_name(organisation, language)}, {_by_mail(language)})"
        for language in ("ja", "en")
    }
    common: dict[str, Any] = {
        "case": case, "author": organisation, "signature": signature, "side": side, "shared": shared, "created_at": now,
    }  # fmt: skip
    papers = list(mail.attachments)
    text = mail.text
    if len(text) > MOST_TEXT:
        papers.append(Attachment("message.txt", text.encode()))
        text = text[:MOST_TEXT] + "\n…"
    refused = [line for paper in papers if (line := _keep(paper, common, now))]
    if mail.left_out:
        refused.append(_said(side, lambda: _("%(count)s more papers were left out.") % {"count": mail.left_out}))
    body = "\n\n".join(part for part in (mail.subject, text, "\n".join(refused)) if part)
    note = Note(**common, body=body)
    note.save(force_insert=True)
    record(
        EVENT,
        case,
        actor=signature,
        side="" if shared else side,
        internal_to=organisation.pk,
        number=case.number or "",
    )
    return note


def _keep(paper: Attachment, common: dict[str, Any], now: dt.datetime) -> str:
    """Stores one paper through the same checks as an upload; returns the sentence for one that is refused."""
    try:
        received = receive(SimpleUploadedFile(paper.name, paper.content))
    except Refused as error:
        said = {"name": shortened(paper.name, 120), "reason": error}
        return _said(common["side"], lambda: _("Refused: %(name)s. %(reason)s") % said)
    CaseFile(**common, uploaded_at=now, **received.fields()).save(force_insert=True)
    return ""


def _said(side: Side, sentence: Callable[[], str]) -> str:
    """A sentence of the portal in the languages of a side, each on a line of its own."""
    lines = []
    for language in LANGUAGES[side]:
        with override(language):
            lines.append(sentence())
    return "\n".join(lines)


def _tell(case: Case, organisation: Organisation, note: Note, mail: Mail) -> None:
    """A shared mail is told to every side, an internal one to the people of its own organisation."""
    own = [Post(organisation.pk, RIGHTS[Side(note.side)])]
    posts = posts_of(case, ALL_SIDES) if note.shared and case.filed_at else own
    params = {"number": case.number or "", "title": case.title, "sender": mail.sender_name, "subject": mail.subject}
    tell(EVENT, case, posts=posts, params=params, path=path_of(case), occasion=str(note.pk))


def _name(organisation: Organisation, language: str) -> str:
    return getattr(organisation, f"name_{language}") or organisation.name_ja or ""  # type: ignore[attr-defined]


def _by_mail(language: str) -> str:
    with override(language):
        return _("by mail")
