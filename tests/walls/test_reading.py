"""Exactly who sees which rows, by name: through visible_to (with whichever walls stand) and by plain SQL (the second alone)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, connection, models, transaction

from clair_portal.accounts.models import ApiToken, Invitation, Person, Posting, PostingTerms, SentOnce, SignedLink
from clair_portal.approvals.models import Approval, ApprovalDocument, ApprovalStep, Authority, RouteStep, RouteTemplate
from clair_portal.audit.models import Reading
from clair_portal.casework.models import Assignment, BulkAction, Case, CaseFile, Note, Referral, SavedView, Task
from clair_portal.contacts.models import Host, HostPerson, HostUse, Stop, Visit
from clair_portal.gatherings.models import (
    AnswerSheet,
    Application,
    Booking,
    Call,
    Event,
    Material,
    Partner,
    Place,
    ProgrammeItem,
    Question,
    Registration,
    Series,
    Speaker,
)
from clair_portal.imports.models import Import, ImportRow
from clair_portal.outbox.models import Email, Job, Notification
from clair_portal.projects.models import Project, ProjectCase, ProjectEvent, ProjectNote, ProjectParty
from clair_portal.publishing.models import (
    Item,
    Linguist,
    OldSlug,
    Publication,
    PublishedText,
    Segment,
    SourceVersion,
    Term,
    TranslatedSegment,
    Translation,
)
from clair_portal.reports.models import Report, Snapshot
from clair_portal.search.models import Miss
from clair_portal.staffing.models import HandoverPack, StaffChange, StaffLine
from clair_portal.walls.row_security import TABLES
from clair_portal.walls.scope import SYSTEM_SCOPE, Scope, acting
from offices.models import (
    Feedback,
    ForeignRequest,
    OfficeReport,
    ResearchCopy,
    ResearchRequest,
    ResearchResult,
    SharedResearch,
    WorkEntry,
)
from tests.walls.scene import PROJECTS_WITH, Scene

# What a row of each guarded table is called, in SQL; without joins, because a join would hide a hole.
NAMES = {
    "casework_case": "title",
    "casework_caseevent": "title || ':' || pgh_label",
    "casework_note": "body",
    "casework_casefile": "name",
    "casework_referral": "why",
    "offices_supportrequest": "contact",
    "offices_researchrequest": "contact",
    "offices_researchresult": "body",
    "offices_sharedresearch": "title",
    "offices_researchcopy": "signature ->> 'ja'",
    "offices_foreignrequest": "government",
    "offices_foreignletter": "body",
    "offices_foreignpaper": "name",
    "casework_task": "title",
    "casework_receivedmail": "subject",
    "contacts_host": "name",
    "contacts_hostperson": "name",
    "contacts_hostuse": "remark",
    "contacts_visit": "title",
    "contacts_stop": "what",
    "gatherings_event": "title_en",
    "gatherings_call": "title_en",
    "gatherings_application": "contact",
    "gatherings_speaker": "name",
    "gatherings_programmeitem": "title_en",
    "gatherings_partner": "name",
    "gatherings_material": "name",
    "gatherings_question": "text_en",
    "gatherings_answersheet": "given ->> 'name'",
    "gatherings_registration": "name",
    "gatherings_series": "title_en",
    "gatherings_place": "name_en",
    "gatherings_booking": "'event ' || event_id",  # translated by the scene
    "projects_project": "title_en",
    "projects_projectparty": "'party ' || organisation_id",  # translated by the scene
    "projects_projectnote": "text_en",
    "projects_projectcase": "'case ' || case_id",  # translated by the scene
    "projects_projectevent": "'event ' || event_id",  # translated by the scene
    "publishing_publication": "slug",
    "search_miss": "word",
    "publishing_item": "slug",
    "publishing_oldslug": "slug",
    "publishing_sourceversion": "title",
    "publishing_segment": "text",
    "publishing_translation": "'text ' || item_id",  # translated by the scene
    "publishing_translatedsegment": "text",
    "publishing_publishedtext": "slug",
    "publishing_linguist": "language",
    "publishing_term": "ja",
    "offices_workentry": "summary",
    "offices_officereport": "body",
    "offices_feedback": "comment",
    "casework_assignment": "id::text",  # translated by the scene
    "audit_entry": "event",
    "audit_reading": "what",
    "audit_emergencyreading": "reason",
    "accounts_person": "email",
    "accounts_posting": "title",
    "accounts_invitation": "name",
    "accounts_postingterms": "'party ' || organisation_id",  # translated by the scene
    "staffing_staffchange": "signature ->> 'ja'",
    "staffing_staffline": "name",
    "staffing_handoverpack": "body",
    "accounts_signedlink": "recipient",
    "accounts_apitoken": "label",
    "accounts_sentonce": "key",
    "approvals_approval": "title",
    "approvals_approvalstep": "substr(post, 7)",
    "approvals_approvaldocument": "name",
    "approvals_routetemplate": "name",
    "approvals_routestep": "substr(post, 7)",
    "approvals_authority": "principal",
    "outbox_notification": "event",
    "outbox_job": "title",
    "outbox_email": "subject",
    "outbox_message": "event",
    "outbox_reminder": "event",
    "reports_report": "file_name",
    "reports_snapshot": "sha256",
    "casework_savedview": "name",
    "casework_bulkaction": "signature #>> '{}'",
    "imports_import": "name",
    "imports_importrow": "name",
    "accounts_personevent": "email",
    "accounts_postingevent": "title",
    "network_organisationevent": "coalesce(code, '')",
}
FILTERED: dict[str, tuple[type[models.Model], str]] = {
    "casework_case": (Case, "title"),
    "casework_note": (Note, "body"),
    "casework_casefile": (CaseFile, "name"),
    "casework_referral": (Referral, "why"),
    "casework_assignment": (Assignment, "id"),
    "casework_task": (Task, "title"),
    "contacts_host": (Host, "name"),
    "contacts_hostperson": (HostPerson, "name"),
    "contacts_hostuse": (HostUse, "remark"),
    "contacts_visit": (Visit, "title"),
    "contacts_stop": (Stop, "what"),
    "gatherings_event": (Event, "title_en"),
    "gatherings_call": (Call, "title_en"),
    "gatherings_application": (Application, "contact"),
    "gatherings_speaker": (Speaker, "name"),
    "gatherings_programmeitem": (ProgrammeItem, "title_en"),
    "gatherings_partner": (Partner, "name"),
    "gatherings_material": (Material, "name"),
    "gatherings_question": (Question, "text_en"),
    "gatherings_answersheet": (AnswerSheet, "given__name"),
    "gatherings_registration": (Registration, "name"),
    "gatherings_series": (Series, "title_en"),
    "gatherings_place": (Place, "name_en"),
    "gatherings_booking": (Booking, "event__title_en"),
    "projects_project": (Project, "title_en"),
    "projects_projectparty": (ProjectParty, "organisation__code"),
    "projects_projectnote": (ProjectNote, "text_en"),
    "projects_projectcase": (ProjectCase, "case__title"),
    "projects_projectevent": (ProjectEvent, "event__title_en"),
    "publishing_publication": (Publication, "slug"),
    "publishing_item": (Item, "slug"),
    "publishing_oldslug": (OldSlug, "slug"),
    "publishing_sourceversion": (SourceVersion, "title"),
    "publishing_segment": (Segment, "text"),
    "publishing_translation": (Translation, "item__slug"),
    "publishing_translatedsegment": (TranslatedSegment, "text"),
    "publishing_publishedtext": (PublishedText, "slug"),
    "publishing_linguist": (Linguist, "language"),
    "publishing_term": (Term, "ja"),
    "offices_workentry": (WorkEntry, "summary"),
    "offices_officereport": (OfficeReport, "body"),
    "offices_feedback": (Feedback, "comment"),
    "offices_researchrequest": (ResearchRequest, "contact"),
    "offices_researchresult": (ResearchResult, "body"),
    "offices_sharedresearch": (SharedResearch, "title"),
    "offices_researchcopy": (ResearchCopy, "signature__ja"),
    "offices_foreignrequest": (ForeignRequest, "government"),
    "audit_reading": (Reading, "what"),
    "accounts_person": (Person, "email"),
    "accounts_posting": (Posting, "title"),
    "accounts_invitation": (Invitation, "name"),
    "accounts_postingterms": (PostingTerms, "organisation__code"),
    "staffing_staffchange": (StaffChange, "signature__ja"),
    "staffing_staffline": (StaffLine, "name"),
    "staffing_handoverpack": (HandoverPack, "body"),
    "accounts_signedlink": (SignedLink, "recipient"),
    "accounts_apitoken": (ApiToken, "label"),
    "accounts_sentonce": (SentOnce, "key"),
    "approvals_approval": (Approval, "title"),
    "approvals_approvalstep": (ApprovalStep, "post_name__en"),
    "approvals_approvaldocument": (ApprovalDocument, "name"),
    "approvals_routetemplate": (RouteTemplate, "name"),
    "approvals_routestep": (RouteStep, "template__name"),
    "approvals_authority": (Authority, "principal"),
    "outbox_notification": (Notification, "event"),
    "outbox_job": (Job, "title"),
    "outbox_email": (Email, "subject"),
    "search_miss": (Miss, "word"),
    "reports_report": (Report, "file_name"),
    "reports_snapshot": (Snapshot, "sha256"),
    "casework_savedview": (SavedView, "name"),
    "casework_bulkaction": (BulkAction, "signature"),
    "imports_import": (Import, "name"),
    "imports_importrow": (ImportRow, "name"),
}
EVERYBODY = (
    "beginner coordinator hakodate hokkaido hq_approver hq_officer leaver london london_local newyork nobody osaka otaru "
    "otaru_administrator paris sapporo two_hats"
)
EVERY_POSTING = (
    "beginner@osaka coordinator@hakodate coordinator@sakai hakodate@hakodate hokkaido@hokkaido hq_approver@hq "
    "hq_officer@hq leaver@osaka london@london london_local@london newyork@newyork osaka@osaka otaru@otaru "
    "otaru_administrator@otaru paris@paris sapporo@sapporo two_hats@newyork two_hats@otaru"
)
CLAIRS_PEOPLE = "hq_approver hq_officer london london_local newyork paris two_hats"
CLAIRS_POSTINGS = (
    "hq_approver@hq hq_officer@hq london@london london_local@london newyork@newyork paris@paris two_hats@newyork"
)
FILED = "hakodate_newyork hokkaido_own osaka_two otaru_london otaru_returned sakai_declined"
REFERRED = {"hakodate_newyork", "osaka_two", "otaru_london", "otaru_returned"}  # at least once
FILED_AS_IT_WAS = " ".join(f"{name}:update" for name in FILED.split())
EVERY_REFERRAL = "hakodate_newyork>newyork hakodate_newyork>paris osaka_two>london osaka_two>paris otaru_london>london otaru_returned>london"
# What is internal to others headquarters reads after an emergency reading only.
LOG = (
    "hokkaido_own:.H osaka_two:.H otaru_draft:.H otaru_london:.H otaru_returned:.H sakai_declined:.H sapporo_draft:.H "
    "by:hokkaido by:hq_approver by:hq_officer by:london by:newyork by:otaru by:otaru_administrator"
)
ALL_ORGANISATIONS = "hokkaido hq london osaka otaru"
ALL_PERSONAL = "hokkaido hq_approver hq_officer london newyork otaru otaru_administrator"
LISTED = "hakodate_newyork osaka_two"
OTARU = {
    "terms": "012033",
    "library": LISTED,
    "results": "otaru_returned hakodate_newyork",  # its own that is released, and the copy it asked for
    "copies": "otaru",
    "cases": "otaru_draft otaru_london otaru_returned",
    "history": "otaru_draft:insert otaru_london:insert otaru_london:update otaru_returned:insert otaru_returned:update",
    "papers": "otaru_draft:Aa otaru_london:AaHF otaru_returned:AaHF",
    "referrals": "otaru_london>london otaru_returned>london",
    "tasks": "otaru_draft:A otaru_london:A otaru_returned:A",
    "in charge": "otaru_draft/applicant otaru_london/applicant otaru_london/branch otaru_london/headquarters "
    "otaru_london/office otaru_returned/office",
    "log": "otaru_draft:.A otaru_london:.A otaru_returned:.A",
    "people": f"{CLAIRS_PEOPLE} hokkaido otaru otaru_administrator",
    "postings": f"{CLAIRS_POSTINGS} hokkaido@hokkaido otaru@otaru otaru_administrator@otaru two_hats@otaru",
    "organisation": "otaru",
    "reports": "otaru",
}
LONDON = {
    "events": "london_event",
    "approvals": "london",
    "routes": "london",
    "terms": "LON",
    "library": LISTED,
    "results": "osaka_two otaru_london",
    "book": "shared",
    "publications": "released london_draft",
    "cases": "osaka_two otaru_london",
    "tasks": "osaka_two:F otaru_london:F otaru_returned:F",
    "work": "osaka_two:FfP otaru_london:Ff",
    "history": "osaka_two:update otaru_london:update",
    "papers": "osaka_two:AHFfP otaru_london:AHFf",
    "referrals": "osaka_two>london otaru_london>london otaru_returned>london",
    "in charge": "osaka_two/office otaru_london/applicant otaru_london/branch otaru_london/headquarters otaru_london/office",
    "was in charge": "otaru_returned/office",  # the office may still hand its own row over, but no page shows it
    "log": "osaka_two:.OF otaru_london:.OF",
    "people": EVERYBODY,
    "postings": EVERY_POSTING,
    "organisation": "london",
    "reports": "london",
}
NEWYORK = {
    "library": LISTED,
    "results": "hakodate_newyork",
    "book": "shared",
    "cases": "hakodate_newyork",
    "tasks": "hakodate_newyork:F",
    "work": "hakodate_newyork:Ff",
    "history": "hakodate_newyork:update",
    "papers": "hakodate_newyork:AHFf",
    "referrals": "hakodate_newyork>newyork",
    "log": "hakodate_newyork:.OF",
    "people": EVERYBODY,
    "postings": EVERY_POSTING,
}
HEADQUARTERS = {
    "events": "hq_event london_event",
    "approvals": "hq",
    "routes": "hq london",
    "terms": "012033 LON",
    "library": f"{LISTED} otaru_returned",
    "results": "hakodate_newyork osaka_two otaru_london otaru_returned",
    "copies": "otaru sapporo",
    "book": "shared",
    "publications": "released withdrawn london_draft draft",
    "cases": FILED,
    "tasks": " ".join(f"{name}:H" for name in FILED.split()),
    "work": "hakodate_newyork:Ff osaka_two:FfPp otaru_london:Ff otaru_returned:Ff",
    "history": FILED_AS_IT_WAS,
    "referrals": EVERY_REFERRAL,
    "in charge": "osaka_two/office otaru_london/applicant otaru_london/branch otaru_london/headquarters "
    "otaru_london/office otaru_returned/office",
    "log": f"hakodate_newyork:.H {LOG}",
    "people": EVERYBODY,
    "postings": EVERY_POSTING,
    "organisation": ALL_ORGANISATIONS,
    "reports": "hq",
    "readings": ALL_PERSONAL,
    "mails": "mail",
    "emergencies": "emergency_of_hq_officer",
    "former people": EVERYBODY,
    "former postings": EVERY_POSTING,
    "former organisations": "010006 011002 012025 012033 270008 271004 271403 HQ LON NYC PAR",
}
SEES: dict[str, dict[str, str]] = {
    "otaru": {**OTARU, "log": f"{OTARU['log']} by:otaru", "personal": "otaru", "packs": "otaru"},
    "otaru_administrator": {
        **OTARU,
        "log": f"{OTARU['log']} by:otaru_administrator",
        "personal": "otaru_administrator",
        "reports": "otaru otaru_administrator",
        "changes": "otaru",
        "packs": "otaru",
    },
    "two_hats as otaru": OTARU,
    "two_hats as newyork": NEWYORK,
    "two_hats": NEWYORK,
    "hakodate": {
        "packs": "hakodate",
        "projects": "hakodate_project",
        "library": LISTED,
        "results": "hakodate_newyork",
        "cases": "hakodate_newyork",
        "tasks": "hakodate_newyork:A",
        "history": "hakodate_newyork:insert hakodate_newyork:update",
        "papers": "hakodate_newyork:AaHF",
        "referrals": "hakodate_newyork>newyork hakodate_newyork>paris",
        "log": "hakodate_newyork:.A",
        "people": f"{CLAIRS_PEOPLE} coordinator hakodate hokkaido",
        "postings": f"{CLAIRS_POSTINGS} coordinator@hakodate hakodate@hakodate hokkaido@hokkaido",
    },
    "hokkaido": {
        "library": LISTED,
        "results": "hakodate_newyork otaru_returned",
        "cases": "hakodate_newyork hokkaido_own otaru_london otaru_returned",
        "tasks": "hokkaido_own:A",
        "history": "hakodate_newyork:update hokkaido_own:insert hokkaido_own:update otaru_london:update otaru_returned:update",
        "papers": "hakodate_newyork:AaHF hokkaido_own:AaH otaru_london:AaHF otaru_returned:AaHF",
        "referrals": "hakodate_newyork>newyork hakodate_newyork>paris otaru_london>london otaru_returned>london",
        "in charge": "otaru_london/applicant otaru_london/branch otaru_london/headquarters otaru_london/office "
        "otaru_returned/office",
        "log": "hakodate_newyork:.A hokkaido_own:.A otaru_london:.A otaru_returned:.A by:hokkaido",
        "people": f"{CLAIRS_PEOPLE} coordinator hakodate hokkaido otaru otaru_administrator",
        "postings": f"{CLAIRS_POSTINGS} coordinator@hakodate hakodate@hakodate hokkaido@hokkaido otaru@otaru "
        "otaru_administrator@otaru two_hats@otaru",
        "organisation": "hokkaido",
        "reports": "hokkaido",
        "personal": "hokkaido",
    },
    "sapporo": {
        "library": LISTED,
        "copies": "sapporo",
        "cases": "sapporo_draft",
        "tasks": "sapporo_draft:A",
        "history": "sapporo_draft:insert",
        "papers": "sapporo_draft:Aa",
        "in charge": "sapporo_draft/applicant",
        "log": "sapporo_draft:.A",
        "people": f"{CLAIRS_PEOPLE} sapporo",
        "postings": f"{CLAIRS_POSTINGS} sapporo@sapporo",
    },
    "osaka": {
        "projects": "osaka_project",
        "library": LISTED,
        "results": "osaka_two",
        "cases": "osaka_two",
        "tasks": "osaka_two:A",
        "history": "osaka_two:insert osaka_two:update",
        "papers": "osaka_two:AaHFP",
        "referrals": "osaka_two>london osaka_two>paris",
        "in charge": "osaka_two/office",
        "log": "osaka_two:.A",
        "people": f"{CLAIRS_PEOPLE} beginner leaver osaka",
        "postings": f"{CLAIRS_POSTINGS} beginner@osaka leaver@osaka osaka@osaka",
        "organisation": "osaka",
    },
    "coordinator": {
        "packs": "hakodate",  # the successor
        "projects": "hakodate_project",
        "library": LISTED,
        "results": "hakodate_newyork",
        "cases": "hakodate_newyork sakai_declined",
        "tasks": "hakodate_newyork:A sakai_declined:A",
        "history": "hakodate_newyork:insert hakodate_newyork:update sakai_declined:insert sakai_declined:update",
        "papers": "hakodate_newyork:AaHF sakai_declined:AaH",
        "referrals": "hakodate_newyork>newyork hakodate_newyork>paris",
        "log": "hakodate_newyork:.A sakai_declined:.A",
        "people": f"{CLAIRS_PEOPLE} coordinator hakodate hokkaido",
        "postings": f"{CLAIRS_POSTINGS} coordinator@hakodate coordinator@sakai hakodate@hakodate hokkaido@hokkaido",
    },
    "hq_officer": {  # opened the papers of one case in an emergency
        **HEADQUARTERS,
        "papers": "hakodate_newyork:AaHhFf hokkaido_own:AHh osaka_two:AHhFP otaru_london:AHhF otaru_returned:AHhF sakai_declined:AHh",
        "personal": "hq_officer",
        "log": f"hakodate_newyork:.AHOF {LOG}",
    },
    "hq_approver": {
        **HEADQUARTERS,
        "papers": "hakodate_newyork:AHhF hokkaido_own:AHh osaka_two:AHhFP otaru_london:AHhF otaru_returned:AHhF sakai_declined:AHh",
        "personal": "hq_approver",
        "changes": "otaru london hq",
        "packs": "otaru hakodate london",
    },
    "london": {**LONDON, "log": f"{LONDON['log']} by:london", "personal": "london", "packs": "london"},
    "london_local": {**LONDON, "changes": "london", "packs": "london"},
    "newyork": {**NEWYORK, "log": f"{NEWYORK['log']} by:newyork", "personal": "newyork"},
    "paris": {  # reads a case it passed on, and works on one
        "library": LISTED,
        "results": "hakodate_newyork osaka_two",
        "book": "shared",
        "cases": "hakodate_newyork osaka_two",
        "tasks": "osaka_two:P",
        "work": "osaka_two:FPp hakodate_newyork:F",
        "history": "hakodate_newyork:update osaka_two:update",
        "papers": "osaka_two:AHFPp hakodate_newyork:AHF",
        "referrals": "hakodate_newyork>paris osaka_two>paris",
        "in charge": "osaka_two/office",
        "report draft": "osaka_two:P",
        "log": "hakodate_newyork:.O osaka_two:.OP",
        "people": EVERYBODY,
        "postings": EVERY_POSTING,
    },
    "otaru signing in": {"people": "otaru", "postings": "otaru@otaru"},
    "leaver": {},
    "nobody": {},
    "beginner": {},
}


PLACE_OF = {"hq_officer": "hq", "hq_approver": "hq", "london": "london", "london_local": "london"}
APPLICANTS = ("otaru", "hakodate")
# Whose organisations have applied to every call of the scene.
APPLYING = {
    **dict.fromkeys(("otaru", "otaru_administrator", "two_hats as otaru"), ("otaru",)),
    **dict.fromkeys(("hakodate", "coordinator"), ("hakodate",)),
}
EVERY_EVENT = {"hq_event", "london_event", "shown_event"}


def _events_of(actor: str, sees: dict[str, set[str]]) -> dict[str, set[str]]:
    """Released ones, one's own, and for headquarters all; whoever is signed in knows every place and series."""
    seen = {"shown_event"} | sees.get("events", set())
    signed_in = "library" in sees
    held = {"hq": {"hq_event"}, "london": {"london_event", "shown_event"}}.get(PLACE_OF.get(actor, ""), set())
    own = {f"{event}:otaru" for event in EVERY_EVENT if actor == "otaru"}
    return {
        "gatherings_material": {f"{event}:public" for event in seen}
        | {f"{event}:registered" for event in held | (seen if actor == "otaru" else set())},
        "gatherings_answersheet": held,
        "gatherings_application": {f"{event}:{who}" for event in held for who in APPLICANTS}
        | {f"{event}:{who}" for event in EVERY_EVENT for who in APPLYING.get(actor, ())},
        "gatherings_registration": {f"{event}:{who}" for event in held for who in ("otaru", "stranger")} | own,
        **dict.fromkeys(
            (
                f"gatherings_{each}"
                for each in ("event", "call", "booking", "speaker", "programmeitem", "partner", "question")
            ),
            seen,
        ),
        **dict.fromkeys(("gatherings_series", "gatherings_place"), EVERY_EVENT if signed_in else seen),
    }


