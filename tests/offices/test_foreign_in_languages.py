"""Whoever asks in one of the other versions reads the form, its mistakes, the mails and the state in that language."""

from __future__ import annotations

import datetime as dt
import io
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone, translation
from pypdf import PdfReader

from clair_portal.casework.models import Case
from clair_portal.reports import case_file, pdf
from clair_portal.walls.scope import acting
from offices.models import ForeignRequest
from tests.cast import NOW, reader
from tests.conftest import WebClient
from tests.offices.foreign_travel import FILLED_IN, a_turn, arrived, confirmed, mails, stranger
from tests.offices.test_foreign import hostile

pytestmark = pytest.mark.usefixtures("cast", "no_throttle")
VI = {
    "kind": "giới thiệu một chính quyền địa phương Nhật Bản",
    "wrong": [
        "Hãy sửa 4 mục", "Mục này là bắt buộc.", "Hãy nhập địa chỉ thư hợp lệ.",
        "Ngày cuối không được trước ngày đầu.",
        "Ở đây viết được nhiều nhất 150 ký tự, hiện có 200.",
    ],
    "macro": "Tệp có macro hoặc chương trình. Hãy lưu không có macro rồi gửi lại.",
    "link": "Đường liên kết này không đầy đủ hoặc không tồn tại.",
    "confirm": ("Vui lòng xác nhận yêu cầu: Flood walls", "Kính gửi Ann Smith,", "Nếu đó là bạn, hãy mở địa chỉ sau và bấm nút."),
    "told": ("Tình trạng: Yêu cầu của bạn đã đến", "Tình trạng: Trụ sở Tokyo đang xem xét"),
}  # fmt: skip
FR = {
    "kind": "mise en relation avec une collectivité locale japonaise",
    "wrong": [
        "Corrigez 4 champs", "Ce champ est obligatoire.", "Saisissez une adresse électronique valide.",
        "Le dernier jour ne doit pas précéder le premier.",
        "150 caractères au plus tiennent ici, et il y en a 200.",
    ],
    "macro": "Le fichier contient des macros ou des programmes. Enregistrez-le sans macros et renvoyez-le.",
    "link": "Ce lien est incomplet ou n’existe pas.",
    "confirm": ("Veuillez confirmer votre demande : Flood walls", "Bonjour Ann Smith,", "Si c’était vous, ouvrez cette adresse"),
    "told": ("État : Votre demande est arrivée", "État : Le siège à Tokyo examine votre demande"),
}  # fmt: skip
BOTH = pytest.mark.parametrize(("language", "words"), [("vi", VI), ("fr", FR)])


@pytest.fixture
def no_throttle(db: None) -> None:
    cache.clear()


def form(language: str) -> str:
    return f"/{language}/forms/offices/lon/"


@BOTH
def test_choices_mistakes_and_refused_papers_are_said_in_the_language_of_the_form(
    language: str, words: dict[str, Any]
) -> None:
    assert words["kind"] in stranger().get(form(language)).text
    given = {"government": "x" * 200, "email": "ann at york", "subject": "", "ends_on": "2027-05-01"}
    answer = stranger().post(form(language), FILLED_IN | given)
    assert answer.status_code == 422
    page = answer.text
    assert [sentence for sentence in words["wrong"] if sentence not in page] == []
    assert "This field" not in page
    assert words["macro"] in stranger().post(form(language), FILLED_IN | {"papers": [hostile()]}).text
    assert words["link"] in stranger().get(f"/{language}/requests/follow/nothing/").text


@BOTH
def test_mails_and_the_state_behind_the_link_are_in_the_language_of_the_form(
    language: str, words: dict[str, Any]
) -> None:
    case, link = confirmed(path=form(language))
    asked, told = mails()
    subject, greeting, sentence = words["confirm"]
    assert (asked.subject, asked.language) == (subject, language)
    assert asked.body.startswith(greeting)
    assert sentence in asked.body
    received, at_headquarters = words["told"]
    assert received in told.body
    assert link.startswith(f"/{language}/requests/follow/")
    Case.objects.filter(pk=case.pk).update(state="at_headquarters")
    a_turn()
    assert at_headquarters in mails()[-1].body
    said = at_headquarters.partition(": ")[2]
    assert said in stranger().get(link).text


def test_days_and_the_clock_of_the_office_are_written_as_the_language_does() -> None:
    _case, link = confirmed(path=form("fr"))
    told = mails()[-1]
    until = timezone.localdate() + dt.timedelta(days=settings.FOREIGN_LINK_DAYS)
    assert f" {until.year} ; ne transmettez pas cette adresse)" in told.body
    assert until.isoformat() not in told.body
    page = stranger().get(link).text
    assert "<dt>Fuseau horaire</dt><dd>Londres</dd>" in page
    assert "Europe/London" not in page


OWN_LETTERS = {
    "th": "ขอความร่วมมือจัดการประชุมแลกเปลี่ยนความรู้ด้านการป้องกันภัยพิบัติกับเมืองโคเบะในเดือนกุมภาพันธ์ปีหน้า",
    "my": "ရန်ကုန်မြို့တော်စည်ပင်သာယာရေးကော်မတီသည် ဘေးအန္တရာယ်ကာကွယ်ရေးဆိုင်ရာ အတွေ့အကြုံဖလှယ်လိုပါသည်။",
    "ne": "काठमाडौँ महानगरपालिकाले जापानका सहरहरूसँग विपद् व्यवस्थापनबारे अनुभव आदानप्रदान गर्न चाहन्छ। पत्र गर्\u200dयो १२३४",
}


def _asked_in(letters: str, language: str) -> Case:
    case = arrived()
    Case.objects.filter(pk=case.pk).update(title=letters[:60])
    ForeignRequest.objects.filter(case=case).update(subject=letters[:60], text=letters, language=language)
    return case


@pytest.mark.parametrize("language", OWN_LETTERS)
def test_the_pdf_of_a_request_in_thai_burmese_or_nepali_holds_its_letters(
    cast: SimpleNamespace, browse: type[WebClient], language: str
) -> None:
    letters = OWN_LETTERS[language]
    case, actor = _asked_in(letters, language), reader(cast, "london")
    with acting(actor.scope), translation.override("ja"):
        content = case_file.content(actor, case_file.params_of(case))
        made = pdf.render("document", content, language="ja", made_at=NOW)  # a letter without a glyph is an error here
    assert letters in json.dumps(pdf.printable(content)[0], ensure_ascii=False, default=str)
    assert pdf.printable(content)[1] == []
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    assert "〓" not in text
    assert {letter for letter in letters if letter.isprintable() and letter not in text} == set()
    assert "〓" not in browse("london").get(f"/desk/cases/{case.pk}/").text


def test_letters_that_no_font_has_are_named_before_the_pdf_is_made(
    cast: SimpleNamespace, browse: type[WebClient]
) -> None:
    case = _asked_in("طلب تعاون", "en")
    page = browse("london").get(f"/desk/cases/{case.pk}/").text
    assert "PDFでは次の文字を印刷できません:ط ل ب ت ع ا و ن。" in page
