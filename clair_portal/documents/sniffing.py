"""What a file really is. An allow-list: what is not recognised is refused with a sentence that says what to send instead."""

from __future__ import annotations

import io
import re
import stat
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.etree import ElementTree

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 60_000_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ENTRIES = 5000
MAX_RATIO = 200
_PIECE, _PORTION = 1024 * 1024, 16 * 1024


class Refused(ValueError):
    """The file is not taken; read as text it is a sentence for the person who sent it, in the language active then."""

    def __init__(self, sentence: Promise | str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence, self.values = sentence, values

    def __str__(self) -> str:
        return str(self.sentence) % self.values if self.values else str(self.sentence)


@dataclass(frozen=True)
class Sniffed:
    media_type: str
    content: bytes  # as it will be stored: images are written anew, without metadata


_OFFICE = {
    "docx": ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pptx": ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
# Ending: media type, and the streams of which one must be there; an installer (.msi) has the same first bytes.
_OLD_OFFICE = {
    "doc": ("application/msword", ("WordDocument",)),
    "xls": ("application/vnd.ms-excel", ("Workbook", "Book")),
    "ppt": ("application/vnd.ms-powerpoint", ("PowerPoint Document",)),
}
_OLE, _ZIP, _PDF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"%PDF-"
_PROGRAMS = (
    "vbaproject.bin", ".exe", ".dll", ".scr", ".com", ".msi", ".js", ".jse", ".vbs", ".vbe", ".wsf", ".hta", ".bat", ".cmd",
    ".ps1", ".lnk", ".jar", ".zip", ".7z", ".rar",
)  # fmt: skip


def _name(text: str) -> bytes:
    """A pattern for a name of a PDF however it is spelled: /J#61vaScript is /JavaScript."""
    return b"/" + b"".join(b"(?:%c|(?i:#%02x))" % (letter, letter) for letter in text.encode())


# Long names only: "/JS" alone stands by chance in one of ten large scans. A script needs /JavaScript or /Rendition.
_ACTIVE = (
    "JavaScript", "Rendition", "Launch", "EmbeddedFile", "EmbeddedFiles", "FileAttachment", "RichMedia", "ImportData",
    "SubmitForm",
)  # fmt: skip
_ACTIVE_PDF = re.compile(rb"(?:%s)\b|%s\s*[\[\d]" % (b"|".join(map(_name, _ACTIVE)), _name("XFA")))
_ENCRYPTED = re.compile(_name("Encrypt"))
_PACKED = re.compile(rb"%s\b" % _name("ObjStm"))
_PACKED_OBJECTS = re.compile(rb"%s\b[^\0]{0,400}?stream\r?\n" % _name("ObjStm"))
MAX_PACKED, MAX_PACKED_BYTES = 5000, 64 * 1024 * 1024  # a document of a thousand pages has some hundred
# A template from the net brings its macros along. Links between workbooks on a server of one's own are common and stay.
_FETCHED = ("/attachedTemplate", "/oleObject", "/frame", "/subDocument")
_ELSEWHERE = ("http:", "https:", "ftp:", "mhtml:")
MAX_RELATIONS = 4 * 1024 * 1024
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1c-\x1f]")
_ENTITIES = tuple("<!ENTITY".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control, direction and zero-width characters, line ends
EXTENSIONS = (*_OFFICE, *_OLD_OFFICE, "pdf", "jpg", "jpeg", "png", "txt", "csv")


def safe_name(name: str) -> str:
    """The name without folders. Raises Refused for names that show something else than they are."""
    if any(unicodedata.category(character) in _HIDDEN for character in name):
        raise Refused(_("The file name holds invisible characters. Rename the file and send it again."))
    bare = unicodedata.normalize("NFC", PurePosixPath(name.replace("\\", "/")).name.strip())
    if not bare or bare.startswith("."):
        raise Refused(_("The file has no proper name. Rename the file and send it again."))
    if len(bare) > 150:
        raise Refused(_("The file name is too long. Use at most 150 characters."))
    return bare


def sniff(name: str, content: bytes) -> Sniffed:
    """Recognises the content and compares it with the ending of the name. Raises Refused."""
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if extension not in EXTENSIONS:
        raise Refused(_("Files of this kind are not taken. Send Word, Excel, PowerPoint, PDF, JPEG, PNG, text or CSV."))
    if not content:
        raise Refused(_("The file is empty."))
    if extension in _OFFICE:
        return Sniffed(_office(extension, content), content)
    if extension in _OLD_OFFICE:
        return Sniffed(_old_office(extension, content), content)
    if extension == "pdf":
        return Sniffed(_pdf(content), content)
    if extension in ("txt", "csv"):
        return Sniffed(_text(extension, content), content)
    return _image(extension, content)


def _not_what_it_says(extension: str) -> Refused:
    return Refused(_("The content is not what the name says (.%(extension)s)."), extension=extension)


def _damaged() -> Refused:
    return Refused(_("The file is damaged and cannot be opened."))


def _protected() -> Refused:
    return Refused(_("The file is protected by a password. Remove the password and send it again."))


def _holds_programs() -> Refused:
    return Refused(_("The file holds macros or programs. Save it without macros and send it again."))


# --- Word, Excel, PowerPoint -------------------------------------------------------------------------------------------
def _office(extension: str, content: bytes) -> str:
    folder, media_type = _OFFICE[extension]
    if content.startswith(_OLE) and _has_stream(content, "EncryptedPackage"):
        raise _protected()
    if not content.startswith(_ZIP):
        raise _not_what_it_says(extension)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if "[Content_Types].xml" not in names or not any(entry.startswith(folder) for entry in names):
                raise _not_what_it_says(extension)
            _check_entries(entries, len(content))
            _check_parts(archive, entries)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        if isinstance(error, Refused):
            raise
        raise _damaged() from error
    return media_type


def _check_entries(entries: list[zipfile.ZipInfo], packed: int) -> None:
    """What the table of contents says."""
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > packed * MAX_RATIO:
        raise _too_large_unpacked()
    if any(entry.filename.lower().endswith(_PROGRAMS) for entry in entries):
        raise _holds_programs()
    if any(_leads_out(entry) for entry in entries) or len({entry.filename for entry in entries}) != len(entries):
        raise _damaged()
    if any(entry.flag_bits & 1 for entry in entries):
        raise _protected()


def _too_large_unpacked() -> Refused:
    return Refused(_("Unpacked, the file would be far too large."))


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    parts = entry.filename.replace("\\", "/").split("/")
    return parts[0] == "" or ".." in parts or ":" in parts[0] or stat.S_ISLNK(entry.external_attr >> 16)


def _check_parts(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """What really is inside: the table of contents may lie about sizes (then the checksum does not fit)."""
    left = MAX_UNPACKED
    for entry in entries:
        kept = []
        is_text = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
        with archive.open(entry) as part:
            while piece := part.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise _too_large_unpacked()
                if is_text:
                    kept.append(piece)
        _check_text(entry.filename, b"".join(kept))


def _check_text(name: str, text: bytes) -> None:
    if name == "[Content_Types].xml" and (b"macroEnabled" in text or b"vbaProject" in text):
        raise _holds_programs()
    if any(entity in text for entity in _ENTITIES):
        raise _damaged()
    if name.lower().endswith(".rels") and _fetches(text):
        raise Refused(_("The file fetches parts of itself from elsewhere. Send it as a PDF."))


def _fetches(relations: bytes) -> bool:
    if len(relations) > MAX_RELATIONS:
        raise _too_large_unpacked()
    try:
        found = ElementTree.fromstring(relations).iter()  # noqa: S314 - entities were refused before
    except (ElementTree.ParseError, LookupError) as error:  # no XML, an unknown encoding
        raise _damaged() from error
    return any(_is_elsewhere(each.get("Target", "")) for each in found if each.get("Type", "").endswith(_FETCHED))


def _is_elsewhere(target: str) -> bool:
    return target.strip().lower().startswith(_ELSEWHERE)


def _old_office(extension: str, content: bytes) -> str:
    media_type, streams = _OLD_OFFICE[extension]
    if not content.startswith(_OLE):
        raise _not_what_it_says(extension)
    if _has_stream(content, "EncryptedPackage") or _has_stream(content, "EncryptedSummary"):
        raise _protected()
    if not any(_has_stream(content, stream) for stream in streams):
        raise _not_what_it_says(extension)
    if _has_stream(content, "_VBA_PROJECT"):
        raise _holds_programs()
    return media_type


def _has_stream(content: bytes, name: str) -> bool:
    return name.encode("utf-16-le") in content


# --- PDF ---------------------------------------------------------------------------------------------------------------
def _pdf(content: bytes) -> str:
    if not content.startswith(_PDF) or zipfile.is_zipfile(io.BytesIO(content)):
        raise _not_what_it_says("pdf")
    if b"%%EOF" not in content[-2048:]:
        raise _damaged()
    visible = content + _packed_objects(content)
    if _ACTIVE_PDF.search(visible):
        raise Refused(_("The PDF holds scripts or attached files. Print it to a new PDF and send that."))
    if _ENCRYPTED.search(visible):
        raise _protected()
    return "application/pdf"


def _packed_objects(content: bytes) -> bytes:
    """Objects that a PDF keeps compressed; a script hidden there is invisible in the file itself."""
    if sum(1 for _found in _PACKED.finditer(content)) > MAX_PACKED:
        raise _too_large_unpacked()
    unpacked, left = [], MAX_PACKED_BYTES
    for start in _PACKED_OBJECTS.finditer(content):
        objects, work = _inflated(memoryview(content)[start.end() :], left)
        unpacked.append(objects)
        left -= work
        if left <= 0:
            raise _too_large_unpacked()
    return b"\n".join(unpacked)


def _inflated(packed: memoryview, most: int) -> tuple[bytes, int]:
    """What the stream that begins here holds, up to `most` bytes and a fault, and the bytes that were read or written for it."""
    inflater, pieces, read, written = zlib.decompressobj(), [], 0, 0
    while not inflater.eof and max(read, written) < most and read < len(packed):
        piece = packed[read : read + _PORTION]
        try:
            pieces.append(inflater.decompress(piece, most - written))
        except zlib.error:
            break
        read += len(piece)
        written += len(pieces[-1])
    return b"".join(pieces), max(read, written)


# --- Text --------------------------------------------------------------------------------------------------------------
def _text(extension: str, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x1b" in content:  # UTF-16, JIS
        raise _unknown_encoding()
    if _CONTROL.search(content):
        raise _not_what_it_says(extension)
    for encoding in ("utf-8-sig", "cp932"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return "text/csv" if extension == "csv" else "text/plain"
    raise _unknown_encoding()


def _unknown_encoding() -> Refused:
    return Refused(_("The text is neither UTF-8 nor Shift JIS."))


# --- Pictures ----------------------------------------------------------------------------------------------------------
def _image(extension: str, content: bytes) -> Sniffed:
    wanted = "PNG" if extension == "png" else "JPEG"
    try:
        with Image.open(io.BytesIO(content), formats=[wanted]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_many_pixels()
            ImageOps.exif_transpose(image, in_place=True)
            return Sniffed(f"image/{wanted.lower()}", _rewritten(image, wanted))
    except Refused:
        raise
    except UnidentifiedImageError as error:
        raise _not_what_it_says(extension) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:  # the library fails in many ways on a picture that is broken on purpose
        raise _damaged() from error


def _too_many_pixels() -> Refused:
    return Refused(_("The picture is too large. Send one of at most 60 million pixels."))


def _rewritten(image: Image.Image, format_name: str) -> bytes:
    """The pixels alone: place, camera and thumbnails stay behind, and so does whatever hung on behind the picture.

    Changed in place: a copy of 60 million pixels would take another 240 MB.
    """
    image.load()
    image.info = {key: value for key, value in image.info.items() if key == "transparency"}
    written = image.convert("RGB") if format_name == "JPEG" and image.mode not in ("L", "RGB", "CMYK") else image
    out = io.BytesIO()
    written.save(out, format_name, **({"quality": 92} if format_name == "JPEG" else {}))
    return out.getvalue()
