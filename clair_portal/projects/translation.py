from __future__ import annotations

from modeltranslation.translator import TranslationOptions, register

from clair_portal.projects.models import Project


@register(Project)
class ProjectOptions(TranslationOptions):
    fields = ("title",)
