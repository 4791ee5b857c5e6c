"""What a move of a commissioned research does besides changing the state. Each returns the extra values of its sentence."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.approvals.services import touched
from clair_portal.casework.enums import ReferralState
from clair_portal.casework.models import Case, Referral
from clair_portal.casework.parts import refer_to
from clair_portal.casework.rules import NotAllowed
from clair_portal.casework.services import add_file, enter
from clair_portal.casework.texts import terms_of
from clair_portal.documents.sniffing import Refused
from clair_portal.language import folding
from clair_portal.language.words import listed
from clair_portal.network.models import Country, Organisation
from clair_portal.network.services import names
from offices.models import ResearchRequest, ResearchResult, SharedResearch
from offices.research import places


# --- The enquiry --------------------------------------------------------------------------------------------------------
def file(case: Case, *, now: dt.datetime, **_given: Any) -> dict[str, Any]:
    """The draft becomes a research request: it gets its number, and its branch sees it from now on.

    Refused: something missing, no questions, a day wanted that is over, several offices, a country without an office and no word why.
    """
    detail = ResearchRequest.objects.get(case=case)
    if not detail.questions.strip():
        raise NotAllowed(
            _("A research request needs questions. Write on the page “Questions” what the office is to find out.")
        )
    if missing := [str(label) for label in unfinished(case, detail)]:
        raise NotAllowed(_("Before you can file it, fill in: %(fields)s") % {"fields": listed(missing)})
    if detail.wanted_by and detail.wanted_by < timezone.localdate(now):
        raise NotAllowed(
            _(
                "The day by which the result is wanted has passed. Write another day, or leave it empty, before you file it."
            )
        )
    if refusal := places.refusal(case, detail, timezone.localdate(now)):
        raise NotAllowed(refusal)
    return {"number": enter(case, now=now), "from": names(case.applicant)}


def unfinished(case: Case, detail: ResearchRequest) -> list[Any]:
    """Labels of the fields that must be filled before filing."""
    needed = ("division", "contact", "purpose", "not_from_japan", "questions")
    fields = {field.name: field for field in ResearchRequest._meta.fields}
    missing = [fields[name].verbose_name for name in needed if not getattr(detail, name).strip()]
    return missing if case.countries else [Case._meta.get_field("countries").verbose_name, *missing]  # type: ignore[union-attr]


def ask_office(
    case: Case, *, now: dt.datetime, office: Organisation, exception: str = "", why: str = "", **_given: Any
) -> dict[str, Any]:
    """One office is asked whether it is possible. Outside countries with an office headquarters writes why it agrees."""
    if (outside := places.outside(case)) and not exception.strip():
        raise NotAllowed(places.outside_sentence(outside, _("Write why headquarters makes an exception, or decline.")))
    if outside:
        ResearchRequest.objects.filter(case=case).update(exception=exception.strip())
        touched(case)
    refer_to(case, [office], owner=office, why={office.pk: why}, now=now)
    return {"office": names(office)}


def say_feasible(case: Case, *, feasibility: str, **_given: Any) -> dict[str, Any]:
    """The answer of the office on the enquiry."""
    if not feasibility.strip():
        raise NotAllowed(_("Write what is possible, and until when."))
    ResearchRequest.objects.filter(case=case).update(feasibility=feasibility.strip())
    touched(case)
    return {}


# --- The commission -----------------------------------------------------------------------------------------------------
def send_letter(
    case: Case, *, actor: Reader, now: dt.datetime, letter: UploadedFile | None = None, **_given: Any
) -> dict[str, Any]:
    """The formal request letter goes on the case as a paper; a letter that is there already may be sent again."""
    detail = ResearchRequest.objects.get(case=case)
    if letter is None:
        if detail.letter_id is None:
            raise NotAllowed(_("Add the formal request letter."))
        return {}
    try:
        paper = add_file(case, letter, actor=actor, now=now)
    except Refused as error:
        raise NotAllowed(str(error)) from error
    ResearchRequest.objects.filter(case=case).update(letter=paper)
    return {}


def refer(
    case: Case, *, actor: Reader, now: dt.datetime, office: Organisation, why: str = "", **_given: Any
) -> dict[str, Any]:
    """The research goes to one office; the one that said it is possible keeps its referral.

    Refused: a route of approval holds, and it is not approved as it stands.
    """
    from offices.research.approval import require  # it names the workflow, which names these effects

    require(case, actor=actor, now=now)
    same = Referral.objects.filter(case=case, office=office, standing=True)
    if not office.in_being(timezone.localdate(now)) or not same.update(state=ReferralState.PROPOSED):
        refer_to(case, [office], owner=office, why={office.pk: why}, now=now)
    return {"office": names(office)}


def answer(case: Case, *, actor: Reader, now: dt.datetime, body: str, **_given: Any) -> dict[str, Any]:
    """The result as the office writes it; only the office and headquarters read it until headquarters has checked it.

    The draft is sent, or a new result is written; what was sent before, by this office or another, stays beside it.
    """
    if not body.strip():
        raise NotAllowed(_("Write the result."))
    written: dict[str, Any] = {
        "body": body.strip(), "terms": terms_of(body), "signature": actor.signature, "written_at": now, "sent_at": now,
    }  # fmt: skip
    office = actor.scope.organisation
    if not ResearchResult.objects.filter(case=case, office=office, sent_at=None).update(**written):
        ResearchResult.objects.create(case=case, office_id=office, **written)
    return {"office": actor.chosen.names if actor.chosen else {}}


def send_answer(case: Case, *, now: dt.datetime, **_given: Any) -> dict[str, Any]:
    """From now on requester and branch read the result that was checked: the newest."""
    newest = ResearchResult.objects.sent_on(case)[0]
    ResearchResult.objects.filter(pk=newest.pk).update(released_at=now)
    return {}


def reopen(case: Case, **_given: Any) -> dict[str, Any]:
    """A result that is worked on again is not shown until it has been checked again."""
    ResearchResult.objects.filter(case=case).update(released_at=None)
    return {}


# --- The shared list ----------------------------------------------------------------------------------------------------
def share(case: Case, *, now: dt.datetime, title: str, summary: str, **_given: Any) -> dict[str, Any]:
    """Title and summary for everybody; nothing else of the case is copied, the requester is not named."""
    if not title.strip() or not summary.strip():
        raise NotAllowed(_("Write a title and a summary for the shared list."))
    result = ResearchResult.objects.sent_on(case)[0]
    words = [title, summary, *names(result.office).values(), *_names_of(case.countries)]
    values: dict[str, Any] = {
        "office": result.office, "title": title.strip(), "summary": summary.strip(), "countries": case.countries,
        "topics": case.topics, "fiscal_year": case.fiscal_year, "listed": True, "shared_on": timezone.localdate(now),
        "sample": case.sample, "search_text": folding.search_key(*words), "bigrams": folding.bigrams(f"{title} {summary}"),
    }  # fmt: skip
    SharedResearch.objects.update_or_create(case=case, defaults=values)
    return {}


def _names_of(countries: list[str]) -> list[str]:
    return [name for country in Country.objects.filter(code__in=countries) for name in names(country).values() if name]


def take_off(case: Case, **_given: Any) -> dict[str, Any]:
    """The list no longer shows it, and copies that were released end with it."""
    SharedResearch.objects.filter(case=case).update(listed=False)
    return {}
