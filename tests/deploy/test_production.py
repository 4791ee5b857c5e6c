"""Production settings: silent where all is well, one clear sentence where something is missing or wrong."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from clair_portal.accounts.models import Role, User
from clair_portal.network.models import Organisation
from clair_portal.outbox.models import Schedule
from tests.deploy.environments import MANAGE, ROOT, production

pytestmark = pytest.mark.django_db  # makes the test database, which the processes look at
CHECK = ["check", "--deploy", "--fail-level", "WARNING", "--database", "default"]


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MANAGE, *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deployment_check_is_silent_for_web_and_worker(tmp_path: Path) -> None:
    for login in ("web", "worker"):
        done = manage(production(tmp_path, login=login), *CHECK)
        assert (done.returncode, done.stdout, done.stderr) == (
            0,
            "System check identified no issues (0 silenced).\n",
            "",
        )


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("SECRET_KEY", "Set SECRET_KEY, or SECRET_KEY_FILE to the path of a file that holds it."),
        ("DATABASE_URL", "Set DATABASE_URL, or DATABASE_URL_FILE to the path of a file that holds it."),
    ],
)
def test_a_missing_value_is_named_in_one_sentence(tmp_path: Path, missing: str, sentence: str) -> None:
    environment = production(tmp_path)
    del environment[missing]
    done = manage(environment, *CHECK)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].endswith(sentence)


def test_secrets_may_be_files(tmp_path: Path) -> None:
    environment = production(tmp_path)
    for name in ("SECRET_KEY", "DATABASE_URL"):
        (tmp_path / name).write_text(environment.pop(name) + "\n")
        environment[f"{name}_FILE"] = str(tmp_path / name)
    done = manage(environment, "check", "--database", "default")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def sample_account(transactional_db: None) -> Iterator[None]:
    User.objects.create_user("left.over@sample.example", sample=True)
    yield


def test_sample_accounts_are_refused(sample_account: None, tmp_path: Path) -> None:
    done = manage(production(tmp_path), *CHECK)
    assert done.returncode == 1
    assert "(accounts.E001) 1 sample accounts exist. Delete them: manage.py remove_sample_accounts" in done.stderr


def test_a_web_process_with_the_owners_login_is_refused(tmp_path: Path) -> None:
    environment = production(tmp_path)
    environment["DATABASE_WEB_URL"] = environment["DATABASE_URL"]
    done = manage(environment, *CHECK)
    assert done.returncode == 1
    assert "(walls.E002) This login owns tables, or may bypass row-level security." in done.stderr


def test_the_first_wall_cannot_be_switched_off(tmp_path: Path) -> None:
    done = manage(production(tmp_path, FIRST_WALL="off"), *CHECK)
    assert done.returncode == 1
    assert "(walls.E001) FIRST_WALL may be off in tests only." in done.stderr


def test_demo_settings_refuse_without_demo(tmp_path: Path) -> None:
    done = manage(production(tmp_path, DJANGO_SETTINGS_MODULE="clair_portal.settings.demo"), "check")
    assert done.returncode == 1
    assert (
        done.stderr.strip()
        .splitlines()[-1]
        .endswith("clair_portal.settings.demo needs DEMO=1: it comes with sample accounts.")
    )


def test_sample_data_is_refused_in_production(tmp_path: Path) -> None:
    done = manage(production(tmp_path, login="owner"), "load_sample")
    assert done.returncode == 1
    assert "Sample data exists only in the demo: set DEMO=1." in done.stderr


def test_the_first_administrator_is_invited_with_the_owners_login(transactional_db: None, tmp_path: Path) -> None:
    Organisation.objects.create(kind="headquarters", code="HQ", name_ja="東京本部", name_en="Tokyo headquarters")
    Role.objects.create(code="hq_administrator", rights=["organisation.administer"])
    done = manage(production(tmp_path, login="owner"), "first_administrator", "first@example.org", "--name=初代 管理")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^  https://portal\.example/accounts/invitation/[0-9A-Z-]{24}/$", done.stdout, re.MULTILINE)


@pytest.mark.parametrize(("age", "status"), [(None, 1), (10, 0), (180, 1)])
def test_the_relays_health_is_the_age_of_its_next_turn(
    transactional_db: None, tmp_path: Path, age: int | None, status: int
) -> None:
    """Never written, ten seconds late, three minutes late."""
    if age is not None:
        Schedule.objects.create(name="a turn", every=20, next_at=timezone.now() - dt.timedelta(seconds=age))
    environment = production(tmp_path, login="worker")
    (tmp_path / "address").write_text(environment["DATABASE_WORKER_URL"])
    command = [sys.executable, "deploy/healthcheck.py", "relay"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment | {"DATABASE_WORKER_URL_FILE": str(tmp_path / "address")}, check=False
    )
    assert done.returncode == status


def test_the_web_login_of_the_tests_is_the_real_one() -> None:
    """Guards the tests above: they mean something only while portal_web exists and owns nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_class c join pg_roles r on r.oid = c.relowner "
            "where r.rolname = 'portal_web' and c.relnamespace = 'public'::regnamespace"
        )
        assert cursor.fetchone() == (0,)
