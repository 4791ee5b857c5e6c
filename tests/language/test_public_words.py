"""Which strings the public meets, and that the catalogues of its versions are held to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from clair_portal.language import catalogues
from clair_portal.language.catalogues import by_key, faults_of, first, wanted
from clair_portal.language.public_words import FRAMEWORK, PARTS, public_parts, public_templates
from clair_portal.language.versions import BY_CODE
from clair_portal.language.versions import VERSIONS as ALL

PAGES = {
    "base_public.html": '{% include "frame.html" %}',
    "frame.html": "{% include 'mark.html' with a=1 %}",
    "mark.html": "",
    "home.html": '{% extends "base_public.html" %}{% include "map.html" %}',
    "map.html": "",
    "forms/base.html": '{%extends "base_public.html"%}',
    "forms/ask.html": '{% extends "forms/base.html" %}',
    "ui/errors.html": "",  # by a tag
    "base_staff.html": "",
    "desk.html": '{% extends "base_staff.html" %}{% include "row.html" %}',
    "row.html": "",
}


def test_a_template_is_public_through_its_frame_and_through_what_includes_it(tmp_path: Path) -> None:
    for name, source in PAGES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source, encoding="utf-8")
    found = {path.relative_to(tmp_path).as_posix() for path in public_templates(tmp_path)}
    assert found == {
        "base_public.html", "frame.html", "mark.html", "home.html", "map.html", "forms/base.html", "forms/ask.html",
        "ui/errors.html",
    }  # fmt: skip


def test_part_of_a_file_is_public_and_a_name_that_is_gone_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = 'OURS = [_("a")]\n\n\nclass Theirs:\n    name = _("b")\n    other = _("c")\n\n\ndef staff():\n    return _("d")\n'
    (tmp_path / "enums.py").write_text(source, encoding="utf-8")
    for name in list(PARTS):
        monkeypatch.delitem(PARTS, name)
    monkeypatch.setitem(PARTS, "enums.py", ("OURS", "Theirs"))
    assert list(public_parts(tmp_path)) == [(tmp_path / "enums.py", range(1, 2)), (tmp_path / "enums.py", range(4, 7))]
    monkeypatch.setitem(PARTS, "enums.py", ("Gone",))
    with pytest.raises(KeyError, match="Gone"):
        list(public_parts(tmp_path))


def test_japanese_has_every_string_and_the_other_versions_those_of_the_public() -> None:
    japanese, burmese = by_key(wanted("ja")), by_key(wanted("my"))
    assert ("Skip to main content", None) in burmese
    assert ("This page was not found", None) in burmese
    assert ("Triage", None) not in burmese
    ours = {(first(sentence), None) for sentence in FRAMEWORK}
    assert ours <= set(burmese)
    assert set(burmese) - set(japanese) <= ours
    assert len(burmese) < len(japanese) / 2


@pytest.mark.parametrize(
    ("language", "translation", "faults"),
    [
        ("my", "%(day)s တွင် ရေတွက်သည်", []),
        ("my", "Counted of it on %(day)s", ["no letter of the language's script"]),
        ("ru", "Counted of it on %(day)s", ["no letter of the language's script"]),
        ("ne", "गणना", ["placeholders differ (%(day)s)"]),
        ("fr", "Compté le %(day)s (total)", []),
        ("zh-hans", "截至%(day)s（合计）", []),
        ("ja-simple", "%(day)s に かぞえました（ぜんぶ）", ["written otherwise in the portal (（ ）)"]),
    ],
)
def test_faults_of_a_translation_in_any_language(language: str, translation: str, faults: list[str]) -> None:
    source = by_key(wanted("ja"))  # only to have a message to copy
    message = next(iter(source.values())).clone()
    message.id, message.string, message.flags = "Counted of it on %(day)s", translation, set()
    assert list(faults_of(message, language)) == faults


def test_every_version_has_its_folder_and_reads_its_plurals_from_cldr() -> None:
    assert [version.folder for version in ALL if "-" in version.code] == ["ja_Simple", "zh_Hans", "zh_Hant"]
    forms = {
        code: catalogues.Catalog(locale=BY_CODE[code].cldr).num_plurals for code in ("ja", "ru", "fr", "my", "fil")
    }
    assert forms == {"ja": 1, "ru": 3, "fr": 2, "my": 2, "fil": 2}
