"""Every column of every table: whether it says something about a person, why it is there, and how long it stays.

`python -m tests.deploy.data_inventory` writes docs/data-inventory.md from this list; a test compares both with the models.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parent.parent.parent / "docs" / "data-inventory.md"
OPEN = "Nothing deletes it yet, and no term is fixed: open."
CODE = "400 days after its end (schedule pages.forgetting)."
NOTICE = "400 days (schedule pages.forgetting)."
WITH_CASE = "As long as the case. Nothing deletes cases yet, and no term is fixed: open."
WITH_ACCOUNT = "Goes with the account (foreign key). No command removes a real account yet: open."


@dataclass(frozen=True)
class Table:
    """`personal`: column -> what it says of whom. `plain`: the other columns, separated by spaces."""

    purpose: str
    retention: str = ""
    personal: dict[str, str] = field(default_factory=dict)
    plain: str = ""

    @property
    def columns(self) -> set[str]:
        return {*self.personal, *self.plain.split()}


_WORK = "id state created_at due_at dispatched_at lease_until attempts done_at request_id"
_HISTORY = "pgh_id pgh_created_at pgh_label pgh_obj_id"
_ON_CASE = "case_id applicant_id branch_id filed"
_CHANGED_BY = {"pgh_person": "who made the change (number of the person)"}
_PERSON = {
    "user_id": "which account belongs to the person",
    "name": "name as written",
    "name_latin": "name in Latin letters",
    "kana": "reading of the name",
    "email": "address for notices",
    "telephone": "telephone at work",
    "language": "language the person reads",
    "time_zone": "time zone the person works in",
    "mail": "how the person wants to be told",
}
_POSTING = {
    "person_id": "who holds the post",
    "organisation_id": "where the person works",
    "role_id": "as what",
    "title": "title of the post",
    "starts_on": "from when",
    "ends_on": "until when",
    "sending_body_id": "which body sent the person",
}
_CASE = {"title": "free text: may name people", "created_by": "who began it (number of the person)"}
_CASE_PLAIN = (
    "id number kind kind_version parent_id split copied_from_id applicant_id branch_id countries topics state holder holding_id "
    "due_at due_zone clock_left fiscal_year origin source sample created_at filed_at moved_at closed_at version"
)
_ORGANISATION_PLAIN = (
    "id kind code name_ja name_en kana romaji variants local_name county parent_id branch_id country_id time_zone calendar "
    "working_languages address telephone email website latitude longitude starts_on ends_on source sample"
)

TABLES: dict[str, Table] = {
    # --- people and authority -----------------------------------------------------------------------------------------
    "accounts_user": Table(
        "Signing in.", "Until the account is removed. Sample accounts: manage.py remove_sample_accounts. Real ones: open.",
        {
            "email": "address the person signs in with", "password": "hash of the password (scrypt)",
            "last_login": "when the person signed in last", "date_joined": "when the account was made",
            "is_active": "whether the person may sign in",
        },
        "id sample",
    ),
    "accounts_person": Table(
        "Who works where: directory, notices, names in the log.", "Stays when the account goes, as a name. " + OPEN,
        {**_PERSON, "search_text": "the names in folded form, for search"}, "id",
    ),
    "accounts_personevent": Table(
        "Former values, written by the database.", OPEN, {**_PERSON, **_CHANGED_BY}, f"id {_HISTORY}",
    ),
    "accounts_posting": Table("Authority: access follows from it.", "Stays after its last day, as history. " + OPEN, _POSTING, "id"),
    "accounts_postingevent": Table(
        "Former values, written by the database.", OPEN, {**_POSTING, **_CHANGED_BY}, f"id {_HISTORY}",
    ),
    "accounts_invitation": Table(
        "Inviting a person to a post, once.", "The code ends after its term; the row goes " + CODE,
        {
            "email": "address of the person invited", "name": "name", "name_latin": "name in Latin letters",
            "language": "language of the mail", "title": "title of the post", "invited_by": "who invited (number of the person)",
        },
        "id digest organisation_id role_id starts_on ends_on sending_body_id created_at expires_at used_at revoked_at",
    ),
    "accounts_postingterms": Table(
        "Which midnight ends postings at an organisation, and how early the handover is asked for.",
        plain="organisation_id zone weeks changed_at",
    ),
    "staffing_staffchange": Table(
        "A sheet of who leaves, comes and follows whom.",
        "A draft 30 days (schedule staffing.drafts). A confirmed one as the postings it wrote. " + OPEN,
        {
            "rows": "the rows of the sheet: names, addresses, posts and days",
            "prepared_by": "who sent the sheet (number of the person)", "confirmed_by": "who confirmed it (number of the person)",
            "signature": "name and organisation of whoever prepared it",
            "confirmed_as": "name and organisation of whoever confirmed it",
        },
        "id organisation_id state answers prepared_at confirmed_at takes_effect_at taken_back_at job sample",
    ),
    "staffing_staffline": Table(
        "One person of a confirmed change.", "As the change.",
        {
            "person_id": "who it is", "name": "name", "name_latin": "name in Latin letters", "email": "address for the invitation",
            "posting_id": "the posting that ends", "ends_on": "until when", "ended_before": "until when it held before",
            "organisation_id": "where the person goes", "role_id": "as what", "title": "title of the post",
            "starts_on": "from when", "next_ends_on": "until when there", "sending_body_id": "which body sends the person",
            "begun_id": "the posting that begins", "invitation": "the invitation that was sent",
            "successor_id": "who has the work afterwards", "heir_id": "who has the work afterwards, by the same sheet",
            "note": "free text: may say something about the person",
        },
        "id change_id row due_at moved_at moved waits_since",
    ),
    "staffing_handoverpack": Table(
        "What whoever leaves a post leaves to the successor.", "Stays with the posting. " + OPEN,
        {
            "person_id": "whose desk it is", "posting_id": "which posting", "body": "free text: may name people",
            "panels": "the desk when it was handed over: cases, tasks, dates, hosts abroad",
        },
        "id organisation_id version changed_at signed_at kept_at sample",
    ),
    "accounts_signedlink": Table(
        "An action without an account.", "The link ends after at most 366 days; the row goes " + CODE,
        {
            "recipient": "whom the link was made for", "language": "language of the page",
            "created_by": "who made it (number of the person)", "last_used_at": "when it was used last",
        },
        "id digest purpose subject_type subject_id organisation_id created_at expires_at revoked_at uses_left",
    ),
    "accounts_apitoken": Table(
        "A person's access by program.", "Ends after at most 366 days; the row goes " + CODE,
        {"person_id": "whose token it is", "label": "the person's own note", "last_used_at": "when it was used last"},
        "id digest start scopes created_at expires_at revoked_at",
    ),
    "accounts_sentonce": Table(
        "Keys that programs send so that the same is not made twice.", "Two days (schedule pages.forgetting).",
        {"person_id": "whose program it is"}, "id key digest made sent_at",
    ),
    "accounts_role": Table("Names and rights of roles.", plain="code name name_ja name_en rights kinds"),
    "account_emailaddress": Table(
        "Addresses of accounts and whether they are proven.", WITH_ACCOUNT,
        {"user_id": "whose address", "email": "the address", "verified": "whether it is proven"}, "id primary",
    ),
    "account_emailconfirmation": Table(
        "Not used: an invitation proves the address.", WITH_ACCOUNT, {"email_address_id": "which address"}, "id created sent key",
    ),
    "mfa_authenticator": Table(
        "Second factors.", WITH_ACCOUNT + " The person may remove them.",
        {
            "user_id": "whose factor", "type": "which kind", "data": "secret (encrypted), public key or recovery codes",
            "created_at": "when it was added", "last_used_at": "when it was used last",
        },
        "id",
    ),
    "usersessions_usersession": Table(
        "A person's own sessions, to look at and to end.", "Until the session has ended, at the latest the night after. " + WITH_ACCOUNT,
        {
            "user_id": "whose session", "ip": "address it began from", "user_agent": "browser it began with",
            "created_at": "since when", "last_seen_at": "last activity", "session_key": "key of the session", "data": "empty",
        },
        "id",
    ),
    "django_session": Table(
        "Being signed in.", "Ends after 30 idle minutes, at the latest after 12 hours; the row goes the night after (schedule pages.sessions).",
        {"session_data": "account, posting chosen, times (signed text)"}, "session_key expire_date",
    ),
    # --- the log --------------------------------------------------------------------------------------------------------
    "audit_entry": Table(
        "Who did what.", "For good: the chain of digests allows no gap. No term is fixed: open.",
        {
            "person": "who did it (number)", "posting": "in which post (number)", "actor": "name and organisation at that time",
            "params": "values of the sentence: may hold names, addresses, reasons; when signing in, the network address",
        },
        "id at event subject_type subject_id side organisation request_id sequence digest",
    ),
    "audit_reading": Table(
        "Who saw a personal record.", OPEN,
        {
            "person": "who looked (number)", "posting": "in which post (number)", "reader": "name and organisation at that time",
            "subject": "whose record (number)",
        },
        "id at subject_type what",
    ),
    "audit_emergencyreading": Table(
        "Reading the internal papers of another side.", "The right ends after an hour; the row stays. " + OPEN,
        {"person": "who read (number)", "posting": "in which post (number)", "reason": "why, in the person's own words"},
        "id at subject_type subject_id until",
    ),
    # --- messages ---------------------------------------------------------------------------------------------------------
    "outbox_message": Table(
        "What happened and which posts hear of it.", "Once told: " + NOTICE,
        {
            "params": "values of the notice: names, titles, reasons", "but_not": "who did it (number)",
            "error": "words of a fault: may quote the values",
        },
        f"{_WORK} key event subject_type subject_id addressed path",
    ),
    "outbox_notification": Table(
        "What a person reads in the portal.", NOTICE,
        {"person": "who is told (number)", "params": "values of the notice", "read_at": "when it was read"},
        "id message event path created_at",
    ),
    "outbox_email": Table(
        "Mails and what became of them.", "90 days (schedule pages.forgetting).",
        {
            "to": "address", "person": "who is told (number)", "language": "language of the mail", "subject": "heading",
            "body": "text as sent", "error": "the mail server's words: may quote the address",
        },
        f"{_WORK} key event",
    ),
    "outbox_job": Table(
        "Long work of a person, with its result.", "7 days after the end, with its file (schedule outbox.old_jobs).",
        {
            "person": "whose job (number)", "user": "with which account (number)", "posting": "from which post (number)",
            "params": "what was asked for", "result": "what came out", "file_name": "name of the result", "title": "what it is",
            "error": "words of a fault: may quote the values",
        },
        f"{_WORK} kind done total cancel_asked_at file expires_at",
    ),
    "reports_report": Table(
        "A finished document, kept so that it is made once.", "7 days after it was made, with its file (schedule reports.old).",
        {"person": "who asked for it (number)", "params": "what was asked for", "file_name": "name of the file"},
        "id key kind language organisation_id personal media_type size sha256 made_at expires_at",
    ),
    "reports_snapshot": Table(
        "The yearly numbers as they were counted on a day; none is about a single person.",
        "For good, with their files; a trigger refuses changes.",
        {
            "counted_by": "name and organisation of whoever had it counted",
            "published_by": "name and organisation of whoever made it public",
        },
        "id collection year edition counted_at tables sha256 files sample published_at",
    ),
    "imports_import": Table(
        "A sheet that came back with changes. The content lies in the storage for documents, under `key`.",
        "30 days after it was sent (schedule imports.sweep).",
        {
            "name": "file name: may name people", "uploaded_by": "who sent it (number)",
            "signature": "name and organisation at that time", "sha256": "fingerprint of the content",
            "key": "where the content lies; it may hold what the list shows", "refusal": "why it was refused: may quote a cell",
            "remarks": "rows read as titles or notes: may quote a cell",
        },
        "id media_type size check_state uploaded_at listing organisation_id state job rows changes conflicts errors overtaken "
        "applied_at",
    ),
    "imports_importrow": Table(
        "What was found in a row of such a sheet.", "With the sheet.",
        {"name": "what the row is called: may name people", "details": "values before and after, and what is wrong"},
        "id sheet_id organisation_id number subject finding",
    ),
    "outbox_reminder": Table(
        "Messages that are told later.", "Once told or dropped: " + NOTICE, {"params": "values of the notice: names, titles"},
        "id key at event subject_type subject_id addressed path told_at dropped_at",
    ),
    "outbox_schedule": Table("When the portal does what.", plain="name every local_time zone next_at last_at"),
    "publishing_page": Table(
        "Public pages: their addresses, what stands in their files, what went wrong.",
        plain=f"{_WORK} error path language address family reads status text_language sha256 size written_at tried_at "
        "failing_since fault_told_at checking_id",
    ),
    "publishing_run": Table("When all public pages were published or compared.", plain="id kind release begun_at ended_at pages drifted examples"),
    "publishing_change": Table("Keys of rows that public pages show, until their pages are marked.", plain="id key at"),
    # --- cases ------------------------------------------------------------------------------------------------------------
    "casework_case": Table(
        "What is filed, passed on, worked on and closed.", WITH_CASE, {**_CASE, "search_text": "number, title and texts in folded form, for search", "bigrams": "words of the texts, for search"}, _CASE_PLAIN,
    ),
    "casework_caseevent": Table(
        "Former values, written by the database.", WITH_CASE, {**_CASE, **_CHANGED_BY}, f"{_CASE_PLAIN} {_HISTORY}",
    ),
    "casework_assignment": Table(
        "Who is in charge of a case on a side.", WITH_CASE, {"posting_id": "which post, and so which person"},
        f"id {_ON_CASE} side organisation_id since",
    ),
    "casework_referral": Table(
        "Which office a case is referred to.", WITH_CASE, {"reason": "free text: may name people", "why": "why this office"},
        "id case_id office_id state standing owner due_at created_at answered_at",
    ),
    "casework_note": Table(
        "Messages on a case.", WITH_CASE,
        {"person": "who wrote it (number)", "signature": "name and organisation at that time", "body": "free text: may name people", "terms": "words of the text, for search"},
        f"id {_ON_CASE} author_id side shared created_at",
    ),
    "casework_casefile": Table(
        "Papers of a case. The content lies in the storage for documents, under `key`.", WITH_CASE,
        {
            "name": "file name: may name people", "person": "who added it (number)", "uploaded_by": "the same",
            "signature": "name and organisation at that time", "sha256": "fingerprint of the content",
            "key": "where the content lies; it may hold anything about anybody",
        },
        f"id media_type size check_state uploaded_at {_ON_CASE} author_id side shared created_at",
    ),
    "casework_numbering": Table("Last number given per series.", plain="id series fiscal_year last"),
    "casework_kindversion": Table(
        "Terms and validity of kinds of cases.", "Stays: which terms held when. " + OPEN,
        {"confirmed_by": "name and organisation of whoever confirmed the terms"},
        "id kind version starts_on ends_on terms fiscal_zone remind_before escalate_after note confirmed_at",
    ),
    "publishing_publication": Table(
        "What an editor has chosen to show the public.", "Stays; withdrawn ones keep their texts for editors. " + OPEN,
        {
            "consent": "who agreed to the release: may name people", "signature": "name and organisation of the editor",
            "released_by": "name and organisation of whoever released it",
            **dict.fromkeys(("title_ja", "title_en", "summary_ja", "summary_en", "body_ja", "body_en"), "public text: may name people"),
        },
        "id kind slug office_id countries topics organisations state published_on consent_on released_at subject_type subject_id version sample changed_at",
    ),
    "furigana_reading": Table(
        "How words are read on Japanese public pages, where an editor corrected it.", "Until somebody takes it back.",
        {"source": "free text: may name people", "who": "name and organisation of the editor at that time"},
        "id text reading changed_at",
    ),
    "publishing_item": Table(
        "Texts in many languages: kind, address, language of the source.", "Stays. " + OPEN,
        {"title": "public text: may name people"},
        "id kind slug language place number subject_type subject_id sample created_at changed_at",
    ),
    "publishing_oldslug": Table("Former addresses of texts.", plain="id item_id kind slug since"),
    "publishing_sourceversion": Table(
        "Every version of the source of a text.", "As long as the text. " + OPEN,
        {
            **dict.fromkeys(("title", "summary", "body"), "public text: may name people"), "what": "free text: may name people",
            "made_by": "who wrote it (number)", "signature": "name and organisation at that time",
        },
        "id item_id number minor made_at",
    ),
    "publishing_segment": Table(
        "Sentences of a version.", "As long as the text. " + OPEN,
        {"text": "public text: may name people", "digest": "fingerprint of the sentence", "equals": "the same, of what says the same"},
        "id version_id key place block kind fresh_line",
    ),
    "publishing_translation": Table(
        "Language versions that are worked on.", "As long as the text. " + OPEN,
        {
            "translator_id": "which post, and so which person", "reviewer_id": "the same",
            "handed_in_by": "who handed it in (number)", "handed_in_posting": "the same (posting)",
            "handed_in_as": "name and organisation at that time", "returned_why": "free text: may name people",
            "returned_as": "name and organisation of the reviewer",
        },
        "id item_id language due_on review_due_on handed_in_at changed_at",
    ),
    "publishing_translatedsegment": Table(
        "Translated sentences, and from which words of the source.", "As long as the text. " + OPEN,
        {
            **dict.fromkeys(("text", "source_text", "pairs"), "public text: may name people"),
            "source_digest": "fingerprint of the source sentence", "made_by": "who translated it (number)",
            "made_as": "name and organisation at that time", "approved_by": "who approved it (number)",
            "approved_as": "name and organisation at that time", "warned": "what the checks said, which was confirmed",
            "note": "free text: may name people",
        },
        "id translation_id key source_version machine made_at approved_at version",
    ),
    "publishing_publishedtext": Table(
        "What the public reads of a text in one language.", "Stays; withdrawn ones keep their texts for editors. " + OPEN,
        {
            **dict.fromkeys(("title", "summary", "blocks"), "public text: may name people"),
            "proof": "fingerprints of its sentences", "released_by": "name and organisation of whoever released it",
            "withdrawn_why": "free text: may name people",
        },
        "id item_id kind slug language source_language source_version source_on place machine published_on released_on released_at sample withdrawn_at version whole",
    ),
    "publishing_linguist": Table(
        "Who translates and who reviews which language.", "As long as the posting. " + OPEN,
        {"posting_id": "which post, and so which person", "signature": "name and organisation of whoever decided it"},
        "id language translates reviews",
    ),
    "publishing_term": Table(
        "Official terms and what they are called in other languages.", "Stays; a retired term keeps its words. " + OPEN,
        {"signature": "name and organisation of whoever changed it last", "retired_why": "free text: may name people"},
        "id ja words note source retired_at found_by version changed_at",
    ),
    "search_document": Table(
        "What the public search finds: copies of published pages and public records.", "Goes with the page or record it copies.",
        dict.fromkeys(("title", "description", "text", "readings", "head", "folded", "terms"), "public text: may name people"),
        "id key language path record kind weight day",
    ),
    "search_term": Table(
        "How often a word stands in published pages; counted anew every night.", "", {}, "id term language documents",
    ),
    "search_miss": Table(
        "What was searched on the public pages and not found; nothing about who searched.",
        "400 days (RETENTION_DAYS_SEARCH); 30 days while it was searched fewer than three times, as a digest without the word "
        "(SEARCH_MISSES_NEEDED; schedule pages.forgetting). Addresses, long texts and long numbers are never kept.",
        {"word": "words typed by readers; a name is possible", "digest": "keyed digest of the words"}, "id language day times",
    ),
    "approvals_routetemplate": Table(
        "Routes of approval: which kind, from when until when, for which amounts.", "",
        {}, "id organisation_id kind name starts_on ends_on amount_from amount_to version sample changed_at",
    ),
    "approvals_routestep": Table(
        "Steps of a route: a post by title or role, or one posting.", "", {}, "id template_id order post own_draft final_up_to",
    ),
    "approvals_authority": Table(
        "Who may stamp in whose place: posts by title or role, or one posting.", "",
        {}, "id organisation_id principal proxy starts_on ends_on kinds limit sample",
    ),
    "approvals_approval": Table(
        "What was frozen to be approved, and what became of it.", "Stays: it is the record of a decision. " + OPEN,
        {
            "title": "subject: may name people", "content": "the document as it was frozen: may name people",
            "note": "what was asked: may name people", "drafted_by": "who drafted it", "drafted_posting": "with which posting",
            "drafted_as": "name and organisation of the drafter", "ended_by": "name and organisation of whoever ended it",
            "why": "reason: may name people", "changes": "what was edited: names of lines and papers",
        },
        "id organisation_id kind subject_type subject_id amount template_id template_version route_name language content_digest "
        "seal state at_order created_at touched_at ended_at carried_out_at sample",
    ),
    "approvals_approvalstep": Table(
        "Stamps: who decided what, as which post.", "Stays: it is the record of a decision. " + OPEN,
        {
            "person": "who stamped", "posting": "with which posting", "name": "name as it was", "stamped_as": "post as it was",
            "comment": "remark: may name people", "seen_by": "who noted having seen it",
        },
        "id approval_id order place post post_name own_draft final result struck decided_at proxy seal seen_at",
    ),
    "approvals_approvaldocument": Table(
        "The printed document that was approved; the file itself is in the storage.", "Stays with the approval. " + OPEN,
        {"name": "file name: holds the subject", "uploaded_by": "who drafted it"},
        "id media_type size sha256 key check_state uploaded_at approval_id",
    ),
    "contacts_host": Table(
        "Organisations abroad that receive visitors.", "Stays: it outlives the people who wrote it.",
        {
            "notes": "free text: may name people", "good_for": "free text: may name people",
            "telephone": "telephone of the organisation",
        },
        "id name local_name country_id city website languages topics merged_into_id added_by_id sample changed_at search_text",
    ),
    "contacts_hostperson": Table(
        "Whom offices write to at a host abroad. Who opens one is in the read log.",
        "Marked as no longer there by hand, which deletes address and telephone; name and post stay. " + OPEN,
        {
            "name": "name", "title": "post", "language": "language", "email": "address at work",
            "telephone": "telephone at work",
        },
        "id host_id active",
    ),
    "contacts_hostuse": Table(
        "When an office worked with a host, and how it went.", "As the host.", {"remark": "free text: may name people", "person_id": "which person at the host"},
        "id host_id case_id office_id day went",
    ),
    "contacts_visit": Table(
        "Itineraries.", WITH_CASE, {"title": "free text: may name people", "title_foreign": "the same for hosts"},
        f"id {_ON_CASE} office_id language starts_on ends_on shared version told_version changed_at removed",
    ),
    "contacts_stop": Table(
        "Stops of an itinerary.", WITH_CASE,
        {
            "person": "name of who receives", "contact_id": "which person of the contact book", "interpreter": "name of the interpreter", "telephone": "telephone",
            "host_name": "organisation or person", "note": "free text: may name people", "what": "free text: may name people",
            "what_foreign": "the same for hosts",
        },
        f"id uid visit_id {_ON_CASE} office_id shared version day begins ends zone turn place address host_id",
    ),
    "gatherings_event": Table(
        "What offices and headquarters hold: when, where, for how many.", "Stays: it is what was announced. " + OPEN,
        {
            "posting_id": "who is in charge (posting)",
            **dict.fromkeys(("title_ja", "title_en", "summary_ja", "summary_en"), "announcement: may name people"),
        },
        "id series_id edition organisation_id kind begins_at ends_at zone online capacity for_public register_until state "
        "released_at withdrawn_at questionnaire_at version sample created_at changed_at",
    ),
    "gatherings_registration": Table(
        "Who wants to come to an event, and who came.",
        "Unconfirmed: 72 hours (schedule gatherings.telling). Otherwise name, address, person and organisation are emptied 1095 "
        "days after the event (RETENTION_DAYS_REGISTRATION, a proposal; schedule gatherings.forgetting); the row stays for counts.",
        {
            "person": "who registered (number of the person)", "organisation_id": "where they work", "name": "name",
            "body": "organisation as written", "email": "address", "language": "language of mails",
            "attended_at": "whether and when they came", "answer_asked_at": "when they were asked for answers",
        },
        "id event_id state created_at asked_at entered_at cancelled_at told moved_from sample",
    ),
    "gatherings_call": Table(
        "Calls for participants: what for, until when, how many, how they were chosen.",
        "Stays: it is what was announced. " + OPEN,
        {
            "posting_id": "who is in charge (posting)",
            **dict.fromkeys(("title_ja", "title_en", "summary_ja", "summary_en"), "announcement: may name people"),
            **dict.fromkeys(("conditions_ja", "conditions_en"), "announcement: may name people"),
        },
        "id organisation_id event_id fee fee_note_ja fee_note_en places most_people opens_at closes_at selection seed_rule_ja "
        "seed_rule_en state released_at seed seed_source seed_day lots results_at version sample created_at changed_at",
    ),
    "gatherings_application": Table(
        "Which organisations applied to a call, with whom, and what became of it.",
        "Names, contact, address and reason are emptied 1095 days after closing (RETENTION_DAYS_REGISTRATION, a proposal; schedule "
        "gatherings.calls_forgetting); the organisation and the result stay.",
        {
            "person": "who sent it (number of the person)", "contact": "name of the contact", "email": "address of the contact",
            "names": "who would take part", "reason": "free text: may name people",
        },
        "id call_id organisation_id lot people consented_at state proposed rank reserve sent_at changed_at told version sample",
    ),
    "gatherings_speaker": Table(
        "Who speaks at an event.", "As the event.",
        {"name": "name of the speaker, public once the event is", "affiliation": "organisation and post"}, "id event_id",
    ),
    "gatherings_programmeitem": Table(
        "What happens when at an event.", "As the event.",
        {"speaker_id": "who speaks", **dict.fromkeys(("title_ja", "title_en"), "announcement: may name people")},
        "id event_id begins_at ends_at",
    ),
    "gatherings_partner": Table("Bodies that hold an event together.", plain="id event_id name role"),
    "gatherings_question": Table("Questions about an event.", plain="id event_id kind text_ja text_en choices"),
    "gatherings_answersheet": Table(
        "What was answered about an event, without a name.", "As the event.",
        {"given": "own words may name people"}, "id event_id answered_on",
    ),
    "gatherings_material": Table(
        "Handouts of an event.", "As the event, or until the host removes it.",
        {"name": "file name: may name people", "uploaded_by": "who added it (number of the person)"},
        "id event_id audience media_type size sha256 key check_state uploaded_at",
    ),
    "gatherings_series": Table(
        "What comes again as editions.", plain="id title_ja title_en summary_ja summary_en organisation_id sample created_at"
    ),
    "gatherings_place": Table(
        "Rooms and halls for events.", plain="id organisation_id name_ja name_en address seats access sample"
    ),
    "gatherings_booking": Table("Which place is taken when by which event.", plain="id place_id event_id begins_at ends_at"),
    "projects_project": Table(
        "What bodies in Japan and abroad do together over years.", "Stays: it outlives the people who wrote it.",
        dict.fromkeys(("title", "title_ja", "title_en"), "free text: may name people"),
        "id key office_id strands begun state state_on source sample version created_at changed_at search_text",
    ),
    "open_data_edition": Table("When published data changed.", plain="id key digest rows noted_at"),
    "jet_yearlytotal": Table(
        "Published totals of the JET Programme.",
        plain="year total alt cir sea countries cumulative note_ja note_en source as_of job_types_source countries_source cumulative_source",
    ),
    "multicultural_statistic": Table(
        "Published statistics of foreign residents: which, of which day, from where.", plain="key as_of source"
    ),
    "multicultural_residentcount": Table(
        "Published numbers of foreign residents by nationality, status and prefecture; no person can be told from them.",
        plain="id statistic_id as_of prefecture nationality status number",
    ),
    "multicultural_municipalitycount": Table(
        "Published numbers of foreign residents of municipalities; no person can be told from them.",
        plain="id statistic_id code organisation_id name_ja men women total households population",
    ),
    "exchange_tie": Table(
        "Published sister and friendship ties.",
        plain="id key organisation_id name_ja name_en prefecture partner region country_id agreed agreed_by note note_ja ended ended_source source as_of search_text",
    ),
    "projects_projectparty": Table("Which bodies take part in a project.", plain="id project_id organisation_id"),
    "projects_projectnote": Table(
        "Dated sentences about a project.", "As the project.",
        {
            "text_ja": "free text: may name people", "text_en": "free text: may name people",
            "person": "who wrote it (number of the person)", "signature": "name and organisation of whoever wrote it",
        },
        "id project_id day state source author_id created_at",
    ),
    "projects_projectcase": Table("Which cases belong to a project.", plain="id project_id case_id added_at"),
    "projects_projectevent": Table("Which events belong to a project.", plain="id project_id event_id added_at"),
    "casework_bulkaction": Table(
        "An action on many rows of a list, and what taking it back needs.", WITH_CASE,
        {
            "posting_id": "who did it", "signature": "name and organisation at that time",
            "rows": "cases, and who was in charge of them before (number of the posting)",
        },
        "id listing action organisation_id done_at undone_at",
    ),
    "casework_savedview": Table(
        "What somebody asks a list for, under a name.", "Until deleted; the successor of the post inherits it.",
        {
            "name": "what the view is called", "query": "filters: may hold a searched name",
            "posting_id": "whose view it is", "signature": "name and organisation of whoever saved it",
        },
        "id listing organisation_id shared first first_for created_at",
    ),
    "casework_receivedmail": Table(
        "Mails that landed on a case, so that each lands once.", WITH_CASE,
        {"sender": "address of the sender", "subject": "free text: may name people"},
        f"id {_ON_CASE} organisation_id digest received_at note_id",
    ),
    "casework_task": Table(
        "What an organisation still has to do on a case.", WITH_CASE,
        {
            "posting_id": "which post, and so which person", "title": "free text: may name people",
            "signature": "name and organisation at that time", "done_by": "name and organisation at that time",
        },
        f"id {_ON_CASE} side organisation_id due_on created_at done_at",
    ),
    "offices_supportrequest": Table(
        "What a local government asks an overseas office for.", WITH_CASE,
        {
            "contact": "name of the person in charge", "division": "where that person works",
            "telephone": "telephone at work", "email": "address at work", "leader": "who leads the party",
            "hosts": "free text: may name people abroad",
            **dict.fromkeys(("purpose", "wanted", "questions", "situation", "answers"), "free text: may name people"),
        },
        f"{_ON_CASE} starts_on ends_on flexible party kinds interpreter costs question_sheet",
    ),
    "offices_precondition": Table(
        "What offices ask requesters to think of.",
        plain="id key office_id kind check_code value hours_from hours_until text text_ja text_en source starts_on ends_on active blocks",
    ),
    "offices_workentry": Table(
        "What an office did for a case, with hours.", WITH_CASE,
        {"person": "who wrote it (number)", "signature": "name and organisation at that time", "summary": "free text: may name people", "terms": "words of the text, for search"},
        f"id {_ON_CASE} author_id side shared created_at kind day hours",
    ),
    "offices_officereport": Table(
        "The report of an office on a case.", WITH_CASE,
        {"signature": "name and organisation at that time", "body": "free text: may name people abroad", "terms": "words of the text, for search"},
        f"id {_ON_CASE} office_id outcome changed_at sent_at",
    ),
    "offices_feedback": Table(
        "What the requester says of the help it got.", WITH_CASE,
        {"signature": "name and organisation at that time", "comment": "free text: may name people"},
        f"id {_ON_CASE} number score created_at",
    ),
    "offices_researchrequest": Table(
        "What an office is asked to find out abroad.", WITH_CASE,
        {
            "contact": "name of the person in charge", "division": "where that person works",
            "telephone": "telephone at work", "email": "address at work",
            **dict.fromkeys(("purpose", "not_from_japan", "questions", "situation", "exception_wanted", "exception",
                             "feasibility"), "free text: may name people"),
        },
        f"{_ON_CASE} wanted_by letter_id",
    ),
    "offices_researchresult": Table(
        "What the office found out.", WITH_CASE,
        {"signature": "name and organisation at that time", "body": "free text: may name people abroad", "terms": "words of the text, for search"},
        f"id {_ON_CASE} office_id written_at sent_at released_at",
    ),
    "offices_sharedresearch": Table(
        "The list of research results that all local governments read.", WITH_CASE,
        {"title": "free text: may name people", "summary": "free text: may name people",
         "search_text": "title and summary in folded form, for search", "bigrams": "title and summary in pairs of letters"},
        "id case_id office_id countries topics fiscal_year listed shared_on sample",
    ),
    "offices_researchcopy": Table(
        "Which local government asked for a result of the list.", WITH_CASE,
        {"signature": "name and organisation at that time", "released_by": "name and organisation at that time"},
        "id research_id organisation_id asked_at released_at",
    ),
    "offices_foreignrequest": Table(
        "What a local government abroad asks an office for.",
        "As long as the case; what nobody confirms is deleted after 72 hours (schedule offices.foreign).",
        {
            "government": "where the person works", "contact": "name of the contact person", "email": "address at work",
            "telephone": "telephone at work", "language": "language the person reads",
            "subject": "free text: may name people", "text": "free text: may name people",
        },
        "id case_id office_id country_id kinds starts_on ends_on created_at asked_at confirmed_at told_state told_office_id told_notes",
    ),
    "offices_foreignletter": Table(
        "What came in through a signed link, until it is on the case.", "Seconds: until the next turn (schedule offices.foreign).",
        {"body": "free text: may name people", "email": "address of whoever asks for a new link"},
        "id request_id kind created_at",
    ),
    "offices_foreignpaper": Table(
        "Papers of such a request or letter, until they hang on the case.",
        "Until the request is confirmed and a case; else with the request.",
        {
            "name": "file name: may name people", "uploaded_by": "nobody: there is no account",
            "sha256": "fingerprint of the content", "key": "where the content lies; it may hold anything about anybody",
        },
        "id media_type size check_state uploaded_at request_id letter_id",
    ),
    # --- the network: public bodies, no people ----------------------------------------------------------------------------
    "network_organisation": Table("Public bodies; addresses are those of the body.", plain=f"{_ORGANISATION_PLAIN} name search_text"),
    "network_organisationevent": Table(
        "Former values, written by the database.", OPEN, dict(_CHANGED_BY), f"{_ORGANISATION_PLAIN} {_HISTORY}",
    ),
    "network_succession": Table("Mergers and renamings.", plain="id predecessor_id successor_id kind on source"),
    "network_jurisdiction": Table("Which office serves which country.", plain="id office_id country_id starts_on ends_on source"),
    "network_claim": Table(
        "Published facts with their sources. Two kinds name holders of public office (the chair by date), as published.",
        "As long as the source stands. " + OPEN, {"value": "may be the name of a holder of public office"},
        "id subject organisation_id claim as_of source",
    ),
    "network_country": Table("ISO 3166.", plain="code alpha3 name name_ja name_en short_name_ja region_ja region_en"),
    "network_language": Table("Languages.", plain="code endonym name name_ja name_en script direction version"),
    "calendars_era": Table("Japanese eras.", plain="id name_ja name_en letter starts_on ends_on"),
    "calendars_holiday": Table("Public holidays.", plain="id calendar date name_ja name_en name_local working source"),
    # --- the framework ----------------------------------------------------------------------------------------------------
    "walls_cache": Table(
        "Counters of throttles.", "Minutes; overwritten or culled by the cache.",
        {"cache_key": "hash of a network address or an e-mail address, or the number of a person and a day", "value": "when it was counted"}, "expires",
    ),
    "auth_permission": Table("Not used: authority comes from postings.", plain="id name content_type_id codename"),
    "auth_group": Table("Not used.", plain="id name"),
    "auth_group_permissions": Table("Not used.", plain="id group_id permission_id"),
    "django_content_type": Table("Names of models.", plain="id app_label model"),
    "django_migrations": Table("Migrations that ran.", plain="id app name applied"),
    "pghistory_context": Table("Not used: history takes the person from the transaction.", plain="id created_at updated_at metadata"),
}  # fmt: skip

HEAD = """# Data inventory

