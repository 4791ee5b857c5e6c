from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.walls.scene import Scene, make_scene


@pytest.fixture
def scene(cast: SimpleNamespace) -> Scene:
    return make_scene(cast)
