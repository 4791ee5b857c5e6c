from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions, parsers


class JsonParser(parsers.JSONParser):
    """What is nested thousands of levels deep, or holds half of a character, is nothing a program means: 400, not a server error."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            given = super().parse(*args, **kwargs)
            json.dumps(given, ensure_ascii=False).encode()
        except (RecursionError, UnicodeEncodeError) as error:
            raise exceptions.ParseError(_("The request could not be read.")) from error
        return given
