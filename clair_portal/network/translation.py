from __future__ import annotations

from modeltranslation.translator import TranslationOptions, register

from clair_portal.network.models import Country, Language, Organisation


@register(Organisation)
class OrganisationOptions(TranslationOptions):
    fields = ("name",)


@register(Country)
class CountryOptions(TranslationOptions):
    fields = ("name",)


@register(Language)
class LanguageOptions(TranslationOptions):
    fields = ("name",)
