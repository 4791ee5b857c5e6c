"""The draft of the result of a research."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from clair_portal.casework.models import Case
from clair_portal.ui.fields import CountedField
from clair_portal.walls.scope import Scope
from offices.drafts import Drafting
from offices.research.services import begun_result, result_draft, save_result


class ResultDraftForm(forms.Form):
    """What is written so far, as long as the result itself may be."""

    body = CountedField(label=_("Result"), required=False, max_length=50_000, widget=forms.Textarea(attrs={"rows": 14}))


def _begun(case: Case, scope: Scope) -> dict[str, str]:
    return {"body": begun_result(case, scope)}


RESULT = Drafting(
    heading=_("Draft of the result"),
    saved=_("The draft of the result is saved. Only your office sees it."),
    form=ResultDraftForm, names=("body",), held=result_draft, begun=_begun, save=save_result,
)  # fmt: skip
