"""What came in through the public form and the links lands on cases, and what changed on the cases goes out by mail.

Runs in the schedule as the portal itself: a stranger's request never acts with anybody's authority.
"""

from __future__ import annotations

import datetime as dt
import logging
import zoneinfo
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import BigIntegerField, Count, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clair_portal.accounts.models import SignedLink
from clair_portal.accounts.reader import Reader
from clair_portal.accounts.signed_links import make_link
from clair_portal.accounts.strangers import stranger
from clair_portal.audit.services import record
from clair_portal.casework.deadlines import set_deadline, set_reminders
from clair_portal.casework.enums import Holder, Origin, Side
from clair_portal.casework.models import Case, CaseFile, KindVersion, Note, Referral
from clair_portal.casework.posts import holding_organisation, office_with, posts_of
from clair_portal.casework.services import add_note, describe, enter, perform
from clair_portal.casework.telling import say
from clair_portal.language.cldr import day
from clair_portal.language.words import shortened
from clair_portal.network.models import Organisation
from clair_portal.outbox.claiming import database_is_lost
from clair_portal.outbox.services import queue_email
from offices.enums import LetterKind
from offices.foreign.access import CONFIRM, FOLLOW
from offices.foreign.workflow import FOREIGN, KIND
from offices.models import ForeignLetter, ForeignPaper, ForeignRequest

log = logging.getLogger("portal.foreign")
Row = TypeVar("Row", bound=Model)
AT_ONCE = 50
BETWEEN_LINKS = dt.timedelta(minutes=10)
FOLLOWED = dt.timedelta(days=366)  # how long after its end a request may still be looked at


def run(now: dt.datetime) -> None:
    """Schedule: one turn."""
    _forget(now)
    _each(_waiting().filter(asked_at=None), _ask_for_confirmation, now)
    _each(_waiting().filter(confirmed_at__isnull=False), _open, now)
    _each(ForeignLetter.objects.select_related("request__case", "request__office").order_by("created_at"), _land, now)
    _each(_untold(), _tell_abroad, now)


def _each(rows: QuerySet[Row], do: Callable[[Row, dt.datetime], None], now: dt.datetime) -> None:
    """So many in one turn; one that fails is tried again in the next and stops no other."""
    for row in rows[:AT_ONCE]:
        try:
            with transaction.atomic():
                do(row, now)
        except Exception as error:
            if database_is_lost(error):
                raise
            log.exception("%s %s from abroad failed; tried again in the next turn", row._meta.model_name, row.pk)


def _open(request: ForeignRequest, now: dt.datetime) -> None:
    open_case(request, now=now)


def _waiting() -> QuerySet[ForeignRequest]:
    return ForeignRequest.objects.filter(case=None).select_related("office", "country").order_by("created_at")


def _forget(now: dt.datetime) -> None:
    """What nobody confirmed in time goes, with its papers (documents.orphans removes their content)."""
    before = now - dt.timedelta(hours=settings.FOREIGN_CONFIRM_HOURS)
    ForeignRequest.objects.filter(case=None, confirmed_at=None, created_at__lt=before).delete()


def correspondent(request: ForeignRequest) -> Reader:
    """Whoever asked, as the services know an actor: no person, no account, on the requester's side of this one case."""
    return stranger(
        names=dict.fromkeys(("ja", "en"), request.government), name=request.contact, email=request.email,
        language=request.language, organisation=request.office, rights=frozenset({"cases.file"}),
    )  # fmt: skip


