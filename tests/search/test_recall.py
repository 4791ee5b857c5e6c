"""The index finds exactly what reading every document finds, with either plan.

Here 500 questions at 2,000 documents; `python -m tests.bench.search recall` asks 10,000 at 20,000.
"""

from __future__ import annotations

import pytest

from clair_portal.search import finding, indexing
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
