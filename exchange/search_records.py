"""Ties as the public search finds them: by either side in any spelling, leading to the list that shows them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from clair_portal.language.cldr import stated
from clair_portal.search import names
from clair_portal.search.kinds import Kind
from clair_portal.search.records import Record, Source
from exchange.models import Tie


def rows() -> Iterator[Record]:
    for tie in Tie.objects.select_related("organisation", "country"):
        yield Record(
            key=f"tie:{tie.key}",
            path=f"/ties/?{urlencode({'q': tie.partner})}",
            titles={"ja": f"{tie.name_ja} – {tie.partner}", "en": f"{tie.name_en} – {tie.partner}"},
            texts={language: _text(tie, language) for language in ("ja", "en")},
            spellings=(tie.name_ja, tie.name_en, *(names.spellings(tie.organisation) if tie.organisation else ())),
        )


def _text(tie: Tie, language: str) -> str:
    """Where the partner is, since when and until when."""
    with override(language):
        place = ", ".join(part for part in (tie.region, str(tie.country)) if part)
        ended = _("Ended: %(time)s") % {"time": stated(tie.ended)} if tie.ended else ""
        return " · ".join(part for part in (place, stated(tie.agreed), ended) if part)


SOURCE = Source(Kind("tie", gettext_lazy("Sister and friendship ties"), weight=30, order=25), rows)