# --- In --------------------------------------------------------------------------------------------------------------------
def open_case(request: ForeignRequest, *, now: dt.datetime) -> Case:
    """The confirmed request becomes a case of the office: number, deadline, papers, log, notices."""
    to_headquarters = set(request.kinds) & set(settings.FOREIGN_KINDS_TO_HEADQUARTERS)
    state = FOREIGN.state("at_headquarters" if to_headquarters else "received")
    version = KindVersion.objects.number_on(KIND, timezone.localdate(now))
    title = shortened(str(request), 200)
    case = Case.objects.create(
        kind=KIND, kind_version=version, title=title, applicant=request.office,
        countries=[request.country_id], state=state.key, holder=state.holder, origin=Origin.FOREIGN_FORM, created_at=now,
        moved_at=now,
    )  # fmt: skip
    describe(case, title=title, texts=[request.text])
    enter(case, now=now)
    case.save()
    Referral.objects.create(case=case, office=request.office, created_at=now)
    case.holding = holding_organisation(case, state.holder)
    set_deadline(case, state, case.holding, now, resumed=False)
    case.save()
    request.case = case
    request.save(update_fields=["case"])
    _hang_on(case, request, request.papers.filter(letter=None), now)
    _say(case, request)
    set_reminders(case, now)
    return case


def _say(case: Case, request: ForeignRequest) -> None:
    posts = dict.fromkeys(posts_of(case, [Holder.OFFICE, Holder(case.holder)]))
    say("offices.foreign.received", case, posts=posts, signature=correspondent(request).signature)


def _hang_on(case: Case, request: ForeignRequest, papers: Any, now: dt.datetime) -> None:
    """Papers move to the case with the state of their virus check; the content stays where it lies."""
    for paper in papers:
        kept = {name: getattr(paper, name) for name in ("name", "media_type", "size", "sha256", "key", "check_state")}
        CaseFile(
            case=case, author=request.office, signature=correspondent(request).signature, side=Side.APPLICANT, shared=True,
            created_at=now, uploaded_at=paper.uploaded_at, **kept,
        ).save(force_insert=True)  # fmt: skip
        record("casework.file.added", case, actor=correspondent(request).signature, name=paper.name)
        ForeignPaper.objects.filter(pk=paper.pk).delete()


def _land(letter: ForeignLetter, now: dt.datetime) -> None:
    if letter.kind == LetterKind.LINK:
        _send_new_links(letter.email, now)
    elif letter.request and letter.request.case:
        _on_case(letter.request, letter.request.case, letter, now)
    letter.delete()


def _on_case(request: ForeignRequest, case: Case, letter: ForeignLetter, now: dt.datetime) -> None:
    actor = correspondent(request)
    _hang_on(case, request, letter.papers.all(), now)
    withdraws = letter.kind == LetterKind.WITHDRAWAL and not FOREIGN.state(case.state).ended
    if withdraws or case.state == "details_asked":
        perform(case, "withdraw" if withdraws else "reply", actor=actor, now=now, reason=letter.body)
    else:
        add_note(case, body=letter.body, shared=True, actor=actor, now=now)


# --- Out -------------------------------------------------------------------------------------------------------------------
def _ask_for_confirmation(request: ForeignRequest, now: dt.datetime) -> None:
    hours = settings.FOREIGN_CONFIRM_HOURS
    address = _new_link(request, CONFIRM, "foreign_confirm", now + dt.timedelta(hours=hours), now)
    with translation.override(request.language):
        lines = [
            _("Somebody gave this mail address in a request to %(office)s: %(subject)s") % {
                "office": request.office, "subject": request.subject},
            _("If it was you, open this address and press the button. Only then does the office read the request:"),
            address,
            _("Without it everything is deleted after %(hours)s hours. If it was not you, do nothing.") % {"hours": hours},
        ]  # fmt: skip
        _mail(request, _("Please confirm your request: %(subject)s") % {"subject": request.subject}, lines)
    ForeignRequest.objects.filter(pk=request.pk).update(asked_at=now)


def _followed() -> QuerySet[ForeignRequest]:
    return ForeignRequest.objects.filter(case__isnull=False).select_related("case", "office")


def _untold() -> QuerySet[ForeignRequest]:
    """Requests whose state or messages the foreign side has not been told yet."""
    said = Note.objects.filter(case=OuterRef("case"), shared=True).exclude(side=Side.APPLICANT).order_by()
    count = Coalesce(Subquery(said.values("case").annotate(number=Count("pk")).values("number")), 0)
    at_work = Referral.objects.filter(case=OuterRef("case")).working().order_by("-owner", "pk").values("office")[:1]
    elsewhere = Q(told_office__isnull=False) & ~Q(told_office=F("at_work"))
    changed = ~Q(told_state=F("case__state")) | ~Q(told_notes=F("said")) | elsewhere
    return (
        _followed()
        .annotate(said=count, at_work=Coalesce(Subquery(at_work), F("office"), output_field=BigIntegerField()))
        .filter(changed)
    )