TEXTS = {"public_text", "withdrawn_text", "draft_text"}


def _texts_of(staff: bool) -> dict[str, set[str]]:
    """Offices and headquarters read every text and its translations; everybody else what is public."""
    work = ("item", "sourceversion", "segment", "translation", "translatedsegment")
    return {
        **dict.fromkeys((f"publishing_{each}" for each in work), TEXTS if staff else set()),
        "publishing_oldslug": {f"old_{name}" for name in TEXTS} if staff else {"old_public_text"},
        "publishing_publishedtext": {"public_text", "withdrawn_text"} if staff else {"public_text"},
        "publishing_linguist": {"en"} if staff else set(),
        "publishing_term": {"term"} if staff else set(),
    }


SHARING = {"otaru", "hokkaido", "hq", "london"}  # organisations of which somebody saved a view
# Offices and headquarters read every project; of its cases everybody sees only their own.
IN_PROJECT = {
    "osaka_project": {"osaka_two", "otaru_london"},
    "hakodate_project": {"hakodate_newyork", "osaka_two"},
}
PARTIES = {"osaka_project": "271004", "hakodate_project": "012025"}


def spelled_out(text: str) -> set[str]:
    """ "case:Ab" is short for "case:A" and "case:b"."""
    found = set()
    for word in text.split():
        name, _colon, letters = word.partition(":")
        found |= {f"{name}:{letter}" for letter in letters}
    return found


