"""A mail to a signed address lands on its case with its papers, once, on the right side; a forged one lands nowhere."""

from __future__ import annotations

import datetime as dt
import os
import smtplib
import socket
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import TestCase
from django.utils import translation

from clair_portal.casework.mail.addresses import address, destination
from clair_portal.casework.mail.lmtp import server
from clair_portal.casework.mail.reading import read, without_markup
from clair_portal.casework.mail.spool import folder, put, take_in
from clair_portal.casework.models import Case, CaseFile, Note, ReceivedMail
from clair_portal.outbox import notices
from clair_portal.outbox.delivery import deliver
from clair_portal.outbox.models import Email, Message, Notification
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.casework.travel import case_in, step
from tests.cast import NOW, reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def spool(tmp_path: Path, settings: Any) -> Path:
    settings.MAIL_IN_SPOOL = tmp_path / "mail-in"
    return tmp_path / "mail-in"


def mail(to: str, text: str = "The museum says yes.", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "Anna Host <anna@museum.example>", to
    message["Subject"] = headers.pop("Subject", "Re: visit in June")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def arrive(message: EmailMessage | bytes, to: list[str] | None = None) -> None:
    """Through the spool, as the relay does it."""
    put(message if isinstance(message, bytes) else message.as_bytes(), to or [])
    with TestCase.captureOnCommitCallbacks(execute=True), acting(SYSTEM_SCOPE):
        take_in(NOW)


def own_address(cast: SimpleNamespace, case: Case, place: str, *, shared: bool = False) -> str:
    return address(case.pk, cast.places[place].pk, shared=shared)


def test_a_mail_lands_with_its_papers_on_the_side_it_was_sent_to(cast: SimpleNamespace, spool: Path) -> None:
    case = case_in(cast, "in_progress")
    message = mail(own_address(cast, case, "london"))
    message.add_attachment(b"1. Floor plan", maintype="text", subtype="plain", filename="plan.txt")
    arrive(message)
    note = Note.objects.get(case=case)
    assert (note.side, note.shared, note.author) == ("office", False, cast.places["london"])
    assert note.body == "Re: visit in June\n\nThe museum says yes."
    assert note.signature["en"] == "Anna Host (London office, by mail)"
    paper = CaseFile.objects.get(case=case)
    assert (paper.name, paper.side, paper.shared) == ("plan.txt", "office", False)
    assert [path.name for path in (spool / "new").iterdir()] == []
    assert len(list((spool / "done").iterdir())) == 1


def test_an_internal_mail_is_read_and_told_on_its_own_side_only(cast: SimpleNamespace) -> None:
    case = case_in(cast, "in_progress")
    Message.objects.all().delete()
    arrive(mail(own_address(cast, case, "london")))
    readers = {person: reader(cast, person).scope for person in ("london", "otaru", "hq_officer", "hokkaido")}
    seen = set()
    for person, scope in readers.items():
        with acting(scope):
            if Note.objects.visible_to(scope).exists():
                seen.add(person)
    assert seen == {"london"}
    assert Message.objects.get().addressed == [{"organisation": cast.places["london"].pk, "right": "cases.work"}]


def test_a_shared_mail_is_told_to_every_side(cast: SimpleNamespace) -> None:
    case = case_in(cast, "in_progress")
    Message.objects.all().delete()
    arrive(mail(own_address(cast, case, "otaru", shared=True)))
    assert Note.objects.get(case=case).shared
    told = {post["organisation"] for post in Message.objects.get().addressed}
    assert told == {cast.places[place].pk for place in ("otaru", "hokkaido", "hq", "london")}


def test_the_same_mail_delivered_twice_lands_once(cast: SimpleNamespace) -> None:
    case = case_in(cast, "in_progress")
    message = mail(own_address(cast, case, "london"))
    arrive(message)
    arrive(message)
    assert (Note.objects.filter(case=case).count(), ReceivedMail.objects.count()) == (1, 1)


@pytest.mark.parametrize("traced", [False, True], ids=["as sent", "with the traces of each delivery"])
def test_one_mail_to_two_cases_in_two_deliveries_lands_once_on_each(cast: SimpleNamespace, traced: bool) -> None:
    """Mail servers may deliver to one recipient after the other; both addresses stand in the header each time."""
    cases = [case_in(cast, "in_progress"), case_in(cast, "in_progress")]
    both = [own_address(cast, case, "london") for case in cases]
    sent = mail(", ".join(both)).as_bytes()
    for to in both:
        trace = f"Return-Path: <anna@museum.example>\r\nDelivered-To:\r\n {to}\r\n".encode() if traced else b""
        arrive(trace + sent, [to])
    assert [Note.objects.filter(case=case).count() for case in cases] == [1, 1]
    arrive(mail(", ".join(both), "The museum says no."), both)
    assert [Note.objects.filter(case=case).count() for case in cases] == [2, 2]


@pytest.mark.parametrize("forge", ["other case", "other organisation", "shared instead", "cut off", "other domain"])
def test_a_forged_address_leads_nowhere(cast: SimpleNamespace, spool: Path, forge: str) -> None:
    case, other = case_in(cast, "in_progress"), case_in(cast, "in_progress")
    true = own_address(cast, case, "london")
    forged = {
        "other case": true.replace(f"case-{case.pk}-", f"case-{other.pk}-"),
        "other organisation": true.replace(f"-{cast.places['london'].pk}-", f"-{cast.places['otaru'].pk}-"),
        "shared instead": true.replace("-i-", "-s-"),
        "cut off": true.replace("@", "", 1)[: len(true) // 2] + "@cases.example",
        "other domain": true.replace("cases.example", "cases.example.net"),
    }[forge]
    assert destination(true) is not None
    assert destination(forged) is None
    arrive(mail(forged))
    assert Note.objects.count() == 0
    reasons = [path.read_text() for path in (spool / "refused").glob("*.reason")]
    assert reasons == ["no address of a case, or a forged one\n"]


def test_a_former_key_still_opens_its_addresses(cast: SimpleNamespace, settings: Any) -> None:
    written = address(7, 8, shared=True)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key of the portal", [settings.SECRET_KEY]
    assert destination(written) is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert destination(written) is None


def test_an_office_that_has_returned_the_case_cannot_write_by_mail_either(cast: SimpleNamespace, spool: Path) -> None:
    case = case_in(cast, "referred")
    written = own_address(cast, case, "london")
    step(cast, case, "london", "return", reason="Not ours")
    Message.objects.all().delete()
    arrive(mail(written))
    assert Note.objects.count() == 0
    assert [p.read_text() for p in (spool / "refused").glob("*.reason")] == ["the office is no longer on the case\n"]
    arrive(mail(written))  # delivered once more: told once
    message = Message.objects.get()
    assert message.addressed == [{"organisation": cast.places["london"].pk, "right": "cases.work"}]
    deliver(message.pk, NOW.replace(year=2030))
    with translation.override("en"):
        said = {notices.rendered(each.event, each.params) for each in Notification.objects.all()}
    assert said == {(
        f"A mail did not reach {case.number}",
        f"Anna Host sent the mail “Re: visit in June” to your address for {case.number}. It was not put on the case, because "
        "your organisation is no longer on it. If it still matters, send it to headquarters.",
    )}  # fmt: skip
    assert case.title not in str(message.params)
    assert not Email.objects.filter(to="anna@museum.example").exists()  # whoever wrote it is not verified


def test_one_address_that_no_longer_leads_anywhere_stops_no_other(cast: SimpleNamespace, spool: Path) -> None:
    gone, open_one = case_in(cast, "referred"), case_in(cast, "in_progress")
    both = [own_address(cast, case, "london") for case in (gone, open_one)]
    step(cast, gone, "london", "return", reason="Not ours")
    arrive(mail(", ".join(both)), both)
    assert [note.case_id for note in Note.objects.all()] == [open_one.pk]
    assert [p.read_text() for p in (spool / "refused").glob("*.reason")] == ["the office is no longer on the case\n"]
    assert Message.objects.filter(event="casework.mail.refused").count() == 1
    assert list((spool / "new").iterdir()) == []


def test_what_passes_is_tried_again_for_a_day(
    cast: SimpleNamespace, spool: Path, tmp_path: Path, settings: Any
) -> None:
    """Papers cannot be stored; the mail was accepted and is not lost."""
    case, usual = case_in(cast, "in_progress"), settings.STORAGES
    (tmp_path / "no-folder").write_text("")
    broken = {**usual["documents"], "OPTIONS": {"location": str(tmp_path / "no-folder")}}
    settings.STORAGES = {**usual, "documents": broken}
    message = mail(own_address(cast, case, "london"))
    message.add_attachment(b"fine", maintype="text", subtype="plain", filename="fine.txt")
    arrive(message)
    [waiting] = (spool / "new").glob("*.eml")
    os.utime(waiting, (NOW.timestamp(), NOW.timestamp()))
    assert (Note.objects.count(), (spool / "refused").exists()) == (0, False)
    settings.STORAGES = usual
    with TestCase.captureOnCommitCallbacks(execute=True), acting(SYSTEM_SCOPE):
        take_in(NOW + dt.timedelta(hours=1))
    assert (Note.objects.count(), CaseFile.objects.get().name) == (1, "fine.txt")
    settings.STORAGES = {**usual, "documents": broken}
    message.replace_header("Subject", "Another")
    put(message.as_bytes(), [])
    [waiting] = (spool / "new").glob("*.eml")
    os.utime(waiting, (NOW.timestamp(), NOW.timestamp()))
    with TestCase.captureOnCommitCallbacks(execute=True), acting(SYSTEM_SCOPE):
        take_in(NOW + dt.timedelta(hours=25))
    assert "NotADirectoryError" in next((spool / "refused").glob("*.reason")).read_text()


def test_signs_that_nobody_sees_are_taken_out_of_a_mail(cast: SimpleNamespace) -> None:
    case = case_in(cast, "in_progress")
    raw = mail(own_address(cast, case, "london")).as_bytes()
    raw = raw.replace(b"Subject: Re: visit in June", b"Subject: =?utf-8?q?Re:=00_visit=07?=")
    arrive(raw.replace(b"From: Anna Host", b"From: =?utf-8?q?Anna=00_Host?="))
    note = Note.objects.get()
    assert note.body.startswith("Re: visit\n\n")
    assert note.signature["en"].startswith("Anna Host (")


def test_an_answer_of_a_machine_to_a_former_address_is_told_to_nobody(cast: SimpleNamespace) -> None:
    case = case_in(cast, "referred")
    step(cast, case, "london", "return", reason="Not ours")
    arrive(mail(own_address(cast, case, "london"), Auto_Submitted="auto-replied"))
    assert not Message.objects.filter(event="casework.mail.refused").exists()


def test_a_mail_of_the_office_after_withdrawal_still_lands(cast: SimpleNamespace) -> None:
    case = case_in(cast, "in_progress")
    step(cast, case, "otaru", "withdraw")
    arrive(mail(own_address(cast, case, "london", shared=True)))
    note = Note.objects.get()
    assert (note.body, note.shared) == ("Re: visit in June\n\nThe museum says yes.", True)
    assert Case.objects.get(pk=case.pk).state == "withdrawn"


def test_answers_of_machines_do_not_land(cast: SimpleNamespace) -> None:
    case = case_in(cast, "in_progress")
    arrive(mail(own_address(cast, case, "london"), Auto_Submitted="auto-replied"))
    assert Note.objects.count() == 0


def test_a_hostile_paper_is_named_and_the_rest_lands(cast: SimpleNamespace) -> None:
    case = case_in(cast, "in_progress")
    message = mail(own_address(cast, case, "london"))
    message.add_attachment(b"MZ\x90\x00" + b"\x00" * 64, maintype="application", subtype="pdf", filename="offer.pdf")
    message.add_attachment(b"fine", maintype="text", subtype="plain", filename="fine.txt")
    arrive(message)
    assert list(CaseFile.objects.values_list("name", flat=True)) == ["fine.txt"]
    body = Note.objects.get().body
    assert body.startswith("Re: visit in June\n\nThe museum says yes.\n\n")
    assert "offer.pdf" in body


IN_JAPANESE = (
    "取り込めなかった書類:offer.pdf。中身がファイル名の拡張子(.pdf)と合っていません。",
    "ほかの2件の書類は取り込みませんでした。",
)
IN_ENGLISH = (
    "Refused: offer.pdf. The content is not what the name says (.pdf).",
    "2 more papers were left out.",
)
IN_BOTH = tuple(line for pair in zip(IN_JAPANESE, IN_ENGLISH, strict=True) for line in pair)


@pytest.mark.parametrize(
    ("place", "said"), [("otaru", IN_JAPANESE), ("hokkaido", IN_JAPANESE), ("london", IN_BOTH), ("hq", IN_BOTH)]
)
def test_what_was_left_out_is_said_in_japanese_and_by_people_of_clair_in_both_languages(
    cast: SimpleNamespace, place: str, said: tuple[str, ...]
) -> None:
    """The schedule runs in English."""
    case = case_in(cast, "in_progress")
    message = mail(own_address(cast, case, place, shared=True))
    message.add_attachment(b"MZ\x90\x00" + b"\x00" * 64, maintype="application", subtype="pdf", filename="offer.pdf")
    for number in range(21):
        message.add_attachment(b"fine", maintype="text", subtype="plain", filename=f"{number}.txt")
    with translation.override("en"):
        arrive(message)
    assert Note.objects.get().body.split("\n\n")[-1] == "\n".join(said)


def test_a_very_long_mail_is_kept_whole_as_a_paper(cast: SimpleNamespace) -> None:
    case = case_in(cast, "in_progress")
    arrive(mail(own_address(cast, case, "london"), text="word " * 100_000))
    note, paper = Note.objects.get(), CaseFile.objects.get()
    assert len(note.body) < 10_100
    assert (paper.name, paper.size) == ("message.txt", 499_999)


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff\xfe", b"From: \xff\r\n\r\n", b"To: <>\r\nSubject: =?x?q?y\r\n\r\n" * 3]
)
def test_what_is_no_mail_is_put_aside(cast: SimpleNamespace, spool: Path, raw: bytes) -> None:
    arrive(raw)
    assert len(list((spool / "refused").glob("*.eml"))) == 1


def test_the_words_of_an_html_mail_are_taken_and_nothing_else() -> None:
    markup = "<style>p{}</style><p>Dear <b>Otaru</b>,</p><script>alert(1)</script><p>yes &amp; welcome</p>"
    assert without_markup(markup) == "Dear Otaru,\nyes & welcome"
    message = EmailMessage()
    message["To"] = "x@y.example"
    message.set_content(markup, subtype="html")
    assert read(message.as_bytes()).text == "Dear Otaru,\nyes & welcome"


# --- The door for the mail server ---------------------------------------------------------------------------------------------
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_mail_server_delivers_by_lmtp_and_hears_of_a_forged_address_at_once(
    cast: SimpleNamespace, spool: Path
) -> None:
    case = case_in(cast, "in_progress")
    written = own_address(cast, case, "london")
    port = free_port()
    door = server("127.0.0.1", port)
    door.start()
    try:
        with smtplib.LMTP("127.0.0.1", port) as client:
            client.send_message(mail("list@museum.example"), to_addrs=[written])
            with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                client.send_message(mail(written), to_addrs=[written.replace("-i-", "-s-")])
    finally:
        door.stop()
    assert [code for code, _text in refused.value.recipients.values()] == [550]
    assert len(list(folder("new").iterdir())) == 1
    with TestCase.captureOnCommitCallbacks(execute=True), acting(SYSTEM_SCOPE):
        take_in(NOW)
    assert Note.objects.get().author == cast.places["london"]


def test_the_page_shows_each_side_its_own_addresses(cast: SimpleNamespace, browse: Any) -> None:
    case = case_in(cast, "in_progress")
    for person, place in {"otaru": "otaru", "hokkaido": "hokkaido", "london": "london", "hq_officer": "hq"}.items():
        page = browse(person).get(f"/desk/cases/{case.pk}/").content.decode()
        for shared in (False, True):
            assert own_address(cast, case, place, shared=shared) in page
        assert page.count("@cases.example") == 4  # two addresses, each once to read and once to copy