def _news(request: ForeignRequest) -> list[Note]:
    notes = Note.objects.filter(case=request.case_id, shared=True).exclude(side=Side.APPLICANT).order_by("pk")
    return list(notes.select_related("author")[request.told_notes :])


def _tell_abroad(request: ForeignRequest, now: dt.datetime) -> None:
    """One mail in the language of the form: the state, new messages, a link of its own."""
    assert request.case is not None
    case, news, office = request.case, _news(request), _office_of(request)
    _links_of(request).exclude(organisation=office).update(organisation=office)  # who has the case takes them back
    with translation.override(request.language), timezone.override(zoneinfo.ZoneInfo(office.time_zone)):
        state = FOREIGN.state(case.state).public_for(office)
        lines = [
            _("Your request %(number)s to %(office)s: %(subject)s") % {
                "number": case.number, "office": request.office, "subject": request.subject},
            _("State: %(state)s") % {"state": state},
            *(_("%(office)s wrote:\n\n%(body)s") % {"office": note.author, "body": note.body} for note in news),
            *_where(request, now),
        ]  # fmt: skip
        _mail(request, f"{state} – {request.subject} ({case.number})", lines)
    ForeignRequest.objects.filter(pk=request.pk).update(
        told_state=case.state, told_office=office, told_notes=F("told_notes") + len(news)
    )


def _links_of(request: ForeignRequest) -> QuerySet[SignedLink]:
    return SignedLink.objects.filter(subject_type=request._meta.label_lower, subject_id=str(request.pk), purpose=FOLLOW)


def _office_of(request: ForeignRequest) -> Organisation:
    """The office that has the request now; it was sent to `request.office`."""
    return (office_with(request.case) if request.case else None) or request.office


def _where(request: ForeignRequest, now: dt.datetime) -> list[str]:
    until = now + dt.timedelta(days=settings.FOREIGN_LINK_DAYS)
    return [
        _("Follow your request and write to the office here (until %(day)s; do not pass the address on):")
        % {"day": day(until)},
        _new_link(request, FOLLOW, "foreign_case", until, now),
    ]


def _send_new_links(email: str, now: dt.datetime) -> None:
    """To the address itself, for each of its requests; so often at most, and silently nothing for a stranger's."""
    recent = SignedLink.objects.filter(purpose=FOLLOW, created_at__gt=now - BETWEEN_LINKS).values_list(
        "subject_id", flat=True
    )
    asked = (
        _followed().filter(email__iexact=email).filter(Q(case__closed_at=None) | Q(case__closed_at__gt=now - FOLLOWED))
    )
    for request in asked.exclude(pk__in=list(recent))[:AT_ONCE]:
        assert request.case is not None
        number = request.case.number
        with translation.override(request.language):
            lines = [_("Somebody asked for a new link to your request %(number)s.") % {"number": number}]
            _mail(request, f"{number}: {request.subject}", [*lines, *_where(request, now)])


def _new_link(request: ForeignRequest, purpose: str, page: str, until: dt.datetime, now: dt.datetime) -> str:
    _row, token = make_link(
        purpose=purpose, subject=request, organisation=_office_of(request).pk, expires_at=until, actor=correspondent(request),
        now=now, recipient=request.email, language=request.language,
    )  # fmt: skip
    with translation.override(request.language):
        return str(settings.PORTAL_URL.rstrip("/") + reverse(page, args=[token]))


def _mail(request: ForeignRequest, subject: str, lines: list[str]) -> None:
    greeting = _("Dear %(name)s,") % {"name": request.contact}
    footer = f"-- \n{_office_of(request)} (CLAIR)"
    queue_email(
        to=request.email, subject=subject, body="\n\n".join([greeting, *lines, footer]), language=request.language,
        event="offices.foreign.mail",
    )  # fmt: skip
