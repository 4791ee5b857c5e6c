"""The scene is built once for each file of tests, in a transaction; a test works in a savepoint inside it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.cast import make_cast
from tests.walls.scene import Scene, make_scene


@pytest.fixture(scope="module")
def _scene_of_this_file(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_scene(make_cast())
        transaction.set_rollback(True)


@pytest.fixture
def scene(_scene_of_this_file: Scene, db: None) -> Scene:
    return copy.deepcopy(_scene_of_this_file)