def _views(actor: str, sees: dict[str, set[str]], by_sql: bool) -> set[str]:
    """Private ones: the database keeps organisations apart, the pages people as well."""
    own = {"hq_officer": "hq"}.get(actor, actor)
    return (sees.get("reports", set()) - {"otaru_administrator"}) & (SHARING if by_sql else {own})


def expected(actor: str, by_sql: bool = True) -> dict[str, set[str]]:
    sees = {what: set(text.split()) for what, text in SEES[actor].items()}
    papers = spelled_out(SEES[actor].get("papers", ""))
    log = SEES[actor].get("log", "").split()
    personal = sees.get("personal", set())
    cases = sees.get("cases", set())
    work = spelled_out(SEES[actor]["work"]) if "work" in sees else {p for p in papers if p[-1] in "FP"}
    projects = set(IN_PROJECT) if "book" in sees else sees.get("projects", set())
    visits = work - {name for name in work if name[-1] in "fp" and "book" not in sees}
    events = _events_of(actor, sees)
    tables = {
        **events,
        "casework_task": sees.get("tasks"),
        **dict.fromkeys(("casework_savedview", "casework_bulkaction"), _views(actor, sees, by_sql)),
        "casework_receivedmail": set(),
        "contacts_host": {"host"} if "book" in sees else set(),
        "contacts_hostperson": {"host"} if "book" in sees else set(),
        "contacts_hostuse": {"host"} if "book" in sees else set(),
        "contacts_visit": visits,
        "contacts_stop": visits,
        "projects_project": projects,
        "projects_projectparty": {PARTIES[project] for project in projects},
        "projects_projectnote": projects,
        "projects_projectcase": cases & {case for project in projects for case in IN_PROJECT[project]},
        "projects_projectevent": {
            event for event in events["gatherings_event"] or () if projects & set(PROJECTS_WITH[event])
        },
        "publishing_publication": set(sees.get("publications", {"released"})),
        **_texts_of("book" in sees),
        "offices_workentry": spelled_out(SEES[actor]["work"])
        if "work" in sees
        else {p for p in papers if p[-1] in "FP"},
        "offices_officereport": {f"{name}:F" for name in cases & REFERRED} | sees.get("report draft", set()),
        "offices_feedback": {name for name in cases if not name.endswith("_draft")},
        "casework_case": sees.get("cases"),
        "casework_caseevent": sees.get("history"),
        "casework_note": papers,
        "casework_casefile": papers,
        "casework_referral": sees.get("referrals"),
        "offices_supportrequest": sees.get("cases"),
        "offices_researchrequest": sees.get("cases"),
        "offices_researchresult": sees.get("results"),
        "offices_sharedresearch": sees.get("library"),
        "offices_researchcopy": sees.get("copies"),
        "offices_foreignrequest": cases & {"otaru_london", "hakodate_newyork"} if "book" in sees else set(),
        "offices_foreignletter": set(),
        "offices_foreignpaper": set(),
        "casework_assignment": sees.get("in charge", set()) | (sees.get("was in charge", set()) if by_sql else set()),
        "audit_entry": {word for word in log if word.startswith("by:")}
        | spelled_out(" ".join(word for word in log if not word.startswith("by:"))),
        "audit_reading": sees.get("readings", personal),
        "audit_emergencyreading": {text.replace("_", " ", 2) for text in sees.get("emergencies", set())},
        "accounts_person": sees.get("people"),
        "accounts_posting": sees.get("postings"),
        "accounts_invitation": sees.get("organisation"),
        "accounts_postingterms": sees.get("terms"),
        "staffing_staffchange": sees.get("changes"),
        "staffing_staffline": sees.get("changes"),
        "staffing_handoverpack": sees.get("packs"),
        "accounts_signedlink": sees.get("organisation"),
        "accounts_apitoken": personal,
        "accounts_sentonce": personal,
        **dict.fromkeys(
            ("approvals_approval", "approvals_approvalstep", "approvals_approvaldocument"), sees.get("approvals")
        ),
        **dict.fromkeys(("approvals_routetemplate", "approvals_routestep"), sees.get("routes")),
        "approvals_authority": {f"title:{name}" for name in sees.get("routes", set())},
        "outbox_notification": personal,
        "outbox_job": personal,
        "outbox_email": sees.get("mails"),
        "search_miss": {"missing"} if actor in ("hq_officer", "hq_approver") else set(),
        "reports_report": sees.get("reports"),
        "reports_snapshot": {"published", "frozen"} if "draft" in sees.get("publications", ()) else {"published"},
        "imports_import": sees.get("reports", set()) - {"otaru_administrator"},
        "imports_importrow": sees.get("reports", set()) - {"otaru_administrator"},
        "outbox_message": set(),
        "outbox_reminder": set(),
        "accounts_personevent": sees.get("former people"),
        "accounts_postingevent": sees.get("former postings"),
        "network_organisationevent": sees.get("former organisations"),
    }
    return {table: rows or set() for table, rows in tables.items()}


