"""What the checks say about one sentence, and which terms they find."""

from __future__ import annotations

import pytest
from django.utils import translation

from clair_portal.publishing.content import glossary
from clair_portal.publishing.content.checks import remarks
from clair_portal.publishing.models import Term

MY = "လျှောက်လွှာများကို ၂၀၂၇ ခုနှစ် မေလ ၁ ရက်မှ လက်ခံပါမည်။"


def said(source: str, target: str, language: str = "en", source_language: str = "ja") -> list[tuple[str, bool]]:
    found = remarks(source, target, source_language=source_language, language=language)
    return [(each.code, each.blocks) for each in found]


@pytest.mark.parametrize(
    ("source", "target", "language", "found"),
    [
        ("定員は20名です。", "There are 20 places.", "en", []),
        ("定員は２０名です。", "There are 30 places.", "en", [("number", False)]),
        ("2027年5月1日から受け付けます。", MY, "my", []),
        ("費用は1,234円です。", "Biayanya 1.234 yen.", "id", []),
        ("{name}さん、こんにちは。", "Hello {nome}!", "en", [("placeholder", True), ("placeholder", True)]),
        ("こんにちは、よい一日を。", "Hello {name}, have a nice day.", "en", [("placeholder", True)]),
        ("詳しくは[こちら](https://example.jp/a)へ。", "See [here](https://example.jp/b).", "en", [("link", True), ("link", True)]),
        ("詳しくは https://example.jp/a をご覧ください。", "Please have a look at https://example.jp/a.", "en", []),
        ("費用は無料です。", "", "en", [("empty", True)]),
        ("費用は無料です。", "費用は無料です。", "en", [("script", True), ("copy", False)]),
        ("費用は無料です。", "It costs nothing", "th", [("script", False)]),
        ("費用は無料です。", "Это бесплатно.", "th", [("script", True)]),
        ("費用は無料です。", "费用は免费です", "zh-hans", [("kana", False)]),
        ("{避難所|ひなんじょ}へ行く。", "Go to the shelter.", "en", []),
        ("支部に電話で連絡してから申し込んでください。", "Call.", "en", [("length", False)]),
    ],
)  # fmt: skip
def test_checks_say_what_is_wrong(source: str, target: str, language: str, found: list[tuple[str, bool]]) -> None:
    assert said(source, target, language) == found


@pytest.mark.parametrize(
    ("source", "target", "sentence"),
    [
        ("{name}さん、こんにちは。", "Hello!", "プレースホルダー{name}がありません。ページでは値に置き換わりますので、一字も変えずに写してください。"),
        ("[こちら](/contact/)へ。", "Come here.", "リンク/contact/がありません。アドレスは原文のまま残してください。"),
        ("費用は無料です。", "Это бесплатно.", "タイ語の文字で書かれていません。"),
        ("定員は20名です。", "มี 30 ที่นั่งค่ะ", "数字が違います。原文だけにあるもの:20、訳文だけにあるもの:30。"),
    ],
)  # fmt: skip
def test_each_sentence_says_what_to_do(source: str, target: str, sentence: str) -> None:
    with translation.override("ja"):
        found = remarks(source, target, source_language="ja", language="th" if "ี" in target or "Э" in target else "en")
    assert sentence in [each.text for each in found]


@pytest.mark.parametrize(
    ("target", "language", "found"),
    [
        ("名前を記入します。紙にも記入します。", "ja-simple", [("plain:PJ01:記入", "「記入」:難しい言葉です。やさしい言い方:書く")]),
        ("龘です。{龘|たつ}です。", "ja-simple", [("plain:PJ05:龘", "「龘」:読みが分かりません。読みを書いてください:{龘|かな}")]),
        ("名前を書きます。", "ja-simple", []),
        ("名前を記入します。", "ja", []),
    ],
)  # fmt: skip
def test_plain_japanese_that_is_hard_to_read_is_a_warning(
    target: str, language: str, found: list[tuple[str, str]]
) -> None:
    with translation.override("ja"):
        said_of_it = remarks("氏名", target, source_language="ja", language=language)
    assert [(each.code, each.text) for each in said_of_it] == found
    assert not any(each.blocks for each in said_of_it)


TERMS = [
    Term(ja="国際交流", words={"en": "international exchange"}),
    Term(ja="国際交流員", words={"en": "CIR / Coordinator for International Relations"}),
    Term(ja="支部", words={"en": "branch"}),
]


def test_terms_are_found_without_spaces_and_the_longest_counts() -> None:
    assert [term.ja for term in glossary.found_in("各支部の国際交流員が国際交流を担当する。", "ja", TERMS)] == [
        "支部",
        "国際交流員",
        "国際交流",
    ]
    assert [term.ja for term in glossary.found_in("{国際交流員|こくさいこうりゅういん}です", "ja", TERMS)] == [
        "国際交流員"
    ]
    assert [term.ja for term in glossary.found_in("The branches; a branch.", "en", TERMS)] == ["支部"]


def test_a_term_that_is_not_there_is_a_warning() -> None:
    found = glossary.missing("支部の国際交流員", "The chapter's cir", source_language="ja", language="en", terms=TERMS)
    assert [(each.code, each.text, each.blocks) for each in found] == [
        ("term:支部", "The glossary has “branch” for “支部”.", False)
    ]


@pytest.mark.django_db
def test_the_glossary_is_loaded_once_with_its_sources() -> None:
    assert glossary.load() == "142 terms added"
    assert glossary.load() == "0 terms added"
    term = Term.objects.get(ja="所管国")
    assert (term.words, term.source) == ({"en": "jurisdiction"}, "glossary of official terms")
