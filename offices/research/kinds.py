"""What the case pages show of a commissioned research, and how one is filed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.eras import in_words
from clair_portal.casework.kinds import CaseKind, register
from clair_portal.casework.models import Case
from clair_portal.casework.presentation import topic_names
from clair_portal.language.words import listed
from clair_portal.network.models import Country
from clair_portal.reports import blocks
from clair_portal.reports.case_file import add_sections
from offices.models import ResearchRequest, ResearchResult, SharedResearch
from offices.publishing import may_tell
from offices.research import forms
from offices.research.services import may_write, texts_of
from offices.research.workflow import KIND
from offices.work.printed import work
from offices.work.services import hours_of, may_log, work_on


def detail(case: Case) -> ResearchRequest:
    return ResearchRequest.objects.select_related("letter").get(case=case)


def facts(case: Case, found: ResearchRequest) -> list[tuple[str, str]]:
    """Label and value, in the order of the form; what is not filled in yet says so, what came later only when it is there."""
    countries = Country.objects.in_bulk(case.countries)
    pairs = [
        (_("Requester"), str(case.applicant)),
        (_("Division, contact"), " ".join(part for part in (found.division, found.contact) if part)),
        (_("Countries"), listed(countries[code] for code in case.countries if code in countries)),
        (_("Fields of exchange"), listed(topic_names(case))),
        (_("Wanted by"), in_words(found.wanted_by, weekday=True) if found.wanted_by else ""),
        (_("Purpose"), found.purpose),
        (_("Why it cannot be done from Japan"), found.not_from_japan),
        (_("Questions"), found.questions),
        (_("Situation in Japan"), found.situation),
    ]
    later = [
        (_("Why an exception is asked for"), found.exception_wanted),
        (_("Why headquarters made an exception"), found.exception),
        (_("Answer on whether it is possible"), found.feasibility),
        (_("Formal request letter"), found.letter.name if found.letter else ""),
    ]
    asked = [
        (label, value or _("not filled in")) for label, value in pairs if value or label != _("Fields of exchange")
    ]
    return asked + [pair for pair in later if pair[1]]


def more(case: Case, found: ResearchRequest, reader: Reader) -> dict[str, Any]:
    """For the body of the page: result, line on the shared list, work of the office."""
    scope = reader.scope
    results, entries = list(ResearchResult.objects.visible_to(scope).sent_on(case)), work_on(case, scope)
    return {
        "result": results[0] if results else None,
        "earlier": results[1:],
        "may_write": may_write(case, reader),
        "shared": SharedResearch.objects.visible_to(scope).filter(case=case, listed=True).first(),
        "work": entries,
        "hours": hours_of(entries),
        "may_log": may_log(case, reader),
        "may_tell": may_tell(case, reader),
    }


def printed(case: Case, reader: Reader) -> list[blocks.Block]:
    """The result in the printed case, for whoever may read it, what it took the place of, and the work of the office."""
    content: list[blocks.Block] = []
    for number, found in enumerate(ResearchResult.objects.visible_to(reader.scope).sent_on(case)):
        content += [
            blocks.heading(_("Earlier result") if number else _("Result")),
            blocks.heading(str(found.office), 2),
        ]
        content.append(blocks.text(found.body))
    return [*content, *work(case, reader)]


register(
    CaseKind(
        kind=KIND, body="offices/research/case_body.html", detail=detail, facts=facts, edit_url="research_edit", more=more,
        texts=texts_of,
        forms={
            "ask_office": forms.AskOfficeForm, "feasibility": forms.FeasibilityForm, "letter": forms.LetterForm,
            "refer_research": forms.OfficeForm, "result": forms.ResultForm, "share": forms.ShareForm,
        },
    )
)  # fmt: skip
add_sections(KIND, printed)