def short(scene: Scene, name: Any) -> str:
    in_charge = {str(pk): known for known, pk in scene.in_charge.items()}
    linked = {f"case {case.pk}": title for title, case in scene.cases.items()}
    linked |= {f"event {pk}": name for name, pk in scene.rows["event"].items()}
    linked |= {f"text {pk}": name for name, pk in scene.rows["text"].items()}
    linked |= {f"party {place.pk}": place.code for place in scene.cast.places.values()}
    return in_charge.get(str(name)) or linked.get(str(name)) or str(name).removesuffix("@example.org")


def seen(scene: Scene, scope: Scope, table: str) -> set[str]:
    """By plain SQL. A table that is not granted at all is as good as empty."""
    try:
        with acting(scope), connection.cursor() as cursor:
            cursor.execute(f'select {NAMES[table]} from "{table}"')
            return {short(scene, name) for (name,) in cursor.fetchall() if name}
    except ProgrammingError as error:
        assert "permission denied" in str(error), error
        return set()


def shown(scene: Scene, scope: Scope, table: str) -> set[str]:
    """Through the filter that pages use."""
    model, column = FILTERED[table]
    manager: Any = model._default_manager
    try:
        with acting(scope):
            return {short(scene, name) for name in manager.visible_to(scope).values_list(column, flat=True)}
    except ProgrammingError as error:
        assert "permission denied" in str(error), error
        return set()


