from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from clair_portal.language.readings import analyser


@register(deploy=True)
def dictionary_is_there(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Without it Japanese pages carry only the readings of the word list; the log says so as well."""
    if settings.READINGS and not analyser.available():
        hint = "Install the packages sudachipy and sudachidict_core, or set READINGS=off."
        return [Warning("The dictionary of readings cannot be loaded.", hint=hint, id="furigana.W001")]
    return []
