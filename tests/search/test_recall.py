"""The index finds exactly what reading every document finds, with either plan.

Here 500 questions at 2,000 documents; `python -m tests.bench.search recall` asks 10,000 at 20,000.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clair_portal.search import finding, indexing, words
from tests.bench.recall import differences, fill_index, questions


@pytest.mark.parametrize(("rare", "read_on"), [(1500, 5000), (20, 60)])
def test_the_index_finds_what_reading_everything_finds(
    db: None, monkeypatch: pytest.MonkeyPatch, rare: int, read_on: int
) -> None:
    """Words taken as rare; most of them taken as frequent, and reading in order that often breaks off."""
    monkeypatch.setattr(finding, "RARE", rare)
    monkeypatch.setattr(finding, "READ_ON", read_on)
    monkeypatch.setattr(indexing, "FREQUENT", 5)
    documents = fill_index(2000, seed=5)
    asked = questions(documents, 250, seed=6)
    assert differences(documents, asked) == []


@pytest.mark.parametrize("kind", ["tie", "page"])
def test_a_frequent_word_of_one_kind_fills_its_page(db: None, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Read in the order of the kind: in that of all documents, those of the lightest kind come after everything else."""
    monkeypatch.setattr(finding, "RARE", 20)
    monkeypatch.setattr(finding, "READ_ON", 60)
    monkeypatch.setattr(finding, "AHEAD", 20)
    monkeypatch.setattr(indexing, "FREQUENT", 5)
    documents = [one for one in fill_index(3000, seed=5) if one.kind == kind]
    with CaptureQueriesContext(connection) as captured:
        found = finding.find(words.asked("回会議", finding.MOST_WORDS), "ja", kind=kind)
    assert [len(found.hits), {hit.document.kind for hit in found.hits}] == [20, {kind}]
    assert len(captured) == 2
    ours = {(one.key, one.language) for one in documents}
    assert len({(hit.document.key, hit.language) for hit in found.hits} & ours) == 20
