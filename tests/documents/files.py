"""Hostile and odd files, made by hand: no sample of real malware is needed to show what is refused."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib

from PIL import Image
from PIL.TiffImagePlugin import IFDRational

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def office(folder: str = "word", **parts: str | bytes) -> bytes:
    """A minimal Office file; `parts` are further entries (two underscores stand for a slash, three for a dot)."""
    return packed({"[Content_Types].xml": TYPES, f"{folder}/document.xml": "<w:document/>", **parts})


def packed(entries: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_part(name: str, content: str | bytes = "x", folder: str = "word") -> bytes:
    return packed({"[Content_Types].xml": TYPES, f"{folder}/document.xml": "<w:document/>", name: content})


def bomb() -> bytes:
    """About 300 KB on disk, 300 MB unpacked."""
    return with_part("word/media/image1.png", bytes(300 * 1024 * 1024))


def lying_bomb() -> bytes:
    """The table of contents says 10 bytes; inside are 4 MB."""
    content = bytearray(with_part("word/media/image1.png", bytes(4 * 1024 * 1024)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = struct.pack("<I", archive.getinfo("word/media/image1.png").file_size)
    return bytes(content).replace(size, struct.pack("<I", 10))


def symbolic_link() -> bytes:
    out = io.BytesIO(office())
    with zipfile.ZipFile(out, "a") as archive:
        entry = zipfile.ZipInfo("word/media/link")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def password_protected() -> bytes:
    """The first flag of an entry says that it is encrypted."""
    content = bytearray(office())
    start = content.index(b"PK\x01\x02")
    content[start + 8] |= 1
    content[6] |= 1
    return bytes(content)


def twice_the_same_name() -> bytes:
    return with_part("word/document.xmX", "<evil/>").replace(b"word/document.xmX", b"word/document.xml")


def ole(*streams: str) -> bytes:
    return OLE + b"".join(name.encode("utf-16-le") + b"\0\0" for name in streams)


def pdf(extra: bytes = b"", end: bytes = b"startxref\n9\n%%EOF\n") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + extra + b"\n" + end


def pdf_with_packed_script() -> bytes:
    stream = zlib.compress(b"2 0 << /S /JavaScript /JS (app.alert(1)) >>")
    return pdf(
        b"5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(stream)
        + stream
        + b"\nendstream"
    )


def nested_objects(depth: int) -> bytes:
    """Each stream is stored as it is and holds the next one, so that whoever looks into all of them reads the file again and again."""
    inner = os.urandom(40_000)
    for _level in range(depth):
        compressor = zlib.compressobj(0)
        inner = b"/ObjStm stream\n" + compressor.compress(inner[:60_000]) + compressor.flush()
    return inner


def picture(format_name: str = "PNG", size: tuple[int, int] = (8, 6), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, format_name, **options)
    return out.getvalue()


def photo_with_place() -> bytes:
    """A JPEG that says where it was taken (Otaru), with which camera, and that it lies on its side."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SecretCamera", 6
    exif[0x8825] = {
        1: "N",
        2: (IFDRational(43), IFDRational(11), IFDRational(27)),
        3: "E",
        4: (IFDRational(140), IFDRational(59), IFDRational(40)),
    }
    return picture("JPEG", (40, 20), exif=exif, comment=b"private remark")


def png_of(width: int, height: int) -> bytes:
    """A header that promises a picture of this size, and next to nothing behind it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
