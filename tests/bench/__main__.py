"""`make bench`: what things cost, as ratios from one interleaved run (ours, baseline, ours, baseline ...). Never a test.

CASES=10000 chooses other volumes than 10 k, 100 k and 1 M, SEARCH_DOCUMENTS="1000000 recall" what the public search is asked;
`python -m tests.bench serving` measures only published pages, `volume` only lists, filters and search. Everything happens in a database of its own that is dropped
afterwards.
Writes tables to stdout; docs/measurements.md keeps them with date, machine and commit.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

os.environ["DJANGO_SETTINGS_MODULE"] = "clair_portal.settings.test"

import django

django.setup()

import logging

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone, translation
from rest_framework.views import APIView

from clair_portal import urls
from clair_portal.accounts.models import User
from clair_portal.accounts.reader import Reader
from clair_portal.accounts.rules import everybody
from clair_portal.audit import chain
from clair_portal.audit.services import record
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.models import Case, Note
from clair_portal.network.models import Organisation
from clair_portal.reports import case_file, fonts, pdf
from clair_portal.reports.tables import TABLES, fill
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from offices.models import SupportRequest
from offices.workflow import KIND as OFFICES_KIND
from tests.bench.measuring import TABLE, get, interleaved, line
from tests.bench.people import person
from tests.bench.search import run as public_search
from tests.bench.serving import serving
from tests.bench.sheets import big_sheets
from tests.bench.volume import volumes

logging.disable(logging.CRITICAL)
settings.ALLOWED_HOSTS.append("testserver")
APIView.throttle_classes = []


@everybody()
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def prepare() -> dict[str, Reader]:
    """Four people, the bare view."""
    urls.urlpatterns.append(path("bare/", bare))
    return {
        "hq": person("hq", "HQ", "hq_officer"),
        "branch": person("branch", "010006", "branch_officer"),
        "town": person("town", "012033", "member_officer"),
        "office": person("office", "LON", "office_officer"),
    }


@contextmanager
def own_database() -> Iterator[None]:
    """An empty one, dropped afterwards."""
    connection.settings_dict["TEST"]["NAME"] = "bench_portal"
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def pages(readers: dict[str, Reader]) -> None:
    anonymous = Client()
    for name, address in (("public front page", "/ja/"), ("API, 50 organisations", "/api/v1/organisations/")):
        ours, base = interleaved(lambda address=address: get(anonymous, address), lambda: get(anonymous, "/bare/"))
        line(name, "whole network", ours, base, "a bare view")
    client = Client()
    client.force_login(User.objects.get(email="bench-branch@example.org"))
    for name, address in (
        ("desk, branch", "/desk/"),
        ("list of 50 cases, branch", "/desk/cases/"),
        ("directory search", "/desk/directory/?q=otaru"),
    ):
        ours, base = interleaved(lambda address=address: get(client, address), lambda: get(client, "/bare/"))
        line(name, f"{Case.objects.count():,} cases", ours, base, "a bare view, signed in")


def directory() -> None:
    def ours() -> None:
        list(Organisation.objects.named("おたる")[:50])

    def base() -> None:
        list(Organisation.objects.filter(name_ja="小樽市")[:50])

    line(
        "directory search, any form of a name",
        f"{Organisation.objects.count():,} organisations",
        *interleaved(ours, base),
        "exact name, no index",
    )


def walls(readers: dict[str, Reader]) -> None:
    branch = readers["branch"].scope

    def empty_scope() -> None:
        with acting(branch):
            pass

    def empty_transaction() -> None:
        with transaction.atomic():
            connection.cursor().execute("select 1")

    line("empty scope", "1 transaction", *interleaved(empty_scope, empty_transaction, 400), "empty transaction")

    def walled() -> None:
        with acting(branch):
            list(Case.objects.visible_to(branch).order_by("-id")[:50])

    def unwalled() -> None:
        with transaction.atomic():
            list(Case.objects.visible_to(branch).order_by("-id")[:50])

    line(
        "newest 50 cases of a branch, both walls",
        f"{Case.objects.count():,} cases",
        *interleaved(walled, unwalled, 200),
        "first wall only (owner)",
    )

    def forgotten() -> None:
        with acting(branch):
            list(Case.objects.order_by("-id")[:50])

    line(
        "newest 50 cases, filter forgotten",
        f"{Case.objects.count():,} cases",
        *interleaved(forgotten, unwalled, 200),
        "first wall only (owner)",
    )


def log(readers: dict[str, Reader]) -> None:
    case = Case.objects.order_by("id").first()
    assert case is not None
    scope = readers["hq"].scope

    def logged() -> None:
        with acting(scope):
            Case.objects.filter(pk=case.pk).update(version=2)
            record("casework.note.written", case, actor={"ja": "x", "en": "x"})

    def silent() -> None:
        with acting(scope):
            Case.objects.filter(pk=case.pk).update(version=2)

    line(
        "change with its log entry",
        "1 change",
        *interleaved(logged, silent, 300),
        "change alone (history by trigger in both)",
    )
    with acting(SYSTEM_SCOPE):
        started = time.perf_counter()
        sealed = chain.seal()
        took = (time.perf_counter() - started) * 1000
    print(f"| sealing | {sealed} entries | {took:.1f} | – | – | {took / max(sealed, 1):.3f} ms an entry |")


def paper(readers: dict[str, Reader]) -> None:
    """A case on paper: gathering and printing, of a small case and of one with a long story; and a table of all cases."""
    hq = readers["hq"]
    fonts.folder()
    for entries in (3, 300):
        case = _case_with(entries)
        with acting(hq.scope), translation.override("ja"):
            params = {"case": case.pk}
            made = iter(range(10_000))

            def ours(params: dict[str, int] = params, made: Iterator[int] = made) -> None:
                text = json.dumps(case_file.content(hq, params), default=str, ensure_ascii=False)
                text = text.replace("。", f"{next(made)}。")  # other sentences each time: Typst remembers equal ones
                pdf.render("document", json.loads(text), language="ja", made_at=timezone.now())

            def base(params: dict[str, int] = params) -> None:
                case_file.content(hq, params)

            times = interleaved(ours, base, 20)
        line("case on paper", f"{entries} entries", *times, "gathering what is printed")
    table, year = TABLES["cases.by_branch"], FiscalYear.of(timezone.now())
    with acting(hq.scope):
        source = table.source(hq, year)
        times = interleaved(lambda: fill(table, hq, year, now=timezone.now()), source.count, 20)
    line("table of cases by branch", f"{Case.objects.count():,} cases", *times, "counting them all once")


def _case_with(entries: int) -> Case:
    town, hq = Organisation.objects.get(code="012033"), Organisation.objects.get(code="HQ")
    case = Case.objects.create(
        kind=OFFICES_KIND, title="駅前の案内表示", applicant=town, branch=town.branch, state="triage", holder="headquarters",
        holding=hq, filed_at=timezone.now(), number=f"P-{uuid.uuid4().hex[:12]}",
    )  # fmt: skip
    SupportRequest.objects.create(case=case, purpose="先進事例を調べる。" * 20)
    for number in range(entries):
        record(
            "casework.note.written" if number % 3 else "offices.request.passed_on",
            case,
            actor={"ja": "森下 拓", "en": "T"},
        )
        if number % 3:
            Note.objects.create(
                case=case, author=hq, side="headquarters", body="確認しました。よろしくお願いします。" * 5
            )
    return case


def main() -> None:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    print(
        f"{timezone.now():%Y-%m-%d %H:%M} UTC, commit {commit}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    sizes = [int(size) for size in os.environ.get("CASES", "10000,100000,1000000").split(",")]
    only = sys.argv[1:]
    with own_database():
        call_command("load_reference", verbosity=0)
        if only != ["volume"]:
            serving()  # before there are sample accounts: relay and worker refuse to start beside them
        if only == ["serving"]:
            return
        readers = prepare()
        volumes(sizes, readers)
        if only == ["volume"]:
            return
        print(f"\n{TABLE}")
        directory()
        walls(readers)
        log(readers)
        pages(readers)
        paper(readers)
        public_search(os.environ.get("SEARCH_DOCUMENTS", "20000 recall").split())
    big_sheets()


if __name__ == "__main__":
    sys.exit(main())
