"""What the case pages and the printed case show of a request from abroad."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.models import SignedLink
from clair_portal.accounts.reader import Reader
from clair_portal.calendars.eras import in_words
from clair_portal.casework.kinds import CaseKind, register
from clair_portal.casework.models import Case
from clair_portal.casework.presentation import when
from clair_portal.casework.rules import why_not_write
from clair_portal.language.words import listed
from clair_portal.reports import blocks
from clair_portal.reports.case_file import add_sections
from offices.enums import ForeignKind
from offices.foreign import forms
from offices.foreign.access import FOLLOW
from offices.foreign.workflow import KIND
from offices.models import ForeignRequest
from offices.work.printed import work
from offices.work.services import hours_of, may_log, work_on


def detail(case: Case) -> ForeignRequest:
    return ForeignRequest.objects.select_related("country", "office").get(case=case)


def facts(case: Case, found: ForeignRequest) -> list[tuple[str, str]]:
    days = [in_words(day, weekday=True) for day in (found.starts_on, found.ends_on) if day]
    pairs = [
        (_("Local government abroad"), f"{found.government} ({found.country})"),
        (_("Contact"), found.contact),
        (_("Telephone, e-mail"), "\n".join(part for part in (found.telephone, found.email) if part)),
        (_("What is asked for"), listed(ForeignKind(kind).label for kind in found.kinds)),
        (_("Dates"), " – ".join(dict.fromkeys(days))),
        (_("Language of the form"), found.language),
    ]
    return [(label, value or _("not filled in")) for label, value in pairs]


def more(case: Case, found: ForeignRequest, reader: Reader) -> dict[str, Any]:
    links = SignedLink.objects.visible_to(reader.scope).filter(
        subject_type=found._meta.label_lower, subject_id=str(found.pk), purpose=FOLLOW
    )
    working = links.filter(revoked_at=None, expires_at__gt=timezone.now())
    used = links.aggregate(last=Max("last_used_at"))["last"]
    entries = work_on(case, reader.scope)
    return {
        "links": working.count(),
        "last_used": when(used) if used else "",
        "may_revoke": reader.can("cases.work") and not why_not_write(case, reader),
        "work": entries,
        "hours": hours_of(entries),
        "may_log": may_log(case, reader),
    }


def printed(case: Case, reader: Reader) -> list[blocks.Block]:
    return [blocks.heading(_("What is asked for")), blocks.text(detail(case).text), *work(case, reader)]


register(
    CaseKind(
        kind=KIND, body="offices/foreign/case_body.html", detail=detail, facts=facts, edit_url="case", more=more,
        texts=lambda detail: [detail.text], asked_by=lambda case, detail: (detail.government, detail.country_id),
        forms={
            "foreign_answer": forms.AnswerForm, "foreign_question": forms.QuestionForm, "foreign_partner": forms.PartnerForm,
            "foreign_office": forms.OtherOfficeForm,
        },
    )
)  # fmt: skip
add_sections(KIND, printed)