def test_every_guarded_table_has_a_name_here() -> None:
    """A new table: give it rows in scene.py and say here who sees them."""
    assert {table.name for table in TABLES.values() if table.guarded} - set(NAMES) == set()


def test_the_scene_has_rows_in_every_guarded_table(scene: Scene) -> None:
    with connection.cursor() as cursor:
        for table in NAMES:
            cursor.execute(f'select count(*) from "{table}"')
            assert cursor.fetchone()[0] > 0, table


@pytest.mark.second_wall
@pytest.mark.parametrize("actor", list(SEES))
def test_the_database_alone_shows_each_person_exactly_their_rows(scene: Scene, actor: str) -> None:
    scope = scene.scope(actor)
    assert {table: seen(scene, scope, table) for table in NAMES} == expected(actor)


@pytest.mark.parametrize("actor", [actor for actor in SEES if not actor.endswith("signing in")])
def test_the_filters_show_each_person_exactly_their_rows(scene: Scene, actor: str, settings: Any) -> None:
    scope = scene.scope(actor)
    wanted = expected(actor, by_sql=not settings.FIRST_WALL)
    assert {table: shown(scene, scope, table) for table in FILTERED} == {table: wanted[table] for table in FILTERED}


@pytest.mark.second_wall
def test_system_sees_every_row(scene: Scene) -> None:
    for table in NAMES:
        with connection.cursor() as cursor:
            cursor.execute(f'select count(*) from "{table}"')
            everything = cursor.fetchone()
            with acting(SYSTEM_SCOPE):
                cursor.execute(f'select count(*) from "{table}"')
                assert cursor.fetchone() == everything, table


