"""From a finished request to a story: an editor chooses what is taken over as a proposal, and writes the rest."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.reader import Reader
from clair_portal.accounts.rules import needs
from clair_portal.audit.queries import subject_of
from clair_portal.casework.lookup import visible_case
from clair_portal.casework.models import Case, Referral
from clair_portal.publishing.enums import Kind
from clair_portal.publishing.models import Publication
from clair_portal.publishing.services import PREPARE, may_prepare, prepare
from clair_portal.walls.roles import OFFICE
from clair_portal.walls.scope import Scope
from offices.models import OfficeReport
from offices.workflow import FINISHED, KIND

COUNTRIES, TOPICS = ("countries", _("countries")), ("topics", _("fields of exchange"))
TITLE = ("title", _("subject, as the title"))
REQUESTER = ("requester", _("name of the requester"))


@dataclass(frozen=True)
class Tellable:
    """What a finished case of a kind offers. `offered`: fields of a draft in that language, by the keys of `taken`."""

    finished: Set[str]
    kind: Kind
    taken: tuple[tuple[str, Any], ...]
    offered: Callable[[Case, Scope, str], dict[str, dict[str, Any]]]


TELLABLE: dict[str, Tellable] = {}


def may_tell(case: Case, reader: Reader) -> bool:
    told = TELLABLE.get(case.kind)
    return told is not None and case.state in told.finished and may_prepare(reader)


class ProposalForm(forms.Form):
    """What of the case the draft begins with. Nothing else of the case is copied, and a draft is not public."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, initial=Kind.STORY, widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("Written in"), choices=[("ja", _("Japanese")), ("en", _("English"))], initial="ja",
        widget=forms.RadioSelect, help_text=_("Subject and report stand in this language."),
    )  # fmt: skip
    taken = forms.MultipleChoiceField(
        label=_("Take over from the case"), initial=["countries", "topics"], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, told: Tellable, data: Any = None) -> None:
        super().__init__(data, initial={"kind": told.kind})
        self.fields["taken"].choices = told.taken  # type: ignore[attr-defined]


@needs(PREPARE, "GET", "POST")
def tell_the_public(request: Any, pk: int) -> HttpResponse:
    """A draft from a finished case with what was ticked; what the public reads is written and released by people."""
    case = visible_case(request, pk, kind__in=TELLABLE)
    told = TELLABLE[case.kind]
    if case.state not in told.finished:
        raise Http404
    form = ProposalForm(told, request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = proposal(case, request.scope, **form.cleaned_data)
        made = prepare(values=values, subject=case, actor=request.reader, now=timezone.now())
        return redirect("publication", pk=made.pk)
    context = {
        "case": case, "form": form, "heading": gettext("Tell the public about it"), "button": gettext("Begin the draft"),
        "made": stories_of(case, request.scope),
    }  # fmt: skip
    return render(request, "offices/tell_the_public.html", context, status=422 if form.is_bound else 200)


def stories_of(case: Case, scope: Scope) -> list[Publication]:
    """What was begun from this case already."""
    subject_type, subject_id = subject_of(case)
    found = Publication.objects.visible_to(scope).filter(subject_type=subject_type, subject_id=subject_id)
    return list(found.order_by("pk"))


def proposal(case: Case, scope: Scope, *, kind: str, language: str, taken: list[str]) -> dict[str, Any]:
    """Fields of the draft. `taken`: keys of what the kind offers."""
    office = scope.organisation if scope.role == OFFICE else _leading_office(case)
    offered: dict[str, dict[str, Any]] = {
        "countries": {"countries": case.countries},
        "topics": {"topics": case.topics},
        "title": {f"title_{language}": case.title},
        "requester": {"organisations": [case.applicant.code] if case.applicant.code else []},
        **TELLABLE[case.kind].offered(case, scope, language),
    }
    values: dict[str, Any] = {"kind": kind, "office_id": office, "sample": case.sample}
    for name in taken:
        values |= offered[name]
    return values


def _report(case: Case, scope: Scope) -> str:
    """The sections that were sent, of each office the last one; an office takes its own."""
    sections = OfficeReport.objects.visible_to(scope).filter(case=case, sent_at__isnull=False)
    if scope.role == OFFICE:
        sections = sections.filter(office__in=scope.organisations)
    last = sections.order_by("office", "-sent_at", "-pk").distinct("office").values_list("sent_at", "pk", "body")
    return "\n\n".join(body for *_order, body in sorted(last))


TELLABLE[KIND] = Tellable(
    FINISHED, Kind.STORY, (COUNTRIES, TOPICS, TITLE, REQUESTER, ("report", _("report of the office, as the text"))),
    lambda case, scope, language: {"report": {f"body_{language}": _report(case, scope)}},
)  # fmt: skip


def _leading_office(case: Case) -> int | None:
    standing = Referral.objects.filter(case=case, standing=True).order_by("-owner", "pk")
    return standing.values_list("office_id", flat=True).first()
