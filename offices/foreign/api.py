"""Requests of local governments abroad for programs: they come through the public form only, and are read and moved here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from offices.api_kinds import ApiKind, register
from offices.enums import ForeignKind
from offices.foreign.workflow import KIND
from offices.models import ForeignRequest


class ForeignDetailSerializer(serializers.ModelSerializer):
    """What a local government abroad asks for, and who asks."""

    office = serializers.CharField(
        source="office.code", allow_null=True, help_text=gettext_lazy("Code of the office whose form was used")
    )
    country = serializers.CharField(source="country_id", help_text=gettext_lazy("ISO 3166-1 code"))
    kinds = serializers.ListField(
        child=serializers.ChoiceField(ForeignKind.choices), help_text=gettext_lazy("What is asked for")
    )
    language = serializers.CharField(help_text=gettext_lazy("Language of the form; mails to the sender are in it"))

    class Meta:
        model = ForeignRequest
        fields = (
            "office", "government", "country", "contact", "email", "telephone", "kinds", "subject", "text", "starts_on",
            "ends_on", "language",
        )  # fmt: skip


register(ApiKind(KIND, ForeignRequest, ForeignDetailSerializer))
