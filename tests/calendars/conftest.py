from __future__ import annotations

from collections.abc import Iterator

import pytest

from clair_portal.calendars.eras import forget_eras


@pytest.fixture(autouse=True)
def eras_are_read_again() -> Iterator[None]:
    """Rows of a test are rolled back without a signal: the process must not remember them."""
    forget_eras()
    yield
    forget_eras()
