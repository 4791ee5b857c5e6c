from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from clair_portal.audit.sentences import sentence
from clair_portal.language import catalogues
from clair_portal.language.catalogues import by_key, extract, faults, found_in, update
from clair_portal.language.versions import VERSIONS
from clair_portal.local_services.catalogues import compile_catalogues
from clair_portal.outbox.notices import rendered

Found = list[tuple[str | tuple[str, ...], str | None]]


def found(folder: Path, name: str, source: str) -> Found:
    path = folder / name
    path.write_text(source, encoding="utf-8")
    return [(message, context) for _line, message, context in found_in(path)]


# --- What is found in the sources -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message", "context"),
    [
        ('_("Desk")', "Desk", None),
        ('gettext("Desk")', "Desk", None),
        ('gettext_lazy("Desk")', "Desk", None),
        ('gettext_noop("Desk")', "Desk", None),
        ('ngettext("%(n)s case", "%(n)s cases", n)', ("%(n)s case", "%(n)s cases"), None),
        ('ngettext_lazy("%(n)s case", "%(n)s cases", "n")', ("%(n)s case", "%(n)s cases"), None),
        ('pgettext("state", "Closed")', "Closed", "state"),
        ('pgettext_lazy("state", "Closed")', "Closed", "state"),
        ('npgettext("list", "case", "cases", n)', ("case", "cases"), "list"),
        ('npgettext_lazy("list", "case", "cases", n)', ("case", "cases"), "list"),
        ('translation.gettext("Desk")', "Desk", None),
        ('_("It is sent, "\n  "and kept.")', "It is sent, and kept.", None),
        ('_("Dear %(name)s,") % {"name": _name()}', "Dear %(name)s,", None),
        ('_("“Only us” means: あ\\n")', "“Only us” means: あ\n", None),
    ],
)
def test_each_call_in_python_is_found(tmp_path: Path, call: str, message: Any, context: str | None) -> None:
    assert found(tmp_path, "views.py", f"value = {call}\n") == [(message, context)]


@pytest.mark.parametrize("source", ["_(name)", "# _('Desk')\n", '"""_("Desk")"""\n', '_[0]("Desk")', 'log("Desk")'])
def test_what_is_no_message_is_left_alone(tmp_path: Path, source: str) -> None:
    assert found(tmp_path, "views.py", source) == []


@pytest.mark.parametrize(
    ("template", "message", "context"),
    [
        ('{% translate "Desk" %}', "Desk", None),
        ("{% trans 'Desk' %}", "Desk", None),
        ('{% translate "Desk" as label %}{{ label }}', "Desk", None),
        ('{% translate "Desk"|capfirst %}', "Desk", None),
        ('{% translate "move" context "keyboard" %}', "move", "keyboard"),
        ('{% translate "move" context "keyboard" as label %}', "move", "keyboard"),
        ('{% translate "100% sure" %}', "100%% sure", None),
        ("{% blocktranslate %}Hello{% endblocktranslate %}", "Hello", None),
        ("{% blocktranslate %}\n  Hello\n{% endblocktranslate %}", "\n  Hello\n", None),
        ("{% blocktranslate trimmed %}\n  Hello\n  you\n{% endblocktranslate %}", "Hello you", None),
        ("{% blocktranslate with day=row.on|date:'c' %}as of {{ day }}{% endblocktranslate %}", "as of %(day)s", None),
        ("{% blocktranslate asvar text %}Hello{% endblocktranslate %}", "Hello", None),
        ('{% blocktranslate context "mail" %}Hello{% endblocktranslate %}', "Hello", "mail"),
        (
            "{% blocktranslate count n=rows|length %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}",
            ("%(n)s row", "%(n)s rows"),
            None,
        ),
        (
            "{% blocktranslate trimmed count n=n context 'list' %}\n{{ n }} row\n{% plural %}\n{{ n }} rows\n{% endblocktranslate %}",
            ("%(n)s row", "%(n)s rows"),
            "list",
        ),
        ('{{ case.number|default:_("draft") }}', "draft", None),
        ('{{ _("draft") }}', "draft", None),
        ('{% tag _("new") %}', "new", None),
        ('{% crumbs title url number|default:_("draft") %}', "draft", None),
        ("    {% if x %}\n  {% translate 'Deep and crooked' %}\n      {% endif %}", "Deep and crooked", None),
    ],
)
def test_each_construct_of_a_template_is_found(
    tmp_path: Path, template: str, message: Any, context: str | None
) -> None:
    assert found(tmp_path, "page.html", f"<p>'it's (\"</p>\n{template}\n<p>)</p>") == [(message, context)]


