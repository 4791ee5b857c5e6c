"""Whoever registers in one of the other versions reads mistakes, mails, the waiting list and the questions in that language."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.utils import timezone

from clair_portal.gatherings.models import Event, Question, Registration
from tests.gatherings.planning import opened
from tests.gatherings.test_registration import FORM, a_turn, change, link_in, mails, on_day, stranger

VI = {
    "required": "Mục này là bắt buộc.", "confirm": "Vui lòng xác nhận đăng ký: Local administration seminar",
    "place": "Bạn có chỗ tại “Local administration seminar”.", "questions": "Câu hỏi về Local administration seminar",
    "best": "5 rất tốt", "nothing": "Hãy trả lời ít nhất một câu hỏi.",
    "moved": "Thay đổi thời gian hoặc địa điểm: Local administration seminar", "before": "Trước đây: ",
    "used": "Đường liên kết này đã được dùng đủ số lần quy định.",
}  # fmt: skip
FR = {
    "required": "Ce champ est obligatoire.", "confirm": "Veuillez confirmer votre inscription : Local administration seminar",
    "place": "Vous avez une place à « Local administration seminar ».", "questions": "Questions sur Local administration seminar",
    "best": "5 très bien", "nothing": "Répondez au moins à une question.",
    "moved": "Autre date, heure ou lieu : Local administration seminar", "before": "Avant : mer. 10 févr. 2027 ",
    "used": "Ce lien a déjà été utilisé autant de fois que prévu.",
}  # fmt: skip


@pytest.mark.parametrize(("language", "words"), [("vi", VI), ("fr", FR)])
def test_registration_and_questionnaire_are_in_the_language_of_the_form(
    cast: SimpleNamespace, language: str, words: dict[str, str]
) -> None:
    cache.clear()
    event = opened(cast, for_public=True)
    path = f"/{language}/forms/events/{event.pk}/"
    assert words["required"] in stranger().post(path, {}).text
    assert stranger().post(path, FORM).status_code == 302
    a_turn()
    assert mails()[-1].subject == words["confirm"]
    stranger().post(link_in(mails()[-1]))
    a_turn()
    assert words["place"] in mails()[-1].body
    change(cast, event, **on_day(1))
    a_turn()
    assert mails()[-1].subject == words["moved"]
    assert words["before"] in mails()[-1].body
    question = Question.objects.create(event=event, kind="score", text_en="How was it?")
    Registration.objects.update(attended_at=timezone.now())
    Event.objects.update(questionnaire_at=timezone.now())
    a_turn()
    assert mails()[-1].subject == words["questions"]
    link = link_in(mails()[-1])
    assert words["best"] in stranger().get(link).text
    assert words["nothing"] in stranger().post(link, {}).text
    stranger().post(link, {f"q{question.pk}": 5})
    assert words["used"] in stranger().get(link).text
