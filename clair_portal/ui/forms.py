"""How forms are printed: through ui/form.html and ui/field.html, also those of other packages."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Finds templates as every page does; needs "django.forms" in INSTALLED_APPS for the widgets."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
