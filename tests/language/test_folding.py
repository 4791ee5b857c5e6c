from __future__ import annotations

import pytest

from clair_portal.language.folding import (
    bigrams,
    fold,
    query_bigrams,
    query_key,
    romaji_key,
    search_key,
    to_ascii_digits,
    whole_number,
)
from clair_portal.language.variants import VARIANTS


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("ＯＴＳＵ", "otsu"),
        ("Ōtsu-shi", "otsushi"),
        ("O\u0304tsu", "otsu"),
        ("San’yō-Onoda", "sanyoonoda"),
        ("Ten'ei", "tenei"),
        ("Kyōto\u3000Shi", "kyotoshi"),
        ("カタカナ", "かたかな"),
        ("ﾘｭｳｶﾞｻｷ", "りゅうがさき"),
        ("か\u3099", "が"),
        ("サン・パウロ", "さんぱうろ"),
        ("センター", "せんたー"),
        ("São Paulo", "saopaulo"),
        ("Nîmes", "nimes"),
        ("Łódź", "lodz"),
        ("Tromsø", "tromso"),
        ("Đà Nẵng", "danang"),
        ("Straße", "strasse"),
        ("İzmir", "izmir"),
        ("㈱クレア", "(株)くれあ"),
        ("soft\u00adhyphen", "softhyphen"),
        ("葛\U000e0100城", "葛城"),
        ("русский", "русский"),
    ],
)
def test_one_spelling(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    "spellings",
    [
        ["龍ケ崎", "龍ヶ崎", "龍が崎", "竜ヶ崎", "龍ｹ崎", "龍ヶ﨑"],
        ["須恵町", "須惠町"],
        ["梼原町", "檮原町"],
        ["高崎", "髙崎", "髙﨑", "高﨑"],
        ["鰺ヶ沢", "鯵ケ沢", "鰺ヶ澤"],
        ["斉藤", "斎藤", "齋藤", "齊藤"],
        ["渡辺", "渡邊", "渡邉"],
        ["広島", "廣島", "廣嶋"],
        ["富山", "冨山"],
        ["芦屋", "蘆屋"],
    ],
)
def test_forms_of_one_name_fall_together(spellings: list[str]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("１２", 12), ("0012", 12), ("1", 1), ("9999", 9999), ("0", None), ("10000", None), ("0000019999999", None),
        ("9" * 5000, None), ("²", None), ("-1", None), ("1.5", None), ("", None),
    ],
)  # fmt: skip
def test_a_whole_number_lies_between_two_however_it_is_written(text: str, number: int | None) -> None:
    assert whole_number(text, 1, 9999) == number


def test_the_large_ke_is_read_ga_only_between_kanji() -> None:
    assert fold("龍ケ崎") == "竜が崎"
    assert fold("龍ケ") == "竜が"
    assert fold("介護ケア") == "介護けあ"
    assert fold("ケニア") == "けにあ"
    assert fold("届け出") == "届け出"


def test_the_table_of_variants_leads_nowhere_twice() -> None:
    assert not set(VARIANTS) & {ord(chosen) for chosen in VARIANTS.values()}


@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        ("mino", ["Minoh", "Minoo", "Mino", "Minō", "MINOH"]),
        ("otsu", ["Ohtsu", "Otsu", "Ōtsu", "Ootsu", "Outsu"]),
        ("gotenba", ["Gotemba", "Gotenba"]),
        ("kyotanba", ["Kyōtamba", "Kyotanba", "Kyoutanba"]),
        ("senboku", ["Semboku", "Senboku"]),
        ("gunma", ["Gumma", "Gunma"]),
        ("sanpei", ["Sampei", "Sanpei"]),
        ("suoshima", ["Suō-Ōshima", "Suooshima", "Suo-Oshima", "Suouohshima"]),
        ("tohoku", ["Tōhoku", "Touhoku", "Tohoku"]),
        ("ohara", ["Ohara"]),
        ("oyama", ["Ohyama", "Ōyama", "Oyama"]),
        ("yuki", ["Yūki", "Yuuki", "Yuki"]),
        ("nigata", ["Niigata", "Nigata"]),
        ("shinjuku", ["Shinjuku", "Sinzyuku"]),
        ("fukui", ["Fukui", "Hukui"]),
        ("chiba", ["Chiba", "Tiba"]),
        ("icchome", ["Itchome", "Icchōme", "Ittyome"]),
        ("shuchu", ["Shūchū", "Syutyu"]),
    ],
)
def test_romanised_spellings_fall_together(key: str, spellings: list[str]) -> None:
    assert [romaji_key(spelling) for spelling in spellings] == [key] * len(spellings)


def test_a_stored_key_holds_every_spelling_once() -> None:
    assert search_key("箕面市", "みのおし", "Minoo-shi", "Minoh") == "箕面市 みのおし minooshi minoshi minoh mino"
    assert search_key("大津市", "", "Otsu-shi", "Ōtsu-shi") == "大津市 otsushi"
    assert search_key() == ""


def test_what_to_look_for() -> None:
    assert query_key("Minoh") == ["minoh", "mino"]
    assert query_key("Ōtsu") == ["otsu"]
    assert query_key("龍ヶ崎") == ["竜が崎"]
    assert query_key(" - ") == []


@pytest.mark.parametrize(
    "query",
    ["箕面", "みのお", "ミノオ", "ﾐﾉｵ", "Minoh", "Minoo", "Mino", "Minō", "MINOH-SHI", "minoo shi", "Ｍｉｎｏｈ"],
)
def test_any_spelling_finds_the_city(query: str) -> None:
    stored = search_key("箕面市", "みのおし", "Minoo-shi", "Minoh")
    assert any(key in stored for key in query_key(query))


def test_digits_of_every_script_become_ascii() -> None:
    assert to_ascii_digits("０１１００２") == "011002"
    assert to_ascii_digits("၂၀၂၆年") == "2026年"
    assert to_ascii_digits("第３回 ②") == "第3回 ②"


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("JICA研修会", ["jica", "研修", "修会"]),
        ("第3回会議", ["第", "3", "回会", "会議"]),
        ("国際交流・姉妹都市", ["国際", "際交", "交流", "姉妹", "妹都", "都市"]),
        ("ﾃﾞｰﾀ データ", ["でー", "ーた"]),
        ("きゅうりと水", ["きゅ", "ゅう", "うり", "りと", "と水"]),
        ("水", ["水"]),
        ("San'yō 山", ["sanyo", "山"]),
        ("hello_world, Hello!", ["hello", "world"]),
        ("Việt Nam", ["viet", "nam"]),
        ("한국어 교육", ["한국", "국어", "교육"]),
        ("ไทย", ["ไท", "ทย"]),
        ("မြန်မာ။စာ", ["မြ", "ြန", "န်", "်မ", "မာ", "စာ"]),
        ("नेपाली भाषा।", ["नेपाली", "भाषा"]),
        ("佐々木", ["佐々", "々木"]),
    ],
)
def test_terms_of_a_text(text: str, terms: list[str]) -> None:
    assert bigrams(text) == terms


def test_a_single_character_of_a_query_may_stand_inside_a_longer_run() -> None:
    document = set(bigrams("令和第3回会議"))
    assert "第" not in document
    assert query_bigrams("第3回会議") == ["3", "回会", "会議"]
    assert set(query_bigrams("第3回会議")) <= document
    assert query_bigrams("水") == []
    assert query_bigrams("T 研修") == ["t", "研修"]