@pytest.mark.parametrize(
    "template",
    [
        "{# {% translate 'Desk' %} #}",
        "{% comment %}{% translate 'Desk' %}{% endcomment %}",
        "{% verbatim %}{% translate 'Desk' %}{% endverbatim %}",
        "{% translate name %}",
        "_('Desk')",
    ],
)
def test_comments_and_names_in_templates_are_left_alone(tmp_path: Path, template: str) -> None:
    assert found(tmp_path, "page.html", template) == []


def test_tests_migrations_and_foreign_folders_are_no_sources(tmp_path: Path) -> None:
    for place in ("tests", "jet/migrations", ".venv/lib", "node_modules/x", "jet/views", "templates/jet"):
        folder = tmp_path / place
        folder.mkdir(parents=True)
        (folder / "one.py").write_text(f'_("{place}")\n')
        (folder / "one.txt").write_text(f'{{% translate "{place} text" %}}\n')
    assert sorted(message for message, _ in by_key(extract(tmp_path))) == [
        "jet/views", "jet/views text", "templates/jet", "templates/jet text",
    ]  # fmt: skip


# --- What an update keeps ---------------------------------------------------------------------------------------------

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=1; plural=0;\\n"\n\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "views.py").write_text('_("Desk")\nngettext("%(n)s case", "%(n)s cases", n)\n_("Dear %(name)s,")\n')
    write(
        tmp_path,
        'msgid "Desk"\nmsgstr "デスク"\n\n'
        'msgid "%(n)s case"\nmsgid_plural "%(n)s cases"\nmsgstr[0] "%(n)s件"\n\n'
        'msgid "Dear %(name)s,"\nmsgstr "%(name)s 様"\n',
    )
    return tmp_path


def write(project: Path, entries: str) -> None:
    path = catalogues.catalogue_path("ja", project)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + entries, encoding="utf-8")


def add(project: Path, entry: str) -> None:
    with catalogues.catalogue_path("ja", project).open("a", encoding="utf-8") as file:
        file.write(f"\n{entry}")


def source(project: Path, line: str) -> None:
    with (project / "views.py").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def test_an_update_keeps_translations_adds_what_is_new_and_drops_what_is_gone(project: Path) -> None:
    source(project, '_("Branch")')
    add(project, 'msgid "Old"\nmsgstr "古い"\n')
    changes = update("ja", project)
    assert changes.added == ["views.py: “Branch”"]
    assert changes.removed == ["“Old”"]
    assert faults("ja", project) == ["not translated: views.py: “Branch”"]


def test_a_second_update_changes_no_byte(project: Path) -> None:
    update("ja", project)
    before = catalogues.catalogue_path("ja", project).read_bytes()
    (project / "views.py").write_text("\n\n\n" + (project / "views.py").read_text())
    update("ja", project)
    assert catalogues.catalogue_path("ja", project).read_bytes() == before
    assert b"Date" not in before


def test_nothing_is_guessed_from_a_similar_string(project: Path) -> None:
    source(project, '_("Desks")')
    update("ja", project)
    assert faults("ja", project) == ["not translated: views.py: “Desks”"]


