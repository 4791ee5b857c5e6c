"""Who may call what: every address × role × method × whose object, generated from the URL table and the declared rules.

A new address needs its rule and, when it has arguments, an entry here that says which objects it takes.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.urls import URLPattern, URLResolver, reverse
from django.utils import translation
from rest_framework.views import APIView

from clair_portal.accounts.login_urls import ALLAUTH_VIEWS
from clair_portal.accounts.models import Posting
from clair_portal.accounts.rules import Rule
from clair_portal.casework.models import BulkAction, SavedView, Task
from clair_portal.contacts.models import Host, HostPerson, HostUse, Visit
from clair_portal.gatherings.models import Event, Place
from clair_portal.imports.models import Import
from clair_portal.projects.models import Project
from clair_portal.publishing.models import Publication, Term
from clair_portal.reports.models import Snapshot
from offices.models import SharedResearch, WorkEntry
from tests.cast import PEOPLE, ROLES
from tests.conftest import WebClient
from tests.walls.scene import Scene
from tests.walls.test_reading import SEES, spelled_out
from tests.walls.test_reading import expected as rows_of

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
ACTORS: dict[str, str | None] = {
    "anonymous": None,
    "member_officer": "otaru",
    "branch_officer": "hokkaido",
    "organisation_administrator": "otaru_administrator",
    "hq_officer": "hq_officer",
    "hq_administrator": "hq_approver",
    "office_officer": "london",
    "office_administrator": "london_local",
    "without a posting": "nobody",
    "leaver": "leaver",
}
WITHOUT_POSTING = ("nobody", "leaver")
PLACE = {person: place for person, (_name, _latin, place, _role, _language) in PEOPLE.items()}
RIGHTS = {person: ROLES[role][0] if role else [] for person, (_n, _l, _p, role, _x) in PEOPLE.items()}
FINE = {200, 201, 204, 302, 303, 400, 422}
HEADQUARTERS = ("hq_officer", "hq_approver")


# --- Whose object: a name per object, and for each reader which of them exist -----------------------------------------------
def sees(person: str, what: str) -> set[str]:
    return set(SEES.get(person, {}).get(what, "").split())


def of_ones_own_organisation(person: str, name: str) -> bool:
    return person in HEADQUARTERS or name.rpartition("@")[2] == PLACE.get(person)


@dataclass(frozen=True)
class Objects:
    """`names`: own, of the same branch, of another organisation, of another office - which is which depends on the reader."""

    names: tuple[str, ...]
    exists: Callable[[str, str], bool]
    key: Callable[[Scene, str], Any]


OBJECTS = {
    "case": Objects(
        ("otaru_london", "hakodate_newyork", "osaka_two", "otaru_draft"),
        lambda person, name: name in sees(person, "cases"),
        lambda scene, name: scene.cases[name].pk,
    ),
    "draft": Objects(  # editing is for drafts of one's own
        ("otaru_london", "hakodate_newyork", "sapporo_draft", "otaru_draft"),
        lambda person, name: name == "otaru_draft" and "otaru_draft" in sees(person, "cases"),
        lambda scene, name: scene.cases[name].pk,
    ),
    "file": Objects(
        ("otaru_london:A", "otaru_london:h", "hakodate_newyork:F", "osaka_two:a"),
        lambda person, name: name in spelled_out(SEES.get(person, {}).get("papers", "")),
        lambda scene, name: scene.files[name].pk,
    ),
    "personal": Objects(
        ("otaru", "otaru_administrator", "hokkaido", "london"),
        lambda person, name: person == name,
        lambda scene, name: name,
    ),
    "posting": Objects(
        ("otaru@otaru", "hokkaido@hokkaido", "osaka@osaka", "london@london"),
        of_ones_own_organisation,
        lambda scene, name: Posting.objects.get(title=name).pk,
    ),
    "invitation": Objects(
        ("otaru", "hokkaido", "osaka", "london"),
        of_ones_own_organisation,
        lambda scene, name: scene.rows["invitation"][name],
    ),
    "link": Objects(
        ("otaru", "hokkaido", "osaka", "london"),
        lambda person, name: name in sees(person, "organisation"),
        lambda scene, name: scene.rows["link"][name],
    ),
    "person": Objects(
        ("otaru", "hokkaido", "osaka", "london"),
        lambda person, name: name in sees(person, "people"),
        lambda scene, name: scene.person(name),
    ),
    "organisation": Objects(  # names of public bodies are open
        ("otaru", "hokkaido", "osaka", "london"), lambda person, name: True, lambda scene, name: scene.place(name)
    ),
    "office": Objects(
        ("otaru", "hokkaido", "hq", "london"),
        lambda person, name: name == "london",
        lambda scene, name: scene.place(name),
    ),
    "mail": Objects(("mail",), lambda person, name: True, lambda scene, name: scene.rows["mail"][name]),
    "session": Objects(("nobody's",), lambda person, name: False, lambda scene, name: 10**9),
    "calendar": Objects(
        ("HQ", "LON", "NYC", "none"), lambda person, name: name != "none", lambda scene, name: name
    ),
    "code": Objects(("wrong",), lambda person, name: False, lambda scene, name: name),
    "body": Objects(("LON", "none"), lambda person, name: name != "none", lambda scene, name: name),
    "subject": Objects(("casework.case",), lambda person, name: True, lambda scene, name: name),
}  # fmt: skip


def own_rows(kind: str) -> Objects:
    return Objects(OBJECTS["personal"].names, OBJECTS["personal"].exists, lambda scene, name: scene.rows[kind][name])


CASE, DRAFT, POSTING, INVITATION, ORGANISATION, LINK = (
    OBJECTS[name] for name in ("case", "draft", "posting", "invitation", "organisation", "link")
)
TABLE = Objects(("cases.by_branch", "none"), lambda person, name: name != "none", lambda scene, name: name)
COLLECTION = Objects(("offices.annual", "none"), lambda person, name: name != "none", lambda scene, name: name)
COUNT = Objects(
    ("published", "frozen"),
    lambda person, name: name == "published" or person in HEADQUARTERS,
    lambda scene, name: Snapshot.objects.get(sha256=name).pk,
)
PUBLIC_COUNT = Objects(("offices.annual", "none"), lambda person, name: name != "none", lambda scene, name: name)
VIEW = Objects(  # private ones
    ("otaru", "hokkaido", "hq", "london"),
    lambda person, name: person == {"hq": "hq_officer"}.get(name, name),
    lambda scene, name: SavedView.objects.get(name=name).pk,
)
DONE_TO_MANY = Objects(
    VIEW.names, VIEW.exists, lambda scene, name: BulkAction.objects.get(organisation=scene.cast.places[name]).pk
)
OWN_REQUESTS = dict.fromkeys(("otaru", "otaru_administrator"), ("otaru_london", "otaru_draft"))
FILED_OR_DRAFT = Objects(  # one's own; a filed one leads to its page
    ("otaru_london", "hakodate_newyork", "sapporo_draft", "otaru_draft"),
    lambda person, name: name in OWN_REQUESTS.get(person, ()),
    lambda scene, name: scene.cases[name].pk,
)
EDITORS = {"hq_officer", "hq_approver", "london", "london_local"}
PUBLICATION = Objects(
    ("london_draft", "draft", "released", "withdrawn"),
    lambda person, name: person in HEADQUARTERS or (person in EDITORS and name in ("london_draft", "released")),
    lambda scene, name: Publication.objects.get(slug=name).pk,
)
STORY = Objects(
    ("released", "withdrawn", "draft", "none"),
    lambda person, name: name in ("released", "withdrawn"),
    lambda scene, name: name,
)
NEVER_FINISHED = Objects(  # none of the scene is reported or closed
    ("otaru_london", "hakodate_newyork", "osaka_two", "otaru_draft"), lambda person, name: False,
    lambda scene, name: scene.cases[name].pk,
)  # fmt: skip
BODY = OBJECTS["body"]
BODY_PAGE = Objects(BODY.names, BODY.exists, lambda scene, name: str(BODY.key(scene, name)).lower())  # its one address
PREFECTURE = Objects(("01", "99"), lambda person, name: name == "01", lambda scene, name: name)
NO_SITEMAP = Objects(
    ("0", "1", "2"), lambda person, name: False, lambda scene, name: int(name)
)  # the first is sitemap.xml
CHAPTER = Objects(("3", "99"), lambda person, name: name == "3", lambda scene, name: int(name))
BRANCH_PAGE = Objects(("010006", "012033"), lambda person, name: name == "010006", lambda scene, name: name)
HOST = Objects(("host",), lambda person, name: True, lambda scene, name: Host.objects.get().pk)
HOST_PERSON = Objects(("host",), lambda person, name: True, lambda scene, name: HostPerson.objects.get().pk)
HOST_USE = Objects(  # an office corrects its own
    ("host",), lambda person, name: person in ("london", "london_local"), lambda scene, name: HostUse.objects.get().pk
)


def planned(scene: Scene, name: str) -> int:
    return int(Visit.objects.get(title=name).pk)


VISIT = Objects(
    ("otaru_london:F", "hakodate_newyork:F", "osaka_two:P", "otaru_london:f"),
    lambda person, name: person in SEES and name in rows_of(person)["contacts_visit"], planned,
)  # fmt: skip
OWN_VISIT = Objects(
    VISIT.names, lambda person, name: person in ("london", "london_local") and name[:-1] == "otaru_london:", planned
)
PROJECT = Objects(
    ("osaka_project", "hakodate_project"),
    lambda person, name: person in SEES and name in rows_of(person)["projects_project"],
    lambda scene, name: Project.objects.get(title_en=name).pk,
)
OWN_PROJECT = Objects(  # an office writes its own
    PROJECT.names, lambda person, name: person in ("london", "london_local") and name == "osaka_project", PROJECT.key
)
LONDONERS = ("london", "london_local")
EVENT = Objects(
    ("shown_event", "london_event", "hq_event"),
    lambda person, name: name == "shown_event" or name in sees(person, "events"),
    lambda scene, name: scene.rows["event"][name],
)
OWN_EVENT = Objects(
    EVENT.names, lambda person, name: person in (HEADQUARTERS if name == "hq_event" else LONDONERS), EVENT.key
)
SHOWN_EVENT = Objects(EVENT.names, lambda person, name: name == "shown_event", EVENT.key)
CALL, OWN_CALL, SHOWN_CALL = (
    Objects(of.names, of.exists, lambda scene, name: scene.rows["call"][name]) for of in (EVENT, OWN_EVENT, SHOWN_EVENT)
)
OWN_SERIES = Objects(
    EVENT.names, OWN_EVENT.exists, lambda scene, name: Event.objects.get(pk=scene.rows["event"][name]).series_id
)
OWN_PLACE = Objects(EVENT.names, OWN_EVENT.exists, lambda scene, name: Place.objects.get(name_en=name).pk)
TASK = Objects(
    ("otaru_london:A", "hakodate_newyork:A", "osaka_two:A", "otaru_london:H"),
    lambda person, name: name in sees(person, "tasks"),
    lambda scene, name: Task.objects.get(title=name).pk,
)
WORK = Objects(  # an office corrects its own
    ("otaru_london:F", "hakodate_newyork:F", "osaka_two:P", "osaka_two:F"),
    lambda person, name: person in ("london", "london_local") and name in ("otaru_london:F", "osaka_two:F"),
    lambda scene, name: WorkEntry.objects.get(summary=name).pk,
)
NEVER = Objects(OBJECTS["personal"].names, lambda person, name: False, lambda scene, name: scene.rows["job"][name])
CHANGE = Objects(
    ("otaru", "london", "hq"),
    lambda person, name: name in sees(person, "changes"),
    lambda scene, name: scene.rows["change"][name],
)
DESK = Objects(  # of one's own, of those one administers
    ("otaru@otaru", "hakodate@hakodate", "london@london", "hq_officer@hq"),
    lambda person, name: name == f"{person}@{PLACE.get(person)}" or ("organisation.administer" in RIGHTS.get(person, ())
    and of_ones_own_organisation(person, name)),
    lambda scene, name: Posting.objects.get(title=name).pk,
)  # fmt: skip
OWN_DESK = Objects(DESK.names, lambda person, name: name == f"{person}@{PLACE.get(person)}", DESK.key)
ABROAD = Objects(
    ("otaru_london", "hakodate_newyork", "unconfirmed"),
    lambda person, name: person in SEES and name in rows_of(person)["offices_foreignrequest"],
    lambda scene, name: scene.rows["abroad"][name],
)
NO_DRAFT = Objects(  # no case of the scene is a research request; tests/offices/test_research.py opens these pages
    ("otaru_draft", "otaru_london"), lambda person, name: False, lambda scene, name: scene.cases[name].pk
)
SHARED = Objects(
    ("hakodate_newyork", "otaru_returned"),
    lambda person, name: person in SEES and name in rows_of(person)["offices_sharedresearch"],
    lambda scene, name: SharedResearch.objects.get(title=name).pk,
)
COPY = Objects(
    ("otaru", "sapporo"), lambda person, name: person in HEADQUARTERS, lambda scene, name: scene.rows["copy"][name]
)
BRIEF = Objects(  # headquarters and offices of every body, members of their own and of those they pass on for
    ("otaru", "hokkaido", "osaka", "london"),
    lambda person, name: name != "london" and (
        person in (*HEADQUARTERS, "london", "london_local") or name in OWN_BRIEFS.get(person, ())
    ),
    lambda scene, name: scene.place(name),
)  # fmt: skip
OWN_BRIEFS = {"otaru": ("otaru",), "otaru_administrator": ("otaru",), "hokkaido": ("otaru", "hokkaido")}
APPROVAL = Objects(
    ("hq", "london"),
    lambda person, name: name in sees(person, "approvals"),
    lambda scene, name: scene.rows["approval"][name],
)
ROUTE = Objects(
    ("hq", "london"), lambda person, name: name in sees(person, "routes"), lambda scene, name: scene.rows["route"][name]
)
PROXY = Objects(ROUTE.names, ROUTE.exists, lambda scene, name: scene.rows["authority"][name])
NO_KIND = Objects(("none",), lambda person, name: False, lambda scene, name: name)
DATA_SET = Objects(("organisations", "none"), lambda person, name: name != "none", lambda scene, name: name)
KIND = Objects(("offices.support", "none"), lambda person, name: name != "none", lambda scene, name: name)
LIST = Objects(("cases", "none"), lambda person, name: name != "none", lambda scene, name: name)
TEXT = Objects(
    ("public_text", "draft_text"),
    lambda person, name: person in SEES and name in rows_of(person)["publishing_item"],
    lambda scene, name: scene.rows["text"][name],
)
PUBLIC_TEXT = Objects(
    ("public_text", "draft_text"), lambda person, name: name == "public_text", lambda scene, name: name
)
TERM = Objects(
    ("term",),
    lambda person, name: person in SEES and name in rows_of(person)["publishing_term"],
    lambda scene, name: Term.objects.get(ja=name).pk,
)
SHEET = Objects(
    ("otaru", "hokkaido", "hq", "london"),
    lambda person, name: person in SEES and name in rows_of(person)["imports_import"],
    lambda scene, name: Import.objects.get(name=name).pk,
)
# Address by name: the argument, its objects, and the other arguments.
ARGUMENTS: dict[str, tuple[str, Objects, dict[str, Any]]] = {
    "case": ("pk", CASE, {}),
    "case_move": ("pk", CASE, {"key": "accept"}),
    "case_take": ("pk", CASE, {}),
    "sheet_send": ("key", LIST, {}),
    "saved_views": ("key", LIST, {}),
    "saved_view": ("pk", VIEW, {}),
    "bulk": ("key", LIST, {}),
    "bulk_done": ("pk", DONE_TO_MANY, {}),
    **{name: ("pk", SHEET, {}) for name in ("sheet", "sheet_confirm", "sheet_original")},
    "case_pdf": ("pk", CASE, {}),
    "case_note": ("pk", CASE, {}),
    "case_file": ("pk", CASE, {}),
    "case_emergency": ("pk", CASE, {}),
    "file": ("pk", OBJECTS["file"], {}),
    **{f"approval{of}": ("pk", APPROVAL, {}) for of in ("", "_sheet", "_take_back")},
    "approval_document": ("pk", NEVER, {}),  # the scene keeps no file
    **{f"approval_{act}": ("pk", APPROVAL, {"step_pk": uuid.UUID(int=1)}) for act in ("stamp", "send_back", "seen")},
    "approval_route": ("pk", ROUTE, {}),
    "approval_proxy": ("pk", PROXY, {}),
    "approval_draft": ("kind", NO_KIND, {"subject_id": "1"}),
    "publication": ("pk", PUBLICATION, {}),
    "publication_release": ("pk", PUBLICATION, {}),
    "publication_withdraw": ("pk", PUBLICATION, {}),
    **{f"text{act}": ("pk", TEXT, {}) for act in ("", "_edit", "_ask", "_rename")},
    **{f"text_{act}": ("pk", TEXT, {"language": "en"}) for act in ("release", "withdraw")},
    **{
        f"translation{act}": ("pk", TEXT, {"language": "en"})
        for act in (
            "",
            "_sentence",
            "_hand_in",
            "_approve",
            "_send_back",
            "_assign",
            "_sheet",
            "_sheet_send",
            "_sheet_take",
        )
    },
    **{f"term{act}": ("pk", TERM, {}) for act in ("", "_change", "_retire", "_bring_back")},
    "release": ("slug", PUBLIC_TEXT, {}),
    "tell_the_public": ("pk", NEVER_FINISHED, {}),
    "reading_remove": ("pk", OBJECTS["session"], {}),  # the scene corrects no reading
    "office": ("code", BODY_PAGE, {}),
    "branch": ("code", BRANCH_PAGE, {}),
    **{f"residents_prefecture{file}": ("code", PREFECTURE, {}) for file in ("", "_nationalities", "_municipalities")},
    "guide_chapter": ("order", CHAPTER, {}),
    "foreign_ask": ("code", BODY, {}),
    "foreign_ask_before": ("code", BODY, {}),
    **{f"foreign_{page}": ("token", OBJECTS["code"], {}) for page in ("confirm", "case", "withdraw")},
    "foreign_paper": ("token", OBJECTS["code"], {"pk": uuid.UUID(int=1)}),
    **{f"staff_change{of}": ("pk", CHANGE, {}) for of in ("", "_take_back", "_throw_away")},
    **{name: ("pk", DESK, {}) for name in ("handover", "handover_pdf")},
    **{name: ("pk", OWN_DESK, {}) for name in ("handover_notes", "handover_sign")},
    "foreign_revoke": ("pk", ABROAD, {}),
    "story": ("slug", STORY, {}),
    "research_result": ("slug", OBJECTS["code"], {}),
    **{name: ("pk", HOST, {}) for name in ("host", "host_edit", "host_person_new", "host_use", "host_merge")},
    **{name: ("pk", HOST_PERSON, {}) for name in ("host_person", "host_person_edit")},
    "host_use_edit": ("pk", HOST_USE, {}),
    "visit_new": ("pk", CASE, {}),
    **{name: ("pk", VISIT, {}) for name in ("visit", "visit_calendar", "visit_pdf_ja", "visit_pdf_hosts")},
    **{name: ("pk", OWN_VISIT, {}) for name in ("stop_new", "visit_share", "visit_edit", "visit_remove")},
    "stop": ("pk", OWN_VISIT, {"stop_pk": 10**9}),
    "stop_remove": ("pk", OWN_VISIT, {"stop_pk": 10**9}),
    **{f"event{of}": ("pk", EVENT, {}) for of in ("", "_register", "_leave")},
    **{name: ("pk", OWN_EVENT, {}) for name in ("registrations", "questionnaire", "questionnaire_send")},
    "registrations_file": ("pk", OWN_EVENT, {"kind": "csv"}),
    "question_remove": ("pk", OWN_EVENT, {"question_pk": 10**9}),
    "material_new": ("pk", OWN_EVENT, {}),
    "material_remove": ("pk", OWN_EVENT, {"material_pk": uuid.UUID(int=1)}),
    "material": ("pk", NEVER, {}),  # the scene keeps no file
    "event_part": ("pk", OWN_EVENT, {"kind": "speaker"}),
    "event_part_remove": ("pk", OWN_EVENT, {"kind": "speaker", "part_pk": 10**9}),
    **{
        name: ("pk", OWN_EVENT, {"registration_pk": uuid.UUID(int=1)}) for name in ("attendance", "registration_cancel")
    },
    "public_register": ("pk", SHOWN_EVENT, {}),
    **{
        name: ("token", OBJECTS["code"], {})
        for name in ("registration_confirm", "registration_seat", "questionnaire_answer")
    },
    **{f"event_{act}": ("pk", OWN_EVENT, {}) for act in ("edit", "move", "release", "charge")},
    "event_series_edit": ("pk", OWN_SERIES, {}),
    "place_edit": ("pk", OWN_PLACE, {}),
    "call": ("pk", CALL, {}),
    **{f"call_{act}": ("pk", SHOWN_CALL, {}) for act in ("apply", "withdraw")},
    **{
        f"call_{act}": ("pk", OWN_CALL, {})
        for act in ("edit", "charge", "publish", "cancel", "applications", "draw", "choose", "decide")
    },
    **{f"open_data_{of}": ("key", DATA_SET, {}) for of in ("set", "csv", "json", "schema")},
    "api_open_data": ("key", DATA_SET, {}),
    "call_applications_file": ("pk", OWN_CALL, {"kind": "csv"}),
    "public_call": ("pk", SHOWN_CALL, {}),
    **{f"public_event{of}": ("pk", SHOWN_EVENT, {}) for of in ("", "_file")},
    "project": ("pk", PROJECT, {}),
    "project_edit": ("pk", OWN_PROJECT, {}),
    "project_sentence": ("pk", OWN_PROJECT, {}),
    "project_correction": ("pk", OWN_PROJECT, {"note_pk": 10**9}),
    "project_case_remove": ("pk", OWN_PROJECT, {"case_pk": 10**9}),
    "project_event": ("pk", OWN_PROJECT, {}),
    "project_event_remove": ("pk", OWN_PROJECT, {"event_pk": uuid.UUID(int=1)}),
    "case_project": ("pk", CASE, {}),
    "stop_move": ("pk", OWN_VISIT, {"stop_pk": 10**9}),
    "visit_day_copy": ("pk", OWN_VISIT, {"day": "1999-12-31"}),
    "task_new": ("pk", CASE, {}),
    "task_done": ("pk", TASK, {}),
    "case_extension": ("pk", CASE, {}),
    "work_new": ("pk", CASE, {}),
    "work_edit": ("pk", WORK, {}),
    "report_draft": ("pk", CASE, {}),
    "feedback": ("pk", CASE, {}),
    "precondition_edit": (
        "pk",
        OBJECTS["session"],
        {},
    ),  # of no row; what it does is in tests/offices/test_preconditions.py
    "support_edit": ("pk", FILED_OR_DRAFT, {}),
    "support_step": ("pk", FILED_OR_DRAFT, {"key": "who"}),
    "support_short": ("pk", FILED_OR_DRAFT, {}),
    "support_preview": ("pk", FILED_OR_DRAFT, {}),
    "support_check": ("pk", FILED_OR_DRAFT, {}),
    "support_print": ("pk", FILED_OR_DRAFT, {}),
    "support_copy": ("pk", FILED_OR_DRAFT, {}),
    "support_throw_away": ("pk", FILED_OR_DRAFT, {}),
    "research_edit": ("pk", NO_DRAFT, {}),
    "research_step": ("pk", NO_DRAFT, {"key": "who"}),
    "research_short": ("pk", NO_DRAFT, {}),
    "research_preview": ("pk", NO_DRAFT, {}),
    "research_check": ("pk", NO_DRAFT, {}),
    "research_print": ("pk", NO_DRAFT, {}),
    "research_result_draft": ("pk", NO_DRAFT, {}),
    "research_throw_away": ("pk", NO_DRAFT, {}),
    "research_shared": ("pk", SHARED, {}),
    "research_ask": ("pk", SHARED, {}),
    "research_release": ("pk", COPY, {}),
    "notice": ("pk", own_rows("notice"), {}),
    "mail_again": ("pk", OBJECTS["mail"], {}),
    "job": ("pk", own_rows("job"), {}),
    "job_cancel": ("pk", own_rows("job"), {}),
    "job_file": ("pk", NEVER, {}),  # none of these jobs has a result
    "report_file": ("pk", NEVER, {}),
    "statistics_table": ("key", TABLE, {}),
    "statistics_records": ("key", TABLE, {}),
    **{name: ("key", COLLECTION, {}) for name in ("statistics_collection", "snapshots", "snapshot_new")},
    **{name: ("pk", COUNT, {}) for name in ("snapshot", "snapshot_publish", "snapshot_beside")},
    "snapshot_file": ("pk", NEVER, {"language": "ja", "format_name": "pdf"}),  # the scene keeps no file
    "public_statistics_file": ("pk", NEVER, {"language": "ja", "format_name": "pdf"}),
    "sitemap_part": ("part", NO_SITEMAP, {}),
    "public_statistics_year": ("key", PUBLIC_COUNT, {"year": 2024}),
    "statistics_collection_file": ("key", OBJECTS["code"], {}),
    "statistics_file": ("key", OBJECTS["code"], {}),
    "kind_versions": ("kind", KIND, {}),
    "organisation": ("pk", ORGANISATION, {}),
    "organisation_edit": ("pk", ORGANISATION, {}),
    "organisation_brief": ("pk", BRIEF, {}),
    "organisation_brief_pdf": ("pk", BRIEF, {}),
    "succession_add": ("pk", ORGANISATION, {}),
    "succession_work": (
        "pk",
        OBJECTS["session"],
        {},
    ),  # of no merger; what it does is in tests/casework/test_succession.py
    "jurisdiction_edit": ("pk", OBJECTS["office"], {}),
    "holidays": ("calendar", OBJECTS["calendar"], {}),
    "person": ("pk", OBJECTS["person"], {}),
    "invitation": ("pk", INVITATION, {}),
    "invitation_revoke": ("pk", INVITATION, {}),
    "invitation_again": ("pk", INVITATION, {}),
    "token_revoke": ("pk", own_rows("token"), {}),
    "posting_end": ("pk", POSTING, {}),
    "posting_sign_out": ("pk", POSTING, {}),
    "posting_successor": ("pk", POSTING, {}),
    "signed_link_revoke": ("pk", LINK, {}),
    "signed_links": ("subject_type", OBJECTS["subject"], {"subject_id": "1"}),
    "session_end": ("pk", OBJECTS["session"], {}),
    "invitation_accept": ("code", OBJECTS["code"], {}),
    "api_organisation": ("code", OBJECTS["body"], {}),
    **{f"api_request{of}": ("pk", CASE, {}) for of in ("", "_transitions", "_messages", "_documents", "_timeline")},
    "api_request_document": ("pk", CASE, {"document": uuid.UUID(int=1)}),
    "api_statistics_of": ("key", TABLE, {}),
}


# --- The URL table ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Address:
    name: str
    view: Any
    arguments: frozenset[str]

    @property
    def rule(self) -> Rule | None:
        return getattr(self.view, "rule", None)

    @property
    def api(self) -> type[APIView] | None:
        found = getattr(self.view, "cls", None)
        return found if isinstance(found, type) and issubclass(found, APIView) else None


def addresses() -> list[Address]:
    return list(_walk(import_module(django_settings.ROOT_URLCONF).urlpatterns, frozenset()))


def _walk(patterns: list[URLPattern | URLResolver], outer: frozenset[str]) -> Iterator[Address]:
    for pattern in patterns:
        arguments = outer | set(getattr(pattern.pattern, "converters", {})) | set(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, arguments)
        else:
            yield Address(str(pattern.name or pattern.pattern), pattern.callback, arguments)


OURS = [address for address in addresses() if address.name not in ALLAUTH_VIEWS]


def test_every_address_has_a_name_of_its_own() -> None:
    counted = Counter(address.name for address in addresses())
    assert [name for name, number in counted.items() if number > 1 or not name.isidentifier()] == []


@pytest.mark.parametrize("address", OURS, ids=lambda address: address.name)
def test_every_address_declares_who_may_call_it(address: Address) -> None:
    if address.api is not None:
        assert address.api.permission_classes, address.name
        return
    assert isinstance(address.rule, Rule), address.name
    assert address.rule.audience in ("everybody", "signed_in", "right")
    assert (address.rule.audience == "right") == bool(address.rule.right)
    assert set(address.rule.methods) <= {*METHODS, "OPTIONS"}


def test_rights_that_addresses_need_are_given_by_some_role() -> None:
    given = {right for rights, _kinds in ROLES.values() for right in rights}
    assert {address.rule.right for address in OURS if address.rule and address.rule.right} - given == set()


def test_only_addresses_of_allauth_are_without_a_rule() -> None:
    names = {address.name for address in addresses()}
    assert names >= ALLAUTH_VIEWS
    assert all("allauth" in address.view.__module__ for address in addresses() if address.name in ALLAUTH_VIEWS)


def test_every_argument_of_an_address_is_known_here() -> None:
    for address in OURS:
        known: set[str] = set()
        if address.name in ARGUMENTS:
            argument, _objects, more = ARGUMENTS[address.name]
            known = {argument, *more}
        assert address.arguments == known, f"{address.name}: say in ARGUMENTS which objects it takes"


# --- The matrix ---------------------------------------------------------------------------------------------------------------
SIGN_IN = "sign in"


def expected(address: Address, person: str | None, method: str, exists: bool, name: str) -> set[int | str]:
    """Statuses that fit the declared rule and whether the object exists for this reader."""
    if address.name == "api_search" and method in ("GET", "HEAD"):
        return {400}  # nothing was asked
    if address.api is not None:
        return _of_the_api(address.api, method, exists)
    rule = address.rule
    assert rule is not None
    if rule.audience != "everybody":
        if person is None:
            return {SIGN_IN}
        if person in WITHOUT_POSTING or (rule.right and rule.right not in RIGHTS[person]):
            return {403}
    if method not in rule.methods:
        return {405}
    return _of_the_view(address.name, person, method, exists, name)


def _of_the_api(view: type[APIView], method: str, exists: bool) -> set[int | str]:
    """A session is no token: what needs one is refused to everybody here, whatever they may do on the desk."""
    if hasattr(view, "token_scopes"):
        return {401}
    if method not in ("GET", "HEAD"):
        return {401, 405}
    return {200} if exists else {404}


def _of_the_view(name: str, person: str | None, method: str, exists: bool, of: str) -> set[int | str]:
    if name == "readyz":
        return {200, 503}
    if name == "session_end" and person is None:
        return {302}
    if name == "case_emergency" and person not in HEADQUARTERS:
        return {403}
    if name.endswith("_before"):
        return {301, 308}
    if name == "story" and of == "withdrawn":
        return {410}
    if name == "stop" and method == "POST" and exists:
        return {422}  # somebody removed it: what was typed stands there again
    if name in (
        "stop",
        "stop_remove",
        "stop_move",
        "visit_day_copy",
        "project_correction",
        "project_case_remove",
        "project_event_remove",
    ):
        return {404}  # no such stop, sentence, case or event
    if name in ("attendance", "registration_cancel", "event_part_remove", "question_remove", "material_remove"):
        return {404}  # no such registration or speaker
    if name in ("approval_stamp", "approval_send_back", "approval_seen"):
        return {404}  # no such step
    if name == "holidays" and exists and method == "POST":
        keeper = person in HEADQUARTERS or (of == "LON" and person in ("london", "london_local"))
        return set(FINE) if keeper else {403}
    return set(FINE) if exists else {404}


def test_every_role_gets_what_the_rule_says_at_every_address(
    scene: Scene, caplog: Any, record_property: Callable[[str, object], None]
) -> None:
    for name in OBJECTS["file"].names:
        storages["documents"].save(scene.files[name].key, ContentFile(b"x"))
    for name in SHEET.names:
        storages["documents"].save(Import.objects.get(name=name).key, ContentFile(b"x"))
    caplog.set_level("CRITICAL")  # thousands of refusals, each with its traceback
    clients = {role: _client(scene, person) for role, person in ACTORS.items()}
    wrong, counted = [], Counter[str]()
    for address in OURS:
        for path, name, objects in _targets(scene, address):
            for role, person in ACTORS.items():
                exists = objects is None or objects.exists(person or "", name)
                first = objects is None or name == objects.names[0]
                for method in METHODS if first else METHODS[:3]:  # the others are refused before an object is looked up
                    status = _status(clients[role], method, path)
                    counted[str(status)] += 1
                    if status not in expected(address, person, method, exists, name):
                        wrong.append(f"{method} {address.name} {name} as {role}: {status}")
    total = sum(counted.values())
    record_property("counted", f"{total} cases: {dict(sorted(counted.items()))}")
    assert wrong == []
    assert total >= 5000
    assert [status for status in counted if status.startswith("5") and status != "503"] == []


def _client(scene: Scene, person: str | None) -> WebClient:
    client = WebClient(raise_request_exception=False)
    if person:
        client.force_login(scene.cast.users[person], backend=django_settings.AUTHENTICATION_BACKENDS[0])
    return client


def _targets(scene: Scene, address: Address) -> list[tuple[str, str, Objects | None]]:
    with translation.override("en"):
        if address.name not in ARGUMENTS:
            return [(reverse(address.name), "", None)]
        argument, objects, more = ARGUMENTS[address.name]
        return [
            (reverse(address.name, kwargs={argument: objects.key(scene, name), **more}), name, objects)
            for name in objects.names
        ]


def _status(client: WebClient, method: str, path: str) -> int | str:
    """Whatever the request changed is taken back, so that the next one meets the same rows."""
    with transaction.atomic():
        response = client.generic(method, path, headers={"Sec-Fetch-Site": "same-origin"})  # as pages of ours send
        if getattr(response, "streaming", False):
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/?next="):
        return SIGN_IN
    return int(response.status_code)


@pytest.mark.parametrize("name", sorted(ALLAUTH_VIEWS - {"account_reset_password_from_key"}))
def test_addresses_of_allauth_never_fail(scene: Scene, name: str) -> None:
    argument = {"pk": 10**9} if name in ("mfa_edit_webauthn", "mfa_remove_webauthn") else {}
    for person in (None, "otaru", "nobody"):
        client = _client(scene, person)
        for method in ("GET", "POST"):
            status = _status(client, method, reverse(name, kwargs=argument))
            assert isinstance(status, str) or status < 500, (person, method, status)