@pytest.mark.second_wall
@pytest.mark.parametrize("role", ["portal_web", "portal_worker"])
def test_a_login_without_a_scope_sees_no_row_and_gets_no_error(scene: Scene, role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('role', %s, true)", [role])
        for table in NAMES:
            cursor.execute(f'select count(*) from "{table}"')
            assert cursor.fetchone() == (0,), table
        cursor.execute("select set_config('role', 'none', true)")


@pytest.mark.second_wall
@pytest.mark.parametrize("role", ["portal_member", "portal_office"])
@pytest.mark.parametrize("organisations", ["", "{}"])
def test_a_role_without_organisations_and_person_sees_no_case(scene: Scene, role: str, organisations: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('role', %s, true), set_config('app.organisations', %s, true), set_config('app.person', '', true)",
            [role, organisations],
        )
        for table in (
            "casework_case",
            "casework_caseevent",
            "casework_note",
            "casework_casefile",
            "casework_referral",
            "offices_supportrequest",
            "audit_entry",
            "accounts_apitoken",
            "accounts_invitation",
            "outbox_job",
        ):
            cursor.execute(f'select count(*) from "{table}"')
            assert cursor.fetchone() == (0,), table
        cursor.execute("select set_config('role', 'none', true)")


@pytest.mark.second_wall
def test_an_emergency_reading_ends_after_an_hour(scene: Scene) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update audit_emergencyreading set until = now() - interval '1 second'")
    assert seen(scene, scene.scope("hq_officer"), "casework_note") == expected("hq_approver")["casework_note"]


@pytest.mark.second_wall
def test_password_hashes_and_secrets_of_sign_in_are_not_granted_to_people(scene: Scene) -> None:
    for actor in ("otaru", "london", "hq_approver"):
        for sql in (
            "select password from accounts_user",
            "select * from mfa_authenticator",
            "select * from django_session",
        ):
            with acting(scene.scope(actor)), pytest.raises(ProgrammingError, match="permission denied"):
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(sql)


def test_the_first_wall_can_be_taken_down_by_a_setting_only(scene: Scene, settings: Any) -> None:
    settings.FIRST_WALL = True
    assert Case.objects.visible_to(scene.scope("sapporo")).count() == 1
    settings.FIRST_WALL = False
    assert Case.objects.visible_to(scene.scope("sapporo")).count() == 8
