"""A mail as the case needs it: sender, subject, plain text, papers. Nothing in it is trusted."""

from __future__ import annotations

import email.policy
import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import getaddresses
from html.parser import HTMLParser

from clair_portal.casework.mail.addresses import Destination, destination

MOST_PAPERS = 20
BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "table", "blockquote"}
# Written in front of a mail for each delivery: by the spool, and by mail servers on its way.
OF_ONE_DELIVERY = (b"x-portal-envelope-to:", b"delivered-to:", b"x-original-to:", b"return-path:")
UNSEEN = {"script", "style", "head", "title"}


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """`digest` tells the same mail when it comes twice. `automatic`: an answer of a machine, which must not land."""

    sender: str
    sender_name: str
    subject: str
    text: str
    attachments: tuple[Attachment, ...]
    left_out: int
    destinations: tuple[Destination, ...]
    automatic: bool
    digest: str


def read(raw: bytes, envelope: Iterable[str] = ()) -> Mail:
    """Reads a mail. `envelope`: the recipients the mail server was told; the headers count as well."""
    message = message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    name, address = _first_address(message, "From")
    papers = [part for part in message.iter_attachments() if not part.is_multipart()]
    return Mail(
        sender=_on_a_line(address)[:254],
        sender_name=_on_a_line(name or address)[:120],
        subject=_on_a_line(_header(message, "Subject"))[:200],
        text=_text(message),
        attachments=tuple(_attachment(part, number) for number, part in enumerate(papers[:MOST_PAPERS], 1)),
        left_out=max(0, len(papers) - MOST_PAPERS),
        destinations=_destinations(message, envelope),
        automatic=_header(message, "Auto-Submitted").lower() not in ("", "no")
        or _header(message, "Precedence").lower() in ("bulk", "junk", "list"),
        digest=hashlib.sha256(_as_sent(raw)).hexdigest(),
    )


def _as_sent(raw: bytes) -> bytes:
    """The mail without what one delivery of it wrote in front: two deliveries of one mail are one mail."""
    begin = 0
    while raw[begin : begin + 24].lower().startswith(OF_ONE_DELIVERY):
        begin = _end_of_line(raw, begin)
        while raw[begin : begin + 1] in (b" ", b"\t"):  # the header goes on
            begin = _end_of_line(raw, begin)
    return raw[begin:]


def _end_of_line(raw: bytes, begin: int) -> int:
    return raw.find(b"\n", begin) + 1 or len(raw)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError):  # headers nobody can take apart
        return ""


def _first_address(message: EmailMessage, name: str) -> tuple[str, str]:
    found = getaddresses([_header(message, name)])
    return found[0] if found else ("", "")


def _destinations(message: EmailMessage, envelope: Iterable[str]) -> tuple[Destination, ...]:
    headers = [_header(message, name) for name in ("To", "Cc", "Delivered-To", "X-Original-To")]
    # One by one: newer Pythons, and Debian's, throw away all of them where one is empty or cannot be read.
    written = [*envelope, *(address for header in headers for _name, address in getaddresses([header]))]
    found = [destination(address) for address in written]
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _attachment(part: EmailMessage, number: int) -> Attachment:
    try:
        content = part.get_content()
    except (KeyError, LookupError, ValueError):
        content = part.get_payload(decode=True) or b""
    if isinstance(content, EmailMessage):
        content = content.as_bytes()
    raw = content.encode() if isinstance(content, str) else bytes(content)
    return Attachment(_on_a_line(part.get_filename() or "") or f"paper-{number}", raw)


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    try:
        content = body.get_content()
    except (KeyError, LookupError, ValueError):
        payload = body.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    text = content if body.get_content_subtype() == "plain" else without_markup(content)
    return _readable(text.replace("\r\n", "\n"), kept="\n\t").strip()


def _on_a_line(text: str) -> str:
    return _readable(" ".join(text.split()))


def _readable(text: str, kept: str = "") -> str:
    """Without control characters and halves of characters, which the database does not take or nobody sees."""
    return "".join(each for each in text if each in kept or unicodedata.category(each) not in ("Cc", "Cs"))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in UNSEEN
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.unseen = max(0, self.unseen - (tag in UNSEEN))

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(" ".join(data.split()) + (" " if data[-1:].isspace() else ""))


def without_markup(markup: str) -> str:
    """The words of an HTML mail, one line a block."""
    words = _Words()
    words.feed(markup)
    lines = (line.strip() for line in "".join(words.parts).split("\n"))
    return "\n".join(line for line in lines if line)
