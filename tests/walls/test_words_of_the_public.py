"""No public page, form, signed link or mail asks for a string that the catalogues of the other versions do not have to hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation

from clair_portal.accounts.models import SignedLink
from clair_portal.casework.models import Case, CaseFile
from clair_portal.gatherings.models import Event, Question, Registration
from clair_portal.language.catalogues import by_key, wanted
from clair_portal.publishing.tree import families
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from offices.foreign.workflow import FOREIGN
from tests.documents import files
from tests.gatherings import test_registration as coming
from tests.gatherings.planning import opened
from tests.offices import foreign_travel as abroad
from tests.offices.test_foreign import paper
from tests.walls.scene import Scene

Asked = set[tuple[str, str | None]]
EACH = 2  # pages of a family
NOT_WORDS = {"", ":"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    """What gettext was asked for, with its context."""
    found: Asked = set()
    real = translation._trans  # type: ignore[attr-defined]
    calls: dict[str, tuple[Any, int, int | None]] = {
        "gettext": (real.gettext, 0, None),
        "ngettext": (real.ngettext, 0, None),
        "pgettext": (real.pgettext, 1, 0),
        "npgettext": (real.npgettext, 1, 0),
    }

    def spy(call: Any, message: int, context: int | None) -> Any:
        def listen(*args: Any) -> str:
            if translation.get_language() == "my":  # what is written in English for all is not asked for
                found.add((str(args[message]), None if context is None else str(args[context])))
            return call(*args)

        return listen

    for name, call in calls.items():
        monkeypatch.setattr(real, name, spy(*call))
    yield found


def pages(language: str) -> list[str]:
    """Addresses of some pages of each family."""
    with acting(SYSTEM_SCOPE):
        return [
            family.path(language, kwargs)
            for family in families.FAMILIES.values()
            if family.in_languages
            for kwargs in islice(family.addresses(), EACH)
        ]


def unknown(asked: Asked) -> list[tuple[str, str | None]]:
    known = by_key(wanted("my"))
    return sorted((key for key in asked if key not in known and key[0] not in NOT_WORDS), key=str)


def test_pages_ask_only_for_words_that_every_catalogue_holds(scene: Scene, client: Client, asked: Asked) -> None:
    places = pages("my")
    answers = {place: client.get(place).status_code for place in [*places, "/my/nothing/", "/my/nothing.html"]}
    assert sum(status == 200 for status in answers.values()) >= 15, answers
    assert unknown(asked) == []


# --- Forms, the links that follow, and their mails -------------------------------------------------------------------------
FORM = "/my/forms/offices/lon/"
HOSTILE = {
    ".csv": b"x", "plan.exe": b"x", "empty.txt": b"", "a.pdf": b"MZ", "b.docx": b"PK\x03\x04", "c.pdf": files.pdf(end=b""),
    "d.docx": files.password_protected(), "e.docx": files.with_part("word/vbaProject.bin"), "f.pdf": files.pdf(b"/JavaScript"),
    "g.txt": b"\x1b$B", f"{'n' * 160}.txt": b"x",
}  # fmt: skip
TOO_MUCH = {"government": "x" * 200, "email": f"{'x' * 64}@{'y' * 60}.{'z' * 250}", "text": "x" * 9000, "country": "US",
            "kinds": "nothing", "starts_on": "soon", "ends_on": "2027-01-01", "consent": ""}  # fmt: skip


@pytest.fixture
def no_throttle(settings: SimpleNamespace) -> None:
    settings.STRANGER_SENDS_AN_HOUR = 1000
    cache.clear()


def get(path: str, status: int = 200) -> None:
    assert abroad.stranger().get(path).status_code == status, path


def post(path: str, given: Any = None, status: int = 422, **headers: str) -> None:
    assert abroad.stranger().post(path, given or {}, headers=headers).status_code == status, (path, given)


@pytest.mark.usefixtures("no_throttle")
def test_form_for_abroad_asks_only_for_words_that_every_catalogue_holds(
    scene: Scene, asked: Asked, settings: Any
) -> None:
    get(FORM)
    get("/my/forms/requests/sent/")
    post(FORM)
    post(FORM, abroad.FILLED_IN | TOO_MUCH)
    post(FORM, abroad.FILLED_IN | {"ends_on": "2027-01-01", "papers": [paper(f"{n}.txt") for n in range(4)]})
    post(FORM, abroad.FILLED_IN, 403, sec_fetch_site="cross-site")
    for name, content in HOSTILE.items():
        post(FORM, abroad.FILLED_IN | {"papers": [paper(name, content)]})
    for status in [302] * 5 + [422]:  # so many of one mail address may wait
        post(FORM, abroad.FILLED_IN, status)
    settings.STRANGER_SENDS_AN_HOUR = 1
    post(FORM, abroad.FILLED_IN | {"email": "other@example.org"})
    assert ("speaker or participant for an event", None) in asked
    assert unknown(asked) == []


@pytest.mark.usefixtures("no_throttle")
def test_links_of_a_request_from_abroad_and_its_mails_ask_only_for_such_words(scene: Scene, asked: Asked) -> None:
    case, link = abroad.confirmed(path=FORM, papers=[paper()])
    for state in FOREIGN.states:
        Case.objects.filter(pk=case.pk).update(state=state.key, holder=state.holder)
        abroad.a_turn()
        get(link)
        get(f"{link}withdraw/")
    Case.objects.filter(pk=case.pk).update(state="received", holder="office")
    for path in (link, f"{link}withdraw/"):
        post(path)
    for given in ({"body": "x"}, {"body": "x", "papers": [paper("plan.exe")]}):
        abroad.stranger().post(link, given)
    post(f"{link}withdraw/", {"reason": "no"}, 302)
    CaseFile.objects.filter(case=case).update(check_state="quarantined")
    get(link)
    get(f"{link}papers/{CaseFile.objects.get(case=case).pk}/", 403)
    _new_link()
    _wrong_links(link)
    assert ("Tokyo headquarters is looking at it", None) in asked
    assert ("State: %(state)s", None) in asked
    assert unknown(asked) == []


def _new_link() -> None:
    SignedLink.objects.update(created_at=timezone.now() - dt.timedelta(hours=1))
    get("/my/forms/requests/")
    post("/my/forms/requests/")
    post("/my/forms/requests/", {"email": abroad.FILLED_IN["email"]}, 200)
    before = len(abroad.mails())
    abroad.a_turn()
    assert len(abroad.mails()) == before + 1


def _wrong_links(link: str) -> None:
    get("/my/requests/follow/nothing/", 404)
    SignedLink.objects.update(expires_at=timezone.now() - dt.timedelta(days=1))
    get(link, 410)
    SignedLink.objects.update(revoked_at=timezone.now())
    get(link, 410)


@pytest.mark.usefixtures("no_throttle")
def test_registration_questionnaire_and_their_mails_ask_only_for_such_words(scene: Scene, asked: Asked) -> None:
    event = opened(scene.cast, for_public=True, capacity=1)
    form = f"/my/forms/events/{event.pk}/"
    get(form)
    get("/my/forms/events/sent/")
    post(form)
    links = [_registered(form, email) for email in ("ann@example.org", "bob@example.org")]
    post(links[0], None, 200)  # gives the place back: bob moves up
    _events_turn("bob@example.org")
    get(links[1])
    _answers(event)
    Event.objects.filter(pk=event.pk).update(state="cancelled")
    _events_turn("bob@example.org")
    assert {("Waiting list: %(title)s", None), ("A place became free: %(title)s", None), ("5 very good", None),
            ("“%(title)s” was cancelled and does not take place.", None)} <= asked  # fmt: skip
    assert unknown(asked) == []


def _events_turn(email: str) -> str:
    """The link of the mail that this turn wrote."""
    before = len(coming.mails(email))
    coming.a_turn()
    told = coming.mails(email)
    assert len(told) == before + 1
    return coming.link_in(told[-1]) if "/forms/" in told[-1].body else ""


def _registered(form: str, email: str) -> str:
    post(form, coming.FORM | {"email": email}, 302)
    confirm = _events_turn(email)
    get(confirm)
    post(confirm, None, 200)
    post(confirm, None, 200)  # a second time
    return _events_turn(email)


def _answers(event: Event) -> None:
    question = Question.objects.create(event=event, kind="score", text_en="How was it?")
    Registration.objects.filter(event=event, state="in").update(attended_at=timezone.now())
    Event.objects.filter(pk=event.pk).update(questionnaire_at=timezone.now())
    link = _events_turn("bob@example.org")
    get(link)
    post(link)
    post(link, {f"q{question.pk}": 5}, 200)
    post(link, {f"q{question.pk}": 5}, 410)