def test_an_override_of_a_package_stays(project: Path) -> None:
    add(project, '# override: allauth\nmsgid "Code"\nmsgstr "コード"\n')
    update("ja", project)
    assert faults("ja", project) == []
    assert "コード" in catalogues.catalogue_path("ja", project).read_text(encoding="utf-8")


def test_a_first_catalogue_is_made_where_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "views.py").write_text('_("Desk")\n')
    update("ja", tmp_path)
    assert faults("ja", tmp_path) == ["not translated: views.py: “Desk”"]


# --- What the check finds ---------------------------------------------------------------------------------------------


def test_a_good_catalogue_has_no_faults(project: Path) -> None:
    assert faults("ja", project) == []


@pytest.mark.parametrize(
    ("line", "entry", "fault"),
    [
        ('_("New")', "", "not in the catalogue: views.py: “New”"),
        ('_("New")', 'msgid "New"\nmsgstr ""\n', "not translated: “New”"),
        ('_("New")', '#, fuzzy\nmsgid "New"\nmsgstr "新着"\n', "fuzzy: “New”"),
        ("", 'msgid "Old"\nmsgstr "古い"\n', "obsolete: “Old”"),
        ("", '#~ msgid "Old"\n#~ msgstr "古い"\n', "obsolete: “Old”"),
        ("", 'msgctxt "x"\nmsgid "Desk"\nmsgstr "机"\n', "obsolete: [x] “Desk”"),
        ('_("By %(who)s")', 'msgid "By %(who)s"\nmsgstr "%(whom)sによる"\n', "placeholders differ (%(who)s, %(whom)s): “By %(who)s”"),
        ('_("%s of %s")', 'msgid "%s of %s"\nmsgstr "%s"\n', "placeholders differ (%s no. 2): “%s of %s”"),
        ('_("{} left")', 'msgid "{} left"\nmsgstr "残り"\n', "placeholders differ ({} no. 1): “{} left”"),
        ('_("{day} left")', 'msgid "{day} left"\nmsgstr "残り{days}"\n', "placeholders differ ({days}, {day}): “{day} left”"),
        ('_("To the branch")', 'msgid "To the branch"\nmsgstr "支店へ"\n', "“branch” is 支部 in Japanese: “To the branch”"),
        ('_("Two branches")', 'msgid "Two branches"\nmsgstr "2支店"\n', "“branch” is 支部 in Japanese: “Two branches”"),
        ('_("Yes")', 'msgid "Yes"\nmsgstr "はい（そう）"\n', "written otherwise in the portal (（ ）): “Yes”"),
        ('_("Yes\\n")', 'msgid "Yes\\n"\nmsgstr "はい"\n', "line breaks at the beginning or the end differ: “Yes”"),
        ('ngettext("a", "b", n)', 'msgid "a"\nmsgstr "あ"\n', "singular and plural differ from the source: “a”"),
    ],
)  # fmt: skip
def test_each_kind_of_fault_is_found(project: Path, line: str, entry: str, fault: str) -> None:
    source(project, line)
    add(project, entry)
    assert faults("ja", project) == [fault]


def test_the_order_of_named_placeholders_is_free(project: Path) -> None:
    source(project, '_("%(a)s for %(b)s")')
    add(project, 'msgid "%(a)s for %(b)s"\nmsgstr "%(b)sへの%(a)s、%(b)s"\n')
    assert faults("ja", project) == []


def test_the_singular_needs_no_number(project: Path) -> None:
    source(project, 'ngettext("One row", "%(n)s rows", n)')
    add(project, 'msgid "One row"\nmsgid_plural "%(n)s rows"\nmsgstr[0] "%(n)s行"\n')
    assert faults("ja", project) == []


def test_the_commands_say_what_is_new_and_name_every_fault(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogues, "LANGUAGES", ("ja",))
    source(project, '_("New")')
    call_command("make_catalogues", root=project)
    assert capsys.readouterr().out == "ja: new: views.py: “New”\n"
    with pytest.raises(CommandError) as error:
        call_command("check_catalogues", root=project)
    assert str(error.value).splitlines()[0] == "ja: not translated: views.py: “New”"


