"""The roles that come with the application: a name in two languages, rights, and where they may be held.

Only missing roles are added: headquarters may rename a role or change its rights, and there is no way to tell that from
an older release. A right that a later release adds to an existing role comes with a data migration.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from clair_portal.accounts.models import Role
from clair_portal.network.enums import BRANCH_KINDS, HEADQUARTERS_KINDS, MEMBER_KINDS, Kind

_MEMBERS = tuple(sorted(MEMBER_KINDS))
_BRANCHES = tuple(sorted(BRANCH_KINDS))
_HEADQUARTERS = tuple(sorted(HEADQUARTERS_KINDS))
_OFFICES = (Kind.OFFICE,)


@dataclass(frozen=True)
class RoleRow:
    code: str
    name_ja: str
    name_en: str
    rights: tuple[str, ...]
    kinds: tuple[str, ...]


ROLES = (
    RoleRow("member_officer", "担当者", "Officer", ("cases.file",), _MEMBERS),
    RoleRow("branch_officer", "支部担当者", "Branch officer", ("cases.file", "cases.pass_on"), _BRANCHES),
    RoleRow(
        "organisation_administrator",
        "管理者",
        "Administrator",
        ("cases.file", "cases.pass_on", "cases.manage", "organisation.administer"),
        _MEMBERS,
    ),
    RoleRow(
        "hq_officer",
        "本部担当者",
        "Headquarters officer",
        (
            "approvals.take_part",
            "cases.triage",
            "contacts.read",
            "gatherings.host",
            "network.edit",
            "publications.prepare",
            "publications.release",
            "translations.manage",
            "translations.read",
            "translations.review",
            "translations.translate",
        ),
        _HEADQUARTERS,
    ),
    RoleRow(
        "hq_administrator",
        "本部管理者",
        "Headquarters administrator",
        (
            "approvals.take_part",
            "approvals.manage",
            "cases.triage",
            "cases.manage",
            "contacts.read",
            "gatherings.host",
            "network.edit",
            "organisation.administer",
            "outbox.manage",
            "log.read",
            "publications.prepare",
            "publications.release",
            "translations.manage",
            "translations.read",
            "translations.review",
            "translations.translate",
        ),
        _HEADQUARTERS,
    ),
    RoleRow(
        "office_officer",
        "所員",
        "Office staff",
        (
            "cases.work",
            "contacts.read",
            "gatherings.host",
            "publications.prepare",
            "translations.read",
            "translations.review",
            "translations.translate",
        ),
        _OFFICES,
    ),
    RoleRow(
        "office_administrator",
        "所長",
        "Executive director",
        (
            "cases.work",
            "cases.manage",
            "contacts.read",
            "gatherings.host",
            "organisation.administer",
            "publications.prepare",
            "translations.read",
            "translations.review",
            "translations.translate",
        ),
        _OFFICES,
    ),
    RoleRow(
        "local_staff",
        "現地事務員",
        "Local staff",
        (
            "cases.work",
            "contacts.read",
            "gatherings.host",
            "publications.prepare",
            "translations.read",
            "translations.review",
            "translations.translate",
        ),
        _OFFICES,
    ),
)


LOADERS: dict[str, Callable[[], object]] = {}


def register(name: str, loader: Callable[[], object]) -> None:
    """Reference data of an app further up, loaded after organisations and roles. Apps call this in ready()."""
    LOADERS[name] = loader


@transaction.atomic
def load() -> int:
    """Adds the roles that are missing; returns how many."""
    known = set(Role.objects.values_list("code", flat=True))
    missing = [role for role in ROLES if role.code not in known]
    for role in missing:
        Role(
            code=role.code,
            name_ja=role.name_ja,
            name_en=role.name_en,
            rights=list(role.rights),
            kinds=[str(kind) for kind in role.kinds],
        ).save(force_insert=True)
    return len(missing)
