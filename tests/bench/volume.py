"""What grows with the number of cases: lists, filters and search at each volume, with the statements each page sends.

Every page is measured in turns with a view that only signs the reader in. The milliseconds its statements take are
divided by those of that view, so that two volumes, measured minutes apart, can be compared.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, F
from django.test import Client
from django.utils import timezone, translation

from clair_portal.accounts.models import User
from clair_portal.accounts.reader import Reader
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.models import Case, Note, Referral
from clair_portal.network.models import Organisation
from clair_portal.pages import scale
from clair_portal.reports import collections
from clair_portal.walls.scope import acting
from offices.models import SupportRequest
from offices.workflow import KIND
from tests.bench.files import list_files
from tests.bench.measuring import PageCost, get, interleaved, line, page_cost, watched
from tests.bench.people import person

LIMIT, LIST_LIMIT, CASE_LIMIT = 2.0, 8, 12
ANNUAL = "offices.annual"


@dataclass(frozen=True)
class Probe:
    """A page of the desk: what is asked for, by whom."""

    group: str
    what: str
    reader: str
    query: str = ""
    path: str = "/desk/cases/"

    @property
    def address(self) -> str:
        return self.path + self.query


def probes() -> list[Probe]:
    """`%s`: the busiest office, country, branch; the number of a case that is there at every volume."""
    office, country, branch = _busiest("referral"), _busiest("country"), _busiest("branch")
    number = Case.objects.filter(source=scale.SOURCE).order_by("pk")[77].number
    everything = "/desk/search/"
    return [
        *(Probe("list", "newest first", who) for who in ("hq", "branch", "town", "office")),
        *(Probe("list", f"by {key}", "hq", f"?sort={key}") for key in ("due", "-due", "filed", "moved", "-closed")),
        Probe("list", "by deadline", "office", "?sort=due"),
        Probe("list", "by day of closing", "branch", "?sort=-closed"),
        *(Probe("filter", f"show={show}", who, f"?show={show}") for who in ("hq", "office") for show in ("mine", "others", "ended")),
        *(Probe("filter", query[1:], "hq", query) for query in (
            "?state=in_progress", "?state=declined", "?state=closed", "?overdue=1", "?holder=branch", f"?office={office}",
            f"?country={country}", "?topic=sports", f"?branch={branch}", "?requester=小樽", "?year=2016", "?origin=portal",
            "?origin=public_report", f"?country={country}&year=2018&state=closed", "?topic=sports&state=declined&year=2016",
        )),
        Probe("filter", "year=2016", "branch", "?year=2016"),
        Probe("filter", f"country={country}", "branch", f"?country={country}"),
        Probe("filter", "year=2016", "office", "?year=2016"),
        *(Probe("search", f"{word} (list)", who, f"?q={word}") for who in ("hq", "branch", "office") for word in ("図書館", "図書館 視察")),
        *(Probe("search", f"{what} (list)", "hq", f"?q={word}") for what, word in (
            ("a number", number), ("nothing there", "木星探査"), ("one letter", "館"), ("a place", "小樽"))),
        Probe("search", "図書館 in one year (list)", "hq", "?q=図書館&year=2016"),
        *(Probe("search", f"{what} (everything)", who, f"?q={word}", everything) for who in ("hq", "office") for what, word in (
            ("図書館", "図書館"), ("a number", number), ("nothing there", "木星探査"))),
    ]  # fmt: skip


def _busiest(what: str) -> str:
    cases = Case.objects.filter(source=scale.SOURCE)
    if what == "country":
        found = cases.values("countries").annotate(n=Count("pk")).order_by("-n").first()
        return str(found["countries"][0])  # type: ignore[index]
    if what == "referral":
        rows = Referral.objects.filter(case__in=cases).values(code=F("office__code"))
    else:
        asked = cases.exclude(applicant=F("branch")) if what == "applicant" else cases
        rows = asked.values(code=F(f"{what}__code"))
    found = rows.annotate(n=Count("pk")).order_by("-n", "code").first()
    return str(found["code"])  # type: ignore[index]


def volumes(sizes: list[int], readers: dict[str, Reader]) -> None:
    """Fills up from volume to volume, measures at each, and prints pages, growth and the annual report."""
    questions(readers)
    costs: dict[Probe, dict[int, PageCost]] = {}
    asked: list[Probe] = []
    for size in sizes:
        _fill(size)
        if not asked:
            readers |= {
                "branch": person("branch", _busiest("branch"), "branch_officer"),
                "town": person("town", _busiest("applicant"), "member_officer"),
                "office": person("office", _busiest("referral"), "office_officer"),
            }
            asked = [probe for probe in probes() if _is_there(probe)]
        for probe in asked:
            costs.setdefault(probe, {})[size] = page_cost(signed_in(probe.reader), probe.address, "/bare/")
        annual_report(size, readers["hq"])
        list_files(size, readers["hq"], signed_in("hq"))
    _print_costs(costs, sizes)


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(email=f"bench-{name}@example.org"))
    return client


def _is_there(probe: Probe) -> bool:
    return signed_in(probe.reader).get(probe.address).status_code == 200


def _fill(size: int) -> None:
    started = time.perf_counter()
    scale.fill_up(size, now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("analyze")
        cursor.execute("select pg_database_size(current_database())")
        room = cursor.fetchone()[0] / 2**20
    print(
        f"filled up to {size:,} cases in {time.perf_counter() - started:.0f} s; the database has {room:,.0f} MiB\n",
        flush=True,
    )


def _print_costs(costs: dict[Probe, dict[int, PageCost]], sizes: list[int]) -> None:
    """Per volume: SQL of the page / page, both as multiples of a bare view. Growth: SQL at the last volume / at the first."""
    heads = " | ".join(f"{size:,}: SQL · page" for size in sizes)
    print(f"\n| page | reader | {heads} | SQL grows | statements |\n|---|---|{'---|' * len(sizes)}---|---|")
    beyond = []
    for probe, found in costs.items():
        growth = found[sizes[-1]].sql_ratio / found[sizes[0]].sql_ratio
        statements = max(cost.statements for cost in found.values())
        cells = " | ".join(f"{found[size].sql_ratio:.2f} · {found[size].page_ratio:.1f}" for size in sizes)
        print(f"| {probe.group}: {probe.what} | {probe.reader} | {cells} | {growth:.2f} | {statements} |", flush=True)
        beyond += [probe] if growth > LIMIT else []
    bare = [cost.bare_sql for found in costs.values() for cost in found.values()]
    print(f"\n{len(costs) - len(beyond)} of {len(costs)} grow by no more than {LIMIT:g} from {sizes[0]:,} to {sizes[-1]:,} cases; "
          f"statements of the bare view: {min(bare):.2f} to {max(bare):.2f} ms.")  # fmt: skip


# --- How many statements ----------------------------------------------------------------------------------------------
def questions(readers: dict[str, Reader]) -> None:
    """Statements of list and case page, for one row and for thirty, on a portal without other cases."""
    office = Organisation.objects.get(pk=readers["office"].scope.organisation)
    town = Organisation.objects.get(pk=readers["town"].scope.organisation)
    names = ("hq", "branch", "town", "office")
    first = _referred(town, office)
    _hang_on(first, office, 1)
    one = {name: (_statements(name, "/desk/cases/"), _statements(name, f"/desk/cases/{first.pk}/")) for name in names}
    for _number in range(29):
        _referred(town, office)
    _hang_on(first, office, 29)
    print("| statements of | reader | one row | thirty rows | limit |\n|---|---|---|---|---|")
    for name in names:
        many = _statements(name, "/desk/cases/"), _statements(name, f"/desk/cases/{first.pk}/")
        for what, few, much, limit in zip(
            ("list", "case page"), one[name], many, (LIST_LIMIT, CASE_LIMIT), strict=True
        ):
            print(f"| {what} | {name} | {few} | {much} | {limit} |", flush=True)
    print()


def _referred(town: Organisation, office: Organisation) -> Case:
    now = timezone.now()
    case = Case.objects.create(
        kind=KIND, title="駅前の案内表示", applicant=town, branch=town.branch, state="in_progress", holder="office",
        holding=office, filed_at=now, due_at=now, number=f"Q-{Case.objects.count()}", countries=["GB"], sample=True,
    )  # fmt: skip
    SupportRequest.objects.create(case=case, purpose="先進事例を調べる。")
    Referral.objects.create(case=case, office=office, state="accepted")
    return case


def _hang_on(case: Case, office: Organisation, how_many: int) -> None:
    for number in range(how_many):
        Note.objects.create(case=case, author=office, side="office", body=f"確認しました。{number}")


def _statements(name: str, address: str) -> int:
    client = signed_in(name)
    get(client, address)  # the session notes its first use
    with watched() as asked:
        get(client, address)
    return len(asked.of_the_view)


# --- The annual report ------------------------------------------------------------------------------------------------
def annual_report(size: int, reader: Reader) -> None:
    """Its tables, and all of it as PDF and workbook, against counting the requests of the same year once. Years take turns,
    because the printer remembers what it has just printed."""
    collection = collections.COLLECTIONS[ANNUAL]
    last = FiscalYear.of(timezone.now()).year
    with acting(reader.scope), translation.override("ja"):
        turns = {"pdf": 0, "xlsx": 0, "count": 0, "tables": 0}

        def year(what: str) -> FiscalYear:
            turns[what] += 1
            return FiscalYear(last - turns[what] % 6)

        def count() -> None:
            Referral.objects.visible_to(reader.scope).filter(case__fiscal_year=year("count").year).count()

        def tables() -> None:
            collections.grids_of(collection, reader, year("tables"), now=timezone.now())

        def file(kind: str) -> None:
            params = collections.params_of(collection, year(kind), kind)
            collections.make(reader, params, timezone.now(), lambda done, of: None)

        of_size, what = f"{size:,} cases", "counting the requests of its year once"
        line("annual report, its tables", of_size, *interleaved(tables, count, 4, 1), what)
        line("annual report, as PDF", of_size, *interleaved(lambda: file("pdf"), count, 4, 1), what)
        line("annual report, as workbook", of_size, *interleaved(lambda: file("xlsx"), count, 4, 1), what)
