"""After an event those who attended are asked, once each and without their names; answers are counted."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from clair_portal.gatherings.asking import results
from clair_portal.gatherings.models import AnswerSheet, Event, Question, Registration
from tests.conftest import WebClient
from tests.gatherings.planning import opened
from tests.gatherings.test_registration import a_turn, come, link_in, mails, stranger

Browse = Callable[..., WebClient]


@pytest.fixture(autouse=True)
def no_throttle(db: None) -> None:
    cache.clear()


def asked(cast: SimpleNamespace, browse: Browse, *emails: str) -> tuple[Event, dict[str, Question]]:
    """An event that `emails` attended, with a question of each kind, sent out."""
    event, host = opened(cast, for_public=True), browse("london_local")
    for email in emails:
        come(event, email)
    path = f"/desk/events/{event.pk}/questionnaire/"
    for kind, text, choices in (
        ("score", "How was it?", ""),
        ("choice", "Which part?", "Talk\nWalk"),
        ("text", "More?", ""),
    ):
        assert host.post(path, {"kind": kind, "text_en": text, "choices": choices}).status_code == 302
    Registration.objects.filter(event=event).update(attended_at=timezone.now())
    host.post(f"{path}send/")
    a_turn()
    return Event.objects.get(pk=event.pk), {question.kind: question for question in Question.objects.all()}


def test_answers_are_counted_and_say_nobodys_name(browse: Browse, cast: SimpleNamespace) -> None:
    event, q = asked(cast, browse, "ann@example.org", "bob@example.org", "cem@example.org")
    for email, score, choice in (("ann", 5, "Talk"), ("bob", 4, "Talk"), ("cem", 2, "Walk")):
        link = link_in(mails(f"{email}@example.org")[-1])
        assert "How was it?" in stranger().get(link).text
        given = {f"q{q['score'].pk}": score, f"q{q['choice'].pk}": choice, f"q{q['text'].pk}": f"Thanks {score}"}
        assert "Thank you for your answers" in stranger().post(link, given).text
    found = results(event)
    assert found["answered"] == 3
    assert [each.get("counts") for each in found["questions"]] == [
        [("5", 1), ("4", 1), ("3", 0), ("2", 1), ("1", 0)], [("Talk", 2), ("Walk", 1)], None,
    ]  # fmt: skip
    assert found["questions"][0]["mean"] == 3.7
    assert found["questions"][2]["texts"] == ["Thanks 2", "Thanks 4", "Thanks 5"]
    assert not [sheet for sheet in AnswerSheet.objects.all() if "example.org" in str(sheet.given)]
    page = browse("london_local").get(f"/desk/events/{event.pk}/questionnaire/").text
    assert "Mean: 3.7" in page


def test_link_answers_once_and_looking_does_not_use_it(browse: Browse, cast: SimpleNamespace) -> None:
    _event, q = asked(cast, browse, "ann@example.org")
    link, given = link_in(mails()[-1]), {f"q{q['score'].pk}": 5}
    assert [stranger().get(link).status_code for _turn in range(2)] == [200, 200]
    assert stranger().post(link, {}).status_code == 422  # nothing answered: the link still works
    assert stranger().post(link, given).status_code == 200
    again = stranger().post(link, given)
    assert again.status_code == 410
    assert "This link has already been used" in again.text
    assert AnswerSheet.objects.count() == 1


def test_nobody_is_asked_twice_and_questions_stay_once_sent(browse: Browse, cast: SimpleNamespace) -> None:
    event, _q = asked(cast, browse, "ann@example.org")
    before = len(mails())
    a_turn()
    assert len(mails()) == before
    host, path = browse("london_local"), f"/desk/events/{event.pk}/questionnaire/"
    page = host.post(path, {"kind": "text", "text_en": "One more?"})
    assert page.status_code == 422
    assert "The questionnaire has been sent; its questions stay as they are. Nothing was changed." in page.text
    assert "Nothing was changed." in host.post(f"{path}send/", follow=True).text


def test_without_anybody_who_attended_nothing_is_sent(browse: Browse, cast: SimpleNamespace) -> None:
    event, host = opened(cast), browse("london_local")
    path = f"/desk/events/{event.pk}/questionnaire/"
    assert "Add a question first. Nothing was sent." in host.post(f"{path}send/", follow=True).text
    host.post(path, {"kind": "text", "text_en": "How was it?"})
    page = host.post(f"{path}send/", follow=True)
    assert "Tick who attended first: only they are asked. Nothing was sent." in page.text
    assert Event.objects.get().questionnaire_at is None


def test_link_of_an_event_that_was_taken_off_the_public_pages_says_so(browse: Browse, cast: SimpleNamespace) -> None:
    event, _q = asked(cast, browse, "ann@example.org")
    browse("london_local").post(f"/desk/events/{event.pk}/release/")
    page = stranger().get(link_in(mails()[-1]))
    assert page.status_code == 410
    assert "This link was taken back. Ask whoever sent it for a new one." in page.text


def test_too_many_answers_from_one_network_are_not_taken_and_stay_in_the_form(
    browse: Browse, cast: SimpleNamespace, settings: Any
) -> None:
    _event, q = asked(cast, browse, "ann@example.org", "bob@example.org")
    settings.STRANGER_BUTTONS_AN_HOUR = 1
    given = {f"q{q['text'].pk}": "More bread"}
    first, second = (stranger().post(link_in(mails(f"{who}@example.org")[-1]), given) for who in ("ann", "bob"))
    assert (first.status_code, second.status_code) == (200, 422)
    assert "Wait an hour and send it again." in second.text
    assert "More bread" in second.text
    assert AnswerSheet.objects.count() == 1
