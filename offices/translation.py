from __future__ import annotations

from modeltranslation.translator import TranslationOptions, register

from offices.models import Precondition


@register(Precondition)
class PreconditionOptions(TranslationOptions):
    fields = ("text",)