Which column says something about a person, why it is there, and how long it stays. Written from
`tests/deploy/data_inventory.py` by `python -m tests.deploy.data_inventory`; `tests/deploy/test_data_inventory.py` fails for
a table or a column that is not here, and for one that is no longer in the database. "Open" is said where it is open.

Outside the database: the papers themselves (storage for documents, random names), results of jobs (7 days), the head files of
the log (number, digest and time; no personal data), mails at the mail server, log lines of the processes (method, path, status,
request id; the trace of a fault may quote values), nginx's access log (network address, path) and backups of all of these. Their terms are the
operator's: docs/runbook.md.
"""


def render() -> str:
    personal = {name: table for name, table in TABLES.items() if table.personal}
    lines = [HEAD, f"## Tables with personal data ({len(personal)})\n"]
    for name, table in personal.items():
        lines.append(f"### {name}\n\n{table.purpose} **Kept:** {table.retention}\n")
        lines += ["| column | what it says |", "|---|---|"]
        lines += [f"| `{column}` | {what} |" for column, what in table.personal.items()]
        lines.append(f"\nNot personal: {', '.join(f'`{column}`' for column in table.plain.split())}.\n")
    lines += [f"## Tables without ({len(TABLES) - len(personal)})\n", "| table | what it holds |", "|---|---|"]
    lines += [f"| `{name}` | {table.purpose} |" for name, table in TABLES.items() if not table.personal]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(render(), encoding="utf-8")
