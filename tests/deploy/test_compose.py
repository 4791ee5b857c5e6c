"""docker-compose.yml and Dockerfile as text: what they promise is asserted, because not every machine has an engine."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from tests.deploy.environments import ROOT

DEPLOY = ROOT / "deploy"
OURS = ("migrate", "web", "worker", "relay", "mail-in")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return compose["services"]  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def dockerfile() -> list[str]:
    return (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()


def test_the_services(services: dict[str, Any]) -> None:
    assert list(services) == ["postgres", "valkey", "migrate", "web", "worker", "relay", "mail-in", "nginx"]


def test_only_nginx_can_be_reached_from_outside(services: dict[str, Any]) -> None:
    assert {name: service["ports"] for name, service in services.items() if "ports" in service} == {
        "nginx": ["80:8080", "443:8443"]
    }


def test_nobody_runs_as_root(services: dict[str, Any]) -> None:
    assert {name: service["user"] for name, service in services.items()} == {
        "postgres": "999:999", "valkey": "999:1000", "migrate": "10001:10001", "web": "10001:10001",
        "worker": "10001:10001", "relay": "10001:10001", "mail-in": "10001:10001", "nginx": "101:10001",
    }  # fmt: skip


def test_root_file_systems_are_read_only_and_no_capability_is_left(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "cap_add" not in service, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service, name


def test_everything_that_stays_has_a_health_check_and_comes_back(services: dict[str, Any]) -> None:
    for name, service in services.items():
        if name != "migrate":
            assert service["restart"] == "unless-stopped", name
            assert service["healthcheck"]["test"][0] == "CMD", name
    assert services["migrate"]["restart"] == "no"


def test_the_order_of_starting(services: dict[str, Any]) -> None:
    assert {name: service["depends_on"] for name, service in services.items() if "depends_on" in service} == {
        "migrate": {"postgres": {"condition": "service_healthy"}},
        "web": {"migrate": {"condition": "service_completed_successfully"}},
        "worker": {
            "migrate": {"condition": "service_completed_successfully"},
            "valkey": {"condition": "service_started"},
        },
        "relay": {"migrate": {"condition": "service_completed_successfully"}},
        "nginx": {"web": {"condition": "service_healthy"}},
    }


def test_three_logins_and_only_migrate_has_the_owners(services: dict[str, Any]) -> None:
    logins = {
        name: (services[name]["environment"]["PORTAL_LOGIN"], services[name]["environment"]["DATABASE_URL_FILE"])
        for name in OURS
    }
    assert logins == {
        "migrate": ("owner", "/run/secrets/database_owner_url"),
        "web": ("web", "/run/secrets/database_web_url"),
        "worker": ("worker", "/run/secrets/database_worker_url"),
        "relay": ("worker", "/run/secrets/database_worker_url"),
        "mail-in": ("web", "/run/secrets/database_web_url"),
    }
    assert [name for name, service in services.items() if "database_owner_url" in service.get("secrets", [])] == [
        "migrate"
    ]
    assert [name for name, service in services.items() if "database_worker_url" in service.get("secrets", [])] == [
        "migrate", "worker", "relay",
    ]  # fmt: skip


def test_secrets_are_files_and_never_stand_in_the_environment(
    compose: dict[str, Any], services: dict[str, Any]
) -> None:
    assert {name: list(secret) for name, secret in compose["secrets"].items()} == {
        name: ["file"]
        for name in (
            "postgres_password", "owner_password", "database_owner_url", "database_web_url", "database_worker_url",
            "secret_key", "email_password", "tls_certificate", "tls_key",
        )
    }  # fmt: skip
    for name, service in services.items():
        for key, value in service.get("environment", {}).items():
            if any(word in key for word in ("PASSWORD", "SECRET", "DATABASE", "KEY")):
                assert key.endswith("_FILE"), f"{name}: {key}"
                assert value.startswith("/run/secrets/"), f"{name}: {key}"
                assert value.removeprefix("/run/secrets/") in service["secrets"], f"{name}: {key}"


def test_the_database_network_leads_nowhere_and_nginx_is_not_in_it(
    compose: dict[str, Any], services: dict[str, Any]
) -> None:
    assert compose["networks"] == {"front": None, "inside": {"internal": True}, "outward": None}
    assert {name: service["networks"] for name, service in services.items()} == {
        "postgres": ["inside"], "valkey": ["inside"], "migrate": ["inside"], "web": ["inside"],
        "worker": ["inside", "outward"], "relay": ["inside", "outward"], "mail-in": ["outward"],
        "nginx": ["front"],
    }  # fmt: skip


def test_volumes_are_named_and_each_is_where_it_is_needed(compose: dict[str, Any], services: dict[str, Any]) -> None:
    assert list(compose["volumes"]) == [
        "database",
        "documents",
        "log-heads",
        "mail-in",
        "published",
        "static",
        "socket",
    ]
    assert {name: service.get("volumes", []) for name, service in services.items()} == {
        "postgres": [
            "database:/var/lib/postgresql/data",
            "./deploy/postgres/10-owner.sh:/docker-entrypoint-initdb.d/10-owner.sh:ro",
        ],
        "valkey": [],
        "migrate": ["static:/srv/static"],
        "web": ["socket:/run/portal", "documents:/srv/portal/documents"],
        "worker": ["documents:/srv/portal/documents", "published:/srv/published"],
        "relay": [
            "documents:/srv/portal/documents",
            "log-heads:/srv/portal/log-heads",
            "mail-in:/srv/portal/mail-in",
            "published:/srv/published",
        ],
        "mail-in": ["mail-in:/srv/portal/mail-in"],
        "nginx": [
            "./deploy/nginx:/etc/nginx/portal:ro",
            "static:/srv/static:ro",
            "published:/srv/published:ro",
            "socket:/run/portal:ro",
        ],
    }


def test_the_web_process_believes_only_the_socket_it_shares_with_nginx(services: dict[str, Any]) -> None:
    assert {services[name]["environment"]["TRUSTED_PROXY"] for name in OURS} == {"unix"}
    assert 'bind = os.environ.get("BIND", "unix:/run/portal/web.sock")' in (DEPLOY / "gunicorn.conf.py").read_text()
    assert "server unix:/run/portal/web.sock max_fails=0;" in (DEPLOY / "nginx" / "portal.conf").read_text()


def test_images_have_a_version(services: dict[str, Any]) -> None:
    assert {name: service["image"] for name, service in services.items() if name not in OURS} == {
        "postgres": "postgres:17", "valkey": "valkey/valkey:8", "nginx": "nginxinc/nginx-unprivileged:1.28",
    }  # fmt: skip
    assert {services[name]["image"] for name in OURS} == {"clair-portal:${VERSION:-local}"}


def test_no_service_is_a_demo(services: dict[str, Any]) -> None:
    assert all("DEMO" not in services[name]["environment"] for name in OURS)


def test_the_image_is_built_in_stages_and_runs_as_an_ordinary_user(dockerfile: list[str]) -> None:
    assert [line for line in dockerfile if line.startswith("FROM ")] == [
        "FROM python:3.11-slim-bookworm AS build",
        "FROM python:3.11-slim-bookworm AS run",
    ]
    last_stage = dockerfile[dockerfile.index("FROM python:3.11-slim-bookworm AS run") :]
    assert [line for line in last_stage if line.startswith("USER ")] == ["USER 10001:10001"]
    assert not [line for line in last_stage if "pip install" in line or "apt-get" in line]
    assert "COPY --from=build /app /app" in last_stage  # root's: the process cannot change its own code


def test_the_image_installs_what_is_locked_and_nothing_else(dockerfile: list[str]) -> None:
    assert [line for line in dockerfile if "pip install" in line] == [
        "RUN /opt/portal/bin/pip install --require-hashes --no-deps -r requirements/base.lock"
    ]


def test_catalogues_and_static_files_are_made_while_building(dockerfile: list[str]) -> None:
    text = "\n".join(dockerfile)
    assert "/opt/portal/bin/python -P clair_portal/local_services/catalogues.py locale" in text
    assert "/opt/portal/bin/python manage.py collectstatic --noinput" in text
    assert [
        line for line in dockerfile if line.startswith(("ENV", "ARG")) and ("SECRET" in line or "DATABASE" in line)
    ] == []


def test_what_the_image_copies_exists_and_is_not_ignored(dockerfile: list[str]) -> None:
    allowed = {
        line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    copied = {line.split()[1] for line in dockerfile if line.startswith("COPY ") and "--from" not in line}
    assert copied == allowed
    for name in copied:
        assert (ROOT / name).exists(), name


def test_every_package_of_the_project_is_in_the_image(dockerfile: list[str]) -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages == {line.split()[1] for line in dockerfile if line.startswith("COPY ")} & packages


@pytest.mark.parametrize("name", ["entrypoint.sh", "entrypoint-migrate.sh", "make-secrets.sh", "postgres/10-owner.sh"])
def test_scripts_stop_at_the_first_fault(name: str) -> None:
    script = DEPLOY / name
    assert os.access(script, os.X_OK)
    assert "\nset -eu\n" in script.read_text(encoding="utf-8")
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0


def test_migrations_run_behind_the_lock_before_anything_else(services: dict[str, Any]) -> None:
    assert services["migrate"]["entrypoint"] == ["/app/deploy/entrypoint-migrate.sh"]
    assert "python manage.py migrate_safely --reference" in (DEPLOY / "entrypoint-migrate.sh").read_text()
    assert (
        'check --deploy --fail-level WARNING --database default\nexec "$@"\n' in (DEPLOY / "entrypoint.sh").read_text()
    )


def make_secrets(folder: Path) -> str:
    return subprocess.run([DEPLOY / "make-secrets.sh", folder], check=True, capture_output=True, text=True).stdout


def test_secrets_are_made_once_and_fit_together(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    said = make_secrets(folder)
    assert said.splitlines() == [
        f"Put the certificate for TLS (PEM) into {folder}/tls_certificate.",
        f"Put the key for TLS (PEM) into {folder}/tls_key.",
    ]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    first = {path.name: path.read_text() for path in folder.iterdir()}
    assert sorted(first) == [
        "database_owner_url", "database_web_url", "database_worker_url", "email_password", "owner_password",
        "postgres_password", "secret_key",
    ]  # fmt: skip
    addresses = {name: urlsplit(first[f"database_{name}_url"].strip()) for name in ("owner", "web", "worker")}
    assert [(url.username, url.hostname, url.path) for url in addresses.values()] == [
        ("portal_owner", "postgres", "/portal"), ("portal_web", "postgres", "/portal"), ("portal_worker", "postgres", "/portal"),
    ]  # fmt: skip
    assert addresses["owner"].password == first["owner_password"].strip()
    assert len({url.password for url in addresses.values()} | {first["postgres_password"].strip()}) == 4
    assert len(first["secret_key"].strip()) == 128
    make_secrets(folder)
    assert {path.name: path.read_text() for path in folder.iterdir()} == first
