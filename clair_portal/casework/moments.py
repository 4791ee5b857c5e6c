"""A moment nobody knows. A public report tells the days of a visit, at best its year, and never when the request was filed
or closed; it was all the same, so its columns are not empty: they hold NOT_KNOWN, which stands behind every other row of a
list. It is never shown as a day; whoever shows a moment asks `known`.
"""

from __future__ import annotations

import datetime as dt

NOT_KNOWN = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def known(moment: dt.datetime | None) -> dt.datetime | None:
    """The moment; None where there is none or nobody knows it."""
    return None if moment == NOT_KNOWN else moment
