"""The post room: headquarters sees what became of each mail and sends failed ones again, but does not read them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import ProgrammingError, connection, transaction

from clair_portal.outbox.models import Email
from clair_portal.walls.scope import acting
from tests.cast import reader
from tests.conftest import WebClient

Browse = Callable[..., WebClient]


@pytest.fixture
def failed(cast: SimpleNamespace) -> Email:
    return Email.objects.create(
        key="k", to="a@example.org", language="ja", subject="招待", body="SECRET-CODE", state="failed"
    )


def test_a_failed_mail_is_sent_again_by_one_press(browse: Browse, failed: Email) -> None:
    page = browse("hq_approver").get("/desk/mails/?state=failed").content.decode()
    assert "a@example.org" in page
    assert "SECRET-CODE" not in page
    assert browse("hq_approver").post(f"/desk/mails/{failed.pk}/again/").status_code == 302
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == ("queued", 0)


def test_only_who_keeps_the_post_room_sees_it(browse: Browse, failed: Email) -> None:
    for person in ("hq_officer", "otaru", "london", "newyork"):
        assert browse(person).get("/desk/mails/").status_code == 403, person
        assert browse(person).post(f"/desk/mails/{failed.pk}/again/").status_code == 403, person


def test_headquarters_cannot_read_the_text_of_a_mail_even_by_sql(cast: SimpleNamespace, failed: Email) -> None:
    with acting(reader(cast, "hq_approver").scope), connection.cursor() as cursor:
        cursor.execute("select subject from outbox_email")
        assert cursor.fetchall() == [("招待",)]
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute("select body from outbox_email")
