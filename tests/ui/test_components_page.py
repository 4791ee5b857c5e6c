"""The component page shows every tag and every icon, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from clair_portal.ui import showcase
from clair_portal.ui.components import icons
from clair_portal.ui.templatetags.ui import register
from clair_portal.ui.views import components

pytestmark = [pytest.mark.urls("tests.ui.urls"), pytest.mark.usefixtures("own_navigation")]
SOURCE = engines["django"].engine.find_template("ui/components.html")[0].source


@pytest.mark.parametrize("language", ["en", "ja"])
def test_page_stands_in_both_languages(rf: RequestFactory, language: str) -> None:
    with translation.override(language):
        response = components(rf.get("/desk/components/"))
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}">' in html
    assert html.count("<section") == 17
    for name in icons.NAMES:
        assert f"#i-{name}" in html


def test_ids_on_the_page_are_unique(rf: RequestFactory) -> None:
    import re

    ids = re.findall(r'\sid="([^"]+)"', components(rf.get("/desk/components/")).content.decode())
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(
    "tag", sorted(set(register.tags) - {"control", "field", "head_title", "head_description", "head_address"})
)
def test_page_shows_every_tag(tag: str) -> None:
    assert "{% " + tag + " " in SOURCE


def test_showcase_has_every_kind_of_field() -> None:
    from clair_portal.ui.components.fields import kind

    kinds = {kind(field) for field in showcase.sample_form()}
    assert kinds == {"plain", "choices", "checkbox", "file"}


def test_wrong_form_is_wrong_everywhere_it_can_be() -> None:
    wrong: Any = showcase.wrong_form()
    assert sorted(wrong.errors) == ["__all__", "agreed", "countries", "interpreter", "people", "purpose"]
