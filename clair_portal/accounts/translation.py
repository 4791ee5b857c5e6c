from __future__ import annotations

from modeltranslation.translator import TranslationOptions, register

from clair_portal.accounts.models import Role


@register(Role)
class RoleOptions(TranslationOptions):
    fields = ("name",)
