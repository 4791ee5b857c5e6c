"""The glossary as staff read and keep it: found by any part of a word, changed by headquarters only, with a log entry."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from clair_portal.audit.models import Entry
from clair_portal.publishing.content import glossary, terms
from clair_portal.publishing.content.rules import Refused
from clair_portal.publishing.models import Term
from clair_portal.walls.scope import acting
from tests.cast import NOW, reader
from tests.conftest import WebClient
from tests.publishing.content import along

Browse = Callable[..., WebClient]


@pytest.fixture
def desk(cast: SimpleNamespace) -> Term:
    hq = reader(cast, "hq_officer")
    words = {"en": "one-stop consultation desk / one-stop desk", "vi": "quầy tư vấn một cửa"}
    with acting(hq.scope):
        return terms.add(ja="一元的相談窓口", words=words, source="Glossary", actor=hq, now=NOW)


def shown(answer: Any) -> list[str]:
    return [term.ja for term, _words in answer.context["rows"]]


@pytest.mark.parametrize("typed", ["相談窓口", "的相談", "ONE STOP", "quay tu van", "Ｄｅｓｋ", "Glossary"])
def test_a_term_is_found_by_any_part_of_it_in_any_language(browse: Browse, desk: Term, typed: str) -> None:
    assert shown(browse("london").get("/desk/glossary/", {"q": typed})) == ["一元的相談窓口"]


@pytest.mark.parametrize("typed", ["相談所", "🙂", "窓" * 5000, "'; drop table"])
def test_a_search_without_a_hit_says_what_to_try(browse: Browse, desk: Term, typed: str) -> None:
    answer = browse("london").get("/desk/glossary/", {"q": typed, "language": "xx", "page": "-1"})
    assert answer.status_code == 200
    assert "用語の一部を入れてみてください" in answer.content.decode()


def test_headquarters_adds_a_term_and_translators_see_it_beside_the_sentence(
    cast: SimpleNamespace, browse: Browse
) -> None:
    typed = {"ja": " 募集 ", "word_en": "call / invitation/call", "note": "calls for participants"}
    assert browse("hq_officer").post("/desk/glossary/new/", typed).status_code == 302
    term = Term.objects.get()
    assert (term.ja, term.words) == ("募集", {"en": "call / invitation"})
    assert Entry.objects.filter(event="publishing.term.added").count() == 1
    along.linguists(cast, london="translate")
    found = along.begin(cast, along.item(cast))
    page = browse("london").get(f"/desk/translations/{found.item_id}/en/").content.decode()
    assert f'<a href="/desk/glossary/{term.pk}/">募集</a></dt><dd lang="en">call / invitation</dd>' in page


def test_the_list_names_terms_without_a_word_in_a_language(browse: Browse, desk: Term) -> None:
    london = browse("london")
    assert shown(london.get("/desk/glossary/", {"show": "missing", "language": "my"})) == ["一元的相談窓口"]
    assert shown(london.get("/desk/glossary/", {"show": "missing", "language": "vi"})) == []


def test_a_change_is_one_entry_that_names_the_languages(browse: Browse, desk: Term) -> None:
    typed = {"seen": "1", "word_en": "one-stop desk", "word_vi": "quầy tư vấn một cửa", "word_fr": "guichet unique"}
    hq = browse("hq_officer")
    assert hq.post(f"/desk/glossary/{desk.pk}/change/", typed).status_code == 302
    assert Term.objects.get().words == {"en": "one-stop desk", "fr": "guichet unique", "vi": "quầy tư vấn một cửa"}
    entry = Entry.objects.get(event="publishing.term.changed")
    assert entry.params["languages"] == [{"ja": "英語", "en": "English"}, {"ja": "フランス語", "en": "French"}]
    answer = hq.post(f"/desk/glossary/{desk.pk}/change/", typed | {"word_de": "Anlaufstelle"})
    assert answer.status_code == 422  # somebody changed it since version 1 was shown
    assert 'value="Anlaufstelle"' in answer.content.decode()
    assert "de" not in Term.objects.get().words


def test_a_retired_term_is_shown_to_nobody_who_translates_until_it_is_brought_back(browse: Browse, desk: Term) -> None:
    hq = browse("hq_officer")
    assert hq.post(f"/desk/glossary/{desk.pk}/retire/", {"seen": "1", "reason": " "}).status_code == 422
    assert hq.post(f"/desk/glossary/{desk.pk}/retire/", {"seen": "1", "reason": "New law"}).status_code == 302
    assert list(Term.objects.in_use()) == []
    assert shown(hq.get("/desk/glossary/")) == []
    assert shown(hq.get("/desk/glossary/", {"show": "retired"})) == ["一元的相談窓口"]
    glossary.load()
    assert Term.objects.get(ja="一元的相談窓口").retired_why == "New law"  # the reference data do not bring it back
    answer = hq.post("/desk/glossary/new/", {"ja": "一元的相談窓口"})
    assert "使用をやめた用語として登録されています" in answer.content.decode()
    assert hq.post(f"/desk/glossary/{desk.pk}/bring-back/", {"seen": "2"}).status_code == 302
    assert Term.objects.in_use().filter(ja="一元的相談窓口").exists()
    events = Entry.objects.filter(event__startswith="publishing.term.re").values_list("event", flat=True)
    assert sorted(events) == ["publishing.term.restored", "publishing.term.retired"]


def test_an_office_reads_the_glossary_and_changes_nothing(cast: SimpleNamespace, browse: Browse, desk: Term) -> None:
    london = browse("london")
    page = london.get(f"/desk/glossary/{desk.pk}/").content.decode()
    assert "用語集は本部が管理しています" in page
    assert "quầy tư vấn một cửa" in page
    assert "<textarea" not in page
    for act in ("change", "retire", "bring-back"):
        assert london.post(f"/desk/glossary/{desk.pk}/{act}/", {"seen": "1", "reason": "x"}).status_code == 403
    assert london.post("/desk/glossary/new/", {"ja": "窓"}).status_code == 403
    officer = reader(cast, "london")
    with acting(officer.scope), pytest.raises(Refused):
        terms.retire(desk, reason="x", seen=1, actor=officer, now=NOW)


@pytest.mark.parametrize(("ja", "sentence"), [("一元的相談窓口", "in the glossary already"), ("  ", "Write the Japanese"), ("長" * 121, "at most 120")])  # fmt: skip
def test_a_term_that_cannot_be_is_refused_with_a_sentence(
    cast: SimpleNamespace, desk: Term, ja: str, sentence: str
) -> None:
    hq = reader(cast, "hq_officer")
    with acting(hq.scope), pytest.raises(Refused, match=sentence):
        terms.add(ja=ja, words={}, actor=hq, now=NOW)
    assert Term.objects.count() == 1
