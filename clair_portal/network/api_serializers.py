"""What the API answers. Keys of foreign rows are their codes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clair_portal.network.enums import Kind
from clair_portal.network.models import Claim, Country, Jurisdiction, Language, Organisation, Succession


class NamesSerializer(serializers.Serializer):
    """A name per language; null where none is known."""

    ja = serializers.CharField(source="name_ja", allow_null=True, help_text=_("Name in Japanese"))
    en = serializers.CharField(source="name_en", allow_null=True, help_text=_("Name in English"))


class ClaimSerializer(serializers.ModelSerializer):
    class Meta:
        model = Claim
        fields = ("claim", "value", "as_of", "source")


class SuccessionSerializer(serializers.ModelSerializer):
    successor = serializers.CharField(source="successor.code", allow_null=True, help_text=_("Code of the successor"))

    class Meta:
        model = Succession
        fields = ("successor", "kind", "on", "source")


class OrganisationSerializer(serializers.ModelSerializer):
    names = NamesSerializer(source="*")
    kind = serializers.ChoiceField(Kind.choices)
    parent = serializers.CharField(  # type: ignore[assignment]
        source="parent.code", default=None, allow_null=True, help_text=_("Code of the prefecture or headquarters")
    )
    branch = serializers.CharField(
        source="branch.code",
        default=None,
        allow_null=True,
        help_text=_("Code of the branch it files through; null for a branch itself"),
    )
    country = serializers.CharField(source="country_id", allow_null=True, help_text=_("ISO 3166-1 code"))
    successions = SuccessionSerializer(many=True)

    class Meta:
        model = Organisation
        fields = (
            "code", "kind", "names", "kana", "romaji", "variants", "county", "parent", "branch", "country", "website",
            "latitude", "longitude", "starts_on", "ends_on", "successions",
        )  # fmt: skip


class OfficeSerializer(serializers.ModelSerializer):
    names = NamesSerializer(source="*")
    country = serializers.CharField(source="country_id", allow_null=True, help_text=_("ISO 3166-1 code"))
    countries = serializers.SerializerMethodField(
        help_text=_("Countries the office is responsible for on the reference date")
    )
    claims = ClaimSerializer(many=True, help_text=_("What sources say, side by side; they may contradict each other"))

    class Meta:
        model = Organisation
        fields = (
            "code", "names", "local_name", "country", "address", "time_zone", "calendar", "working_languages", "website",
            "latitude", "longitude", "countries", "claims",
        )  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_countries(self, office: Any) -> list[str]:
        return [row.country_id for row in office.today]


class JurisdictionSerializer(serializers.ModelSerializer):
    country = serializers.CharField(source="country_id", help_text=_("ISO 3166-1 code"))  # type: ignore[assignment]
    country_names = NamesSerializer(source="country")
    office = serializers.CharField(source="office.code", help_text=_("Code of the office"))
    office_names = NamesSerializer(source="office")

    class Meta:
        model = Jurisdiction
        fields = ("country", "country_names", "office", "office_names", "starts_on", "ends_on", "source")
        extra_kwargs = {
            "starts_on": {"help_text": _("null: since before records")},
            "ends_on": {"help_text": _("null: no end known")},
        }


class CountrySerializer(serializers.ModelSerializer):
    names = NamesSerializer(source="*")

    class Meta:
        model = Country
        fields = ("code", "alpha3", "names", "short_name_ja", "region_ja", "region_en")


class LanguageSerializer(serializers.ModelSerializer):
    names = NamesSerializer(source="*")

    class Meta:
        model = Language
        fields = ("code", "endonym", "names", "script", "direction", "version")


class ErrorDetailSerializer(serializers.Serializer):
    status = serializers.IntegerField()
    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))  # type: ignore[assignment]
    request_id = serializers.CharField()


class ErrorSerializer(serializers.Serializer):
    """The one shape of an error."""

    error = ErrorDetailSerializer()
