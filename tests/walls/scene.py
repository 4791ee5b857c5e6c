"""Rows in every guarded table, named so that a test can say literally who sees which.

Papers are letters: A applicant, H headquarters, F the first office, P the second one; small letters are internal.
Log entries are letters too: "." for everybody on the case, A, H and O for one side.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from types import SimpleNamespace

from django.db import connection
from django.utils import timezone

from clair_portal.accounts.models import (
    ApiToken,
    Invitation,
    Person,
    Posting,
    PostingTerms,
    SentOnce,
    SignedLink,
    User,
)
from clair_portal.accounts.reader import reader_of
from clair_portal.approvals.models import Approval, ApprovalDocument, ApprovalStep, Authority, RouteStep, RouteTemplate
from clair_portal.audit.models import EmergencyReading, Entry, Reading
from clair_portal.casework.enums import ReferralState
from clair_portal.casework.models import (
    Assignment,
    BulkAction,
    Case,
    CaseFile,
    Note,
    ReceivedMail,
    Referral,
    SavedView,
    Task,
)
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
from clair_portal.network.models import Organisation
from clair_portal.outbox.models import Email, Job, Message, Notification, Reminder
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
from clair_portal.walls.roles import LOGIN
from clair_portal.walls.scope import Scope
from offices.models import (
    Feedback,
    ForeignLetter,
    ForeignPaper,
    ForeignRequest,
    OfficeReport,
    ResearchCopy,
    ResearchRequest,
    ResearchResult,
    SharedResearch,
    SupportRequest,
    WorkEntry,
)
from offices.workflow import KIND
from tests.cast import NOW, TODAY

SOON = max(TODAY, timezone.localdate()) + dt.timedelta(days=2)  # pages ask the clock of the machine
# name: requester, branch (None: a draft), state, holder, offices it stands with, offices it stood with
CASES: dict[str, tuple[str, str | None, str, str, list[str], list[str]]] = {
    "otaru_draft": ("otaru", None, "draft", "applicant", [], []),
    "otaru_london": ("otaru", "hokkaido", "in_progress", "office", ["london"], []),
    "otaru_returned": ("otaru", "hokkaido", "triage", "headquarters", [], ["london"]),
    "hakodate_newyork": ("hakodate", "hokkaido", "in_progress", "office", ["newyork"], []),
    "hokkaido_own": ("hokkaido", "hokkaido", "triage", "headquarters", [], []),
    "osaka_two": ("osaka", "osaka", "in_progress", "office", ["london", "paris"], []),
    "sakai_declined": ("sakai", "sakai", "declined", "nobody", [], []),
    "sapporo_draft": ("sapporo", None, "draft", "applicant", [], []),
}
READING = {"hakodate_newyork": "paris"}  # passed on by this office, which reads along
# People beyond the cast: two kinds at once, the same kind at two places, one who begins in two days, and one in Paris.
EXTRAS: dict[str, list[tuple[str, str, dt.date]]] = {
    "two_hats": [
        ("otaru", "member_officer", dt.date(2026, 4, 1)),
        ("newyork", "office_officer", dt.date(2026, 4, 1)),
    ],
    "coordinator": [
        ("hakodate", "member_officer", dt.date(2026, 4, 1)),
        ("sakai", "branch_officer", dt.date(2026, 5, 1)),
    ],
    "beginner": [("osaka", "branch_officer", SOON)],
    "paris": [("paris", "office_officer", dt.date(2026, 4, 1))],
}
# Who is in charge: case and side, and the posting.
IN_CHARGE = {
    "otaru_draft/applicant": "otaru@otaru",
    "otaru_london/applicant": "otaru@otaru",
    "otaru_london/branch": "hokkaido@hokkaido",
    "otaru_london/headquarters": "hq_officer@hq",
    "otaru_london/office": "london@london",
    "otaru_returned/office": "london@london",
    "osaka_two/office": "london@london",
    "sapporo_draft/applicant": "sapporo@sapporo",
}
WITH_PERSONAL_ROWS = ("otaru", "otaru_administrator", "hokkaido", "hq_officer", "hq_approver", "london", "newyork")
WITH_REPORTS = {
    "otaru": "otaru",
    "otaru_administrator": "otaru",
    "hokkaido": "hokkaido",
    "hq": "hq",
    "london": "london",
}
WITH_SHEETS = ("otaru", "hokkaido", "hq", "london")
WITH_INVITATIONS = ("hq", "otaru", "hokkaido", "osaka", "london")
SIDES = {".": "", "A": "applicant", "H": "headquarters", "O": "office"}


@dataclass
class Scene:
    cast: SimpleNamespace
    cases: dict[str, Case] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    files: dict[str, CaseFile] = field(default_factory=dict)
    referrals: dict[str, Referral] = field(default_factory=dict)
    rows: dict[str, dict[str, uuid.UUID]] = field(default_factory=dict)
    in_charge: dict[str, int] = field(default_factory=dict)

    def place(self, name: str) -> int:
        return int(self.cast.places[name].pk)

    def person(self, name: str) -> int:
        return int(self.cast.people[name].pk)

    def scope(self, actor: str) -> Scope:
        """`actor`: a person, "person as place" for another posting than the strongest, or "person signing in"."""
        name, _space, how = actor.partition(" ")
        if how == "signing in":
            return Scope(LOGIN, self.person(name))
        place = how.removeprefix("as ")
        posting = Posting.objects.get(person=self.person(name), organisation=self.place(place)).pk if place else None
        reader = reader_of(self.cast.users[name].pk, TODAY, posting)
        assert reader is not None
        return reader.scope


def make_scene(cast: SimpleNamespace) -> Scene:
    scene = Scene(cast)
    for name, postings in EXTRAS.items():
        _extra_person(cast, name, postings)
    for posting in Posting.objects.select_related("person", "organisation"):
        key = posting.person.email.removesuffix("@example.org")
        place = next(name for name, row in cast.places.items() if row.pk == posting.organisation_id)
        Posting.objects.filter(pk=posting.pk).update(title=f"{key}@{place}")
    for name in CASES:
        _case(scene, name)
    for name, title in IN_CHARGE.items():
        case, _slash, side = name.partition("/")
        posting = Posting.objects.get(title=title)
        scene.in_charge[name] = Assignment.objects.create(
            case=scene.cases[case], side=side, posting=posting, organisation=posting.organisation
        ).pk
    _of_organisations(scene)
    _of_people(scene)
    _reports(scene)
    _yearly_counts()
    _saved_views(scene)
    _sheets(scene)
    _of_nobody(scene)
    _publications(scene)
    _texts(scene)
    _projects(scene)
    _research(scene)
    _from_abroad(scene)
    _approvals(scene)
    _staff(scene)
    _events(scene)
    _calls(scene)
    return scene


def _approvals(scene: Scene) -> None:
    """One of headquarters and one of an office: route, proxy, and what is under way on it."""
    scene.rows |= {"approval": {}, "route": {}, "authority": {}}
    for name in ("hq", "london"):
        place = scene.cast.places[name]
        route = RouteTemplate.objects.create(organisation=place, kind="test", name=name, starts_on=TODAY)
        RouteStep.objects.create(template=route, order=1, post=f"title:{name}")
        authority = Authority.objects.create(
            organisation=place, principal=f"title:{name}", proxy="title:other", starts_on=TODAY
        )
        approval = Approval.objects.create(
            organisation=place, kind="offices.research.accept", subject_type="casework.case", subject_id="0", title=name,
            template=route, template_version=1, route_name=name, language="ja", content_digest="0" * 64, seal="0" * 64,
            content={"title": name, "amount": None, "facts": [], "papers": []}, drafted_by=0, drafted_posting=0,
            drafted_as={"ja": name, "en": name}, state="taken_back", ended_at=NOW,
        )  # fmt: skip
        ApprovalStep.objects.create(
            approval=approval, order=1, post=f"title:{name}", post_name={"ja": name, "en": name}
        )
        ApprovalDocument.objects.create(
            approval=approval, name=name, media_type="application/pdf", size=1, sha256="0" * 64,
            key=f"ac/{approval.pk.hex}", check_state="clean",
        )  # fmt: skip
        scene.rows["approval"][name], scene.rows["route"][name] = approval.pk, route.pk
        scene.rows["authority"][name] = authority.pk


# What an office found out: case, office, whether headquarters has released it, whether the list shows it.
RESULTS = (
    ("otaru_london", "london", False, None),
    ("otaru_returned", "london", True, False),
    ("hakodate_newyork", "newyork", True, True),
    ("osaka_two", "london", True, True),
)
COPIES = {"otaru": True, "sapporo": False}  # who asked for the result of Hakodate; whether it was released


def _research(scene: Scene) -> None:
    for name, office, released, listed in RESULTS:
        case, place = scene.cases[name], scene.cast.places[office]
        ResearchResult.objects.create(case=case, office=place, body=name, released_at=NOW if released else None)
        if listed is not None:
            SharedResearch.objects.create(
                case=case, office=place, title=name, summary=name, fiscal_year=2026, shared_on=TODAY, listed=listed
            )
    asked_for = SharedResearch.objects.get(title="hakodate_newyork")
    scene.rows["copy"] = {}
    for name, released in COPIES.items():
        copy = ResearchCopy.objects.create(
            research=asked_for, organisation=scene.cast.places[name], signature={"ja": name},
            released_at=NOW if released else None,
        )  # fmt: skip
        scene.rows["copy"][name] = copy.pk


def _from_abroad(scene: Scene) -> None:
    """On a case of London and one of New York, and one that nobody has confirmed, with a letter and a paper on their way."""
    scene.rows["abroad"] = {}
    for name in ("otaru_london", "hakodate_newyork", ""):
        request = ForeignRequest.objects.create(
            case=scene.cases[name] if name else None, office=scene.cast.places["london"], country_id="GB",
            government=name or "unconfirmed", contact="A", email="a@example.org", subject="S", text="T", language="en",
            confirmed_at=NOW if name else None,
        )  # fmt: skip
        letter = ForeignLetter.objects.create(request=request, kind="reply", body=request.government)
        ForeignPaper.objects.create(
            request=request, letter=letter, name=request.government, media_type="text/plain", size=1, sha256="0" * 64,
            key=f"ab/{request.pk.hex}", check_state="clean",
        )  # fmt: skip
        scene.rows["abroad"][request.government] = request.pk


def _staff(scene: Scene) -> None:
    """Changes of three organisations, each with a line; by that of headquarters the coordinator follows Hakodate."""
    places = scene.cast.places
    for name in ("otaru", "london"):
        PostingTerms.objects.create(organisation=places[name], weeks=6)
    hakodate, coordinator = (Posting.objects.get(title=f"{name}@hakodate") for name in ("hakodate", "coordinator"))
    scene.rows["change"] = {}
    for name in ("otaru", "london", "hq"):
        change = StaffChange.objects.create(
            organisation=places[name], state="confirmed", prepared_by=1, signature={"ja": name}, confirmed_at=NOW
        )
        pair = {"posting": hakodate, "successor": coordinator, "ends_on": SOON} if name == "hq" else {}
        StaffLine.objects.create(change=change, row=2, name=name, email=f"{name}@example.org", **pair)
        scene.rows["change"][name] = change.pk
    for name in ("otaru@otaru", "hakodate@hakodate", "london@london"):
        posting = Posting.objects.get(title=name)
        HandoverPack.objects.create(
            posting=posting, person=posting.person, organisation=posting.organisation, body=name.partition("@")[0]
        )


# name: host, and whether everybody may read it
EVENTS = {"hq_event": ("hq", False), "london_event": ("london", False), "shown_event": ("london", True)}

PROJECTS_WITH = {
    "hq_event": ("hakodate_project",),
    "london_event": ("osaka_project",),
    "shown_event": ("osaka_project",),
}


def _events(scene: Scene) -> None:
    """Each with a place and a series of its own, so that what hangs on it carries its name."""
    scene.rows["event"] = {}
    for name, (host, shown) in EVENTS.items():
        place = scene.cast.places[host]
        event = Event.objects.create(
            title_en=name, organisation=place, begins_at=NOW, ends_at=NOW + dt.timedelta(hours=1), zone="Europe/London",
            series=Series.objects.create(title_en=name, organisation=place), released_at=NOW if shown else None,
        )  # fmt: skip
        room = Place.objects.create(organisation=place, name_en=name)
        Booking.objects.create(place=room, event=event, begins_at=event.begins_at, ends_at=event.ends_at)
        scene.rows["event"][name] = event.pk
        speaker = Speaker.objects.create(event=event, name=name)
        ProgrammeItem.objects.create(event=event, begins_at=NOW, title_en=name, speaker=speaker)
        Partner.objects.create(event=event, name=name, role="support")
        for audience in ("public", "registered"):
            Material.objects.create(
                event=event, name=f"{name}:{audience}", audience=audience, media_type="text/plain", size=1,
                sha256="0" * 64, key=f"ad/{event.pk.hex}", check_state="clean",
            )  # fmt: skip
        for project in PROJECTS_WITH[name]:
            ProjectEvent.objects.create(project=Project.objects.get(title_en=project), event=event)
        Question.objects.create(event=event, kind="text", text_en=name)
        AnswerSheet.objects.create(event=event, given={"name": name}, answered_on=TODAY)
        for who, person in (("stranger", None), ("otaru", scene.person("otaru"))):
            Registration.objects.create(
                event=event, person=person, name=f"{name}:{who}", email=f"{who}@example.org", language="en", state="in",
                entered_at=NOW,
            )  # fmt: skip


def _calls(scene: Scene) -> None:
    """One for each event, under its name; Otaru and Hakodate have applied to each."""
    scene.rows["call"] = {}
    for name, (host, shown) in EVENTS.items():
        call = Call.objects.create(
            title_en=name, organisation=scene.cast.places[host], places=1, opens_at=NOW, closes_at=NOW + dt.timedelta(days=99),
            selection="approval", state="open" if shown else "planned", released_at=NOW if shown else None,
        )  # fmt: skip
        scene.rows["call"][name] = call.pk
        for lot, who in enumerate(("otaru", "hakodate"), 1):
            Application.objects.create(
                call=call, organisation=scene.cast.places[who], person=scene.person(who), contact=f"{name}:{who}", lot=lot,
                email=f"{who}@example.org", people=1, reason=name, consented_at=NOW, sent_at=NOW, changed_at=NOW,
            )  # fmt: skip


def _publications(scene: Scene) -> None:
    host = Host.objects.create(name="host", country_id="GB", added_by=scene.cast.places["london"])
    HostPerson.objects.create(host=host, name="host")
    HostUse.objects.create(host=host, office=scene.cast.places["london"], day=TODAY, remark="host")
    for slug, state, office in (
        ("released", "published", "london"), ("withdrawn", "withdrawn", None), ("draft", "draft", None),
        ("london_draft", "draft", "london"),
    ):  # fmt: skip
        Publication.objects.create(
            slug=slug, state=state, title_ja=slug, body_ja=slug, consent="yes", consent_on=TODAY, published_on=TODAY,
            office=scene.cast.places[office] if office else None,
        )  # fmt: skip


def _texts(scene: Scene) -> None:
    """One that is public, one that was, and one that never was; London translates."""
    scene.rows["text"] = {}
    for name in ("public_text", "withdrawn_text", "draft_text"):
        item = Item.objects.create(kind="release", slug=name, language="ja", title=name)
        version = SourceVersion.objects.create(item=item, number=1, title=name)
        segment = Segment.objects.create(
            version=version, place=0, block=0, kind="title", text=name, digest="0" * 32, equals=["0" * 32]
        )
        translation = Translation.objects.create(item=item, language="en")
        TranslatedSegment.objects.create(
            translation=translation, key=segment.key, text=name, source_text=name, source_digest="0" * 32, source_version=1,
        )  # fmt: skip
        OldSlug.objects.create(item=item, kind="release", slug=f"old_{name}")
        if name != "draft_text":
            PublishedText.objects.create(
                item=item, kind="release", slug=name, language="ja", source_language="ja", source_version=1, source_on=TODAY,
                title=name, published_on=TODAY, released_on=TODAY, withdrawn_at=None if name == "public_text" else NOW,
            )  # fmt: skip
        scene.rows["text"][name] = item.pk
    Linguist.objects.create(posting=Posting.objects.get(title="london@london"), language="en", translates=True)
    Term.objects.create(ja="term", words={"en": "term"})


def _projects(scene: Scene) -> None:
    """One of London with Osaka, and one of New York with Hakodate; a case belongs to both."""
    for name, office, party, cases in (
        ("osaka_project", "london", "osaka", ("osaka_two", "otaru_london")),
        ("hakodate_project", "newyork", "hakodate", ("hakodate_newyork", "osaka_two")),
    ):
        places = scene.cast.places
        project = Project.objects.create(title_en=name, office=places[office], state_on=TODAY)
        ProjectParty.objects.create(project=project, organisation=places[party])
        ProjectNote.objects.create(project=project, day=TODAY, text_en=name, author=places[office])
        for case in cases:
            ProjectCase.objects.create(project=project, case=scene.cases[case])


def _extra_person(cast: SimpleNamespace, name: str, postings: list[tuple[str, str, dt.date]]) -> None:
    cast.users[name] = User.objects.create(email=f"{name}@example.org")
    cast.people[name] = Person.objects.create(user=cast.users[name], name=name, email=f"{name}@example.org")
    for place, role, starts_on in postings:
        Posting.objects.create(
            person=cast.people[name], organisation=cast.places[place], role_id=role, starts_on=starts_on
        )


def _case(scene: Scene, name: str) -> None:
    """First a draft, then filed, as in life: its history has a row from before the branch could see it."""
    applicant, branch, state, holder, standing, ended = CASES[name]
    places = scene.cast.places
    case = scene.cases[name] = Case.objects.create(
        kind=KIND, title=name, applicant=places[applicant], state="draft", countries=["GB"]
    )
    SupportRequest.objects.create(case=case, contact=name)
    ResearchRequest.objects.create(case=case, contact=name)
    if branch:
        number = f"R8-支-{len(scene.cases):04d}"
        case.branch, case.filed_at, case.number, case.state, case.holder = places[branch], NOW, number, state, holder
        case.holding = _holding(places, applicant, holder, standing)
        case.save()
    for office in (*standing, *ended):
        scene.referrals[f"{name}>{office}"] = Referral.objects.create(
            case=case, office=places[office], why=f"{name}>{office}", standing=office in standing
        )
    if office := READING.get(name):
        scene.referrals[f"{name}>{office}"] = Referral.objects.create(
            case=case, office=places[office], why=f"{name}>{office}", state=ReferralState.READING, owner=False
        )
    authors = [("A", applicant, "applicant")]
    if branch:
        authors.append(("H", "hq", "headquarters"))
        authors += [
            (letter, office, "office") for letter, office in zip("FP", (*standing, *ended), strict=False) if office
        ]
    for letter, author, side in authors:
        _papers(scene, name, letter, places[author], side)
        Task.objects.create(case=case, side=side, organisation=places[author], title=f"{name}:{letter}")
        if side == "office":
            _work(case, f"{name}:{letter}", places[author])
            _entry(f"{name}:{letter}", "casework.case", str(case.pk), side, places[author].pk)
    if branch:
        Feedback.objects.create(case=case, score=5, comment=name)
        ReceivedMail.objects.create(case=case, organisation=places[applicant], digest="0" * 64, subject=name)
    for letter, side in SIDES.items():
        _entry(f"{name}:{letter}", "casework.case", str(case.pk), side)


def _holding(places: dict[str, Organisation], applicant: str, holder: str, offices: list[str]) -> Organisation | None:
    return {"applicant": places[applicant], "headquarters": places["hq"], "nobody": None}.get(
        holder, places[offices[0]] if offices else None
    )


def _papers(scene: Scene, name: str, letter: str, author: Organisation, side: str) -> None:
    for label, shared in ((f"{name}:{letter}", True), (f"{name}:{letter.lower()}", False)):
        common = {"case": scene.cases[name], "author": author, "side": side, "shared": shared}
        scene.notes[label] = Note.objects.create(body=label, **common)
        scene.files[label] = CaseFile.objects.create(
            name=label,
            media_type="text/plain",
            size=1,
            sha256="0" * 64,
            key=f"00/{uuid.uuid4().hex}",
            check_state="clean",
            **common,
        )


def _work(case: Case, label: str, office: Organisation) -> None:
    """Shared and internal work; the first office has sent its report, the second still writes it."""
    for summary, shared in ((label, True), (label.lower(), False)):
        visit = Visit.objects.create(
            case=case, office=office, shared=shared, title=summary, starts_on=TODAY, ends_on=TODAY
        )
        Stop.objects.create(
            case=case,
            office=office,
            shared=shared,
            visit=visit,
            day=TODAY,
            begins=dt.time(10),
            zone="Asia/Tokyo",
            what=summary,
        )
        WorkEntry.objects.create(
            case=case, author=office, side="office", shared=shared, kind="enquiry", day=TODAY, hours=1, summary=summary
        )
    OfficeReport.objects.create(case=case, office=office, body=label, sent_at=NOW if label.endswith("F") else None)


def _entry(event: str, subject_type: str, subject_id: str, side: str = "", organisation: int | None = None) -> None:
    """Without an organisation, an internal entry is one of those written before it was kept."""
    Entry(
        event=event, subject_type=subject_type, subject_id=subject_id, side=side, organisation=organisation
    ).save(force_insert=True)  # fmt: skip


def _of_organisations(scene: Scene) -> None:
    scene.rows["invitation"], scene.rows["link"] = {}, {}
    for name in WITH_INVITATIONS:
        place = scene.cast.places[name]
        invitation = Invitation.objects.create(
            digest=f"invitation {name}",
            email=f"new@{name}.example.org",
            name=name,
            organisation=place,
            role_id="member_officer",
            starts_on=TODAY,
            expires_at=NOW + dt.timedelta(days=14),
        )
        scene.rows["invitation"][name] = invitation.pk
        link = SignedLink.objects.create(
            digest=f"link {name}",
            purpose="test",
            subject_type="casework.case",
            subject_id="1",
            organisation=place,
            recipient=name,
            expires_at=NOW + dt.timedelta(days=14),
        )
        scene.rows["link"][name] = link.pk


def _sheets(scene: Scene) -> None:
    """A sheet that came back from each organisation, with one row in which something was found."""
    for place in WITH_SHEETS:
        sheet = Import.objects.create(
            name=place, media_type="text/csv", size=1, sha256="0" * 64, key=f"{place}-sheet", check_state="clean",
            uploaded_at=NOW, uploaded_by=scene.person(PERSON_AT[place]), listing="cases",
            organisation=scene.cast.places[place],
        )  # fmt: skip
        ImportRow.objects.create(
            sheet=sheet, organisation=sheet.organisation, number=6, name=place, finding="change", details=[]
        )


PERSON_AT = {"otaru": "otaru", "hokkaido": "hokkaido", "hq": "hq_officer", "london": "london"}


def _reports(scene: Scene) -> None:
    """One per organisation; that of the administrator of Otaru is for nobody else."""
    for name, place in WITH_REPORTS.items():
        personal = name == "otaru_administrator"
        Report.objects.create(
            key=name, kind="test", language="ja", organisation=scene.cast.places[place], personal=personal,
            person=scene.person(name) if personal else 0, file_name=name, media_type="application/pdf", size=1,
            sha256="0" * 64, expires_at=NOW + dt.timedelta(days=7),
        )  # fmt: skip


def _saved_views(scene: Scene) -> None:
    for place, person in PERSON_AT.items():
        posting = Posting.objects.filter(person=scene.person(person), organisation=scene.cast.places[place]).first()
        assert posting is not None
        SavedView.objects.create(
            listing="cases", name=place, organisation=scene.cast.places[place], posting=posting, query="show=mine"
        )
        BulkAction.objects.create(
            listing="cases", action="take", organisation=scene.cast.places[place], posting=posting, signature=place
        )


FROZEN = {
    "key": "offices.by_branch", "title": {"en": "x"}, "note": {"en": ""}, "rows_title": {"en": "x"}, "columns_title": None,
    "chart": "", "measures": [{"key": "count", "title": {"en": "x"}, "number": "count"}], "heads": [], "column_heads": [],
    "numbers": ["count"], "body": [], "foot": [0], "claims": [],
}  # fmt: skip


def _yearly_counts() -> None:
    for year, name in ((2024, "published"), (2025, "frozen")):
        Snapshot.objects.create(
            collection="offices.annual", year=year, edition=1, counted_at=NOW, tables=[FROZEN], sha256=name,
            published_at=NOW if name == "published" else None,
        )  # fmt: skip


def _of_people(scene: Scene) -> None:
    scene.rows |= {"token": {}, "notice": {}, "job": {}}
    for name in WITH_PERSONAL_ROWS:
        person = scene.person(name)
        token = ApiToken.objects.create(
            digest=f"token {name}", start="abc", label=name, person_id=person, expires_at=NOW + dt.timedelta(days=9)
        )
        SentOnce.objects.create(person_id=person, key=name, digest="0" * 64, made="1")
        notice = Notification.objects.create(message=uuid.uuid4(), person=person, event=name)
        job = Job.objects.create(kind="test", title=name, person=person, user=scene.cast.users[name].pk)
        scene.rows["token"][name], scene.rows["notice"][name], scene.rows["job"][name] = token.pk, notice.pk, job.pk
        Reading(subject=person, what=name).save(force_insert=True)
        acting_for(person)
        _entry(f"by:{name}", "accounts.user", "0")
        acting_for(None)


def _of_nobody(scene: Scene) -> None:
    Message.objects.create(key="message", event="message", subject_type="casework.case", subject_id="1")
    Miss.objects.create(digest="x", word="missing", language="ja", day=TODAY, times=3)
    email = Email.objects.create(key="mail", to="otaru@example.org", language="ja", subject="mail", body="")
    scene.rows["mail"] = {"mail": email.pk}
    Reminder.objects.create(key="reminder", at=NOW, event="reminder", subject_type="casework.case", subject_id="1")
    acting_for(scene.person("hq_officer"))
    EmergencyReading(
        subject_type="casework.case",
        subject_id=str(scene.cases["hakodate_newyork"].pk),
        reason="emergency of hq_officer",
        until=NOW,
    ).save(force_insert=True)
    acting_for(None)


def acting_for(person: int | None) -> None:
    """What triggers of the log take the person from."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.person', %s, true)", [str(person or "")])
