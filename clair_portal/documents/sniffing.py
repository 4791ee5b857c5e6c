"""What a file really is. An allow-list: what is not recognised is refused with a sentence that says what to send instead."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 60_000_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ENTRIES = 5000
MAX_RATIO = 200


class Refused(ValueError):
    """The file is not taken; the message is a sentence for the person who sent it."""


@dataclass(frozen=True)
class Sniffed:
    media_type: str
    content: bytes  # as it will be stored: images are written anew, without metadata


_OFFICE = {
    "docx": ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pptx": ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
_OLD_OFFICE = {"doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint"}
_OLE, _ZIP, _PDF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"%PDF-"
_ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|OpenAction\s*<<[^>]*JavaScript)\b")
_BIDI = {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u200e", "\u200f"}
EXTENSIONS = (*_OFFICE, *_OLD_OFFICE, "pdf", "jpg", "jpeg", "png", "txt", "csv")


def safe_name(name: str) -> str:
    """The name without folders. Raises Refused for names that show something else than they are."""
    if any(unicodedata.category(c) == "Cc" for c in name) or any(c in _BIDI for c in name):
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
    return Refused(_("The content is not what the name says (.%(extension)s).") % {"extension": extension})


def _office(extension: str, content: bytes) -> str:
    folder, media_type = _OFFICE[extension]
    if not content.startswith(_ZIP):
        raise _not_what_it_says(extension)
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Refused(_("The file is damaged and cannot be opened.")) from error
    names = [entry.filename for entry in entries]
    if "[Content_Types].xml" not in names or not any(entry.startswith(folder) for entry in names):
        raise _not_what_it_says(extension)
    _no_bomb(entries, len(content))
    if any(entry.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".scr")) for entry in names):
        raise Refused(_("The file holds macros or programs. Save it without macros and send it again."))
    if any(entry.startswith("/") or ".." in entry.split("/") for entry in names):
        raise Refused(_("The file is damaged and cannot be opened."))
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(_("The file is protected by a password. Remove the password and send it again."))
    return media_type


def _no_bomb(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > packed * MAX_RATIO:
        raise Refused(_("Unpacked, the file would be far too large."))


def _old_office(extension: str, content: bytes) -> str:
    if not content.startswith(_OLE):
        raise _not_what_it_says(extension)
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise Refused(_("The file holds macros or programs. Save it without macros and send it again."))
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused(_("The file is protected by a password. Remove the password and send it again."))
    return _OLD_OFFICE[extension]


def _pdf(content: bytes) -> str:
    if not content.startswith(_PDF) or zipfile.is_zipfile(io.BytesIO(content)):
        raise _not_what_it_says("pdf")
    if b"%%EOF" not in content[-2048:]:
        raise Refused(_("The file is damaged and cannot be opened."))
    if _ACTIVE_PDF.search(content):
        raise Refused(_("The PDF holds scripts or attached files. Print it to a new PDF and send that."))
    if b"/Encrypt" in content:
        raise Refused(_("The file is protected by a password. Remove the password and send it again."))
    return "application/pdf"


def _text(extension: str, content: bytes) -> str:
    if b"\0" in content:
        raise _not_what_it_says(extension)
    for encoding in ("utf-8-sig", "cp932"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return "text/csv" if extension == "csv" else "text/plain"
    raise Refused(_("The text is neither UTF-8 nor Shift JIS."))


def _image(extension: str, content: bytes) -> Sniffed:
    wanted = "PNG" if extension == "png" else "JPEG"
    try:
        with Image.open(io.BytesIO(content), formats=[wanted]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Refused(_("The picture is too large. Send one of at most 60 million pixels."))
            upright = ImageOps.exif_transpose(image) or image
            return Sniffed(f"image/{wanted.lower()}", _rewritten(upright, wanted))
    except UnidentifiedImageError as error:
        raise _not_what_it_says(extension) from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(_("The file is damaged and cannot be opened.")) from error


def _rewritten(image: Image.Image, format_name: str) -> bytes:
    """The pixels alone: place, camera and thumbnails stay behind, and so does whatever hung on behind the picture."""
    bare = image.copy()
    bare.info = {key: value for key, value in image.info.items() if key == "transparency"}
    if format_name == "JPEG" and bare.mode not in ("L", "RGB", "CMYK"):
        bare = bare.convert("RGB")
    out = io.BytesIO()
    bare.save(out, format_name, **({"quality": 92} if format_name == "JPEG" else {}))
    return out.getvalue()
