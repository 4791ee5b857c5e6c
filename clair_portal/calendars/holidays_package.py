"""Fill a year of the Holiday table from the `holidays` package (MIT), as a first draft that editors correct."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

import holidays

from clair_portal.calendars.models import Holiday
from clair_portal.calendars.reference import add_missing

SOURCE = f"holidays {version('holidays')}"
CLOSURE_SOURCE = "Act on Holidays of Administrative Organs (1988), art. 1"
CLOSURE_JA = "年末年始の休日"
CLOSURE_EN = "Year-end and New Year closure"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a calendar is: the country and part the package knows, and the language its names are shown in there."""

    country: str
    subdivision: str | None
    language: str | None  # None: the package has one language only


# Countries an office looks after from elsewhere: what is kept nationwide. Regions add their own.
COUNTRIES = {
    "CA": "en_CA", "JM": None, "TT": "en_TT", "AT": "de", "DK": "da", "FI": "fi", "DE": "de", "IE": "en_IE", "NL": "nl",
    "NO": "no", "SE": "sv", "BE": "fr", "LU": "fr", "CH": "de", "IT": "it_IT", "ES": "es", "PT": "pt_PT", "MC": "fr_MC",
    "MY": "ms_MY", "TH": "th", "ID": "id", "PH": "en_PH", "VN": "vi", "MM": "my", "KH": "km", "BN": "ms", "LA": "lo",
    "IN": "en_IN", "LK": "si_LK", "NZ": None,
}  # fmt: skip
PLACES = {
    **{country: Place(country, None, language) for country, language in COUNTRIES.items()},
    "HQ": Place("JP", None, "ja"),
    "NYC": Place("US", "NY", "en_US"),
    "LON": Place("GB", "ENG", "en_GB"),
    "PAR": Place("FR", None, "fr"),
    "SIN": Place("SG", None, "en_SG"),
    "SEL": Place("KR", None, "ko"),
    "SYD": Place("AU", "NSW", "en_AU"),
    "BJS": Place("CN", None, "zh_CN"),
}


def seed_year(calendar: str, year: int) -> int:
    """Insert the days of `year` that the calendar ("HQ", "LON", "DE", ...) lacks; return how many rows were added.

    Rows that exist stay as editors left them. Raises LookupError for a calendar the package has no place for.
    """
    if calendar not in PLACES:
        raise LookupError(f"No country for the calendar {calendar!r}: the codes are {', '.join(PLACES)}.")
    return add_missing(holidays_of(calendar, year))


def holidays_of(calendar: str, year: int) -> list[Holiday]:
    """Unsaved rows for one calendar year: public holidays, substitute working days and, for HQ, the year-end days."""
    rows = {row.date: row for row in _closure(calendar, year)}
    rows |= {row.date: row for row in _public(calendar, year)}
    return [rows[day] for day in sorted(rows)]


def _public(calendar: str, year: int) -> Iterator[Holiday]:
    place = PLACES[calendar]
    local = _of_package(place, year, place.language)
    english = _of_package(place, year, place.language and "en_US")
    worked = sorted(day for day in local.weekend_workdays if day.year == year)
    # China moves its working days by a notice each autumn; a year without any has not been announced.
    source = SOURCE if worked or place.country != "CN" else f"{SOURCE}, estimate until the State Council notice"
    for day, name in local.items():
        name_ja = name if place.language == "ja" else ""
        yield _row(calendar, day, source, name_ja=name_ja, name_en=english[day], name_local=name)
    named = "调休上班日" if place.country == "CN" else ""
    for day in worked:
        yield _row(calendar, day, source, name_en="Substitute working day", name_local=named, working=True)


def _row(calendar: str, day: date, source: str, **values: str | bool) -> Holiday:
    return Holiday(calendar=calendar, date=day, source=source, **values)


def _of_package(place: Place, year: int, language: str | None) -> holidays.HolidayBase:
    # observed days of 1 January may fall in the year before: the package adds them by itself
    return holidays.country_holidays(place.country, subdiv=place.subdivision, years=year, language=language)


def _closure(calendar: str, year: int) -> Iterator[Holiday]:
    """29 December to 3 January, when public offices in Japan are closed."""
    if calendar != "HQ":
        return
    for month, day in ((1, 2), (1, 3), (12, 29), (12, 30), (12, 31)):
        names = {"name_ja": CLOSURE_JA, "name_en": CLOSURE_EN, "name_local": CLOSURE_JA}
        yield _row(calendar, date(year, month, day), CLOSURE_SOURCE, **names)
