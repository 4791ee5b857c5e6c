"""What the check of plain Japanese says, where, and in which language."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from clair_portal.language import plain
from clair_portal.language.management.commands import check_plain_japanese


def found(text: str) -> list[tuple[str, str]]:
    return [(each.rule, each.found) for each in plain.findings(text)]


@pytest.mark.parametrize(
    ("text", "rule", "part"),
    [
        ("3月1日までに書類を提出してください。", "PJ01", "提出"),
        ("ご了承ください。", "PJ01", "ご了承"),
        ("カードをお持ちの方は窓口に来ていただきますようお願いします。", "PJ01", "いただきますよう"),
        ("ガラスが割られました。", "PJ02", "れ"),
        ("地震でビルがぐらぐらします。", "PJ06", "ぐらぐら"),
        ("令和8年に始まります。", "PJ07", "令和8年"),
        ("2026/4/1に来てください。", "PJ07", "2026/4/1"),
        ("14:30に来てください。", "PJ07", "14:30"),
        ("内容の確認を行います。", "PJ08", "確認を行い"),
        ("津波が来るおそれがあります。", "PJ09", "おそれがあります"),
        ("お金を払わなければなりません。", "PJ10", "なければなりません"),
        ("使えないわけではありません。", "PJ10", "ないわけではありません"),
        ("学校は休みである。", "PJ11", "。"),
        ("トリアージをします。", "PJ12", "トリアージ"),
    ],
)
def test_each_rule_finds_its_place(text: str, rule: str, part: str) -> None:
    assert (rule, part) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "地震です。すぐに 高い ところに にげてください。",
        "市役所に 行って ください。お金は いりません。",
        "2026年4月1日、午後2時30分から 始まります。",
        "日本語が わからない 人は 電話で 聞いて ください。",
    ],
)
def test_plain_sentences_have_no_finding(text: str) -> None:
    assert found(text) == []


def test_length_of_a_sentence_is_a_warning_from_41_and_an_error_from_61_characters() -> None:
    severities = [
        [each.severity for each in plain.findings("あ" * (length - 1) + "。") if each.rule == "PJ02"]
        for length in (40, 41, 60, 61)
    ]
    assert severities == [[], ["warning"], ["warning"], ["error"]]


def test_places_are_those_of_the_text_with_its_marks() -> None:
    text = "{避難所|ひなんじょ}で名前を記入します。"
    [finding] = [each for each in plain.findings(text) if each.rule == "PJ01"]
    assert text[finding.start : finding.end] == "記入"
    assert finding.start == 15


def test_sentences_are_in_the_language_of_the_editor() -> None:
    [finding] = [each for each in plain.findings("名前を記入します。") if each.rule == "PJ01"]
    with translation.override("en"):
        assert str(finding.message) == "Hard word. Easier: 書く"
    with translation.override("ja"):
        assert str(finding.message) == "難しい言葉です。やさしい言い方:書く"


def test_an_unreadable_word_is_an_error_and_a_mark_heals_it() -> None:
    assert [(each.rule, each.severity, each.found) for each in plain.findings("龘です。")] == [("PJ05", "error", "龘")]
    assert found("{龘|とう}です。") == []


def test_much_kanji_is_said_once() -> None:
    text = "外国人住民支援情報提供事業実施要綱参照です。"
    assert [each.severity for each in plain.findings(text) if each.rule == "PJ05"] == ["warning"]


@pytest.mark.parametrize("text", ["", " ", "\n", "😀", "{|}", "<b>&amp;</b>", "ー" * 3000, "。。。"])
def test_nothing_breaks_the_check(text: str) -> None:
    plain.findings(text)


def test_the_catalogue_of_plain_japanese_has_no_error() -> None:
    call_command("check_plain_japanese", stdout=StringIO())
    for text in check_plain_japanese.translations():
        assert "{" not in text or "|" not in text
