"""Furigana: which reading stands over which characters, and where none may stand."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clair_portal.language.readings import standard, with_ruby, without_readings
from clair_portal.language.readings.aligning import hiragana
from clair_portal.network import place_names

JA = '<html lang="ja">'


def ruby(text: str) -> str:
    return with_ruby(JA + text).removeprefix(JA)


def test_kanji_carry_their_reading_and_kana_carry_none() -> None:
    assert ruby("<p>避難所で食べる</p>") == (
        "<p><ruby>避難所<rp>(</rp><rt>ひなんじょ</rt><rp>)</rp></ruby>で<ruby>食<rp>(</rp><rt>た</rt><rp>)</rp></ruby>べる</p>"
    )
    assert standard().readings("取り扱いとお問い合わせ") == [("取", "と"), ("扱", "あつか"), ("問", "と"), ("合", "あ")]


@pytest.mark.parametrize(
    "html",
    [
        "<title>避難所</title>",
        "<script>避難所 < 1</script>",
        "<style>.避難所 {}</style>",
        "<textarea>避難所</textarea>",
        '<p title="避難所"></p>',
        "<select><option>避難所</option></select>",
        "<svg><title>避難所</title><g><text>避難所</text></g></svg>",
        '<p lang="en">避難所 <b>避難所</b></p>',
        '<p lang="zh-hans">避难所</p>',
        '<p data-reading="off">避難所<br>避難所</p>',
        "<ruby>避難所<rp>(</rp><rt>ひなん</rt><rp>)</rp></ruby>",
        "<!-- 避難所 <p> -->",
        '<input value="避難所">',
    ],
)
def test_no_reading_where_none_belongs(html: str) -> None:
    assert ruby(html) == html


def test_after_such_an_element_readings_go_on() -> None:
    html = '<div lang="en"><div>駅</div>駅</div><img lang="en" alt="駅">駅'
    assert (
        ruby(html)
        == '<div lang="en"><div>駅</div>駅</div><img lang="en" alt="駅"><ruby>駅<rp>(</rp><rt>えき</rt><rp>)</rp></ruby>'
    )


def test_a_mark_in_the_text_wins_over_everything() -> None:
    assert ruby("{東雲|とううん}の{避難所|ヒナンショ}") == (
        "<ruby>東雲<rp>(</rp><rt>とううん</rt><rp>)</rp></ruby>の<ruby>避難所<rp>(</rp><rt>ひなんしょ</rt><rp>)</rp></ruby>"
    )


def test_marks_leave_no_trace_where_there_are_no_readings() -> None:
    assert without_readings("{避難所|ひなんじょ}を開設") == "避難所を開設"
    assert without_readings("a {b|c} | {name}") == "a {b|c} | {name}"
    assert (
        ruby('<title>{避難所|ひなんじょ}</title><p title="{避難所|ひなんじょ}">')
        == '<title>避難所</title><p title="避難所">'
    )
    assert with_ruby('<html lang="en"><p>{避難所|ひなんじょ}</p>') == '<html lang="en"><p>避難所</p>'
    assert ruby("<textarea>{避難所|ひなんじょ}</textarea>") == "<textarea>{避難所|ひなんじょ}</textarea>"


def test_plain_japanese_is_japanese_and_english_is_not() -> None:
    assert (
        with_ruby('<html lang="ja-simple"><p>駅')
        == '<html lang="ja-simple"><p><ruby>駅<rp>(</rp><rt>えき</rt><rp>)</rp></ruby>'
    )
    assert with_ruby('<html lang="en"><p lang="ja">駅') == '<html lang="en"><p lang="ja">駅'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026年4月1日", [("年", "ねん"), ("月", "がつ"), ("1日", "ついたち")]),
        ("11月20日", [("月", "がつ"), ("20日", "はつか")]),
        ("14日以内", [("14日", "じゅうよっか"), ("以内", "いない")]),
        ("21日間", [("日間", "にちかん")]),
        ("1日に3回", [("日", "にち"), ("回", "かい")]),
        ("一人で二人分", [("一人", "ひとり"), ("二人", "ふたり"), ("分", "ぶん")]),
        ("1人と3人", [("1人", "ひとり"), ("人", "にん")]),
        ("四人", [("四", "よ"), ("人", "にん")]),
        ("10分、5分、3分", [("分", "ぷん"), ("分", "ふん"), ("分", "ぷん")]),
        ("3階と4階", [("階", "がい"), ("階", "かい")]),
        ("3か月、20か国", [("月", "げつ"), ("国", "こく")]),
        ("二十三区", [("二十三", "にじゅうさん"), ("区", "く")]),
        ("1,741団体", [("団体", "だんたい")]),
        ("20日", [("20日", "はつか")]),
        ("四月", [("四", "し"), ("月", "がつ")]),
    ],
)
def test_numbers_are_read_with_what_they_count(text: str, expected: list[tuple[str, str]]) -> None:
    assert standard().readings(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("自治体国際化協会", "じちたいこくさいかきょうかい"),
        ("市立小学校", "しりつしょうがっこう"),
        ("姉妹都市提携", "しまいとしていけい"),
        ("在留資格", "ざいりゅうしかく"),
        ("龍ケ崎市", "りゅうがさきし"),
        ("占冠村", "しむかっぷむら"),
        ("札幌市中央区", "さっぽろしちゅうおうく"),
        ("富山県朝日町", "とやまけんあさひまち"),
        ("三重県朝日町", "みえけんあさひちょう"),
        ("神戸町", "ごうどちょう"),
        ("枚方市立病院", "ひらかたしりつびょういん"),
        ("匝瑳市", "そうさし"),
    ],
)
def test_set_terms_and_places_are_read_as_they_are_called(text: str, expected: str) -> None:
    assert "".join(reading for _text, reading in standard().readings(text)) == expected


def test_a_name_inside_a_longer_word_is_not_taken() -> None:
    assert standard().readings("第三次計画") == [("第", "だい"), ("三", "さん"), ("次", "じ"), ("計画", "けいかく")]


def test_corrections_win_over_the_word_list() -> None:
    words = standard().corrected({"避難所": "ひなんしょ", "東雲": "しののめ"})
    assert words.readings("避難所は東雲") == [("避難所", "ひなんしょ"), ("東雲", "しののめ")]
    assert standard().readings("避難所") == [("避難所", "ひなんじょ")]


def test_the_same_page_gives_the_same_bytes_in_every_thread() -> None:
    text, found = "市役所の窓口で在留資格の手続きを案内しています。" * 20, []
    threads = [threading.Thread(target=lambda: found.append(standard()._ruby(text))) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("避難所三1日人{}|かカ<>&;\"'=/ab ー々ヶ月\n"), max_size=60))
def test_readings_taken_away_again_leave_the_text_as_it_was(text: str) -> None:
    words = standard().ruby(text)
    plain = re.sub(r"</?ruby>|<rp>.</rp>|<rt>[^<]*</rt>", "", words)
    assert plain == without_readings(text)
    assert with_ruby(text) == with_ruby(text)


KNOWN = Path(__file__).with_name("known_readings.txt")
SENTENCES = [
    ("海外の方と、必要な方へ", "かいがいのかたと、ひつようなかたへ"),
    ("国際交流の方法と方針", "こくさいこうりゅうのほうほうとほうしん"),
    ("10月27日(火)から12月16日(水)まで", "10がつ27にち(か)から12がつ16にち(すい)まで"),
    ("第1版は他の事務所にも何も送りません", "だい1はんはほかのじむしょにもなにもおくりません"),
    ("数で見るネットワークと参加者数", "かずでみるネットワークとさんかしゃすう"),
    ("記号と絵文字", "きごうとえもじ"),
    ("日本人と日本語", "にほんじんとにほんご"),
    ("今日は大人が一人来ました", "きょうはおとながひとりきました"),
    ("市役所の窓口で転入届を出します", "しやくしょのまどぐちでてんにゅうとどけをだします"),
    ("十分な時間があっても、十分前に着きます", "じゅうぶんなじかんがあっても、じゅっぷんまえにつきます"),
    ("全体の3分の1、三分の二、10分の1", "ぜんたいの3ぶんの1、さんぶんのに、10ぶんの1"),
    ("15分の面談と5分の休憩", "15ふんのめんだんと5ふんのきゅうけい"),
    (
        "一日中、9月1日中に、日本中国友好協会",
        "いちにちじゅう、9がつついたちちゅうに、にほんちゅうごくゆうこうきょうかい",
    ),
    ("5,000万円の事業を1億2,000万人に", "5,000まんえんのじぎょうを1おく2,000まんにんに"),
    ("第一回の一回答、八件、六歳", "だいいっかいのいちかいとう、はっけん、ろくさい"),
    ("この版の行の数と日本語版の参加者数", "このはんのぎょうのかずとにほんごばんのさんかしゃすう"),
    ("まだ行っていません。避難所に行ってください", "まだおこなっていません。ひなんじょにいってください"),
    ("開始日と10月頃", "かいしびと10がつごろ"),
]


def read_aloud(text: str) -> str:
    return re.sub(r"<ruby>[^<]*<rp>.</rp><rt>([^<]*)</rt><rp>.</rp></ruby>", r"\1", standard().ruby(text))


def known() -> list[tuple[str, str]]:
    lines = KNOWN.read_text(encoding="utf-8").splitlines()
    return [
        (text, reading) for text, _space, reading in (line.rpartition(" ") for line in lines if line[:1] not in "#")
    ]


def test_words_a_person_has_checked_are_read_right() -> None:
    words = known()
    assert len(words) >= 800
    assert {text: read_aloud(text) for text, _reading in words} == dict(words)


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentences_are_read_as_people_say_them(text: str, expected: str) -> None:
    assert read_aloud(text) == expected


def test_every_municipality_and_ward_is_read_by_its_official_kana() -> None:
    """Names that are written alike and read differently (朝日町) stand behind their prefecture."""
    rows = [word for word in place_names.places() if not word.name_only]
    assert len(rows) > 3_400
    said = {word.text: hiragana(read_aloud(word.text)) for word in rows}
    assert [(word.text, said[word.text], word.reading) for word in rows if said[word.text] != word.reading] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{a|あ}{c|う}", "<ruby>a<rp>(</rp><rt>あ</rt><rp>)</rp></ruby><ruby>c<rp>(</rp><rt>う</rt><rp>)</rp></ruby>"),
        ("{&lt;script&gt;|す}", "<ruby>&lt;script&gt;<rp>(</rp><rt>す</rt><rp>)</rp></ruby>"),
        ("{a|&lt;b&gt;}", "{a|&lt;b&gt;}"),
        ("{a|b}", "{a|b}"),
        ("{half|", "{half|"),
        ("{no reading}", "{no reading}"),
        ("{a|b|c}", "{a|b|c}"),
    ],
)
def test_what_is_no_mark_stays_as_it_was_typed_and_nothing_typed_becomes_a_tag(text: str, shown: str) -> None:
    assert ruby(f"<p>{text}</p>") == f"<p>{shown}</p>"
