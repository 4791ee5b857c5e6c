"""The fiscal year of Japanese public bodies: 1 April to 31 March (Local Autonomy Act, art. 208), as dated in Tokyo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from clair_portal.calendars.eras import Eras, current_eras, era_of, era_year

TOKYO = ZoneInfo("Asia/Tokyo")


def tokyo_date(moment: date | datetime) -> date:
    """The calendar day in Tokyo at an instant; a plain date is already a day and comes back unchanged.

    Raises ValueError for a datetime without a time zone.
    """
    if not isinstance(moment, datetime):
        return moment
    if moment.utcoffset() is None:
        raise ValueError("An instant without a time zone has no day in Tokyo: pass an aware datetime.")
    return moment.astimezone(TOKYO).date()


@dataclass(frozen=True, order=True, slots=True)
class FiscalYear:
    """The year that begins on 1 April of `year`. Years compare and sort by time.

    17:00 on 31 March in New York, London or Paris is already 1 April in Tokyo, so it belongs to the next year. A case
    type that counts by the office's own date passes that date, not the instant.
    """

    year: int

    @classmethod
    def of(cls, moment: date | datetime) -> FiscalYear:
        """The fiscal year of a date, or of an aware instant as seen in Tokyo."""
        day = tokyo_date(moment)
        return cls(day.year if day.month >= 4 else day.year - 1)

    @property
    def first_day(self) -> date:
        return date(self.year, 4, 1)

    @property
    def last_day(self) -> date:
        return date(self.year + 1, 3, 31)

    @property
    def starts_at(self) -> datetime:
        """The first instant of the year, in UTC. For queries: `filed_at__gte=y.starts_at, filed_at__lt=y.ends_at`."""
        return datetime.combine(self.first_day, time.min, TOKYO).astimezone(UTC)

    @property
    def ends_at(self) -> datetime:
        """The first instant that no longer belongs to the year, in UTC."""
        return FiscalYear(self.year + 1).starts_at

    def __contains__(self, moment: date | datetime) -> bool:
        return FiscalYear.of(moment) == self

    def __str__(self) -> str:
        return f"FY{self.year}"

    @staticmethod
    def quarter_of(moment: date | datetime) -> int:
        """1 for April to June, to 4 for January to March."""
        return (tokyo_date(moment).month - 4) % 12 // 3 + 1

    def label(self, language: str, eras: Eras | None = None) -> str:
        """令和8年度 in Japanese (any `ja` variant), FY2026 (Reiwa 8) in every other language.

        The year bears the era in force on 31 December, so 2019 is 令和元年度 as a whole (agreement of the ministries on
        the change of era, 1 April 2019) and 1988 stays 昭和63年度 although Heisei began on 8 January 1989.
        """
        day = date(self.year, 12, 31)
        era = era_of(day, current_eras() if eras is None else eras)
        if language.split("-")[0] == "ja":
            return f"{era.name_ja}{era_year(era.year_of(day))}年度" if era else f"{self.year}年度"
        return f"{self} ({era.name_en} {era.year_of(day)})" if era else str(self)
