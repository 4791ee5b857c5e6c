"""Real support cases from the offices' own public reports, as closed requests with their source; and published counts.

Only what a report says is entered. None says when a request was filed or closed. Where it names no year, the request has
no fiscal year and counts in no yearly table.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path

from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.enums import Holder, Origin, ReferralState
from clair_portal.casework.models import Case, Referral
from clair_portal.casework.moments import NOT_KNOWN
from clair_portal.casework.search import keys_of
from clair_portal.network.enums import Kind
from clair_portal.network.models import Claim, Organisation
from clair_portal.network.reference import rows_of
from offices.models import SupportRequest
from offices.workflow import KIND

FOLDER = Path(__file__).parent
read = partial(rows_of, FOLDER)
UNDATED = dict.fromkeys(("created_at", "filed_at", "moved_at", "closed_at"), NOT_KNOWN)
COUNTS = "requests in a year"


def load_cases() -> str:
    """Adds the cases that are missing. A requester of the network is taken by its name, another body is added with its source."""
    reports = Case.objects.filter(origin=Origin.PUBLIC_REPORT)
    reports.exclude(filed_at=NOT_KNOWN).update(**UNDATED)  # they had the first day of the visit
    known = set(reports.values_list("number", flat=True))
    rows = [row for row in read("public_cases.csv") if row["number"] not in known]
    offices = {office.code: office for office in Organisation.objects.offices()}
    for row in rows:
        _add(row, _requester(row), offices[row["office"]])
    return f"{len(rows)} added"


def _requester(row: dict[str, str]) -> Organisation:
    if not row["requester_kind"]:
        return Organisation.objects.exclude(code=None).get(name_ja=row["requester"], ends_on=None, kind__in=_LOCAL)
    made, _new = Organisation.objects.get_or_create(
        kind=row["requester_kind"], name_ja=row["requester"],
        defaults={  # the code is our own: it only makes the body addressable
            "name_en": row["requester_en"], "source": row["source"][:200], "code": f"PR-{row['number'][-4:]}",
        },
    )  # fmt: skip
    return made


_LOCAL = (Kind.PREFECTURE, Kind.DESIGNATED_CITY, Kind.CITY, Kind.SPECIAL_WARD, Kind.TOWN, Kind.VILLAGE)


def _add(row: dict[str, str], requester: Organisation, office: Organisation) -> None:
    first = dt.date.fromisoformat(row["first_day"]) if row["first_day"] else None
    found_by, pairs = keys_of(row["title"], row["number"])
    case = Case(
        kind=KIND, number=row["number"], title=row["title"], applicant=requester, branch=requester.checking_branch,
        state="closed", holder=Holder.NOBODY, countries=[row["country"]], topics=row["topics"].split(";"),
        fiscal_year=FiscalYear.of(first).year if first else None, origin=Origin.PUBLIC_REPORT, source=row["source"],
        search_text=found_by, bigrams=pairs, **UNDATED,
    )  # fmt: skip
    case.save(force_insert=True)
    SupportRequest.objects.create(
        case=case, kinds=row["kinds"].split(";"), starts_on=first,
        ends_on=dt.date.fromisoformat(row["last_day"]) if row["last_day"] else None,
        party=int(row["party"]) if row["party"] else None,
    )  # fmt: skip
    Referral.objects.create(
        case=case, office=office, state=ReferralState.DONE, created_at=NOT_KNOWN, why=f"year: {row['year_basis']}"
    )


def load_counts() -> str:
    """Published counts as dated claims; years nobody published stay empty."""
    added = 0
    for row in read("request_counts.csv"):
        office = Organisation.objects.get(code=row["office"])
        _claim, new = Claim.objects.get_or_create(
            subject=f"{office.name_en} {COUNTS}", claim=row["claim"], value=row["value"], as_of=row["as_of"],  # type: ignore[attr-defined]
            source=row["source"] + (f" ({row['note']})" if row["note"] else ""), defaults={"organisation": office},
        )  # fmt: skip
        added += new
    return f"{added} added"