def test_make_catalogues_compiles(project: Path) -> None:
    call_command("make_catalogues", root=project)
    assert catalogues.catalogue_path("ja", project).with_suffix(".mo").exists()


# --- The catalogue of the portal --------------------------------------------------------------------------------------


def test_there_is_a_catalogue_for_each_version_but_the_language_of_the_sources() -> None:
    assert sorted([*catalogues.LANGUAGES, "en"]) == sorted(version.code for version in VERSIONS)


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_the_catalogues_of_the_portal_are_complete_and_right(language: str) -> None:
    assert faults(language) == []


def test_the_check_needs_neither_settings_nor_database() -> None:
    bare = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-m", "clair_portal.language.catalogues", "--check"],
        cwd=catalogues.ROOT, env=bare, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.fixture(scope="module")
def in_japanese() -> None:
    """The compiled catalogue is that of the sources, also where nobody ran `make` before."""
    if compile_catalogues(catalogues.ROOT / "locale"):
        translation.trans_real._translations.clear()  # type: ignore[attr-defined]


WHO = {"ja": "岩倉 はる(小樽市)", "en": "Haru Iwakura (Otaru)"}
WITH = {
    "number": "R8-支-0412",
    "title": "地域交通の視察",
    "from": {"ja": "小樽市", "en": "Otaru"},
    "office": {"ja": "ロンドン事務所", "en": "London office"},
    "reason": "質問票を添えてください。",
    "name": "質問票.docx",
    "actor": WHO,
}


@pytest.mark.usefixtures("in_japanese")
@pytest.mark.parametrize(
    ("event", "japanese"),
    [
        ("offices.request.filed", "岩倉 はる(小樽市)が支援依頼R8-支-0412を提出しました。"),
        ("offices.request.passed_on", "岩倉 はる(小樽市)が本部に進達しました。"),
        ("offices.request.sent_back", "岩倉 はる(小樽市)が依頼元に差し戻しました。理由:質問票を添えてください。"),
        ("offices.request.referred", "岩倉 はる(小樽市)がロンドン事務所に対応を依頼しました。"),
        ("casework.file.added", "岩倉 はる(小樽市)が書類「質問票.docx」を追加しました。"),
    ],
)
def test_log_sentences_read_like_japanese(event: str, japanese: str) -> None:
    with translation.override("ja"):
        assert sentence(event, WHO, WITH) == japanese


@pytest.mark.usefixtures("in_japanese")
@pytest.mark.parametrize(
    ("event", "heading", "text"),
    [
        (
            "offices.request.filed",
            "支援依頼の提出:地域交通の視察",
            "小樽市が支援依頼R8-支-0412を提出しました。件名は「地域交通の視察」です。内容を確認してください。",
        ),
        (
            "offices.request.passed_on",
            "本部への進達:地域交通の視察",
            "支部が支援依頼R8-支-0412を本部に進達しました。本部で内容を確認します。",
        ),
        (
            "offices.request.sent_back",
            "支部からの差戻し:地域交通の視察",
            "支部が支援依頼R8-支-0412を差し戻しました。依頼元は、理由を確認し、内容を直して、もう一度提出してください。\n\n"
            "理由:質問票を添えてください。",
        ),
        (
            "offices.request.asked",
            "本部が追加情報を求めています:地域交通の視察",
            "支援依頼R8-支-0412について、本部が追加情報を求めています。依頼元は、次の内容にポータルで回答してください。\n\n"
            "質問票を添えてください。",
        ),
        (
            "offices.request.reported",
            "ロンドン事務所からの報告:地域交通の視察",
            "ロンドン事務所が支援依頼R8-支-0412の報告を送りました。内容を確認してください。",
        ),
    ],
)
def test_notices_read_like_japanese(event: str, heading: str, text: str) -> None:
    with translation.override("ja"):
        assert rendered(event, WITH) == (heading, text)
