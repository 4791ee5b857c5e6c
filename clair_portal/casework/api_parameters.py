from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from clair_portal.casework.enums import Holder, Topic
from clair_portal.network.api_parameters import CodeField, JurisdictionParameters, PageParameters
from clair_portal.network.enums import Kind


class CaseParameters(PageParameters):
    show = serializers.ChoiceField(
        [("mine", _("Waiting for me")), ("others", _("Waiting for others")), ("ended", _("Finished"))], required=False,
        help_text=_("Which cases; all if not given."),
    )  # fmt: skip
    kind = serializers.CharField(required=False, max_length=40, help_text=_("Key of a kind, such as offices.support."))
    state = serializers.CharField(required=False, max_length=40, help_text=_("Key of a state."))
    holder = serializers.ChoiceField(Holder.choices, required=False, help_text=_("Which side has to act."))
    applicant = CodeField(required=False, help_text=_("Code of the requester."))
    office = CodeField(frozenset({Kind.OFFICE}), required=False, help_text=_("Code of an office it is referred to."))
    country = serializers.CharField(required=False, max_length=2, help_text=_("ISO 3166-1 code, such as LK."))
    topic = serializers.ChoiceField(Topic.choices, required=False, help_text=_("Field of exchange."))
    fiscal_year = serializers.IntegerField(
        required=False, min_value=1873, max_value=2200, help_text=_("Fiscal year in which it was filed.")
    )
    q = serializers.CharField(required=False, max_length=100, help_text=_("Words of the subject, or the number."))

    validate_country = JurisdictionParameters.validate_country


class TimelineParameters(serializers.Serializer):
    size = serializers.IntegerField(
        required=False, min_value=1, max_value=200, default=100, help_text=_("Lines on a page; 100 if not given.")
    )
    until = serializers.DateTimeField(required=False, help_text=_("Not newer than this; taken from `next`."))
