from __future__ import annotations

import pytest

from clair_portal.search import throttle


@pytest.fixture(autouse=True)
def fresh_throttle() -> None:
    throttle.forget()
