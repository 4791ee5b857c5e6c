from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from clair_portal.casework.case_list import ENDED, MINE, OPEN, OTHERS
from clair_portal.casework.enums import Holder, Origin, Topic
from clair_portal.network.api_parameters import CodeField, JurisdictionParameters, PageParameters
from clair_portal.network.enums import BRANCH_KINDS, Kind


class CaseParameters(PageParameters):
    """The filters of the list on the desk, by the same names."""

    q = serializers.CharField(required=False, max_length=100, help_text=_("Words of the case, or the number."))
    show = serializers.ChoiceField(
        [(MINE, _("Waiting for me")), (OTHERS, _("Waiting for others")), (OPEN, _("Open")), (ENDED, _("Finished"))],
        required=False, help_text=_("Which cases; all if not given."),
    )  # fmt: skip
    overdue = serializers.BooleanField(required=False, help_text=_("1: only those whose deadline has passed."))
    kind = serializers.CharField(required=False, max_length=40, help_text=_("Key of a kind, such as offices.support."))
    state = serializers.CharField(required=False, max_length=40, help_text=_("Key of a state."))
    holder = serializers.ChoiceField(Holder.choices, required=False, help_text=_("Which side has to act."))
    applicant = CodeField(required=False, help_text=_("Code of the requester."))
    branch = serializers.CharField(required=False, max_length=30, help_text=_("Code of the branch."))
    office = serializers.CharField(required=False, max_length=30, help_text=_("Code of an office it is referred to."))
    country = serializers.CharField(required=False, max_length=2, help_text=_("ISO 3166-1 code, such as LK."))
    topic = serializers.ChoiceField(Topic.choices, required=False, help_text=_("Field of exchange."))
    year = serializers.IntegerField(
        required=False, min_value=1873, max_value=2200, help_text=_("Fiscal year in which it was filed.")
    )
    charge = serializers.RegexField(
        r"^([0-9]{1,18}|none)$", required=False,
        help_text=_("Number of the posting of the person in charge; none: cases without one at your organisation."),
    )  # fmt: skip
    origin = serializers.ChoiceField(Origin.choices, required=False, help_text=_("How it came to the portal."))

    validate_country = JurisdictionParameters.validate_country

    def validate_office(self, code: str) -> str:
        return _code_of(code, frozenset({Kind.OFFICE}))

    def validate_branch(self, code: str) -> str:
        return _code_of(code, BRANCH_KINDS)


def _code_of(code: str, kinds: frozenset[str]) -> str:
    """As it is stored. Raises ValidationError for one that no organisation of these kinds has."""
    CodeField(kinds).to_internal_value(code)
    return code.upper()


class TimelineParameters(serializers.Serializer):
    size = serializers.IntegerField(
        required=False, min_value=1, max_value=200, default=100, help_text=_("Lines on a page; 100 if not given.")
    )
    until = serializers.DateTimeField(required=False, help_text=_("Not newer than this; taken from `next`."))
